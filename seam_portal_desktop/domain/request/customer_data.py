"""The customer's own people, places and stays, pushed along with the request.

Source: the contract's schema of ``POST /customers/create_portal``, ``customer_data``.
"""

from __future__ import annotations

from typing import Annotated

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


class Person(Part, kw_only=True):
    """Somebody who may get access. Each kind adds its own key."""

    name: str
    email_address: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET


class Guest(Person, kw_only=True):
    guest_key: Key


class Resident(Person, kw_only=True):
    resident_key: Key


class Tenant(Person, kw_only=True):
    tenant_key: Key


class User(Person, kw_only=True):
    user_key: Key


class UserIdentity(Person, kw_only=True):
    user_identity_key: Key


class Place(Part, kw_only=True):
    """Somewhere with doors. Each kind adds its own key."""

    name: str


class Building(Place, kw_only=True):
    building_key: Key


class Facility(Place, kw_only=True):
    facility_key: Key


class Listing(Place, kw_only=True):
    listing_key: Key


class Property(Place, kw_only=True):
    property_key: Key


class Site(Place, kw_only=True):
    site_key: Key


class PropertyListing(Place, kw_only=True):
    property_listing_key: Key
    custom_metadata: Metadata | UnsetType = UNSET


class PlaceInSite(Place, kw_only=True):
    """A place that may belong to a site."""

    parent_site_key: Key | UnsetType = UNSET


class CommonArea(PlaceInSite, kw_only=True):
    common_area_key: Key


class Room(PlaceInSite, kw_only=True):
    room_key: Key


class Unit(PlaceInSite, kw_only=True):
    unit_key: Key


class Geolocation(Part, kw_only=True):
    """Degrees; whole numbers stay whole so that what was typed is what is sent."""

    latitude: int | float
    longitude: int | float


class SpaceCustomerData(Part, kw_only=True):
    address: str | UnsetType | None = UNSET
    default_checkin_time: TimeOfDay | UnsetType | None = UNSET
    default_checkout_time: TimeOfDay | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET


class Space(PlaceInSite, kw_only=True):
    space_key: Key
    customer_data: SpaceCustomerData | UnsetType = UNSET
    duration_minutes: Annotated[int, Meta(gt=0)] | UnsetType = UNSET
    geolocation: Geolocation | UnsetType = UNSET


class PlaceKeys(Part, kw_only=True):
    """Which places a stay or a staff member reaches."""

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


class Stay(PlaceKeys, kw_only=True):
    """Somebody's access to places for a time. Each kind adds its own key."""

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


class AccessGrant(Stay, kw_only=True):
    access_grant_key: Key


class Booking(Stay, kw_only=True):
    booking_key: Key


class Reservation(Stay, kw_only=True):
    reservation_key: Key
    custom_metadata: Metadata | UnsetType = UNSET


class CustomerData(Part, kw_only=True):
    """One customer. Only ``customer_key`` is required; the verticals use different kinds."""

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
