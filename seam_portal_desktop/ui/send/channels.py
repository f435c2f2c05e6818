"""The words and icons of the ways to send a link."""

from __future__ import annotations

from collections.abc import Sequence

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.send.message_pane import MessageForm
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, number, shortened

_ADDRESS_CHARACTERS = 36

CHANNELS = (
    (SendChannel.SMTP, _("Email"), "mail"),
    (SendChannel.EML, _("Draft for the mail program"), "file-text"),
    (SendChannel.MAILTO, _("New message in the mail program (text only)"), "external-link"),
    (SendChannel.COPY_HTML, _("Copy the message"), "copy"),
    (SendChannel.SMS, _("Text message (SMS)"), "smartphone"),
    (SendChannel.QR_CODE, _("QR code"), "image"),
    (SendChannel.IFRAME, _("Code for a web page (iframe)"), "code-xml"),
)
"""What is offered for one portal: channel, words, icon. COPY_HTML stands for all ways to copy."""

MANY_CHANNELS = CHANNELS[:1]
"""What is offered for several portals."""

COPY_CHANNELS = {
    MessageForm.HTML: SendChannel.COPY_HTML,
    MessageForm.TEXT: SendChannel.COPY_TEXT,
    MessageForm.MARKDOWN: SendChannel.COPY_MARKDOWN,
}
"""The way to copy by the form that is shown."""


_SUBMIT = {
    SendChannel.EML: _("Save draft…"),
    SendChannel.MAILTO: _("Open in the mail program"),
    SendChannel.SMS: _("Open as a text message"),
    SendChannel.QR_CODE: _("Save the QR code…"),
    SendChannel.IFRAME: _("Copy the code"),
}


def submit_text(channel: SendChannel, recipients: Sequence[MailAddress]) -> str:
    """What the primary button will do."""
    if channel is SendChannel.SMTP:
        return _send_text(recipients)
    return _SUBMIT.get(channel, _("Copy the message"))


def _send_text(recipients: Sequence[MailAddress]) -> str:
    if not recipients:
        return _("Send")
    if len(recipients) == 1:
        shown = shortened(recipients[0].address, _ADDRESS_CHARACTERS)
        return in_menu(_("Send to {address}").format(address=shown))
    count = len(recipients)
    return ngettext("Send to 1 person", "Send to {count} people", count).format(count=number(count))


def many_text(count: int, *, is_confirming: bool) -> str:
    """The button's text for several portals, of which `count` get a message."""
    if not count:
        return _("Send")
    text = ngettext("Send 1 message", "Send {count} messages", count)
    if is_confirming:
        text = ngettext("Yes, send 1 message", "Yes, send {count} messages", count)
    return text.format(count=number(count))


def confirm_text(recipients: Sequence[MailAddress]) -> str:
    """The button's text when a new recipient is to be confirmed by a second press."""
    if len(recipients) == 1:
        shown = shortened(recipients[0].address, _ADDRESS_CHARACTERS)
        return in_menu(_("Yes, send to {address}").format(address=shown))
    count = len(recipients)
    return ngettext("Yes, send to 1 person", "Yes, send to {count} people", count).format(
        count=number(count)
    )
