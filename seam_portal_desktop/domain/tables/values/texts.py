"""Typed cells of spreadsheets as texts."""

from __future__ import annotations

import math
import re
from datetime import date, time, timedelta
from typing import Any

from seam_portal_desktop.domain.tables.formulas import restored
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell
from seam_portal_desktop.domain.tables.values.characters import cleaned, is_error_text
from seam_portal_desktop.domain.tables.values.outcomes import Refusal
from seam_portal_desktop.texts import _

_MOST_DIGITS = 10**15
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,3}", re.ASCII)

_MARKS = re.compile(r"[-\u2010-\u2015\u2212_./?*#…=+|~\s]+")
_NOT_THERE = frozenset({"n/a", "n.a."})
_NO_VALUE = frozenset({"none", "null"})


def is_blank(cell: CellValue) -> bool:
    """Whether there is nothing to see in the cell."""
    if not isinstance(cell, str):
        return cell is None
    return not cell or not (cell[0].isalnum() or cleaned(cell))


def unwrapped(text: str) -> str:
    """The text without what an export adds so that a spreadsheet doesn't compute or change it:
    an apostrophe in front, or a formula such as ``="0042"``."""
    if text.startswith('="') and text.endswith('"') and len(text) > len('="'):
        return text[2:-1].replace('""', '"')
    return restored(text)


def error_in(cell: CellValue) -> Refusal | None:
    """What is said about a formula without a result."""
    if isinstance(cell, ErrorCell):
        text = cell.text
    elif isinstance(cell, str) and is_error_text(cell):
        text = cell.strip()[:10]
    else:
        return None
    if not text:
        return Refusal(_("This formula was never computed; save the file in a spreadsheet program"))
    if text.strip("#"):
        return Refusal(_("{error}: this formula has no result").format(error=text))
    return Refusal(_("The spreadsheet’s column was too narrow to show this value"))


def as_text(cell: CellValue) -> str | Refusal:  # noqa: PLR0911 - a type each
    """The cell as the text that people see in it, as far as a spreadsheet keeps it."""
    if isinstance(cell, str):
        return cell
    match cell:
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return _number_text(cell)
        case date():  # a datetime is one as well
            return cell.isoformat()
        case time():
            return cell.isoformat("seconds" if cell.second else "minutes")
        case timedelta():
            return _span_text(cell)
        case _:
            return ""


def code_text(cell: CellValue) -> str | Refusal:
    """A key or a code as text. It isn't taken if a spreadsheet has made something else of it: a
    date of ``1-2``, a truth value of ``TRUE``, or ``1.23457E+15`` of a long number."""
    if not isinstance(cell, str) and isinstance(cell, date | time | timedelta):
        return Refusal(_("A spreadsheet has made a date or a time of this text"))
    if isinstance(cell, bool):
        return Refusal(_("A spreadsheet has made true or false of this text"))
    text = as_text(cell)
    if isinstance(text, str) and "E+" in text and _ROUNDED.fullmatch(text.strip()):
        return _rounded_number()
    return text


def placeholder_in(text: str, *, is_part: bool = False) -> Refusal | None:
    """What is said about a key or a name such as ``-`` or ``n/a``: nobody is called that. A part of
    a name can be ``Null``."""
    plain = text.strip()
    words = _NOT_THERE if is_part else _NOT_THERE | _NO_VALUE
    if not (_MARKS.fullmatch(plain) or plain.casefold() in words):
        return None
    return Refusal(_("‘{text}’ stands for no value; leave the cell empty").format(text=plain[:10]))


def _rounded_number() -> Refusal:
    return Refusal(_("A spreadsheet has removed digits of this number"))


def _number_text(number: float) -> str | Refusal:
    # A spreadsheet keeps 15 digits. It replaces the others by zeros.
    if not math.isfinite(number) or abs(number) >= _MOST_DIGITS:
        return _rounded_number()
    if number == int(number):
        return str(int(number))
    text: Any = f"{number:.15g}"
    return text if "e" not in text else f"{number:.20f}".rstrip("0")


def _span_text(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    text = f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text
