"""A ledger in a temporary folder, a gateway in memory and the services, with one clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from seam_portal_desktop.adapters.files.presets import FilePresetStore
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sealed_drafts import SealedDrafts
from seam_portal_desktop.adapters.tables.file_tables import FileTables
from seam_portal_desktop.adapters.tables.writer import write_table
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.request import CustomerData, Locale, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.tables.sheet import CellValue
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.workspaces import WorkspaceService
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE, FakeGateway
from tests.support.portal_rows import seams_time
from tests.support.sending import sending_parts
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


async def no_image(_url: str) -> bytes | None:
    """A FetchImage for a network without pictures."""
    return None


class _Workspaces:
    """As much of WorkspaceService as AppServices uses."""

    def __init__(self, gateway: FakeGateway) -> None:
        self._gateway = gateway

    async def gateway(self, _connection: WorkspaceConnection) -> FakeGateway:
        return self._gateway

    async def save(self) -> None:
        pass


@dataclass
class World:
    folder: Path
    clock: MovingClock = field(default_factory=MovingClock)
    files: dict[Path, bytes] = field(default_factory=dict)
    policy: Policy = UNMANAGED

    def __post_init__(self) -> None:
        self.cipher = UrlCipher(SessionSecretStore())
        self.seam_clock = seams_time(self.clock)
        self.ledger = sqlite_ledger(self.folder, self.seam_clock, cipher=self.cipher)
        self.gateway = FakeGateway(clock=self.clock)
        self.services = AppServices(
            self.ledger,
            cast(WorkspaceService, _Workspaces(self.gateway)),
            self.seam_clock,
            "ada",
            preset_store=FilePresetStore(self.folder / "presets", resource("presets")),
            draft_store=SealedDrafts(self.folder / "drafts", self.cipher),
            data=PreferencesData(),
            fetch_image=no_image,
            write_file=self._write,
            table_files=FileTables(),
            write_table=self._write_table,
            sending=sending_parts(self.folder),
            policy=self.policy,
        )
        services = self.services
        self.creation, self.portals = services.creation, services.portals
        self.outcomes, self.revocation = services.outcomes, services.revocation
        self.left_safe_previews = services.left_safe_previews
        self.safe_previews, self.timeline = services.safe_previews, services.timeline
        self.attachments, self.export = services.attachments, services.export
        self.customer_data = services.customer_data

    async def create(self, customer_key: str = "harbor-hotel") -> PortalRecord:
        return await self.services.creation.create(CONNECTION, request_for(customer_key))

    async def aclose(self) -> None:
        await self.services.safe_previews.aclose()
        await self.ledger.close()

    def update_row(self, portal_id: str, **columns: Any) -> None:
        update_row(self.folder, portal_id, **columns)

    async def set_link(self, portal_id: str, url: str | None) -> None:
        """Replace the link of a row by `url`, or by one that can't be read."""
        sealed = b"damaged"
        if url is not None:
            sealed = (await self.cipher.sealing_key()).seal(portal_id, Secret(url))
        self.update_row(portal_id, url_sealed=sealed)

    async def _write(self, path: Path, content: bytes) -> None:
        self.files[path] = content

    async def _write_table(
        self,
        target: Path,
        titles: Sequence[str],
        rows: Iterable[Sequence[CellValue]],
        separator: str = ",",
    ) -> None:
        written = self.folder / f"table{target.suffix}"
        await write_table(written, titles, rows, separator)
        self.files[target] = written.read_bytes()
