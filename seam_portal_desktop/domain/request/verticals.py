"""The names that each line of business has for its places, people and stays. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seam_portal_desktop.texts import _


@dataclass(frozen=True, slots=True)
class Vertical:
    """``kinds`` are the kinds of customer data that it uses, the most useful first; empty means
    all. ``names`` maps a kind to its singular and plural where they differ from the contract's."""

    name: str
    title: str
    kinds: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def one(self, kind: str) -> str:
        """The singular of `kind`, such as 'Room'."""
        return self.names[kind][0] if kind in self.names else _names(kind)[0]

    def many(self, kind: str) -> str:
        return self.names[kind][1] if kind in self.names else _names(kind)[1]

    def column(self, path: tuple[str, ...]) -> str:
        """The title of the column for the field at `path`."""
        name = path[-1]
        if name.endswith("_keys"):
            return self.many(plural(name.removesuffix("_keys")))
        if name.startswith("parent_") and name.endswith("_key"):
            return self.one(plural(name.removeprefix("parent_").removesuffix("_key")))
        if name.endswith("_key"):
            return _("{name} key").format(name=self.one(plural(name.removesuffix("_key"))))
        return _COLUMN_TITLES.get(name, _capital(name))


ANY = Vertical("", _("All kinds of business"))

VERTICALS = (
    ANY,
    Vertical(
        "short_term_rental",
        _("Short-term rental"),
        ("property_listings", "guests", "reservations", "staff_members", "common_areas", "sites"),
        {"spaces": (_("Property listing (space)"), _("Property listings (spaces)"))},
    ),
    Vertical(
        "hospitality",
        _("Hospitality"),
        ("rooms", "guests", "reservations", "staff_members", "common_areas", "sites"),
        {"spaces": ("Room (space)", "Rooms (spaces)")},
    ),
    Vertical(
        "multi_family",
        _("Multi-family"),
        ("units", "residents", "access_grants", "staff_members", "common_areas", "sites"),
        {"spaces": ("Unit (space)", "Units (spaces)")},
    ),
    Vertical(
        "gym",
        _("Gym"),
        ("spaces", "users", "bookings", "access_grants", "staff_members", "sites"),
        {"users": (_("Member"), _("Members")), "spaces": (_("Area"), _("Areas"))},
    ),
)


def vertical_named(name: str) -> Vertical:
    """The vertical with that name, or ANY."""
    return next((each for each in VERTICALS if each.name == name), ANY)


def singular(kind: str) -> str:
    """``facilities`` is ``facility``."""
    return f"{kind[:-3]}y" if kind.endswith("ies") else kind.removesuffix("s")


def plural(name: str) -> str:
    """``facility`` is ``facilities``."""
    return f"{name[:-1]}ies" if name.endswith("y") and name != "key" else f"{name}s"


_COLUMN_TITLES = {
    "starts_at": _("Starts"),
    "ends_at": _("Ends"),
    "default_checkin_time": _("Check-in from"),
    "default_checkout_time": _("Check-out until"),
    "email_address": _("Email address"),
    "duration_minutes": _("Minutes per stay"),
    "custom_metadata": _("Metadata"),
    "address": _("Address"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "name": _("Name"),
    "phone_number": _("Phone number"),
    "preferred_code": _("Preferred code"),
    "time_zone": _("Time zone"),
}

_NAMES: Mapping[str, tuple[str, str]] = {
    "access_grants": (_("Access grant"), _("Access grants")),
    "bookings": (_("Booking"), _("Bookings")),
    "buildings": (_("Building"), _("Buildings")),
    "common_areas": (_("Common area"), _("Common areas")),
    "facilities": (_("Facility"), _("Facilities")),
    "guests": (_("Guest"), _("Guests")),
    "listings": (_("Listing"), _("Listings")),
    "properties": (_("Property"), _("Properties")),
    "property_listings": (_("Property listing"), _("Property listings")),
    "reservations": (_("Reservation"), _("Reservations")),
    "residents": (_("Resident"), _("Residents")),
    "rooms": (_("Room"), _("Rooms")),
    "sites": (_("Site"), _("Sites")),
    "spaces": (_("Space"), _("Spaces")),
    "staff_members": (_("Staff member"), _("Staff members")),
    "tenants": (_("Tenant"), _("Tenants")),
    "units": (_("Unit"), _("Units")),
    "user_identities": (_("User identity"), _("User identities")),
    "users": (_("User"), _("Users")),
}


def _names(kind: str) -> tuple[str, str]:
    """One and many of a kind. The names of a new kind of Seam's are made from its own."""
    return _NAMES.get(kind, (_capital(singular(kind)), _capital(kind)))


def _capital(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
