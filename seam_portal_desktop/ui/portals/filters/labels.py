"""The words for filters in chips and menus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from PySide6.QtCore import QDate, QLocale

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.filters.periods import TODAY, dates_of, days_of
from seam_portal_desktop.ui.portals.filters.search_terms import NO_NAME, FilterKind
from seam_portal_desktop.ui.toolkit.form_parts import isolate, one_line

KIND_TITLES: Mapping[FilterKind, str] = MappingProxyType(
    {
        FilterKind.SENT: _("Sent"),
        FilterKind.TO: _("Sent to"),
        FilterKind.CREATED: _("Created"),
        FilterKind.EXPIRES: _("Expires"),
        FilterKind.CREATOR: _("Created by"),
        FilterKind.PRESET: _("Preset"),
        FilterKind.PREVIEW: _("Preview"),
        FilterKind.TAG: _("Tag"),
    }
)

VALUE_TITLES: Mapping[FilterKind, Mapping[str, str]] = MappingProxyType(
    {
        FilterKind.SENT: {
            "yes": _("Sent"),
            "no": _("Not sent"),
            "waiting": _("Waiting to be sent"),
            "failed": _("Not sent, or not to all"),
            "unconfirmed": _("Not certain"),
            "returned": _("Came back"),
            "smtp": _("By email from here"),
            "mail": _("With the mail program"),
            "sms": _("By SMS"),
        },
        FilterKind.CREATED: {TODAY: _("Today"), "7d": _("Last 7 days"), "30d": _("Last 30 days")},
        FilterKind.EXPIRES: {
            TODAY: _("Today"),
            "7d": _("Next 7 days"),
            "-7d": _("Last 7 days"),
            "-30d": _("Last 30 days"),
        },
        FilterKind.PREVIEW: {
            "good": _("Good"),
            "warnings": _("Warnings"),
            "problems": _("Problems"),
            "unchecked": _("Previewed, no result"),
            "none": _("Not previewed"),
        },
    }
)
"""The values that the menu offers, in its order. Names come from the ledger."""

_NO_NAMES = {FilterKind.CREATOR: _("Unknown"), FilterKind.PRESET: _("No preset")}
_SENT_WORDS = {
    "yes": _("yes"),
    "no": _("no"),
    "waiting": _("waiting"),
    "failed": _("failed"),
    "unconfirmed": _("not certain"),
    "returned": _("came back"),
    "smtp": _("by email from here"),
    "mail": _("with the mail program"),
    "sms": _("by SMS"),
}


def chip_text(kind: FilterKind, values: tuple[str, ...]) -> str:
    """'Created: last 7 days', or 'Preview: problems, warnings'."""
    return f"{KIND_TITLES[kind]}: {', '.join(_in_chip(kind, value) for value in values)}"


def name_title(kind: FilterKind, name: str) -> str:
    """A creator or a preset in the menu."""
    return _NO_NAMES[kind] if name == NO_NAME else one_line(name)


def _in_chip(kind: FilterKind, value: str) -> str:
    if kind is FilterKind.SENT:
        return _SENT_WORDS[value]
    if kind in (FilterKind.CREATED, FilterKind.EXPIRES):
        return _days(kind, value)
    if kind is FilterKind.PREVIEW:
        return VALUE_TITLES[kind][value].lower()
    return _NO_NAMES[kind].lower() if value == NO_NAME else isolate(one_line(value))


def _days(kind: FilterKind, word: str) -> str:
    if word == TODAY:
        return "today"
    days = days_of(word)
    if days is not None:
        number, is_negative = days
        count = QLocale().toString(number)
        is_next = kind is FilterKind.EXPIRES and not is_negative
        if number == 1:
            return _("until tomorrow") if is_next else _("since yesterday")
        return (
            _("next {count} days").format(count=count)
            if is_next
            else _("last {count} days").format(count=count)
        )
    first, last = map(_day, dates_of(word) or (None, None))
    if first == last or not last:
        return first if last else _("from {first}").format(first=first)
    return f"{first} – {last}" if first else _("until {last}").format(last=last)


def _day(day: date | None) -> str:
    if day is None:
        return ""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
