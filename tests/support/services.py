"""Fakes and data for the tests of the services."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.endpoint import DEFAULT_ENDPOINT
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.services.portal.creation import CreationService
from seam_portal_desktop.services.portal.records import PortalService
from tests.support.fake_gateway import FAKE_WORKSPACE, FakeGateway

KEY = Credential(CredentialKind.API_KEY, Secret("seam_test_not_a_real_key"))
REQUEST = PortalRequest(customer_data=CustomerData(customer_key="harbor-hotel"), read_only=True)
CONNECTION = WorkspaceConnection(
    "c1", "Acme", DEFAULT_ENDPOINT, CredentialKind.API_KEY, FAKE_WORKSPACE
)
FULL_LEDGER = LedgerError(
    "The ledger could not be written.", "The disk is full.", technical="ENOSPC"
)


def portal_service(ledger: Ledger, creation: CreationService, clock: Clock) -> PortalService:
    """One whose preferences are written nowhere."""

    async def save() -> None:
        pass

    return PortalService(
        ledger, creation, clock, "dana", data=PreferencesData(), save_preferences=save
    )


async def rows(portals: PortalService) -> tuple[PortalRecord, ...]:
    return (await portals.find(PortalQuery(FAKE_WORKSPACE.workspace_id))).rows


async def only_row(portals: PortalService) -> PortalRecord:
    (row,) = await rows(portals)
    return row


class CountingStore(SessionSecretStore):
    """A keyring that records its calls in `asked`, and raises `error` if it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.error: UserFacingError | None = None

    async def get(self, name: str) -> Secret | None:
        self._enter("get", name)
        return await super().get(name)

    async def set(self, name: str, secret: Secret) -> None:
        self._enter("set", name)
        await super().set(name, secret)

    async def delete(self, name: str) -> None:
        self._enter("delete", name)
        await super().delete(name)

    def names(self) -> set[str]:
        return set(self._secrets)

    def _enter(self, what: str, name: str) -> None:
        self.asked.append((what, name))
        if self.error is not None:
            raise self.error


class MemoryPreferences:
    """The Preferences port; ``saved`` is the content of the file."""

    notice = None

    def __init__(self) -> None:
        self.saved = PreferencesData()
        self.error: UserFacingError | None = None

    def load(self) -> PreferencesData:
        return deepcopy(self.saved)

    async def save(self, data: PreferencesData) -> None:
        if self.error is not None:
            raise self.error
        self.saved = deepcopy(data)


class GatewayMaker:
    """A GatewayFactory. ``made`` are its gateways; each one gets the current `workspace`."""

    def __init__(self) -> None:
        self.made: list[FakeGateway] = []
        self.endpoints: list[str] = []
        self.workspace: Workspace = FAKE_WORKSPACE
        self.prepare: Callable[[FakeGateway], None] = lambda _gateway: None

    def __call__(self, endpoint: str, credential: Credential) -> FakeGateway:
        gateway = FakeGateway(workspace=self.workspace, credential=credential)
        self.prepare(gateway)
        self.made.append(gateway)
        self.endpoints.append(endpoint)
        return gateway
