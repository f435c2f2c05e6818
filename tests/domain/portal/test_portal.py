"""What can be said of a portal at a moment, to the microsecond."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from seam_portal_desktop.domain.portal.record import (
    EXPIRING_WITHIN,
    LINK_LIFETIME,
    Outcome,
    PortalRecord,
    PortalStatus,
)
from seam_portal_desktop.domain.workspace import WorkspaceKind

BORN = datetime(2026, 3, 1, 12, tzinfo=UTC)
END = BORN + LINK_LIFETIME
SOON = END - timedelta(hours=24)
TICK = timedelta(microseconds=1)

CREATED = PortalRecord(
    portal_id="portal-1",
    workspace_id="workspace-1",
    workspace_kind=WorkspaceKind.SANDBOX,
    customer_key="harbor-hotel",
    outcome=Outcome.CREATED,
    requested_at=BORN,
    created_at=BORN,
    expires_at=END,
    has_url=True,
)


def test_the_products_times():
    assert timedelta(days=7) == LINK_LIFETIME
    assert timedelta(hours=24) == EXPIRING_WITHIN


@pytest.mark.parametrize(
    ("now", "status", "next_change"),
    [
        (BORN - LINK_LIFETIME, PortalStatus.ACTIVE, SOON),
        (BORN, PortalStatus.ACTIVE, SOON),
        (SOON - TICK, PortalStatus.ACTIVE, SOON),
        (SOON, PortalStatus.EXPIRING, END),
        (SOON + TICK, PortalStatus.EXPIRING, END),
        (END - TICK, PortalStatus.EXPIRING, END),
        (END, PortalStatus.EXPIRED, None),
        (END + TICK, PortalStatus.EXPIRED, None),
        (END + LINK_LIFETIME, PortalStatus.EXPIRED, None),
    ],
)
def test_a_link_ages(now, status, next_change):
    assert CREATED.status(now) is status
    assert CREATED.is_live(now) is (status is not PortalStatus.EXPIRED)
    assert CREATED.next_change(now) == next_change
    elsewhere = timezone(timedelta(hours=-9, minutes=-30))
    assert CREATED.status(now.astimezone(elsewhere)) is status


def test_the_next_change_is_a_change():
    now, seen = BORN, []
    while (later := CREATED.next_change(now)) is not None:
        assert later > now
        assert CREATED.status(later - TICK) is CREATED.status(now)
        assert CREATED.status(later) is not CREATED.status(now)
        seen.append(CREATED.status(now))
        now = later
    assert seen == [PortalStatus.ACTIVE, PortalStatus.EXPIRING]


def test_a_link_that_never_lived_a_day_expires_from_the_start():
    brief = replace(CREATED, expires_at=BORN + timedelta(hours=1))
    assert brief.status(BORN) is PortalStatus.EXPIRING
    assert brief.next_change(BORN) == brief.expires_at


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.REQUESTED, PortalStatus.REQUESTED),
        (Outcome.FAILED, PortalStatus.FAILED),
        (Outcome.UNKNOWN, PortalStatus.UNKNOWN),
    ],
)
@pytest.mark.parametrize("now", [BORN, SOON, END, END + LINK_LIFETIME])
def test_without_an_answer_time_changes_nothing(outcome, status, now):
    portal = replace(CREATED, outcome=outcome, created_at=None, expires_at=None, has_url=False)
    assert portal.status(now) is status
    assert not portal.is_live(now)
    assert portal.next_change(now) is None


@pytest.mark.parametrize("now", [BORN, SOON, END])
def test_revoked_stays_revoked(now):
    portal = replace(CREATED, revoked_at=BORN)
    assert portal.status(now) is PortalStatus.REVOKED
    assert not portal.is_live(now)
    assert portal.next_change(now) is None


def test_a_link_of_unknown_end_is_not_handed_out():
    portal = replace(CREATED, expires_at=None)
    assert portal.status(BORN) is PortalStatus.EXPIRED
    assert not portal.is_live(BORN)
    assert portal.next_change(BORN) is None


def test_every_outcome_but_created_is_a_status():
    for outcome in set(Outcome) - {Outcome.CREATED}:
        assert PortalStatus(outcome.value).value == outcome.value
