"""The interfaces that services need. Adapters and test fakes implement them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from seam_portal_desktop.domain.credential import Credential
from seam_portal_desktop.domain.draft import KeptDraft
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.portal.changes import ChangeFeed
from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.customers import KnownCustomer
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import (
    NO_FILTERS,
    PortalQuery,
    RecordFilters,
    RecordPage,
    UsedNames,
)
from seam_portal_desktop.domain.portal.record import (
    CustomerPortal,
    FailureRecord,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.preview.report import Attachment, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection

if TYPE_CHECKING:
    from seam_portal_desktop.domain.message.ports import DeliveryStore, DoNotSendStore
    from seam_portal_desktop.domain.preview.page_facts import TlsFacts
    from seam_portal_desktop.domain.removal.request import DeletedKeys
    from seam_portal_desktop.domain.request import CustomerData, PortalRequest
    from seam_portal_desktop.domain.request.preset import Preset
    from seam_portal_desktop.domain.tables.sheet import CellValue


@dataclass(frozen=True, slots=True)
class CreatedPortal:
    """The answer to create_portal, and the request id for Seam's support."""

    customer_portal: CustomerPortal
    seam_request_id: str | None


@dataclass(frozen=True, slots=True)
class ClientSession:
    """A client session; a portal link is one (source: contract ``client_session``)."""

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
    seam_request_id: str | None


class SeamGateway(Protocol):
    """Seam's API with one credential. Methods raise SeamError and nothing else."""

    async def get_workspace(self) -> Workspace: ...

    async def create_portal(self, request: PortalRequest) -> CreatedPortal: ...

    async def open_portal(self, customer_key: str) -> CreatedPortal:
        """The customer's open portal again; a new one where there is none. The route is internal
        and may be refused."""

    async def list_client_sessions(
        self,
        client_session_id: str | None = None,
        *,
        keep: Callable[[ClientSession], bool] | None = None,
    ) -> Sequence[ClientSession]:
        """The live sessions of the workspace, or only the one with this id if it is live.

        The list has no pages and may have 100,000 sessions. Those for which `keep` is False are
        dropped as they arrive.
        """

    async def revoke_client_session(self, client_session_id: str) -> None:
        """Can be repeated. Raises NotFoundError if there is no such session."""

    async def create_reservation_deep_link(
        self, customer_key: str, reservation_key: str
    ) -> CreatedDeepLink:
        """A link to the reservation. The route is internal and may be refused."""

    async def push_data(self, data: CustomerData) -> None:
        """Add or change data of a customer. Can be repeated."""

    async def delete_data(self, keys: DeletedKeys) -> None:
        """Remove data by its keys, of every customer. Can be repeated."""

    async def list_customers(
        self, search: str = "", page_cursor: str | None = None
    ) -> CustomersPage:
        """A page of the customers whose key contains `search`. The route is internal and may be
        refused."""

    async def list_customization_profiles(self) -> Sequence[CustomizationProfile]:
        """The workspace's profiles. The route is internal and may be refused."""

    async def has_spaces(self, customer_key: str) -> bool: ...

    async def has_devices(self, customer_key: str) -> bool: ...

    async def list_device_providers(self) -> Sequence[DeviceProvider]: ...

    async def aclose(self) -> None: ...


GatewayFactory = Callable[[str, Credential], SeamGateway]
"""Makes a gateway from an endpoint (see parse_endpoint) and a credential."""

GatewayOf = Callable[[WorkspaceConnection], Awaitable[SeamGateway]]
"""The gateway of a connection. Raises SecretStoreError or PolicyRefusedError."""

ReadFile = Callable[["Path", int], Awaitable[bytes]]
"""The whole of a file that the user chose, of at most so many bytes. Raises UserFacingError."""

WriteFile = Callable[["Path", bytes], Awaitable[None]]
"""Replaces a file atomically, in a thread. Raises UserFacingError."""


class WriteTable(Protocol):
    async def __call__(
        self,
        target: Path,
        titles: Sequence[str],
        rows: Iterable[Sequence[CellValue]],
        separator: str = ",",
    ) -> None:
        """Replaces a file by a table, atomically, in a thread, in which `rows` are iterated too.

        The format follows from the name: XLSX for ``.xlsx``, else CSV with the `separator`, with a
        byte order mark. No cell is a formula. Raises UserFacingError.
        """


FetchImage = Callable[[str], Awaitable[bytes | None]]
"""The unchecked picture at a URL, of a limited size. None after any failure; never raises."""

ProbeTls = Callable[[str], Awaitable["TlsFacts"]]
"""Facts of the certificate of an origin (https://host[:port]). Empty after any failure; never
raises."""


class SecretStore(Protocol):
    """The operating system's keyring. Methods raise SecretStoreError and nothing else."""

    async def get(self, name: str) -> Secret | None:
        """The secret with this name, or None."""

    async def set(self, name: str, secret: Secret) -> None: ...

    async def delete(self, name: str) -> None:
        """No error if there is none."""


class Ledger(Protocol):
    """The only list of portals that exists. Methods raise LedgerError and nothing else.

    Methods return when the change is durable. Unknown ids raise LedgerError. Calls wait until
    `open` has succeeded. ``changes`` publishes each commit before the method returns. A record that
    can't be read has the outcome damaged.
    """

    changes: ChangeFeed
    deliveries: DeliveryStore
    do_not_send: DoNotSendStore
    notice: str | None  # for the user, if `open` found damage, or that changes are gone

    async def open(self) -> None:
        """Create or migrate the tables. Change records that a crash left ``requested`` to
        ``unknown``, with a failure that says that a link may exist."""

    def hurry(self) -> None:
        """The program ends. From now on a call that gets no answer within 1.5 seconds fails, and so
        do all later ones."""

    async def close(self) -> None:
        """Waits for the keyring while a link has to be encrypted with its key. See `hurry`."""

    async def find(
        self, query: PortalQuery, *, now: datetime, offset: int = 0, limit: int = 1000
    ) -> RecordPage: ...

    async def counts(
        self,
        workspace_id: str,
        *,
        text: str = "",
        tags: frozenset[str] = frozenset(),
        filters: RecordFilters = NO_FILTERS,
        now: datetime,
    ) -> Mapping[PortalStatus, int]:
        """The number of records with each status. Statuses without records are missing. See
        PortalQuery for `text`, `tags` and `filters`."""

    async def used_names(self, workspace_id: str) -> UsedNames:
        """The names that `filters` can have."""

    async def get(self, portal_id: str) -> PortalRecord: ...

    async def request_of(self, portal_id: str) -> PortalRequest:
        """Raises RequestUnreadableError if the stored request is damaged."""

    async def url_of(self, portal_id: str) -> Secret:
        """The decrypted URL. Raises LinkUnreadableError if there is no URL or no key for it."""

    async def customers(self, workspace_id: str, *, now: datetime) -> Sequence[KnownCustomer]:
        """Every customer with a record that isn't damaged, the most recently used first.

        Links to reservations and safe previews are no active links.
        """

    async def customer_details(self, workspace_id: str, customer_key: str) -> CustomerDetails:
        """What we call the customer. Raises LinkUnreadableError if there is no key for it."""

    async def set_customer_details(
        self, workspace_id: str, customer_key: str, details: CustomerDetails
    ) -> None:
        """Replace what we call the customer; it is encrypted. Empty details are deleted. The
        customer's records are published. They are kept when the customer's last record goes."""

    async def events_of(self, portal_id: str) -> Sequence[PortalEvent]:
        """The events of a portal, oldest first."""

    async def events_by_portal(
        self, portal_ids: Sequence[str]
    ) -> Mapping[str, Sequence[PortalEvent]]:
        """`events_of` for many portals. Unknown ids are left out."""

    # Each change below is written in one transaction with its event.

    async def record_intent(self, portal: PortalRecord, request: PortalRequest) -> None:
        """Insert `portal` with outcome ``requested``. Call it before Seam is called."""

    async def record_created(self, portal_id: str, created: CreatedPortal) -> PortalRecord:
        """Save the link, and set ``renewed_to`` of the portal that this one renews, if any."""

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
        """`mode` is in the event. A preview in the other mode adds another event."""

    async def mark_sent(self, portal_id: str, sent: Sent | None) -> PortalRecord:
        """Set the sent state; its note is encrypted. None removes it, and the notes of events."""

    async def mark_revoked(
        self, portal_id: str, at: datetime, *, elsewhere: bool = False
    ) -> PortalRecord:
        """A record that is revoked already stays unchanged. `elsewhere`: not by this program."""

    async def record_sessions(self, sessions: Mapping[str, str]) -> None:
        """Set client_session_id by portal_id. Unknown ids are ignored."""

    async def record_event(
        self, portal_id: str, kind: EventKind, at: datetime, detail: Mapping[str, str] | None = None
    ) -> None:
        """Add an event that changes nothing else in the record."""

    async def record_report(self, portal_id: str, stored: StoredReport) -> PortalRecord:
        """Save the newest preview's report. It replaces the one before."""

    async def report_of(self, portal_id: str) -> StoredReport | None:
        """None without a report. The thumbnail is empty if it can't be decrypted."""

    async def attach(self, attachment: Attachment, content: bytes) -> None:
        """Save an attachment with its portal, encrypted as a URL is."""

    async def attachments_of(self, portal_id: str) -> Sequence[Attachment]:
        """The attachments of a portal, oldest first."""

    async def attachment_content(self, attachment_id: str) -> bytes:
        """Raises LinkUnreadableError if there is no key for it."""

    async def detach(self, attachment_id: str) -> None:
        """Delete it. No error if there is none."""

    async def delete(self, portal_ids: Sequence[str]) -> None:
        """Hide the records. `close` deletes them, unless they were restored, with their events,
        reports and attachments and with their safe previews that have ended. After a crash the next
        `open` does that, but a record that waited for its answer is shown again."""

    async def restore(self, portal_ids: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredPresets:
    """The shipped presets in their order, then the user's by name. ``unreadable`` are the names of
    files that are no presets, which are not changed."""

    presets: tuple[Preset, ...]
    unreadable: tuple[str, ...] = ()


class PresetStore(Protocol):
    """Presets as files. Methods raise UserFacingError and nothing else."""

    async def load(self) -> StoredPresets: ...

    async def save(self, preset: Preset) -> None:
        """Write or replace the user's preset with this id."""

    async def delete(self, preset_id: str) -> None:
        """Delete the user's preset. No error if there is none."""

    async def read_file(self, path: Path) -> Preset:
        """The preset in any file, with a new id. It is not saved."""

    async def write_file(self, preset: Preset, path: Path) -> None:
        """Write the preset to any file."""


@dataclass(frozen=True, slots=True)
class StoredDrafts:
    """``unreadable`` counts those that were found unreadable for the first time."""

    drafts: tuple[KeptDraft, ...] = ()
    unreadable: int = 0


class DraftStore(Protocol):
    """Drafts on this computer, encrypted as links are. Call nothing before the ledger is open."""

    @property
    def has_key(self) -> bool:
        """Whether the keyring has the key, as far as that is known."""

    async def load(self) -> StoredDrafts:
        """Never raises. Drafts whose key the keyring doesn't give now are left out."""

    async def save(self, draft: KeptDraft) -> bool:
        """Write or replace it. False if the keyring doesn't keep the key: then nothing is written.

        Raises UserFacingError.
        """

    async def delete(self, draft_id: str) -> None:
        """Never raises. No error if there is none."""


class Preferences(Protocol):
    """A small file. Only ``load`` is synchronous; it is called before there is a window."""

    def load(self) -> PreferencesData:
        """Never raises. An unreadable file is renamed, and ``notice`` says so."""

    @property
    def notice(self) -> str | None:
        """A sentence for the user about a problem while loading, or None."""

    @property
    def dropped(self) -> Sequence[str]:
        """The settings that were unusable and have their defaults, in words."""

    async def save(self, data: PreferencesData) -> None:
        """Replace the file atomically. Raises UserFacingError."""
