"""The Send… sheet: what is entered on one side, the finished message on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QBoxLayout,
    QFormLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.message.address import NOBODY, Recipients
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.gate.checks import MAIL_CHANNELS
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem
from seam_portal_desktop.domain.message.recipients.parsing import format_recipients
from seam_portal_desktop.domain.message.recipients.problems import RecipientProblem
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import MessageTemplate
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.preview_result import PreviewResult
from seam_portal_desktop.ui.send.channels import (
    CHANNELS,
    COPYING,
    confirm_text,
    submit_text,
)
from seam_portal_desktop.ui.send.gate_list import GateList
from seam_portal_desktop.ui.send.message_pane import MessageForm, MessagePane, RemoveProfile
from seam_portal_desktop.ui.send.recipient_field import ParseRecipients, RecipientField
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    BodyScroll,
    CalmComboBox,
    heading,
    short_key,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, set_kind
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

_SIZE = QSize(1000, 680)
_WIDE_CHARACTERS = 110
"""From this width on the message is beside the fields."""

_FIELDS_CHARACTERS = 52
_COPY_CHANNELS = {
    MessageForm.HTML: SendChannel.COPY_HTML,
    MessageForm.TEXT: SendChannel.COPY_TEXT,
    MessageForm.MARKDOWN: SendChannel.COPY_MARKDOWN,
}


class SendSheet(FormDialog):
    """Sends the link of one portal. The controller fills it and answers its signals.

    `changed` comes when the message or what is wrong with it may be another one. After
    `send_requested` the button does nothing more: the controller calls accept() or show_error().
    """

    changed = Signal()
    send_requested = Signal()
    test_requested = Signal()
    fix_requested = Signal(object)
    """A GateItem."""

    grows = False

    def __init__(
        self,
        portal: PortalRecord,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        remove_profile: RemoveProfile,
        engine_obstacle: str | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.portal = portal
        self._senders: Sequence[SenderIdentity] = ()
        self._templates: Sequence[MessageTemplate] = ()
        self._has_message = False
        self._is_confirming = False
        self.setWindowTitle(_("Send link"))
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        fields = QWidget(self)
        self.title = heading(
            _("Send the link for {key}").format(key=short_key(portal.customer_key)), fields
        )
        self.title.setWordWrap(True)
        self._set_title_font()
        theme.changed.connect(self._set_title_font)
        self.channel_box = self._combo(_("Send by"), fields)
        self.sender_box = self._combo(_("From"), fields)
        self.template_box = self._combo(_("Template"), fields)
        self.to = RecipientField(_("To"), icons, fields, offers=True)
        self.to.edit.setObjectName("sendTo")
        self.cc = RecipientField(_("Cc"), icons, fields)
        self.bcc = RecipientField(_("Bcc"), icons, fields)
        self.more_recipients = QPushButton(_("Cc and Bcc"), fields)
        set_kind(self.more_recipients, "link")
        self.more_recipients.setAutoDefault(False)
        self.preview_result = PreviewResult(theme, icons, fields)
        self.gate_list = GateList(icons, fields)
        self.message = MessagePane(
            theme, icons, self, remove_profile=remove_profile, engine_obstacle=engine_obstacle
        )
        self.test_button = QPushButton(_("Send a test to myself"), self)
        self.test_button.setAutoDefault(False)
        set_kind(self.test_button, "secondary")
        self._make_layout(fields)
        self._fill_channels()
        self.dismiss_button.setText(_("Cancel"))
        self._connect_signals()
        self.resize(self._first_size())
        self.to.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._update()

    # What the controller reads -----------------------------------------------------------

    @property
    def chosen_channel(self) -> SendChannel:
        """The channel that is selected; COPY_HTML for all ways to copy."""
        return SendChannel(self.channel_box.currentData())

    @property
    def channel(self) -> SendChannel:
        chosen = self.chosen_channel
        return _COPY_CHANNELS[self.message.form] if chosen in COPYING else chosen

    @property
    def identity(self) -> SenderIdentity | None:
        chosen = self.sender_box.currentData()
        return next((each for each in self._senders if each.sender_id == chosen), None)

    @property
    def template(self) -> MessageTemplate | None:
        chosen = self.template_box.currentData()
        return next((each for each in self._templates if each.template_id == chosen), None)

    def recipients(self) -> Recipients:
        if self.channel not in MAIL_CHANNELS:
            return NOBODY
        return Recipients(
            self.to.parsed.addresses, self.cc.parsed.addresses, self.bcc.parsed.addresses
        )

    def recipient_problems(self) -> tuple[RecipientProblem, ...]:
        return (*self.to.parsed.problems, *self.cc.parsed.problems, *self.bcc.parsed.problems)

    # What the controller sets ------------------------------------------------------------

    def set_senders(self, senders: Sequence[SenderIdentity], chosen: str) -> None:
        """Offer these; `chosen` is a sender_id, or empty for the first."""
        self._senders = senders
        with QSignalBlocker(self.sender_box):
            self.sender_box.clear()
            for each in senders:
                self.sender_box.addItem(format_recipients([each.mail]), each.sender_id)
            self.sender_box.setCurrentIndex(max(0, self.sender_box.findData(chosen)))
        self._update_rows()

    def set_templates(self, templates: Sequence[MessageTemplate], chosen: str) -> None:
        self._templates = templates
        with QSignalBlocker(self.template_box):
            self.template_box.clear()
            for each in templates:
                self.template_box.addItem(
                    _("{template} ({language})").format(template=each.name, language=each.locale),
                    each.template_id,
                )
            self.template_box.setCurrentIndex(max(0, self.template_box.findData(chosen)))

    def set_channel(self, channel: SendChannel) -> None:
        at = self.channel_box.findData(SendChannel.COPY_HTML if channel in COPYING else channel)
        if at >= 0:
            self.channel_box.setCurrentIndex(at)

    def forbid_channels(self, notes: Mapping[SendChannel, str]) -> None:
        """Disable channels; the notes say why."""
        model = cast(QStandardItemModel, self.channel_box.model())
        for at in range(self.channel_box.count()):
            note = notes.get(SendChannel(self.channel_box.itemData(at)))
            item = model.item(at)
            item.setEnabled(not note)
            if note:
                item.setToolTip(note)
                item.setText(_("{channel} (not allowed)").format(channel=item.text()))

    def set_parse(self, parse: ParseRecipients) -> None:
        for each in (self.to, self.cc, self.bcc):
            each.set_parse(parse)

    def set_gate(self, items: Sequence[GateItem], *, has_message: bool) -> None:
        """What is wrong now; `has_message`: the finished message is shown."""
        if tuple(items) != self.gate_list.items:
            self._is_confirming = False
        self.gate_list.set_items(items)
        self._has_message = has_message
        self._update()

    def show_bcc(self, recipients: Recipients) -> None:
        """Show these recipients, with the fields for Cc and Bcc."""
        self._show_more_recipients()
        for field, mails in (
            (self.to, recipients.to),
            (self.cc, recipients.cc),
            (self.bcc, recipients.bcc),
        ):
            field.set_text(format_recipients(mails))

    # What it does itself ------------------------------------------------------------------

    def submit(self) -> None:
        """Send, once. A press without the reason that is wanted goes to its field."""
        if self.is_busy or not self._has_message or self.gate_list.blocking_sentence:
            return
        if self.gate_list.needs_reason and not self.gate_list.reason_text():
            self.gate_list.ask_for_reason()
            return
        if self.gate_list.needs_second_press and not self._is_confirming:
            self._is_confirming = True
            self._update()
            self.pause_submit()  # the second press of a double click confirms nothing
            announce(self, self.submit_button.text(), urgent=True)
            return
        self.set_busy(busy=True, text=_("Saving…"))
        self.send_requested.emit()

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self.dismiss_button.setText(_("Cancel"))
        if not busy:
            self._update()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        for widget in (
            self.channel_box,
            self.sender_box,
            self.template_box,
            self.gate_list,
            self.more_recipients,
            self.test_button,
        ):
            widget.setDisabled(locked)
        for field in (self.to, self.cc, self.bcc):
            field.edit.setReadOnly(locked)

    def done(self, result: int) -> None:
        super().done(result)
        self.message.end()

    def sizeHint(self) -> QSize:
        return self._first_size()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _connect_signals(self) -> None:
        for box in (self.channel_box, self.sender_box, self.template_box):
            box.currentIndexChanged.connect(self._on_choice)
        for field in (self.to, self.cc, self.bcc):
            field.edited.connect(self.changed)
        self.message.form_chosen.connect(self._on_choice)
        self.more_recipients.clicked.connect(self._on_more_recipients)
        self.gate_list.fix_requested.connect(self._on_fix)
        self.test_button.clicked.connect(self._request_test)
        self._test_pause = QTimer(self, singleShot=True, interval=1000)

    def _set_title_font(self) -> None:
        self.title.setFont(self.theme.font(TextSize.TITLE, bold=True))

    def _on_choice(self) -> None:
        self._update_rows()
        self.changed.emit()

    def _on_more_recipients(self) -> None:
        self._show_more_recipients()
        self.cc.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_more_recipients(self) -> None:
        self.more_recipients.hide()
        self._update_rows()

    def _on_fix(self, item: GateItem) -> None:
        """What can be put right here is; the controller does the rest."""
        if item.fix is GateFix.USE_BCC:
            present = self.recipients()
            self.show_bcc(Recipients(bcc=present.everyone))
        elif item.fix is GateFix.EDIT_RECIPIENTS:
            self.to.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        elif item.fix is GateFix.OTHER_CHANNEL:
            self.channel_box.setFocus(Qt.FocusReason.OtherFocusReason)
            self.channel_box.showPopup()
        else:
            self.fix_requested.emit(item)

    def _request_test(self) -> None:
        # A double click sends one test.
        if not self._test_pause.isActive():
            self._test_pause.start()
            self.test_requested.emit()

    def _update_rows(self) -> None:
        """Show the fields that the channel has."""
        chosen = self.chosen_channel
        is_mail = chosen in MAIL_CHANNELS
        has_more = is_mail and self.more_recipients.isHidden()
        self._form.setRowVisible(self.sender_box, len(self._senders) > 1)
        self.to.setVisible(is_mail)
        self.cc.setVisible(has_more)
        self.bcc.setVisible(has_more)
        self.test_button.setVisible(bool(self._senders) and chosen is SendChannel.SMTP)
        self._update()

    def _update(self) -> None:
        """The primary button: what it will do, and why it can't."""
        everyone = self.recipients().everyone
        text = submit_text(self.channel, everyone)
        if self._is_confirming:
            text = confirm_text(everyone)
        self.set_submit(text, loud=False)
        blocked = self.gate_list.blocking_sentence
        self.submit_button.setEnabled(not self.is_busy and self._has_message and not blocked)
        self.submit_button.setToolTip(blocked)
        self.submit_button.setAccessibleDescription(blocked)
        self.test_button.setEnabled(not self.is_busy and self._has_message)

    def _combo(self, name: str, parent: QWidget) -> CalmComboBox:
        box = CalmComboBox(parent)
        box.setAccessibleName(name)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.setMinimumContentsLength(12)
        box.setSizeAdjustPolicy(CalmComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _fill_channels(self) -> None:
        for channel, words, icon in CHANNELS:
            self.channel_box.addItem(self.icons.icon(icon), words, channel.value)

    def _make_layout(self, fields: QWidget) -> None:
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self._form.setSpacing(Spacing.S)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.addRow(_("Send by"), self.channel_box)
        self._form.addRow(_("From"), self.sender_box)
        self._form.addRow(_("Template"), self.template_box)
        self.to.top.addWidget(self.more_recipients)
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, Spacing.S, 0)
        column.setSpacing(Spacing.M)
        for widget in (self.title, self.to, self.cc, self.bcc):
            column.addWidget(widget)
        column.addLayout(self._form)
        column.addWidget(self.preview_result)
        column.addWidget(self.gate_list)
        column.addStretch(1)
        self.fields_scroll = BodyScroll(fields, self)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(Spacing.L)
        self._columns.addWidget(self.fields_scroll, 2)
        self._columns.addWidget(self.message, 3)
        self.body.addLayout(self._columns, 1)
        self._footer.insertWidget(0, self.test_button)

    def _first_size(self) -> QSize:
        """As wide as two columns of this font need, within the screen."""
        characters = self.fontMetrics().averageCharWidth() * (_WIDE_CHARACTERS + 20)
        wanted = _SIZE.expandedTo(QSize(characters, characters * 2 // 3))
        screen = self.screen().availableGeometry().size()
        return wanted.boundedTo(screen - QSize(2 * Spacing.XL, 3 * Spacing.XL))

    def _arrange(self) -> None:
        """Two columns if there is room, else the message below the fields."""
        is_wide = self.width() >= self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        width = self.width() - 2 * Spacing.XL
        self.fields_scroll.setMinimumHeight(
            0 if is_wide else self.fields_scroll.wanted_height(width)
        )
