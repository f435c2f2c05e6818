"""Which session belongs to a link, and that no other is revoked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.ledger.rows import to_micros
from seam_portal_desktop.domain.errors import ForbiddenError, LedgerError, NetworkError
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.record import LINK_LIFETIME, PortalRecord, PortalStatus
from seam_portal_desktop.domain.ports import ClientSession
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portal.revocation import (
    FoundBy,
    NotConfirmedError,
    RevocationTarget,
    SessionNotIdentifiedError,
    StillAliveError,
)
from tests.support.counted_sessions import CountedSession, counted
from tests.support.lifecycle import CONNECTION, LATER
from tests.support.sqlite_ledger import failing

pytestmark = pytest.mark.anyio


async def create_an_hour_ago(world, customer_key: str = "harbor-hotel") -> PortalRecord:
    """A link made an hour ago."""
    portal = await world.create(customer_key)
    world.clock.now += LATER
    return portal


async def shorten(world, portal: PortalRecord) -> None:
    """Replace the link by a short one without a token."""
    await world.set_link(portal.portal_id, "https://se.am/1234")


async def damage_link(world, portal: PortalRecord) -> None:
    await world.set_link(portal.portal_id, None)


async def status(world, portal: PortalRecord) -> PortalStatus:
    return (await world.ledger.get(portal.portal_id)).status(world.clock())


async def last_event(world, portal: PortalRecord) -> EventKind:
    return (await world.ledger.events_of(portal.portal_id))[-1].kind


async def find(world, portal: PortalRecord):
    return await world.revocation.find(CONNECTION, portal.portal_id)


async def test_a_session_found_by_its_token_is_revoked_and_confirmed(world):
    other = await create_an_hour_ago(world)
    portal = await create_an_hour_ago(world)
    target = await find(world, portal)
    assert isinstance(target, RevocationTarget)
    assert target.found_by is FoundBy.TOKEN

    revoked = await world.revocation.revoke(CONNECTION, target)

    assert revoked.status(world.clock()) is PortalStatus.REVOKED
    assert revoked.client_session_id == "session-2"
    assert world.gateway.revoked == ["session-2"]
    assert [session.client_session_id for session in world.gateway.sessions] == ["session-1"]
    assert await last_event(world, portal) is EventKind.REVOKED
    assert await status(world, other) is PortalStatus.ACTIVE


@pytest.mark.parametrize("remove_token", [shorten, damage_link])
async def test_without_a_token_a_session_is_found_by_customer_and_exact_expiry(world, remove_token):
    portal = await create_an_hour_ago(world)
    await create_an_hour_ago(world)
    await create_an_hour_ago(world, "casa-verde")
    await remove_token(world, portal)
    target = await find(world, portal)
    assert (target.session.client_session_id, target.found_by) == (
        "session-1",
        FoundBy.CUSTOMER_AND_EXPIRY,
    )


async def test_a_reconciled_session_is_found_by_its_id(world):
    portal = await create_an_hour_ago(world)
    await world.revocation.reconcile(CONNECTION)
    await damage_link(world, portal)
    world.gateway.sessions = [
        replace(session, customer_key=None, token=Secret("other"))
        for session in world.gateway.sessions
    ]
    assert (await find(world, portal)).found_by is FoundBy.SESSION_ID


def safe_preview(session: ClientSession) -> ClientSession:
    token = Secret("seam_cst_not_a_real_copy")
    return replace(session, client_session_id="session-copy", token=token)


async def test_two_matching_sessions_are_never_revoked(world):
    portal = await create_an_hour_ago(world)
    world.gateway.sessions.append(safe_preview(world.gateway.sessions[0]))
    await shorten(world, portal)
    with pytest.raises(SessionNotIdentifiedError, match="2 sessions") as caught:
        await find(world, portal)
    assert "Seam Console" in caught.value.message
    assert world.gateway.revoked == []
    assert await status(world, portal) is PortalStatus.ACTIVE


async def test_one_session_that_two_rows_could_mean_is_never_revoked(world):
    """Two links expire together, one was revoked elsewhere: the other session stays."""
    portal = await create_an_hour_ago(world)
    same_end = world.gateway.sessions[0].expires_at
    other = await create_an_hour_ago(world)
    world.update_row(other.portal_id, expires_at=to_micros(same_end))
    for row in (portal, other):
        await shorten(world, row)
    world.gateway.sessions = world.gateway.sessions[:1]
    for row in (portal, other):
        with pytest.raises(SessionNotIdentifiedError, match="another"):
            await find(world, row)
    assert world.gateway.revoked == []


async def test_a_similar_session_does_not_replace_an_unlisted_token(world):
    portal = await create_an_hour_ago(world)
    world.gateway.sessions = [safe_preview(world.gateway.sessions[0])]
    with pytest.raises(SessionNotIdentifiedError):
        await find(world, portal)
    assert (await world.revocation.reconcile(CONNECTION)).revoked == ()
    assert await status(world, portal) is PortalStatus.ACTIVE


@pytest.mark.parametrize("change", ["expires_at", "customer_key"])
async def test_a_nearly_equal_session_does_not_match(world, change):
    portal = await create_an_hour_ago(world)
    await shorten(world, portal)
    (session,) = world.gateway.sessions
    near = {
        "expires_at": session.expires_at + timedelta(milliseconds=1),
        "customer_key": "Harbor-hotel",
    }
    world.gateway.sessions = [replace(session, **{change: near[change]})]
    with pytest.raises(SessionNotIdentifiedError, match="no session"):
        await find(world, portal)


async def test_a_link_revoked_elsewhere_is_marked_so(world):
    portal = await create_an_hour_ago(world)
    world.gateway.sessions.clear()
    found = await find(world, portal)
    assert isinstance(found, PortalRecord)
    assert found.status(world.clock()) is PortalStatus.REVOKED
    assert await last_event(world, portal) is EventKind.REVOKED_ELSEWHERE


async def test_revoked_by_someone_else_between_the_question_and_the_answer(world):
    portal = await create_an_hour_ago(world)
    target = await find(world, portal)
    world.gateway.sessions.clear()
    revoked = await world.revocation.revoke(CONNECTION, target)
    assert revoked.status(world.clock()) is PortalStatus.REVOKED
    assert await last_event(world, portal) is EventKind.REVOKED_ELSEWHERE


async def test_an_expired_link_is_not_marked_as_revoked(world):
    portal = await create_an_hour_ago(world)
    world.gateway.sessions.clear()
    world.clock.now += LINK_LIFETIME
    assert await find(world, portal) == await world.ledger.get(portal.portal_id)
    assert await status(world, portal) is PortalStatus.EXPIRED


async def test_a_session_that_is_still_listed_raises_an_error(world):
    portal = await create_an_hour_ago(world)
    target = await find(world, portal)
    kept = list(world.gateway.sessions)
    revoke = world.gateway.revoke_client_session

    async def revoke_in_vain(session_id: str) -> None:
        await revoke(session_id)
        world.gateway.sessions = kept

    world.gateway.revoke_client_session = revoke_in_vain
    with pytest.raises(StillAliveError):
        await world.revocation.revoke(CONNECTION, target)
    assert await status(world, portal) is PortalStatus.ACTIVE


async def test_an_unconfirmed_revocation_is_not_marked_and_can_be_repeated(world):
    portal = await create_an_hour_ago(world)
    target = await find(world, portal)
    unreachable = NetworkError("Seam can't be reached.", "Check.", seam_request_id="request-3")
    world.gateway.fail("list_client_sessions", unreachable)
    with pytest.raises(NotConfirmedError) as caught:
        await world.revocation.revoke(CONNECTION, target)
    assert caught.value.seam_request_id == "request-3"
    assert await status(world, portal) is PortalStatus.ACTIVE
    again = await world.revocation.revoke(CONNECTION, target)
    assert again.status(world.clock()) is PortalStatus.REVOKED


async def test_reconciling_marks_missing_links_and_stores_session_ids(world):
    alive, gone, short, unreadable = [await create_an_hour_ago(world, key) for key in "abcd"]
    await shorten(world, short)
    await damage_link(world, unreadable)
    world.gateway.sessions = world.gateway.sessions[:1]

    result = await world.revocation.reconcile(CONNECTION)

    assert [portal.portal_id for portal in result.revoked] == [gone.portal_id]
    assert (result.checked, result.unidentified) == (2, 2)
    assert await last_event(world, gone) is EventKind.REVOKED_ELSEWHERE
    assert (await world.ledger.get(alive.portal_id)).client_session_id == "session-1"
    for portal in (alive, short, unreadable):
        assert await status(world, portal) is PortalStatus.ACTIVE


async def test_not_every_link_is_compared_with_every_session(world):
    """The comparison is on the window's thread."""
    for _ in range(40):
        await create_an_hour_ago(world)
    alive = world.gateway.sessions[:20]
    app_users = [
        replace(
            alive[0],
            client_session_id=f"app-{number}",
            token=Secret(f"seam_cst_not_a_real_app_{number}"),
            customer_key=None,
            created_at=alive[0].created_at - timedelta(hours=number + 1),
            expires_at=alive[0].expires_at + timedelta(hours=100 + number),
        )
        for number in range(1000)
    ]
    world.gateway.sessions = counted([*app_users, *alive])
    result = await world.revocation.reconcile(CONNECTION)
    assert (result.checked, len(result.revoked)) == (40, 20)
    assert CountedSession.reads < 20 * (1000 + 40)


async def test_a_reconciled_link_is_marked_even_when_its_url_cannot_be_read(world):
    portal = await create_an_hour_ago(world)
    await world.revocation.reconcile(CONNECTION)
    await damage_link(world, portal)
    world.gateway.sessions.clear()
    assert len((await world.revocation.reconcile(CONNECTION)).revoked) == 1


@pytest.mark.parametrize("age", [timedelta(minutes=1), LINK_LIFETIME - timedelta(minutes=1)])
async def test_very_new_and_nearly_expired_links_are_not_marked(world, age):
    portal = await world.create()
    world.clock.now += age
    world.gateway.sessions.clear()
    assert (await world.revocation.reconcile(CONNECTION)).revoked == ()
    with pytest.raises(SessionNotIdentifiedError):
        await find(world, portal)


async def test_a_refused_list_marks_nothing(world):
    portal = await create_an_hour_ago(world)
    world.gateway.fail("list_client_sessions", ForbiddenError("No.", "No."))
    with pytest.raises(ForbiddenError):
        await world.revocation.reconcile(CONNECTION)
    assert await status(world, portal) is PortalStatus.ACTIVE


async def test_without_live_links_seam_is_not_called(world):
    await world.revocation.reconcile(CONNECTION)
    assert world.gateway.calls == []


async def test_other_workspaces_rows_are_left_alone(world):
    portal = await create_an_hour_ago(world)
    world.update_row(portal.portal_id, workspace_id="elsewhere")
    world.gateway.sessions.clear()
    assert (await world.revocation.reconcile(CONNECTION)).revoked == ()


async def test_a_ledger_error_is_raised(world):
    portal = await create_an_hour_ago(world)
    full = LedgerError("Disk full.", "Free some space.")
    with failing(world.ledger, full), pytest.raises(LedgerError):
        await find(world, portal)
