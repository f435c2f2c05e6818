"""The data that the parts of the page share, computed once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from seam_portal_desktop.sandbox.portal_page.catalogue import Messages
from seam_portal_desktop.sandbox.portal_page.data import PageData
from seam_portal_desktop.sandbox.portal_page.devices import PageDevice, devices_of
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, user_text
from seam_portal_desktop.sandbox.portal_page.places import (
    PagePlace,
    PageStay,
    places_of,
    stays_of,
    vertical_of,
)

_ZONE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){0,2}")
_WORDS = {"property_listings": "listings"}
_PLACE_ICONS = {
    "rooms": "bed-double",
    "units": "door-open",
    "property_listings": "house",
    "listings": "house",
    "properties": "house",
    "facilities": "building-2",
    "buildings": "building-2",
    "sites": "map-pin",
    "common_areas": "users",
}
_DEVICE_ICONS = {"thermostat": "thermometer", "noise_sensor": "volume-2"}


@dataclass(frozen=True)
class Context:
    """A page's data with its places, reservations, devices and texts.

    ``reachable`` are the routes that the page has (see routes.py).
    """

    data: PageData
    messages: Messages
    reachable: frozenset[str] = frozenset()

    @classmethod
    def of(cls, data: PageData) -> Context:
        locale = data.display_locale
        overrides = ((data.profile or {}).get("message_overrides") or {}).get(locale) or {}
        return cls(data, Messages(locale, overrides))

    @cached_property
    def places(self) -> list[PagePlace]:
        return places_of(self.data.resources)

    @cached_property
    def place_by_ref(self) -> dict[str, PagePlace]:
        return {place.ref: place for place in self.places}

    @cached_property
    def stays(self) -> list[PageStay]:
        return stays_of(self.data.resources, self.places)

    @cached_property
    def devices(self) -> list[PageDevice]:
        return devices_of(self.data)

    @cached_property
    def staff(self) -> list[Mapping[str, Any]]:
        return list(self.data.resources.get("staff_members") or ())

    @cached_property
    def vertical(self) -> str:
        return vertical_of(self.data.resources)

    @property
    def can_act(self) -> bool:
        return not self.data.read_only

    def can_manage(self, exclusion: str) -> bool:
        """Whether visitors may make changes that the manage feature's `exclusion` would forbid.

        `exclusion` is a setting such as ``exclude_staff_management``.
        """
        return self.can_act and not self.data.feature("manage").get(exclusion, False)

    def devices_in(self, place: PagePlace) -> list[PageDevice]:
        return [device for device in self.devices if device.place == place.ref]

    def stays_in(self, place: PagePlace) -> list[PageStay]:
        return [stay for stay in self.stays if place in stay.places]

    def word(self, kind: str, number: str = "many") -> str:
        """The word for a kind of place; `number` is one or many."""
        return self.messages.text(f"place.{_WORDS.get(kind, kind)}.{number}")

    def zone_of(self, place: PagePlace | None) -> str | None:
        """The place's IANA time zone; None if it has none or none that is valid."""
        zone = place.time_zone if place else None
        return zone if zone and _ZONE.fullmatch(zone) else None

    def device_title(self, device: PageDevice) -> Html:
        """The device's name, or its type and place."""
        if device.name:
            return user_text(device.name)
        kind = self.messages.text(f"device.{device.device_type}")
        place = self.place_by_ref.get(device.place or "")
        if place is None:
            return h("{kind}", kind=f"{kind} {device.device_id[:4].upper()}")
        return h("{kind} · {place}", kind=kind, place=user_text(place.name))

    def provider_name(self, provider: str) -> str:
        for item in self.data.providers:
            if item["device_provider_name"] == provider:
                return str(item["display_name"])
        return provider.replace("_", " ").title()


def place_icon(kind: str) -> str:
    return _PLACE_ICONS.get(kind, "layers")


def device_icon(device: PageDevice) -> str:
    if device.device_type == "lock":
        return "lock" if device.locked else "lock-open"
    return _DEVICE_ICONS[device.device_type]
