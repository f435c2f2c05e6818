"""Icon, word and tone of a portal's status and of a check's level, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from seam_portal_desktop.domain.portal.record import Channel, PortalStatus
from seam_portal_desktop.domain.preview.kinds import CheckLevel
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
        PortalStatus.UNKNOWN: StatusStyle("circle-help", "Unconfirmed", Tone.VIOLET),
        PortalStatus.REVOKED: StatusStyle("ban", "Revoked", Tone.NEUTRAL),
        PortalStatus.DAMAGED: StatusStyle("file-warning", "Damaged", Tone.DANGER),
    }
)

LEVEL_STYLE: Mapping[CheckLevel, StatusStyle] = MappingProxyType(
    {
        CheckLevel.OK: StatusStyle("circle-check", "Good", Tone.SUCCESS),
        CheckLevel.UNKNOWN: StatusStyle("circle-help", "Couldn’t be told", Tone.NEUTRAL),
        CheckLevel.WARNING: StatusStyle("triangle-alert", "Warning", Tone.WARNING),
        CheckLevel.PROBLEM: StatusStyle("circle-x", "Problem", Tone.DANGER),
    }
)

BY_CHANNEL: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.EMAIL: "by email",
        Channel.SMS: "by SMS",
        Channel.CHAT: "by chat",
        Channel.OTHER: "another way",
    }
)
