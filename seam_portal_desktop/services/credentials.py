"""Credentials of connected workspaces: kept in the keyring, or for this run only."""

from __future__ import annotations

from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import SecretStore
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection


class CredentialMissingError(UserFacingError):
    """The keyring answers but no longer holds this workspace's credential."""


class CredentialVault:
    """Looks credentials up by connection. The keyring is asked once for each and run."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._known: dict[str, Secret] = {}
        self._session_only: set[str] = set()

    @property
    def session_only(self) -> frozenset[str]:
        """Ids of the connections whose credential ends with this run."""
        return frozenset(self._session_only)

    async def credential_of(self, connection: WorkspaceConnection) -> Credential:
        """Raises SecretStoreError, or CredentialMissingError when the keyring has forgotten it."""
        secret = self._known.get(connection.connection_id)
        if secret is None:
            secret = await self._store.get(_entry(connection.connection_id))
            if secret is None:
                raise CredentialMissingError(
                    f"The credential for {connection.label} is no longer in the keyring.",
                    "Connect the workspace again. The portals in the table stay.",
                )
            self._known[connection.connection_id] = secret
        needs_workspace = connection.credential_kind is CredentialKind.PERSONAL_ACCESS_TOKEN
        return Credential(
            connection.credential_kind,
            secret,
            connection.workspace.workspace_id if needs_workspace else None,
        )

    async def keep(self, connection_id: str, secret: Secret) -> None:
        """Save it in the keyring. Raises SecretStoreError; nothing is kept then."""
        await self._store.set(_entry(connection_id), secret)
        self._known[connection_id] = secret
        self._session_only.discard(connection_id)

    def keep_for_this_run(self, connection_id: str, secret: Secret) -> None:
        self._known[connection_id] = secret
        self._session_only.add(connection_id)

    async def forget(self, connection_id: str) -> None:
        """Forget it here and in the keyring. Raises SecretStoreError when the keyring refuses."""
        self._known.pop(connection_id, None)
        if connection_id in self._session_only:
            self._session_only.discard(connection_id)
        else:
            await self._store.delete(_entry(connection_id))


def _entry(connection_id: str) -> str:
    return f"credential/{connection_id}"
