"""What is entered to send a link: recipients, channel, sender and template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.message.address import NOBODY, Recipients
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.gate.checks import MAIL_CHANNELS
from seam_portal_desktop.domain.message.recipients.parsing import format_recipients
from seam_portal_desktop.domain.message.recipients.problems import RecipientProblem
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import MessageTemplate
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.settings import LOCALES
from seam_portal_desktop.ui.send.channels import CHANNELS, COPY_CHANNELS, MANY_CHANNELS
from seam_portal_desktop.ui.send.message_pane import MessageForm
from seam_portal_desktop.ui.send.phones import parse_phones
from seam_portal_desktop.ui.send.recipient_field import ParseRecipients, RecipientField
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_WITH_SENDER = frozenset({SendChannel.SMTP, SendChannel.EML})
_WITH_QR = frozenset({SendChannel.SMTP, SendChannel.EML, SendChannel.COPY_HTML})
_WITHOUT_TEMPLATE = frozenset({SendChannel.QR_CODE, SendChannel.IFRAME})


@dataclass(frozen=True, slots=True, repr=False)
class RecipientTexts:
    """The texts of the recipients' fields, as they were typed."""

    to: str = ""
    cc: str = ""
    bcc: str = ""
    phone: str = ""


class SendFields(QWidget):
    """`changed` comes after each choice and each change of a text.

    For several portals (`is_many`) the recipients are those of one of them, and the template can
    follow each portal's language.
    """

    changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget, *, is_many: bool) -> None:
        super().__init__(parent)
        self._icons = icons
        self._is_many = is_many
        self._senders: Sequence[SenderIdentity] = ()
        self._templates: Sequence[MessageTemplate] = ()
        self.form = MessageForm.HTML
        self.to = RecipientField(_("To"), icons, self, offers=True)
        self.to.edit.setObjectName("sendTo")
        self.cc = RecipientField(_("Cc"), icons, self)
        self.bcc = RecipientField(_("Bcc"), icons, self)
        self.phone = RecipientField(_("Phone number"), icons, self, offers=True)
        self.phone.set_parse(parse_phones)
        self.more_recipients = QPushButton(_("Cc and Bcc"), self)
        set_kind(self.more_recipients, "link")
        self.more_recipients.setAutoDefault(False)
        self.more_recipients.setVisible(not is_many)
        self.channel_box = self._combo(_("Send by"))
        for channel, words, icon in MANY_CHANNELS if is_many else CHANNELS:
            self.channel_box.addItem(icons.icon(icon), words, channel.value)
        self.sender_box = self._combo(_("From"))
        self.template_box = self._combo(_("Template"))
        self.with_qr = QCheckBox(_("Add the link’s QR code"), self)
        self._make_layout()
        for box in (self.channel_box, self.sender_box, self.template_box):
            box.currentIndexChanged.connect(self._on_choice)
        self.with_qr.toggled.connect(self.changed)
        for field in self.recipient_fields:
            field.edited.connect(self.changed)
        self.more_recipients.clicked.connect(self._on_more_recipients)
        self.update_rows()

    @property
    def recipient_fields(self) -> tuple[RecipientField, ...]:
        return (self.to, self.cc, self.bcc, self.phone)

    @property
    def chosen_channel(self) -> SendChannel:
        """The channel that is selected; COPY_HTML for all ways to copy."""
        return SendChannel(self.channel_box.currentData())

    @property
    def channel(self) -> SendChannel:
        chosen = self.chosen_channel
        return COPY_CHANNELS[self.form] if chosen is SendChannel.COPY_HTML else chosen

    @property
    def identity(self) -> SenderIdentity | None:
        chosen = self.sender_box.currentData()
        return next((each for each in self._senders if each.sender_id == chosen), None)

    @property
    def has_senders(self) -> bool:
        return bool(self._senders)

    @property
    def template(self) -> MessageTemplate | None:
        """None for each portal's own language, and until there are templates."""
        chosen = self.template_box.currentData()
        return next((each for each in self._templates if each.template_id == chosen), None)

    @property
    def wants_qr(self) -> bool:
        return self.with_qr.isChecked() and self.chosen_channel in _WITH_QR

    def recipients(self) -> Recipients:
        if self.chosen_channel is SendChannel.SMS:
            return Recipients(self.phone.parsed.addresses)
        if self.chosen_channel not in MAIL_CHANNELS:
            return NOBODY
        return Recipients(
            self.to.parsed.addresses, self.cc.parsed.addresses, self.bcc.parsed.addresses
        )

    def problems(self) -> tuple[RecipientProblem, ...]:
        if self.chosen_channel is SendChannel.SMS:
            return self.phone.parsed.problems
        return (*self.to.parsed.problems, *self.cc.parsed.problems, *self.bcc.parsed.problems)

    def texts(self) -> RecipientTexts:
        return RecipientTexts(*(field.text() for field in self.recipient_fields))

    def set_texts(self, texts: RecipientTexts) -> None:
        """Show these recipients. `changed` comes once at most."""
        with QSignalBlocker(self):
            shown = (texts.to, texts.cc, texts.bcc, texts.phone)
            for field, text in zip(self.recipient_fields, shown, strict=True):
                field.set_text(text)
            if texts.cc or texts.bcc:
                self.show_more_recipients()
        self.changed.emit()

    def move_to_bcc(self) -> None:
        everyone = format_recipients(self.recipients().everyone)
        self.set_texts(RecipientTexts(bcc=everyone, phone=self.phone.text()))

    def set_parse(self, parse: ParseRecipients) -> None:
        for field in (self.to, self.cc, self.bcc):
            field.set_parse(parse)

    def set_senders(self, senders: Sequence[SenderIdentity], chosen: str) -> None:
        """Offer these; `chosen` is a sender_id, or empty for the first."""
        self._senders = senders
        with QSignalBlocker(self.sender_box):
            self.sender_box.clear()
            for each in senders:
                self.sender_box.addItem(format_recipients([each.mail]), each.sender_id)
            self.sender_box.setCurrentIndex(max(0, self.sender_box.findData(chosen)))
        self.update_rows()

    def set_templates(self, templates: Sequence[MessageTemplate], chosen: str) -> None:
        """Offer these; `chosen` is a template_id, or empty for each portal's own language."""
        self._templates = templates
        words = dict(LOCALES)
        with QSignalBlocker(self.template_box):
            self.template_box.clear()
            if self._is_many:
                self.template_box.addItem(_("In each portal’s language"), "")
            for each in templates:
                text = _("{template} ({language})").format(
                    template=each.name, language=words.get(each.locale, each.locale)
                )
                self.template_box.addItem(text, each.template_id)
            self.template_box.setCurrentIndex(max(0, self.template_box.findData(chosen)))

    def set_channel(self, channel: SendChannel) -> None:
        copies = channel in COPY_CHANNELS.values()
        at = self.channel_box.findData((SendChannel.COPY_HTML if copies else channel).value)
        if at >= 0:
            self.channel_box.setCurrentIndex(at)

    def forbid_channels(self, notes: Mapping[SendChannel, str]) -> None:
        """Disable channels; the notes say why. An allowed one is selected, if there is one."""
        model = cast(QStandardItemModel, self.channel_box.model())
        for at in range(self.channel_box.count()):
            note = notes.get(SendChannel(self.channel_box.itemData(at)))
            item = model.item(at)
            if note and item.isEnabled():
                item.setEnabled(False)
                item.setToolTip(note)
                item.setText(_("{channel} (not allowed)").format(channel=item.text()))
        allowed = [at for at in range(self.channel_box.count()) if model.item(at).isEnabled()]
        if allowed and self.channel_box.currentIndex() not in allowed:
            self.channel_box.setCurrentIndex(allowed[0])

    def set_locked(self, *, locked: bool) -> None:
        for field in self.recipient_fields:
            field.edit.setReadOnly(locked)
        for widget in (
            self.channel_box,
            self.sender_box,
            self.template_box,
            self.with_qr,
            self.more_recipients,
        ):
            widget.setDisabled(locked)

    def show_more_recipients(self) -> None:
        self.more_recipients.hide()
        self.update_rows()

    def update_rows(self) -> None:
        """Show the fields that the channel has."""
        chosen = self.chosen_channel
        is_mail = chosen in MAIL_CHANNELS
        has_more = is_mail and not self._is_many and self.more_recipients.isHidden()
        self._form.setRowVisible(self.sender_box, chosen in _WITH_SENDER and len(self._senders) > 1)
        self._form.setRowVisible(self.template_box, chosen not in _WITHOUT_TEMPLATE)
        self.with_qr.setVisible(chosen in _WITH_QR)
        self.to.setVisible(is_mail)
        self.cc.setVisible(has_more)
        self.bcc.setVisible(has_more)
        self.phone.setVisible(chosen is SendChannel.SMS)

    def _on_choice(self) -> None:
        self.update_rows()
        self.changed.emit()

    def _on_more_recipients(self) -> None:
        self.show_more_recipients()
        self.cc.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _combo(self, name: str) -> CalmComboBox:
        box = CalmComboBox(self)
        box.setAccessibleName(name)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.setMinimumContentsLength(12)
        box.setSizeAdjustPolicy(CalmComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _make_layout(self) -> None:
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading)
        self._form.setSpacing(Spacing.S)
        for name, box in (
            (_("Send by"), self.channel_box),
            (_("From"), self.sender_box),
            (_("Template"), self.template_box),
        ):
            label = plain_label(name, parent=self)
            label.setBuddy(box)
            label.setMinimumHeight(box.sizeHint().height())
            self._form.addRow(label, box)
        self._form.addRow("", self.with_qr)
        self.to.top.addWidget(self.more_recipients)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.M)
        for field in self.recipient_fields:
            column.addWidget(field)
        column.addLayout(self._form)
