"""Sends the messages of one sender identity, with the connections that its account may have."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError, UserFacingError
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryState
from seam_portal_desktop.domain.message.ports import (
    Envelope,
    MailError,
    MailTransport,
    MailTrouble,
)
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.sending import tries
from seam_portal_desktop.services.sending.delivery_log import DeliveryLog
from seam_portal_desktop.texts import _

SenderOf = Callable[[str], Awaitable[tuple[SenderIdentity, Secret | None]]]
"""The sender identity with this id, and the secret of its account. Raises UserFacingError."""

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


@dataclass
class _Attempt:
    """One try. `is_marked`: the server may have the message."""

    delivery: Delivery
    task: asyncio.Task[None] | None
    is_marking: bool = False
    is_marked: bool = False


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
        postpone: Callable[[Delivery], None],
    ) -> None:
        self._sender_id = sender_id
        self._transport = transport
        self._sender_of = sender_of
        self._ledger = ledger
        self._log = log
        self._clock = clock
        self._postpone = postpone
        self.paused: UserFacingError | None = None
        self._ready: deque[Delivery] = deque()
        self._jobs: dict[str, _Attempt] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._writing: set[str] = set()
        self._connections = 1
        self._is_proven = False
        self._failures = 0
        self._hold: asyncio.TimerHandle | None = None
        self._is_closing = False

    @property
    def waiting(self) -> int:
        return len(self._ready)

    @property
    def sending(self) -> int:
        return len(self._jobs)

    def has(self, delivery_id: str) -> bool:
        return (
            delivery_id in self._jobs
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
        for job in self._jobs.values():
            if job.task is not None and not (job.is_marking or job.is_marked):
                job.task.cancel()
        if self._workers:
            _done, pending = await asyncio.wait(set(self._workers), timeout=seconds)
            for task in pending:
                task.cancel()

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

    def _pause_for(self, seconds: float) -> None:
        if self._hold is None and not self._is_closing:
            self._hold = asyncio.get_running_loop().call_later(seconds, self._release)

    def _release(self) -> None:
        if self._hold is not None:
            self._hold.cancel()
            self._hold = None
        self._start_workers()

    async def _work(self) -> None:
        while self._ready and self._may_send:
            delivery = self._ready.popleft()
            job = self._jobs[delivery.delivery_id] = _Attempt(delivery, asyncio.current_task())
            try:
                await self._try(job)
            finally:
                del self._jobs[delivery.delivery_id]
            self._start_workers()

    async def _try(self, job: _Attempt) -> None:
        """One try, whose result is written. Raises nothing but CancelledError."""
        try:
            await self._send(job)
        except MailError as error:
            await self._on_mail_error(job, error)
        except _NotToBeSentError:
            await self._on_not_to_be_sent(job.delivery)
        except LinkUnreadableError as error:
            self._log.write(tries.given_up(job.delivery, str(error), self._clock()))
        except LedgerError as error:
            # The mark may be in the ledger although no answer came, so it is taken back.
            self._pause_for(_LEDGER_PAUSE)
            self._again(tries.postponed(job.delivery, str(error), self._clock()))
        except UserFacingError as error:
            self.paused = error
            self._again(tries.postponed(job.delivery, str(error), self._clock()))
        except Exception as error:  # noqa: BLE001 - a bug must not let a message go twice
            _log.error("A message could not be sent: %s", type(error).__name__)
            now = self._clock()
            self._log.write(
                tries.maybe_sent(job.delivery, tries.ANSWER_LOST, now)
                if job.is_marked
                else tries.given_up(job.delivery, _BUG, now)
            )

    async def _send(self, job: _Attempt) -> None:
        delivery = job.delivery
        if self._clock() - delivery.at > _FRESH and await self._is_too_late(delivery):
            return
        content = delivery.content
        if content is None:
            _log.warning("A message waits: its recipients can't be decrypted now")
            return
        sender, secret = await self._sender_of(self._sender_id)
        self._connections = max(1, sender.account.pace.connections)
        store = self._ledger.deliveries
        message = content.message or await store.message_of(delivery.delivery_id)

        async def before_body() -> None:
            job.is_marking = True
            if not job.is_marked and not await self._log.mark(delivery.delivery_id):
                raise _NotToBeSentError
            job.is_marked = True

        envelope = Envelope(sender.mail.address, content.open_recipients, message)
        answer = await self._transport.send(
            sender.account, secret, envelope, before_body=before_body
        )
        self._is_proven, self._failures = True, 0
        after = tries.after_answer(delivery, answer, self._clock())
        self._again(after) if after.is_open else self._log.write(after)

    async def _on_mail_error(self, job: _Attempt, error: MailError) -> None:
        now = self._clock()
        if error.is_maybe_out:
            self._log.write(tries.maybe_sent(job.delivery, str(error), now, error.answer))
            return
        if error.trouble is MailTrouble.ACCOUNT:
            self.paused, self._is_proven = error, False
        elif error.trouble is MailTrouble.NETWORK:
            self._failures += 1
            self._pause_for(tries.network_delay(self._failures).total_seconds())
        elif error.trouble is MailTrouble.LATER and error.answer.startswith(_SERVICE_CLOSING):
            self._pause_for(error.retry_after or _SERVICE_CLOSING_PAUSE)
        after = tries.after_error(job.delivery, error, now, self._failures)
        if not after.is_open:
            self._log.write(after)
        elif not await self._is_too_late(after):
            self._again(after)

    async def _is_too_late(self, delivery: Delivery) -> bool:
        """Whether it isn't tried again. That is written then."""
        now = self._clock()
        reason = await self._why_too_late(delivery)
        if reason:
            self._log.write(tries.given_up(delivery, reason, now))
        return bool(reason)

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

    def _again(self, delivery: Delivery) -> None:
        """Write it, then let it wait for its next try."""
        self._writing.add(delivery.delivery_id)

        def on_saved(saved: asyncio.Future[None]) -> None:
            self._writing.discard(delivery.delivery_id)
            if not saved.cancelled():
                self._postpone(delivery)

        self._log.write(delivery).add_done_callback(on_saved)


_BUG = _("Something went wrong inside the program.")
