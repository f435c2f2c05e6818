"""Rows for tests of the table, around one fixed time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seam_portal_desktop.domain.clock import Clock, SeamClock
from seam_portal_desktop.domain.portal.query import RecordPage
from seam_portal_desktop.domain.portal.record import (
    LINK_LIFETIME,
    Channel,
    FailureRecord,
    Outcome,
    PortalRecord,
    Sent,
)
from seam_portal_desktop.domain.workspace import WorkspaceKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class SettableClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def seams_time(clock: Clock) -> SeamClock:
    """A SeamClock with the time of `clock`, after an answer of Seam."""
    seam_clock = SeamClock(clock, lambda: clock().timestamp())
    now = clock()
    # In the middle of the two seconds that the header leaves open.
    middle = now.timestamp() + 1
    seam_clock.observe(now, middle, middle)
    return seam_clock


def created(portal_id: str, key: str = "harbor-hotel", *, left: timedelta = 150 * HOUR, **fields):
    """A created portal that expires `left` after NOW."""
    start = NOW + left - LINK_LIFETIME
    return PortalRecord(
        portal_id=portal_id,
        workspace_id="ws",
        workspace_kind=WorkspaceKind.SANDBOX,
        customer_key=key,
        outcome=Outcome.CREATED,
        requested_at=start,
        created_at=start,
        expires_at=start + LINK_LIFETIME,
        has_url=True,
        **fields,
    )


def unanswered(portal_id: str, key: str = "old-mill", outcome: Outcome = Outcome.UNKNOWN):
    return PortalRecord(
        portal_id=portal_id,
        workspace_id="ws",
        workspace_kind=WorkspaceKind.PRODUCTION,
        customer_key=key,
        outcome=outcome,
        requested_at=NOW - HOUR,
        failure=FailureRecord("No answer in time", "A link may exist."),
    )


def sent(ago: timedelta = 2 * HOUR) -> Sent:
    return Sent(NOW - ago, "dana", Channel.EMAIL, "for the front desk")


def page(*rows: PortalRecord, offset: int = 0, total: int | None = None) -> RecordPage:
    return RecordPage(rows, offset, offset + len(rows) if total is None else total)
