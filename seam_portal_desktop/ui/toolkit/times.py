"""Times as people read them: relative in the text, absolute and local on hover."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QLocale

from seam_portal_desktop.domain.clock import rounded_up
from seam_portal_desktop.texts import ngettext

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def relative(moment: datetime, now: datetime) -> str:
    """`moment` relative to `now` (both aware): 'in 7 days', '9 h ago', 'just now'.

    Whole units. A past time is rounded down. A remaining time is rounded up to its unit (see
    `rounded_up`): a link that has 6 days and 23 hours left says 'in 7 days', and one that has less
    than a minute left says 'in less than a minute'.
    """
    if moment > now:
        left = moment - now
        return "in less than a minute" if left < _MINUTE else f"in {_amount(rounded_up(left))}"
    past = now - moment
    return "just now" if past < _MINUTE else f"{_amount(past)} ago"


def _amount(time: timedelta) -> str:
    if time < _HOUR:
        return f"{time // _MINUTE} min"
    if time < 2 * _DAY:
        return f"{time // _HOUR} h"
    days = time // _DAY
    return ngettext("{count} day", "{count} days", days).format(count=QLocale().toString(days))


def absolute(moment: datetime) -> str:
    """`moment` (aware) in full, in the user's time zone and the system's format."""
    return QLocale().toString(_local(moment), QLocale.FormatType.LongFormat)


def short(moment: datetime) -> str:
    """`moment` (aware) as date and minutes, in the user's time zone and the system's format."""
    return QLocale().toString(_local(moment), QLocale.FormatType.ShortFormat)


def time_or_date(moment: datetime, now: datetime) -> str:
    """`moment` (aware) as a time, '10:42', if that was today; else as `short`."""
    local = _local(moment)
    if local.date() != _local(now).date():
        return short(moment)
    return QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)


def to_local(moment: datetime) -> datetime:
    """`moment` (aware) with the offset of the user's zone."""
    return moment.astimezone()


def from_local(typed: datetime) -> datetime:
    """The moment at which clocks in the user's zone show `typed` (naive). It has their offset."""
    return typed.astimezone()


def _local(moment: datetime) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(round(moment.timestamp() * 1000))
