"""What becomes of a mapped sheet: rows as Seam wants them, questions, refused cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from seam_portal_desktop.domain.request.resources import Row


class Topic(StrEnum):
    """What is asked about a column. The answers are the values of the question's options."""

    DATE_ORDER = "date_order"
    """``dmy``, ``mdy`` or ``ymd``"""

    TIME_ZONE = "time_zone"
    """The name of a zone, such as ``Europe/Berlin``. It has a default and need not be answered."""

    CLOCK = "clock"
    """How ``9.3`` or ``0.5`` is meant: ``clock`` (09:30), ``fraction`` (of a day) or ``hours``."""

    CHANGED_CLOCKS = "changed_clocks"
    """An hour that is there twice or not at all: ``earlier`` or ``later``."""

    MISSING_TIME = "missing_time"
    """When a stay begins or ends whose cell has a date alone, such as ``15:00``. It is asked if the
    row's spaces have no default time."""

    PHONE_REGION = "phone_region"
    """The country of numbers without ``+``, such as ``DE``."""


@dataclass(frozen=True, slots=True)
class AnswerOption:
    """``value`` is the answer, ``label`` its text for people."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one column of the sheet, for all its rows. ``text`` asks it in a whole
    sentence, ``examples`` are cells that it is about. ``default`` counts until it is answered;
    with None the rows can't be taken before."""

    column: int
    topic: Topic
    text: str
    examples: tuple[str, ...]
    options: tuple[AnswerOption, ...]
    default: str | None = None


Answers = Mapping[tuple[int, Topic], str]
"""The value of the chosen option by column and topic."""


@dataclass(frozen=True, slots=True)
class SpaceFacts:
    """What a stay takes from its space: a zone's name, and clock times such as ``15:00``."""

    time_zone: str | None = None
    check_in: str | None = None
    check_out: str | None = None


@dataclass(frozen=True, slots=True)
class ConversionContext:
    """``zone`` is the user's time zone by name. ``spaces`` are those of the same request, by key.
    ``region`` is the country of the user's settings, offered first for phone numbers.
    ``region_name`` gives a country's name for people.

    A row keeps the spaces of the row that it changes, as far as no column replaces them. That is
    the row at the same place in ``beside``, else the one in ``by_key`` with its key."""

    zone: str
    spaces: Mapping[str, SpaceFacts] = field(default_factory=dict)
    region: str = ""
    region_name: Callable[[str], str] = str
    beside: Sequence[Row] = ()
    by_key: Mapping[str, Row] = field(default_factory=dict)

    def over(self, rows: Sequence[Row], key: str, at: int | None) -> ConversionContext:
        """The context of a sheet that changes `rows`: from the index `at` on, or by their `key`."""
        if at is not None:
            return replace(self, beside=rows[at:])
        return replace(
            self, by_key={row[key]: row for row in rows if isinstance(row.get(key), str)}
        )


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """``row`` and ``column`` are indexes in the sheet, ``line`` is for people. ``reason`` is one
    sentence without a full stop."""

    row: int
    column: int
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ConvertedRow:
    """``emptied`` are the dotted paths of mapped columns whose cell is empty in this row. ``notes``
    say by dotted path what was added to a cell, such as a time."""

    line: int
    row: Row
    emptied: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConvertedRows:
    """``questions`` has all questions that the sheet raises, with those that are answered, in the
    order of the columns. A refused cell is missing in its row."""

    rows: Sequence[ConvertedRow]
    questions: Sequence[Question]
    refused: Sequence[RefusedCell]
