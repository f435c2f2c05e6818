"""Icons, titles and shortcuts of presets. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.request.verticals import VERTICALS
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.preset import Preset

# By the value of PresetVertical, whose module takes too long to import here.
ICONS: Mapping[str, str] = {
    "": "bookmark",
    "short_term_rental": "house",
    "hospitality": "bed-double",
    "multi_family": "building",
    "gym": "dumbbell",
}

TITLES: Mapping[str, str] = {each.name: each.title for each in VERTICALS} | {"": _("Any business")}

MAX_SHORTCUTS = 9


def icon_of(preset: Preset) -> str:
    return ICONS[preset.vertical.value]


def shortcut_of(index: int) -> str:
    """The shortcut for the preset at `index` (from 0); empty beyond the ninth.

    Ctrl with a number switches workspaces.
    """
    return f"Alt+{index + 1}" if index < MAX_SHORTCUTS else ""
