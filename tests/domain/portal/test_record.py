"""The status of a record at a time, to the microsecond."""

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

CREATED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXPIRES_AT = CREATED_AT + LINK_LIFETIME
EXPIRING_AT = EXPIRES_AT - timedelta(hours=24)
TICK = timedelta(microseconds=1)

RECORD = PortalRecord(
    portal_id="portal-1",
    workspace_id="workspace-1",
    workspace_kind=WorkspaceKind.SANDBOX,
    customer_key="harbor-hotel",
    outcome=Outcome.CREATED,
    requested_at=CREATED_AT,
    created_at=CREATED_AT,
    expires_at=EXPIRES_AT,
    has_url=True,
)


def test_the_lifetime_and_the_threshold():
    assert timedelta(days=7) == LINK_LIFETIME
    assert timedelta(hours=24) == EXPIRING_WITHIN


@pytest.mark.parametrize(
    ("now", "status", "next_change"),
    [
        (CREATED_AT - LINK_LIFETIME, PortalStatus.ACTIVE, EXPIRING_AT),
        (CREATED_AT, PortalStatus.ACTIVE, EXPIRING_AT),
        (EXPIRING_AT - TICK, PortalStatus.ACTIVE, EXPIRING_AT),
        (EXPIRING_AT, PortalStatus.EXPIRING, EXPIRES_AT),
        (EXPIRING_AT + TICK, PortalStatus.EXPIRING, EXPIRES_AT),
        (EXPIRES_AT - TICK, PortalStatus.EXPIRING, EXPIRES_AT),
        (EXPIRES_AT, PortalStatus.EXPIRED, None),
        (EXPIRES_AT + TICK, PortalStatus.EXPIRED, None),
        (EXPIRES_AT + LINK_LIFETIME, PortalStatus.EXPIRED, None),
    ],
)
def test_the_status_follows_the_clock(now, status, next_change):
    assert RECORD.status(now) is status
    assert RECORD.is_live(now) is (status is not PortalStatus.EXPIRED)
    assert RECORD.next_change(now) == next_change
    elsewhere = timezone(timedelta(hours=-9, minutes=-30))
    assert RECORD.status(now.astimezone(elsewhere)) is status


def test_the_status_changes_at_next_change():
    now, statuses = CREATED_AT, []
    while (later := RECORD.next_change(now)) is not None:
        assert later > now
        assert RECORD.status(later - TICK) is RECORD.status(now)
        assert RECORD.status(later) is not RECORD.status(now)
        statuses.append(RECORD.status(now))
        now = later
    assert statuses == [PortalStatus.ACTIVE, PortalStatus.EXPIRING]


def test_a_link_of_less_than_a_day_is_expiring_from_the_start():
    short = replace(RECORD, expires_at=CREATED_AT + timedelta(hours=1))
    assert short.status(CREATED_AT) is PortalStatus.EXPIRING
    assert short.next_change(CREATED_AT) == short.expires_at


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.REQUESTED, PortalStatus.REQUESTED),
        (Outcome.FAILED, PortalStatus.FAILED),
        (Outcome.UNKNOWN, PortalStatus.UNKNOWN),
    ],
)
@pytest.mark.parametrize("now", [CREATED_AT, EXPIRING_AT, EXPIRES_AT, EXPIRES_AT + LINK_LIFETIME])
def test_without_an_answer_the_status_does_not_follow_the_clock(outcome, status, now):
    portal = replace(RECORD, outcome=outcome, created_at=None, expires_at=None, has_url=False)
    assert portal.status(now) is status
    assert not portal.is_live(now)
    assert portal.next_change(now) is None


@pytest.mark.parametrize("now", [CREATED_AT, EXPIRING_AT, EXPIRES_AT])
def test_revoked_stays_revoked(now):
    portal = replace(RECORD, revoked_at=CREATED_AT)
    assert portal.status(now) is PortalStatus.REVOKED
    assert not portal.is_live(now)
    assert portal.next_change(now) is None


def test_a_link_without_an_expiry_is_expired():
    portal = replace(RECORD, expires_at=None)
    assert portal.status(CREATED_AT) is PortalStatus.EXPIRED
    assert not portal.is_live(CREATED_AT)
    assert portal.next_change(CREATED_AT) is None


def test_every_outcome_but_created_is_a_status():
    for outcome in set(Outcome) - {Outcome.CREATED}:
        assert PortalStatus(outcome.value).value == outcome.value
