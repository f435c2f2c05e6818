"""Reads a message that was written here, so that people see it as it was sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from seam_portal_desktop.domain.message.address import NOBODY, MailAddress, Recipients
from seam_portal_desktop.domain.message.template import InlineImage


@dataclass(frozen=True, slots=True, repr=False)
class SentMessage:
    """A message as a mail program shows it. `date` is aware, or None if there is none.

    `html` is empty if there is none; it names its `images` as ``cid:<content_id>``.
    """

    subject: str
    text: str
    html: str = ""
    images: tuple[InlineImage, ...] = ()
    sender: MailAddress = field(default=MailAddress(""))
    recipients: Recipients = NOBODY
    date: datetime | None = None
    message_id: str = ""


def read_message(message: bytes) -> SentMessage:
    """Parse it. What is missing or damaged is empty; nothing is raised."""
    parsed = message_from_bytes(message, policy=policy.compat32)
    texts: dict[str, str] = {}
    images: list[InlineImage] = []
    for part in parsed.walk():
        kind = part.get_content_type()
        if part.is_multipart():
            continue
        if kind in ("text/plain", "text/html"):
            texts.setdefault(kind, decoded_text(part))
        elif kind.startswith("image/"):
            content_id = decoded_header(part, "content-id").strip("<> ")
            images.append(InlineImage(content_id, kind, _bytes_of(part)))
    sender = _people(parsed, "from")
    return SentMessage(
        subject=decoded_header(parsed, "subject"),
        text=texts.get("text/plain", ""),
        html=texts.get("text/html", ""),
        images=tuple(images),
        sender=sender[0] if sender else MailAddress(""),
        recipients=Recipients(_people(parsed, "to"), _people(parsed, "cc"), _people(parsed, "bcc")),
        date=_date_of(parsed),
        message_id=decoded_header(parsed, "message-id").strip(),
    )


def decoded_header(part: Message, name: str, most: int | None = None) -> str:
    """The header's text, unfolded and decoded; empty without one. `most` characters are read."""
    return decoded_words(_raw_header(part, name)[:most])


def decoded_words(text: str) -> str:
    """RFC 2047's encoded words as text. What can't be decoded stays as it is."""
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):  # HeaderParseError is a ValueError
        return text


def _raw_header(part: Message, name: str) -> str:
    # The parser has bytes that aren't ASCII as lone surrogates.
    found = (value for key, value in part.raw_items() if key.lower() == name.lower())
    value = str(next(found, "")).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"[\r\n]+", "", value)


def _people(message: Message, name: str) -> tuple[MailAddress, ...]:
    # The names are decoded last: a decoded one may have a comma.
    found = getaddresses([_raw_header(message, name)])
    return tuple(
        MailAddress(address, decoded_words(person)) for person, address in found if address
    )


def decoded_text(part: Message) -> str:
    """The text of a part, with plain line breaks."""
    charset = part.get_content_charset("utf-8")
    try:
        text = _bytes_of(part).decode(charset, "replace")
    except LookupError:
        text = _bytes_of(part).decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _bytes_of(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _date_of(message: Message) -> datetime | None:
    try:
        date = parsedate_to_datetime(_raw_header(message, "date"))
    except ValueError:
        return None
    return date if date.tzinfo is not None else None
