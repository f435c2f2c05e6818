"""The demo's devices and accounts, derived from the customer's places.

Nothing is random: the same resources give the same devices in every run, so that a reload, a test
and a screenshot agree.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seam_portal_desktop.sandbox.portal_page.places import Place, places_of
from seam_portal_desktop.sandbox.portal_page.view import PortalView, Resources

_NAMESPACE = uuid.UUID("6f0a3f4e-5d7b-4a43-9a8e-2f3f6a1c8d10")
_MAKERS = {
    "lock": ("yale", "schlage", "salto_ks", "nuki", "august", "igloohome", "ttlock"),
    "thermostat": ("ecobee", "nest", "honeywell_resideo", "tado"),
    "noise_sensor": ("minut", "noiseaware"),
}
_LOW_BATTERY = 0.2


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the page shows it.

    ``name`` is empty until somebody renames it: the page then says what it is and where.
    ``place`` is a Place.ref or None. ``battery`` is 0..1, or None for mains power.
    ``locked`` is None for what isn't a lock, ``celsius`` for what isn't a thermostat.
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
) -> list[Device]:
    """A lock in every place, a thermostat or a noise sensor in some, and for every account that
    a visitor connected two locks that don't have a place yet."""
    overrides = device_overrides or {}
    places = places_of(resources)
    found = [device for place in places for device in _devices_in(place)]
    for account in connected_accounts:
        account_id, provider = str(account["account_id"]), str(account["device_provider_name"])
        device_type = next((t for t, makers in _MAKERS.items() if provider in makers), "lock")
        found += [_device(f"{account_id}/{n}", device_type, provider, None) for n in (1, 2)]
    refs = {place.ref for place in places}
    return [_overridden(device, overrides.get(device.device_id), refs) for device in found]


def devices_of(view: PortalView) -> list[Device]:
    return devices_for(view.resources, view.connected_accounts, view.device_overrides)


def base_providers(resources: Resources) -> list[str]:
    """The device_provider_names of the accounts that the customer had connected all along."""
    return sorted({device.provider for device in devices_for(resources)})


def digest(text: str) -> int:
    """A number that depends on the text alone, on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _devices_in(place: Place) -> list[Device]:
    # One maker per customer and type would look staged, one per place implausible: go by site.
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


def _device(seed: str, device_type: str, provider: str, place: str | None) -> Device:
    device_id = str(uuid.uuid5(_NAMESPACE, f"{device_type}/{seed}"))
    spread = digest(device_id)
    return Device(
        device_id=device_id,
        device_type=device_type,
        provider=provider,
        place=place,
        locked=spread % 4 != 0 if device_type == "lock" else None,
        battery=None if device_type == "thermostat" else (12 + spread % 87) / 100,
        celsius=18.5 + spread % 9 / 2 if device_type == "thermostat" else None,
        online=spread % 17 != 0,
    )


def _overridden(device: Device, override: Mapping[str, Any] | None, refs: set[str]) -> Device:
    if not override:
        return device
    place = override.get("place", device.place)
    return Device(
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
