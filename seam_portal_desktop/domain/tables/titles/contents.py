"""What the first cells of a column look like. They decide where its title leaves a doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from seam_portal_desktop.domain.request.resources import Cell, Column
from seam_portal_desktop.domain.tables.sheet import CellValue, Sheet
from seam_portal_desktop.domain.tables.titles.text import cell_text, is_empty

MOST_ROWS = 50
"""How many rows of data are looked at, however many there are."""

MOST_SAMPLES = 3
_LONGEST_SAMPLE = 80

_FEWEST_DIGITS_OF_A_PHONE = 5
_DATE = re.compile(r"\d{1,4}\s?[-./ ]\s?(\d{1,2}|[^\W\d]{3,12})\.?\s?[-./, ]\s?\d{1,4}")
_SMALL_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class ColumnContents:
    """The cells of a column in the first rows of data that aren't empty."""

    cells: tuple[CellValue, ...]
    texts: tuple[str, ...]

    @property
    def samples(self) -> tuple[str, ...]:
        """The first values, shortened, on one line each."""
        shown = (" ".join(text.split()) for text in self.texts[:MOST_SAMPLES])
        return tuple(
            text if len(text) <= _LONGEST_SAMPLE else f"{text[: _LONGEST_SAMPLE - 1]}…"
            for text in shown
        )

    @property
    def are_keys(self) -> bool:
        """Whether each is one word, most with a digit or a hyphen."""
        words = [text for text in self.texts if not any(map(str.isspace, text))]
        marked = [text for text in words if re.search(r"[\d_-]", text)]
        return len(words) == len(self.texts) and 2 * len(marked) > len(words)

    @property
    def are_names(self) -> bool:
        """Whether most are several words, without digits."""
        names = [text for text in self.texts if " " in text and not re.search(r"\d", text)]
        return 2 * len(names) > len(self.texts)

    @property
    def have_dates(self) -> bool:
        return any(isinstance(cell, date) for cell in self.cells) or any(
            _DATE.search(text) for text in self.texts
        )

    @property
    def are_small_numbers(self) -> bool:
        """Whether all are numbers from 0 to 9, as counts are."""
        return bool(self.texts) and all(map(_SMALL_NUMBER.fullmatch, self.texts))

    def contradict(self, column: Column) -> bool:
        """Whether no cell can be a value of `column`. Without cells nothing is contradicted."""
        if not self.texts:
            return False
        match column.cell:
            case Cell.MOMENT | Cell.TIME | Cell.WHOLE | Cell.NUMBER:
                return not any(re.search(r"\d", text) for text in self.texts)
            case Cell.LIST:
                return self.are_small_numbers
        match column.path[-1]:
            case "email_address":
                return not any("@" in text for text in self.texts)
            case "phone_number":
                return not any(_digits(text) >= _FEWEST_DIGITS_OF_A_PHONE for text in self.texts)
        return column.path[-1].endswith("_key") and self.are_small_numbers


def column_contents(sheet: Sheet, first_row: int, width: int) -> Sequence[ColumnContents]:
    """The contents of the first `width` columns, from the rows at `first_row` and after it."""
    columns: list[list[CellValue]] = [[] for _index in range(width)]
    for row in sheet.rows[first_row : first_row + MOST_ROWS]:
        for cells, cell in zip(columns, row, strict=False):
            if not is_empty(cell):
                cells.append(cell)
    return [ColumnContents(tuple(cells), tuple(map(cell_text, cells))) for cells in columns]


def has_part(sheet: Sheet, first_row: int, whole: int, part: int) -> bool | None:
    """Whether the column `whole` has the text of the column `part` in most rows.

    None: no row has both.
    """
    pairs = [
        (cell_text(row[whole]).casefold(), cell_text(row[part]).casefold())
        for row in sheet.rows[first_row : first_row + MOST_ROWS]
        if len(row) > max(whole, part) and not is_empty(row[whole]) and not is_empty(row[part])
    ]
    if not pairs:
        return None
    return 2 * sum(inner in outer for outer, inner in pairs) > len(pairs)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
