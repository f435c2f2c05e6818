"""What the scans of all formats share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from seam_portal_desktop.domain.tables.sheet import TableRefusedError
from seam_portal_desktop.texts import _

MAX_CELLS = 20_000_000
"""Cells between the first and the last one of a sheet, empty ones too."""

Position = tuple[int, int]
"""Row and column, both from 0."""

_ERROR_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


@dataclass(frozen=True, slots=True)
class SheetScan:
    """``errors`` are the texts of error cells, empty for a formula that was never computed.
    ``digits`` says with how many digits a whole number is shown: a door code 0423 is the number 423
    with the format 0000. ``merged`` has the first and the last cell of an area that is shown as one
    cell, as far as calamine doesn't tell."""

    errors: dict[Position, str] = field(default_factory=dict)
    digits: dict[Position, int] = field(default_factory=dict)
    merged: list[tuple[Position, Position]] = field(default_factory=list)


def least_digits(number_format: str) -> int:
    """4 for the format 0000; 0 for a format that doesn't show leading zeros only."""
    first = number_format.partition(";")[0]
    return len(first) if _ZEROS.fullmatch(first) else 0


def error_text(code: int) -> str:
    """What Excel shows for an error code of its binary formats."""
    return _ERROR_CODES.get(code, "#UNKNOWN!")


_ZEROS = re.compile(r"0{2,30}")


def refuse_large(rows: int, columns: int) -> None:
    """Raise TableRefusedError if a sheet that reaches so far is too large."""
    if rows * columns > MAX_CELLS:
        raise TableRefusedError(
            _("The sheet is too large."),
            _(
                "Its cells reach to row {row:,} and column {column:,}. Delete what isn't part of "
                "the table, or copy the table to a sheet of its own."
            ).format(row=rows, column=columns),
        )
