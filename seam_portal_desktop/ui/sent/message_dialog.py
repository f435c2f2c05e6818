"""Shows a message as it was sent."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.delivery import Delivery, SendChannel
from seam_portal_desktop.domain.message.mime import SentMessage, read_message
from seam_portal_desktop.domain.message.recipients.parsing import format_recipients
from seam_portal_desktop.domain.message.template import RenderedMessage
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.deliveries.words import CHANNEL_WORDS
from seam_portal_desktop.ui.send.message_pane import (
    MessageForm,
    MessagePane,
    RemoveProfile,
    ShownMessage,
)
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG, FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute

_MIME = frozenset({SendChannel.SMTP, SendChannel.EML})
_PNG = b"\x89PNG"


class SentMessageDialog(FormDialog):
    """The sealed copy of one delivery: `show_content` or `show_problem` fills it."""

    grows = False

    def __init__(
        self,
        delivery: Delivery,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        remove_profile: RemoveProfile,
        engine_obstacle: str | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self._delivery = delivery
        self.setWindowTitle(_("Message"))
        when = _("{channel} · {time} · {by}").format(
            channel=CHANNEL_WORDS[delivery.channel], time=absolute(delivery.at), by=delivery.by
        )
        self.body.setSpacing(Spacing.M)
        self.body.addWidget(muted_label(when, wrap=True, parent=self))
        self.message = MessagePane(
            theme, icons, self, remove_profile=remove_profile, engine_obstacle=engine_obstacle
        )
        self.message.show_writing()
        self.body.addWidget(self.message, 1)
        set_kind(self.dismiss_button, "secondary")
        self.dismiss_button.hide()
        self.set_submit(_("Close"), loud=False)
        self.resize(self.sizeHint())

    def show_content(self, content: bytes) -> None:
        """Show the copy as the ledger has it."""
        self.message.show_message(_shown(self._delivery, content))

    def show_problem(self, error: UserFacingError) -> None:
        self.message.show_error(error)

    def done(self, result: int) -> None:
        super().done(result)
        self.message.end()

    def sizeHint(self) -> QSize:
        return LARGEST_DIALOG.boundedTo(self.screen().availableGeometry().size())


def _shown(delivery: Delivery, content: bytes) -> ShownMessage:
    known = delivery.content
    if delivery.channel in _MIME:
        return _shown_mail(delivery, read_message(content))
    subject = known.subject if known is not None and delivery.channel is SendChannel.MAILTO else ""
    people = format_recipients(known.recipients.everyone) if known is not None else ""
    if content.startswith(_PNG):
        return ShownMessage(RenderedMessage("", ""), picture=content)
    text = content.decode("utf-8", "replace")
    return ShownMessage(
        RenderedMessage(subject, text), recipients=people, forms=((MessageForm.TEXT, text),)
    )


def _shown_mail(delivery: Delivery, sent: SentMessage) -> ShownMessage:
    """Bcc isn't in the message itself."""
    known = delivery.content
    recipients = known.recipients if known is not None else sent.recipients
    text = (MessageForm.TEXT, sent.text)
    return ShownMessage(
        RenderedMessage(sent.subject, sent.text, sent.html, images=sent.images),
        format_recipients([sent.sender]) if sent.sender.address else "",
        format_recipients(recipients.everyone),
        ((MessageForm.HTML, ""), text) if sent.html else (text,),
    )
