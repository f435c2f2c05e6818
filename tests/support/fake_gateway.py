"""A SeamGateway in memory.

tests/adapters/seam/test_gateway_contract.py tests it together with the real one.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.credential import Credential
from seam_portal_desktop.domain.errors import NetworkError, NotFoundError
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.portal.record import LINK_LIFETIME, CustomerPortal
from seam_portal_desktop.domain.ports import ClientSession, CreatedDeepLink, CreatedPortal
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace

FAKE_NOW = datetime(2025, 11, 12, 9, 14, tzinfo=UTC)

FAKE_WORKSPACE = Workspace(
    workspace_id="11111111-2222-4333-8444-555555555555",
    name="Acme Stays",
    company_name="Acme",
    is_sandbox=True,
)

FAKE_PROFILE = CustomizationProfile(
    customization_profile_id="44444444-2222-4333-8444-555555555555",
    name="Harbor Hotel",
    logo_url="https://portal.example/logo.svg",
    primary_color="#1a58ad",
)

FAKE_PROVIDER = DeviceProvider(name="salto_ks", display_name="Salto KS")


class FakeGateway:
    """Tests set its failures and waits by method: ``fail("create_portal", error)``, ``hold(…)``.

    ``created`` are the requests that took effect, in order. ``calls`` are the names of the called
    methods, in order. ``answers_for`` replaces fields in the answers of create_portal.
    """

    def __init__(
        self,
        *,
        workspace: Workspace = FAKE_WORKSPACE,
        clock: Clock = lambda: FAKE_NOW,
        credential: Credential | None = None,
    ) -> None:
        self.workspace = workspace
        self.credential = credential
        self.calls: list[str] = []
        self.created: list[PortalRequest] = []
        self.opened: list[str] = []
        self.revoked: list[str] = []
        self.deep_links: list[tuple[str, str]] = []
        self.pushed: list[CustomerData] = []
        self.deleted: list[DeletedKeys] = []
        self.sessions: list[ClientSession] = []
        self.customer_keys: list[str] = ["harbor-hotel", "casa-verde", "old-mill"]
        self.page_size = 500
        self.searches: list[str] = []
        self.profiles = [FAKE_PROFILE]
        self.answers_for: dict[str, str | None] = {}
        self.providers = [FAKE_PROVIDER]
        self.without_spaces: set[str] = set()
        self.without_devices: set[str] = set()
        self.closed = False
        self._clock = clock
        self._failures: defaultdict[str, deque[Exception]] = defaultdict(deque)
        self._holds: dict[str, asyncio.Event] = {}

    def fail(self, method: str, *errors: Exception) -> None:
        """Let the next calls of `method` raise these, one each."""
        self._failures[method].extend(errors)

    @contextmanager
    def hold(self, method: str):
        """Calls of `method` wait inside until the block is left or the given event is set."""
        gate = self._holds[method] = asyncio.Event()
        try:
            yield gate
        finally:
            gate.set()
            del self._holds[method]

    async def get_workspace(self) -> Workspace:
        await self._enter("get_workspace")
        return self.workspace

    async def create_portal(self, request: PortalRequest) -> CreatedPortal:
        await self._enter("create_portal")
        self.created.append(request)
        number = len(self.created)
        now = self._clock()
        token = Secret(f"seam_cst_not_a_real_token_{number}")
        portal = CustomerPortal(
            url=Secret(f"https://portal.example/portals/{number}?token={token.reveal()}"),
            customer_key=request.customer_key or f"customer-{number}",
            workspace_id=self.workspace.workspace_id,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
        portal = replace(portal, **self.answers_for)
        self.sessions.append(
            ClientSession(
                client_session_id=f"session-{number}",
                token=token,
                customer_key=portal.customer_key,
                created_at=now,
                expires_at=portal.expires_at,
            )
        )
        return CreatedPortal(portal, f"request-{number}")

    async def open_portal(self, customer_key: str) -> CreatedPortal:
        await self._enter("open_portal")
        self.opened.append(customer_key)
        number = len(self.opened)
        created_at = self._clock() - timedelta(days=2)
        return CreatedPortal(
            CustomerPortal(
                url=Secret(f"https://portal.example/open/{number}?token=seam_cst_not_a_real_open"),
                customer_key=customer_key,
                workspace_id=self.workspace.workspace_id,
                created_at=created_at,
                expires_at=created_at + LINK_LIFETIME,
            ),
            f"request-open-{number}",
        )

    async def list_client_sessions(
        self,
        client_session_id: str | None = None,
        *,
        keep: Callable[[ClientSession], bool] | None = None,
    ) -> Sequence[ClientSession]:
        await self._enter("list_client_sessions")
        wanted = client_session_id
        found = [each for each in self.sessions if wanted in (None, each.client_session_id)]
        return tuple(each for each in found if keep is None or keep(each))

    async def revoke_client_session(self, client_session_id: str) -> None:
        await self._enter("revoke_client_session")
        self.revoked.append(client_session_id)
        alive = [each for each in self.sessions if each.client_session_id != client_session_id]
        if len(alive) == len(self.sessions):
            raise NotFoundError("Seam did not find it.", "There is no such session.", status=404)
        self.sessions = alive

    async def create_reservation_deep_link(
        self, customer_key: str, reservation_key: str
    ) -> CreatedDeepLink:
        await self._enter("create_reservation_deep_link")
        self.deep_links.append((customer_key, reservation_key))
        number = len(self.deep_links)
        url = Secret(
            f"https://portal.example/links/{number}?token=seam_cst_not_a_real_link_{number}"
        )
        expires_at = self._clock() + LINK_LIFETIME
        return CreatedDeepLink(url, expires_at, f"request-{number}")

    async def push_data(self, data: CustomerData) -> None:
        await self._enter("push_data")
        self.pushed.append(data)

    async def delete_data(self, keys: DeletedKeys) -> None:
        await self._enter("delete_data")
        self.deleted.append(keys)

    async def list_customers(
        self, search: str = "", page_cursor: str | None = None
    ) -> CustomersPage:
        await self._enter("list_customers")
        self.searches.append(search)
        found = [key for key in self.customer_keys if search.casefold() in key.casefold()]
        start = int(page_cursor or 0)
        end = start + self.page_size
        cursor = str(end) if end < len(found) else None
        return CustomersPage(tuple(found[start:end]), cursor)

    async def list_customization_profiles(self) -> Sequence[CustomizationProfile]:
        await self._enter("list_customization_profiles")
        return tuple(self.profiles)

    async def has_spaces(self, customer_key: str) -> bool:
        await self._enter("has_spaces")
        return customer_key not in self.without_spaces

    async def has_devices(self, customer_key: str) -> bool:
        await self._enter("has_devices")
        return customer_key not in self.without_devices

    async def list_device_providers(self) -> Sequence[DeviceProvider]:
        await self._enter("list_device_providers")
        return tuple(self.providers)

    async def aclose(self) -> None:
        self.closed = True

    async def _enter(self, method: str) -> None:
        self.calls.append(method)
        if self.closed:
            raise NetworkError("The workspace was closed.", "The call was not made.")
        await asyncio.sleep(0)
        if method in self._holds:
            await self._holds[method].wait()
        if self._failures[method]:
            raise self._failures[method].popleft()
