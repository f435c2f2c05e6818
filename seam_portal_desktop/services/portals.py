"""The life of a portal link: created, looked at, sent, deleted."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, RateLimitedError, SeamError
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordPage
from seam_portal_desktop.domain.portal.record import (
    Channel,
    FailureRecord,
    Outcome,
    PortalKind,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.ports import ClientSession, CreatedPortal, GatewayOf, Ledger
from seam_portal_desktop.domain.preview.report import PreviewMode
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.reservation_links import (
    explained,
    reservation_key_of,
    reservation_link_request,
    taken_from,
)
from seam_portal_desktop.services.safe_preview_rules import (
    SafePreviewNotSavedError,
    refuse_safe_preview,
)

_T = TypeVar("_T")

OnBusy = Callable[[RateLimitedError], Awaitable[bool]]
"""Called when Seam gets too many calls: waits for the next turn and says whether to take it."""

CANCELLED = FailureRecord(
    "Cancelled before Seam answered.",
    "Seam may have made the link all the same. Check with Seam, or create the portal again.",
)

_BUG = FailureRecord(
    "Something went wrong inside the program.",
    "Seam may have made the link all the same. Check with Seam, or create the portal again.",
)

PAGE_ROWS = 1000
"""How many rows the table asks for at a time."""

_LIVE = frozenset({PortalStatus.ACTIVE, PortalStatus.EXPIRING})

_CLOCK_SKEW = timedelta(minutes=5)
"""How far Seam's clock and this machine's may be apart when sessions are matched by time."""


@dataclass(eq=False)
class LinkNotSavedError(LedgerError):
    """Seam made the link but the ledger couldn't be written; the link is kept in memory.

    ``reason`` is the ledger's own message.
    """

    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    """What Seam knows of a portal whose outcome was unknown; `portal` is the row afterwards."""

    portal: PortalRecord
    session: ClientSession | None


class PortalService:
    """Every use case that changes a portal. Written for one ledger and many workspaces."""

    def __init__(
        self,
        ledger: Ledger,
        gateway_of: GatewayOf,
        clock: Clock,
        os_user: str,
        *,
        policy: Policy = UNMANAGED,
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock
        self._os_user = os_user
        self._unsaved: dict[str, CreatedPortal] = {}
        self._saving: set[str] = set()

    @property
    def is_saving(self) -> bool:
        """Whether a link that Seam made is on its way into the ledger."""
        return bool(self._saving)

    @property
    def unsaved_count(self) -> int:
        """How many links the ledger couldn't take: they end with the program."""
        return len(self._unsaved.keys() - self._saving)

    async def create(
        self,
        connection: WorkspaceConnection,
        request: PortalRequest,
        *,
        renewed_from: str | None = None,
        on_busy: OnBusy | None = None,
    ) -> PortalRecord:
        """Record the intent, ask Seam for a portal and record what came of it.

        Raises SecretStoreError or SeamError (the row then says failed or unknown), LedgerError
        (before the call: nothing was asked of Seam) or LinkNotSavedError (after it). When the
        caller is cancelled the row says that the outcome is unknown; once Seam has answered,
        cancelling comes too late and changes nothing. `on_busy` may let the same row ask again;
        without it, or when it says no, the row says failed.
        """
        gateway = await self._gateway_of(connection)
        portal = self._intent(connection, request, PortalKind.PORTAL, renewed_from)
        return await self._make(portal, request, lambda: gateway.create_portal(request), on_busy)

    async def create_reservation_link(
        self,
        connection: WorkspaceConnection,
        customer_key: str,
        reservation_key: str,
        *,
        renewed_from: str | None = None,
        on_busy: OnBusy | None = None,
    ) -> PortalRecord:
        """`create` for a link that opens at one reservation; kept as a kind of its own.

        Also raises DeepLinksRefusedError, where Seam doesn't offer such links.
        """
        gateway = await self._gateway_of(connection)
        request = reservation_link_request(customer_key, reservation_key)
        portal = self._intent(connection, request, PortalKind.RESERVATION_DEEP_LINK, renewed_from)

        async def ask() -> CreatedPortal:
            with explained():
                link = await gateway.create_reservation_deep_link(customer_key, reservation_key)
            return taken_from(link, portal, self._clock())

        return await self._make(portal, request, ask, on_busy)

    async def renew(
        self, connection: WorkspaceConnection, portal_id: str, *, on_busy: OnBusy | None = None
    ) -> PortalRecord:
        """`create` a new link with the very request of an old one; both are linked.

        The old link goes on working until it ends.
        """
        old = await self._sendable(portal_id)
        request = await self._ledger.request_of(portal_id)
        if old.kind is PortalKind.PORTAL:
            return await self.create(connection, request, renewed_from=portal_id, on_busy=on_busy)
        return await self.create_reservation_link(
            connection,
            old.customer_key,
            reservation_key_of(request),
            renewed_from=portal_id,
            on_busy=on_busy,
        )

    async def create_safe_preview(
        self,
        connection: WorkspaceConnection,
        original: PortalRecord,
        request: PortalRequest,
        safe_preview_id: str,
    ) -> PortalRecord:
        """`create` for a read-only twin of `original`, which will be the row `twin_id`.

        Raises what `create` raises, but TwinNotSavedError in the place of LinkNotSavedError: such
        a link is ended, not kept to be copied.
        """
        gateway = await self._gateway_of(connection)
        intent = self._intent(connection, request, PortalKind.SAFE_PREVIEW, None)
        safe_preview = replace(intent, portal_id=safe_preview_id, preview_of=original.portal_id)
        try:
            return await self._make(
                safe_preview, request, lambda: gateway.create_portal(request), None
            )
        except LinkNotSavedError as error:
            unsaved = self._unsaved.pop(safe_preview_id).customer_portal
            raise SafePreviewNotSavedError(unsaved.url, error.reason, error.technical) from None

    async def find(
        self, query: PortalQuery, *, offset: int = 0, limit: int = PAGE_ROWS
    ) -> RecordPage:
        """A page of rows as of now. Raises LedgerError."""
        page = await self._ledger.find(query, now=self._clock(), offset=offset, limit=limit)
        return replace(page, rows=tuple(map(self._with_unsaved, page.rows)))

    async def counts(self, workspace_id: str, text: str = "") -> Mapping[PortalStatus, int]:
        """How many rows have each status now, among those that match `text`."""
        return await self._ledger.counts(workspace_id, text=text, now=self._clock())

    async def customer_keys(self, workspace_id: str) -> Sequence[str]:
        """Keys used before, the most recent first."""
        return await self._ledger.customer_keys(workspace_id)

    async def portal(self, portal_id: str) -> PortalRecord:
        """The row with this id, whichever workspace it belongs to. Raises LedgerError."""
        return self._with_unsaved(await self._ledger.get(portal_id))

    async def request_of(self, portal_id: str) -> PortalRequest:
        """What was asked for when the portal was created."""
        return await self._ledger.request_of(portal_id)

    async def delete(self, portal_ids: Sequence[str]) -> None:
        """Take rows off the list; `restore` brings them back until the program ends."""
        await self._ledger.delete(portal_ids)

    async def restore(self, portal_ids: Sequence[str]) -> None:
        await self._ledger.restore(portal_ids)

    async def save_unsaved(self) -> Sequence[PortalRecord]:
        """Try again to write links that the ledger couldn't take. Raises LinkNotSavedError."""
        return [
            await self._save(portal_id, created)
            for portal_id, created in list(self._unsaved.items())
        ]

    async def url_of(self, portal_id: str) -> Secret:
        """The link, to be shown, copied or opened.

        Raises LinkUnreadableError when the row has no URL, or none that can be read here,
        TwinNotSendableError for a twin, and LinkRefusedError when the organisation doesn't allow
        where it leads.
        """
        if portal_id in self._unsaved:
            url = self._unsaved[portal_id].customer_portal.url
        else:
            await self._sendable(portal_id)
            url = await self._ledger.url_of(portal_id)
        self._policy.check_link(url)
        return url

    async def mark_previewed(
        self, portal_id: str, mode: PreviewMode = PreviewMode.LIVE
    ) -> PortalRecord:
        now = self._clock()
        return self._with_unsaved(await self._ledger.mark_previewed(portal_id, now, mode))

    async def mark_sent(self, portal_id: str, channel: Channel | None, note: str) -> PortalRecord:
        await self._sendable(portal_id)
        sent = Sent(self._clock(), self._os_user, channel, note.strip())
        return self._with_unsaved(await self._ledger.mark_sent(portal_id, sent))

    async def note_copied(self, portal_id: str) -> None:
        """Keep in the portal's story that its link was taken to the clipboard."""
        await self._sendable(portal_id)
        await self._ledger.record_event(portal_id, EventKind.COPIED, self._clock())

    async def undo_sent(self, portal_id: str) -> PortalRecord:
        return self._with_unsaved(await self._ledger.mark_sent(portal_id, None))

    async def check_outcome(self, connection: WorkspaceConnection, portal_id: str) -> OutcomeCheck:
        """Look among Seam's client sessions for the link of a row whose outcome is unknown.

        No session but those of links that are in the ledger means that no link was made: the row
        becomes failed. Another one means that a link is alive, whose address can't be had any
        more; the row then says so.
        """
        portal = await self._ledger.get(portal_id)
        gateway = await self._gateway_of(connection)
        sessions = _sessions_of(portal, await gateway.list_client_sessions())
        for known in await self._live_links_beside(portal):
            if sessions:
                sessions.remove(min(sessions, key=lambda one: abs(one.created_at - known)))
        session = sessions[0] if sessions else None
        if session is None:
            failure = FailureRecord(
                "No link was made.",
                "Seam has no session for this customer from that time. Create the portal again.",
            )
            return OutcomeCheck(await self._ledger.record_failed(portal_id, failure), None)
        failure = FailureRecord(
            "A link exists, but its address never arrived here.",
            "Nobody has it, and it ends by itself. Create the portal again to get a link to send.",
        )
        return OutcomeCheck(await self._ledger.record_unknown(portal_id, failure), session)

    async def _sendable(self, portal_id: str) -> PortalRecord:
        """The row, unless it is a twin. Raises TwinNotSendableError."""
        portal = await self._ledger.get(portal_id)
        refuse_safe_preview(portal)
        return portal

    def _intent(
        self,
        connection: WorkspaceConnection,
        request: PortalRequest,
        kind: PortalKind,
        renewed_from: str | None,
    ) -> PortalRecord:
        if not request.customer_key:
            raise ValueError("A portal is created for a customer_key.")
        return PortalRecord(
            portal_id=str(uuid.uuid4()),
            workspace_id=connection.workspace.workspace_id,
            workspace_kind=connection.workspace.kind,
            customer_key=request.customer_key,
            outcome=Outcome.REQUESTED,
            requested_at=self._clock(),
            kind=kind,
            renewed_from=renewed_from,
        )

    async def _make(
        self,
        portal: PortalRecord,
        request: PortalRequest,
        ask: Callable[[], Awaitable[CreatedPortal]],
        on_busy: OnBusy | None,
    ) -> PortalRecord:
        try:
            await self._ledger.record_intent(portal, request)
        except asyncio.CancelledError:
            await self._record_trouble(portal, CANCELLED, unknown=True)
            raise
        try:
            created = await _ask_in_turn(ask, on_busy)
        except asyncio.CancelledError:
            await self._record_trouble(portal, CANCELLED, unknown=True)
            raise
        except SeamError as error:
            failure = FailureRecord(error.title, error.message, error.seam_request_id)
            await self._record_trouble(portal, failure, unknown=error.outcome_unknown)
            raise
        except Exception:
            await self._record_trouble(portal, _BUG, unknown=True)
            raise
        self._unsaved[portal.portal_id] = created
        return await _to_its_end(self._save(portal.portal_id, created))

    async def _live_links_beside(self, portal: PortalRecord) -> list[datetime]:
        """When the links were made that this customer has from about the same time."""
        rows: list[PortalRecord] = []
        for safe_previews in (False, True):
            query = PortalQuery(
                portal.workspace_id,
                text=portal.customer_key,
                statuses=_LIVE,
                safe_previews=safe_previews,
            )
            rows += (await self.find(query)).rows
        return [
            row.created_at
            for row in rows
            if row.customer_key == portal.customer_key
            and row.created_at is not None
            and _is_near(row.created_at, portal)
        ]

    async def _record_trouble(
        self, portal: PortalRecord, failure: FailureRecord, *, unknown: bool
    ) -> None:
        """Write down why there is no link. The caller says it in any case: when the ledger can't
        be written, the row stays requested, which the next start turns into unknown."""
        record = self._ledger.record_unknown if unknown else self._ledger.record_failed
        with contextlib.suppress(LedgerError):
            await _to_its_end(record(portal.portal_id, failure))

    async def _save(self, portal_id: str, created: CreatedPortal) -> PortalRecord:
        self._saving.add(portal_id)
        try:
            saved = await self._ledger.record_created(portal_id, created)
        except LedgerError as error:
            raise LinkNotSavedError(
                "The link was made but could not be saved.",
                f"It is kept until the program ends: copy it now, or try again. {error.message}",
                technical=error.technical,
                can_retry=True,
                reason=error.message,
            ) from None
        finally:
            self._saving.discard(portal_id)
        del self._unsaved[portal_id]
        return saved

    def _with_unsaved(self, portal: PortalRecord) -> PortalRecord:
        created = self._unsaved.get(portal.portal_id)
        if created is None:
            return portal
        return replace(
            portal,
            outcome=Outcome.CREATED,
            created_at=created.customer_portal.created_at,
            expires_at=created.customer_portal.expires_at,
            has_url=True,
        )


async def _ask_in_turn(
    ask: Callable[[], Awaitable[CreatedPortal]], on_busy: OnBusy | None
) -> CreatedPortal:
    while True:
        try:
            return await ask()
        except RateLimitedError as error:
            if on_busy is None or not await on_busy(error):
                raise


def _sessions_of(portal: PortalRecord, sessions: Sequence[ClientSession]) -> list[ClientSession]:
    """Those that the call for `portal` may have made."""
    return [
        session
        for session in sessions
        if session.customer_key == portal.customer_key and _is_near(session.created_at, portal)
    ]


def _is_near(moment: datetime, portal: PortalRecord) -> bool:
    return abs(moment - portal.requested_at) <= _CLOCK_SKEW


async def _to_its_end(work: Awaitable[_T]) -> _T:
    """What `work` gives, even when the waiting task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([task])
    return task.result()
