"""The cells of one column, read one by one in steps that can be cancelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from seam_portal_desktop.domain.request.base import shorten
from seam_portal_desktop.domain.request.resources import MISSING, Cell, Column
from seam_portal_desktop.domain.tables.conversion import Answers, ConversionContext, Topic
from seam_portal_desktop.domain.tables.mapping import ColumnTarget
from seam_portal_desktop.domain.tables.sheet import CellValue, Progress
from seam_portal_desktop.domain.tables.values.characters import cleaned
from seam_portal_desktop.domain.tables.values.emails import read_email
from seam_portal_desktop.domain.tables.values.lists import read_list
from seam_portal_desktop.domain.tables.values.metadata import read_metadata, read_metadata_value
from seam_portal_desktop.domain.tables.values.numbers import read_number, read_whole
from seam_portal_desktop.domain.tables.values.outcomes import Noted, Outcome, Refusal
from seam_portal_desktop.domain.tables.values.texts import (
    as_text,
    code_text,
    error_in,
    is_blank,
    placeholder_in,
)
from seam_portal_desktop.domain.tables.values.zones import read_zone
from seam_portal_desktop.texts import _

_CELLS_IN_A_STEP = 500
_MOST_EXAMPLES = 3
_LONGEST_EXAMPLE = 40
_TEXT_TYPES = {str, type(None)}

CellReader = Callable[[Any], Outcome]


class Steps:
    """Reports progress in cells, so that a thread can be cancelled."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def chunks(self, count: int) -> Iterator[slice]:
        """Slices of `count` things, with a report before each."""
        for start in range(0, count, _CELLS_IN_A_STEP):
            self._progress(self._done, self._total)
            yield slice(start, min(start + _CELLS_IN_A_STEP, count))
            self._done += min(_CELLS_IN_A_STEP, count - start)


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column of the sheet: its cells below the heading, and where they go."""

    index: int
    title: str
    target: ColumnTarget
    cells: Sequence[CellValue]
    answers: Answers
    context: ConversionContext
    steps: Steps

    def answer(self, topic: Topic) -> str | None:
        return self.answers.get((self.index, topic))

    def read(self, reader: CellReader) -> list[Outcome]:
        """The outcome of each cell. Equal texts are read once. The reader gets no blank cells and
        no errors."""
        known: dict[CellValue, Outcome] = {None: MISSING}
        outcomes: list[Outcome] = []
        for chunk in self.steps.chunks(len(self.cells)):
            cells = self.cells[chunk]
            if set(map(type, cells)) <= _TEXT_TYPES:
                for cell in set(cells).difference(known):
                    known[cell] = _outcome(cell, reader)
                outcomes += map(known.__getitem__, cells)
            else:
                # 1, 1.0 and True would be one key.
                outcomes += [_outcome(cell, reader) for cell in cells]
        return outcomes


def _outcome(cell: CellValue, reader: CellReader) -> Outcome:
    if is_blank(cell):
        return MISSING
    if isinstance(cell, str) and "#" not in cell:
        return reader(cell)
    return error_in(cell) or reader(cell)


def examples(cells: Sequence[CellValue]) -> tuple[str, ...]:
    """The first different cells, for a question."""
    found: dict[str, None] = {}
    for cell in cells:
        text = as_text(cell)
        if isinstance(text, str):
            found[shorten(text, _LONGEST_EXAMPLE)] = None
        if len(found) == _MOST_EXAMPLES:
            break
    return tuple(found)


def plain_reader(target: ColumnTarget) -> CellReader:
    """The reader of a column about which nothing has to be asked."""
    if target.metadata_field is not None:
        return _read_field
    column = target.column
    match column.cell:
        case Cell.LIST:
            return _read_keys
        case Cell.WHOLE:
            return _of_number(read_whole, least=1)
        case Cell.NUMBER:
            return _of_number(read_number)
        case Cell.METADATA:
            return _of_text(read_metadata)
        case _:
            return _read_name_part if target.part is not None else _text_reader(column)


def _text_reader(column: Column) -> CellReader:
    name = column.path[-1]
    if name == "email_address":
        return _of_text(read_email)
    if name == "time_zone":
        return _of_text(read_zone)
    if name == "name":
        return _read_name
    return _read_key if name.endswith("_key") else _read_text


def _of_text(reader: Callable[[str], Outcome]) -> CellReader:
    def read(cell: CellValue) -> Outcome:
        text = as_text(cell)
        return reader(text) if isinstance(text, str) else text

    return read


def _of_number(reader: Callable[[str], Outcome], least: int | None = None) -> CellReader:
    def read(cell: CellValue) -> Outcome:
        if isinstance(cell, str):
            text: str | Refusal = cleaned(cell)
        elif isinstance(cell, int | float) and not isinstance(cell, bool):
            text = as_text(cell)
        else:
            text = ""
        value = reader(text) if isinstance(text, str) else text
        if least is not None and isinstance(value, int) and value < least:
            return Refusal(_("The least number is {least}").format(least=least))
        return value

    return read


def _read_text(cell: CellValue) -> Outcome:
    text = as_text(cell)
    return text.strip() if isinstance(text, str) else text


def _read_name(cell: CellValue) -> Outcome:
    text = _read_text(cell)
    return (placeholder_in(text) or text) if isinstance(text, str) else text


def _read_name_part(cell: CellValue) -> Outcome:
    text = _read_text(cell)
    return (placeholder_in(text, is_part=True) or text) if isinstance(text, str) else text


def _read_key(cell: CellValue) -> Outcome:
    """Only spaces are removed. Other invisible characters are shown to the user at the key."""
    text = code_text(cell)
    if not isinstance(text, str):
        return text
    key = text.strip(" ")
    if refusal := placeholder_in(key):
        return refusal
    return key if key == text else Noted(key, _("Spaces around the key were removed."))


def _read_keys(cell: CellValue) -> Outcome:
    text = code_text(cell)
    found = read_list(text) if isinstance(text, str) else text
    refusals = map(placeholder_in, found) if isinstance(found, list) else ()
    return next(filter(None, refusals), found)


def _read_field(cell: CellValue) -> Outcome:
    if isinstance(cell, bool):
        return cell
    text = as_text(cell)
    return read_metadata_value(text) if isinstance(text, str) else text
