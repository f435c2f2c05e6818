"""What a returned mail tells. All of it was written by others, so none of it is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seam_portal_desktop.domain.errors import UserFacingError

_LONGEST_REASON = 300
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"(?<![\d.:-])([45])[0-7]\d(?!\d|[.:]\d)")


class NotABounceError(UserFacingError):
    """A file is no returned mail. The message says what it is instead, if that is known."""


@dataclass(frozen=True, slots=True, repr=False)
class BouncedAddress:
    """`status` is RFC 3463's code, such as ``5.1.1``, or empty. `reason` is one line of the
    server's words, or empty."""

    address: str
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Bounce:
    """`message_ids` may be the original's, such as ``<7b0c…@example.com>``, the likeliest first.

    `is_permanent` is False while the mail server goes on trying. `recipients` may be empty: some
    servers don't name them.
    """

    message_ids: tuple[str, ...]
    recipients: tuple[BouncedAddress, ...]
    is_permanent: bool


def status_in(text: str) -> str:
    """RFC 3463's code in a text, or one with the class of the SMTP code in it, or empty."""
    if found := _STATUS.search(text):
        return found[1]
    if found := _CODE.search(text):
        return f"{found[1]}.0.0"
    return ""


def reason_line(text: str) -> str:
    """A server's words as one line of limited length."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 1]}…"
