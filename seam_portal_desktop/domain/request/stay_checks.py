"""Stays, people and places that Seam takes, but that are probably a mistake or come to nothing.

Each rule takes time in proportion to n log n, for requests with 100,000 rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from seam_portal_desktop.domain.request.base import shorten
from seam_portal_desktop.domain.request.customer_data import CustomerData, StayData, resource_keys
from seam_portal_desktop.domain.request.problems import Problem, ProblemLevel
from seam_portal_desktop.domain.request.verticals import ANY, plural
from seam_portal_desktop.texts import _, ngettext

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_STAYS = ("access_grants", "bookings", "reservations")
_FOR_ONE_PARTY = frozenset({"bookings", "reservations"})
"""Kinds of stays that have a place for themselves. People with access grants share places."""

_PEOPLE = ("guests", "residents", "staff_members", "tenants", "user_identities", "users")
_PERSON_KEYS = ("guest_key", "resident_key", "tenant_key", "user_identity_key", "user_key")
_PLACE_KEYS = (
    "building_keys",
    "common_area_keys",
    "facility_keys",
    "listing_keys",
    "property_keys",
    "room_keys",
    "space_keys",
    "unit_keys",
)
_PRIVATE_PLACE_KEYS = ("listing_keys", "property_keys", "room_keys", "space_keys", "unit_keys")
"""Places for one party at a time. Buildings, common areas and facilities are shared."""

_LONGEST = timedelta(days=366)
_SHOWN = 40
_NOT_A_DIGIT = re.compile(r"[^0-9]+")

Place = tuple[str, str]
"""The field that refers to places (``room_keys``), and the place's key."""


@dataclass(frozen=True, slots=True)
class _Stay:
    """A stay with its row, and with its times if it has them."""

    kind: str
    row: int
    data: StayData
    starts: datetime | None
    ends: datetime | None

    def path(self, name: str) -> str:
        return f"customer_data.{self.kind}.{self.row}.{name}"

    @property
    def key_path(self) -> str:
        return self.path(resource_keys()[self.kind])

    def keys(self, name: str) -> tuple[str, ...]:
        keys = getattr(self.data, name)
        return () if keys is UNSET else keys


def check_stays(data: CustomerData, now: datetime | None) -> Iterator[Problem]:
    """The problems of people, places and stays. Without `now` no stay is in the past."""
    stays = [
        _Stay(kind, row, stay, _time(stay.starts_at), _time(stay.ends_at))
        for kind in _STAYS
        for row, stay in enumerate(_rows(data, kind))
    ]
    yield from _shared_contacts(data, "email_address", _same_email)
    yield from _shared_contacts(data, "phone_number", _same_phone)
    yield from _times(stays, now)
    yield from _offsets(data, stays)
    yield from _missing_parts(stays)
    yield from _several_places(stays)
    yield from _overlaps(stays)
    yield from _new_places(data, stays)


def _shared_contacts(data: CustomerData, field: str, same: Any) -> Iterator[Problem]:  # noqa: ANN401
    first: dict[str, tuple[str, int, str]] = {}
    for kind in _PEOPLE:
        key_name = resource_keys()[kind]
        for row, person in enumerate(_rows(data, kind)):
            value = getattr(person, field)
            compared = "" if value is UNSET else same(value)
            if not compared:
                continue
            key = getattr(person, key_name)
            kind_before, row_before, key_before = first.setdefault(compared, (kind, row, key))
            if (kind_before, key_before) == (kind, key):
                continue  # the same row, or one with the same key, which is an error of its own
            if field == "email_address":
                reason = _(
                    "{many}, row {row} has the same email address; Seam may then skip stays of "
                    "one of the two and report nothing"
                )
            else:
                reason = _(
                    "{many}, row {row} has the same phone number; Seam may then skip stays of one "
                    "of the two and report nothing, or give both the same door code"
                )
            reason = reason.format(many=ANY.many(kind_before), row=row_before + 1)
            yield _warning(f"customer_data.{kind}.{row}.{field}", reason)


def _same_email(address: str) -> str:
    return address.strip().casefold()


def _same_phone(number: str) -> str:
    return _NOT_A_DIGIT.sub("", number).removeprefix("00")


def _times(stays: Iterable[_Stay], now: datetime | None) -> Iterator[Problem]:
    for stay in stays:
        path = stay.path("ends_at")
        if stay.ends is None:
            continue
        if stay.starts is not None and stay.ends < stay.starts:
            yield Problem(path, _("It ends before it starts"))
        elif stay.starts == stay.ends:
            yield _warning(path, _("It ends when it starts, so nobody gets in"))
        elif now is not None and stay.ends <= now:
            yield _warning(path, _("This is over already, so nobody gets in"))
        elif stay.starts is not None and stay.ends - stay.starts > _LONGEST:
            yield _warning(path, _("It lasts more than a year"))


def _offsets(data: CustomerData, stays: Iterable[_Stay]) -> Iterator[Problem]:
    """Zones that don't exist, and times whose offset is another one than their space has then.

    A time in UTC (``Z``) names no offset of a place. Programs write all times so.
    """
    zones: dict[str, ZoneInfo] = {}
    for row, space in enumerate(_rows(data, "spaces")):
        own = space.customer_data
        name = UNSET if own is UNSET else own.time_zone
        if name is UNSET or name is None:
            continue
        zone = _zone(name)
        if zone is None:
            path = f"customer_data.spaces.{row}.customer_data.time_zone"
            yield _warning(path, _("No such time zone is known; it looks like Europe/Berlin"))
        else:
            zones.setdefault(space.space_key, zone)
    if not zones:
        return
    for stay in stays:
        space_key = next((key for key in stay.keys("space_keys") if key in zones), None)
        if space_key is None:
            continue
        for name, time in (("starts_at", stay.starts), ("ends_at", stay.ends)):
            if time is None or getattr(stay.data, name)[-1] in "Zz":
                continue
            local = _in_zone(time, zones[space_key])
            if local is not None and local.utcoffset() != time.utcoffset():
                reason = _("In {zone}, where this space is, it is {local} then").format(
                    zone=zones[space_key].key, local=f"{local:%Y-%m-%d %H:%M}"
                )
                yield _warning(stay.path(name), reason)


def _missing_parts(stays: Iterable[_Stay]) -> Iterator[Problem]:
    for stay in stays:
        has_person = any(getattr(stay.data, name) for name in _PERSON_KEYS)
        has_place = any(stay.keys(name) for name in _PLACE_KEYS)
        if has_person and has_place:
            continue
        if has_person:
            reason = _("It names no place; nobody gets in unless Seam knows one for it")
        elif has_place:
            reason = _("It names no person; nobody gets in unless Seam knows one for it")
        else:
            reason = _(
                "It names no person and no place; nobody gets in unless Seam knows them for it"
            )
        yield _warning(stay.key_path, reason)


def _several_places(stays: Iterable[_Stay]) -> Iterator[Problem]:
    for stay in stays:
        if stay.kind not in _FOR_ONE_PARTY:
            continue
        for name in _PRIVATE_PLACE_KEYS:
            keys = dict.fromkeys(stay.keys(name))
            if len(keys) > 1:
                second = stay.keys(name).index(list(keys)[1])
                reason = ngettext(
                    "This is for {count} place at once; the person gets into it",
                    "This is for {count} places at once; the person gets into all of them",
                    len(keys),
                ).format(count=len(keys))
                yield _warning(stay.path(f"{name}.{second}"), reason)


def _overlaps(stays: Iterable[_Stay]) -> Iterator[Problem]:
    """Stays that begin in a place before an earlier one has ended there. One problem a stay."""
    by_place: dict[Place, list[tuple[datetime, datetime, _Stay]]] = {}
    for stay in stays:
        if stay.kind not in _FOR_ONE_PARTY or stay.starts is None or stay.ends is None:
            continue
        if stay.starts < stay.ends:
            for name in _PRIVATE_PLACE_KEYS:
                for key in dict.fromkeys(stay.keys(name)):
                    by_place.setdefault((name, key), []).append((stay.starts, stay.ends, stay))
    overlapping: dict[tuple[str, int], Problem] = {}
    for (_name, key), there in by_place.items():
        there.sort(key=itemgetter(0))
        _first, until, last = there[0]
        for starts, ends, stay in there[1:]:
            if starts < until:
                reason = _("{many}, row {row} has {place} for a part of this time too").format(
                    many=ANY.many(last.kind), row=last.row + 1, place=shorten(key, _SHOWN)
                )
                problem = _warning(stay.path("starts_at"), reason)
                overlapping.setdefault((stay.kind, stay.row), problem)
            if ends > until:
                until, last = ends, stay
    yield from overlapping.values()


def _new_places(data: CustomerData, stays: Iterable[_Stay]) -> Iterator[Problem]:
    """Places of this request that a stay refers to. Seam may have them already."""
    wanted: dict[str, set[str]] = {name: set() for name in _PLACE_KEYS}
    for stay in stays:
        for name, keys in wanted.items():
            keys.update(stay.keys(name))
    reason = _("If this is new to Seam, it has no lock yet, and stays here open nothing")
    for name, keys in wanted.items():
        kind = plural(name.removesuffix("_keys"))
        key_name = resource_keys()[kind]
        for row, place in enumerate(_rows(data, kind) if keys else ()):
            if getattr(place, key_name) in keys:
                reason = _(
                    "If this is new to Seam, it has no lock yet, and stays here open nothing"
                )
                yield _warning(f"customer_data.{kind}.{row}.{key_name}", reason)


def _warning(path: str, reason: str) -> Problem:
    return Problem(path, reason, ProblemLevel.WARNING)


def _rows(data: CustomerData, kind: str) -> Iterable[Any]:
    rows = getattr(data, kind)
    return () if rows is UNSET else rows


def _time(timestamp: Any) -> datetime | None:  # noqa: ANN401 - a text or UNSET
    """Parse a checked RFC 3339 time. Python has no leap seconds and needs capital letters."""
    if timestamp is UNSET:
        return None
    return datetime.fromisoformat(re.sub(r":60(?=[.Z+-])", ":59", timestamp.upper()))


def _in_zone(time: datetime, zone: ZoneInfo) -> datetime | None:
    """None where the calendar ends."""
    try:
        return time.astimezone(zone)
    except (OverflowError, ValueError):
        return None


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
