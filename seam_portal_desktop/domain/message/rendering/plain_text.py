"""Plain texts of messages: what is taken out of names, and where the link stands."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Without tab and line feed; with halves of surrogate pairs, which can't be sent."""

_BIDI_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES_AT_END = re.compile(r"[^\S\n]+$", re.MULTILINE)
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"

_SIGNS_AFTER = ".,;:!?…·)]}>»”’\"'*_~`|"
_SIGNS_BEFORE = "([{<«“‘„‚\"'*_~`|"
"""What templates have around a link. It would become part of the link in some mail programs."""

_KEPT_AT_END = "/&?#+"
"""Encoding one of these would change where a link leads. Without the last four it leads there."""


def one_line(text: str) -> str:
    """Without line breaks, control characters, and marks that turn the direction of the rest."""
    line = _CONTROLS.sub("", " ".join(text.split()))
    return _BIDI_CONTROLS.sub("", line).strip()


def several_lines(text: str) -> str:
    """A text with plain line breaks, without control characters and spaces at the ends of lines."""
    return _SPACES_AT_END.sub("", _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)))


def isolated(name: str) -> str:
    """A name that doesn't change the order of the words around it.

    It gets marks only if it has letters that are written from right to left.
    """
    has_other_direction = any(unicodedata.bidirectional(each) in {"R", "AL"} for each in name)
    return f"{_ISOLATE}{name}{_END_ISOLATE}" if has_other_direction else name


def link_for_text(url: str) -> str:
    """The link as it is written in a plain text: it ends with a letter or a digit where it can.

    Mail and SMS programs find links by themselves. Some leave a sign at the end out, such as a full
    stop or a hyphen. Percent-encoded, it is the same link (RFC 3986, 6.2.2.2).
    """
    last = url[-1:]
    if not last or last.isalnum() or last in _KEPT_AT_END:
        return url
    return url[:-1] + "".join(f"%{byte:02X}" for byte in last.encode())


def links_alone(text: str, url: str) -> tuple[str, bool]:
    """The text with each link alone on its line, and whether it already was so.

    Signs directly around the link, such as a full stop, are dropped.
    """
    lines: list[str] = []
    was_alone = True
    for line in text.split("\n"):
        parts = line.split(url)
        if len(parts) == 1:
            lines.append(line)
            continue
        was_alone = was_alone and line.strip() == url
        for index, part in enumerate(parts):
            words = part
            if index:
                lines.append(url)
                words = words.lstrip(_SIGNS_AFTER)
            if index < len(parts) - 1:
                words = words.rstrip(_SIGNS_BEFORE)
            if words.strip():
                lines.append(words.strip())
    return "\n".join(lines).strip("\n"), was_alone
