"""One typed cell: its value as text, and text as its value. The rules are those of a whole column,
but a typed cell can't ask. So a text with two meanings stays text, and `cell_question` says what to
type instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from seam_portal_desktop.domain.request.resources import MISSING, Cell
from seam_portal_desktop.domain.tables.values.characters import cleaned
from seam_portal_desktop.domain.tables.values.clocks import (
    is_number_text,
    number_meanings,
    read_time_of_day,
    time_of_day,
)
from seam_portal_desktop.domain.tables.values.dates import (
    MomentReading,
    is_instant,
    read_moment,
)
from seam_portal_desktop.domain.tables.values.lists import format_list, read_list
from seam_portal_desktop.domain.tables.values.metadata import format_metadata, read_metadata
from seam_portal_desktop.domain.tables.values.moments import in_zone, with_own_offset
from seam_portal_desktop.domain.tables.values.numbers import read_number, read_whole
from seam_portal_desktop.domain.tables.values.outcomes import WAITING, Outcome, Refusal
from seam_portal_desktop.domain.tables.values.zones import zone_named
from seam_portal_desktop.texts import _

_MONTHS = (
    *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July")),
    *(_("August"), _("September"), _("October"), _("November"), _("December")),
)


def format_cell(cell: Cell, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """The value as text, empty when there is none. parse_cell() returns the value again, except for
    texts with spaces around them, and for an empty list."""
    if value is MISSING or value is None:
        return ""
    match cell:
        case Cell.LIST if isinstance(value, list):
            return format_list(map(str, value))
        case Cell.METADATA if isinstance(value, Mapping):
            return format_metadata(value)
        case _:
            return value if isinstance(value, str) else str(value)


def parse_cell(cell: Cell, text: str, zone: str) -> Any:  # noqa: ANN401
    """The value of `text`; MISSING for an empty one. Text without a clear value stays text. A time
    without an offset is one in `zone`, a name such as ``Europe/Berlin``."""
    text = text.strip()
    if not text:
        return MISSING
    value = _read(cell, text, zone)
    return text if isinstance(value, Refusal) or value is WAITING else value


def cell_question(cell: Cell, text: str, zone: str) -> str | None:
    """What to type instead of `text`, which parse_cell() leaves as text, in a whole sentence. None
    if it has a value, or if there is no more to say than the contract does."""
    text = text.strip()
    if not text or not isinstance(_read(cell, text, zone), Refusal | type(WAITING)):
        return None
    plain = cleaned(text)
    if cell is Cell.TIME and is_number_text(plain):
        return _clock_question(plain)
    if cell is Cell.MOMENT:
        return _moment_question(plain, zone)
    return None


def parse_instant(value: str) -> datetime | None:
    """A request's timestamp; None when `value` is none, or has no zone."""
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _read(cell: Cell, text: str, zone: str) -> Outcome:  # noqa: PLR0911 - a type each
    match cell:
        case Cell.LIST:
            return read_list(text)
        case Cell.MOMENT:
            return _read_moment(text, zone)
        case Cell.TIME:
            return read_time_of_day(cleaned(text))
        case Cell.WHOLE:
            return read_whole(cleaned(text))
        case Cell.NUMBER:
            return read_number(cleaned(text))
        case Cell.METADATA:
            return read_metadata(text)
        case _:
            return text


def _read_moment(text: str, zone_name: str) -> Outcome:
    plain = cleaned(text)
    reading = read_moment(plain)
    if is_instant(plain) or isinstance(reading, Refusal):
        return plain if is_instant(plain) else reading
    if reading.is_open or reading.clock is None:
        return WAITING
    day = next(iter(reading.days.values()))
    if reading.offset:
        return with_own_offset(day, reading.clock, reading.offset)
    zone = zone_named(zone_name)
    moments = in_zone(day, reading.clock, zone) if zone is not None else WAITING
    return moments[0] if isinstance(moments, tuple) and moments[0] == moments[1] else WAITING


def _clock_question(text: str) -> str:
    times = list(dict.fromkeys(map(time_of_day, number_meanings(text).values())))
    match times:
        case [time]:
            return _("Is {text} a time? Type {time}.").format(text=text, time=time)
        case [first, second]:
            return _("{first} or {second}? Type the time that is meant.").format(
                first=first, second=second
            )
        case [first, second, third]:
            return _("{first}, {second} or {third}? Type the time that is meant.").format(
                first=first, second=second, third=third
            )
    return _("{text} is no time. Type one such as 15:00.").format(text=text)


def _moment_question(text: str, zone_name: str) -> str | None:
    reading = read_moment(text)
    if isinstance(reading, Refusal):
        return _("{reason}.").format(reason=reading.reason)
    days = list(dict.fromkeys(reading.days.values()))
    time = _clock_text(reading)
    if len(days) > 1:
        return _("{first} or {second}? Type {date}.").format(
            first=_day_name(days[0]), second=_day_name(days[1]), date=f"{days[0]}{time}"
        )
    if reading.clock is None:
        return _("The time is missing. Type {date} 15:00.").format(date=days[0])
    zone = zone_named(zone_name)
    if zone is None:
        return _("The time zone {zone} isn’t known. Type {date} with an offset.").format(
            zone=zone_name, date=f"{days[0]}{time}"
        )
    moments = in_zone(days[0], reading.clock, zone)
    if isinstance(moments, Refusal) or moments[0] == moments[1]:
        return None
    return _("Clocks are changed then. Type {earlier} or {later}.").format(
        earlier=moments[0], later=moments[1]
    )


def _clock_text(reading: MomentReading) -> str:
    if reading.clock is None:
        return ""
    minutes = reading.clock.seconds // 60
    return f" {minutes // 60:02}:{minutes % 60:02}"


def _day_name(day: date) -> str:
    return _("{day} {month}").format(day=day.day, month=_MONTHS[day.month - 1])
