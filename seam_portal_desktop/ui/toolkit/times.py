"""Times as people read them: relative in the text, absolute and local on hover."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QLocale

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def relative(moment: datetime, now: datetime) -> str:
    """`moment` relative to `now` (both aware): 'in 6 days', '9 h ago', 'just now'.

    Whole units, rounded down: a link must not seem to live longer than it does.
    """
    distance = abs(moment - now)
    if distance < _MINUTE:
        return "in under a minute" if moment > now else "just now"
    if distance < _HOUR:
        amount = f"{distance // _MINUTE} min"
    elif distance < 2 * _DAY:
        amount = f"{distance // _HOUR} h"
    else:
        amount = f"{QLocale().toString(distance // _DAY)} days"
    return f"in {amount}" if moment > now else f"{amount} ago"


def absolute(moment: datetime) -> str:
    """`moment` (aware) in full, in the user's time zone and the system's format."""
    return QLocale().toString(_local(moment), QLocale.FormatType.LongFormat)


def short(moment: datetime) -> str:
    """`moment` (aware) as date and minutes, in the user's time zone and the system's format."""
    return QLocale().toString(_local(moment), QLocale.FormatType.ShortFormat)


def _local(moment: datetime) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(round(moment.timestamp() * 1000))
