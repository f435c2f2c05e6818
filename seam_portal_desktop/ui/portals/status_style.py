"""Icon, word and tone of a portal's status and of a check's level, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from seam_portal_desktop.domain.portal.record import (
    LIVE_STATUSES,
    Channel,
    LinkState,
    PortalRecord,
    PortalStatus,
)
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.theme import Tone


class StatusStyle(NamedTuple):
    """A Lucide icon's file name, the word beside it, and the tone of both."""

    icon: str
    word: str
    tone: Tone


STATUS_STYLE: Mapping[PortalStatus, StatusStyle] = MappingProxyType(
    {
        PortalStatus.REQUESTED: StatusStyle("ellipsis", _("Requested"), Tone.INFO),
        PortalStatus.ACTIVE: StatusStyle("circle-check", _("Active"), Tone.SUCCESS),
        PortalStatus.EXPIRING: StatusStyle("clock", _("Expiring"), Tone.WARNING),
        PortalStatus.EXPIRED: StatusStyle("circle", _("Expired"), Tone.NEUTRAL),
        PortalStatus.FAILED: StatusStyle("circle-x", _("Failed"), Tone.DANGER),
        PortalStatus.UNKNOWN: StatusStyle("circle-help", _("Unconfirmed"), Tone.VIOLET),
        PortalStatus.REVOKED: StatusStyle("ban", _("Revoked"), Tone.NEUTRAL),
        PortalStatus.DAMAGED: StatusStyle("file-warning", _("Damaged"), Tone.DANGER),
    }
)

_NOT_SAVED = StatusStyle("triangle-alert", _("Not saved"), Tone.WARNING)
_LINK_LOST = StatusStyle("link-2-off", _("Link lost"), Tone.WARNING)

LINK_REASONS: Mapping[LinkState, str] = MappingProxyType(
    {
        LinkState.KEPT: _("The program has no copy of this link."),
        LinkState.UNTIL_QUIT: _("This link isn’t saved. It is lost here when you quit."),
        LinkState.NOT_KEPT: _(
            "This link was kept until the program quit, because the keyring was unavailable."
        ),
        LinkState.KEY_GONE: _(
            "The key that protects this link is no longer in this computer’s keyring."
        ),
    }
)
"""Why the program can't read a link, or soon can't."""


def style_of(portal: PortalRecord, status: PortalStatus) -> StatusStyle:
    """The style of the portal's status. A live link that can't be read later has a style of its
    own: it isn't as good as an active one."""
    if status not in LIVE_STATUSES or (portal.link_state is LinkState.KEPT and portal.has_url):
        return STATUS_STYLE[status]
    return _LINK_LOST if not portal.has_readable_url else _NOT_SAVED


def spoken_status(portal: PortalRecord, status: PortalStatus) -> str:
    """The status in words that need no icon: 'Active', or 'Active, link lost'."""
    word, style = STATUS_STYLE[status].word, style_of(portal, status)
    return word if style is STATUS_STYLE[status] else f"{word}, {style.word.lower()}"


LEVEL_STYLE: Mapping[CheckLevel, StatusStyle] = MappingProxyType(
    {
        CheckLevel.OK: StatusStyle("circle-check", _("Good"), Tone.SUCCESS),
        CheckLevel.UNKNOWN: StatusStyle("circle-help", _("Couldn’t be told"), Tone.NEUTRAL),
        CheckLevel.WARNING: StatusStyle("triangle-alert", _("Warning"), Tone.WARNING),
        CheckLevel.PROBLEM: StatusStyle("circle-x", _("Problem"), Tone.DANGER),
    }
)

BY_CHANNEL: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.EMAIL: _("by email"),
        Channel.SMS: _("by SMS"),
        Channel.CHAT: _("by chat"),
        Channel.OTHER: _("another way"),
    }
)
