"""Texts that a spreadsheet would compute, written so that it doesn't."""

from __future__ import annotations

import re

from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.texts import _

REASON_TITLE = _("What is wrong")
"""The title of the column that this program adds to rows with problems."""

# OWASP, CSV injection. The last four signs are the full-width characters of East Asian keyboards.
# Spreadsheets also leave out spaces in front of a formula.
_FORMULA = re.compile(
    r"'*(?:[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might compute `text`, or a text of that kind has apostrophes before."""
    return _FORMULA.match(text) is not None


def without_formula(text: str) -> str:
    """`text`, with an apostrophe in front if a spreadsheet would read it as a formula."""
    return f"'{text}" if is_formula(text) else text


def restored(text: str) -> str:
    """The text that without_formula() was given, whatever it was."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


def restored_sheet(sheet: Sheet) -> Sheet:
    """The cells of a CSV file that this program has written, without the apostrophes that it put
    before formulas. Other files stay as they are: an apostrophe in them belongs to the text."""
    if not sheet.rows or REASON_TITLE not in sheet.rows[0]:
        return sheet
    rows = [
        [restored(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.rows
    ]
    return Sheet(rows, sheet.lines)
