"""Fills one Send… sheet, has its message written, and sends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.address import Recipients
from seam_portal_desktop.domain.message.delivery import Delivery, SendChannel
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem, override_text
from seam_portal_desktop.domain.message.recipients.parsing import format_recipients
from seam_portal_desktop.domain.message.template import RenderedMessage
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.sending.recipients import RecipientSource
from seam_portal_desktop.services.sending.sending import (
    OutgoingMessage,
    SendingChoice,
    SendingFacts,
)
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.wording import preview_line
from seam_portal_desktop.ui.send.channels import COPYING
from seam_portal_desktop.ui.send.message_pane import MessageForm, ShownMessage
from seam_portal_desktop.ui.send.sheet import SendSheet
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_PAUSE_SECONDS = 0.15
"""The pause between the last change and the new message: a held arrow key writes one."""

_LOAD = "load send sheet"
_COMPOSE = "write message"
_REFRESH = "refresh send sheet"
_SEND = "send message"
_TEST = "send test message"


@dataclass(frozen=True, slots=True)
class SheetEntries:
    """What was entered in a sheet, for when it is opened again. None of it is in the repr."""

    channel: SendChannel
    sender_id: str
    template_id: str
    recipients: Recipients
    reason: str

    def __repr__(self) -> str:
        return "SheetEntries(…)"


class SendSession(QObject):
    """Joins one sheet to the services, from `start` until the sheet is closed.

    `undo_for` is how long the message can be taken back.
    """

    sent = Signal(list)
    """The deliveries that the outbox has now. The sheet is closed."""

    test_sent = Signal(str)
    """The address that a test was sent to."""

    fix_requested = Signal(object, object)
    """A GateItem, and what is entered (SheetEntries). The sheet is closed."""

    def __init__(
        self,
        sheet: SendSheet,
        services: AppServices,
        clock: Clock,
        scope: TaskScope,
        *,
        undo_for: Callable[[], timedelta],
        entries: SheetEntries | None = None,
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._services = services
        self._sending = services.sending
        self._clock = clock
        self._scope = scope
        self._undo_for = undo_for
        self._entries = entries
        self.portal = sheet.portal
        self._facts: SendingFacts | None = None
        self._written_for: tuple[str, int, str] | None = None
        self._rendered: RenderedMessage | None = None
        sheet.changed.connect(self._on_changed)
        sheet.send_requested.connect(lambda: scope.start(self._send(), name=_SEND))
        sheet.test_requested.connect(lambda: scope.start(self._send_test(), name=_TEST))
        sheet.fix_requested.connect(self._on_fix)
        sheet.finished.connect(self._on_finished)

    def start(self) -> None:
        """Read what is known, and have the first message written."""
        self._sheet.message.show_writing()
        self._scope.start(self._load(), name=_LOAD)

    def close(self) -> None:
        self._sheet.set_busy(False)
        self._sheet.reject()

    def on_ledger_change(self, change: LedgerChange) -> None:
        """The portal may be previewed, revoked or sent meanwhile, in this window or elsewhere."""
        for record in change.records:
            if record.portal_id == self.portal.portal_id:
                self._scope.start(self._refresh(record), name=_REFRESH)

    def entries(self) -> SheetEntries:
        sheet = self._sheet
        sender, template = sheet.identity, sheet.template
        return SheetEntries(
            sheet.channel,
            sender.sender_id if sender is not None else "",
            template.template_id if template is not None else "",
            sheet.recipients(),
            sheet.gate_list.reason.text(),
        )

    async def _load(self) -> None:
        sheet, sending = self._sheet, self._sending
        try:
            facts = await sending.facts_of(self.portal)
            templates = await sending.templates.list()
            await self._show_result()
        except UserFacingError as error:
            sheet.message.show_error(error)
            return
        self._facts = facts
        entries = self._entries
        workspace_id = self.portal.workspace_id
        default = sending.senders.default(workspace_id)
        sheet.set_parse(lambda text: sending.parse(text, facts))
        sheet.set_senders(
            sending.senders.list(workspace_id),
            entries.sender_id if entries else default.sender_id if default else "",
        )
        sheet.set_templates(
            templates, entries.template_id if entries else facts.template.template_id
        )
        sheet.to.set_suggestions([each.mail for each in facts.suggestions])
        sheet.forbid_channels(
            {channel: note for channel in SendChannel if (note := sending.channel_note(channel))}
        )
        if entries is not None:
            sheet.set_channel(entries.channel)
            sheet.gate_list.reason.setText(entries.reason)
            if entries.recipients.cc or entries.recipients.bcc:
                sheet.show_bcc(entries.recipients)
            else:
                sheet.to.set_text(format_recipients(entries.recipients.to))
        elif not sheet.to.text():
            sheet.to.set_text(_offered(facts))
        self._on_changed()

    async def _show_result(self) -> None:
        """The result of the last preview, as the panel shows it."""
        portal_id, now = self.portal.portal_id, self._clock()
        stored = await self._services.ledger.report_of(portal_id)
        line = preview_line(self.portal, stored.report if stored is not None else None, now)
        result = self._sheet.preview_result
        result.show_line(line, can_preview=False)
        result.show_picture(stored.thumbnail if stored is not None else b"")

    async def _refresh(self, record: PortalRecord) -> None:
        self.portal = record
        if self._facts is None:
            return
        try:
            self._facts = await self._sending.facts_of(record)
            await self._show_result()
        except UserFacingError:
            return  # the message itself says what is wrong with the link
        self._check()

    def _on_changed(self) -> None:
        """Another message is needed, or the same one goes to others."""
        template = self._sheet.template
        if self._facts is None or template is None:
            return
        sender = self._sheet.identity
        wanted = (
            template.template_id,
            template.version,
            sender.sender_id if sender is not None else "",
        )
        if wanted != self._written_for:
            is_first = self._written_for is None
            self._written_for, self._rendered = wanted, None
            self._sheet.message.show_writing()
            pause = 0.0 if is_first else _PAUSE_SECONDS
            self._scope.start(self._compose(pause), name=_COMPOSE)
        else:
            self._show()
        self._check()

    async def _compose(self, pause: float) -> None:
        await asyncio.sleep(pause)
        sheet = self._sheet
        template = sheet.template
        if template is None:
            return
        try:
            self._rendered = await self._sending.compose(self.portal, template, sheet.identity)
        except UserFacingError as error:
            sheet.message.show_error(error)
        else:
            self._show()
        self._check()

    def _show(self) -> None:
        rendered = self._rendered
        if rendered is None:
            return
        sheet = self._sheet
        chosen = sheet.chosen_channel
        is_mail = chosen in (SendChannel.SMTP, SendChannel.EML, SendChannel.MAILTO)
        sender = sheet.identity if chosen in (SendChannel.SMTP, SendChannel.EML) else None
        sheet.message.show_message(
            ShownMessage(
                rendered if is_mail or chosen in COPYING else replace(rendered, subject=""),
                format_recipients([sender.mail]) if sender is not None else "",
                format_recipients(sheet.recipients().to) if is_mail else "",
                _forms(chosen, rendered),
            )
        )

    def _check(self) -> None:
        facts, sheet = self._facts, self._sheet
        if facts is None:
            return
        choice = SendingChoice(
            sheet.channel, sheet.identity, sheet.recipients(), sheet.recipient_problems()
        )
        items = self._sending.check(facts, choice, self._rendered)
        sheet.set_gate(items, has_message=self._rendered is not None)

    def _message(self) -> OutgoingMessage | None:
        sheet, rendered = self._sheet, self._rendered
        template, sender = sheet.template, sheet.identity
        if rendered is None or template is None or sender is None:
            return None
        items, reason = sheet.gate_list.items, sheet.gate_list.reason_text()
        override = ""
        if items:
            override = override_text(items, reason or _("Confirmed when it was sent."))
        return OutgoingMessage(
            self.portal, rendered, template, sender, sheet.recipients(), override
        )

    async def _send(self) -> None:
        sheet, message = self._sheet, self._message()
        if message is None:
            sheet.set_busy(False)
            return
        try:
            deliveries: Sequence[Delivery] = await self._sending.send([message], self._undo_for())
        except UserFacingError as error:
            sheet.show_error(error)
            return
        sheet.set_busy(False)
        sheet.accept()
        self.sent.emit(list(deliveries))

    async def _send_test(self) -> None:
        message = self._message()
        if message is None:
            return
        try:
            mail = await self._sending.send_test(message)
        except UserFacingError as error:
            self._sheet.show_error(error)
        else:
            self.test_sent.emit(mail.address)

    def _on_fix(self, item: GateItem) -> None:
        sender = self._sheet.identity
        if item.fix is GateFix.RESUME_SENDER and sender is not None:
            self._sending.outbox.resume(sender.sender_id)
            self._check()
            return
        entries = self.entries()
        self._sheet.reject()
        self.fix_requested.emit(item, entries)

    def _on_finished(self) -> None:
        for name in (_LOAD, _COMPOSE, _REFRESH, _TEST):
            self._scope.cancel(name)


def _offered(facts: SendingFacts) -> str:
    """The recipient that is filled in: the one that was used last, or the request's only person."""
    if not facts.suggestions:
        return ""
    best = facts.suggestions[0]
    if best.source is RecipientSource.USED or len(facts.suggestions) == 1:
        return format_recipients([best.mail])
    return ""


def _forms(channel: SendChannel, rendered: RenderedMessage) -> tuple[tuple[MessageForm, str], ...]:
    """The forms of the message that the channel can carry, the best first."""
    text = (MessageForm.TEXT, rendered.text)
    html = ((MessageForm.HTML, ""),) if rendered.html else ()
    match channel:
        case SendChannel.SMTP | SendChannel.EML | SendChannel.COPY_HTML:
            return (*html, text)
        case SendChannel.SMS:
            return ((MessageForm.TEXT, rendered.sms or rendered.text),)
        case _:
            return (text,)
