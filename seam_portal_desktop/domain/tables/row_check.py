"""Rows that don't fit their heading. Their cells may stand beside the wrong person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seam_portal_desktop.domain.tables.conversion import RefusedCell
from seam_portal_desktop.domain.tables.mapping import Match, SheetMapping
from seam_portal_desktop.domain.tables.sheet import CellValue, Sheet
from seam_portal_desktop.domain.tables.titles.heading import row_titles
from seam_portal_desktop.domain.tables.titles.synonyms import totals
from seam_portal_desktop.domain.tables.titles.text import cell_text, is_empty, title_words
from seam_portal_desktop.texts import _, ngettext


@dataclass(frozen=True, slots=True)
class RowCheck:
    """``refused`` has a cell for each row that can't be taken, as a whole. ``short`` are the
    indexes of rows that have fewer cells than the heading, where most have as many."""

    refused: Sequence[RefusedCell]
    short: Sequence[int]


def check_rows(sheet: Sheet, mapping: SheetMapping) -> RowCheck:
    """The rows of data that are longer or shorter than the heading, repeat it, or have its sums.

    A row is too long if it has a value after the last title, in a column for which the user chose
    nothing: an unquoted comma moves all cells after it by one column.
    """
    if mapping.heading is None:
        return RowCheck((), ())
    heading = sheet.rows[mapping.heading]
    titles = row_titles(heading)
    width = len(titles)
    free = {
        at
        for at, column in enumerate(mapping.columns)
        if at >= width and column.match is Match.CHOSEN
    }
    refused: list[RefusedCell] = []
    short: list[int] = []
    full = 0
    for index in range(mapping.first_row, len(sheet.rows)):
        row = sheet.rows[index]
        if len(row) >= width:
            full += 1
        elif not all(map(is_empty, row)):
            short.append(index)
        if len(row) > width:
            extra = _first_extra(row, width, free)
            if extra is not None:
                refused.append(_too_long(sheet, index, extra, width))
                continue
        if width > 1 and row and row[0] == heading[0] and row_titles(row) == titles:
            reason = _("This row repeats the titles")
            refused.append(RefusedCell(index, 0, sheet.lines[index], reason))
    if len(sheet.rows) > mapping.first_row and _has_sums(sheet.rows[-1], width):
        index = len(sheet.rows) - 1
        reason = _("This seems to be the row with the totals")
        refused.append(RefusedCell(index, 0, sheet.lines[index], reason))
    return RowCheck(tuple(refused), tuple(short) if len(short) < full else ())


def _has_sums(row: Sequence[CellValue], width: int) -> bool:
    """Whether the row begins with 'Total', and has a title or more without a value."""
    texts = [cell_text(cell) for cell in row if not is_empty(cell)]
    return 1 < width > len(texts) > 0 and title_words(texts[0]) in totals()


def _first_extra(row: Sequence[CellValue], width: int, free: set[int]) -> int | None:
    for at in range(width, len(row)):
        if at not in free and not is_empty(row[at]):
            return at
    return None


def _too_long(sheet: Sheet, index: int, extra: int, width: int) -> RefusedCell:
    row = sheet.rows[index]
    cells = max(at for at in range(len(row)) if not is_empty(row[at])) + 1
    reason = ngettext(
        "This row has {cells} cells, but there is 1 title",
        "This row has {cells} cells, but there are {count} titles",
        width,
    ).format(cells=cells, count=width)
    return RefusedCell(index, extra, sheet.lines[index], reason)
