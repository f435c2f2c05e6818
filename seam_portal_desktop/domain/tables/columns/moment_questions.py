"""What is asked about a column of dates and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from seam_portal_desktop.domain.tables.columns.column_reader import SourceColumn, examples
from seam_portal_desktop.domain.tables.conversion import AnswerOption, Question, Topic
from seam_portal_desktop.domain.tables.sheet import CellValue
from seam_portal_desktop.domain.tables.values.dates import DAY_FIRST, MONTH_FIRST, YEAR_FIRST
from seam_portal_desktop.domain.tables.values.texts import as_text, is_blank
from seam_portal_desktop.domain.tables.values.zones import zone_names
from seam_portal_desktop.texts import _

_HALF_HOURS = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30))


def order_names() -> Mapping[str, str]:
    """The orders of a date's parts, for people."""
    return {
        DAY_FIRST: _("day/month/year"),
        MONTH_FIRST: _("month/day/year"),
        YEAR_FIRST: _("year/month/day"),
    }


def date_order(
    column: SourceColumn,
    cells: Sequence[CellValue],
    days: Mapping[str, date],
    choices: set[str],
) -> Question:
    """`days` are those of the first of `cells`, by order."""
    example = as_text(cells[0])
    options = []
    for order, name in order_names().items():
        if order not in choices:
            continue
        day = days.get(order)
        label = (
            name
            if day is None
            else _("{order}: {example} is {date}").format(order=name, example=example, date=day)
        )
        options.append(AnswerOption(order, label))
    return Question(
        column.index,
        Topic.DATE_ORDER,
        _("In which order are the dates of ‘{title}’ written?").format(title=column.title),
        examples(cells),
        tuple(options),
    )


def missing_time(column: SourceColumn, cells: Sequence[CellValue], *, is_start: bool) -> Question:
    text = (
        _("‘{title}’ has dates without a time. At what time do these stays begin?")
        if is_start
        else _("‘{title}’ has dates without a time. At what time do these stays end?")
    )
    return Question(
        column.index,
        Topic.MISSING_TIME,
        text.format(title=column.title),
        examples(cells),
        tuple(AnswerOption(time, time) for time in _HALF_HOURS),
    )


def midnight(column: SourceColumn, *, is_start: bool) -> Question:
    text = (
        _("All times of ‘{title}’ are 00:00. At what time do these stays begin?")
        if is_start
        else _("All times of ‘{title}’ are 00:00. At what time do these stays end?")
    )
    return Question(
        column.index,
        Topic.MISSING_TIME,
        text.format(title=column.title),
        examples([cell for cell in column.cells if not is_blank(cell)]),
        tuple(AnswerOption(time, time) for time in _HALF_HOURS),
        _HALF_HOURS[0],
    )


def time_zone(column: SourceColumn, cells: Sequence[CellValue]) -> Question:
    """All zones are offered, the user's first, then those of the request's spaces."""
    context = column.context
    of_spaces = sorted({each.time_zone for each in context.spaces.values() if each.time_zone})
    names = dict.fromkeys([context.zone, *of_spaces, *zone_names()])
    return Question(
        column.index,
        Topic.TIME_ZONE,
        _("In which time zone are the times of ‘{title}’?").format(title=column.title),
        examples(cells),
        tuple(AnswerOption(name, name.replace("_", " ")) for name in names),
        context.zone,
    )


def changed_clocks(column: SourceColumn, changed: Sequence[tuple[str, CellValue]]) -> Question:
    """`changed` has the zone's name and the cell."""
    zone, cell = changed[0]
    return Question(
        column.index,
        Topic.CHANGED_CLOCKS,
        _(
            "Clocks in {zone} are changed at {example}, so this hour is there twice or not at all. "
            "Which moment is meant?"
        ).format(zone=zone.replace("_", " "), example=as_text(cell)),
        examples([each for _zone, each in changed]),
        (
            AnswerOption("earlier", _("The earlier one")),
            AnswerOption("later", _("The later one")),
        ),
    )
