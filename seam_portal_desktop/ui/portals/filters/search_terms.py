"""Parses the text of the search box: words to look for, and words such as `sent:no` that filter.

The same words name the filters of the chips, and are what is kept of a saved filter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from seam_portal_desktop.domain.message.delivery import DeliveryState, SendChannel
from seam_portal_desktop.domain.portal.query import NO_FILTERS, PreviewOutcome, RecordFilters
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.filters.periods import is_begun, is_period, times_of

NEEDS_ATTENTION = frozenset(
    {
        PortalStatus.UNKNOWN,
        PortalStatus.FAILED,
        PortalStatus.REQUESTED,
        PortalStatus.DAMAGED,
    }
)
"""A link may exist that nobody has, a link that was requested doesn't exist, or the ledger's entry
can't be read."""

_STATUSES = {status.value: frozenset({status}) for status in PortalStatus} | {
    "attention": NEEDS_ATTENTION
}

NO_NAME = ""
"""The value of a filter for portals without a creator or a preset. As a word it is `none`."""

_NONE = "none"


class FilterKind(StrEnum):
    """The words before the colon, in the order of the menu."""

    STATUS = "status"
    SENT = "sent"
    TO = "to"
    CREATED = "created"
    EXPIRES = "expires"
    CREATOR = "creator"
    PRESET = "preset"
    PREVIEW = "preview"
    TAG = "tag"


_DELIVERIES: Mapping[str, frozenset[DeliveryState]] = MappingProxyType(
    {
        "waiting": frozenset({DeliveryState.WAITING, DeliveryState.SENDING}),
        "failed": frozenset({DeliveryState.FAILED, DeliveryState.PARTLY_SENT}),
        "unconfirmed": frozenset({DeliveryState.MAYBE_SENT, DeliveryState.HANDED_OVER}),
        "returned": frozenset({DeliveryState.RETURNED}),
    }
)
_CHANNELS: Mapping[str, frozenset[SendChannel]] = MappingProxyType(
    {
        "smtp": frozenset({SendChannel.SMTP}),
        "mail": frozenset({SendChannel.EML, SendChannel.MAILTO, SendChannel.MAIL_MERGE}),
        "sms": frozenset({SendChannel.SMS}),
    }
)
_WITH_ONE_VALUE = (FilterKind.SENT, FilterKind.CREATED, FilterKind.EXPIRES)
_NAMES = (FilterKind.TO, FilterKind.CREATOR, FilterKind.PRESET, FilterKind.TAG)
_WITHOUT_NAME = (FilterKind.CREATOR, FilterKind.PRESET)
_VALUES: Mapping[FilterKind, tuple[str, ...]] = MappingProxyType(
    {
        FilterKind.STATUS: tuple(_STATUSES),
        FilterKind.SENT: ("yes", "no", *_DELIVERIES, *_CHANNELS),
        FilterKind.PREVIEW: tuple(result.value for result in PreviewOutcome),
    }
)

Filters = Mapping[FilterKind, tuple[str, ...]]
"""The values of each kind that filters, never STATUS. A portal needs one value of each kind."""

_QUOTED = r'"(?:[^"]|"")*"?'
_KINDS = "|".join(FilterKind)
_WORD = re.compile(rf'({_KINDS}):((?:{_QUOTED}|[^\s"])*)|\S+', re.IGNORECASE)
_VALUE = re.compile(rf'(?:{_QUOTED}|[^,"])+')
_PLAIN_NAME = re.compile(r'[^\s,"]+')


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """`text` to look for, `statuses` to keep (empty: all), `filters`, and `unknown` words: what is
    before their colon, and what is after it as it was typed."""

    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    unknown: tuple[tuple[FilterKind, str], ...] = ()
    filters: Filters = field(default_factory=dict)

    @property
    def kinds(self) -> frozenset[FilterKind]:
        """The kinds of words that filter."""
        status = {FilterKind.STATUS} if self.statuses else set()
        return frozenset(self.filters) | status


def parse_search(typed: str) -> SearchTerms:
    """Parse `typed`: 'harbor status:active,expiring sent:no created:7d preset:"Our hotels"'.

    The start of a value, such as 'status:exp', neither filters nor is unknown: it is still typed.
    """
    words: list[str] = []
    statuses: frozenset[PortalStatus] = frozenset()
    filters: dict[FilterKind, tuple[str, ...]] = {}
    unknown: list[tuple[FilterKind, str]] = []
    for found in _WORD.finditer(typed):
        if found[1] is None:
            words.append(found[0])
            continue
        kind = FilterKind(found[1].casefold())
        for value in _values(kind, found[2]):
            if kind is FilterKind.STATUS and value in _STATUSES:
                statuses |= _STATUSES[value]
            elif _is_known(kind, value):
                before = () if kind in _WITH_ONE_VALUE else filters.get(kind, ())
                filters[kind] = before if value in before else (*before, value)
            elif not _is_begun(kind, value):
                unknown.append((kind, value))
    return SearchTerms(" ".join(words), statuses, tuple(unknown), filters)


def without_words(typed: str, kinds: Collection[FilterKind] = tuple(FilterKind)) -> str:
    """`typed` without its words of these kinds."""
    return " ".join(
        found[0]
        for found in _WORD.finditer(typed)
        if found[1] is None or found[1].casefold() not in kinds
    )


def words_of(terms: SearchTerms) -> str:
    """The text that `parse_search` parses into `terms`, without the unknown words."""
    words = [terms.text] if terms.text else []
    names = sorted(name for name, statuses in _STATUSES.items() if statuses <= terms.statuses)
    if terms.statuses >= NEEDS_ATTENTION:
        names = [name for name in names if not _STATUSES[name] < NEEDS_ATTENTION]
    if names:
        words.append(f"{FilterKind.STATUS}:{','.join(names)}")
    words += [
        f"{kind}:{','.join(_word(kind, value) for value in terms.filters[kind])}"
        for kind in FilterKind
        if kind in terms.filters
    ]
    return " ".join(words)


def record_filters(filters: Filters, now: datetime) -> RecordFilters:
    """What `filters` mean where it is `now`: their days are the user's."""
    if not filters:
        return NO_FILTERS
    (sent,) = filters.get(FilterKind.SENT, ("",))
    created, expires = filters.get(FilterKind.CREATED), filters.get(FilterKind.EXPIRES)
    return RecordFilters(
        sent=_YES_OR_NO.get(sent),
        created=None if created is None else times_of(created[0], now, forward=False),
        expires=None if expires is None else times_of(expires[0], now, forward=True),
        creators=frozenset(filters.get(FilterKind.CREATOR, ())),
        presets=frozenset(filters.get(FilterKind.PRESET, ())),
        previews=frozenset(map(PreviewOutcome, filters.get(FilterKind.PREVIEW, ()))),
        deliveries=_DELIVERIES.get(sent, frozenset()),
        channels=_CHANNELS.get(sent, frozenset()),
        recipients=frozenset(filters.get(FilterKind.TO, ())),
    )


def explain_unknown(terms: SearchTerms) -> str:
    """A sentence about the unknown words; '' without any."""
    statuses = [value for kind, value in terms.unknown if kind is FilterKind.STATUS]
    if statuses:
        names = ", ".join(f"“{name}”" for name in statuses)
        return _("There is no status {names}. Known are {statuses}.").format(
            names=names, statuses=", ".join(sorted(_STATUSES))
        )
    for kind, value in terms.unknown:
        return _("“{kind}:{value}” isn’t a filter. {kind_2}").format(
            kind=kind, value=value, kind_2=_HELP[kind]
        )
    return ""


_YES_OR_NO = {"yes": True, "no": False}
_DAYS = _("days such as 2026-11-01 or 2026-11-01..2026-11-30")
_HELP = {
    FilterKind.SENT: _("After sent: put {values}.").format(
        values=", ".join(_VALUES[FilterKind.SENT])
    ),
    FilterKind.CREATED: _("After created: put today, 7d for the last 7 days, or {days}.").format(
        days=_DAYS
    ),
    FilterKind.EXPIRES: _(
        "After expires: put today, 7d for the next 7 days, -7d for the last 7, or {days}."
    ).format(days=_DAYS),
    FilterKind.PREVIEW: _("After preview: put {preview_outcome}.").format(
        preview_outcome=", ".join(PreviewOutcome)
    ),
}


def _values(kind: FilterKind, typed: str) -> list[str]:
    values = []
    for piece in _VALUE.findall(typed):
        if piece.startswith('"'):
            value = piece[1:].removesuffix('"').replace('""', '"')
        else:
            value = piece if kind in _NAMES else piece.casefold()
            if kind in _WITHOUT_NAME and piece.casefold() == _NONE:
                values.append(NO_NAME)
                continue
        if kind is FilterKind.TAG:
            value = " ".join(value.split())
        if value.strip():
            values.append(value)
    return values


def _is_known(kind: FilterKind, value: str) -> bool:
    if kind in _NAMES:
        return True
    if kind in _VALUES:
        return value in _VALUES[kind]
    return is_period(value, forward=kind is FilterKind.EXPIRES)


def _is_begun(kind: FilterKind, value: str) -> bool:
    if kind in _VALUES:
        return any(known.startswith(value) for known in _VALUES[kind])
    return is_begun(value)


def _word(kind: FilterKind, value: str) -> str:
    if kind not in _NAMES:
        return value
    if value == NO_NAME:
        return _NONE
    if _PLAIN_NAME.fullmatch(value) and value.casefold() != _NONE:
        return value
    escaped = value.replace('"', '""')
    return f'"{escaped}"'
