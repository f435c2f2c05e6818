"""Making links: the record before the call to Seam, the result after it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, RateLimitedError, SeamError
from seam_portal_desktop.domain.portal.changes import ChangeFeed, LedgerChange
from seam_portal_desktop.domain.portal.record import (
    FailureRecord,
    Outcome,
    PortalKind,
    PortalRecord,
)
from seam_portal_desktop.domain.ports import CreatedPortal, GatewayOf, Ledger
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


@dataclass(eq=False)
class LinkNotSavedError(LedgerError):
    """Seam made the link but the ledger couldn't be written; the link is kept in memory.

    ``reason`` is the ledger's own message.
    """

    reason: str = ""


class CreationService:
    """Makes links, and keeps in memory those that the ledger could not take.

    ``changes`` announces what the ledger announces, with the links that are only in memory.
    """

    def __init__(self, ledger: Ledger, gateway_of: GatewayOf, clock: Clock) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock
        self._unsaved: dict[str, CreatedPortal] = {}
        self._saving: set[str] = set()
        self.changes = ChangeFeed()
        ledger.changes.subscribe(self._on_ledger_change)

    @property
    def is_saving(self) -> bool:
        """Whether a link that Seam made is on its way into the ledger."""
        return bool(self._saving)

    @property
    def unsaved_count(self) -> int:
        """How many links the ledger couldn't take: they end with the program."""
        return len(self._unsaved.keys() - self._saving)

    def unsaved_link(self, portal_id: str) -> Secret | None:
        """The link of a record, if it is only in memory."""
        created = self._unsaved.get(portal_id)
        return None if created is None else created.customer_portal.url

    def with_unsaved(self, record: PortalRecord) -> PortalRecord:
        """`record` as it will be once its link is saved."""
        created = self._unsaved.get(record.portal_id)
        if created is None:
            return record
        return replace(
            record,
            outcome=Outcome.CREATED,
            created_at=created.customer_portal.created_at,
            expires_at=created.customer_portal.expires_at,
            has_url=True,
        )

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
        old = await self._ledger.get(portal_id)
        refuse_safe_preview(old)
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

    async def save_unsaved(self) -> Sequence[PortalRecord]:
        """Try again to write links that the ledger couldn't take. Raises LinkNotSavedError."""
        return [
            await self._save(portal_id, created)
            for portal_id, created in list(self._unsaved.items())
        ]

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
        try:
            return await _finish(self._save(portal.portal_id, created))
        except LinkNotSavedError:
            self.changes.publish(LedgerChange((self.with_unsaved(portal),)))
            raise

    async def _record_trouble(
        self, portal: PortalRecord, failure: FailureRecord, *, unknown: bool
    ) -> None:
        """Write down why there is no link. The caller says it in any case: when the ledger can't
        be written, the row stays requested, which the next start turns into unknown."""
        record = self._ledger.record_unknown if unknown else self._ledger.record_failed
        with contextlib.suppress(LedgerError):
            await _finish(record(portal.portal_id, failure))

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

    def _on_ledger_change(self, change: LedgerChange) -> None:
        records = tuple(map(self.with_unsaved, change.records))
        self.changes.publish(replace(change, records=records))


async def _ask_in_turn(
    ask: Callable[[], Awaitable[CreatedPortal]], on_busy: OnBusy | None
) -> CreatedPortal:
    while True:
        try:
            return await ask()
        except RateLimitedError as error:
            if on_busy is None or not await on_busy(error):
                raise


async def _finish(work: Awaitable[_T]) -> _T:
    """What `work` gives, even when the waiting task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([task])
    return task.result()
