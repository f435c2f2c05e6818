"""The events of a portal and the entries of its timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

_NO_DETAIL: Mapping[str, str] = MappingProxyType({})

NOTE_UNREADABLE = "note_unreadable"
NOTE_NOT_KEPT = "not kept"
"""The value of NOTE_UNREADABLE if no later run can read the note either: its key was for the run
that made it."""

PREVIEWS_COUNT_ONCE_WITHIN = timedelta(hours=1)
"""Each selection previews a portal again: previews within this time are one event."""

SEAMS_TIME: Mapping[str, str] = MappingProxyType({"clock": "seam"})
"""Added to the detail of an event whose time is Seam's."""


class EventKind(StrEnum):
    """The values are stored. CHECKED: a preview checked the page. SAFE_PREVIEW_LEFT: the link of
    the portal's safe preview could not be revoked. SAFE_PREVIEW_ENDED: it was revoked later.
    DATA_REMOVAL_ASKED: Seam was asked to remove data, for the portal's customer. DATA_REMOVED: it
    answered that it did. DATA_REMOVAL_FAILED: not all of it is removed for certain.
    SEND_ASKED: a message is in the outbox. SENT_ANYWAY: in spite of warnings. SEND_FAILED: it can't
    be sent. MAYBE_SENT: nobody knows whether it was. SEND_UNDONE: the user took it back before
    anything left. HANDED_OVER: to another program. RETURNED: it was sent and came back.
    EXPIRED follows from the record and the clock. DAMAGED: the event is there, but can't be read.
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
    DATA_REMOVAL_ASKED = "data_removal_asked"
    DATA_REMOVED = "data_removed"
    DATA_REMOVAL_FAILED = "data_removal_failed"
    SEND_ASKED = "send_asked"
    SENT_ANYWAY = "sent_anyway"
    SEND_FAILED = "send_failed"
    MAYBE_SENT = "maybe_sent"
    SEND_UNDONE = "send_undone"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    EXPIRED = "expired"
    DAMAGED = "damaged"


NEVER_STORED = frozenset({EventKind.EXPIRED, EventKind.DAMAGED})


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """``at`` is aware, in UTC. ``by`` is the OS user, empty if unknown.

    ``detail`` never has a secret or an address. Its keys, which may be missing: ``channel`` of
    sent, ``note`` of sent and sent_anyway (NOTE_UNREADABLE instead, if there is a note that can't
    be decrypted), ``title`` and ``message`` of failed and unknown, ``title`` of
    data_removal_failed, the numbers by RemovalGroup of data_removal_asked and data_removed,
    ``renewed_from`` of requested, ``renewed_to`` of renewed, ``mode`` (a PreviewMode) of previewed,
    ``found`` (a report's headline) of checked, ``reason`` of twin_left, ``clock`` (SEAMS_TIME) of
    requested and unknown. What is about a delivery has its ``delivery_id``, ``send_channel`` (a
    SendChannel), ``template`` and ``template_version``.
    """

    at: datetime
    kind: EventKind
    by: str = ""
    detail: Mapping[str, str] = field(default_factory=lambda: _NO_DETAIL)

    @property
    def is_at_seams_time(self) -> bool:
        """Whether ``at`` was read from a clock that had Seam's time."""
        return self.detail.get("clock") == SEAMS_TIME["clock"]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An event in words. ``at`` is aware, in UTC. ``by`` is the OS user, empty if unknown.

    ``text`` has words of the user and of Seam in it, but no secret.
    """

    at: datetime
    kind: EventKind
    by: str
    text: str
