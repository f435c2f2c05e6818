"""The titles of columns, compared without case, accents, spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell

LONGEST_TITLE = 200
"""Characters. A longer cell is no title."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBER_SIGN = re.compile(r"(?<!^)#|^#(?=\s)")
"""Not where it begins a heading, as a comment does."""

_NOT_WORDS = re.compile(r"[\W_]+")


def cell_text(cell: CellValue) -> str:
    """The cell as text for people, without spaces around it."""
    match cell:
        case None:
            text = ""
        case ErrorCell():
            text = cell.text
        case bool():
            text = "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 - exact integers
            text = str(int(cell))
        case datetime():
            text = cell.isoformat(" ")
        case date() | time():
            text = cell.isoformat()
        case _:
            text = str(cell)
    return text.strip()


def is_empty(cell: CellValue) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def title_words(title: str) -> tuple[str, ...]:
    """The words of `title`: ``guestFirstName`` and ``Guest first-name`` have the same ones."""
    return tuple(filter(None, _NOT_WORDS.split(_fold(_CAMEL.sub(" ", title)))))


def plain_title(title: str) -> str:
    """`title` for comparison: its letters and digits only."""
    return _NOT_WORDS.sub("", _fold(title))


def _fold(text: str) -> str:
    numbered = _NUMBER_SIGN.sub(" no ", text[:LONGEST_TITLE])
    decomposed = unicodedata.normalize("NFKD", numbered.casefold())
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    # These have no accent that could be taken off.
    return letters.translate(_OTHER_LETTERS)


_OTHER_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
