"""Read-only copies that a crash left are revoked: everywhere, quietly, and only for certain."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.ledger.rows import to_micros
from seam_portal_desktop.domain.clock import SeamClock
from seam_portal_desktop.domain.errors import LedgerError, NetworkError, SecretStoreLockedError
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import LINK_LIFETIME, Outcome
from seam_portal_desktop.services.portal.left_safe_previews import LeftSafePreviews, Swept
from tests.support.fake_gateway import FAKE_WORKSPACE, FakeGateway
from tests.support.lifecycle import CONNECTION, LATER
from tests.support.services import REQUEST
from tests.support.sqlite_ledger import failing, ledger_file
from tests.support.until import until

pytestmark = pytest.mark.anyio

COPIES = PortalQuery(FAKE_WORKSPACE.workspace_id, safe_previews=True)
OFFLINE = NetworkError("Seam can’t be reached.", "Check the network.")
SILENT = LedgerError("The ledger’s database doesn’t answer", "Try again.")
LOCKED = SecretStoreLockedError("The keyring is locked", "Unlock it.")


async def leave_copy(world, portal_id: str) -> str:
    """Open a safe preview and forget it, as a crash does. Returns its portal_id."""
    link = await world.safe_previews.open_safe(CONNECTION, portal_id)
    world.safe_previews._open.clear()
    return link.portal.portal_id


async def leave_unanswered(world, portal_id: str, *, has_effect=True) -> str:
    """The same, but the program ends before Seam's answer arrives."""
    create = FakeGateway.create_portal

    async def create_and_crash(request):
        if has_effect:
            await create(world.gateway, request)
        raise asyncio.CancelledError

    world.gateway.create_portal = create_and_crash
    with pytest.raises(asyncio.CancelledError):
        await world.safe_previews.open_safe(CONNECTION, portal_id)
    del world.gateway.create_portal
    world.safe_previews._open.clear()
    (copy,) = [row for row in await rows(world) if row.outcome is Outcome.UNKNOWN]
    return copy.portal_id


def forget_seams_time(world, kind: EventKind) -> None:
    with closing(sqlite3.connect(ledger_file(world.folder))) as connection, connection:
        connection.execute("UPDATE portal_events SET detail = '{}' WHERE kind = ?", (kind.value,))


async def rows(world):
    return (await world.ledger.find(COPIES, now=world.clock())).rows


async def kinds(world, portal_id: str) -> list[EventKind]:
    return [event.kind for event in await world.ledger.events_of(portal_id)]


def sessions(world) -> list[str]:
    return [session.client_session_id for session in world.gateway.sessions]


@pytest.mark.parametrize("is_colleagues", [False, True])
async def test_the_only_possible_session_of_a_lost_answer_is_not_revoked(is_colleagues, world):
    """It may be another person's link, which this ledger doesn't know. It ends by itself."""
    portal = await world.create()
    copy_id = await leave_unanswered(world, portal.portal_id, has_effect=not is_colleagues)
    if is_colleagues:
        await FakeGateway.create_portal(world.gateway, REQUEST)
    assert sessions(world) == ["session-1", "session-2"]
    world.clock.now += LATER
    assert await world.left_safe_previews.sweep(CONNECTION) == Swept()
    assert sessions(world) == ["session-1", "session-2"]
    assert (await world.ledger.get(copy_id)).outcome is Outcome.UNKNOWN
    entry = (await world.timeline.entries(portal.portal_id))[-1]
    assert entry.kind is EventKind.SAFE_PREVIEW_LEFT
    assert "A link was probably made, but its address never arrived here." in entry.text
    world.clock.now += LINK_LIFETIME
    assert await world.left_safe_previews.sweep(CONNECTION) == Swept()
    assert (await world.ledger.get(copy_id)).outcome is Outcome.FAILED


async def test_another_link_of_that_time_is_never_revoked(world):
    """A colleague made a link for the same customer at the same time."""
    portal = await world.create()
    await leave_unanswered(world, portal.portal_id)
    await FakeGateway.create_portal(world.gateway, REQUEST)
    world.clock.now += LATER
    for _ in range(2):
        assert await world.left_safe_previews.sweep(CONNECTION) == Swept()
    assert sessions(world) == ["session-1", "session-2", "session-3"]
    told = (await kinds(world, portal.portal_id)).count(EventKind.SAFE_PREVIEW_LEFT)
    assert told == 1, "it is said once"


@pytest.mark.parametrize("is_repaired", [False, True])
async def test_a_link_made_long_after_the_crash_is_never_revoked(is_repaired, world):
    """The copy was not made, and the only session is a link that a colleague made later.

    `is_repaired`: only the next start marked the copy as unknown, before it knew Seam's time.
    """
    portal = await world.create()
    await leave_unanswered(world, portal.portal_id, has_effect=False)
    if is_repaired:
        forget_seams_time(world, EventKind.UNKNOWN)
    world.clock.now += LATER
    await FakeGateway.create_portal(world.gateway, REQUEST)
    assert await world.left_safe_previews.sweep(CONNECTION) == Swept()
    assert sessions(world) == ["session-1", "session-2"]


async def test_a_copy_that_seam_may_still_make_is_tried_again(world):
    portal = await world.create()
    await leave_unanswered(world, portal.portal_id, has_effect=False)
    assert await world.left_safe_previews.sweep(CONNECTION) == Swept(to_retry=1)
    world.clock.now += LATER
    assert await world.left_safe_previews.sweep(CONNECTION) == Swept()
    (copy,) = await rows(world)
    assert copy.outcome is Outcome.FAILED


async def test_a_failure_is_said_once_and_tried_again(world):
    portal = await world.create()
    await leave_copy(world, portal.portal_id)
    for _ in range(3):
        world.gateway.fail("list_client_sessions", OFFLINE)
        assert await world.left_safe_previews.sweep_all([CONNECTION]) == Swept(to_retry=1)
    assert (await kinds(world, portal.portal_id)).count(EventKind.SAFE_PREVIEW_LEFT) == 1
    entries = await world.timeline.entries(portal.portal_id)
    assert "could not be revoked" in entries[-1].text
    assert "Seam can’t be reached." in entries[-1].text
    assert await world.left_safe_previews.sweep_all([CONNECTION]) == Swept(revoked=1)


async def test_a_workspace_that_refuses_its_gateway_is_tried_again(world):
    portal = await world.create()
    await leave_copy(world, portal.portal_id)

    async def gateway_of(_connection):
        raise OFFLINE

    sweeper = sweeper_with(world, world.seam_clock, gateway_of)
    assert await sweeper.sweep_all([CONNECTION]) == Swept(to_retry=1)
    assert (await kinds(world, portal.portal_id))[-1] is EventKind.SAFE_PREVIEW_LEFT


async def test_after_an_error_of_the_ledger_the_copies_are_tried_again(world):
    portal = await world.create()
    await leave_copy(world, portal.portal_id)
    with failing(world.ledger, SILENT):
        assert await world.left_safe_previews.sweep_all([CONNECTION]) == Swept(to_retry=1)
    assert await world.left_safe_previews.sweep_all([CONNECTION]) == Swept(revoked=1)


async def test_a_wrong_clock_keeps_no_copy_alive(world):
    portal = await world.create()
    await leave_copy(world, portal.portal_id)
    wrong = SeamClock(lambda: world.clock() + timedelta(days=10), lambda: world.clock().timestamp())
    sweeper = sweeper_with(world, wrong)
    get_workspace = world.gateway.get_workspace

    async def answer():
        at = world.clock().timestamp() + 1
        wrong.observe(world.clock(), at, at)
        return await get_workspace()

    world.gateway.get_workspace = answer
    world.gateway.fail("get_workspace", OFFLINE)
    first = await sweeper.sweep(CONNECTION)
    assert "Seam can’t be reached." in (await world.timeline.entries(portal.portal_id))[-1].text
    second = await sweeper.sweep(CONNECTION)
    assert (first, second) == (Swept(to_retry=1), Swept(revoked=1))
    assert sessions(world) == ["session-1"]


async def test_a_copy_that_has_expired_by_seams_time_needs_no_call(world):
    portal = await world.create()
    await leave_copy(world, portal.portal_id)
    world.clock.now += LINK_LIFETIME + LATER
    calls = len(world.gateway.calls)
    assert await world.left_safe_previews.sweep_all([CONNECTION]) == Swept()
    assert len(world.gateway.calls) == calls


def sweeper_with(world, clock, gateway_of=None) -> LeftSafePreviews:
    async def only_gateway(_connection):
        return world.gateway

    return LeftSafePreviews(
        world.ledger,
        gateway_of or only_gateway,
        world.outcomes,
        world.revocation,
        clock,
        is_open=world.safe_previews.is_open,
    )


def workspace(number: int):
    return replace(
        CONNECTION,
        connection_id=f"connection-{number}",
        workspace=replace(FAKE_WORKSPACE, workspace_id=f"workspace-{number}"),
    )


async def leave_in_workspaces(world, count: int) -> list[str]:
    """A left copy in each of `count` workspaces. Returns the portal_ids of the portals."""
    portal_ids = []
    for number in range(count):
        portal = await world.create()
        copy_id = await leave_copy(world, portal.portal_id)
        world.update_row(copy_id, workspace_id=f"workspace-{number}")
        portal_ids.append(portal.portal_id)
    return portal_ids


async def test_all_workspaces_are_swept_a_few_at_a_time(world):
    await leave_in_workspaces(world, 5)
    asked: list[str] = []

    async def gateway_of(connection):
        asked.append(connection.connection_id)
        return world.gateway

    sweeper = sweeper_with(world, world.seam_clock, gateway_of)
    with world.gateway.hold("list_client_sessions"):
        calls = world.gateway.calls.count("list_client_sessions")
        sweeping = asyncio.create_task(sweeper.sweep_all([workspace(n) for n in range(7)]))
        await until(
            lambda: world.gateway.calls.count("list_client_sessions") == calls + 3,
            "three are asked",
        )
        for _ in range(20):
            await asyncio.sleep(0)
        assert world.gateway.calls.count("list_client_sessions") == calls + 3
    assert await sweeping == Swept(revoked=5)
    assert set(asked) == {f"connection-{n}" for n in range(5)}, "nothing is left in the others"


async def test_a_locked_keyring_is_asked_once(world):
    portal_ids = await leave_in_workspaces(world, 3)
    asked: list[str] = []

    async def gateway_of(connection):
        asked.append(connection.connection_id)
        if connection.connection_id != "connection-0":
            raise LOCKED
        return world.gateway

    sweeper = sweeper_with(world, world.seam_clock, gateway_of)
    swept = await sweeper.sweep_all([workspace(n) for n in range(3)])
    assert swept == Swept(revoked=1), "a later try would be another prompt"
    assert asked.count("connection-1") == 1
    assert "connection-2" not in asked
    for portal_id in portal_ids[1:]:
        assert "The keyring is locked" in (await world.timeline.entries(portal_id))[-1].text


async def test_a_deleted_portal_keeps_no_copy_alive(world):
    portal = await world.create()
    copy_id = await leave_copy(world, portal.portal_id)
    world.update_row(portal.portal_id, deleted_at=to_micros(world.clock()))
    assert await world.left_safe_previews.sweep(CONNECTION) == Swept(revoked=1)
    assert not (await world.ledger.get(copy_id)).is_live(world.clock())
