"""Finds the row with the titles, under lines that a program wrote above its table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from seam_portal_desktop.domain.request.resources import ResourceKind
from seam_portal_desktop.domain.tables.sheet import CellValue, Sheet
from seam_portal_desktop.domain.tables.titles.targets import title_target
from seam_portal_desktop.domain.tables.titles.text import LONGEST_TITLE, cell_text, is_empty

MOST_COLUMNS = 1000
"""How many columns of a sheet are mapped. Cells after them are refused."""

_MOST_ROWS_ABOVE = 30
_ROWS_BELOW = 50
_MOST_CELLS_OF_A_TITLE_LINE = 2
_SURE = 3
"""So many known titles are a heading even if some other cells look like values."""

_DATA = re.compile(r"@|^[+(]?\d[\d\s()./:,+-]*$|^\w*\d\w*[-_]?\w*$|^[\w.]+-\d[\w-]*$")
"""What no title looks like: an address, a number, a date, a key with digits."""


def row_titles(row: Sequence[CellValue]) -> tuple[str, ...]:
    """The cells of a heading as titles on one line, without empty ones at its end."""
    titles = [" ".join(cell_text(cell).split())[:LONGEST_TITLE] for cell in row[:MOST_COLUMNS]]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def find_heading(
    sheet: Sheet, kind: ResourceKind, is_remembered: Callable[[Sequence[str]], bool]
) -> int | None:
    """The index of the row with the titles, or None.

    A single cell has no heading: it can be a value that reads like a title.
    """
    best, most_known = None, 0
    is_after_blank = True
    most_above = 0
    for index, row in enumerate(sheet.rows[:_MOST_ROWS_ABOVE]):
        titles = row_titles(row)
        filled = sum(map(bool, titles))
        if filled == 0:
            is_after_blank = True
            continue
        if is_remembered(titles):
            return index
        # The lines above a table are short. What follows a row as long as itself is data.
        is_possible = (
            most_above < filled or is_after_blank
            if most_above <= _MOST_CELLS_OF_A_TITLE_LINE
            else 2 * most_above <= filled
        )
        known = _known_titles(sheet, kind, index, titles) if is_possible else 0
        if known > most_known:
            best, most_known = index, known
        most_above = max(most_above, filled)
        is_after_blank = False
    return best if _cells(sheet) > 1 else None


def _cells(sheet: Sheet) -> int:
    """How many cells have a value: none, one, or more."""
    count = 0
    for row in sheet.rows:
        count += sum(not is_empty(cell) for cell in row)
        if count > 1:
            break
    return count


def _known_titles(sheet: Sheet, kind: ResourceKind, index: int, titles: Sequence[str]) -> int:
    """How many titles are known; 0 if the row is no heading."""
    filled = sum(map(bool, titles))
    known = [
        column
        for column, title in enumerate(titles)
        if title and title_target(title, kind, may_be_alike=False).is_known
    ]
    values = sum(
        1 for column, title in enumerate(titles) if column not in known and _DATA.search(title)
    )
    is_enough = 2 * len(known) >= filled or _is_above_values(sheet, index, len(titles))
    fewest = _SURE if values else 1 if is_enough else 2
    if len(known) < max(fewest, 2 * values) or _is_repeated(sheet, kind, index, known):
        return 0
    return len(known)


def _is_above_values(sheet: Sheet, index: int, width: int) -> bool:
    """Whether the row below has cells that no title looks like."""
    below = sheet.rows[index + 1 : index + 2]
    return any(_DATA.search(cell_text(cell)) for row in below for cell in row[:width])


def _is_repeated(sheet: Sheet, kind: ResourceKind, index: int, known: Sequence[int]) -> bool:
    """Whether the known titles are values further down. A heading may be repeated, and another
    table may follow with its own."""
    titles = row_titles(sheet.rows[index])
    for row in sheet.rows[index + 1 : index + 1 + _ROWS_BELOW]:
        values = row_titles(row)
        same = sum(column < len(values) and values[column] == titles[column] for column in known)
        if 2 * same >= len(known) and values != titles and not are_titles(values, kind):
            return True
    return False


def are_titles(texts: Sequence[str], kind: ResourceKind) -> bool:
    """Whether there are two or more texts, and all of them are known titles."""
    found = [text for text in texts if text]
    return len(found) > 1 and all(
        title_target(text, kind, may_be_alike=False).is_known for text in found
    )
