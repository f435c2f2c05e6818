"""Sends the messages of one sender identity, with the connections that its account may have."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import islice

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError, UserFacingError
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryState
from seam_portal_desktop.domain.message.ports import (
    Envelope,
    MailError,
    MailTransport,
    MailTrouble,
    TransportAnswer,
)
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.sending.queue import tries
from seam_portal_desktop.services.sending.queue.delivery_log import DeliveryLog
from seam_portal_desktop.services.sending.queue.marks_ahead import MarksAhead
from seam_portal_desktop.texts import _

SenderOf = Callable[[str], Awaitable[tuple[SenderIdentity, Secret | None]]]
"""The sender identity with this id, and the secret of its account. Raises UserFacingError."""

Obstacle = Callable[[Delivery], Awaitable[str]]
"""Why a delivery must not leave now, in words, or an empty text. Raises UserFacingError."""

_log = logging.getLogger(__name__)

_FRESH = timedelta(minutes=1)
"""The link of a message that was asked for within this time was just looked at."""

_LEDGER_PAUSE = 10.0
"""Seconds until the next try after the ledger failed."""

_SERVICE_CLOSING = "421"
_SERVICE_CLOSING_PAUSE = 30.0
"""Seconds until the next try after a server closed the connection, if it names no time."""


class _NotToBeSentError(Exception):
    """The ledger didn't mark the delivery, so it must not leave."""


class _NeverToBeSentError(Exception):
    """The delivery isn't tried again, for the reason that the error has."""


class AccountQueue:
    """Deliveries of one sender that are due, in their order.

    `postpone` takes a delivery that is due later. Until the account has worked once there is one
    connection only, so that a wrong password is tried once.
    """

    def __init__(
        self,
        sender_id: str,
        transport: MailTransport,
        sender_of: SenderOf,
        ledger: Ledger,
        log: DeliveryLog,
        *,
        clock: Clock,
        obstacle: Obstacle,
        postpone: Callable[[Delivery], None],
    ) -> None:
        self._sender_id = sender_id
        self._transport = transport
        self._sender_of = sender_of
        self._ledger = ledger
        self._log = log
        self._clock = clock
        self._obstacle = obstacle
        self._postpone = postpone
        self.paused: UserFacingError | None = None
        self._ready: deque[Delivery] = deque()
        self._trying: dict[str, asyncio.Task[None]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._writing: set[str] = set()
        self._connections = 1
        self._is_proven = False
        self._marks = MarksAhead(log.mark)
        self._failures = 0
        self._hold: asyncio.TimerHandle | None = None
        self._is_closing = False

    @property
    def waiting(self) -> int:
        return len(self._ready)

    @property
    def sending(self) -> int:
        return len(self._trying)

    def has(self, delivery_id: str) -> bool:
        return (
            delivery_id in self._trying
            or delivery_id in self._writing
            or any(each.delivery_id == delivery_id for each in self._ready)
        )

    def add(self, delivery: Delivery) -> None:
        self._ready.append(delivery)
        self._start_workers()

    def remove(self, delivery_id: str) -> None:
        """Forget it, unless it is being tried: then the ledger stops it."""
        self._ready = deque(each for each in self._ready if each.delivery_id != delivery_id)

    def resume(self) -> None:
        self.paused = None
        self._release()

    async def aclose(self, seconds: float) -> None:
        """Start nothing more. Waits up to `seconds` for what may be on its way."""
        self._is_closing = True
        if self._hold is not None:
            self._hold.cancel()
        for delivery_id, task in self._trying.items():
            if not self._marks.has(delivery_id):
                task.cancel()
        if self._workers:
            _done, pending = await asyncio.wait(set(self._workers), timeout=seconds)
            for task in pending:
                task.cancel()
        await self._take_marks_back()

    def _start_workers(self) -> None:
        allowed = self._connections if self._is_proven else 1
        while self._may_send and len(self._workers) < min(allowed, len(self._ready)):
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._on_worker_end)

    @property
    def _may_send(self) -> bool:
        return not self._is_closing and self.paused is None and self._hold is None

    def _on_worker_end(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        if not worker.cancelled() and (error := worker.exception()) is not None:
            _log.error("A worker of the outbox failed: %s", type(error).__name__)
        self._start_workers()
        if not self._workers:
            self._log.hurry()

    def _pause_for(self, seconds: float) -> None:
        if self._hold is None and not self._is_closing:
            self._hold = asyncio.get_running_loop().call_later(seconds, self._release)

    def _release(self) -> None:
        if self._hold is not None:
            self._hold.cancel()
            self._hold = None
        self._start_workers()

    async def _work(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        while self._ready and self._may_send:
            delivery = self._ready.popleft()
            self._trying[delivery.delivery_id] = task
            try:
                await self._try(delivery)
            finally:
                del self._trying[delivery.delivery_id]
            self._start_workers()
        if not self._may_send:
            await self._take_marks_back()

    async def _try(self, delivery: Delivery) -> None:
        """One try, whose result is written. Raises nothing but CancelledError."""
        failure: Exception | None = None
        answer: TransportAnswer | None = None
        try:
            answer = await self._send(delivery)
        except Exception as error:  # noqa: BLE001 - a bug must not let a message go twice
            failure = error
        is_marked = await self._marks.settled(delivery.delivery_id)
        if failure is not None:
            await self._on_failure(delivery, failure, is_marked=is_marked is True)
        elif answer is not None:
            self._is_proven, self._failures = True, 0
            self._write(tries.after_answer(delivery, answer, self._clock()))

    async def _send(self, delivery: Delivery) -> TransportAnswer | None:
        """The server's answer; None if nothing was sent for now, or at all."""
        if self._clock() - delivery.at > _FRESH:
            reason = await self._why_too_late(delivery)
            if reason:
                raise _NeverToBeSentError(reason)
        if reason := await self._obstacle(delivery):
            raise _NeverToBeSentError(reason)
        content = delivery.content
        if content is None:
            _log.warning("A message waits: its recipients can't be decrypted now")
            return None
        sender, secret = await self._sender_of(self._sender_id)
        self._connections = max(1, sender.account.pace.connections)
        store = self._ledger.deliveries
        message = content.message or await store.message_of(delivery.delivery_id)
        ahead = self._marks.ahead
        if ahead:
            self._marks.start(delivery.delivery_id)
            self._marks.start_next([each.delivery_id for each in islice(self._ready, ahead)])

        async def before_body() -> None:
            if not await self._marks.start(delivery.delivery_id):
                raise _NotToBeSentError
            self._marks.on_body()

        envelope = Envelope(sender.mail.address, content.open_recipients, message)
        return await self._transport.send(sender.account, secret, envelope, before_body=before_body)

    async def _on_failure(self, delivery: Delivery, failure: Exception, *, is_marked: bool) -> None:
        now = self._clock()
        match failure:
            case MailError():
                await self._on_mail_error(delivery, failure)
            case _NotToBeSentError():
                await self._on_not_to_be_sent(delivery)
            case _NeverToBeSentError():
                self._log.write(tries.given_up(delivery, str(failure), now))
            case LinkUnreadableError():
                self._log.write(tries.given_up(delivery, str(failure), now))
            case LedgerError():
                # The mark may be in the ledger although no answer came, so it is taken back.
                self._pause_for(_LEDGER_PAUSE)
                self._write(tries.postponed(delivery, str(failure), now))
            case UserFacingError():
                self.paused = failure
                self._write(tries.postponed(delivery, str(failure), now))
            case _:
                _log.error("A message could not be sent: %s", type(failure).__name__)
                self._log.write(
                    tries.maybe_sent(delivery, tries.ANSWER_LOST, now)
                    if is_marked
                    else tries.given_up(delivery, _BUG, now)
                )

    async def _on_mail_error(self, delivery: Delivery, error: MailError) -> None:
        now = self._clock()
        if error.is_maybe_out:
            self._log.write(tries.maybe_sent(delivery, str(error), now, error.answer))
            return
        if error.trouble is MailTrouble.ACCOUNT:
            self.paused, self._is_proven = error, False
        elif error.trouble is MailTrouble.NETWORK:
            self._failures += 1
            self._pause_for(tries.network_delay(self._failures).total_seconds())
        elif error.trouble is MailTrouble.LATER and error.answer.startswith(_SERVICE_CLOSING):
            self._pause_for(error.retry_after or _SERVICE_CLOSING_PAUSE)
        after = tries.after_error(delivery, error, now, self._failures)
        reason = await self._why_too_late(after) if after.is_open else ""
        self._write(tries.given_up(after, reason, now) if reason else after)

    async def _take_marks_back(self) -> None:
        """Nothing is sent now: what is marked and wasn't begun waits again."""
        marked = [each for each in self._ready if self._marks.has(each.delivery_id)]
        ids = {each.delivery_id for each in marked}
        self._ready = deque(each for each in self._ready if each.delivery_id not in ids)
        for each in marked:
            if await self._marks.settled(each.delivery_id) is False:
                await self._on_not_to_be_sent(each)
            else:
                self._write(each)

    async def _why_too_late(self, delivery: Delivery) -> str:
        try:
            portal = await self._ledger.get(delivery.portal_id)
        except LedgerError:
            # Either the portal is deleted, or the ledger fails, which the mark finds out.
            return ""
        return tries.too_late(delivery, portal, self._clock())

    async def _on_not_to_be_sent(self, delivery: Delivery) -> None:
        """Undone, sent by another program, or its link doesn't open any more."""
        try:
            of_portal = await self._ledger.deliveries.deliveries_of(delivery.portal_id)
        except LedgerError:
            self._log.write(tries.given_up(delivery, tries.PORTAL_DELETED, self._clock()))
            return
        current = next(
            (each for each in of_portal if each.delivery_id == delivery.delivery_id), None
        )
        is_left = (
            current is not None and current.is_open and current.state is not DeliveryState.SENDING
        )
        if is_left:
            reason = await self._why_too_late(delivery) or tries.LINK_ENDED
            self._log.write(tries.given_up(delivery, reason, self._clock()))

    def _write(self, delivery: Delivery) -> None:
        """Write what became of it. What is still to be sent then waits for its next try."""
        if not delivery.is_open:
            self._log.write(delivery)
            return
        self._writing.add(delivery.delivery_id)

        def on_saved(saved: asyncio.Future[None]) -> None:
            self._writing.discard(delivery.delivery_id)
            if not saved.cancelled():
                self._postpone(delivery)

        self._log.write(delivery).add_done_callback(on_saved)


_BUG = _("Something went wrong inside the program.")
