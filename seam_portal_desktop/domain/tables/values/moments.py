"""A date and time as Seam takes it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from seam_portal_desktop.domain.tables.values.clocks import DAY_S, DayClock, clock_text
from seam_portal_desktop.domain.tables.values.dates import local_time
from seam_portal_desktop.domain.tables.values.outcomes import Refusal
from seam_portal_desktop.domain.tables.values.zones import moments, suffix_all_day
from seam_portal_desktop.texts import _


def with_own_offset(day: date, clock: DayClock, offset: str) -> str | Refusal:
    """The moment of a text that has an offset."""
    try:
        local = local_time(day, clock)
    except OverflowError:
        return _after_all_years()
    fraction = f".{clock.fraction}" if clock.fraction else ""
    return f"{local.replace(microsecond=0).isoformat()}{fraction}{offset}"


def in_zone(day: date, clock: DayClock, zone: ZoneInfo) -> tuple[str, str] | Refusal:
    """What clocks in `zone` can mean: the earlier moment and the later one, mostly the same."""
    suffix = suffix_all_day(day, zone)
    if suffix and clock.seconds < DAY_S and not clock.fraction:
        text = f"{day.isoformat()}T{clock_text(clock.seconds)}{suffix}"
        return text, text
    try:
        return moments(local_time(day, clock), zone)
    except OverflowError:
        return _after_all_years()


def _after_all_years() -> Refusal:
    return Refusal(_("There is no such day"))
