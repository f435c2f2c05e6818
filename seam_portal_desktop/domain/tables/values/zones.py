"""Times on the clocks of a place as moments with an offset."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from seam_portal_desktop.domain.tables.values.characters import cleaned
from seam_portal_desktop.domain.tables.values.outcomes import Refusal
from seam_portal_desktop.texts import _

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_MARGIN = timedelta(hours=3)
"""More than any clock is changed by."""


@cache
def zone_named(name: str) -> ZoneInfo | None:
    """The zone with the IANA `name`; None if there is none on this computer."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # OSError: the name of a folder, such as "Europe".
        return None


@cache
def zone_names() -> tuple[str, ...]:
    """The names of all zones of a place, sorted."""
    return tuple(sorted(name for name in available_timezones() if _is_place(name)))


def read_zone(text: str) -> str | Refusal:
    """The zone's name in `text`, which may be written in small letters."""
    name = cleaned(text).replace(" ", "_")
    if zone_named(name) is not None:
        return name
    name = _names_by_small_letters().get(name.casefold(), "")
    return name or Refusal(_("This is no time zone, such as Europe/Berlin"))


@cache
def _names_by_small_letters() -> dict[str, str]:
    return {name.casefold(): name for name in zone_names()}


def moments(local: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """What clocks in `zone` that show `local` (naive) can mean, in RFC 3339: the earlier moment and
    the later one. They are the same but for an hour that is there twice or not at all.

    Raises OverflowError for a moment outside the years 1 to 9999.
    """
    first = local.replace(tzinfo=zone)
    offset = first.utcoffset() or timedelta()
    other = first.replace(fold=1).utcoffset()
    if other == offset or other is None:
        text = rfc3339(local, offset)
        return text, text
    # These two are moments, so that an hour that isn't there becomes a time that clocks show.
    both = sorted((local - each).replace(tzinfo=UTC) for each in (offset, other))
    earlier, later = (rfc3339_of(each.astimezone(zone)) for each in both)
    return earlier, later


@lru_cache(maxsize=10_000)
def suffix_all_day(day: date, zone: ZoneInfo) -> str:
    """The offset of all times of a day, such as ``+01:00``. Empty if it isn't one and the same, or
    if it has seconds."""
    try:
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        times = (start - _MARGIN, start + _DAY / 2, start + _DAY + _MARGIN)
    except OverflowError:
        return ""
    first, *others = (each.utcoffset() or timedelta() for each in times)
    return _suffix(first) if all(each == first for each in others) else ""


def rfc3339_of(moment: datetime) -> str:
    """`moment` (aware) with its own offset."""
    offset = moment.utcoffset() or timedelta()
    if moment.tzinfo is UTC:
        return f"{moment.replace(tzinfo=None).isoformat()}Z"
    return rfc3339(moment.replace(tzinfo=None), offset)


def rfc3339(local: datetime, offset: timedelta) -> str:
    """`local` (naive) with the `offset`. RFC 3339 has no seconds in offsets, so it is UTC then."""
    suffix = _suffix(offset)
    return f"{local.isoformat()}{suffix}" if suffix else f"{(local - offset).isoformat()}Z"


@cache
def _suffix(offset: timedelta) -> str:
    if offset % _MINUTE:
        return ""
    minutes = abs(offset) // _MINUTE
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
