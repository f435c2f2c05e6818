"""How each level of a preview's findings looks, the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from seam_portal_desktop.domain.preview.report import CheckLevel
from seam_portal_desktop.ui.toolkit.theme import Tone


class LevelStyle(NamedTuple):
    """A Lucide icon's file name, the word beside it, and the tone of both."""

    icon: str
    word: str
    tone: Tone


LEVEL_STYLE: Mapping[CheckLevel, LevelStyle] = MappingProxyType(
    {
        CheckLevel.OK: LevelStyle("circle-check", "Good", Tone.SUCCESS),
        CheckLevel.UNKNOWN: LevelStyle("circle-help", "Couldn’t be told", Tone.NEUTRAL),
        CheckLevel.WARNING: LevelStyle("triangle-alert", "Warning", Tone.WARNING),
        CheckLevel.PROBLEM: LevelStyle("circle-x", "Problem", Tone.DANGER),
    }
)
