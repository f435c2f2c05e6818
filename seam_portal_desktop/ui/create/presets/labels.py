"""How presets are shown everywhere. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.preset import Preset

# By the value of PresetVertical, which can't be imported here: domain.preset is too heavy for it.
ICONS: Mapping[str, str] = {
    "": "bookmark",
    "short_term_rental": "house",
    "hospitality": "bed-double",
    "multi_family": "building",
    "gym": "dumbbell",
}

TITLES: Mapping[str, str] = {
    "": "Any business",
    "short_term_rental": "Short-term rental",
    "hospitality": "Hospitality",
    "multi_family": "Multi-family",
    "gym": "Gym",
}

NUMBERED = 9


def icon_of(preset: Preset) -> str:
    return ICONS[preset.vertical.value]


def keys_of(place: int) -> str:
    """The keys that choose the preset at `place` (from 0) in the dialog; empty beyond the ninth.

    Ctrl with a number is taken: it switches workspaces.
    """
    return f"Alt+{place + 1}" if place < NUMBERED else ""
