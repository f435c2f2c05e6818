"""A Seam workspace and the user's connection to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.credential import CredentialKind

SEAM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""An id that Seam gave to a workspace, a profile or a session: a UUID."""


class WorkspaceKind(StrEnum):
    PRODUCTION = "production"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as ``/workspaces/get`` gives it (source: contract schema ``workspace``)."""

    workspace_id: str
    name: str
    company_name: str
    is_sandbox: bool
    is_suspended: bool = False

    @property
    def kind(self) -> WorkspaceKind:
        return WorkspaceKind.SANDBOX if self.is_sandbox else WorkspaceKind.PRODUCTION


@dataclass(frozen=True, slots=True)
class WorkspaceConnection:
    """A connected workspace, without its secret.

    ``connection_id`` (UUID text) names the secret in the keyring. ``label`` is the user's own
    name for the connection.
    """

    connection_id: str
    label: str
    endpoint: str
    credential_kind: CredentialKind
    workspace: Workspace
