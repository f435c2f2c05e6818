"""Creates links: the record before the call to Seam, the result after it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import (
    LedgerError,
    LinkKeptError,
    RateLimitedError,
    SeamError,
    UserFacingError,
)
from seam_portal_desktop.domain.portal.changes import ChangeFeed, LedgerChange
from seam_portal_desktop.domain.portal.record import (
    FailureRecord,
    Outcome,
    PortalKind,
    PortalRecord,
)
from seam_portal_desktop.domain.ports import CreatedPortal, GatewayOf, Ledger
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.answer_check import check_answer
from seam_portal_desktop.services.portal.reservation_links import (
    created_portal,
    explain_closed_route,
    reservation_key_of,
    reservation_link_request,
)
from seam_portal_desktop.services.refused_routes import explain_refusal
from seam_portal_desktop.texts import _

_T = TypeVar("_T")

OnBusy = Callable[[RateLimitedError], Awaitable[bool]]
"""Called at a rate limit. Waits, then returns whether to call Seam again."""

OnSlowLedger = Callable[[bool], None]
"""Called with True when the ledger takes more than a second before Seam is asked, then False."""

_SLOW_SECONDS = 1.0

CANCELLED = FailureRecord(
    _("Cancelled before Seam answered."),
    _("Seam may have made the link all the same. Check with Seam, or create the portal again."),
)

_BUG = FailureRecord(
    _("Something went wrong inside the program."),
    _("Seam may have made the link all the same. Check with Seam, or create the portal again."),
)


@dataclass(eq=False)
class LinkNotSavedError(LedgerError):
    """Seam made the link but the ledger couldn't be written. The link is in memory.

    ``reason`` is the ledger's message.
    """

    reason: str = ""


class OpenPortalRefusedError(SeamError):
    """Seam doesn't give open portals again. The route is internal."""


class CreationService:
    """Creates links. Links that could not be saved are kept in memory.

    ``changes`` publishes the ledger's changes, with the links that are only in memory added.
    `os_user` is written into the records.
    """

    def __init__(
        self, ledger: Ledger, gateway_of: GatewayOf, clock: Clock, *, os_user: str = ""
    ) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock
        self._os_user = os_user
        self._unsaved: dict[str, CreatedPortal] = {}
        self._saving: set[str] = set()
        self._kept: set[str] = set()
        self.changes = ChangeFeed()
        ledger.changes.subscribe(self._on_ledger_change)

    @property
    def is_saving(self) -> bool:
        """Whether a link that Seam made is being saved."""
        return bool(self._saving)

    @property
    def unsaved_count(self) -> int:
        """The number of links that are only in memory and lost when the program ends."""
        return len(self._unsaved.keys() - self._saving - self._kept)

    def unsaved_link(self, portal_id: str) -> Secret | None:
        """The link of this record if it is only in memory."""
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
        preset: str = "",
        renewed_from: str | None = None,
        on_busy: OnBusy | None = None,
        on_slow_ledger: OnSlowLedger | None = None,
    ) -> PortalRecord:
        """Write the record, call Seam and write the result. `preset` is the name of the preset that
        `request` is from, if any.

        Raises SecretStoreError or LedgerError (before the call), SeamError (the record is failed
        or unknown then) or LinkNotSavedError (after the call). If the caller is cancelled during
        the call, the record is unknown. After Seam's answer cancelling has no effect. After a rate
        limit the call is repeated if `on_busy` returns True; else the record is failed.
        """
        gateway = await self._gateway_of(connection)
        record = self._new_record(connection, request, PortalKind.PORTAL, renewed_from)
        record = replace(record, preset=preset)
        saved, _unused = await self._create(
            record, request, lambda: gateway.create_portal(request), on_busy, on_slow_ledger
        )
        return saved

    async def create_reservation_link(
        self,
        connection: WorkspaceConnection,
        customer_key: str,
        reservation_key: str,
        *,
        renewed_from: str | None = None,
        on_busy: OnBusy | None = None,
        on_slow_ledger: OnSlowLedger | None = None,
    ) -> PortalRecord:
        """Create a link to one reservation. Raises as `create`, and DeepLinksRefusedError."""
        gateway = await self._gateway_of(connection)
        request = reservation_link_request(customer_key, reservation_key)
        kind = PortalKind.RESERVATION_DEEP_LINK
        record = self._new_record(connection, request, kind, renewed_from)

        async def call() -> CreatedPortal:
            with explain_closed_route():
                link = await gateway.create_reservation_deep_link(customer_key, reservation_key)
            return created_portal(link, record, self._clock())

        saved, _unused = await self._create(record, request, call, on_busy, on_slow_ledger)
        return saved

    async def open_portal(
        self,
        connection: WorkspaceConnection,
        customer_key: str,
        *,
        on_slow_ledger: OnSlowLedger | None = None,
    ) -> PortalRecord:
        """Add the customer's open portal; Seam makes a new one where there is none.

        Raises as `create`, and OpenPortalRefusedError, which leaves no record.
        """
        gateway = await self._gateway_of(connection)
        request = PortalRequest(customer_data=CustomerData(customer_key=customer_key))
        record = self._new_record(connection, request, PortalKind.PORTAL, None)

        async def call() -> CreatedPortal:
            with explain_refusal(
                OpenPortalRefusedError,
                _("Seam doesn’t give this workspace open portals again."),
                _("Nothing was created. Create a new link instead."),
                even_403=True,
            ):
                return await gateway.open_portal(customer_key)

        try:
            saved, _unused = await self._create(record, request, call, None, on_slow_ledger)
        except OpenPortalRefusedError:
            with contextlib.suppress(LedgerError):
                await self._ledger.delete([record.portal_id])
            raise
        return saved

    async def renew(
        self, connection: WorkspaceConnection, portal_id: str, *, on_busy: OnBusy | None = None
    ) -> PortalRecord:
        """Create a new link with the same request, and link both records. Raises as `create`, and
        for a portal of another workspace.

        The old link works until it expires.
        """
        old = await self._ledger.get(portal_id)
        old.check_sendable()
        if old.workspace_id != connection.workspace.workspace_id:
            raise UserFacingError(
                _("This portal belongs to another workspace."),
                _("Switch to its workspace, then renew it there."),
            )
        request = await self._ledger.request_of(portal_id)
        if old.kind is PortalKind.PORTAL:
            return await self.create(
                connection,
                request,
                preset=old.preset,
                renewed_from=portal_id,
                on_busy=on_busy,
            )
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
    ) -> tuple[PortalRecord, Secret]:
        """Create a read-only copy of `original` with this portal_id. Returns it and its link.

        Raises as `create`. After LinkNotSavedError call `discard_unsaved`.
        """
        gateway = await self._gateway_of(connection)
        record = self._new_record(connection, request, PortalKind.SAFE_PREVIEW, None)
        record = replace(record, portal_id=safe_preview_id, preview_of=original.portal_id)
        saved, created = await self._create(
            record, request, lambda: gateway.create_portal(request), None
        )
        return saved, created.customer_portal.url

    def discard_unsaved(self, portal_id: str) -> Secret:
        """Remove a link that is only in memory and return it."""
        return self._unsaved.pop(portal_id).customer_portal.url

    async def save_unsaved(self) -> Sequence[PortalRecord]:
        """Save the links that are only in memory. Raises LinkNotSavedError.

        Links that are being saved are left out: a second try would seal them anew and fail.
        """
        saved: list[PortalRecord] = []
        for portal_id, created in list(self._unsaved.items()):
            if portal_id in self._unsaved and portal_id not in self._saving:
                saved.append(await self._save(portal_id, created))
        return saved

    def _new_record(
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
            created_by=self._os_user,
        )

    async def _create(
        self,
        record: PortalRecord,
        request: PortalRequest,
        call: Callable[[], Awaitable[CreatedPortal]],
        on_busy: OnBusy | None,
        on_slow_ledger: OnSlowLedger | None = None,
    ) -> tuple[PortalRecord, CreatedPortal]:
        """Write the record, call Seam, write the result. Returns the record and Seam's answer."""
        try:
            with _notifies_if_slow(on_slow_ledger):
                await self._ledger.record_intent(record, request)
        except asyncio.CancelledError:
            await self._record_failure(record, CANCELLED, unknown=True)
            raise
        try:
            created = await _call_until_not_busy(call, on_busy)
            check_answer(record, created)
        except asyncio.CancelledError:
            await self._record_failure(record, CANCELLED, unknown=True)
            raise
        except SeamError as error:
            failure = FailureRecord(error.title, error.message, error.seam_request_id)
            await self._record_failure(record, failure, unknown=error.outcome_unknown)
            raise
        except Exception:
            await self._record_failure(record, _BUG, unknown=True)
            raise
        self._unsaved[record.portal_id] = created
        try:
            return await _finish(self._save(record.portal_id, created)), created
        except LinkNotSavedError:
            self.changes.publish(LedgerChange((self.with_unsaved(record),)))
            raise

    async def _record_failure(
        self, record: PortalRecord, failure: FailureRecord, *, unknown: bool
    ) -> None:
        """Write why there is no link. The caller shows it too. If the ledger can't be written, the
        record stays requested, and the next start changes it to unknown."""
        write = self._ledger.record_unknown if unknown else self._ledger.record_failed
        with contextlib.suppress(LedgerError):
            await _finish(write(record.portal_id, failure))

    async def _save(self, portal_id: str, created: CreatedPortal) -> PortalRecord:
        self._saving.add(portal_id)
        try:
            saved = await self._ledger.record_created(portal_id, created)
        except LedgerError as error:
            is_kept = isinstance(error, LinkKeptError)
            if is_kept:
                self._kept.add(portal_id)
            where = (
                _(
                    "It is kept on this computer, encrypted, and saved at the next start at the "
                    "latest. You can copy it now, or try again."
                )
                if is_kept
                else _("It is kept until the program ends: copy it now, or try again.")
            )
            raise LinkNotSavedError(
                _("The link was made but could not be saved."),
                f"{where} {error.message}",
                technical=error.technical,
                can_retry=True,
                reason=error.message,
            ) from None
        finally:
            self._saving.discard(portal_id)
        self._unsaved.pop(portal_id, None)
        self._kept.discard(portal_id)
        return saved

    def _on_ledger_change(self, change: LedgerChange) -> None:
        records = tuple(map(self.with_unsaved, change.records))
        self.changes.publish(replace(change, records=records))


@contextlib.contextmanager
def _notifies_if_slow(notify: OnSlowLedger | None) -> Iterator[None]:
    if notify is None:
        yield
        return
    timer = asyncio.get_running_loop().call_later(_SLOW_SECONDS, notify, True)  # noqa: FBT003
    try:
        yield
    finally:
        timer.cancel()
        notify(False)  # noqa: FBT003 - a callback's only argument


async def _call_until_not_busy(
    call: Callable[[], Awaitable[CreatedPortal]], on_busy: OnBusy | None
) -> CreatedPortal:
    while True:
        try:
            return await call()
        except RateLimitedError as error:
            if on_busy is None or not await on_busy(error):
                raise


async def _finish(work: Awaitable[_T]) -> _T:
    """The result of `work`. Cancelling this task doesn't cancel `work`."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([task])
    return task.result()
