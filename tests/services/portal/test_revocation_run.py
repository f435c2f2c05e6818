"""Several links are revoked one after the other."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.errors import NetworkError, RateLimitedError
from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.services.portal.revocation import SessionNotIdentifiedError
from seam_portal_desktop.services.portal.revocation_run import (
    RevocationProgress,
    RevocationRun,
    RevocationSummary,
)
from tests.support.lifecycle import CONNECTION, LATER

pytestmark = pytest.mark.anyio

KEYS = ("harbor-hotel", "old-mill", "casa-verde")


async def make(world) -> list[PortalRecord]:
    portals = [await world.create(key) for key in KEYS]
    world.clock.now += LATER
    return portals


async def run(world, portals, on_progress=lambda _progress: None) -> RevocationSummary:
    return await RevocationRun(world.revocation, CONNECTION, portals, on_progress).run()


async def statuses(world, portals) -> list[PortalStatus]:
    return [(await world.ledger.get(portal.portal_id)).status(world.clock()) for portal in portals]


def keys(portals) -> list[str]:
    return [portal.customer_key for portal in portals]


async def test_all_are_revoked_with_one_reading_of_the_whole_list(world):
    portals = await make(world)
    progress: list[RevocationProgress] = []
    summary = await run(world, portals, progress.append)
    assert keys(summary.revoked) == list(KEYS)
    assert (summary.ended, summary.failed, summary.not_tried) == ((), (), ())
    assert world.gateway.revoked == ["session-1", "session-2", "session-3"]
    assert await statuses(world, portals) == [PortalStatus.REVOKED] * 3
    assert [(each.number, each.customer_key) for each in progress] == list(enumerate(KEYS, 1))
    # Once for all links; then for each its session before the call, and after it.
    assert world.gateway.calls.count("list_client_sessions") == 1 + 2 * 3


async def test_a_link_that_can_not_be_told_apart_does_not_keep_the_others(world):
    portals = await make(world)
    await world.set_link(portals[1].portal_id, "https://se.am/1234")
    first = world.gateway.sessions[1]
    world.gateway.sessions.append(
        type(first)("session-copy", first.token, *KEYS[1:2], first.created_at, first.expires_at)
    )
    summary = await run(world, portals)
    assert keys(summary.revoked) == [KEYS[0], KEYS[2]]
    (failure,) = summary.failed
    assert failure.portal.customer_key == KEYS[1]
    assert isinstance(failure.error, SessionNotIdentifiedError)
    assert await statuses(world, portals) == [
        PortalStatus.REVOKED,
        PortalStatus.ACTIVE,
        PortalStatus.REVOKED,
    ]


async def test_a_link_that_was_revoked_elsewhere_has_ended(world):
    portals = await make(world)
    del world.gateway.sessions[0]
    summary = await run(world, portals)
    assert keys(summary.ended) == [KEYS[0]]
    assert keys(summary.revoked) == list(KEYS[1:])


async def test_an_error_that_all_would_meet_ends_the_run(world):
    portals = await make(world)
    world.gateway.fail("revoke_client_session", NetworkError("Offline.", "Try later."))
    summary = await run(world, portals)
    assert [each.portal.customer_key for each in summary.failed] == [KEYS[0]]
    assert keys(summary.not_tried) == list(KEYS[1:])
    assert await statuses(world, portals) == [PortalStatus.ACTIVE] * 3


async def test_at_a_rate_limit_it_waits(world):
    portals = await make(world)
    busy = RateLimitedError("Too many calls.", "Wait.", can_retry=True, retry_after=0)
    world.gateway.fail("list_client_sessions", busy)
    world.gateway.fail("revoke_client_session", busy)
    progress: list[RevocationProgress] = []
    summary = await run(world, portals, progress.append)
    assert keys(summary.revoked) == list(KEYS)
    assert [each.waiting for each in progress] == [0, 1, 0, 1, 0, 0, 0]


async def test_stop_ends_it_after_the_link_that_is_being_revoked(world):
    portals = await make(world)
    run = RevocationRun(world.revocation, CONNECTION, portals, lambda _progress: run.stop())
    summary = await run.run()
    assert keys(summary.revoked) == [KEYS[0]]
    assert keys(summary.not_tried) == list(KEYS[1:])
