"""Splits the text of a recipients' field at its separators, in time that grows with its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SEPARATORS = ",;\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\uff0c\uff1b\u3001\u060c\u061b"
_SEPARATOR_SET = frozenset(_SEPARATORS)
_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_COMMAS = frozenset(",\uff0c\u3001\u060c")

# What is inside of these has no separators. Each ends on its line and has a greatest length, so
# that one that isn't closed costs little and hides nothing.
_ENCLOSED = re.compile(
    r"""
      "(?:[^"\\\n\r]|\\[^\n\r]){0,500}"
    | “[^“”\n\r]{0,300}[”“]
    | „[^„“”\n\r]{0,300}[“”]
    | «[^«»\n\r]{0,300}»
    | <[^<>\n\r]{0,1000}>
    | \([^()\n\r]{0,300}\)
    | \[[^\[\]\n\r]{0,300}\]
    """,
    re.VERBOSE,
)
_IN_APOSTROPHES = re.compile(r"['‘][^'‘’\n\r]{1,300}['’](?=\s|<|[,;]|$)")
_LINK = re.compile(r"mailto:[^\s<>\"]*[^\s<>\",;]", re.IGNORECASE)
_ORDINARY = re.compile(rf"[^{_SEPARATORS}\"“„«<(\['‘]+")
_OPENERS_OF_WORDS = frozenset("\"“„«'‘")


@dataclass(frozen=True, slots=True, repr=False)
class FieldPart:
    """`text[start:end]` between two separators, without the spaces around it.

    `before` is the separator before it: ``,``, ``;``, a tab or a line end; empty at the start.
    `line` counts from 0.
    """

    text: str
    start: int
    end: int
    before: str
    line: int

    @property
    def is_after_comma(self) -> bool:
        return self.before in _COMMAS

    @property
    def is_first_of_line(self) -> bool:
        return self.before in _LINE_ENDS or not self.before


def field_parts(text: str) -> Iterator[FieldPart]:
    """The segments that aren't empty."""
    start, before, line = 0, "", 0
    for at in _separators(text):
        segment = _trimmed(text, start, at, before, line)
        if segment is not None:
            yield segment
        elif text[at] not in _LINE_ENDS and before in _LINE_ENDS:
            start = at + 1
            continue  # an empty cell at the start of a line leaves the line's start
        before = text[at]
        line += before in _LINE_ENDS
        start = at + 1
    last = _trimmed(text, start, len(text), before, line)
    if last is not None:
        yield last


def _trimmed(text: str, start: int, end: int, before: str, line: int) -> FieldPart | None:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    part = part.strip()
    return FieldPart(part, start, start + len(part), before, line) if part else None


def _separators(text: str) -> Iterator[int]:
    at, is_word_start = 0, True
    while at < len(text):
        character = text[at]
        if character in _SEPARATOR_SET:
            yield at
            at, is_word_start = at + 1, True
            continue
        match = _LINK.match(text, at) if is_word_start else None
        match = match or _ORDINARY.match(text, at)
        if match is None and (is_word_start or character not in _OPENERS_OF_WORDS):
            enclosed = _IN_APOSTROPHES if character in "'‘" else _ENCLOSED
            match = enclosed.match(text, at)
        at = match.end() if match is not None else at + 1
        is_word_start = text[at - 1].isspace() or text[at - 1] == ":"
