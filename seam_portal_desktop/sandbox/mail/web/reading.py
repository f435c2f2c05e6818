"""A received message as people read it. Its sender decides every byte, so nothing is relied on."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage

_MAX_HEADERS = 64 * 1024
_MAX_SHOWN = 1024 * 1024
_SHOWN_HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID")
_CID = re.compile(r"cid:([^\"'\s>)]+)")


@dataclass(frozen=True, slots=True)
class ReadableMail:
    """``html`` and ``text`` are the bodies, or None. Pictures of the mail are in ``html`` as
    ``data:`` addresses. ``attachments`` are the names of other parts."""

    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    attachments: tuple[str, ...]


def subject_of(raw: bytes) -> str:
    """Empty if there is none."""
    return _header(_head(raw), "Subject")


def read_mail(raw: bytes) -> ReadableMail:
    """What can be read of it. Without a body if the message is too broken."""
    try:
        return _read(_parsed(raw))
    except Exception:  # noqa: BLE001 - the library raises errors of many kinds for broken messages
        return ReadableMail(_headers(_head(raw)), None, None, ())


def _read(message: EmailMessage) -> ReadableMail:
    text, html, pictures, attachments = None, None, {}, []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and text is None and not part.get_filename():
            text = _text(part)
        elif kind == "text/html" and html is None and not part.get_filename():
            html = _text(part)
        elif kind.startswith("image/") and (cid := _header(part, "Content-ID").strip("<> ")):
            data = base64.b64encode(_bytes(part)).decode()
            pictures[cid] = f"data:{kind};base64,{data}"
        else:
            attachments.append(part.get_filename() or kind)
    if html is not None:
        html = _CID.sub(lambda match: pictures.get(match[1], match[0]), html)
    return ReadableMail(_headers(message), text, html, tuple(attachments))


def _head(raw: bytes) -> EmailMessage:
    return _parsed(raw[:_MAX_HEADERS].partition(b"\r\n\r\n")[0] + b"\r\n\r\n")


def _headers(message: EmailMessage) -> tuple[tuple[str, str], ...]:
    headers = ((name, _header(message, name)) for name in _SHOWN_HEADERS)
    return tuple((name, value) for name, value in headers if value)


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name, ""))
    except Exception:  # noqa: BLE001 - the library raises errors of many kinds for broken headers
        value = "(can’t be read)"
    # Bytes that aren't UTF-8 are surrogates, which can't be written to a page.
    return value.encode("utf-8", "replace").decode()


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: EmailMessage) -> str:
    try:
        charset = part.get_content_charset() or "utf-8"
        text = _bytes(part).decode(charset, "replace")
    except LookupError:
        text = _bytes(part).decode("utf-8", "replace")
    return text[:_MAX_SHOWN]
