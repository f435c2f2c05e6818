"""Plain texts of messages: what is taken out of names, and where the link stands."""

from __future__ import annotations

import re
import unicodedata

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_KEPT_CONTROLS = frozenset("\n\t")

_SIGNS_AFTER = ".,;:!?…·)]}>»”’\"'*_~`|"
_SIGNS_BEFORE = "([{<«“‘„‚\"'*_~`|"
"""What templates have around a link. It would become part of the link in some mail programs."""


def one_line(text: str) -> str:
    """Without line breaks, control characters, and marks that turn the direction of the rest."""
    line = _without_controls(" ".join(text.split()), frozenset())
    return "".join(each for each in line if each not in _BIDI_CONTROLS).strip()


def several_lines(text: str) -> str:
    """A text with plain line breaks, without control characters and spaces at the ends of lines."""
    lines = re.split(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", text)
    return "\n".join(_without_controls(line, _KEPT_CONTROLS).rstrip() for line in lines)


def isolated(name: str) -> str:
    """A name that doesn't change the order of the words around it.

    It gets marks only if it has letters that are written from right to left.
    """
    has_other_direction = any(unicodedata.bidirectional(each) in {"R", "AL"} for each in name)
    return f"{_ISOLATE}{name}{_END_ISOLATE}" if has_other_direction else name


def links_alone(text: str, url: str) -> tuple[str, bool]:
    """The text with each link alone on its line, and whether it already was so.

    Signs directly around the link, such as a full stop, are dropped.
    """
    lines: list[str] = []
    was_alone = True
    for line in text.split("\n"):
        parts = line.split(url)
        if len(parts) == 1:
            lines.append(line.rstrip())
            continue
        was_alone = was_alone and not any(each.strip() for each in parts)
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


def _without_controls(text: str, kept: frozenset[str]) -> str:
    return "".join(
        each for each in text if each in kept or unicodedata.category(each) not in {"Cc", "Cs"}
    )
