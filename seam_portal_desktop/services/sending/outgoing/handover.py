"""What other programs get: an address to open, a file, or a text for the clipboard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from seam_portal_desktop.domain.message.address import NOBODY, Recipients
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.handover.links import mailto_link, sms_link
from seam_portal_desktop.domain.message.handover.markup import (
    as_markdown,
    as_pasted_html,
    iframe_snippet,
)
from seam_portal_desktop.domain.message.mime.writing import build_draft
from seam_portal_desktop.domain.message.qr_code import qr_png, qr_svg
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import RenderedMessage
from seam_portal_desktop.domain.secret import Secret

_QR_SCALE = 12
"""Pixels a module: sharp when it is printed 6 cm wide."""

COPYING = frozenset(
    {
        SendChannel.COPY_HTML,
        SendChannel.COPY_TEXT,
        SendChannel.COPY_MARKDOWN,
        SendChannel.IFRAME,
    }
)
"""What goes to the clipboard."""

OPENING = frozenset({SendChannel.MAILTO, SendChannel.SMS})
"""What is given to another program as an address."""

SAVING = frozenset({SendChannel.EML, SendChannel.QR_CODE})
"""What is written to a file that the user chooses."""


@dataclass(frozen=True, slots=True, repr=False)
class HandedOver:
    """A message for another program. `text` is for the clipboard, or is an address to open. `html`
    is the same for programs that take it. `file` is the content of a file. All have the token."""

    text: Secret = field(default_factory=lambda: Secret(""))
    html: Secret | None = None
    file: bytes = b""


def text_for(channel: SendChannel, rendered: RenderedMessage, url: Secret) -> str:
    """The text that the channel carries, as it is shown before."""
    match channel:
        case SendChannel.SMS:
            return rendered.sms or rendered.text
        case SendChannel.COPY_MARKDOWN:
            return as_markdown(rendered.text, url.reveal())
        case SendChannel.IFRAME:
            return iframe_snippet(url.reveal())
        case SendChannel.QR_CODE:
            return url.reveal()
        case _:
            return rendered.text


def hand_over(
    channel: SendChannel,
    rendered: RenderedMessage,
    url: Secret,
    *,
    sender: SenderIdentity | None = None,
    recipients: Recipients = NOBODY,
    now: datetime,
) -> HandedOver:
    """What the channel needs. It may take a second. Raises UserFacingError."""
    text = text_for(channel, rendered, url)
    match channel:
        case SendChannel.EML:
            return HandedOver(file=build_draft(rendered, sender, recipients, date=now))
        case SendChannel.MAILTO:
            return HandedOver(Secret(mailto_link(recipients, rendered.subject, text)))
        case SendChannel.SMS:
            numbers = [each.address for each in recipients.to]
            return HandedOver(Secret(sms_link(numbers, text)))
        case SendChannel.COPY_HTML:
            return HandedOver(Secret(text), Secret(as_pasted_html(rendered)))
        case SendChannel.QR_CODE:
            return HandedOver(url, file=qr_file(url, ".png"))
        case _:
            return HandedOver(Secret(text))


def qr_file(url: Secret, suffix: str) -> bytes:
    """The QR code as a file of this kind: ``.svg``, else PNG. It may take a second.

    Raises UserFacingError if the link is too long.
    """
    return qr_svg(url.reveal()) if suffix.lower() == ".svg" else qr_png(url.reveal(), _QR_SCALE)
