"""How each status looks: the icon, the word and the tone, the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.ui.toolkit.theme import Tone


class StatusStyle(NamedTuple):
    """A Lucide icon's file name, the word beside it, and the tone of both."""

    icon: str
    word: str
    tone: Tone


STATUS_STYLE: Mapping[PortalStatus, StatusStyle] = MappingProxyType(
    {
        PortalStatus.REQUESTED: StatusStyle("ellipsis", "Requested", Tone.INFO),
        PortalStatus.ACTIVE: StatusStyle("circle-check", "Active", Tone.SUCCESS),
        PortalStatus.EXPIRING: StatusStyle("clock", "Expiring", Tone.WARNING),
        PortalStatus.EXPIRED: StatusStyle("circle", "Expired", Tone.NEUTRAL),
        PortalStatus.FAILED: StatusStyle("circle-x", "Failed", Tone.DANGER),
        PortalStatus.UNKNOWN: StatusStyle("circle-help", "Unknown outcome", Tone.VIOLET),
        PortalStatus.REVOKED: StatusStyle("ban", "Revoked", Tone.NEUTRAL),
    }
)
