"""Connecting workspaces, switching between them and letting them go."""

from __future__ import annotations

import uuid
from dataclasses import replace

from seam_portal_desktop.domain.credential import Credential
from seam_portal_desktop.domain.errors import InvalidRequestError, SecretStoreError
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.ports import GatewayFactory, Preferences, SeamGateway
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.services.credentials import CredentialVault


class WorkspaceService:
    """The connected workspaces. `data` is the one in-memory copy of the preferences; `policy` is
    what the organisation allows."""

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
        """Ids of the connections that end with this run."""
        return self._vault.session_only

    async def check(self, endpoint: str, credential: Credential) -> Workspace:
        """Ask Seam whose credential this is. Saves nothing.

        Raises SeamError, or PolicyRefusedError before anything is asked.
        """
        self.policy.check_endpoint(endpoint)
        gateway = self._create_gateway(endpoint, credential)
        try:
            workspace = await gateway.get_workspace()
        finally:
            await gateway.aclose()
        if credential.workspace_id and credential.workspace_id != workspace.workspace_id:
            raise InvalidRequestError(
                "Seam answered for another workspace.",
                "Check the workspace id: the token opened a different one.",
                fields={"workspace_id": ("This is not the workspace that answered.",)},
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
        """Keep a checked workspace and make it the current one.

        A workspace that is connected already (same id, same endpoint) is replaced, not doubled;
        but one that lasts is never replaced by one that ends with this run.
        Raises SecretStoreError when the keyring can't take the credential: nothing is connected
        then. Raises UserFacingError when the preferences can't be written: the workspace is
        connected until the program ends.
        """
        same = [
            known
            for known in self._data.connections
            if known.workspace.workspace_id == workspace.workspace_id
            and known.endpoint == endpoint
            and (not for_this_run_only or known.connection_id in self.session_only)
        ]
        connection = WorkspaceConnection(
            connection_id=same[0].connection_id if same else str(uuid.uuid4()),
            label=label.strip() or workspace.name,
            endpoint=endpoint,
            credential_kind=credential.kind,
            workspace=workspace,
        )
        if for_this_run_only:
            self._vault.keep_for_this_run(connection.connection_id, credential.secret)
        else:
            await self._vault.keep(connection.connection_id, credential.secret)
        await self._drop_gateway(connection.connection_id)
        connections = [known for known in self._data.connections if known not in same]
        await self._store([*connections, connection], connection.connection_id)
        return connection

    async def switch(self, connection_id: str) -> None:
        if self._find(connection_id) is not None:
            await self._store(self._data.connections, connection_id)

    async def remove(self, connection_id: str) -> SecretStoreError | None:
        """Forget a workspace and its credential; its rows stay in the ledger.

        Returns the keyring's error when the credential couldn't be erased there: the workspace is
        gone from the program all the same, and the user is told what stayed behind.
        """
        problem: SecretStoreError | None = None
        try:
            await self._vault.forget(connection_id)
        except SecretStoreError as error:
            problem = error
        await self._drop_gateway(connection_id)
        rest = [known for known in self._data.connections if known.connection_id != connection_id]
        current = self._data.current_connection_id
        if current == connection_id:
            current = rest[0].connection_id if rest else None
        await self._store(rest, current)
        return problem

    async def gateway(self, connection: WorkspaceConnection) -> SeamGateway:
        """The connection's gateway, made on first use.

        Raises SecretStoreError, or PolicyRefusedError when the organisation doesn't allow the
        endpoint, however long the workspace has been connected.
        """
        self.policy.check_endpoint(connection.endpoint)
        if connection.connection_id not in self._gateways:
            credential = await self._vault.credential_of(connection)
            self._gateways.setdefault(
                connection.connection_id, self._create_gateway(connection.endpoint, credential)
            )
        return self._gateways[connection.connection_id]

    async def save(self) -> None:
        """Write the preferences, but for what ends with this run. Raises UserFacingError."""
        lasting = [
            known
            for known in self._data.connections
            if known.connection_id not in self._vault.session_only
        ]
        current = self._data.current_connection_id
        if all(known.connection_id != current for known in lasting):
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

    async def _store(self, connections: list[WorkspaceConnection], current: str | None) -> None:
        self._data.connections = list(connections)
        self._data.current_connection_id = current
        await self.save()

    async def _drop_gateway(self, connection_id: str) -> None:
        gateway = self._gateways.pop(connection_id, None)
        if gateway is not None:
            await gateway.aclose()
