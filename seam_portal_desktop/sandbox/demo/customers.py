"""The demo's customers: a dozen businesses of several kinds, with places, people and stays.

Every date is relative to a given day, so that there are always past, current and future stays.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from seam_portal_desktop.sandbox.demo.profiles import (
    CASA_VERDE_PROFILE,
    HARBOR_PROFILE,
    PULSE_PROFILE,
)

GRAND_TERRACE = "grand-terrace-serviced-apartments-and-conference-centre-kings-cross-london-2"
"""A customer key as long as real ones can be."""

_PEOPLE = (
    "Amara Okafor",
    "Jonas Lindqvist",
    "Sofía Herrera",
    "Marek Nowak",
    "Chloé Lefèvre",
    "Kenji Watanabe",
    "Eleni Papadopoulou",
    "Oliver Brandt",
    "Giulia Ferri",
    "Noah Whitfield",
    "Inês Carvalho",
    "Daan de Vries",
    "Leila Haddad",
    "Anastasia Petrova",
    "Tom Gallagher",
    "Priya Raman",
    "Mateus Rocha",
    "Hannah Weiss",
)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The kinds of a business's stays and of the people in them, with their keys."""

    stays: str
    stay_key: str
    people: str
    person_key: str


_HOTEL = _Kinds("reservations", "reservation_key", "guests", "guest_key")
_HOSTEL = _Kinds("bookings", "booking_key", "guests", "guest_key")
_HOMES = _Kinds("access_grants", "access_grant_key", "residents", "resident_key")
_LETTINGS = _Kinds("access_grants", "access_grant_key", "tenants", "tenant_key")
_CLUB = _Kinds("bookings", "booking_key", "users", "user_key")
_MEMBERS = _Kinds("access_grants", "access_grant_key", "user_identities", "user_identity_key")


@dataclass(frozen=True, slots=True)
class _Business:
    """What a customer's data are made from: its places of one kind, and its stays in them."""

    key: str
    display_name: str
    since_days: int
    kinds: _Kinds
    place: str
    names: Sequence[str]
    nights: int
    site: str | None = None
    profile: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """``data`` is push_data's body. The customer was created ``since_days`` ago."""

    display_name: str
    since_days: int
    data: Mapping[str, Any]
    customization_profile_id: str | None = None


def demo_customers(now: datetime) -> list[DemoCustomer]:
    """All customers with their data at `now` (aware)."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        *(make(today) for make in (_harbor_hotel, _casa_verde, _pulse_gyms, _elm_street)),
        *(_customer(business, today) for business in _businesses()),
    ]


def _businesses() -> list[_Business]:
    cabins = ("Bear's Den", "Foxglove Cabin", "The Lookout", "Creekside")
    dorms = ("Dorm Birch", "Dorm Cedar", "Dorm Willow", "Twin Fern", "Family Oak")
    studios = ("Salle Ravel", "Salle Debussy", "Cabine 1", "Cabine 2")
    offices = ("Quay House", "Rope Walk", "Customs Hall")
    suites = ("جناح الياسمين", "جناح الزيتون", "Suite Tramontane")
    yards = ("Yard A", "Yard B", "Cold store")
    rooms = ("Sea view 🌊", "Garden 🌿", "Attic")
    terrace = "Grand Terrace Serviced Apartments and Conference Centre, King's Cross"
    return [
        _Business(
            "old-mill", "Old Mill Lofts", 410, _HOMES, "unit", _numbered("Loft", 101, 8), 280
        ),
        _Business("lakeview-hostel", "Lakeview Hostel", 95, _HOSTEL, "room", dorms, 3),
        _Business("pine-ridge-cabins", "Pine Ridge Cabins", 220, _HOTEL, "listing", cabins, 4),
        _Business(
            "north-yard-storage", "North Yard Storage", 60, _LETTINGS, "facility", yards, 180
        ),
        _Business("quay-offices", "Quay Offices", 150, _LETTINGS, "building", offices, 365),
        _Business("studio-lumiere", "Studio Lumière", 33, _CLUB, "space", studios, 1),
        _Business("riad-al-bahr", "رياض البحر", 18, _HOTEL, "property", suites, 5),
        _Business("sunny-side-stays", "Sunny Side Stays ☀️", 7, _HOTEL, "room", rooms, 2),
        _Business(GRAND_TERRACE, terrace, 301, _HOTEL, "unit", _numbered("Apartment", 1, 12), 6),
    ]


def _harbor_hotel(today: datetime) -> DemoCustomer:
    names = (*_numbered("Room", 101, 4), *_numbered("Room", 201, 4), "Lighthouse suite")
    rooms = [f"room-{number}" for number in range(1, len(names) + 1)]
    extra = {
        "common_areas": [
            {"common_area_key": "front-door", "name": "Front door", "parent_site_key": "main"},
            {"common_area_key": "spa", "name": "Spa", "parent_site_key": "main"},
        ],
        "staff_members": [
            _person("staff_member_key", "Ruth Castellan", room_keys=rooms),
            _person("staff_member_key", "Bo Eriksen", room_keys=rooms[:4]),
            _person("staff_member_key", "Femi Adeyemi", common_area_keys=["spa"]),
        ],
    }
    site = "Harbor Hotel main house"
    business = _Business("harbor-hotel", "Harbor Hotel", 520, _HOTEL, "room", names, 3, site)
    return _customer(replace(business, profile=HARBOR_PROFILE, extra=extra), today)


def _casa_verde(today: datetime) -> DemoCustomer:
    names = ("Azulejo flat", "Garden house", "Miradouro loft", "River studio", "Old town duplex")
    business = _Business("casa-verde", "Casa Verde", 340, _HOTEL, "listing", names, 4)
    customer = _customer(replace(business, profile=CASA_VERDE_PROFILE), today)
    # Stays refer to listings, but only property listings have custom metadata.
    listings = [
        {
            "property_listing_key": listing["listing_key"],
            "name": listing["name"],
            "custom_metadata": {
                "city": "Lisboa" if index % 2 == 0 else "Porto",
                "self_check_in": index != 1,
            },
        }
        for index, listing in enumerate(customer.data["listings"])
    ]
    stays = [
        stay | {"custom_metadata": {"city": "Lisboa" if index % 2 == 0 else "Porto"}}
        for index, stay in enumerate(customer.data["reservations"])
    ]
    keys = [listing["property_listing_key"] for listing in listings]
    staff = [
        _person("staff_member_key", "Beatriz Sousa", property_listing_keys=keys),
        _person("staff_member_key", "Rui Antunes", property_listing_keys=keys[:2]),
    ]
    data = {name: value for name, value in customer.data.items() if name != "listings"}
    data |= {"property_listings": listings, "reservations": stays, "staff_members": staff}
    return replace(customer, data=data)


def _pulse_gyms(today: datetime) -> DemoCustomer:
    names = ("Weights", "Spin studio", "Yoga studio", "Sauna", "Changing room")
    site = "Pulse Riverside"
    business = _Business("pulse-gyms", "Pulse Gyms", 130, _MEMBERS, "space", names, 30, site)
    extra = {"staff_members": [_person("staff_member_key", "Dana Flynn", site_keys=["main"])]}
    customer = _customer(replace(business, profile=PULSE_PROFILE, extra=extra), today)
    spaces = [
        space
        | {
            "duration_minutes": 60,
            "geolocation": {"latitude": 51.5072, "longitude": -0.1276},
            "customer_data": {"time_zone": "Europe/London", "address": "12 Wharf Road, London"},
        }
        for space in customer.data["spaces"]
    ]
    return replace(customer, data={**customer.data, "spaces": spaces})


def _elm_street(today: datetime) -> DemoCustomer:
    names = (*_numbered("Flat", 1, 9), "Penthouse")
    name, site = "Elm Street Apartments", "14 Elm Street"
    business = _Business("elm-street-apartments", name, 700, _HOMES, "unit", names, 365, site)
    areas = [
        {"common_area_key": _slug(name), "name": name, "parent_site_key": "main"}
        for name in ("Street door", "Bike cellar", "Roof terrace")
    ]
    return _customer(replace(business, extra={"common_areas": areas}), today)


def _customer(business: _Business, today: datetime) -> DemoCustomer:
    kinds, place, nights = business.kinds, business.place, business.nights
    plural = {"property": "properties", "facility": "facilities"}.get(place, f"{place}s")
    in_site = {"parent_site_key": "main"} if business.site else {}
    places = [
        {f"{place}_key": f"{place}-{number}", "name": name} | in_site
        for number, name in enumerate(business.names, 1)
    ]
    # Two stays in each place but the last, which is free.
    stay_places = [each[f"{place}_key"] for each in places[:-1] for _ in range(2)]
    people, stays = [], []
    for number, each in enumerate(stay_places):
        name = _PEOPLE[(business.since_days + number) % len(_PEOPLE)]
        person = _person(kinds.person_key, name)
        starts_at = today + timedelta(days=(number % 4 - 2) * nights + number % 3, hours=15)
        people.append(person)
        stays.append(
            {
                kinds.stay_key: f"{kinds.stay_key.removesuffix('_key')}-{number + 1}",
                "name": name,
                kinds.person_key: person[kinds.person_key],
                f"{place}_keys": [each],
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(days=nights, hours=-4)).isoformat(),
            }
        )
    data: dict[str, Any] = {
        "customer_key": business.key,
        plural: places,
        kinds.people: people,
        kinds.stays: stays,
    }
    if business.site:
        data["sites"] = [{"site_key": "main", "name": business.site}]
    data.update(business.extra)
    return DemoCustomer(business.display_name, business.since_days, data, business.profile)


def _person(key_name: str, name: str, **more: list[str]) -> dict[str, Any]:
    slug = _slug(name)
    return {
        key_name: slug,
        "name": name,
        "email_address": f"{slug}@example.com",
        **more,
    }


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "-")


def _numbered(word: str, first: int, count: int) -> tuple[str, ...]:
    return tuple(f"{word} {number}" for number in range(first, first + count))
