"""Cells as a file or the clipboard has them, before anything is concluded from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from seam_portal_desktop.domain.errors import UserFacingError


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A formula without a result. ``text`` is what the program shows, such as ``#N/A``.
    It is empty if no program has computed the formula."""

    text: str


CellValue = str | int | float | bool | date | datetime | time | timedelta | ErrorCell | None
"""None is an empty cell. Text sources have only str, with "" for an empty cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table without empty rows at its end.

    ``lines`` has the line of the source in which each row begins, from 1: the line of a text, the
    row number of a spreadsheet. Rows may differ in length. A row inside may be empty.
    """

    rows: Sequence[Sequence[CellValue]]
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The user's choices; None lets the reader find out. ``separator`` is one character."""

    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class TableFile:
    """``name`` is the file's. ``sheet_names`` are those of a spreadsheet, ``sheet_name`` is the one
    that was read. A text file has an ``encoding`` and a ``separator`` instead; ``encodings`` are
    worth a choice, the likeliest first, and ``is_encoding_guessed`` says that nothing proves it."""

    name: str
    sheet: Sheet
    sheet_names: tuple[str, ...] = ()
    sheet_name: str = ""
    encoding: str = ""
    encodings: tuple[str, ...] = ()
    is_encoding_guessed: bool = False
    separator: str = ""


class TableRefusedError(UserFacingError):
    """The table isn't taken, as a whole. The text names the line and the reason where there is one,
    and never holds a cell's whole content."""


class ReadingCancelledError(Exception):
    """The user cancelled."""


Progress = Callable[[int, int], None]
"""Gets how much is done, and of how much. It may raise ReadingCancelledError."""


class TableFiles(Protocol):
    """Reads tables in files."""

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> TableFile:
        """Blocking. Raises TableRefusedError, or the ReadingCancelledError of `progress`."""


def no_progress(_done: int, _total: int) -> None:
    """For tables that are small."""
