"""A Seam workspace, and how this program reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.credential import CredentialKind


class WorkspaceKind(StrEnum):
    PRODUCTION = "production"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What ``/workspaces/get`` says of a workspace (source: contract schema ``workspace``)."""

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
    """A workspace that the user connected: everything but the secret.

    ``connection_id`` (UUID text) names the secret in the keyring; ``label`` is the user's own
    name for it.
    """

    connection_id: str
    label: str
    endpoint: str
    credential_kind: CredentialKind
    workspace: Workspace
