"""Times as people read them, in the zone and the style of the settings.

The text is relative, or the date if the user wants that; the tooltip has the whole date.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime, QTimeZone

from seam_portal_desktop.domain.clock import rounded_up
from seam_portal_desktop.domain.preferences import Settings
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.form_parts import isolate

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class _Style:
    """As Qt's default locale, there is one for the program. `zone` is None for the system's."""

    zone: QTimeZone | None = None
    iso = False
    absolute = False


_style = _Style()


def set_time_style(settings: Settings) -> None:
    """Write times as `settings` say from now on. A zone that this system lacks is the system's."""
    name = settings.time_zone
    zone = None if name == "system" else QTimeZone(name.encode("ascii"))
    _style.zone = zone if zone is not None and zone.isValid() else None
    _style.iso = settings.date_style == "iso"
    _style.absolute = settings.time_style == "absolute"


def zone_name() -> str:
    """The IANA name of the user's zone. If it has none here, a zone with its present offset."""
    # Nothing needs it before the list is painted.
    from seam_portal_desktop.domain.tables.values.zones import zone_named

    zone = _style.zone or QTimeZone.systemTimeZone()
    name = bytes(zone.id().data()).decode("ascii", "replace")
    if zone_named(name) is not None:
        return name
    minutes = zone.offsetFromUtc(QDateTime.currentDateTimeUtc()) // 60
    hours, rest = divmod(abs(minutes), 60)
    # In these names the sign is the other way round.
    name = f"Etc/GMT{'-' if minutes > 0 else '+'}{hours}"
    return name if not rest and zone_named(name) is not None else "Etc/UTC"


def relative(moment: datetime, now: datetime) -> str:
    """`moment` relative to `now` (both aware): 'in 7 days', '9 h ago', 'just now'.

    If the user wants dates instead of relative times, it is `short`.

    Whole units. A past time is rounded down. A remaining time is rounded up to its unit (see
    `rounded_up`): a link that has 6 days and 23 hours left says 'in 7 days', and one that has less
    than a minute left says 'in less than a minute'.
    """
    if _style.absolute:
        return short(moment)
    if moment > now:
        left = moment - now
        return (
            _("in less than a minute")
            if left < _MINUTE
            else _("in {amount}").format(amount=_amount(rounded_up(left)))
        )
    past = now - moment
    return _("just now") if past < _MINUTE else _("{amount} ago").format(amount=_amount(past))


def relative_and_date(moment: datetime, now: datetime) -> str:
    """'9 h ago · 1/12/26 09:12', or only the date."""
    date = isolate(short(moment))
    return date if _style.absolute else f"{isolate(relative(moment, now))} · {date}"


def widest_time() -> str:
    """About the widest text of `relative`."""
    return (
        short(datetime(2028, 12, 28, 22, 58).astimezone()) if _style.absolute else _("000 days ago")
    )


def _amount(time: timedelta) -> str:
    if time < _HOUR:
        return _("{time} min").format(time=time // _MINUTE)
    if time < 2 * _DAY:
        return _("{time} h").format(time=time // _HOUR)
    days = time // _DAY
    return ngettext("{count} day", "{count} days", days).format(count=QLocale().toString(days))


def absolute(moment: datetime) -> str:
    """`moment` (aware) in full, with the zone."""
    if _style.iso:
        return _local(moment).toString("yyyy-MM-dd HH:mm:ss t")
    return QLocale().toString(_local(moment), QLocale.FormatType.LongFormat)


def short(moment: datetime, zone: str | None = None) -> str:
    """`moment` (aware) as date and minutes, on the clocks of `zone` if this system knows it."""
    local = _local(moment)
    if zone is not None and (place := QTimeZone(zone.encode("ascii", "replace"))).isValid():
        local = local.toTimeZone(place)
    if _style.iso:
        return local.toString("yyyy-MM-dd HH:mm")
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def time_or_date(moment: datetime, now: datetime) -> str:
    """`moment` (aware) as a time, '10:42', if that was today; else as `short`."""
    local = _local(moment)
    if local.date() != _local(now).date():
        return short(moment)
    if _style.iso:
        return local.toString("HH:mm")
    return QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)


def long_date(date: QDate | datetime) -> str:
    """A day in full. That of a datetime (aware) is the day in the user's zone."""
    day = date if isinstance(date, QDate) else _local(date).date()
    if _style.iso:
        return day.toString("yyyy-MM-dd")
    return QLocale().toString(day, QLocale.FormatType.LongFormat)


def to_local(moment: datetime) -> datetime:
    """`moment` (aware) with the offset of the user's zone."""
    if _style.zone is None:
        return moment.astimezone()
    return moment.astimezone(timezone(timedelta(seconds=_local(moment).offsetFromUtc())))


def from_local(typed: datetime) -> datetime:
    """The moment at which clocks in the user's zone show `typed` (naive). It has their offset."""
    if _style.zone is None:
        return typed.astimezone()
    local = QDateTime(
        QDate(typed.year, typed.month, typed.day),
        QTime(typed.hour, typed.minute, typed.second),
        _style.zone,
    )
    return typed.replace(tzinfo=timezone(timedelta(seconds=local.offsetFromUtc())))


def _local(moment: datetime) -> QDateTime:
    milliseconds = round(moment.timestamp() * 1000)
    if _style.zone is None:
        return QDateTime.fromMSecsSinceEpoch(milliseconds)
    return QDateTime.fromMSecsSinceEpoch(milliseconds, _style.zone)
