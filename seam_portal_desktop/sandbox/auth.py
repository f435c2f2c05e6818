"""The sandbox's credentials: one API key and one personal access token for one workspace."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from seam_portal_desktop.sandbox.errors import ApiError


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials of one run of the sandbox; each run makes new ones."""

    workspace_id: str
    api_key: str = field(
        repr=False, default_factory=lambda: f"seam_sandboxkey_{secrets.token_urlsafe(24)}"
    )
    personal_access_token: str = field(
        repr=False, default_factory=lambda: f"seam_at1_sandbox_{secrets.token_urlsafe(24)}"
    )

    def check(self, headers: Mapping[str, str], security: frozenset[str]) -> None:
        """Raise a 401 ApiError unless `headers` satisfy one of the route's security schemes.

        An API key needs no other header. A personal access token needs ``seam-workspace``; on a
        route without a workspace the header may be missing, but not wrong.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise _unauthorized("Send an API key as 'Authorization: Bearer <key>'.")
        if "api_key" in security and is_same_secret(token, self.api_key):
            return
        if not is_same_secret(token, self.personal_access_token):
            raise _unauthorized("This credential is not known here.")
        workspace_id = headers.get("seam-workspace")
        if workspace_id is None:
            if "pat_without_workspace" in security:
                return
            raise _unauthorized("A personal access token needs the header 'seam-workspace'.")
        if not is_same_secret(workspace_id, self.workspace_id):
            raise _unauthorized("This personal access token doesn't open that workspace.")


def is_same_secret(given: str, expected: str) -> bool:
    """Compare in constant time, so that the time doesn't show how much of `given` is right."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _unauthorized(message: str) -> ApiError:
    return ApiError(401, "unauthorized", message)
