"""Finds the entries in the text of a recipients' field: what belongs to one recipient."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from seam_portal_desktop.domain.message.recipients.field_parts import FieldPart, field_parts
from seam_portal_desktop.domain.message.recipients.forms import meant_address

_MOST_PARTS_OF_NAME = 4
_AT = "@＠﹫"
_HEADING = re.compile(r"e-?mails?\b|mail|name", re.IGNORECASE)
_WITHOUT_ENDING = re.compile(r"[^\s@<>]+@[^\s@<>.]+")
_ENDING = re.compile(r"(?:com|net|org|info|eu|[a-z]{2})(?:\.[a-z]{2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class FieldEntry:
    """The part of the text that should have a recipient, or several without separators."""

    text: str
    start: int
    end: int
    name: str = ""
    suggestion: str | None = None
    has_address: bool = True
    next_address: str = ""
    is_single: bool = True


def field_entries(text: str) -> Iterator[FieldEntry]:
    lines = [list(line) for _number, line in groupby(field_parts(text), lambda each: each.line)]
    is_table = _is_table(lines)
    waiting: list[FieldPart] = []
    for number, line in enumerate(lines):
        is_row = _has_one_address(line) and (is_table or any(each.before == "\t" for each in line))
        if is_table and number == 0 and not any(map(_has_at, line)):
            continue  # the titles of the columns
        if is_row and not _is_bracketed(next(filter(_has_at, line))):
            yield from map(_without_address, waiting)
            waiting = []
            yield _row(line)
            continue
        for part in _with_commas_for_dots(text, line):
            yield from _next(text, part, waiting)
    yield from map(_without_address, waiting)


def _with_commas_for_dots(text: str, line: Sequence[FieldPart]) -> Iterator[FieldPart]:
    """``ann@gmail,com`` is one part, which is no address."""
    parts = list(line)
    for number, part in enumerate(parts):
        following = parts[number + 1] if number + 1 < len(parts) else None
        is_cut = (
            following is not None
            and following.is_after_comma
            and _WITHOUT_ENDING.fullmatch(part.text)
            and _ENDING.fullmatch(following.text)
        )
        if is_cut and following is not None:
            whole = text[part.start : following.end]
            parts[number + 1] = replace(part, text=whole, end=following.end)
        else:
            yield part


def _next(text: str, part: FieldPart, waiting: list[FieldPart]) -> Iterator[FieldEntry]:
    """The entries that end with `part`. `waiting` are parts that may be parts of a name."""
    if not _has_at(part):
        if len(waiting) >= _MOST_PARTS_OF_NAME:
            yield _without_address(waiting.pop(0))
        waiting.append(part)
        return
    parts = _parts_of_name(part, waiting)
    for left in waiting[: len(waiting) - len(parts)]:
        yield _without_address(left)
    waiting.clear()
    if not parts:
        yield FieldEntry(part.text, part.start, part.end)
    elif _is_bracketed(part):
        start = parts[0].start
        joined = " ".join(text[start : part.end].split())
        yield FieldEntry(joined, start, part.end)
    else:
        yield from map(_without_address, parts[:-1])
        yield _perhaps_name(parts[-1], part)
        yield FieldEntry(part.text, part.start, part.end)


def _parts_of_name(part: FieldPart, waiting: Sequence[FieldPart]) -> list[FieldPart]:
    """The last of `waiting`, if they belong to the address of `part`: Miller, Ann <ann@…>."""
    if part.text.startswith("<") and part.is_first_of_line:
        is_next_line = bool(waiting) and waiting[-1].line == part.line - 1
        return list(waiting[-1:]) if is_next_line else []
    parts: list[FieldPart] = []
    following = part
    for earlier in reversed(waiting):
        if not following.is_after_comma or earlier.line != part.line:
            break
        parts.insert(0, earlier)
        following = earlier
    return parts


def _is_table(lines: Sequence[Sequence[FieldPart]]) -> bool:
    """Whether each line has one address and other cells, and isn't `Miller, Ann <ann@…>`."""
    has_titles = (
        len(lines) > 1
        and not any(map(_has_at, lines[0]))
        and len(lines[0]) > 1
        and any(_HEADING.search(each.text) for each in lines[0])
    )
    rows = lines[1:] if has_titles else lines
    return (has_titles or len(rows) > 1) and all(
        len(row) > 1 and _has_one_address(row) for row in rows
    )


def _row(line: Sequence[FieldPart]) -> FieldEntry:
    """The address of a table's row, with its name: the nearest cell before it, else after it."""
    at = next(number for number, each in enumerate(line) if _has_at(each))
    cell = line[at]
    names = [each for each in (*line[:at], *line[at + 1 :]) if _is_name(each.text)]
    name = " ".join(names[0].text.strip("\"'").split()) if names else ""
    return FieldEntry(cell.text, line[0].start, line[-1].end, name)


def _is_name(text: str) -> bool:
    return any(each.isalpha() for each in text) and not any(each.isdecimal() for each in text)


def _without_address(part: FieldPart) -> FieldEntry:
    meant = meant_address(part.text)
    return FieldEntry(part.text, part.start, part.end, suggestion=meant, has_address=False)


def _perhaps_name(part: FieldPart, following: FieldPart) -> FieldEntry:
    """``Ann Miller, ann@example.com``: it may be the address's name, or another recipient."""
    if " " not in part.text or " " in following.text:
        return _without_address(part)
    return FieldEntry(
        part.text, part.start, following.end, has_address=False, next_address=following.text
    )


def _has_at(part: FieldPart) -> bool:
    return any(each in part.text for each in _AT)


def _has_one_address(line: Sequence[FieldPart]) -> bool:
    return sum(map(_has_at, line)) == 1


def _is_bracketed(part: FieldPart) -> bool:
    return "<" in part.text
