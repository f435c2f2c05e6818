"""The outbox: sends messages once, and knows what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from seam_portal_desktop.domain.clock import Clock, steady_seconds
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryState,
    RecipientResult,
    RecipientState,
)
from seam_portal_desktop.domain.message.ports import MailTransport
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.services.sending.permission import SendingPermission
from seam_portal_desktop.services.sending.queue import tries
from seam_portal_desktop.services.sending.queue.account_queue import AccountQueue, SenderOf
from seam_portal_desktop.services.sending.queue.delivery_log import DeliveryLog
from seam_portal_desktop.services.sending.queue.timetable import LONGEST_NAP, Timetable

_CLOSING_SECONDS = 10.0
"""How long a message whose body is on the way may take when the program ends."""

_NOT_SENT = frozenset({DeliveryState.UNDONE, DeliveryState.FAILED, DeliveryState.RETURNED})
_NOT_REACHED = frozenset({RecipientState.REFUSED, RecipientState.RETURNED})


@dataclass(frozen=True, slots=True)
class PendingMessages:
    """How many messages are not settled: `counting_down` can still be undone, `waiting` are tried
    later, `sending` are on the way, `unsaved` are sent but the ledger doesn't know it yet."""

    counting_down: int = 0
    waiting: int = 0
    sending: int = 0
    unsaved: int = 0

    @property
    def total(self) -> int:
        return self.counting_down + self.waiting + self.sending + self.unsaved


class Outbox:
    """Sends deliveries by SMTP. The ledger knows each before anything leaves.

    `sender_of` gives a sender identity and its secret; it raises UserFacingError. `permission`
    is asked before a message is written, and again when it is due. Only deliveries
    of `os_user` are continued after a start: the secrets of others are not in this keyring. What
    becomes of a delivery is published by the ledger.
    """

    def __init__(
        self,
        ledger: Ledger,
        transport: MailTransport,
        sender_of: SenderOf,
        permission: SendingPermission,
        clock: Clock,
        *,
        os_user: str,
        steady: Callable[[], float] = steady_seconds,
        longest_nap: float = LONGEST_NAP,
    ) -> None:
        self._ledger = ledger
        self._store = ledger.deliveries
        self._transport = transport
        self._sender_of = sender_of
        self._permission = permission
        self._clock = clock
        self._os_user = os_user
        self._log = DeliveryLog(self._store)
        self._queues: dict[str, AccountQueue] = {}
        self._timetable = Timetable(self._on_due, steady=steady, longest_nap=longest_nap)
        self._is_closing = False

    @property
    def pending(self) -> PendingMessages:
        queues = self._queues.values()
        return PendingMessages(
            self._timetable.counting,
            self._timetable.waiting + sum(queue.waiting for queue in queues),
            sum(queue.sending for queue in queues),
            self._log.unsaved,
        )

    async def recover(self) -> None:
        """Settle what an earlier run left: call it once, after the ledger is open.

        What may be out becomes MAYBE_SENT. What certainly isn't is continued. Raises LedgerError.
        """
        now = self._clock()
        left = await self._store.deliveries_in({DeliveryState.SENDING})
        left = [each for each in left if not self._is_known(each.delivery_id)]
        if left:
            await self._store.change_deliveries(
                [tries.maybe_sent(each, tries.PROGRAM_ENDED, now) for each in left]
            )
        waiting = await self._store.deliveries_in(
            {DeliveryState.WAITING, DeliveryState.PARTLY_SENT}
        )
        self._schedule(
            each
            for each in waiting
            if each.is_open and each.by == self._os_user and not self._is_known(each.delivery_id)
        )

    async def send(self, deliveries: Sequence[Delivery], undo_for: timedelta = timedelta()) -> None:
        """Write them as WAITING, and send them after `undo_for`. Raises SendingForbiddenError and
        LedgerError: then none is sent."""
        await self._permission.check(deliveries)
        due_at = self._clock() + undo_for
        waiting = [replace(each, state=DeliveryState.WAITING, due_at=due_at) for each in deliveries]
        await self._store.record_deliveries(waiting)
        if undo_for <= timedelta():
            self._schedule(waiting)
            return
        for each in waiting:
            self._timetable.count_down(each, undo_for.total_seconds())

    async def undo(self, delivery_ids: Sequence[str]) -> Collection[str]:
        """Take back what hasn't left. Returns the ids of what never leaves now. Raises
        LedgerError."""
        undone = await self._store.undo_deliveries(delivery_ids)
        for delivery_id in undone:
            self._timetable.remove(delivery_id)
            for queue in self._queues.values():
                queue.remove(delivery_id)
        return undone

    def undo_left(self, delivery_id: str) -> timedelta:
        """How long it waits for an Undo. Sleep of the computer doesn't count."""
        return timedelta(seconds=self._timetable.left(delivery_id))

    def paused(self, sender_id: str) -> UserFacingError | None:
        """Why nothing of this sender is sent until `resume`, or None."""
        queue = self._queues.get(sender_id)
        return None if queue is None else queue.paused

    def resume(self, sender_id: str) -> None:
        """Try this sender's account again, once the user has done something."""
        queue = self._queues.get(sender_id)
        if queue is not None:
            queue.resume()

    def is_waiting(self, delivery_id: str) -> bool:
        """Whether it waits here for an Undo or for its next try."""
        return self._timetable.has(delivery_id)

    def try_now(self, delivery_id: str) -> None:
        """Don't wait for an Undo, for the next try, or for the end of a pause."""
        delivery = self._timetable.remove(delivery_id)
        if delivery is not None:
            queue = self._queue_of(delivery.sender_id)
            queue.add(delivery)
            queue.resume()

    async def try_again(self, delivery: Delivery) -> None:
        """Try a FAILED or PARTLY_SENT one again, for those that it didn't reach. Raises
        LedgerError."""
        content = delivery.content
        if content is None or self._is_known(delivery.delivery_id):
            return
        results = tuple(
            replace(each, state=RecipientState.WAITING)
            if each.state is RecipientState.REFUSED
            else each
            for each in content.results
        )
        again = replace(delivery, content=replace(content, results=results), finished_at=None)
        again = tries.postponed(again, "", self._clock())
        await self._store.change_deliveries([again])
        self._schedule([again])

    async def hand_over(self, delivery: Delivery) -> None:
        """Record that another program has the message: before it has. Raises SendingForbiddenError
        and LedgerError."""
        await self._permission.check([delivery])
        await self._store.record_deliveries([replace(delivery, state=DeliveryState.HANDED_OVER)])

    async def confirm(self, delivery: Delivery, *, was_sent: bool) -> None:
        """The user says what became of a HANDED_OVER or MAYBE_SENT one. Raises LedgerError."""
        not_sent = (
            DeliveryState.UNDONE
            if delivery.state is DeliveryState.HANDED_OVER
            else DeliveryState.FAILED
        )
        state = DeliveryState.SENT if was_sent else not_sent
        await self._store.change_deliveries(
            [replace(delivery, state=state, due_at=None, finished_at=self._clock())]
        )

    async def returned(self, message_id: str, address: str, answer: str) -> Delivery | None:
        """A mail came back for `address`. Returns its delivery as it is now; None if it isn't
        ours. Raises LedgerError."""
        delivery = await self._store.delivery_of_message(message_id)
        if delivery is None:
            return None
        content = delivery.content
        if content is not None:
            names = {each.address.casefold(): each.address for each in content.recipients.everyone}
            known = names.get(address.casefold(), address)
            others = tuple(each for each in content.results if each.address != known)
            result = RecipientResult(known, RecipientState.RETURNED, answer)
            content = replace(content, results=(*others, result))
        now = self._clock()
        back = replace(
            delivery, state=DeliveryState.RETURNED, due_at=None, finished_at=now, content=content
        )
        await self._store.change_deliveries([back])
        return back

    async def already_sent(self, portal_id: str, address: str) -> Delivery | None:
        """The newest delivery of this link that reached `address`, or may yet. Raises
        LedgerError."""
        for delivery in reversed(await self._store.deliveries_of(portal_id)):
            if delivery.state not in _NOT_SENT and _is_for(delivery, address):
                return delivery
        return None

    async def aclose(self) -> None:
        """Send nothing more. Waits for messages whose body is on the way."""
        self._is_closing = True
        self._timetable.stop()
        queues = self._queues.values()
        await asyncio.gather(*(queue.aclose(_CLOSING_SECONDS) for queue in queues))
        await self._log.aclose()

    def _is_known(self, delivery_id: str) -> bool:
        return self._timetable.has(delivery_id) or any(
            queue.has(delivery_id) for queue in self._queues.values()
        )

    def _schedule(self, deliveries: Iterable[Delivery]) -> None:
        now = self._clock()
        for delivery in deliveries:
            if self._is_closing:
                return
            left = timedelta() if delivery.due_at is None else delivery.due_at - now
            if left > timedelta():
                # A time far away is of a clock that was wrong.
                self._timetable.wait(delivery, min(left, tries.TRIED_FOR).total_seconds())
            else:
                self._queue_of(delivery.sender_id).add(delivery)

    def _on_due(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            if not self._is_closing:
                self._queue_of(delivery.sender_id).add(delivery)

    def _queue_of(self, sender_id: str) -> AccountQueue:
        queue = self._queues.get(sender_id)
        if queue is None:
            queue = self._queues[sender_id] = AccountQueue(
                sender_id,
                self._transport,
                self._sender_of,
                self._ledger,
                self._log,
                clock=self._clock,
                obstacle=self._permission.obstacle,
                postpone=lambda delivery: self._schedule([delivery]),
            )
        return queue


def _is_for(delivery: Delivery, address: str) -> bool:
    """Whether it reached `address`, or may yet."""
    if delivery.content is None:
        return False
    wanted = address.casefold()
    settled = {
        each.address.casefold() for each in delivery.content.results if each.state in _NOT_REACHED
    }
    everyone = {each.address.casefold() for each in delivery.content.recipients.everyone}
    return wanted in everyone - settled
