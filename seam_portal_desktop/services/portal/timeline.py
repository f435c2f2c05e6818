"""The timeline of a portal, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.message.delivery import Delivery
from seam_portal_desktop.domain.portal.event import (
    NOTE_NOT_KEPT,
    NOTE_UNREADABLE,
    EventKind,
    PortalEvent,
    TimelineEntry,
)
from seam_portal_desktop.domain.portal.record import Channel, Outcome, PortalRecord
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.removal.words import RemovalGroup, counted_text
from seam_portal_desktop.services.sending.delivery_words import delivery_text
from seam_portal_desktop.texts import _

_WORDS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.REQUESTED: _("Requested"),
        EventKind.CREATED: _("Link created"),
        EventKind.FAILED: _("Failed"),
        EventKind.UNKNOWN: _("Outcome unknown"),
        EventKind.PREVIEWED: _("Previewed"),
        EventKind.COPIED: _("Link copied"),
        EventKind.SENT: _("Marked as sent"),
        EventKind.SENT_UNDONE: _("No longer marked as sent"),
        EventKind.RENEWED: _("Renewed by a new link"),
        EventKind.REVOKED: _("Revoked"),
        EventKind.REVOKED_ELSEWHERE: _("Found revoked elsewhere"),
        EventKind.CHECKED: _("Preview checked"),
        EventKind.SAFE_PREVIEW_LEFT: (
            _(
                "A safe preview’s link could not be revoked. It ends by itself after 7 days, "
                "unless the program can revoke it before"
            )
        ),
        EventKind.SAFE_PREVIEW_ENDED: _("The link of an earlier safe preview was revoked"),
        EventKind.DATA_REMOVAL_ASKED: _("Asked Seam to remove customer data"),
        EventKind.DATA_REMOVED: _("Seam confirmed the removal of customer data"),
        EventKind.DATA_REMOVAL_FAILED: _("Customer data is not removed for certain"),
        EventKind.DAMAGED: _("This entry is damaged and can’t be read"),
    }
)
_SENT_BY: Mapping[str, str] = MappingProxyType(
    {
        Channel.EMAIL.value: _("Marked as sent by email"),
        Channel.SMS.value: _("Marked as sent by SMS"),
        Channel.CHAT.value: _("Marked as sent by chat"),
        Channel.OTHER.value: _("Marked as sent another way"),
    }
)
_DETAIL_KEYS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.FAILED: "title",
        EventKind.UNKNOWN: "title",
        EventKind.CHECKED: "found",
        EventKind.DATA_REMOVAL_FAILED: "title",
        EventKind.SAFE_PREVIEW_LEFT: "reason",
    }
)
"""The key in the event's detail whose text follows the words."""

_PREVIEWED: Mapping[str, str] = MappingProxyType(
    {
        PreviewMode.SAFE.value: _("Previewed (read-only)"),
        PreviewMode.LIVE.value: _("Previewed with the live link"),
    }
)


_ASKED = frozenset({EventKind.SEND_ASKED, EventKind.SENT_ANYWAY})


class TimelineService:
    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def entries(self, portal_id: str) -> Sequence[TimelineEntry]:
        """The timeline, oldest first. Raises LedgerError."""
        portal = await self._ledger.get(portal_id)
        events = await self._ledger.events_of(portal_id)
        deliveries: Sequence[Delivery] = ()
        if any("delivery_id" in event.detail for event in events):
            deliveries = await self._ledger.deliveries.deliveries_of(portal_id)
        return build_timeline(portal, events, self._clock(), deliveries)


def build_timeline(
    portal: PortalRecord,
    events: Sequence[PortalEvent],
    now: datetime,
    deliveries: Sequence[Delivery] = (),
) -> tuple[TimelineEntry, ...]:
    """`events` in words, oldest first, with the link's expiry if it has expired.

    Recipients and answers of mail servers are named for `deliveries`. That a message waits is left
    out once it is known what became of it.
    """
    by_id = {each.delivery_id: each for each in deliveries}
    told = {event.detail.get("delivery_id") for event in events if event.kind not in _ASKED}
    entries = [
        TimelineEntry(event.at, event.kind, event.by, _text(event, by_id))
        for event in events
        if event.kind is not EventKind.SEND_ASKED or event.detail.get("delivery_id") not in told
    ]
    ended = portal.expires_at
    if portal.outcome is Outcome.CREATED and ended is not None and ended <= now:
        revoked_before = portal.revoked_at is not None and portal.revoked_at <= ended
        if not revoked_before:
            entries.append(TimelineEntry(ended, EventKind.EXPIRED, "", _("Expired")))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _text(event: PortalEvent, deliveries: Mapping[str, Delivery]) -> str:
    detail = event.detail
    words = _WORDS.get(event.kind, "")
    if "delivery_id" in detail or not words:
        words = delivery_text(event, deliveries.get(detail.get("delivery_id", "")))
        return _with_note(words, detail)
    if event.kind is EventKind.REQUESTED and "renewed_from" in detail:
        return _("Requested to renew an earlier link")
    if event.kind is EventKind.SENT:
        return _with_note(_SENT_BY.get(detail.get("channel", ""), words), detail)
    if event.kind is EventKind.PREVIEWED:
        return _PREVIEWED.get(detail.get("mode", ""), words)
    text = detail.get(_DETAIL_KEYS.get(event.kind, "")) or _removed(detail)
    return f"{words}: {text}" if text else words


def _with_note(words: str, detail: Mapping[str, str]) -> str:
    if detail.get(NOTE_UNREADABLE) == NOTE_NOT_KEPT:
        return _("{words}. Its note was not kept, because the keyring couldn’t be used.").format(
            words=words
        )
    if NOTE_UNREADABLE in detail:
        return _("{words}. Its note can’t be read now.").format(words=words)
    return f"{words}: {detail['note']}" if "note" in detail else words


def _removed(detail: Mapping[str, str]) -> str:
    """How much was removed; empty for other events."""
    counts = {group: detail.get(group, "") for group in RemovalGroup}
    return counted_text({group: int(n) for group, n in counts.items() if n.isdecimal()})
