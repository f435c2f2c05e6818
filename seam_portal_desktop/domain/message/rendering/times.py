"""When a link ends, in the customer's language and time zone. Slow at first: it loads Babel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_FALLBACK = "en-US"


@dataclass(frozen=True, slots=True)
class ExpiryWords:
    """An expiry in words. `at` has the day, the time and the zone's name."""

    at: str
    date: str
    time: str
    zone: str
    remaining: str

    def is_in(self, text: str) -> bool:
        """Whether a text tells when the link ends, or how long it works."""
        return any(each in text for each in (self.date, self.remaining))


def expiry_words(
    expires_at: datetime, now: datetime, locale_name: str, zone_name: str
) -> ExpiryWords:
    """The times are aware. Unknown locales become English, unknown zones UTC."""
    from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name

    locale = _locale(locale_name)
    local = expires_at.astimezone(_zone(zone_name))
    date = format_date(local, "full", locale)
    time = format_time(local, "short", tzinfo=local.tzinfo, locale=locale)
    zone = get_timezone_name(local, "long", locale=locale)
    pattern = str(get_datetime_format("full", locale=locale)).replace("'", "")
    at = pattern.replace("{0}", time).replace("{1}", date)
    words = (f"{at} ({zone})", date, time, zone, _remaining(expires_at - now, locale))
    # Some fonts lack this narrow space.
    return ExpiryWords(*(each.replace("\u202f", "\u00a0") for each in words))


def _remaining(left: timedelta, locale: Locale) -> str:
    """Days, hours or minutes, rounded down: nobody may count on time that the link doesn't have."""
    from babel.units import format_unit

    count, unit = max(0, left // timedelta(minutes=1)), "minute"
    if left >= timedelta(days=1):
        count, unit = left.days, "day"
    elif left >= timedelta(hours=1):
        count, unit = left // timedelta(hours=1), "hour"
    return format_unit(count, f"duration-{unit}", "long", locale=locale)


def _locale(name: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse(_FALLBACK, sep="-")


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return UTC
