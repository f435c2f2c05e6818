"""What the use cases need from the outside world; adapters and test fakes implement these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from seam_portal_desktop.domain.credential import Credential
from seam_portal_desktop.domain.portal import (
    CustomerPortal,
    FailureRecord,
    Portal,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.portal_query import PortalPage, PortalQuery
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace

if TYPE_CHECKING:
    from seam_portal_desktop.domain.portal_request import PortalRequest


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


class SeamGateway(Protocol):
    """Seam's API with one credential. Every method raises SeamError and nothing else."""

    async def get_workspace(self) -> Workspace: ...

    async def create_portal(self, request: PortalRequest) -> CreatedPortal: ...

    async def list_client_sessions(self) -> Sequence[ClientSession]: ...

    async def aclose(self) -> None: ...


GatewayFactory = Callable[[str, Credential], SeamGateway]
"""Makes a gateway from an endpoint (see parse_endpoint) and a credential."""


class SecretStore(Protocol):
    """The operating system's keyring. Every method raises SecretStoreError and nothing else."""

    async def get(self, name: str) -> Secret | None:
        """The secret kept under `name`, or None when there is none."""

    async def set(self, name: str, secret: Secret) -> None: ...

    async def delete(self, name: str) -> None:
        """Forget it; no error when there is none."""


class Ledger(Protocol):
    """The only list of portals there is. Every method raises LedgerError and nothing else.

    A method returns once the change is durable. Names that aren't there raise LedgerError.
    """

    async def open(self) -> None:
        """Create or migrate the store, and turn rows that a crash left ``requested`` into
        ``unknown`` with a failure that says that a link may exist."""

    async def close(self) -> None: ...

    async def find(
        self, query: PortalQuery, *, now: datetime, offset: int = 0, limit: int = 1000
    ) -> PortalPage: ...

    async def counts(
        self, workspace_id: str, *, text: str = "", now: datetime
    ) -> Mapping[PortalStatus, int]:
        """How many rows have each status; absent means none."""

    async def get(self, portal_id: str) -> Portal: ...

    async def request_of(self, portal_id: str) -> PortalRequest: ...

    async def url_of(self, portal_id: str) -> Secret:
        """The decrypted URL. Raises LinkUnreadableError when there is none or no key for it."""

    async def customer_keys(self, workspace_id: str, *, limit: int = 500) -> Sequence[str]:
        """Distinct customer keys, the most recently used first."""

    async def record_intent(self, portal: Portal, request: PortalRequest) -> None:
        """Insert `portal` (outcome requested) before the call that will create it."""

    async def record_created(self, portal_id: str, created: CreatedPortal) -> Portal: ...

    async def record_failed(self, portal_id: str, failure: FailureRecord) -> Portal: ...

    async def record_unknown(self, portal_id: str, failure: FailureRecord) -> Portal: ...

    async def mark_previewed(self, portal_id: str, at: datetime) -> Portal: ...

    async def mark_sent(self, portal_id: str, sent: Sent | None) -> Portal:
        """Set or, with None, undo the sent state."""

    async def mark_revoked(self, portal_id: str, at: datetime) -> Portal: ...

    async def delete(self, portal_ids: Sequence[str]) -> None:
        """Hide the rows; they are erased at close unless restored before."""

    async def restore(self, portal_ids: Sequence[str]) -> None: ...


class Preferences(Protocol):
    """A small file. ``load`` is the one synchronous read, before there is a window."""

    def load(self) -> PreferencesData:
        """Never raises: an unreadable file is set aside and ``notice`` says so."""

    @property
    def notice(self) -> str | None:
        """A sentence for the user about what went wrong while loading, or None."""

    async def save(self, data: PreferencesData) -> None:
        """Replace the file atomically. Raises UserFacingError, e.g. for a full disk."""
