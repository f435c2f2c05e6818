"""The demo's customers: a dozen businesses of several kinds, with places, people and stays.

Every date is relative to a given day, so that there are always past, current and future stays.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
class _Wording:
    """The kinds of a business's stays and of the people in them, with their keys."""

    stays: str
    stay_key: str
    people: str
    person_key: str


_HOTEL = _Wording("reservations", "reservation_key", "guests", "guest_key")
_HOSTEL = _Wording("bookings", "booking_key", "guests", "guest_key")
_HOMES = _Wording("access_grants", "access_grant_key", "residents", "resident_key")
_LETTINGS = _Wording("access_grants", "access_grant_key", "tenants", "tenant_key")
_CLUB = _Wording("bookings", "booking_key", "users", "user_key")
_MEMBERS = _Wording("access_grants", "access_grant_key", "user_identities", "user_identity_key")


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
        _harbor_hotel(today),
        _casa_verde(today),
        _pulse_gyms(today),
        _customer(
            "old-mill",
            "Old Mill Lofts",
            410,
            today,
            _HOMES,
            place="unit",
            names=_numbered("Loft", 101, 8),
            nights=280,
        ),
        _customer(
            "lakeview-hostel",
            "Lakeview Hostel",
            95,
            today,
            _HOSTEL,
            place="room",
            names=("Dorm Birch", "Dorm Cedar", "Dorm Willow", "Twin Fern", "Family Oak"),
            nights=3,
        ),
        _customer(
            "pine-ridge-cabins",
            "Pine Ridge Cabins",
            220,
            today,
            _HOTEL,
            place="listing",
            names=("Bear's Den", "Foxglove Cabin", "The Lookout", "Creekside"),
            nights=4,
        ),
        _elm_street(today),
        _customer(
            "north-yard-storage",
            "North Yard Storage",
            60,
            today,
            _LETTINGS,
            place="facility",
            names=("Yard A", "Yard B", "Cold store"),
            nights=180,
        ),
        _customer(
            "quay-offices",
            "Quay Offices",
            150,
            today,
            _LETTINGS,
            place="building",
            names=("Quay House", "Rope Walk", "Customs Hall"),
            nights=365,
        ),
        _customer(
            "studio-lumiere",
            "Studio Lumière",
            33,
            today,
            _CLUB,
            place="space",
            names=("Salle Ravel", "Salle Debussy", "Cabine 1", "Cabine 2"),
            nights=1,
        ),
        _customer(
            "riad-al-bahr",
            "رياض البحر",
            18,
            today,
            _HOTEL,
            place="property",
            names=("جناح الياسمين", "جناح الزيتون", "Suite Tramontane"),
            nights=5,
        ),
        _customer(
            "sunny-side-stays",
            "Sunny Side Stays ☀️",
            7,
            today,
            _HOTEL,
            place="room",
            names=("Sea view 🌊", "Garden 🌿", "Attic"),
            nights=2,
        ),
        _customer(
            GRAND_TERRACE,
            "Grand Terrace Serviced Apartments and Conference Centre, King's Cross",
            301,
            today,
            _HOTEL,
            place="unit",
            names=_numbered("Apartment", 1, 12),
            nights=6,
        ),
    ]


def _harbor_hotel(today: datetime) -> DemoCustomer:
    customer = _customer(
        "harbor-hotel",
        "Harbor Hotel",
        520,
        today,
        _HOTEL,
        place="room",
        names=(*_numbered("Room", 101, 4), *_numbered("Room", 201, 4), "Lighthouse suite"),
        nights=3,
        site="Harbor Hotel main house",
        profile=HARBOR_PROFILE,
    )
    rooms = [room["room_key"] for room in customer.data["rooms"]]
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
    return _with(customer, extra)


def _casa_verde(today: datetime) -> DemoCustomer:
    names = ("Azulejo flat", "Garden house", "Miradouro loft", "River studio", "Old town duplex")
    customer = _customer(
        "casa-verde",
        "Casa Verde",
        340,
        today,
        _HOTEL,
        place="listing",
        names=names,
        nights=4,
        profile=CASA_VERDE_PROFILE,
    )
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
    staff = [
        _person("staff_member_key", "Beatriz Sousa", property_listing_keys=_keys(listings)),
        _person("staff_member_key", "Rui Antunes", property_listing_keys=_keys(listings)[:2]),
    ]
    data = {name: value for name, value in customer.data.items() if name != "listings"}
    data |= {"property_listings": listings, "reservations": stays, "staff_members": staff}
    return DemoCustomer(
        customer.display_name, customer.since_days, data, customer.customization_profile_id
    )


def _pulse_gyms(today: datetime) -> DemoCustomer:
    customer = _customer(
        "pulse-gyms",
        "Pulse Gyms",
        130,
        today,
        _MEMBERS,
        place="space",
        names=("Weights", "Spin studio", "Yoga studio", "Sauna", "Changing room"),
        nights=30,
        site="Pulse Riverside",
        profile=PULSE_PROFILE,
    )
    spaces = [
        space
        | {
            "duration_minutes": 60,
            "geolocation": {"latitude": 51.5072, "longitude": -0.1276},
            "customer_data": {"time_zone": "Europe/London", "address": "12 Wharf Road, London"},
        }
        for space in customer.data["spaces"]
    ]
    staff = [_person("staff_member_key", "Dana Flynn", site_keys=["main"])]
    return _with(customer, {"spaces": spaces, "staff_members": staff})


def _elm_street(today: datetime) -> DemoCustomer:
    customer = _customer(
        "elm-street-apartments",
        "Elm Street Apartments",
        700,
        today,
        _HOMES,
        place="unit",
        names=(*_numbered("Flat", 1, 9), "Penthouse"),
        nights=365,
        site="14 Elm Street",
    )
    areas = [
        {"common_area_key": _slug(name), "name": name, "parent_site_key": "main"}
        for name in ("Street door", "Bike cellar", "Roof terrace")
    ]
    return _with(customer, {"common_areas": areas})


def _customer(
    key: str,
    display_name: str,
    since_days: int,
    today: datetime,
    wording: _Wording,
    *,
    place: str,
    names: Sequence[str],
    nights: int,
    site: str | None = None,
    profile: str | None = None,
) -> DemoCustomer:
    """A customer with one kind of place, and stays of some `nights` nights in most places."""
    plural = {"property": "properties", "facility": "facilities"}.get(place, f"{place}s")
    in_site = {"parent_site_key": "main"} if site else {}
    places = [
        {f"{place}_key": f"{place}-{number}", "name": name} | in_site
        for number, name in enumerate(names, 1)
    ]
    people, stays = [], []
    for number, each in enumerate(_stay_places(places, f"{place}_key")):
        name = _PEOPLE[(since_days + number) % len(_PEOPLE)]
        person = _person(wording.person_key, name)
        starts_at = today + timedelta(days=(number % 4 - 2) * nights + number % 3, hours=15)
        people.append(person)
        stays.append(
            {
                wording.stay_key: f"{wording.stay_key.removesuffix('_key')}-{number + 1}",
                "name": name,
                wording.person_key: person[wording.person_key],
                f"{place}_keys": [each],
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(days=nights, hours=-4)).isoformat(),
            }
        )
    data: dict[str, Any] = {
        "customer_key": key,
        plural: places,
        wording.people: people,
        wording.stays: stays,
    }
    if site:
        data["sites"] = [{"site_key": "main", "name": site}]
    return DemoCustomer(display_name, since_days, data, profile)


def _stay_places(places: Sequence[Mapping[str, str]], key_name: str) -> list[str]:
    """The places of the stays: each place twice, but not the last, which is free."""
    return [place[key_name] for place in places[:-1] for _ in range(2)]


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


def _keys(listings: Sequence[Mapping[str, Any]]) -> list[str]:
    return [listing["property_listing_key"] for listing in listings]


def _with(customer: DemoCustomer, extra: Mapping[str, Any]) -> DemoCustomer:
    return DemoCustomer(
        customer.display_name,
        customer.since_days,
        {**customer.data, **extra},
        customer.customization_profile_id,
    )
