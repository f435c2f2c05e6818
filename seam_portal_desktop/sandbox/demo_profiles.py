"""The demo's customization profiles: how three of its customers' portals look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CASA_VERDE_PROFILE = "0b6f1c52-7a0e-4a5e-8f7d-3f6a3a1d9c01"
HARBOR_PROFILE = "3c9a7d10-52f4-4a37-9a55-b7c1f0e4a602"
PULSE_PROFILE = "9e2d4f83-1c6b-4d0e-bb1a-6d5b8c2f7e03"

PROFILES: tuple[Mapping[str, Any], ...] = (
    {
        "customization_profile_id": HARBOR_PROFILE,
        "name": "Harbor Hotel",
        "primary_color": "#12304f",
        "secondary_color": "#f2c14e",
        "customer_portal_theme": {
            "primary_color": "#12304f",
            "primary_foreground_color": "#ffffff",
            "secondary_color": "#f2c14e",
            "secondary_foreground_color": "#1b1b1b",
        },
    },
    {
        "customization_profile_id": CASA_VERDE_PROFILE,
        "name": "Casa Verde",
        "primary_color": "#1f6f4a",
        "secondary_color": "#f4efe3",
        "customer_portal_theme": {
            "font_family": "Georgia, serif",
            "primary_color": "#1f6f4a",
            "primary_foreground_color": "#ffffff",
            "secondary_color": "#f4efe3",
            "secondary_foreground_color": "#20352b",
        },
    },
    {
        "customization_profile_id": PULSE_PROFILE,
        "name": "Pulse Gyms",
        "primary_color": "#b3124b",
        "secondary_color": "#1d1d1f",
        "customer_portal_theme": {
            "primary_color": "#b3124b",
            "primary_foreground_color": "#ffffff",
            "secondary_color": "#1d1d1f",
            "secondary_foreground_color": "#ffffff",
        },
        "message_overrides": {
            "en-US": {
                "place.spaces.many": "Studios",
                "place.spaces.one": "Studio",
                "nav.reservations": "Memberships",
            },
            "es-ES": {
                "place.spaces.many": "Salas",
                "place.spaces.one": "Sala",
                "nav.reservations": "Abonos",
            },
        },
    },
)
LOGOS = {
    HARBOR_PROFILE: "harbor-hotel",
    CASA_VERDE_PROFILE: "casa-verde",
    PULSE_PROFILE: "pulse-gyms",
}
PROFILE_SETTINGS: Mapping[str, Mapping[str, Any]] = {
    PULSE_PROFILE: {"features": {"manage": {"exclude_reservation_technical_details": True}}},
}
