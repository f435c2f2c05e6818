"""What the scans of all formats share."""

from __future__ import annotations

from seam_portal_desktop.domain.tables.sheet import TableRefusedError
from seam_portal_desktop.texts import _

MAX_CELLS = 20_000_000
"""Cells between the first and the last one of a sheet, empty ones too."""

Errors = dict[tuple[int, int], str]
"""What error cells show, by row and column, both from 0."""

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


def error_text(code: int) -> str:
    """What Excel shows for an error code of its binary formats."""
    return _ERROR_CODES.get(code, "#UNKNOWN!")


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
