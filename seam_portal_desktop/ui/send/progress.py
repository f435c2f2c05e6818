"""Says in the status area what becomes of messages that were sent from this window."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryState
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.shell.status_area import StatusAction, StatusArea
from seam_portal_desktop.ui.toolkit.form_parts import isolate, number
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

ShowPortal = Callable[[str], None]
"""Shows the activity of the portal with this id."""


@dataclass(eq=False)
class _Batch:
    """Messages that were sent with one press. `deliveries` are by their ids, as last known."""

    deliveries: dict[str, Delivery]
    undo: StatusAction
    said_waiting: set[str] = field(default_factory=set)


class SendProgress(QObject):
    """Follows deliveries in the ledger until each is settled.

    "Sent" is said only when the mail server has taken a message for everybody.
    """

    def __init__(
        self,
        status_area: StatusArea,
        services: AppServices,
        clock: Clock,
        scope: TaskScope,
        show_portal: ShowPortal,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._status_area = status_area
        self._services = services
        self._sending = services.sending
        self._clock = clock
        self._scope = scope
        self._show_portal = show_portal
        self._batches: list[_Batch] = []

    def follow(self, deliveries: Sequence[Delivery], undo_seconds: int) -> None:
        """Say that they are on their way, with Undo for `undo_seconds`, and what follows."""
        batch = _Batch(
            {each.delivery_id: each for each in deliveries},
            StatusAction(_("Undo"), lambda: self._undo(batch)),
        )
        self._batches.append(batch)
        if undo_seconds:
            self._status_area.show_message(
                _going_text(deliveries, undo_seconds),
                tone=Tone.INFO,
                icon="send",
                # Less than that if writing them took a while.
                seconds=self._services.outbox.undo_left(deliveries[0].delivery_id).total_seconds(),
                action=batch.undo,
            )
        else:
            self._status_area.show_message(_sending_text(deliveries), tone=Tone.INFO, icon="send")
        # The first change may have come before.
        self._scope.start(self._read_all({each.portal_id for each in deliveries}))

    def on_ledger_change(self, change: LedgerChange) -> None:
        followed = {each.portal_id for batch in self._batches for each in batch.deliveries.values()}
        for record in change.records:
            if record.portal_id in followed:
                name = f"deliveries of {record.portal_id}"
                self._scope.start(self._read(record.portal_id), name=name)

    async def _read_all(self, portal_ids: Collection[str]) -> None:
        for portal_id in portal_ids:
            await self._read(portal_id)

    async def _read(self, portal_id: str) -> None:
        found = await self._services.ledger.deliveries.deliveries_of(portal_id)
        for batch in list(self._batches):
            for delivery in found:
                if delivery.delivery_id in batch.deliveries:
                    self._on_delivery(batch, delivery)

    def _on_delivery(self, batch: _Batch, delivery: Delivery) -> None:
        before = batch.deliveries[delivery.delivery_id]
        if delivery.state is DeliveryState.WAITING:
            self._say_why_it_waits(batch, delivery)
            return
        if delivery == before and delivery.is_open:
            return
        batch.deliveries[delivery.delivery_id] = delivery
        self._status_area.withdraw(batch.undo)
        if delivery.state is DeliveryState.SENT:
            self._scope.start(self._remember(delivery))
        if not any(each.is_open for each in batch.deliveries.values()):
            self._batches.remove(batch)
            self._say_result(list(batch.deliveries.values()))

    def _say_why_it_waits(self, batch: _Batch, delivery: Delivery) -> None:
        """Once for each message: it is tried again by itself."""
        problem = delivery.content.problem if delivery.content is not None else ""
        if not problem or delivery.delivery_id in batch.said_waiting:
            return
        batch.said_waiting.add(delivery.delivery_id)
        self._status_area.show_message(
            _("Not sent to {people} yet: {problem}").format(
                people=_people(delivery), problem=problem
            ),
            tone=Tone.WARNING,
        )

    def _say_result(self, settled: Sequence[Delivery]) -> None:
        by_state = {state: [] for state in DeliveryState}  # type: dict[DeliveryState, list[Delivery]]
        for each in settled:
            by_state[each.state].append(each)
        sent = by_state[DeliveryState.SENT]
        if sent:
            self._status_area.show_message(_sent_text(sent))
        undone = by_state[DeliveryState.UNDONE]
        if undone:
            self._status_area.show_message(_undone_text(undone), tone=Tone.INFO)
        for state in (
            DeliveryState.FAILED,
            DeliveryState.PARTLY_SENT,
            DeliveryState.MAYBE_SENT,
            DeliveryState.RETURNED,
        ):
            for each in by_state[state][:1]:
                self._show_failure(each, len(by_state[state]) - 1)

    def _show_failure(self, delivery: Delivery, others: int) -> None:
        portal_id = delivery.portal_id
        show = StatusAction(_("Show activity"), lambda: self._show_portal(portal_id))
        self._status_area.show_error(_failure(delivery, others), action=show)

    async def _remember(self, delivery: Delivery) -> None:
        content = delivery.content
        if content is not None:
            record = await self._services.ledger.get(delivery.portal_id)
            await self._sending.remember(record, content.recipients)

    def _undo(self, batch: _Batch) -> None:
        self._scope.start(self._undo_all(batch))

    async def _undo_all(self, batch: _Batch) -> None:
        undone = await self._sending.outbox.undo(list(batch.deliveries))
        if not undone:
            self._status_area.show_message(
                _("Too late to undo: the mail server may have it."), tone=Tone.WARNING
            )


def _people(delivery: Delivery) -> str:
    """Whom it is for, for a sentence."""
    everyone = delivery.content.recipients.everyone if delivery.content is not None else ()
    if len(everyone) == 1:
        return isolate(everyone[0].address)
    return ngettext("1 person", "{count} people", len(everyone)).format(count=number(len(everyone)))


def _going_text(deliveries: Sequence[Delivery], seconds: int) -> str:
    if len(deliveries) == 1:
        return _("Sending to {people} in {seconds} s.").format(
            people=_people(deliveries[0]), seconds=number(seconds)
        )
    return _("Sending {count} messages in {seconds} s.").format(
        count=number(len(deliveries)), seconds=number(seconds)
    )


def _sending_text(deliveries: Sequence[Delivery]) -> str:
    if len(deliveries) == 1:
        return _("Sending to {people}…").format(people=_people(deliveries[0]))
    return _("Sending {count} messages…").format(count=number(len(deliveries)))


def _sent_text(sent: Sequence[Delivery]) -> str:
    if len(sent) == 1:
        return _("Sent to {people}.").format(people=_people(sent[0]))
    return _("{count} messages sent.").format(count=number(len(sent)))


def _undone_text(undone: Sequence[Delivery]) -> str:
    if len(undone) == 1:
        return _("Not sent. {people} got nothing.").format(people=_people(undone[0]))
    return _("{count} messages were not sent.").format(count=number(len(undone)))


def _failure(delivery: Delivery, others: int) -> UserFacingError:
    people = _people(delivery)
    problem = delivery.content.problem if delivery.content is not None else ""
    match delivery.state:
        case DeliveryState.MAYBE_SENT:
            title = _("The message to {people} may have been sent").format(people=people)
            message = _(
                "{problem} It isn’t sent again by itself. Ask whether it arrived, then say so "
                "under Activity."
            )
        case DeliveryState.PARTLY_SENT:
            title = _("Not everybody got the message")
            message = _("{problem} Activity shows whom it reached.")
        case DeliveryState.RETURNED:
            title = _("The message to {people} came back").format(people=people)
            message = _("{problem} Check the address.")
        case _:
            title = _("Not sent to {people}").format(people=people)
            message = _("{problem} Nobody got it. Put that right and send it again.")
    text = message.format(problem=problem).strip()
    if others:
        more = ngettext(
            "1 more message has the same result.",
            "{count} more messages have the same result.",
            others,
        ).format(count=number(others))
        text = f"{text} {more}"
    return UserFacingError(title, text, outcome_unknown=delivery.state is DeliveryState.MAYBE_SENT)
