"""Times of day as people and spreadsheets write them, on clocks of 12 or 24 hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache

from seam_portal_desktop.domain.tables.values.outcomes import Refusal
from seam_portal_desktop.texts import _

DAY_S = 86_400
_AFTERNOON = {"pm", "μμ", "下午", "午後", "오후", "م"}
_MARKER = r"[apAP]\.?\s?[mM]\.?|[πΠμΜ]\.?\s?[μΜ]\.?|上午|下午|午前|午後|오전|오후|ص|م"
_CLOCK = re.compile(
    rf"(?:(?P<before>{_MARKER})\s?)?"
    r"(?P<hour>\d\d?)"
    r"(?:(?::|\.|\s?[hH]\s?)(?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    rf"(?:\s?(?P<after>{_MARKER}|[hH](?:rs)?|[uU]hr))?",
    re.ASCII,
)
_NUMBER = re.compile(r"\d+([.,]\d*)?|[.,]\d+", re.ASCII)
_TWELVE = 12


@dataclass(frozen=True, slots=True)
class DayClock:
    """``seconds`` since midnight; 86,400 is the end of the day. ``fraction`` has the digits of a
    part of a second."""

    seconds: int
    fraction: str = ""


def read_clock(text: str) -> DayClock | None:
    """The time that `text` (cleaned) shows. None if it shows none, or a number such as ``15``."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    before, hour_text, minute, second, fraction, after = match.groups()
    if minute is None and before is None and after is None:
        return None
    marker = before or (after if after and after[0] not in "hHuU" else None)
    if before and after:
        return None
    hour = int(hour_text)
    if marker is not None:
        if not 1 <= hour <= _TWELVE:
            return None
        is_afternoon = re.sub(r"[\s.]", "", marker).casefold() in _AFTERNOON
        hour = hour % _TWELVE + (_TWELVE if is_afternoon else 0)
    minutes, seconds = int(minute or 0), int(second or 0)
    if minutes > 59 or seconds > 59:  # noqa: PLR2004 - the clock's own limits
        return None
    total = hour * 3600 + minutes * 60 + seconds
    digits = (fraction or "").rstrip("0")
    return DayClock(total, digits) if total + bool(digits) <= DAY_S else None


@cache
def clock_text(seconds: int) -> str:
    """``15:00:00`` for a number of seconds since midnight, less than a day."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def is_number_text(text: str) -> bool:
    """Whether `text` (cleaned) is a number, such as ``9.3``, that may or may not show a time."""
    return _NUMBER.fullmatch(text) is not None


def time_of_day(clock: DayClock) -> str | Refusal:
    """``15:00`` or ``15:00:30``."""
    if clock.seconds == DAY_S:
        return Refusal(_("A time of day ends at 23:59; midnight is 00:00"))
    if clock.fraction:
        return Refusal(_("A time of day has no parts of a second"))
    minutes, second = divmod(clock.seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if second else text


def read_time_of_day(text: str) -> str | Refusal:
    """The time of day in `text` (cleaned), which is no number."""
    clock = read_clock(text)
    return no_time() if clock is None else time_of_day(clock)


def no_time() -> Refusal:
    return Refusal(_("This is no time of day, such as 15:00"))


def clock_of(value: time | timedelta) -> DayClock | None:
    """The time of a typed cell. A span of a day or more is none."""
    if isinstance(value, time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return DayClock(seconds, f"{value.microsecond:06}".rstrip("0") if value.microsecond else "")
    seconds = round(value.total_seconds())
    return DayClock(seconds) if 0 <= seconds < DAY_S else None


def _as_clock(text: str) -> DayClock | None:
    """``9.3`` and ``9.30`` as 09:30, ``9.03`` as 09:03, ``15`` and ``1500`` as 15:00."""
    whole, _point, part = text.replace(",", ".").partition(".")
    if len(part.rstrip("0")) > 2 or len(whole) > 4:  # noqa: PLR2004 - two digits of minutes
        return None
    if len(whole) > 2:  # noqa: PLR2004
        if part.strip("0"):
            return None
        whole, part = whole[:-2], whole[-2:]
    hour, minute = int(whole or 0), int(part[:2].ljust(2, "0"))
    is_right = hour <= 23 and minute <= 59  # noqa: PLR2004
    return DayClock(hour * 3600 + minute * 60) if is_right else None


def _as_fraction(text: str) -> DayClock | None:
    """``0.5`` as noon, as a spreadsheet counts."""
    return _share(text, 1.0, DAY_S)


def _as_hours(text: str) -> DayClock | None:
    """``9.5`` as 09:30."""
    return _share(text, 24.0, 3600)


def number_meanings(text: str) -> Mapping[str, DayClock]:
    """What a number can mean as a time, by the answer to the question about it."""
    readers = {
        "clock": _as_clock,
        "fraction": _as_fraction,
        "hours": _as_hours,
    }
    found = {name: reader(text) for name, reader in readers.items()}
    return {name: clock for name, clock in found.items() if clock is not None}


def _share(text: str, limit: float, unit: int) -> DayClock | None:
    number = float(text.replace(",", "."))
    # A spreadsheet's fraction is rarely exact, so the nearest second counts.
    return DayClock(round(number * unit) % DAY_S) if number < limit else None
