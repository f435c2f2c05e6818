"""What the use cases need from the outside world; adapters and test fakes implement these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from seam_portal_desktop.domain.credential import Credential
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.portal.changes import ChangeFeed
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordPage
from seam_portal_desktop.domain.portal.record import (
    CustomerPortal,
    FailureRecord,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.preview.report import Attachment, PreviewMode, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection

if TYPE_CHECKING:
    from seam_portal_desktop.domain.preview.page_facts import TlsFacts
    from seam_portal_desktop.domain.request import CustomerData, PortalRequest
    from seam_portal_desktop.domain.request.preset import Preset


@dataclass(frozen=True, slots=True)
class CreatedPortal:
    """create_portal's answer and the id under which Seam's support finds the call."""

    customer_portal: CustomerPortal
    seam_request_id: str | None


@dataclass(frozen=True, slots=True)
class ClientSession:
    """A client session, of which a portal link is one (source: contract ``client_session``)."""

    client_session_id: str
    token: Secret
    customer_key: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CreatedDeepLink:
    """A link to one reservation (source: contract, customers/reservations/create_deep_link)."""

    url: Secret
    expires_at: datetime
    customer_portal_id: str
    seam_request_id: str | None


class SeamGateway(Protocol):
    """Seam's API with one credential. Every method raises SeamError and nothing else."""

    async def get_workspace(self) -> Workspace: ...

    async def create_portal(self, request: PortalRequest) -> CreatedPortal: ...

    async def list_client_sessions(
        self, client_session_id: str | None = None
    ) -> Sequence[ClientSession]:
        """The sessions that are alive: all of the workspace's, or at most the one of that id."""

    async def revoke_client_session(self, client_session_id: str) -> None:
        """End a session. Doing it twice does no harm; NotFoundError when there is none."""

    async def create_reservation_deep_link(
        self, customer_key: str, reservation_key: str
    ) -> CreatedDeepLink:
        """A link that opens at the reservation. The route is internal and may be refused."""

    async def push_data(self, data: CustomerData) -> None:
        """Add to what Seam knows of a customer, or change it. Doing it twice does no harm."""

    async def list_customers(
        self, search: str = "", page_cursor: str | None = None
    ) -> CustomersPage:
        """A page of the customers whose key contains `search`. The route is internal and may be
        refused."""

    async def list_customization_profiles(self) -> Sequence[CustomizationProfile]:
        """The looks that the workspace has. The route is internal and may be refused."""

    async def list_device_providers(self) -> Sequence[DeviceProvider]: ...

    async def aclose(self) -> None: ...


GatewayFactory = Callable[[str, Credential], SeamGateway]
"""Makes a gateway from an endpoint (see parse_endpoint) and a credential."""

GatewayOf = Callable[[WorkspaceConnection], Awaitable[SeamGateway]]
"""The gateway of a connection. Raises SecretStoreError or PolicyRefusedError."""

ReadFile = Callable[["Path", int], Awaitable[bytes]]
"""Reads a whole file of at most so many bytes, off this thread. Raises UserFacingError."""

WriteFile = Callable[["Path", bytes], Awaitable[None]]
"""Replaces a file by these bytes, all or nothing, off this thread. Raises UserFacingError."""

FetchImage = Callable[[str], Awaitable[bytes | None]]
"""The picture at a URL, unchecked bytes of a bounded length; None, and no error, for any reason."""


ProbeTls = Callable[[str], Awaitable["TlsFacts"]]
"""What the certificate at an origin (https://host[:port]) says; empty facts, and no error, when
it can't be had."""


class SecretStore(Protocol):
    """The operating system's keyring. Every method raises SecretStoreError and nothing else."""

    async def get(self, name: str) -> Secret | None:
        """The secret kept under `name`, or None when there is none."""

    async def set(self, name: str, secret: Secret) -> None: ...

    async def delete(self, name: str) -> None:
        """Forget it; no error when there is none."""


class Ledger(Protocol):
    """The only list of portals there is. Every method raises LedgerError and nothing else.

    A method returns once the change is durable. Names that aren't there raise LedgerError. A call
    made before `open` has succeeded waits for it. ``changes`` announces each commit, before the
    method that made it returns.
    """

    changes: ChangeFeed
    notice: str | None  # a sentence for the user about what `open` had to do

    async def open(self) -> None:
        """Create or migrate the store, and turn rows that a crash left ``requested`` into
        ``unknown`` with a failure that says that a link may exist."""

    async def close(self) -> None: ...

    async def find(
        self, query: PortalQuery, *, now: datetime, offset: int = 0, limit: int = 1000
    ) -> RecordPage: ...

    async def counts(
        self, workspace_id: str, *, text: str = "", now: datetime
    ) -> Mapping[PortalStatus, int]:
        """How many rows have each status; absent means none."""

    async def get(self, portal_id: str) -> PortalRecord: ...

    async def request_of(self, portal_id: str) -> PortalRequest:
        """Raises RequestUnreadableError when what is kept of it is damaged."""

    async def url_of(self, portal_id: str) -> Secret:
        """The decrypted URL. Raises LinkUnreadableError when there is none or no key for it."""

    async def customer_keys(self, workspace_id: str, *, limit: int = 500) -> Sequence[str]:
        """Distinct customer keys, the most recently used first."""

    async def events_of(self, portal_id: str) -> Sequence[PortalEvent]:
        """What happened to a portal, oldest first."""

    async def events_by_portal(
        self, portal_ids: Sequence[str]
    ) -> Mapping[str, Sequence[PortalEvent]]:
        """`events_of` for many; ids that aren't there are left out."""

    # Every change below is written together with its event.

    async def record_intent(self, portal: PortalRecord, request: PortalRequest) -> None:
        """Insert `portal` (outcome requested) before the call that will create it."""

    async def record_created(self, portal_id: str, created: CreatedPortal) -> PortalRecord:
        """Keep the link. The portal that this one renews, if any, is linked to it."""

    async def record_failed(
        self, portal_id: str, failure: FailureRecord, *, at: datetime | None = None
    ) -> PortalRecord:
        """`at` is now unless it is given."""

    async def record_unknown(
        self, portal_id: str, failure: FailureRecord, *, at: datetime | None = None
    ) -> PortalRecord:
        """`at` is now unless it is given."""

    async def mark_previewed(
        self, portal_id: str, at: datetime, mode: PreviewMode = PreviewMode.LIVE
    ) -> PortalRecord:
        """`mode` is kept in the event; a preview in the other mode is an event of its own."""

    async def mark_sent(self, portal_id: str, sent: Sent | None) -> PortalRecord:
        """Set or, with None, undo the sent state."""

    async def mark_revoked(
        self, portal_id: str, at: datetime, *, elsewhere: bool = False
    ) -> PortalRecord:
        """Say that the link opens nothing any more; `elsewhere`: it was not revoked from here.

        A row that is revoked already stays as it is.
        """

    async def record_sessions(self, sessions: Mapping[str, str]) -> None:
        """Keep the client_session_id of rows by portal_id; rows that are gone are passed over."""

    async def record_event(
        self, portal_id: str, kind: EventKind, at: datetime, detail: Mapping[str, str] | None = None
    ) -> None:
        """Keep something that happened and that changes nothing in the row."""

    async def record_report(self, portal_id: str, stored: StoredReport) -> PortalRecord:
        """Keep what the newest preview found, in place of the one before."""

    async def report_of(self, portal_id: str) -> StoredReport | None:
        """None when no preview ran its checks; without thumbnail where it can't be decrypted."""

    async def attach(self, evidence: Attachment, content: bytes) -> None:
        """Keep a picture or document with its portal, sealed as a URL is."""

    async def attachments_of(self, portal_id: str) -> Sequence[Attachment]:
        """What is attached, oldest first."""

    async def attachment_content(self, attachment_id: str) -> bytes:
        """Raises LinkUnreadableError when there is no key for it."""

    async def detach(self, attachment_id: str) -> None:
        """Erase it for good; no error when there is none."""

    async def delete(self, portal_ids: Sequence[str]) -> None:
        """Hide the rows; they are erased at close unless restored before.

        Their stories, reports and evidence go with them, and those of their twins that are over.
        """

    async def restore(self, portal_ids: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredPresets:
    """The shipped presets in their order, the user's own by name, and the names of files that
    are no presets (they stay where they are)."""

    presets: tuple[Preset, ...]
    unreadable: tuple[str, ...] = ()


class PresetStore(Protocol):
    """Presets as files. Every method raises UserFacingError and nothing else."""

    async def load(self) -> StoredPresets: ...

    async def save(self, preset: Preset) -> None:
        """Write or replace the user's own preset of that id."""

    async def delete(self, preset_id: str) -> None:
        """Forget the user's own preset; no error when there is none."""

    async def read_file(self, path: Path) -> Preset:
        """The preset in a file from elsewhere, under a new id; nothing is kept."""

    async def write_file(self, preset: Preset, path: Path) -> None:
        """Write the preset to a file for elsewhere."""


class Preferences(Protocol):
    """A small file. ``load`` is the one synchronous read, before there is a window."""

    def load(self) -> PreferencesData:
        """Never raises: an unreadable file is set aside and ``notice`` says so."""

    @property
    def notice(self) -> str | None:
        """A sentence for the user about what went wrong while loading, or None."""

    async def save(self, data: PreferencesData) -> None:
        """Replace the file atomically. Raises UserFacingError, e.g. for a full disk."""
