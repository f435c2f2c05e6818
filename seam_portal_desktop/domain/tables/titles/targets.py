"""Which field of a kind the title of a column means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from seam_portal_desktop.domain.portal.look_alikes import edit_distance
from seam_portal_desktop.domain.request.resources import Cell, Column, ResourceKind
from seam_portal_desktop.domain.request.verticals import VERTICALS
from seam_portal_desktop.domain.tables.mapping import ColumnTarget, Match, NamePart
from seam_portal_desktop.domain.tables.titles.senses import TitleSenses, title_senses
from seam_portal_desktop.domain.tables.titles.synonyms import PERSONS, PLACES, Sense
from seam_portal_desktop.domain.tables.titles.text import plain_title


@dataclass(frozen=True, slots=True)
class TitleTarget:
    """``target`` is None for a title that is unknown, or known to have no field.

    ``is_person`` is set for a title such as 'Guest', where the cells decide between a key and a
    name, ``is_contact`` for 'Contact', where they decide between ways to reach someone.
    ``is_vague`` means that the user has to confirm. ``is_known`` titles speak for a heading.
    """

    target: ColumnTarget | None
    match: Match
    is_known: bool = False
    is_person: bool = False
    is_contact: bool = False
    is_vague: bool = False


_UNKNOWN = TitleTarget(None, Match.NONE)

_NAME_PARTS = {
    Sense.FIRST: NamePart.FIRST,
    Sense.MIDDLE: NamePart.MIDDLE,
    Sense.LAST: NamePart.LAST,
}

_KEYS_OF_PLACES = {
    "rooms": {Sense.ROOM},
    "units": {Sense.UNIT},
    "spaces": {Sense.SPACE, Sense.ROOM, Sense.UNIT, Sense.LISTING, Sense.PROPERTY},
    "properties": {Sense.PROPERTY, Sense.LISTING, Sense.UNIT},
    "listings": {Sense.LISTING, Sense.PROPERTY, Sense.UNIT},
    "property_listings": {Sense.LISTING, Sense.PROPERTY, Sense.UNIT},
    "buildings": {Sense.BUILDING, Sense.PROPERTY},
    "sites": {Sense.SITE, Sense.PROPERTY, Sense.BUILDING},
    "common_areas": {Sense.COMMON_AREA},
    "facilities": {Sense.FACILITY},
}
"""The words for the rows of each kind of place."""


def title_target(title: str, kind: ResourceKind, *, may_be_alike: bool = True) -> TitleTarget:
    """What `title` means in a table of `kind`. Typing errors are looked for if it `may_be_alike`,
    which takes a millisecond."""
    exact = exact_target(title, kind)
    if exact is not None:
        return TitleTarget(exact, Match.EXACT, is_known=True)
    senses = title_senses(title, may_be_alike=may_be_alike)
    if senses is not None:
        return _target_of(senses, kind)
    alike = _alike_target(title, kind) if may_be_alike else None
    return TitleTarget(ColumnTarget(alike), Match.ALIKE) if alike else _UNKNOWN


def exact_target(title: str, kind: ResourceKind) -> ColumnTarget | None:
    """The field whose own name is `title`: its path, or its title in a line of business."""
    column = _names(kind).get(plain_title(title))
    if column is not None:
        return ColumnTarget(column)
    head, separator, field = title.strip().partition(":" if ":" in title else ".")
    metadata = next((each for each in kind.columns if each.cell is Cell.METADATA), None)
    is_field = field.strip() and plain_title(head) in {"metadata", "custommetadata"}
    return ColumnTarget(metadata, field.strip()) if separator and is_field and metadata else None


@cache
def _names(kind: ResourceKind) -> dict[str, Column]:
    """The columns by each of their own names."""
    names: dict[str, Column] = {}
    for column in kind.columns:
        titles = [column.dotted, column.path[-1]]
        titles += [vertical.column(column.path) for vertical in VERTICALS]
        if column.path == (kind.key,):
            titles += ["key", "id"]
        for title in titles:
            names.setdefault(plain_title(title), column)
    return names


def _alike_target(title: str, kind: ResourceKind) -> Column | None:
    plain = plain_title(title)
    most = 0 if len(plain) < 6 else 1 if len(plain) < 10 else 2  # noqa: PLR2004
    found = None
    for name, column in _names(kind).items():
        if most and abs(len(name) - len(plain)) <= most:
            distance = edit_distance(plain, name, most)
            if distance <= most:
                found, most = column, distance - 1
    return found


def _target_of(title: TitleSenses, kind: ResourceKind) -> TitleTarget:
    """What known words name. They needn't name a field of this kind."""
    senses = title.senses
    is_known = not title.is_alike
    field = None if senses & {Sense.COUNT, Sense.OTHER} else _field_of(senses, kind)
    column = next((each for each in kind.columns if field and each.path == field[0]), None)
    if field is None or column is None:
        return TitleTarget(None, Match.NONE, is_known)
    _path, part, is_vague = field
    return TitleTarget(
        ColumnTarget(column, part=part),
        Match.ALIKE if title.is_alike else Match.SYNONYM,
        is_known,
        is_person=len(senses) == 1 and bool(senses & PERSONS),
        is_contact=Sense.CONTACT in senses and senses <= {Sense.CONTACT, *PERSONS},
        is_vague=is_vague,
    )


_Field = tuple[tuple[str, ...], NamePart | None, bool]
"""The path, the part of a name, and whether the user has to confirm."""


def _field_of(senses: frozenset[Sense], kind: ResourceKind) -> _Field | None:
    common = _common_field(senses, kind)
    if common is not None:
        return common
    if kind.name in _KEYS_OF_PLACES:
        return _place_field(senses, kind)
    paths = {column.path for column in kind.columns}
    if ("starts_at",) in paths:
        return _stay_field(senses, kind)
    return _person_field(senses, kind)


def _common_field(senses: frozenset[Sense], kind: ResourceKind) -> _Field | None:
    without_key = senses - {Sense.KEY}
    without_place = senses - {Sense.ADDRESS}
    for sense, path in _SINGLE.items():
        if sense in senses and senses <= {sense, Sense.ADDRESS, Sense.KEY, *_WHOSE}:
            is_plain = sense in _OF_PERSONS or without_key == {sense} or without_place == {sense}
            return (path, None, False) if is_plain else None
    if senses == {Sense.KEY}:
        return (kind.key,), None, True
    return None


_SINGLE = {
    Sense.EMAIL: ("email_address",),
    Sense.PHONE: ("phone_number",),
    Sense.CODE: ("preferred_code",),
    Sense.TIME_ZONE: ("customer_data", "time_zone"),
    Sense.LATITUDE: ("geolocation", "latitude"),
    Sense.LONGITUDE: ("geolocation", "longitude"),
    Sense.ADDRESS: ("customer_data", "address"),
}
_WHOSE = PERSONS | {Sense.CONTACT}
_OF_PERSONS = {Sense.EMAIL, Sense.PHONE, Sense.CODE}


def _name_field(senses: frozenset[Sense]) -> _Field | None:
    """A name of a person, whose words may be among `senses`."""
    words = senses - _WHOSE
    for sense, part in _NAME_PARTS.items():
        if sense in words and words <= {sense, Sense.NAME}:
            return ("name",), part, False
    is_name = words in ({Sense.NAME}, {Sense.FULL}, {Sense.FULL, Sense.NAME})
    return (("name",), None, False) if is_name else None


def _person_field(senses: frozenset[Sense], kind: ResourceKind) -> _Field | None:
    persons = senses & PERSONS
    if Sense.CONTACT in senses and senses <= _WHOSE:
        return ("phone_number",), None, False
    if persons and senses - persons == {Sense.KEY}:
        return (kind.key,), None, False
    if persons == senses and len(senses) == 1:
        return ("name",), None, False
    if len(senses & PLACES) == 1 and senses - PLACES <= {Sense.KEY}:
        (place,) = senses & PLACES
        return (f"{place}_keys",), None, True
    return _name_field(senses)


def _stay_field(senses: frozenset[Sense], kind: ResourceKind) -> _Field | None:
    for sense, name in ((Sense.START, "starts_at"), (Sense.END, "ends_at")):
        if sense in senses and senses <= {sense, Sense.DATE, Sense.TIME, Sense.STAY}:
            return (name,), None, senses >= {Sense.TIME} and Sense.DATE not in senses
    if Sense.STAY in senses and senses <= {Sense.STAY, Sense.KEY}:
        return (kind.key,), None, senses == {Sense.STAY}
    if senses == {Sense.STAY, Sense.NAME}:
        return ("name",), None, False
    persons, places = senses & PERSONS, senses & PLACES
    if len(persons) == 1 and senses - persons <= {Sense.KEY}:
        (person,) = persons
        return (f"{person}_key",), None, False
    if len(places) == 1 and senses - places <= {Sense.KEY, Sense.NAME}:
        (place,) = places
        return (f"{place}_keys",), None, Sense.NAME in senses
    return None if places else _name_field(senses)


def _place_field(senses: frozenset[Sense], kind: ResourceKind) -> _Field | None:
    places = senses & PLACES
    words = senses - places
    if not places:
        return _nameless_place_field(senses)
    if len(places) > 1:
        return None
    (place,) = places
    field: _Field | None = None
    if place in _KEYS_OF_PLACES[kind.name]:
        if words == {Sense.NAME}:
            field = ("name",), None, False
        elif words <= {Sense.KEY}:
            field = (kind.key,), None, not words
    elif place in _AROUND_PLACES and words <= {Sense.KEY}:
        field = ("parent_site_key",), None, place is not Sense.SITE
    return field


_AROUND_PLACES = {Sense.SITE, Sense.BUILDING, Sense.PROPERTY}
_CLOCK_TIMES = {
    frozenset({Sense.START, Sense.TIME}): "default_checkin_time",
    frozenset({Sense.END, Sense.TIME}): "default_checkout_time",
}


def _nameless_place_field(senses: frozenset[Sense]) -> _Field | None:
    if senses in ({Sense.NAME}, {Sense.FULL}):
        return ("name",), None, False
    clock_time = _CLOCK_TIMES.get(senses)
    return (("customer_data", clock_time), None, False) if clock_time else None
