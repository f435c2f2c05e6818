"""Numbers with a decimal point or comma."""

from __future__ import annotations

import math
import re

from seam_portal_desktop.domain.tables.values.outcomes import Outcome, Refusal
from seam_portal_desktop.texts import _

_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WITH_ZEROS = re.compile(r"([+-]?\d{1,15})[.,](?:0|00|0{4,})", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*", re.ASCII)
_SEVERAL_MARKS = re.compile(r"[+-]?\d+(?:[.,]\d+){2,}", re.ASCII)


def read_number(text: str) -> Outcome:
    """A number of degrees in `text` (cleaned). A point or a comma is the decimal one: degrees have
    no thousands. A whole number stays whole."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text.replace(",", "."))
        if math.isfinite(number):
            return number
    if _SEVERAL_MARKS.fullmatch(text):
        return Refusal(_("A spreadsheet has moved the decimal point of this number"))
    return Refusal(_("This is no number, such as 52.37"))


def read_whole(text: str) -> Outcome:
    """A whole number in `text` (cleaned)."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if match := _WITH_ZEROS.fullmatch(text):
        return int(match[1])
    if _GROUPED.fullmatch(text):
        return Refusal(_("Write the number without a point, a comma or spaces, such as 1234"))
    return Refusal(_("This is no whole number, such as 90"))
