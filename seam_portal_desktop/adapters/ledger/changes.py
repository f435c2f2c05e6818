"""The new values of a row and its event, for each change of a portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seam_portal_desktop.adapters.ledger import failures
from seam_portal_desktop.adapters.ledger.events import failure_detail
from seam_portal_desktop.adapters.ledger.rows import failure_values, lines, sent_values, to_micros
from seam_portal_desktop.domain.address import read_address
from seam_portal_desktop.domain.portal.event import (
    PREVIEWS_COUNT_ONCE_WITHIN,
    SEAMS_TIME,
    EventKind,
    PortalEvent,
)
from seam_portal_desktop.domain.portal.record import FailureRecord, Outcome, PortalRecord, Sent
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.preview.report import PreviewReport
from seam_portal_desktop.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class Change:
    """If it is empty, nothing is written.

    ``event_note`` is the event's note, sealed. ``forgets_notes``: those of earlier events go.
    """

    values: dict[str, Any] = field(default_factory=dict)
    event: PortalEvent | None = None
    event_note: bytes | None = None
    forgets_notes: bool = False

    @property
    def is_creation(self) -> bool:
        return self.event is not None and self.event.kind is EventKind.CREATED


def requested(portal: PortalRecord, by: str, *, at_seams_time: bool) -> PortalEvent:
    detail = {"renewed_from": portal.renewed_from} if portal.renewed_from else {}
    if at_seams_time:
        detail |= SEAMS_TIME
    return PortalEvent(portal.requested_at, EventKind.REQUESTED, by, detail)


def created(portal: PortalRecord, created: CreatedPortal, sealed: bytes, by: str) -> Change:
    """Also restores a row that was deleted meanwhile, because its link is live."""
    if portal.outcome is Outcome.CREATED:
        raise failures.already_created()
    answer = created.customer_portal
    # Seam's clock may be slow. The event must not be before its request.
    at = max(portal.requested_at, answer.created_at)
    return Change(
        {
            "outcome": Outcome.CREATED.value,
            "created_at": to_micros(answer.created_at),
            "expires_at": to_micros(answer.expires_at),
            "url_sealed": sealed,
            "url_host": host_of(answer.url),
            "seam_request_id": created.seam_request_id,
            "deleted_at": None,
            **failure_values(None),
        },
        PortalEvent(at, EventKind.CREATED, by),
    )


def renewed(portal: PortalRecord, at: datetime, by: str) -> Change:
    """The change of the row that `portal` renews."""
    event = PortalEvent(at, EventKind.RENEWED, by, {"renewed_to": portal.portal_id})
    return Change({"renewed_to": portal.portal_id}, event)


def failed(
    portal: PortalRecord,
    outcome: Outcome,
    failure: FailureRecord,
    at: datetime,
    by: str,
    *,
    at_seams_time: bool,
) -> Change:
    if portal.outcome is Outcome.CREATED:
        raise failures.already_created()
    values = {
        "outcome": outcome.value,
        "seam_request_id": failure.seam_request_id,
        **failure_values(failure),
    }
    detail = {**failure_detail(failure), **(SEAMS_TIME if at_seams_time else {})}
    return Change(values, PortalEvent(at, EventKind(outcome.value), by, detail))


def previewed(
    portal: PortalRecord, last: PortalEvent | None, at: datetime, mode: PreviewMode, by: str
) -> Change:
    """`last` is the newest `previewed` event. Another mode adds an event."""
    before = portal.previewed_at
    detail = {"mode": mode.value}
    again = before is not None and at - before < PREVIEWS_COUNT_ONCE_WITHIN
    same = last is not None and last.detail == detail
    event = None if again and same else PortalEvent(at, EventKind.PREVIEWED, by, detail)
    return Change({"previewed_at": to_micros(at)}, event)


def checked(last: PortalEvent | None, report: PreviewReport, by: str) -> Change:
    """`last` is the newest `checked` event. The same result soon after it adds no event."""
    concerns = [finding.sentence for finding in report.concerns]
    values = {"preview_verdict": report.verdict.value, "preview_concerns": lines(concerns)}
    detail = {"found": report.headline}
    again = last is not None and report.at - last.at < PREVIEWS_COUNT_ONCE_WITHIN
    same = last is not None and last.detail == detail
    event = None if again and same else PortalEvent(report.at, EventKind.CHECKED, by, detail)
    return Change(values, event)


def sent(
    portal: PortalRecord, sent: Sent, notes: tuple[bytes, bytes] | tuple[None, None]
) -> Change:
    """`notes` are the sealed note for the row and for the event."""
    for_row, for_event = notes
    detail = {} if sent.channel is None else {"channel": sent.channel.value}
    event = PortalEvent(sent.at, EventKind.SENT, sent.by, detail)
    return Change(sent_values(portal.customer_key, sent, for_row), event, for_event)


def sent_undone(portal: PortalRecord, now: datetime, by: str) -> Change:
    event = PortalEvent(now, EventKind.SENT_UNDONE, by) if portal.sent else None
    return Change(sent_values(portal.customer_key, None, None), event, forgets_notes=True)


def revoked(portal: PortalRecord, at: datetime, by: str, *, elsewhere: bool) -> Change:
    if portal.revoked_at is not None:
        return Change()
    kind = EventKind.REVOKED_ELSEWHERE if elsewhere else EventKind.REVOKED
    return Change({"revoked_at": to_micros(at)}, PortalEvent(at, kind, "" if elsewhere else by))


def host_of(url: Secret) -> str | None:
    """The host that a row keeps of its link. None if the link can't be read."""
    address = read_address(url.reveal())
    return address.host if address is not None else None
