"""Places, reservations and people of every vertical."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from seam_portal_desktop.sandbox.portal_page.data import Resource, Resources

PLACE_KINDS = {
    "rooms": "room_key",
    "units": "unit_key",
    "property_listings": "property_listing_key",
    "listings": "listing_key",
    "spaces": "space_key",
    "properties": "property_key",
    "facilities": "facility_key",
    "buildings": "building_key",
    "sites": "site_key",
    "common_areas": "common_area_key",
}
"""Kind of place to its key's name. The first kind that a customer has is its vertical."""

RESERVATION_KINDS = {
    "reservations": "reservation_key",
    "bookings": "booking_key",
    "access_grants": "access_grant_key",
}

PERSON_KINDS = {
    "guests": "guest_key",
    "residents": "resident_key",
    "tenants": "tenant_key",
    "users": "user_key",
    "user_identities": "user_identity_key",
}


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A place of any kind. ``ref`` (``"<kind>:<key>"``) is unique in a customer."""

    kind: str
    key: str
    name: str
    site_name: str
    resource: Resource

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def time_zone(self) -> str | None:
        return (self.resource.get("customer_data") or {}).get("time_zone")


@dataclass(frozen=True, slots=True)
class PageStay:
    """A reservation, booking or access grant. Times are aware, or None if not given."""

    kind: str
    key: str
    name: str
    person: Resource | None
    places: tuple[PagePlace, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    resource: Resource

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.key}"

    def phase(self, now: datetime) -> str:
        """``past``, ``current`` or ``upcoming``."""
        if self.ends_at is not None and self.ends_at <= now:
            return "past"
        if self.starts_at is not None and self.starts_at > now:
            return "upcoming"
        return "current"


def vertical_of(resources: Resources) -> str:
    """The kind whose word the page uses for places; ``spaces`` for a customer without places.

    If filters left no place, the keys in reservations and staff members give the kind.
    """
    mentioning = [
        item for kind in (*RESERVATION_KINDS, "staff_members") for item in resources.get(kind) or ()
    ]
    present = [kind for kind in PLACE_KINDS if resources.get(kind)]
    mentioned = [
        kind for kind, key in PLACE_KINDS.items() if any(item.get(f"{key}s") for item in mentioning)
    ]
    return next(iter([*present, *mentioned]), "spaces")


def places_of(resources: Resources) -> list[PagePlace]:
    """Every place, but not the sites that have places: they are only headings."""
    sites = {
        site["site_key"]: str(site.get("name") or site["site_key"])
        for site in resources.get("sites") or ()
    }
    found = [
        PagePlace(
            kind,
            str(item[key_name]),
            str(item.get("name") or item[key_name]),
            sites.get(item.get("parent_site_key", ""), ""),
            item,
        )
        for kind, key_name in PLACE_KINDS.items()
        for item in resources.get(kind) or ()
    ]
    parents = {place.resource.get("parent_site_key") for place in found}
    return [place for place in found if place.kind != "sites" or place.key not in parents]


def stays_of(resources: Resources, places: list[PagePlace]) -> list[PageStay]:
    """Every reservation with its person and places, by start. Without a start it comes first."""
    by_ref = {place.ref: place for place in places}
    people = {
        (key_name, person[key_name]): person
        for kind, key_name in PERSON_KINDS.items()
        for person in resources.get(kind) or ()
    }
    found = []
    for kind, key_name in RESERVATION_KINDS.items():
        for item in resources.get(kind) or ():
            person = next(
                (
                    people[name, item[name]]
                    for name in PERSON_KINDS.values()
                    if (name, item.get(name)) in people
                ),
                None,
            )
            key = str(item[key_name])
            named = item.get("name") or (person or {}).get("name") or key
            found.append(
                PageStay(
                    kind,
                    key,
                    str(named),
                    person,
                    tuple(by_ref[ref] for ref in place_refs(item) if ref in by_ref),
                    parse_time(item.get("starts_at")),
                    parse_time(item.get("ends_at")),
                    item,
                )
            )
    return sorted(found, key=lambda stay: stay.starts_at.timestamp() if stay.starts_at else 0)


def place_refs(item: Mapping[str, Any]) -> Iterator[str]:
    """The refs of a reservation's or staff member's places."""
    for kind, key_name in PLACE_KINDS.items():
        for key in item.get(f"{key_name}s") or ():
            yield f"{kind}:{key}"
    # The contract's reservations have no property_listing_keys. They use listing_keys instead.
    for key in item.get("listing_keys") or ():
        yield f"property_listings:{key}"


def parse_time(value: object) -> datetime | None:
    """An aware time from ISO 8601 text; None for other values. No offset means UTC."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
