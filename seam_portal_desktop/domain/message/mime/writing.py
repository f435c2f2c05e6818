"""Writes a message for a mail server, and as a draft for a mail program."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.mime.addresses import header_address
from seam_portal_desktop.domain.message.mime.bodies import encode_bytes, encode_text
from seam_portal_desktop.domain.message.mime.headers import LINE_END, address_header, text_header
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import InlineImage, RenderedMessage

_NOBODY = "undisclosed-recipients:;"
"""RFC 5322's empty group, for a message that only Bcc recipients get."""

_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_CONTENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@_+-]{0,99}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,300}@[!-;=?-~]{1,300}>")


def new_message_id(sender: SenderIdentity) -> str:
    """A Message-ID that nobody had, such as ``<7b0c…@example.com>``, of the sender's domain.

    Raises UnwritableAddressError.
    """
    domain = header_address(sender.mail.address).rpartition("@")[2]
    return f"<{uuid.uuid4().hex}@{domain}>"


def build_message(
    rendered: RenderedMessage,
    sender: SenderIdentity,
    recipients: Recipients,
    *,
    message_id: str,
    date: datetime,
) -> bytes:
    """The message as it goes over the wire: lines end with CRLF, and Bcc recipients aren't in it.

    It is ASCII, unless an address needs SMTPUTF8, and has nothing of this computer or its user.
    `date` is aware and written in UTC. Raises UnwritableAddressError.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("This is no Message-ID.")
    shown = bool(recipients.to or recipients.cc)
    headers = [
        *_sender_headers(sender),
        *(_recipient_headers(recipients) if shown else [f"To: {_NOBODY}"]),
        text_header("Subject", rendered.subject),
        _date_header(date),
        f"Message-ID: {message_id}",
    ]
    return _message(headers, rendered)


def build_draft(
    rendered: RenderedMessage,
    sender: SenderIdentity | None,
    recipients: Recipients,
    *,
    date: datetime,
) -> bytes:
    """The content of an ``.eml`` file that a mail program opens for sending, with Bcc.

    Outlook and Thunderbird open it as a new message because of X-Unsent. The mail program adds a
    Message-ID of its own, and the sender if there is none. Raises UnwritableAddressError.
    """
    headers = [
        "X-Unsent: 1",
        *(_sender_headers(sender) if sender else ()),
        *_recipient_headers(recipients),
        *([address_header("Bcc", recipients.bcc)] if recipients.bcc else ()),
        text_header("Subject", rendered.subject),
        _date_header(date),
    ]
    return _message(headers, rendered)


def _sender_headers(sender: SenderIdentity) -> list[str]:
    headers = [address_header("From", [sender.mail])]
    if sender.reply_to is not None:
        headers.append(address_header("Reply-To", [sender.reply_to]))
    return headers


def _recipient_headers(recipients: Recipients) -> list[str]:
    lines: tuple[tuple[str, tuple[MailAddress, ...]], ...] = (
        ("To", recipients.to),
        ("Cc", recipients.cc),
    )
    return [address_header(name, people) for name, people in lines if people]


def _date_header(date: datetime) -> str:
    if date.tzinfo is None:
        raise ValueError("A date without a time zone means nothing to recipients.")
    return f"Date: {format_datetime(date.astimezone(UTC).replace(microsecond=0))}"


def _message(headers: Iterable[str], rendered: RenderedMessage) -> bytes:
    lines = [*headers, "MIME-Version: 1.0", _content(rendered)]
    message = LINE_END.join(lines)
    return (message if message.endswith(LINE_END) else message + LINE_END).encode()


def _content(rendered: RenderedMessage) -> str:
    """The message's own Content headers, an empty line, and the body."""
    text = _text_part("plain", rendered.text)
    if not rendered.html:
        return text
    html = _text_part("html", rendered.html)
    if rendered.images:
        pictures = [_picture_part(number, each) for number, each in enumerate(rendered.images, 1)]
        html = _multipart("related", [html, *pictures], '; type="text/html"')
    return _multipart("alternative", [text, html])


def _text_part(subtype: str, text: str) -> str:
    encoding, body = encode_text(text)
    return LINE_END.join(
        [
            f"Content-Type: text/{subtype}; charset=utf-8",
            f"Content-Transfer-Encoding: {encoding}",
            "",
            body,
        ]
    )


def _picture_part(number: int, image: InlineImage) -> str:
    """The file's name is made up: what recipients save must tell nothing."""
    if image.media_type not in _SUFFIXES or not _CONTENT_ID.fullmatch(image.content_id):
        raise ValueError("This picture can't be in a message.")
    name = f"picture{number}.{_SUFFIXES[image.media_type]}"
    return LINE_END.join(
        [
            f'Content-Type: {image.media_type}; name="{name}"',
            "Content-Transfer-Encoding: base64",
            f"Content-ID: <{image.content_id}>",
            f'Content-Disposition: inline; filename="{name}"',
            "",
            encode_bytes(image.content),
        ]
    )


def _multipart(subtype: str, parts: Sequence[str], parameters: str = "") -> str:
    # No encoded line can have the first two signs of it.
    boundary = f"=_{secrets.token_hex(16)}"
    type_line = f"Content-Type: multipart/{subtype}{parameters};"
    lines = [type_line, f' boundary="{boundary}"', ""]
    for part in parts:
        lines += [f"--{boundary}", part]
    return LINE_END.join([*lines, f"--{boundary}--"])
