"""The story of a portal, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal import Channel, Outcome, Portal
from seam_portal_desktop.domain.portal_event import (
    EntryKind,
    EventKind,
    PortalEvent,
    TimelineEntry,
)
from seam_portal_desktop.domain.ports import Ledger

_WORDS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.REQUESTED: "Requested",
        EventKind.CREATED: "Link created",
        EventKind.FAILED: "Failed",
        EventKind.UNKNOWN: "Outcome unknown",
        EventKind.PREVIEWED: "Previewed",
        EventKind.COPIED: "Link copied",
        EventKind.SENT: "Marked as sent",
        EventKind.SENT_UNDONE: "No longer marked as sent",
        EventKind.RENEWED: "Renewed by a new link",
        EventKind.REVOKED: "Revoked",
        EventKind.REVOKED_ELSEWHERE: "Found revoked elsewhere",
    }
)
_BY_CHANNEL: Mapping[str, str] = MappingProxyType(
    {
        Channel.EMAIL.value: " by email",
        Channel.SMS.value: " by SMS",
        Channel.CHAT.value: " by chat",
        Channel.OTHER.value: " another way",
    }
)


class TimelineService:
    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def story(self, portal_id: str) -> Sequence[TimelineEntry]:
        """What happened so far, oldest first. Raises LedgerError."""
        portal = await self._ledger.get(portal_id)
        return timeline(portal, await self._ledger.events_of(portal_id), self._clock())


def timeline(
    portal: Portal, events: Sequence[PortalEvent], now: datetime
) -> tuple[TimelineEntry, ...]:
    """`events` in words, oldest first, with the link's end where it has come."""
    entries = [
        TimelineEntry(event.at, EntryKind(event.kind.value), event.by, _text(event))
        for event in events
    ]
    ended = portal.expires_at
    if portal.outcome is Outcome.CREATED and ended is not None and ended <= now:
        revoked_before = portal.revoked_at is not None and portal.revoked_at <= ended
        if not revoked_before:
            entries.append(TimelineEntry(ended, EntryKind.EXPIRED, "", "Expired"))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _text(event: PortalEvent) -> str:
    words = _WORDS[event.kind]
    detail = event.detail
    if event.kind is EventKind.REQUESTED and "renewed_from" in detail:
        return f"{words} to renew an earlier link"
    if event.kind is EventKind.SENT:
        words += _BY_CHANNEL.get(detail.get("channel", ""), "")
        return f"{words}: {detail['note']}" if "note" in detail else words
    if event.kind in (EventKind.FAILED, EventKind.UNKNOWN) and "title" in detail:
        return f"{words}: {detail['title']}"
    return words
