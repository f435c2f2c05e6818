"""A ledger in a temporary folder, a gateway in memory and the services, with one clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from seam_portal_desktop.adapters.keyring.session_store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.request import CustomerData, Locale, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.lifecycle import LifecycleServices, lifecycle_services
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.services.safe_preview import SafePreviewService
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE, FakeGateway
from tests.support.sqlite_ledger import sqlite_ledger, update_row

CONNECTION = WorkspaceConnection(
    "connection-1", "Acme", "https://seam.example", CredentialKind.API_KEY, FAKE_WORKSPACE
)
LATER = timedelta(hours=1)


def request_for(customer_key: str) -> PortalRequest:
    return PortalRequest(customer_data=CustomerData(customer_key=customer_key), locale=Locale.PT_PT)


class MovingClock:
    """Adds a second at each call, so that no two links expire at the same time by chance."""

    def __init__(self, now: datetime = FAKE_NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class World:
    folder: Path
    clock: MovingClock = field(default_factory=MovingClock)
    files: dict[Path, bytes] = field(default_factory=dict)
    policy: Policy = UNMANAGED

    def __post_init__(self) -> None:
        self.cipher = UrlCipher(SessionSecretStore())
        self.ledger = sqlite_ledger(self.folder, self.clock, cipher=self.cipher)
        self.gateway = FakeGateway(clock=self.clock)
        self.portals = PortalService(self.ledger, self._gateway_of, self.clock, "ada")
        self.life: LifecycleServices = lifecycle_services(
            self.ledger,
            self._gateway_of,
            self.clock,
            read_file=self._read,
            write_file=self._write,
            policy=self.policy,
        )
        self.previews = SafePreviewService(
            self.ledger, self.portals, self.life.revocation, self.clock
        )

    async def create(self, customer_key: str = "harbor-hotel") -> PortalRecord:
        return await self.portals.create(CONNECTION, request_for(customer_key))

    async def aclose(self) -> None:
        await self.previews.aclose()
        await self.ledger.close()

    def update_row(self, portal_id: str, **columns: Any) -> None:
        update_row(self.folder, portal_id, **columns)

    async def set_link(self, portal_id: str, url: str | None) -> None:
        """Replace the link of a row by `url`, or by one that can't be read."""
        sealed = b"damaged"
        if url is not None:
            sealed = (await self.cipher.sealing_key()).seal(portal_id, Secret(url))
        self.update_row(portal_id, url_sealed=sealed)

    async def _gateway_of(self, _connection: WorkspaceConnection) -> FakeGateway:
        return self.gateway

    async def _read(self, path: Path, most: int) -> bytes:
        return self.files[path][:most]

    async def _write(self, path: Path, content: bytes) -> None:
        self.files[path] = content
