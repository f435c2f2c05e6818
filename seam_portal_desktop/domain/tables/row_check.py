"""Rows that are no data, or don't fit their heading. Their cells may stand beside the wrong
person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import whitespace

from seam_portal_desktop.domain.request.resources import ResourceKind
from seam_portal_desktop.domain.tables.conversion import RefusedCell
from seam_portal_desktop.domain.tables.mapping import Match, SheetMapping
from seam_portal_desktop.domain.tables.sheet import CellValue, Sheet
from seam_portal_desktop.domain.tables.titles.heading import are_titles, row_titles
from seam_portal_desktop.domain.tables.titles.synonyms import totals
from seam_portal_desktop.domain.tables.titles.text import cell_text, is_empty, title_words
from seam_portal_desktop.texts import _, ngettext

_MARK = "\ufeff"
"""A byte order mark. It is before the titles of a file that was added to another one."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """``refused`` has a cell for each row that can't be taken, as a whole. ``short`` are the
    indexes of rows that have fewer cells than the heading, where most have as many."""

    refused: Sequence[RefusedCell]
    short: Sequence[int]


def check_rows(sheet: Sheet, mapping: SheetMapping) -> RowCheck:
    """The rows of data that are longer or shorter than the heading, repeat it, or have its sums;
    notes and names of groups between the rows; and all rows under other titles.

    A row is too long if it has a value after the last title, in a column for which the user chose
    nothing: an unquoted comma moves all cells after it by one column.
    """
    if mapping.heading is None:
        return RowCheck((), ())
    titles = _Titles(row_titles(sheet.rows[mapping.heading]), mapping.kind)
    width = len(titles.texts)
    free = {
        at
        for at, column in enumerate(mapping.columns)
        if at >= width and column.match is Match.CHOSEN
    }
    notes = _notes(sheet.rows, mapping.first_row) if width > 1 else set()
    refused: list[RefusedCell] = []
    short: list[int] = []
    full = 0
    for index in range(mapping.first_row, len(sheet.rows)):
        row = sheet.rows[index]
        if len(row) >= width:
            full += 1
        elif not all(map(is_empty, row)):
            short.append(index)
        at = 0
        reason = titles.reason(row) if width > 1 else ""
        if reason:
            pass
        elif len(row) > width and (extra := _first_extra(row, width, free)) is not None:
            at = extra
            reason = _too_long(row, width)
        elif _has_sums(row, width):
            reason = _("This seems to be the row with the totals")
        elif index in notes:
            reason = _("This row has one value only, as a note or the name of a group has")
        if reason:
            refused.append(RefusedCell(index, at, sheet.lines[index], reason))
    return RowCheck(tuple(refused), tuple(short) if len(short) < full else ())


class _Titles:
    """Finds headings among the rows of data."""

    def __init__(self, texts: Sequence[str], kind: ResourceKind) -> None:
        self.texts = texts
        self._folded = [text.casefold() for text in texts]
        self._known = frozenset(filter(None, self._folded))
        starts = "".join(title[0] for title in self._known)
        self._starts = frozenset(["", *starts, *starts.upper(), *_MARK, *whitespace, "\xa0"])
        self._kind = kind
        self._is_under_others = False

    def reason(self, row: Sequence[CellValue]) -> str:
        """Why the row isn't taken; empty if it is data. Call it for one row after the other: those
        below the titles of another table belong to them."""
        first = row[0] if row else ""
        if isinstance(first, str) and first[:1] not in self._starts and not self._is_under_others:
            return ""  # at once, since most rows are such
        if self._is_possible(row):
            found = row_titles(row)
            if [title.strip(_MARK).casefold() for title in found] == self._folded:
                self._is_under_others = False
                return _("This row repeats the titles")
            if are_titles(found, self._kind):
                self._is_under_others = True
        is_data = not self._is_under_others or all(map(is_empty, row))
        return "" if is_data else _("This row belongs to other titles")

    def _is_possible(self, row: Sequence[CellValue]) -> bool:
        """Whether the row begins with one of the titles, as a row of data rarely does."""
        for cell in row:
            if not is_empty(cell):
                return isinstance(cell, str) and _folded(cell) in self._known
        return False


def _folded(cell: str) -> str:
    return " ".join(cell.strip(_MARK).split()).casefold()


def _notes(rows: Sequence[Sequence[CellValue]], first: int) -> set[int]:
    """The rows with one value that is no key, since two of three things are true: it has spaces, a
    blank row is between it and the table, and as many rows or more have several values."""
    single: list[int] = []
    count = 0
    below = len(rows)
    for index in range(first, len(rows)):
        row = rows[index]
        # The first two cells tell of most rows.
        is_data = len(row) > 1 and row[0] and row[1]
        values = 2 if is_data else len(row) - row.count("") - row.count(None)
        if values > 1:
            count += 1
            below = len(rows)
        elif values == 1:
            single.append(index)
        elif count:
            below = min(below, index)
    is_usual = count < len(single)
    return {
        index
        for index in single
        if (index > below, _has_words(rows[index]), not is_usual).count(True) > 1
    }


def _has_words(row: Sequence[CellValue]) -> bool:
    return any(isinstance(cell, str) and len(cell.split()) > 1 for cell in row)


def _has_sums(row: Sequence[CellValue], width: int) -> bool:
    """Whether the row begins with 'Total', and there is another column."""
    if width <= 1 or (len(row) >= width and "" not in row and None not in row):
        return False
    text = next((cell_text(cell) for cell in row if not is_empty(cell)), "")
    # Keys have digits, and need no closer look.
    is_possible = text.rstrip(":. ").replace(" ", "").isalpha()
    return is_possible and title_words(text) in totals()


def _first_extra(row: Sequence[CellValue], width: int, free: set[int]) -> int | None:
    for at in range(width, len(row)):
        if at not in free and not is_empty(row[at]):
            return at
    return None


def _too_long(row: Sequence[CellValue], width: int) -> str:
    cells = max(at for at in range(len(row)) if not is_empty(row[at])) + 1
    return ngettext(
        "This row has {cells} cells, but there is 1 title",
        "This row has {cells} cells, but there are {count} titles",
        width,
    ).format(cells=cells, count=width)
