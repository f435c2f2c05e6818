"""The demo's three customization profiles, and the logos that they show."""

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
PROFILE_LOGOS = {
    HARBOR_PROFILE: "harbor-hotel",
    CASA_VERDE_PROFILE: "casa-verde",
    PULSE_PROFILE: "pulse-gyms",
}
PROFILE_SETTINGS: Mapping[str, Mapping[str, Any]] = {
    PULSE_PROFILE: {"features": {"manage": {"exclude_reservation_technical_details": True}}},
}

LOGOS = {
    "casa-verde": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        '<rect width="48" height="48" rx="12" fill="#1f6f4a"/>'
        '<path d="M12 26 24 14l12 12v10H12z" fill="#f4efe3"/>'
        '<path d="M24 36c0-8 3-12 9-13 0 7-3 12-9 13z" fill="#7cb98b"/></svg>'
    ),
    "harbor-hotel": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        '<rect width="48" height="48" rx="24" fill="#12304f"/>'
        '<path d="M24 9l11 24H13z" fill="#f2c14e"/>'
        '<path d="M8 35c4 0 4 3 8 3s4-3 8-3 4 3 8 3 4-3 8-3" fill="none" stroke="#e8eef5"'
        ' stroke-width="2.5" stroke-linecap="round"/></svg>'
    ),
    "pulse-gyms": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        '<rect width="48" height="48" rx="10" fill="#b3124b"/>'
        '<path d="M7 25h9l4-11 8 21 5-13 2 3h6" fill="none" stroke="#fff" stroke-width="3.5"'
        ' stroke-linejoin="round" stroke-linecap="round"/></svg>'
    ),
}
"""Each logo as an SVG document."""
