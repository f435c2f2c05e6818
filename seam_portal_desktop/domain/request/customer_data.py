"""The customer's own people, places and stays, which are sent with the request.

Source: the contract's schema of ``POST /customers/create_portal``, ``customer_data``.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, cast

from msgspec import UNSET, Meta, UnsetType

from seam_portal_desktop.domain.request.base import (
    Key,
    Metadata,
    Part,
    Texts,
    TimeOfDay,
    Timestamp,
    check_day_exists,
)


class PersonData(Part, kw_only=True):
    """A person who may get access. Each kind adds its own key."""

    name: str
    email_address: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET


class Guest(PersonData, kw_only=True):
    guest_key: Key


class Resident(PersonData, kw_only=True):
    resident_key: Key


class Tenant(PersonData, kw_only=True):
    tenant_key: Key


class User(PersonData, kw_only=True):
    user_key: Key


class UserIdentity(PersonData, kw_only=True):
    user_identity_key: Key


class PlaceData(Part, kw_only=True):
    """A place with doors. Each kind adds its own key."""

    name: str


class Building(PlaceData, kw_only=True):
    building_key: Key


class Facility(PlaceData, kw_only=True):
    facility_key: Key


class Listing(PlaceData, kw_only=True):
    listing_key: Key


class Property(PlaceData, kw_only=True):
    property_key: Key


class Site(PlaceData, kw_only=True):
    site_key: Key


class PropertyListing(PlaceData, kw_only=True):
    property_listing_key: Key
    custom_metadata: Metadata | UnsetType = UNSET


class SitePlaceData(PlaceData, kw_only=True):
    """A place that may belong to a site."""

    parent_site_key: Key | UnsetType = UNSET


class CommonArea(SitePlaceData, kw_only=True):
    common_area_key: Key


class Room(SitePlaceData, kw_only=True):
    room_key: Key


class Unit(SitePlaceData, kw_only=True):
    unit_key: Key


class Geolocation(Part, kw_only=True):
    """Degrees. A whole number stays whole, so that it is sent as it was typed."""

    latitude: int | float
    longitude: int | float


class SpaceCustomerData(Part, kw_only=True):
    address: str | UnsetType | None = UNSET
    default_checkin_time: TimeOfDay | UnsetType | None = UNSET
    default_checkout_time: TimeOfDay | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET


class Space(SitePlaceData, kw_only=True):
    space_key: Key
    customer_data: SpaceCustomerData | UnsetType = UNSET
    duration_minutes: Annotated[int, Meta(gt=0)] | UnsetType = UNSET
    geolocation: Geolocation | UnsetType = UNSET


class PlaceKeys(Part, kw_only=True):
    """The places that a stay or a staff member has access to."""

    building_keys: Texts = UNSET
    common_area_keys: Texts = UNSET
    facility_keys: Texts = UNSET
    listing_keys: Texts = UNSET
    property_keys: Texts = UNSET
    room_keys: Texts = UNSET
    space_keys: Texts = UNSET
    unit_keys: Texts = UNSET


class StaffMember(PlaceKeys, kw_only=True):
    name: str
    staff_member_key: str
    email_address: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
    property_listing_keys: Texts = UNSET
    site_keys: Texts = UNSET


class StayData(PlaceKeys, kw_only=True):
    """Access of a person to places for a time. Each kind adds its own key."""

    name: str | UnsetType = UNSET
    starts_at: Timestamp | UnsetType = UNSET
    ends_at: Timestamp | UnsetType = UNSET
    preferred_code: str | UnsetType = UNSET
    guest_key: str | UnsetType = UNSET
    resident_key: str | UnsetType = UNSET
    tenant_key: str | UnsetType = UNSET
    user_identity_key: str | UnsetType = UNSET
    user_key: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        check_day_exists("starts_at", self.starts_at)
        check_day_exists("ends_at", self.ends_at)


class AccessGrant(StayData, kw_only=True):
    access_grant_key: Key


class Booking(StayData, kw_only=True):
    booking_key: Key


class Reservation(StayData, kw_only=True):
    reservation_key: Key
    custom_metadata: Metadata | UnsetType = UNSET


class CustomerData(Part, kw_only=True):
    """One customer. Only ``customer_key`` is required. Each vertical uses other lists."""

    customer_key: Key
    access_grants: tuple[AccessGrant, ...] | UnsetType = UNSET
    bookings: tuple[Booking, ...] | UnsetType = UNSET
    buildings: tuple[Building, ...] | UnsetType = UNSET
    common_areas: tuple[CommonArea, ...] | UnsetType = UNSET
    facilities: tuple[Facility, ...] | UnsetType = UNSET
    guests: tuple[Guest, ...] | UnsetType = UNSET
    listings: tuple[Listing, ...] | UnsetType = UNSET
    properties: tuple[Property, ...] | UnsetType = UNSET
    property_listings: tuple[PropertyListing, ...] | UnsetType = UNSET
    reservations: tuple[Reservation, ...] | UnsetType = UNSET
    residents: tuple[Resident, ...] | UnsetType = UNSET
    rooms: tuple[Room, ...] | UnsetType = UNSET
    sites: tuple[Site, ...] | UnsetType = UNSET
    spaces: tuple[Space, ...] | UnsetType = UNSET
    staff_members: tuple[StaffMember, ...] | UnsetType = UNSET
    tenants: tuple[Tenant, ...] | UnsetType = UNSET
    units: tuple[Unit, ...] | UnsetType = UNSET
    user_identities: tuple[UserIdentity, ...] | UnsetType = UNSET
    users: tuple[User, ...] | UnsetType = UNSET


@cache
def resource_keys() -> dict[str, str]:
    """The field with a resource's own key, by the kind of resource: ``room_key`` for ``rooms``."""
    from msgspec import inspect as shape

    keys = {}
    for kind in cast(shape.StructType, shape.type_info(CustomerData)).fields:
        if isinstance(kind.type, shape.VarTupleType):
            resource = cast(shape.StructType, kind.type.item_type)
            required = (each.encode_name for each in resource.fields if each.required)
            keys[kind.encode_name] = next(name for name in required if name.endswith("_key"))
    return keys
