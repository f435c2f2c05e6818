"""The devices and accounts of a customer, derived from its places.

Nothing is random: the same resources give the same devices after each reload and in each run.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seam_portal_desktop.sandbox.portal_page.data import PageData, Resources
from seam_portal_desktop.sandbox.portal_page.places import PagePlace, places_of

_NAMESPACE = uuid.UUID("6f0a3f4e-5d7b-4a43-9a8e-2f3f6a1c8d10")
_MAKERS = {
    "lock": ("yale", "schlage", "salto_ks", "nuki", "august", "igloohome", "ttlock"),
    "thermostat": ("ecobee", "nest", "honeywell_resideo", "tado"),
    "noise_sensor": ("minut", "noiseaware"),
}
_LOW_BATTERY = 0.2


@dataclass(frozen=True, slots=True)
class PageDevice:
    """A device as the page shows it.

    ``name`` is empty until a visitor renames the device; then the page shows its type and place.
    ``place`` is a PagePlace.ref or None. ``battery`` is 0..1, or None for mains power.
    ``locked`` is None unless it is a lock, ``celsius`` unless it is a thermostat.
    """

    device_id: str
    device_type: str
    provider: str
    place: str | None
    name: str = ""
    locked: bool | None = None
    battery: float | None = None
    celsius: float | None = None
    online: bool = True

    @property
    def needs_attention(self) -> bool:
        return not self.online or (self.battery is not None and self.battery < _LOW_BATTERY)


def devices_for(
    resources: Resources,
    connected_accounts: Sequence[Mapping[str, Any]] = (),
    device_overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[PageDevice]:
    """A lock in every place, a thermostat or a noise sensor in some, and two devices without a
    place for every account that a visitor connected."""
    overrides = device_overrides or {}
    places = places_of(resources)
    found = [device for place in places for device in _devices_in(place)]
    for account in connected_accounts:
        account_id, provider = str(account["account_id"]), str(account["device_provider_name"])
        device_type = next((t for t, makers in _MAKERS.items() if provider in makers), "lock")
        found += [_device(f"{account_id}/{n}", device_type, provider, None) for n in (1, 2)]
    refs = {place.ref for place in places}
    return [_overridden(device, overrides.get(device.device_id), refs) for device in found]


def devices_of(data: PageData) -> list[PageDevice]:
    return devices_for(data.resources, data.connected_accounts, data.device_overrides)


def base_providers(resources: Resources) -> list[str]:
    """The device_provider_names of the accounts that the customer had from the beginning."""
    return sorted({device.provider for device in devices_for(resources)})


def digest(text: str) -> int:
    """A number from a text; the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _devices_in(place: PagePlace) -> list[PageDevice]:
    # One maker per kind of place. One per customer or one per place would not look real.
    spread = digest(place.ref)
    found = [_device(place.ref, "lock", _maker("lock", place.kind), place.ref)]
    if place.kind != "common_areas" and spread % 5 < 3:  # noqa: PLR2004 - three in five
        found.append(_device(place.ref, "thermostat", _maker("thermostat", place.kind), place.ref))
    if place.kind in ("listings", "property_listings", "units") and spread % 3 == 0:
        found.append(
            _device(place.ref, "noise_sensor", _maker("noise_sensor", place.kind), place.ref)
        )
    return found


def _maker(device_type: str, seed: str) -> str:
    makers = _MAKERS[device_type]
    return makers[digest(seed) % len(makers)]


def _device(seed: str, device_type: str, provider: str, place: str | None) -> PageDevice:
    device_id = str(uuid.uuid5(_NAMESPACE, f"{device_type}/{seed}"))
    spread = digest(device_id)
    return PageDevice(
        device_id=device_id,
        device_type=device_type,
        provider=provider,
        place=place,
        locked=spread % 4 != 0 if device_type == "lock" else None,
        battery=None if device_type == "thermostat" else (12 + spread % 87) / 100,
        celsius=18.5 + spread % 9 / 2 if device_type == "thermostat" else None,
        online=spread % 17 != 0,
    )


def _overridden(
    device: PageDevice, override: Mapping[str, Any] | None, refs: set[str]
) -> PageDevice:
    if not override:
        return device
    place = override.get("place", device.place)
    return PageDevice(
        device_id=device.device_id,
        device_type=device.device_type,
        provider=device.provider,
        place=place if place in refs else None,
        name=str(override.get("name", device.name)),
        locked=override.get("locked", device.locked),
        battery=device.battery,
        celsius=device.celsius,
        online=device.online,
    )
