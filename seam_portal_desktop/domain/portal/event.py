"""What happened to a portal, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})

PREVIEWS_COUNT_ONCE_WITHIN = timedelta(hours=1)
"""A portal is shown again with every selection: previews that follow each other within this time
are one event."""


class EventKind(StrEnum):
    """What happened. ``checked``: a preview checked the page. ``twin_left``: the link of this
    portal's safe preview could not be revoked. ``twin_ended``: it was revoked later. ``expired``
    is never stored: it follows from the record and the clock.
    """

    REQUESTED = "requested"
    CREATED = "created"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PREVIEWED = "previewed"
    COPIED = "copied"
    SENT = "sent"
    SENT_UNDONE = "sent_undone"
    RENEWED = "renewed"
    REVOKED = "revoked"
    REVOKED_ELSEWHERE = "revoked_elsewhere"
    CHECKED = "checked"
    SAFE_PREVIEW_LEFT = "twin_left"
    SAFE_PREVIEW_ENDED = "twin_ended"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """One thing that happened: when (aware, UTC), what, and which OS user did it.

    ``by`` is empty where nobody is known to have done it. ``detail`` never holds a secret:
    ``channel`` and ``note`` of sent, ``title`` and ``message`` of failed and unknown,
    ``renewed_from`` of requested, ``renewed_to`` of renewed, ``mode`` (a PreviewMode) of previewed,
    ``found`` (a report's headline) of checked, ``reason`` of twin_left; each may be missing.
    """

    at: datetime
    kind: EventKind
    by: str = ""
    detail: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """When (aware, UTC), what, by which OS user (empty: nobody's doing or not known), in words.

    ``text`` is the user's and Seam's own words in part, and holds no secret.
    """

    at: datetime
    kind: EventKind
    by: str
    text: str
