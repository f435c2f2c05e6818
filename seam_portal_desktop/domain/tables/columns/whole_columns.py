"""Columns whose cells explain each other: times of day, phone numbers, codes."""

from __future__ import annotations

from datetime import date, time, timedelta

from seam_portal_desktop.domain.tables.columns.column_reader import SourceColumn, examples
from seam_portal_desktop.domain.tables.conversion import AnswerOption, Question, Topic
from seam_portal_desktop.domain.tables.sheet import CellValue
from seam_portal_desktop.domain.tables.values.characters import cleaned
from seam_portal_desktop.domain.tables.values.clocks import (
    clock_of,
    is_number_text,
    no_time,
    number_meanings,
    read_time_of_day,
    time_of_day,
)
from seam_portal_desktop.domain.tables.values.outcomes import WAITING, Outcome, Refusal
from seam_portal_desktop.domain.tables.values.phones import (
    is_region,
    likely_regions,
    needs_region,
    read_phone,
)
from seam_portal_desktop.domain.tables.values.texts import as_text, code_text, is_blank
from seam_portal_desktop.texts import _

_LABELS = {
    "clock": _("Hours and minutes: {example} is {time}"),
    "fraction": _("A part of the day: {example} is {time}"),
    "hours": _("Hours with decimals: {example} is {time}"),
}

Converted = tuple[list[Outcome], Question | None]


def convert_clocks(column: SourceColumn) -> Converted:
    """The column's times of day. Numbers such as ``9.3`` are asked about."""
    numbers = [text for cell in column.cells if (text := _number(cell)) is not None]
    question = _clock_question(column, numbers) if numbers else None
    answer = column.answer(Topic.CLOCK)

    def read(cell: CellValue) -> Outcome:
        number = _number(cell)
        if number is None:
            return _read_clock_cell(cell)
        if question is None or not question.options:
            return no_time()
        if answer not in _LABELS:
            return WAITING
        clock = number_meanings(number).get(answer)
        return no_time() if clock is None else time_of_day(clock)

    return column.read(read), question if question and question.options else None


def convert_phones(column: SourceColumn) -> Converted:
    """The column's phone numbers. The country of those without one is asked."""
    local = [text for cell in column.cells if (text := _local_number(cell)) is not None]
    answer = column.answer(Topic.PHONE_REGION)
    region = answer if local and answer is not None and is_region(answer) else None

    def read(cell: CellValue) -> Outcome:
        # A date or a time is no number, whatever its text looks like.
        is_number = isinstance(cell, str | int | float) and not isinstance(cell, bool)
        text = as_text(cell) if is_number else "-"
        return read_phone(text, region) if isinstance(text, str) else text

    return column.read(read), _region_question(column, local) if local else None


def convert_codes(column: SourceColumn) -> list[Outcome]:
    """The column's codes. A number that is shorter than other codes has perhaps lost its zeros."""
    texts = (code_text(cell) for cell in column.cells if not is_blank(cell))
    longest = max((len(text.strip()) for text in texts if isinstance(text, str)), default=0)

    def read(cell: CellValue) -> Outcome:
        text = code_text(cell)
        if not isinstance(text, str):
            return text
        if isinstance(cell, int | float) and len(text) < longest:
            return Refusal(_("A spreadsheet may have removed zeros before this code"))
        return text.strip()

    return column.read(read)


def _read_clock_cell(cell: CellValue) -> Outcome:
    if isinstance(cell, str):
        return read_time_of_day(cleaned(cell))
    if isinstance(cell, time | timedelta):
        clock = clock_of(cell)
        return no_time() if clock is None else time_of_day(clock)
    if isinstance(cell, date):  # a datetime is one as well
        return Refusal(_("This is a date; a time of day looks like 15:00"))
    return no_time()


def _number(cell: CellValue) -> str | None:
    """The text of a cell that has a number instead of a time."""
    if isinstance(cell, str):
        text = cleaned(cell)
        return text if is_number_text(text) else None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell >= 0:
        written = as_text(cell)
        return written if isinstance(written, str) and is_number_text(written) else None
    return None


def _clock_question(column: SourceColumn, numbers: list[str]) -> Question:
    options = []
    for name, label in _LABELS.items():
        fitting = ((text, clock) for text in numbers if (clock := number_meanings(text).get(name)))
        found = next(fitting, None)
        if found is not None:
            example, clock = found
            text = label.format(example=example, time=time_of_day(clock))
            options.append(AnswerOption(name, text))
    return Question(
        column.index,
        Topic.CLOCK,
        _("‘{title}’ has numbers instead of times. What do they mean?").format(title=column.title),
        examples(numbers),
        tuple(options),
    )


def _local_number(cell: CellValue) -> str | None:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    text = as_text(cell)
    return text if isinstance(text, str) and needs_region(text) else None


def _region_question(column: SourceColumn, local: list[str]) -> Question:
    import phonenumbers

    regions = likely_regions(local, column.context.region)
    name = column.context.region_name
    label = _("{country} (+{code})")
    options = []
    for region in regions:
        code = phonenumbers.country_code_for_region(region)
        options.append(AnswerOption(region, label.format(country=name(region), code=code)))
    return Question(
        column.index,
        Topic.PHONE_REGION,
        _(
            "‘{title}’ has phone numbers without a country code. Which country are they from?"
        ).format(title=column.title),
        examples(local),
        tuple(options),
    )
