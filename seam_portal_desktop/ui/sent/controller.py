"""Does what the cards of a portal's messages offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryState, SendChannel
from seam_portal_desktop.domain.message.recipients.parsing import format_recipients
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.controller import PortalController
from seam_portal_desktop.ui.portal.deliveries.words import DeliveryAction
from seam_portal_desktop.ui.send.controller import SendController
from seam_portal_desktop.ui.send.fields import RecipientTexts
from seam_portal_desktop.ui.send.rows import SheetEntries
from seam_portal_desktop.ui.sent.message_dialog import SentMessageDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_SHOW = "show sent message"
_AGAIN = "send again"


class SentController(QObject):
    """`sending` opens the sheet. `engine_obstacle` is why HTML can't be shown, or None."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        portal: PortalController,
        sending: SendController,
        scope: TaskScope,
        *,
        engine_obstacle: str | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._outbox = services.outbox
        self._portal = portal
        self._sending = sending
        self._scope = scope
        self._engine_obstacle = engine_obstacle
        self._dialog: SentMessageDialog | None = None
        window.portal.activity.messages.requested.connect(self.act)

    def act(self, action: DeliveryAction, delivery: Delivery) -> None:
        match action:
            case DeliveryAction.SHOW:
                self._show(delivery)
            case DeliveryAction.SEND_AGAIN:
                self._scope.start(self._send_again(delivery), name=_AGAIN)
            case DeliveryAction.WAS_SENT | DeliveryAction.WAS_NOT_SENT:
                was_sent = action is DeliveryAction.WAS_SENT
                self._scope.start(self._outbox.confirm(delivery, was_sent=was_sent))
            case DeliveryAction.UNDO:
                self._scope.start(self._undo(delivery))
            case DeliveryAction.TRY_AGAIN:
                self._scope.start(self._outbox.try_again(delivery))
            case DeliveryAction.TRY_NOW:
                self._outbox.try_now(delivery.delivery_id)
                self._portal.read_again()
            case DeliveryAction.RESUME:
                self._outbox.resume(delivery.sender_id)
                self._portal.read_again()

    def send_like(self, olds: Sequence[PortalRecord], news: Sequence[PortalRecord]) -> None:
        """Open the sheet for `news`, with what their `olds` were sent with last."""
        self._scope.start(self._send_like(olds, news), name=_AGAIN)

    def close(self) -> None:
        """Close an open message: the engine's page has to end before the program does."""
        if self._dialog is not None:
            self._dialog.reject()

    def _show(self, delivery: Delivery) -> None:
        if self._dialog is not None:
            return
        window = self._window
        dialog = self._dialog = SentMessageDialog(
            delivery,
            window.theme,
            window.icons,
            window,
            remove_profile=window.preview.profiles.remove,
            engine_obstacle=self._engine_obstacle,
        )
        dialog.message.copied.connect(self._sending.copy_text)
        dialog.finished.connect(self._on_finished)
        dialog.finished.connect(dialog.deleteLater)
        self._scope.start(self._read(delivery, dialog), name=_SHOW)
        dialog.open()

    async def _read(self, delivery: Delivery, dialog: SentMessageDialog) -> None:
        try:
            content = await self._services.ledger.deliveries.message_of(delivery.delivery_id)
        except UserFacingError as error:
            dialog.show_problem(error)
        else:
            dialog.show_content(content)

    def _on_finished(self) -> None:
        self._dialog = None
        self._scope.cancel(_SHOW)

    async def _undo(self, delivery: Delivery) -> None:
        if not await self._outbox.undo([delivery.delivery_id]):
            self._window.status_area.show_message(
                _("Too late to undo: the mail server may have it."), tone=Tone.WARNING
            )

    async def _send_like(self, olds: Sequence[PortalRecord], news: Sequence[PortalRecord]) -> None:
        deliveries = self._services.ledger.deliveries
        newest: list[Delivery] = []
        texts: dict[str, RecipientTexts] = {}
        for old, new in zip(olds, news, strict=True):
            found = [
                each
                for each in await deliveries.deliveries_of(old.portal_id)
                if each.state is not DeliveryState.UNDONE
            ]
            if found:
                newest.append(found[-1])
                texts[new.portal_id] = recipient_texts(found[-1])
        entries = None
        if newest:
            template = await self._template_of(newest[-1], news[-1]) if len(news) == 1 else ""
            entries = SheetEntries(newest[-1].channel, newest[-1].sender_id, template, "", texts)
        self._sending.open(news, entries)

    async def _template_of(self, delivery: Delivery, record: PortalRecord) -> str:
        """The id of the template with this name, in the portal's language if there are several."""
        offered = (await self._services.sending.facts_of(record)).template
        named = [
            each
            for each in (offered, *await self._services.templates.list())
            if each.name == delivery.template
        ]
        return (named[0] if named else offered).template_id

    async def _send_again(self, delivery: Delivery) -> None:
        """Open the sheet with the recipients and the template of this delivery."""
        record = await self._services.ledger.get(delivery.portal_id)
        self._sending.open(
            [record],
            SheetEntries(
                delivery.channel,
                delivery.sender_id,
                await self._template_of(delivery, record),
                "",
                {delivery.portal_id: recipient_texts(delivery)},
            ),
        )


def recipient_texts(delivery: Delivery) -> RecipientTexts:
    """The recipients as they are typed into the sheet."""
    if delivery.content is None:
        return RecipientTexts()
    people = delivery.content.recipients
    to, cc, bcc = (format_recipients(mails) for mails in (people.to, people.cc, people.bcc))
    if delivery.channel is SendChannel.SMS:
        return replace(RecipientTexts(), phone=to)
    return RecipientTexts(to, cc, bcc)
