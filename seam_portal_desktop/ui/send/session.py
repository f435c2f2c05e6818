"""Fills one Send… sheet, has its messages written, and sends them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.delivery import Delivery, SendChannel
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem
from seam_portal_desktop.domain.message.recipients.parsing import format_recipients
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.sending.outgoing.handover import HandedOver, qr_file
from seam_portal_desktop.services.sending.outgoing.sending import OutgoingMessage, SendingChoice
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.wording import preview_line
from seam_portal_desktop.ui.send.fields import RecipientTexts
from seam_portal_desktop.ui.send.rows import SendRow, SheetEntries, gate_of, shown_message
from seam_portal_desktop.ui.send.sheet import SendSheet
from seam_portal_desktop.ui.toolkit.form_parts import number
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_PAUSE_SECONDS = 0.15
"""The pause between the last change and the new message: a held arrow key writes one."""

_ROWS_AT_ONCE = 25
"""After so many messages the table shows what is written."""

_CHECK = "check send sheet"
_LOAD = "load send sheet"
_COMPOSE = "write messages"
_REFRESH = "refresh send sheet"
_RESULT = "show preview result"
_DRAW = "draw QR code"
_SEND = "send messages"
_TEST = "send test message"


class SendSession(QObject):
    """Joins one sheet to the services, from `start` until the sheet is closed.

    `undo_for` is how long a message can be taken back.
    """

    sent = Signal(list)
    """The deliveries that the outbox has now. The sheet is closed."""

    handed_over = Signal(object, object)
    """A HandedOver and its Delivery: give it to the other program. The sheet is closed."""

    test_sent = Signal(str)
    """The address that a test was sent to."""

    fix_requested = Signal(object, object, object)
    """A GateItem, its portals, and what is entered (SheetEntries). The sheet is closed."""

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
        self._fields = sheet.fields
        self._services = services
        self._sending = services.sending
        self._clock = clock
        self._scope = scope
        self._undo_for = undo_for
        self._entries = entries
        self._rows = [SendRow(portal) for portal in sheet.portals]
        self._current = self._rows[0]
        self._is_loaded = False
        self._is_cancelled = False
        self._changed: dict[str, PortalRecord] = {}
        self._written_for: tuple[object, ...] | None = None
        sheet.changed.connect(self._on_changed)
        sheet.row_chosen.connect(self._on_row)
        sheet.send_requested.connect(self._on_send)
        sheet.test_requested.connect(lambda: scope.start(self._send_test(), name=_TEST))
        sheet.fix_requested.connect(self._on_fix)
        sheet.cancel_requested.connect(self._on_cancel)
        sheet.finished.connect(self._on_finished)
        sheet.gate_list.reason.setText(entries.reason if entries is not None else "")

    @property
    def portal_ids(self) -> tuple[str, ...]:
        return tuple(row.portal.portal_id for row in self._rows)

    def start(self) -> None:
        """Read what is known, and have the messages written."""
        self._sheet.message.show_writing()
        self._update_table()
        self._scope.start(self._load(), name=_LOAD)

    def close(self) -> None:
        self._sheet.set_busy(False)
        self._sheet.reject()

    def on_ledger_change(self, change: LedgerChange) -> None:
        """A portal may be previewed, revoked, sent or deleted meanwhile, here or elsewhere."""
        ids = set(self.portal_ids)
        changed = {each.portal_id: each for each in change.records if each.portal_id in ids}
        self._changed |= changed
        if self._is_loaded and changed:
            self._scope.start(self._refresh(), name=_REFRESH)
        if not change.removed.isdisjoint(ids):
            for row in self._rows:
                if row.portal.portal_id in change.removed:
                    row.forget_message()
            self._write_again()

    # Reading ------------------------------------------------------------------------------

    async def _load(self) -> None:
        sheet, fields, sending = self._sheet, self._fields, self._sending
        workspace_id = self._current.portal.workspace_id
        try:
            templates = await sending.templates.list()
            for row in self._rows:
                row.facts = await sending.facts_of(row.portal)
            await self._show_result()
        except UserFacingError as error:
            sheet.message.show_error(error)
            return
        entries, facts = self._entries, self._current.facts
        default = sending.senders.default(workspace_id)
        fields.set_senders(
            sending.senders.list(workspace_id),
            entries.sender_id if entries else default.sender_id if default else "",
        )
        template_id = "" if sheet.is_many or facts is None else facts.template.template_id
        fields.set_templates(templates, entries.template_id if entries else template_id)
        fields.forbid_channels(
            {channel: note for channel in SendChannel if (note := sending.channel_note(channel))}
        )
        if entries is not None:
            fields.set_channel(entries.channel)
        self._current.texts = fields.texts()
        for row in self._rows:
            kept = entries.texts.get(row.portal.portal_id) if entries is not None else None
            row.take_texts(row.texts if row.texts != RecipientTexts() else kept, sending)
        self._is_loaded = True
        self._show_row()
        if self._changed:
            self._scope.start(self._refresh(), name=_REFRESH)

    async def _show_result(self) -> None:
        """The result of the last preview, as the panel shows it. A table has it in its rows."""
        if self._sheet.is_many:
            return
        portal = self._current.portal
        stored = await self._services.ledger.report_of(portal.portal_id)
        report = stored.report if stored is not None else None
        result = self._sheet.preview_result
        result.show_line(preview_line(portal, report, self._clock()), can_preview=False)
        result.show_picture(stored.thumbnail if stored is not None else b"")

    async def _refresh(self) -> None:
        """Read anew what is known of the portals that changed. A canceled call loses none."""
        while self._changed:
            portal_id, record = next(iter(self._changed.items()))
            row = next(each for each in self._rows if each.portal.portal_id == portal_id)
            try:
                row.change(record, await self._sending.facts_of(record))
            except UserFacingError as error:
                row.rendered, row.error = None, error
            if self._changed.get(portal_id) is record:
                del self._changed[portal_id]
        with suppress(UserFacingError):
            await self._show_result()
        self._write_again()

    def _write_again(self) -> None:
        """Write what isn't written any more, and show what is wrong now."""
        self._show()
        self._check()
        if self._is_loaded and not all(row.is_written for row in self._rows):
            self._scope.start(self._compose(0.0), name=_COMPOSE)

    # The selected row ---------------------------------------------------------------------

    def _on_row(self, at: int) -> None:
        if not 0 <= at < len(self._rows) or self._rows[at] is self._current:
            return
        if not self._is_loaded:  # what was typed meanwhile stays with its row
            self._current.texts = self._fields.texts()
        self._current = self._rows[at]
        self._show_row()
        self._scope.start(self._show_result(), name=_RESULT)

    def _show_row(self) -> None:
        """Show the recipients and the message of the current row."""
        row, fields, sending = self._current, self._fields, self._sending
        facts = row.facts
        if facts is not None:
            fields.set_parse(lambda text: sending.parse(text, facts))
            fields.to.set_suggestions([each.mail for each in facts.suggestions])
            fields.phone.set_suggestions(facts.phones)
        fields.set_texts(row.texts)

    def _on_changed(self) -> None:
        """Another message is needed, or the same one goes to others."""
        if not self._is_loaded:
            return
        fields, row = self._fields, self._current
        row.texts = fields.texts()
        row.recipients, row.problems = fields.recipients(), fields.problems()
        template, sender = fields.template, fields.identity
        wanted = (
            (template.template_id, template.version) if template is not None else None,
            sender,
            fields.wants_qr,
        )
        if wanted != self._written_for:
            is_first = self._written_for is None
            self._written_for = wanted
            for each in self._rows:
                each.forget_message()
            self._scope.start(self._compose(0.0 if is_first else _PAUSE_SECONDS), name=_COMPOSE)
        self._show()
        if self._sheet.is_many:
            self._scope.start(self._check_later(), name=_CHECK)
        else:
            self._check()

    async def _check_later(self) -> None:
        """Checking many rows takes longer than typing a letter may take."""
        await asyncio.sleep(_PAUSE_SECONDS)
        self._check()

    async def _compose(self, pause: float) -> None:
        """Write the messages, that of the current row first."""
        await asyncio.sleep(pause)
        fields = self._fields
        while rows := [row for row in self._rows if not row.is_written]:
            row = self._current if not self._current.is_written else rows[0]
            facts = row.facts
            template = fields.template or (facts.template if facts is not None else None)
            if template is None:
                return
            try:
                rendered = await self._sending.compose(
                    row.portal, template, fields.identity, with_qr=fields.wants_qr
                )
                row.url = await self._sending.url_of(row.portal)
                row.rendered, row.template = rendered, template
            except UserFacingError as error:
                row.error = error
            if row is self._current:
                self._show()
            self._check_soon()

    def _show(self) -> None:
        row, pane = self._current, self._sheet.message
        if row.error is not None:
            pane.show_error(row.error)
            return
        wants_code = self._fields.chosen_channel is SendChannel.QR_CODE and not row.qr_code
        message = shown_message(row, self._fields)
        if message is None or wants_code:
            pane.show_writing()
        else:
            pane.show_message(message)
        if wants_code and row.url is not None:
            self._scope.start(self._draw_code(row, row.url), name=_DRAW)

    async def _draw_code(self, row: SendRow, url: Secret) -> None:
        try:
            row.qr_code = await asyncio.to_thread(qr_file, url, ".png")
        except UserFacingError as error:
            self._sheet.message.show_error(error)
        else:
            self._show()

    # What is wrong ------------------------------------------------------------------------

    def _choice(self, row: SendRow) -> SendingChoice:
        fields = self._fields
        return SendingChoice(fields.channel, fields.identity, row.recipients, row.problems)

    def _check_soon(self) -> None:
        """Of many rows, each has a message before the list of what is wrong is made again."""
        written = sum(row.is_written for row in self._rows)
        if written == len(self._rows):
            self._check()
        elif written % _ROWS_AT_ONCE == 0:
            self._update_table()

    def _check(self) -> None:
        if not self._is_loaded:
            return
        items = gate_of(self._rows, self._choice, self._sending)
        self._sheet.set_gate(items, ready=sum(row.is_ready for row in self._rows))
        self._update_table()

    def _update_table(self) -> None:
        if self._sheet.is_many:
            self._sheet.customers.set_rows([row.line() for row in self._rows])

    def _on_fix(self, item: GateItem) -> None:
        concerned = [row for row in self._rows if row.has(item)] or [self._current]
        sender = self._fields.identity
        if item.fix is GateFix.RESUME_SENDER and sender is not None:
            self._sending.outbox.resume(sender.sender_id)
            self._check()
        elif item.fix in (GateFix.EDIT_RECIPIENTS, GateFix.USE_BCC):
            self._sheet.customers.select(self._rows.index(concerned[0]))
            self._fields.to.edit.setFocus()
        else:
            entries = self._kept()
            template = concerned[0].template
            if item.fix is GateFix.EDIT_TEMPLATE and template is not None:
                item = replace(item, about=template.template_id)
            self._sheet.reject()
            self.fix_requested.emit(item, [row.portal for row in concerned], entries)

    def _kept(self) -> SheetEntries:
        fields = self._fields
        sender, template = fields.identity, fields.template
        return SheetEntries(
            fields.channel,
            sender.sender_id if sender is not None else "",
            template.template_id if template is not None else "",
            self._sheet.gate_list.reason.text(),
            {row.portal.portal_id: row.texts for row in self._rows},
        )

    # Sending ------------------------------------------------------------------------------

    async def _send(self) -> None:
        sheet, channel = self._sheet, self._fields.channel
        rows = [row for row in self._rows if row.is_ready]
        if len(rows) > 1:
            sheet.set_waiting_text(_("Saving {count} messages…").format(count=number(len(rows))))
        try:
            is_as_shown = await self._look_again(rows)
        except UserFacingError as error:
            sheet.show_error(error)
            return
        messages = [message for row in rows if (message := self._message(row)) is not None]
        if self._is_cancelled or not is_as_shown or not rows or len(messages) < len(rows):
            sheet.set_busy(False)
            return
        try:
            if channel is SendChannel.SMTP:
                deliveries: Sequence[Delivery] = await self._sending.send(
                    messages, self._undo_for()
                )
                if self._is_cancelled and await self._take_back(deliveries):
                    return
            else:
                handed_over, delivery = await self._hand_over(messages[0], rows[0], channel)
        except UserFacingError as error:
            sheet.show_error(error)
            return
        sheet.set_busy(False)
        sheet.accept()
        if channel is SendChannel.SMTP:
            self.sent.emit(list(deliveries))
        else:
            self.handed_over.emit(handed_over, delivery)

    def _on_send(self) -> None:
        self._is_cancelled = False
        self._scope.start(self._send(), name=_SEND)

    def _on_cancel(self) -> None:
        self._is_cancelled = True

    async def _take_back(self, deliveries: Sequence[Delivery]) -> bool:
        """Whether none of them leaves. Else the user has to be told what left."""
        ids = [each.delivery_id for each in deliveries]
        undone = await self._sending.outbox.undo(ids)
        if len(undone) < len(ids):
            return False
        self._sheet.set_busy(False)
        return True

    async def _hand_over(
        self, message: OutgoingMessage, row: SendRow, channel: SendChannel
    ) -> tuple[HandedOver, Delivery]:
        url = row.url or await self._sending.url_of(row.portal)
        return await self._sending.hand_over(message, channel, url)

    async def _look_again(self, rows: Sequence[SendRow]) -> bool:
        """Whether nothing is wrong that wasn't shown when the button was pressed.

        The sheet may have been open for hours, and another program may have sent the link.
        """
        shown = [row.problems_shown for row in self._rows]
        known = [row.facts for row in rows if row.facts is not None]
        for row, facts in zip(rows, await self._sending.look_again(known), strict=True):
            row.facts = facts
        self._check()
        return shown == [row.problems_shown for row in self._rows]

    def _message(self, row: SendRow) -> OutgoingMessage | None:
        return row.outgoing(self._fields.identity, self._sheet.gate_list.reason_text())

    async def _send_test(self) -> None:
        message = self._message(self._current)
        if message is None:
            return
        try:
            mail = await self._sending.send_test(message)
        except UserFacingError as error:
            self._sheet.show_error(error)
        else:
            self.test_sent.emit(format_recipients([mail]))

    def _on_finished(self) -> None:
        for name in (_LOAD, _COMPOSE, _REFRESH, _RESULT, _CHECK, _DRAW, _TEST):
            self._scope.cancel(name)
