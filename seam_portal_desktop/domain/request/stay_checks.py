"""Stays, people and places that Seam takes, but that are probably a mistake or come to nothing.

Each rule takes time in proportion to n log n and is computed in steps, for 100,000 rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct

from seam_portal_desktop.domain.request.base import shorten
from seam_portal_desktop.domain.request.customer_data import CustomerData, StayData, resource_keys
from seam_portal_desktop.domain.request.problems import Problem, ProblemLevel
from seam_portal_desktop.domain.request.steps import ROWS_A_STEP, Steps, free_steps, sort_steps
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

Findings = Iterator[Problem | None]
"""Problems. After each step of a long computation comes None."""

Place = tuple[str, str]
"""The field that refers to places (``room_keys``), and the place's key."""


class _Stay(Struct, frozen=True, gc=False):
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


_StayInPlace = tuple[datetime, datetime, _Stay]
"""When it begins and ends there."""


def check_stays(data: CustomerData, now: datetime | None) -> Findings:
    """The problems of people, places and stays. Without `now` no stay is in the past."""
    stays: list[_Stay] = []
    for kind in _STAYS:
        for row, stay in enumerate(_rows(data, kind)):
            times = _time(stay.starts_at), _time(stay.ends_at)
            stays.append(_Stay(kind, row, stay, *times))
            if len(stays) % ROWS_A_STEP == 0:
                yield None
    yield from _shared_contacts(data, "email_address", _same_email)
    yield from _shared_contacts(data, "phone_number", _same_phone)
    zones: dict[str, ZoneInfo] = {}
    yield from _unknown_zones(data, zones)
    for number, each in enumerate(stays, 1):
        yield from _times(each, now)
        yield from _offsets(each, zones)
        yield from _missing_parts(each)
        yield from _several_places(each)
        if number % ROWS_A_STEP == 0:
            yield None
    yield from _overlaps(stays)
    yield from _new_places(data, stays)
    yield from free_steps(stays)


def _shared_contacts(data: CustomerData, field: str, same: Callable[[str], str]) -> Findings:
    first: dict[str, tuple[str, int, str]] = {}
    for kind in _PEOPLE:
        key_name = resource_keys()[kind]
        for row, person in enumerate(_rows(data, kind)):
            if row % ROWS_A_STEP == ROWS_A_STEP - 1:
                yield None
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
                    "{many}, row {row} has it too; Seam may skip stays of either and report nothing"
                )
            else:
                reason = _(
                    "{many}, row {row} has it too; Seam may skip stays of either, or give both one "
                    "door code"
                )
            reason = reason.format(many=ANY.many(kind_before), row=row_before + 1)
            yield _warning(f"customer_data.{kind}.{row}.{field}", reason)


def _same_email(address: str) -> str:
    return address.strip().casefold()


def _same_phone(number: str) -> str:
    return _NOT_A_DIGIT.sub("", number).removeprefix("00")


def _times(stay: _Stay, now: datetime | None) -> Iterator[Problem]:
    path = stay.path("ends_at")
    if stay.ends is None:
        return
    if stay.starts is not None and stay.ends < stay.starts:
        yield Problem(path, _("It ends before it starts"))
    elif stay.starts == stay.ends:
        yield _warning(path, _("It ends when it starts, so nobody gets in"))
    elif now is not None and stay.ends <= now:
        yield _warning(path, _("This is over already, so nobody gets in"))
    elif stay.starts is not None and stay.ends - stay.starts > _LONGEST:
        yield _warning(path, _("It lasts more than a year"))


def _unknown_zones(data: CustomerData, zones: dict[str, ZoneInfo]) -> Findings:
    """Fills `zones` by the spaces' keys."""
    for row, space in enumerate(_rows(data, "spaces")):
        if row % ROWS_A_STEP == ROWS_A_STEP - 1:
            yield None
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


def _offsets(stay: _Stay, zones: Mapping[str, ZoneInfo]) -> Iterator[Problem]:
    """Times whose offset is another one than the stay's space has then.

    A time in UTC (``Z``) names no offset of a place. Programs write all times so.
    """
    key = next((key for key in stay.keys("space_keys") if key in zones), None) if zones else None
    if key is None:
        return
    for name, time in (("starts_at", stay.starts), ("ends_at", stay.ends)):
        if time is None or getattr(stay.data, name)[-1] in "Zz":
            continue
        local = _in_zone(time, zones[key])
        if local is not None and local.utcoffset() != time.utcoffset():
            reason = _("In {zone}, where this space is, it is {local} then").format(
                zone=zones[key].key, local=f"{local:%Y-%m-%d %H:%M}"
            )
            yield _warning(stay.path(name), reason)


def _missing_parts(stay: _Stay) -> Iterator[Problem]:
    has_person = any(getattr(stay.data, name) for name in _PERSON_KEYS)
    has_place = any(stay.keys(name) for name in _PLACE_KEYS)
    if has_person and has_place:
        return
    if has_person:
        reason = _("It names no place; nobody gets in unless Seam knows one for it")
    elif has_place:
        reason = _("It names no person; nobody gets in unless Seam knows one for it")
    else:
        reason = _("It names no person and no place; nobody gets in unless Seam knows them for it")
    yield _warning(stay.key_path, reason)


def _several_places(stay: _Stay) -> Iterator[Problem]:
    if stay.kind not in _FOR_ONE_PARTY:
        return
    for name in _PRIVATE_PLACE_KEYS:
        keys = list(dict.fromkeys(stay.keys(name)))
        if len(keys) > 1:
            second = stay.keys(name).index(keys[1])
            reason = ngettext(
                "This is for {count} place at once; the person gets into it",
                "This is for {count} places at once; the person gets into all of them",
                len(keys),
            ).format(count=len(keys))
            yield _warning(stay.path(f"{name}.{second}"), reason)


def _overlaps(stays: Iterable[_Stay]) -> Findings:
    """Stays that begin in a place before an earlier one has ended there. One problem a stay."""
    found: set[tuple[str, int]] = set()
    by_place = yield from _stays_by_place(stays)
    for number, ((_name, place), there) in enumerate(by_place.items(), 1):
        if number % ROWS_A_STEP == 0:
            yield None
        in_order = yield from sort_steps(there, itemgetter(0))
        there.clear()
        until, last = in_order[0][1:]
        for index, (starts, ends, stay) in enumerate(in_order[1:], 1):
            if index % ROWS_A_STEP == 0:
                yield None
            if starts < until and (stay.kind, stay.row) not in found:
                found.add((stay.kind, stay.row))
                reason = _("{many}, row {row} has {place} for a part of this time too").format(
                    many=ANY.many(last.kind), row=last.row + 1, place=shorten(place, _SHOWN)
                )
                yield _warning(stay.path("starts_at"), reason)
            if ends > until:
                until, last = ends, stay


def _stays_by_place(stays: Iterable[_Stay]) -> Steps[dict[Place, list[_StayInPlace]]]:
    """The stays that have a place for themselves, where they begin before they end."""
    by_place: dict[Place, list[_StayInPlace]] = {}
    for number, stay in enumerate(stays, 1):
        if number % ROWS_A_STEP == 0:
            yield None
        starts, ends = stay.starts, stay.ends
        if (
            stay.kind in _FOR_ONE_PARTY
            and starts is not None
            and ends is not None
            and starts < ends
        ):
            for name in _PRIVATE_PLACE_KEYS:
                for key in dict.fromkeys(stay.keys(name)):
                    by_place.setdefault((name, key), []).append((starts, ends, stay))
    return by_place


def _new_places(data: CustomerData, stays: Iterable[_Stay]) -> Findings:
    """Places of this request that a stay refers to. Seam may have them already."""
    wanted: dict[str, set[str]] = {name: set() for name in _PLACE_KEYS}
    for number, stay in enumerate(stays, 1):
        if number % ROWS_A_STEP == 0:
            yield None
        for name, keys in wanted.items():
            keys.update(stay.keys(name))
    reason = _("If this is new to Seam, it has no lock yet, and stays here open nothing")
    for name, keys in wanted.items():
        kind = plural(name.removesuffix("_keys"))
        key_name = resource_keys()[kind]
        for row, place in enumerate(_rows(data, kind) if keys else ()):
            if row % ROWS_A_STEP == ROWS_A_STEP - 1:
                yield None
            if getattr(place, key_name) in keys:
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
