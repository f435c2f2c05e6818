"""The connected workspaces and their credentials."""

from __future__ import annotations

import uuid
from dataclasses import replace

from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import (
    InvalidRequestError,
    SecretStoreError,
    UserFacingError,
)
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.ports import GatewayFactory, Preferences, SeamGateway, SecretStore
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.texts import _


class CredentialMissingError(UserFacingError):
    """The keyring works but has no credential for this workspace."""


class CredentialVault:
    """Credentials in the keyring, each read once in a run, or for this run only."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._secrets: dict[str, Secret] = {}
        self._session_only: set[str] = set()

    @property
    def session_only(self) -> frozenset[str]:
        """The connection_ids whose credential is only in memory, for this run."""
        return frozenset(self._session_only)

    async def credential_of(self, connection: WorkspaceConnection) -> Credential:
        """Raises SecretStoreError, or CredentialMissingError if the keyring doesn't have it."""
        secret = self._secrets.get(connection.connection_id)
        if secret is None:
            secret = await self._store.get(_entry_name(connection.connection_id))
            if secret is None:
                raise CredentialMissingError(
                    _("The credential for {connection} is no longer in the keyring.").format(
                        connection=connection.label
                    ),
                    _("Connect the workspace again. The portals in the table stay."),
                )
            self._secrets[connection.connection_id] = secret
        needs_workspace = connection.credential_kind is CredentialKind.PERSONAL_ACCESS_TOKEN
        return Credential(
            connection.credential_kind,
            secret,
            connection.workspace.workspace_id if needs_workspace else None,
        )

    async def save(self, connection_id: str, secret: Secret) -> None:
        """Raises SecretStoreError; nothing is saved then."""
        await self._store.set(_entry_name(connection_id), secret)
        self._secrets[connection_id] = secret
        self._session_only.discard(connection_id)

    def set_for_this_run(self, connection_id: str, secret: Secret) -> None:
        self._secrets[connection_id] = secret
        self._session_only.add(connection_id)

    async def delete(self, connection_id: str) -> None:
        """Delete it in memory and in the keyring. Raises SecretStoreError."""
        self._secrets.pop(connection_id, None)
        if connection_id in self._session_only:
            self._session_only.discard(connection_id)
        else:
            await self._store.delete(_entry_name(connection_id))


def _entry_name(connection_id: str) -> str:
    return f"credential/{connection_id}"


class WorkspaceService:
    """Connects, switches and removes workspaces, and makes their gateways.

    `data` is the one in-memory copy of the preferences.
    """

    def __init__(
        self,
        preferences: Preferences,
        data: PreferencesData,
        vault: CredentialVault,
        create_gateway: GatewayFactory,
        *,
        policy: Policy = UNMANAGED,
    ) -> None:
        self.policy = policy
        self._preferences = preferences
        self._data = data
        self._vault = vault
        self._create_gateway = create_gateway
        self._gateways: dict[str, SeamGateway] = {}

    @property
    def connections(self) -> list[WorkspaceConnection]:
        return list(self._data.connections)

    @property
    def current(self) -> WorkspaceConnection | None:
        return self._find(self._data.current_connection_id)

    @property
    def session_only(self) -> frozenset[str]:
        """The connection_ids whose credential is only in memory."""
        return self._vault.session_only

    async def check(self, endpoint: str, credential: Credential) -> Workspace:
        """The workspace of a credential, from Seam. Saves nothing.

        Raises SeamError, or PolicyRefusedError before the call.
        """
        self.policy.check_endpoint(endpoint)
        gateway = self._create_gateway(endpoint, credential)
        try:
            workspace = await gateway.get_workspace()
        finally:
            await gateway.aclose()
        if credential.workspace_id and credential.workspace_id != workspace.workspace_id:
            raise InvalidRequestError(
                _("Seam answered for another workspace."),
                _("Check the workspace id: the token opened a different one."),
                fields={"workspace_id": (_("This is not the workspace that answered."),)},
            )
        return workspace

    async def connect(
        self,
        label: str,
        endpoint: str,
        credential: Credential,
        workspace: Workspace,
        *,
        for_this_run_only: bool = False,
    ) -> WorkspaceConnection:
        """Save a checked workspace and make it the current one.

        A connection with the same workspace and endpoint is replaced, but a saved one is never
        replaced by one for this run only. Raises SecretStoreError if the keyring refuses the
        credential; nothing is connected then. Raises UserFacingError if the preferences can't be
        written; the workspace is connected until the program ends then.
        """
        same = [
            each
            for each in self._data.connections
            if each.workspace.workspace_id == workspace.workspace_id
            and each.endpoint == endpoint
            and (not for_this_run_only or each.connection_id in self.session_only)
        ]
        connection = WorkspaceConnection(
            connection_id=same[0].connection_id if same else str(uuid.uuid4()),
            label=label.strip() or workspace.name,
            endpoint=endpoint,
            credential_kind=credential.kind,
            workspace=workspace,
        )
        if for_this_run_only:
            self._vault.set_for_this_run(connection.connection_id, credential.secret)
        else:
            await self._vault.save(connection.connection_id, credential.secret)
        await self._drop_gateway(connection.connection_id)
        connections = [each for each in self._data.connections if each not in same]
        await self._set_connections([*connections, connection], connection.connection_id)
        return connection

    async def switch(self, connection_id: str) -> None:
        if self._find(connection_id) is not None:
            await self._set_connections(self._data.connections, connection_id)

    async def remove(self, connection_id: str) -> SecretStoreError | None:
        """Remove a workspace and its credential. Its rows stay in the ledger.

        The workspace is removed even if the keyring can't delete the credential. The keyring's
        error is returned then, so that the user can be informed.
        """
        problem: SecretStoreError | None = None
        try:
            await self._vault.delete(connection_id)
        except SecretStoreError as error:
            problem = error
        await self._drop_gateway(connection_id)
        rest = [each for each in self._data.connections if each.connection_id != connection_id]
        current = self._data.current_connection_id
        if current == connection_id:
            current = rest[0].connection_id if rest else None
        await self._set_connections(rest, current)
        return problem

    async def gateway(self, connection: WorkspaceConnection) -> SeamGateway:
        """The connection's gateway, made on first use.

        Raises SecretStoreError, or PolicyRefusedError if the policy doesn't allow the endpoint
        now.
        """
        self.policy.check_endpoint(connection.endpoint)
        if connection.connection_id not in self._gateways:
            credential = await self._vault.credential_of(connection)
            self._gateways.setdefault(
                connection.connection_id, self._create_gateway(connection.endpoint, credential)
            )
        return self._gateways[connection.connection_id]

    async def save(self) -> None:
        """Write the preferences without workspaces for this run only. Raises UserFacingError."""
        lasting = [
            each
            for each in self._data.connections
            if each.connection_id not in self._vault.session_only
        ]
        current = self._data.current_connection_id
        if all(each.connection_id != current for each in lasting):
            current = lasting[0].connection_id if lasting else None
        await self._preferences.save(
            replace(self._data, connections=lasting, current_connection_id=current)
        )

    async def aclose(self) -> None:
        for connection_id in list(self._gateways):
            await self._drop_gateway(connection_id)

    def _find(self, connection_id: str | None) -> WorkspaceConnection | None:
        for connection in self._data.connections:
            if connection.connection_id == connection_id:
                return connection
        return None

    async def _set_connections(
        self, connections: list[WorkspaceConnection], current: str | None
    ) -> None:
        self._data.connections = list(connections)
        self._data.current_connection_id = current
        await self.save()

    async def _drop_gateway(self, connection_id: str) -> None:
        gateway = self._gateways.pop(connection_id, None)
        if gateway is not None:
            await gateway.aclose()
