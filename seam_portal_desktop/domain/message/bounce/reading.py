"""Reads returned mails, which anyone may have written. Call it outside of the UI thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from email.utils import getaddresses
from html import unescape

from seam_portal_desktop.domain.message.bounce import text_forms
from seam_portal_desktop.domain.message.bounce.result import (
    Bounce,
    BouncedAddress,
    NotABounceError,
    reason_line,
    status_in,
)
from seam_portal_desktop.domain.message.mime.reading import decoded_header, decoded_text
from seam_portal_desktop.texts import _

LARGEST_BOUNCE = 10 * 1024 * 1024
"""Bytes of a file."""

_READ = 2 * 1024 * 1024
"""Bytes that are read of it. What matters comes before the attachments of the original."""

_MOST_LINES = 50_000
_MOST_MULTIPARTS = 40
"""Python's parser compares each line with the boundaries of all parts around it."""

_MOST_TEXT = 200_000
_MOST_PARTS = 200
_MOST_RECIPIENTS = 200
_LONGEST_FIELD = 2000

_OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KNOWN_STATUS_TYPE = "message/delivery-status"
_STATUS_TYPES = frozenset({_KNOWN_STATUS_TYPE, "message/global-delivery-status"})
_MAIL_TYPES = frozenset({"message/rfc822", "message/global"})
_ORIGINAL_TYPES = _MAIL_TYPES | {"text/rfc822-headers", "message/global-headers"}
_LINE_END = re.compile(rb"\r\n|\r|\n")
_ID = re.compile(r"<[!-;=?-~]{3,300}>")
_TAG = re.compile(r"<[^<>]*>")
_FAILED, _DELAYED = "failed", "delayed"


def read_bounce(content: bytes) -> Bounce:
    """What a returned mail tells. `content` is an ``.eml`` file of at most LARGEST_BOUNCE.

    Raises NotABounceError, also for automatic replies, receipts and notes of success.
    """
    if len(content) > LARGEST_BOUNCE:
        raise _refused(_("The file is too large for a returned mail."))
    if content.startswith(_OUTLOOK):
        raise _refused(
            _("Outlook’s own files (.msg) can’t be read. Save the mail as a file with .eml.")
        )
    if len(re.findall(rb"multipart/", content[:_READ], re.IGNORECASE)) > _MOST_MULTIPARTS:
        raise _refused(_too_deep())
    lines = _LINE_END.split(content[:_READ], _MOST_LINES)[:_MOST_LINES]
    try:
        return _read(message_from_bytes(b"\n".join(lines), policy=policy.compat32))
    except RecursionError:
        raise _refused(_too_deep()) from None


def _read(mail: Message) -> Bounce:
    parts = list(_parts(mail))
    blocks = [block for part in parts for block in _blocks(part)]
    reports = [each for block in blocks if (each := _report(block)) is not None]
    if reports:
        return _structured(reports, _message_ids(mail, parts, blocks, mail))
    _refuse_other_reports(mail, parts)
    for level in _mails(parts):
        text = _own_text(level)
        if text_forms.looks_returned(_field(level, "from"), _field(level, "subject"), text):
            recipients = text_forms.recipients_in(text, _people(mail) | _people(level))
            message_ids = _message_ids(mail, parts, blocks, level)
            return Bounce(message_ids, recipients[:_MOST_RECIPIENTS], not text_forms.is_delay(text))
    raise _refused(_no_bounce(mail))


def _structured(reports: list[tuple[str, BouncedAddress]], ids: tuple[str, ...]) -> Bounce:
    """Of RFC 3464's blocks, one for each recipient. Failures count more than delays."""
    for wanted in (_FAILED, _DELAYED):
        unique = {each.address.lower(): each for action, each in reports[::-1] if action == wanted}
        if unique:
            recipients = tuple(unique.values())[::-1][:_MOST_RECIPIENTS]
            return Bounce(ids, recipients, is_permanent=wanted == _FAILED)
    raise _refused(_("It tells that a mail was delivered."))


def _parts(mail: Message) -> Iterator[Message]:
    """All parts, those of mails inside of it too, from outside to inside."""
    for number, part in enumerate(mail.walk()):
        if number == _MOST_PARTS:
            return
        yield part


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a delivery status."""
    if part.get_content_type() not in _STATUS_TYPES:
        return []
    payload = part.get_payload()
    groups = payload if isinstance(payload, list) else [part]
    blocks = [each for each in groups if isinstance(each, Message)]
    if part.get_content_type() == _KNOWN_STATUS_TYPE:
        return blocks
    # The parser takes the first group for the headers of a mail and the others for its text.
    rest = re.split(r"\n[ \t]*\n", "\n\n".join(map(decoded_text, blocks))[:_MOST_TEXT])
    return [*blocks, *(message_from_string(group.strip("\n") + "\n\n") for group in rest)]


def _report(block: Message) -> tuple[str, BouncedAddress] | None:
    """What became of one recipient. None for the group about the whole mail."""
    action = _field(block, "action").partition(" ")[0].strip().lower()
    address = _typed(block, "original-recipient") or _typed(block, "final-recipient")
    if not action or not address:
        return None
    reason = _typed(block, "diagnostic-code")
    status = status_in(_field(block, "status")) or status_in(reason)
    return action, BouncedAddress(address, status, reason_line(reason))


def _field(block: Message, name: str) -> str:
    return decoded_header(block, name, _LONGEST_FIELD).strip()


def _typed(block: Message, name: str) -> str:
    """A field such as ``rfc822; ann@example.com`` without its type."""
    kind, separator, value = _field(block, name).partition(";")
    return (value if separator else kind).strip().strip("<>").strip()


def _message_ids(
    mail: Message, parts: list[Message], blocks: list[Message], returned: Message
) -> tuple[str, ...]:
    """First the returned mail's own, which is the innermost; last what the answer refers to."""
    found: list[str] = []
    for part in reversed(parts):
        if part.get_content_type() not in _ORIGINAL_TYPES:
            continue
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        if isinstance(inner, Message):
            found += _ID.findall(_field(inner, "message-id"))
        else:
            found += text_forms.message_ids_in(decoded_text(part)[:_MOST_TEXT])
    for block in blocks:
        found += _ID.findall(_field(block, "x-original-message-id"))
    for level in reversed(_mails(parts)):
        found += text_forms.message_ids_in(_own_text(level))
    for name in ("in-reply-to", "references"):
        found += _ID.findall(_field(mail, name))[::-1]
    others = {_field(mail, "message-id"), _field(returned, "message-id")}
    return tuple(each for each in dict.fromkeys(found) if each not in others)


def _mails(parts: list[Message]) -> list[Message]:
    """The mail, and those that are attached to it."""
    attached = [part.get_payload() for part in parts if part.get_content_type() in _MAIL_TYPES]
    inner = [each[0] for each in attached if isinstance(each, list) and each]
    return [parts[0], *(each for each in inner if isinstance(each, Message))]


def _own_text(mail: Message) -> str:
    """The words of a mail without those of mails that are attached to it. Those of HTML only
    where there are no others, and without tags."""
    plain, html = [], []
    for part in _own_parts(mail):
        if part.get_content_type() == "text/plain":
            plain.append(decoded_text(part)[:_MOST_TEXT])
        elif part.get_content_type() == "text/html":
            html.append(_TAG.sub(" ", decoded_text(part)[:_MOST_TEXT]))
    words = plain if any(each.strip() for each in plain) else [unescape(each) for each in html]
    return "\n\n".join(words)[:_MOST_TEXT]


def _own_parts(mail: Message) -> Iterator[Message]:
    pending, seen = [mail], 0
    while pending and seen < _MOST_PARTS:
        part, seen = pending.pop(0), seen + 1
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() != "message":
            pending = [each for each in payload if isinstance(each, Message)] + pending
        else:
            yield part


def _people(mail: Message) -> frozenset[str]:
    """The addresses in a mail's headers, in small letters: none of them is a recipient of the
    returned one."""
    return frozenset(
        address.lower()
        for name in ("from", "to", "cc", "reply-to", "delivered-to")
        for _name, address in getaddresses([_field(mail, name)])
    )


def _refuse_other_reports(mail: Message, parts: list[Message]) -> None:
    kinds = {each.get_content_type() for each in parts}
    if "message/disposition-notification" in kinds:
        raise _refused(_("It is a receipt: somebody opened a mail, or deleted it."))
    if "message/feedback-report" in kinds:
        raise _refused(_("It is a complaint about a mail. No mail came back."))
    automatic = _field(mail, "auto-submitted").lower()
    if automatic.startswith("auto-replied") and not re.search(
        "mailer-daemon|postmaster", _field(mail, "from"), re.IGNORECASE
    ):
        raise _refused(_automatic_reply())


def _no_bounce(mail: Message) -> str:
    automatic = _field(mail, "auto-submitted").lower()
    is_reply = automatic.startswith("auto-") or any(
        name in mail for name in ("x-autoreply", "x-autorespond", "x-auto-reply")
    )
    return _automatic_reply() if is_reply else _("It doesn’t tell that a mail came back.")


def _too_deep() -> str:
    return _("It has too many mails inside each other.")


def _automatic_reply() -> str:
    return _("It is an automatic reply, such as that somebody is away. The mail has arrived.")


def _refused(why: str) -> NotABounceError:
    return NotABounceError(_("This is not a returned mail"), why)
