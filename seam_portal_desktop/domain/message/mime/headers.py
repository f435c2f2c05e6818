"""Header lines of a message.

They are written here and not by Python's `email` package: 3.11 and 3.12 lose spaces of folded
subjects, 3.13.0 joins words (https://github.com/python/cpython/issues/92081).
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable, Sequence

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.mime.addresses import header_address

LINE_END = "\r\n"

_LONGEST_LINE = 76
"""RFC 2047's limit for lines with encoded words."""

_LONGEST_WORD = 64
"""Of 75 that RFC 2047 allows: it still fits behind the longest name of a header."""

_Q_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""What may stand for itself in names of people, too."""

_NO_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, halves of surrogate pairs, and line and paragraph breaks."""


def text_header(name: str, text: str) -> str:
    """A header with free text, such as the subject, folded. A line break in it becomes a space."""
    clean = _one_line(text)
    tokens = clean.split(" ") if _is_plain(clean) else _encoded_words(clean)
    return _fold(name, tokens)


def address_header(name: str, addresses: Sequence[MailAddress]) -> str:
    """A header with addresses, folded. Raises UnwritableAddressError."""
    tokens: list[str] = []
    for index, each in enumerate(addresses):
        comma = "," if index < len(addresses) - 1 else ""
        written = header_address(each.address)
        person = _one_line(each.name).strip()
        if person:
            tokens += [*_phrase(person), f"<{written}>{comma}"]
        else:
            tokens.append(f"{written}{comma}")
    return _fold(name, tokens)


def _one_line(text: str) -> str:
    return "".join(" " if unicodedata.category(each) in _NO_TEXT else each for each in text)


def _is_plain(text: str) -> bool:
    """Whether it can be folded at its spaces without any change."""
    words = text.split(" ")
    return (
        text.isascii()
        and "=?" not in text
        and (all(words) or not text)
        and all(len(word) <= _LONGEST_WORD for word in words)
    )


def _phrase(name: str) -> list[str]:
    is_plain = (
        name.isascii() and len(name) < _LONGEST_WORD - 1 and not re.search(r'["\\]|=\?', name)
    )
    return [f'"{name}"'] if is_plain else _encoded_words(name)


def _encoded_words(text: str) -> list[str]:
    """The whole text as RFC 2047's encoded words, spaces too: between words none counts."""
    by_q, by_b = _pack(text, "Q", _q), _pack(text, "B", _b)
    return min(by_q, by_b, key=lambda words: sum(map(len, words)))


def _pack(text: str, encoding: str, encode: Callable[[str], str]) -> list[str]:
    """Words of whole characters. They end after a space if one is near: some programs show a space
    between two of them, against the standard."""
    start, end = f"=?UTF-8?{encoding}?", "?="
    room = _LONGEST_WORD - len(start) - len(end)
    words: list[str] = []
    taken = ""
    for character in text:
        if taken and len(encode(taken + character)) > room:
            after_space = taken.rfind(" ") + 1
            cut = after_space if after_space > len(taken) // 2 else len(taken)
            words.append(taken[:cut])
            taken = taken[cut:]
        taken += character
    return [f"{start}{encode(word)}{end}" for word in (*words, taken)]


def _q(text: str) -> str:
    return "".join(
        each
        if each in _Q_SAFE
        else "_"
        if each == " "
        else "".join(f"={byte:02X}" for byte in each.encode())
        for each in text
    )


def _b(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _fold(name: str, tokens: Sequence[str]) -> str:
    """The tokens with one space between two, on several lines if need be. The first line is never
    empty, which some programs can't read."""
    lines = [f"{name}: {tokens[0]}"]
    for token in tokens[1:]:
        if len(lines[-1]) + 1 + len(token) <= _LONGEST_LINE:
            lines[-1] += f" {token}"
        else:
            lines.append(f" {token}")
    return LINE_END.join(lines)
