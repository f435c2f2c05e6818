"""Dates and times as people and spreadsheets write them. The order of day and month stays open
where a text doesn't show it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seam_portal_desktop.domain.tables.values.clocks import DayClock, read_clock
from seam_portal_desktop.domain.tables.values.month_names import month_number, weekday_number
from seam_portal_desktop.domain.tables.values.outcomes import Refusal
from seam_portal_desktop.texts import _

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
CERTAIN = ""
"""The order of a text that has only one."""

_FIRST_YEAR = 1970
_PIVOT = 70
"""A year of two digits below it is in the 2000s, others are in the 1900s."""

_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_SERIALS = range(25_569, 109_575)
"""Days since 30 December 1899, of 1970 to 2199, as spreadsheets count them."""
_EPOCH = date(1899, 12, 30)
_DAY_S = 86_400

_NUMERIC = re.compile(r"(\d{1,4})\s?([-/.])\s?(\d\d?)\s?\2\s?(\d{1,4})(?!\d)\.?", re.ASCII)
_LONG_YEAR = re.compile(r"\d{4}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?!\d)", re.ASCII)
_COMPACT_TIME = re.compile(r"\d{8}T(\d\d)(\d\d)(\d\d)?(?!\d)", re.ASCII)
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]")
_WORD = r"[^\W\d_]+"
_DAY_NAME_YEAR = re.compile(
    rf"(\d\d?)(?:st|nd|rd|th|er|[ºª°.])?[-\s./]*(?:(?:de|of)\s+)?({_WORD})[-\s./,]*"
    r"(?:(?:de|del)\s+)?(\d{4}|\d\d)(?![\d:.hH])(?:\s?г\.?)?"
)
_NAME_DAY_YEAR = re.compile(rf"({_WORD})\.?[-\s]*(\d\d?)(?:st|nd|rd|th)?,?[-\s]+(\d{{4}})(?!\d)")
_YEAR_NAME_DAY = re.compile(rf"(\d{{4}})[-\s./]*({_WORD})[-\s./]*(\d\d?)(?![\d:])")
_WEEKDAY = re.compile(rf"({_WORD}(?:-feira)?)[.,]*\s+")

_TAIL = re.compile(
    r"(?:[Tt]|[,\s]\s*(?:-\s+)?(?:(?:at|um|om|à|às|alle|ore|o|в)\s+)?)"
    r"(?P<clock>.*?)"
    r"\s?(?P<zone>[Zz]|UTC|GMT|(?:UTC|GMT)[+-]\d(?!\d)|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?)?"
    r"(?:\s\([^()]+\))?"
)
_NAMED_ZONE = re.compile(r"(.*?)\s?[A-Za-z][A-Za-z/_]+")
_INSTANT = re.compile(
    r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
    r"[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_OFFSET = re.compile(r"([+-])(0?\d|1[0-4]):?([0-5]\d)?", re.ASCII)
_SECOND_TIME = re.compile(r"-\d\d(?::\d\d)?", re.ASCII)
"""What is an offset, or the second time of ``10:00-12:00``."""

_MINUTES_ALONE = re.compile(r"\d\d?[:.]\d\d", re.ASCII)
_OTHER_CALENDAR = range(2400, 2700)
"""Years of the Buddhist calendar: 2569 is 2026."""


@dataclass(frozen=True, slots=True)
class MomentReading:
    """``days`` has the day by each order that the text allows. ``offset`` is the text's own, such
    as ``Z`` or ``+01:00``. ``clock`` is None for a date alone."""

    days: Mapping[str, date]
    clock: DayClock | None = None
    offset: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the orders make a difference."""
        return len(set(self.days.values())) > 1


def is_instant(text: str) -> bool:
    """Whether `text` is what Seam takes, with its zone. It is sent exactly as it is."""
    match = _INSTANT.fullmatch(text)
    return match is not None and _exists(match[1])


def read_moment(text: str) -> MomentReading | Refusal:
    """The date and time in `text` (cleaned)."""
    if _SERIAL.fullmatch(text):
        return read_serial(float(text.replace(",", ".")))
    if match := _COMPACT_TIME.match(text):
        text = f"{text[:8]}T{match[1]}:{match[2]}:{match[3] or '00'}{text[match.end() :]}"
    found = _read_day(text)
    weekday = None
    if found is None:
        weekday, text = _without_weekday(text)
        found = _read_day(text) if weekday is not None else None
    if found is None:
        return Refusal(_("This is no date; write it as 2026-03-14 15:00"))
    days, end = found
    if not days:
        return _no_day(text)
    if weekday is not None:
        days = {order: day for order, day in days.items() if day.weekday() == weekday}
        if not days:
            return Refusal(_("The weekday doesn’t fit the date"))
    return MomentReading(days) if end == len(text) else _with_time(days, text, end)


def _with_time(days: Mapping[str, date], text: str, start: int) -> MomentReading | Refusal:
    """The days with the time that begins at `start`."""
    match = _TAIL.fullmatch(text, start)
    clock = read_clock(match["clock"]) if match else None
    if match is None or clock is None:
        named = _NAMED_ZONE.fullmatch(match["clock"]) if match else None
        if named is not None and read_clock(named[1]) is not None:
            return Refusal(_("The time zone isn’t clear; write the offset, such as +01:00"))
        return Refusal(_("The time isn’t clear; write it as 2026-03-14 15:00"))
    zone = match["zone"] or ""
    is_range = _SECOND_TIME.fullmatch(zone) and _MINUTES_ALONE.fullmatch(match["clock"].strip())
    if is_range and text[start] not in "Tt":
        return Refusal(
            _("This may be two times, or an offset; write it as 2026-03-14T15:00:00-04:00")
        )
    offset = _offset(zone)
    if offset is None:
        return Refusal(_("The offset isn’t clear; write it as +01:00"))
    return MomentReading(days, clock, offset)


def read_serial(number: float) -> MomentReading | Refusal:
    """The date of a spreadsheet's number: days since the end of 1899."""
    seconds = round(number * _DAY_S) if abs(number) < _SERIALS.stop else -1
    days, rest = divmod(seconds, _DAY_S)
    if days not in _SERIALS:
        return Refusal(_("This number is no date; write it as 2026-03-14 15:00"))
    day = {CERTAIN: _EPOCH + timedelta(days)}
    # A fraction that is rounded to midnight is a time as well.
    return MomentReading(day, DayClock(rest) if number % 1 else None)


def read_day(day: date) -> MomentReading | Refusal:
    """The day of a typed cell. Spreadsheets have a day in 1899 or 1904 for a time alone."""
    if day.year < _FIRST_YEAR:
        return _no_day(day.isoformat())
    return MomentReading({CERTAIN: day})


def local_time(day: date, clock: DayClock) -> datetime:
    """The naive time of a clock on a day. Raises OverflowError after the last day of 9999."""
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone is added later
    microseconds = int(clock.fraction[:6].ljust(6, "0")) if clock.fraction else 0
    return start + timedelta(seconds=clock.seconds, microseconds=microseconds)


def _read_day(text: str) -> tuple[Mapping[str, date], int] | None:
    """The day by order, and where the text goes on. None if `text` begins with no date."""
    if match := _NUMERIC.match(text):
        days = _numeric_days(match[1], match[2], match[3], match[4])
        return None if days is None else (days, match.end())
    if match := _COMPACT.match(text) or _EAST_ASIAN.match(text):
        return _certain(_day(int(match[1]), int(match[2]), int(match[3]))), match.end()
    for pattern, year, name, day in (
        (_DAY_NAME_YEAR, 3, 2, 1),
        (_NAME_DAY_YEAR, 3, 1, 2),
        (_YEAR_NAME_DAY, 1, 2, 3),
    ):
        if match := pattern.match(text):
            month = month_number(match[name])
            if month is not None:
                found = _day(_year(match[year]), month, int(match[day]))
                return _certain(found), match.end()
    return None


def _numeric_days(first: str, mark: str, second: str, third: str) -> Mapping[str, date] | None:
    if len(first) > 2:  # noqa: PLR2004 - digits of a day or a month
        is_year = len(first) == 4 and len(third) <= 2  # noqa: PLR2004
        return _certain(_day(int(first), int(second), int(third))) if is_year else None
    if len(third) not in (2, 4):
        return None
    year, a, b = _year(third), int(first), int(second)
    if mark == ".":
        return _certain(_day(year, b, a))
    found = {DAY_FIRST: _day(year, b, a), MONTH_FIRST: _day(year, a, b)}
    if len(first) == len(third) == 2:  # noqa: PLR2004
        found[YEAR_FIRST] = _day(_year(first), b, int(third))
    return {order: day for order, day in found.items() if day is not None}


def _without_weekday(text: str) -> tuple[int | None, str]:
    """The weekday whose name is first, if it is one, and the text without that name."""
    match = _WEEKDAY.match(text)
    weekday = weekday_number(match[1]) if match else None
    return weekday, text if match is None or weekday is None else text[match.end() :]


def _no_day(text: str) -> Refusal:
    year = _LONG_YEAR.search(text)
    if year is not None and int(year[0]) in _OTHER_CALENDAR:
        return Refusal(_("This seems to be a year of the Buddhist calendar, in which 2026 is 2569"))
    if year is not None and int(year[0]) < _FIRST_YEAR:
        return Refusal(_("Days before 1970 aren’t taken"))
    return Refusal(_("There is no such day"))


def _certain(day: date | None) -> Mapping[str, date]:
    return {} if day is None else {CERTAIN: day}


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:  # noqa: PLR2004
        return number
    return number + (2000 if number < _PIVOT else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    # Most of a column's texts are right, so an exception is rare.
    is_possible = 1 <= month <= 12 and 1 <= day <= 31 and year >= _FIRST_YEAR  # noqa: PLR2004
    if not is_possible or year in _OTHER_CALENDAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _offset(text: str) -> str | None:
    """An offset as RFC 3339 has it; None if it isn't one."""
    text = text.removeprefix("UTC").removeprefix("GMT") or ("Z" if text else "")
    if text in ("", "Z", "z"):
        return text.upper()
    match = _OFFSET.fullmatch(text)
    return f"{match[1]}{match[2]:>02}:{match[3] or '00'}" if match else None
