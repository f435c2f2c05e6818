"""The device providers of the sandbox, which are a part of the contract's list."""

from __future__ import annotations

from html import escape
from typing import Any

_LOCK = ("stable", "consumer_smartlocks")
_ACCESS = ("stable", "access_control_systems")

_PROVIDERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("august", "August", _LOCK),
    ("igloohome", "igloohome", _LOCK),
    ("kwikset", "Kwikset", _LOCK),
    ("lockly", "Lockly", _LOCK),
    ("nuki", "Nuki", _LOCK),
    ("schlage", "Schlage", _LOCK),
    ("smartthings", "SmartThings", _LOCK),
    ("tedee", "tedee", _LOCK),
    ("ttlock", "TTLock", _LOCK),
    ("ultraloq", "ULTRALOQ", _LOCK),
    ("yale", "Yale", _LOCK),
    ("wyze", "Wyze", ("beta", "consumer_smartlocks")),
    ("akiles", "Akiles", _ACCESS),
    ("assa_abloy_vostio", "ASSA ABLOY Vostio", _ACCESS),
    ("avigilon_alta", "Avigilon Alta", _ACCESS),
    ("brivo", "Brivo", _ACCESS),
    ("butterflymx", "ButterflyMX", _ACCESS),
    ("dormakaba_ambiance", "dormakaba Ambiance", _ACCESS),
    ("dormakaba_community", "dormakaba Community", _ACCESS),
    ("latch", "Latch", _ACCESS),
    ("salto_ks", "Salto KS", _ACCESS),
    ("salto_space", "Salto Space", _ACCESS),
    ("visionline", "Visionline", _ACCESS),
    ("kisi", "Kisi", ("beta", "access_control_systems")),
    ("ecobee", "ecobee", ("stable", "thermostats")),
    ("honeywell_resideo", "Honeywell Resideo", ("stable", "thermostats")),
    ("nest", "Google Nest", ("stable", "thermostats")),
    ("sensi", "Sensi", ("beta", "thermostats")),
    ("tado", "tado°", ("stable", "thermostats")),
    ("minut", "Minut", ("stable", "noise_sensors")),
    ("noiseaware", "NoiseAware", ("stable", "noise_sensors")),
    ("first_alert", "First Alert", ("beta", "cameras")),
    ("ring", "Ring", ("beta", "cameras")),
    ("acuity_scheduling", "Acuity Scheduling", ("beta", "connectors")),
    ("guesty", "Guesty", ("stable", "connectors")),
    ("hostaway", "Hostaway", ("stable", "connectors")),
    ("ical", "iCal", ("stable", "connectors")),
    ("lodgify", "Lodgify", ("stable", "connectors")),
)

_DISPLAY_NAMES = {name: display_name for name, display_name, _ in _PROVIDERS}
_COLORS = ("#0f766e", "#1d4ed8", "#7c3aed", "#be123c", "#b45309", "#15803d", "#334155")


def device_providers(endpoint: str) -> list[dict[str, Any]]:
    """Every provider as a device_provider of the contract, with pictures at `endpoint`."""
    return [_device_provider(endpoint, *provider) for provider in _PROVIDERS]


def _device_provider(
    endpoint: str, name: str, display_name: str, categories: tuple[str, ...]
) -> dict[str, Any]:
    provider: dict[str, Any] = {
        "device_provider_name": name,
        "display_name": display_name,
        "image_url": f"{endpoint}/assets/providers/{name}.svg",
        "provider_categories": list(categories),
    }
    if "consumer_smartlocks" in categories:
        provider |= {
            "can_remotely_lock": True,
            "can_remotely_unlock": True,
            "can_program_online_access_codes": True,
        }
    if "thermostats" in categories:
        provider |= {"can_hvac_heat": True, "can_turn_off_hvac": True}
    return provider


def provider_mark(name: str) -> str | None:
    """A provider's picture as an SVG document: its initial on a colour. None if it is unknown."""
    display_name = _DISPLAY_NAMES.get(name)
    if display_name is None:
        return None
    color = _COLORS[sum(map(ord, name)) % len(_COLORS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        f'<rect width="48" height="48" rx="12" fill="{color}"/>'
        '<text x="24" y="32" text-anchor="middle" font-family="system-ui, sans-serif"'
        f' font-size="24" font-weight="600" fill="#fff">{escape(display_name[0].upper())}</text>'
        "</svg>"
    )
