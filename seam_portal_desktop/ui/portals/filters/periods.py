"""Days to filter by, as words: `today`, `7d`, `-7d`, `2026-11-01`, `2026-11-01..2026-11-30`.

`7d` are today and the 7 days before it, or after it for times to come; `-7d` are those before it.
So they have all that the list shows as 7 days ago, and a link that is made now expires in `7d`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from seam_portal_desktop.domain.portal.query import TimeRange
from seam_portal_desktop.ui.toolkit.times import from_local, to_local

TODAY = "today"

_DAYS = re.compile(r"(-?)([1-9]\d{0,3})d", re.ASCII)
_DATE = r"\d{4}-\d\d-\d\d"
_DATES = re.compile(rf"({_DATE})?(\.\.)?({_DATE})?", re.ASCII)
_BEGUN = re.compile(r"-?[\d.-]*", re.ASCII)
_LONGEST_DATES = len("2026-11-01..2026-11-30")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
"""Outside of them some systems have no time zones."""

_SOME_DAY = date(2100, 1, 1)

_Days = tuple[date | None, date | None]
"""The first and the last day. None: open."""


def is_period(word: str, *, forward: bool) -> bool:
    """Whether `word` names days. `forward`: the times to filter may be to come."""
    return _days_of(word, _SOME_DAY, forward=forward) is not None


def is_begun(word: str) -> bool:
    """Whether `word` may be the start of one."""
    if TODAY.startswith(word):
        return True
    return bool(_BEGUN.fullmatch(word)) and len(word) < _LONGEST_DATES and not _has_date(word)


def dates_of(word: str) -> _Days | None:
    """The first and the last day of a word with dates; None for another word."""
    found = _DATES.fullmatch(word)
    if found is None or not word or word == "..":
        return None
    first, dots, last = found.groups()
    if dots is None and last is not None:
        return None
    try:
        days = tuple(None if each is None else date.fromisoformat(each) for each in (first, last))
    except ValueError:
        return None
    if not all(each is None or FIRST_DAY <= each <= LAST_DAY for each in days):
        return None
    return (days[0], days[1]) if dots else (days[0], days[0])


def word_of_dates(first: date | None, last: date | None) -> str:
    """The word for these days, of which one isn't None."""
    if first == last:
        return str(first)
    return f"{first or ''}..{last or ''}"


def times_of(word: str, now: datetime, *, forward: bool) -> TimeRange:
    """The times of the days that `word` names, where it is `now`, in the user's time zone."""
    days = _days_of(word, to_local(now).date(), forward=forward)
    first, last = days if days is not None else (None, None)
    return TimeRange(
        None if first is None else _start_of(first),
        None if last is None else _start_of(last + timedelta(days=1)),
    )


def days_of(word: str) -> tuple[int, bool] | None:
    """The number of days of a word such as `7d`, and whether it has a minus."""
    found = _DAYS.fullmatch(word)
    return None if found is None else (int(found[2]), bool(found[1]))


def _days_of(word: str, today: date, *, forward: bool) -> _Days | None:
    if word == TODAY:
        return today, today
    relative = days_of(word)
    if relative is None:
        return dates_of(word)
    number, is_negative = relative
    if is_negative and not forward:
        return None
    others = timedelta(days=number)
    return (today, today + others) if forward and not is_negative else (today - others, today)


def _has_date(word: str) -> bool:
    """Whether `word` has as many characters as dates with their dots have."""
    return len(word) == len("2026-11-01") and ".." not in word


def _start_of(day: date) -> datetime:
    return from_local(datetime.combine(day, datetime.min.time()))
