"""An unknown outcome is checked with Seam's client sessions: only what can be told is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from seam_portal_desktop.domain.clock import SeamClock
from seam_portal_desktop.domain.errors import ForbiddenError, NetworkError
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import LINK_LIFETIME, Outcome, PortalRecord
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portal.answer_check import OtherPortalAnsweredError
from seam_portal_desktop.services.portal.creation import CreationService
from seam_portal_desktop.services.portal.outcomes import OutcomeService
from tests.support.counted_sessions import CountedSession, counted
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE, FakeGateway
from tests.support.services import CONNECTION, REQUEST, only_row
from tests.support.sqlite_ledger import sqlite_ledger, update_row
from tests.support.until import until

pytestmark = pytest.mark.anyio

CANNOT_TELL = "It can’t be told whether a link was made."
PROBABLY = "A link was probably made, but its address never arrived here."
NO_LINK = "Seam has no link of this request."
NOT_YET = "Seam has no link of this request yet."
LATER = timedelta(minutes=10)


@pytest.fixture
def outcomes(ledger, gateway_of, seam_clock):
    return OutcomeService(ledger, gateway_of, seam_clock)


async def lose_answer(gateway, creation, ledger, *, has_effect=False) -> str:
    """Ask for a link whose answer is lost. Returns the new record's portal_id."""
    before = await portal_ids(ledger)
    if has_effect:
        await make_session(gateway)
    gateway.fail("create_portal", NetworkError("No answer.", "…", outcome_unknown=True))
    with pytest.raises(NetworkError):
        await creation.create(CONNECTION, REQUEST)
    (new,) = await portal_ids(ledger) - before
    return new


async def portal_ids(ledger) -> set[str]:
    query = PortalQuery(FAKE_WORKSPACE.workspace_id)
    return {row.portal_id for row in (await ledger.find(query, now=FAKE_NOW)).rows}


@pytest.fixture
def lose(gateway, creation, ledger):
    """`lose_answer` with the fixtures."""
    return partial(lose_answer, gateway, creation, ledger)


@pytest.fixture
async def unknown(lose):
    """The portal_id of a record without an answer of Seam."""
    return await lose()


async def make_session(gateway, *, at=timedelta(), customer_key="harbor-hotel", **changes):
    """Make a session whose link this program doesn't have."""
    await FakeGateway.create_portal(gateway, REQUEST)
    session = gateway.sessions[-1]
    made = replace(session, created_at=FAKE_NOW + at, customer_key=customer_key)
    gateway.sessions[-1] = replace(made, **changes)
    return gateway.sessions[-1]


@pytest.fixture
def check(outcomes, clock):
    """`check_later` with the fixtures."""
    return partial(check_later, outcomes, clock)


def remove_link_of(gateway, number: int) -> None:
    """End a link without the ledger's knowledge."""
    gateway.sessions = [
        each for each in gateway.sessions if each.client_session_id != f"session-{number}"
    ]


async def check_later(outcomes, clock, portal_id, *, after=LATER):
    clock.now += after
    return await outcomes.check(CONNECTION, portal_id)


@pytest.mark.parametrize("at", [timedelta(), timedelta(seconds=50), timedelta(seconds=100)])
async def test_the_only_session_from_that_time_means_that_a_link_was_probably_made(
    at, unknown, portals, gateway, check
):
    await make_session(gateway, at=at)
    found = await check(unknown)
    assert found.portal == await only_row(portals)
    assert found.portal.outcome is Outcome.UNKNOWN
    assert found.portal.failure.title == PROBABLY


@pytest.mark.parametrize(
    "session",
    [
        None,
        {"customer_key": "casa-verde"},
        {"at": timedelta(hours=-1)},
        {"at": timedelta(hours=1)},
        {"at": timedelta(hours=-1), "customer_key": None},
    ],
    ids=["none", "another customer's", "an older one", "a newer one", "an older one of nobody"],
)
async def test_no_session_from_that_time_means_that_there_is_no_link(
    session, unknown, portals, gateway, check
):
    if session is not None:
        await make_session(gateway, **session)
    found = await check(unknown)
    assert found.portal == await only_row(portals)
    assert found.portal.outcome is Outcome.FAILED
    assert found.portal.failure.title == NO_LINK


async def test_a_session_without_a_customer_may_be_the_links(unknown, gateway, check):
    await make_session(gateway, customer_key=None)
    found = await check(unknown)
    assert found.portal.outcome is Outcome.UNKNOWN
    assert found.portal.failure.title == CANNOT_TELL
    assert "name no customer" in found.portal.failure.message


async def test_two_sessions_from_that_time_can_not_be_told_apart(unknown, gateway, check):
    await make_session(gateway)
    await make_session(gateway, at=timedelta(seconds=10))
    found = await check(unknown)
    assert found.portal.failure.title == CANNOT_TELL


async def test_seam_may_still_make_the_link(unknown, gateway, check, ledger):
    found = await check(unknown, after=timedelta(seconds=5))
    assert (found.portal.outcome, found.is_too_early) == (Outcome.UNKNOWN, True)
    assert found.portal.failure.title == NOT_YET
    await check(unknown, after=timedelta())
    kinds = [event.kind for event in await ledger.events_of(unknown)]
    assert kinds == [EventKind.REQUESTED, EventKind.UNKNOWN, EventKind.UNKNOWN]
    found = await check(unknown)
    assert found.portal.failure.title == NO_LINK


async def test_seams_list_may_get_the_link_late(unknown, gateway, check):
    found = await check(unknown, after=timedelta(minutes=4))
    assert (found.portal.failure.title, found.is_too_early) == (NOT_YET, True)
    await make_session(gateway, at=timedelta(minutes=1))
    found = await check(unknown)
    assert found.portal.failure.title == PROBABLY


async def test_after_a_crash_the_first_check_can_not_exclude_a_link(ledger, gateway, check):
    """The computer slept before the request was sent: Seam got it just before the crash."""
    record = PortalRecord(
        portal_id="crashed",
        workspace_id=FAKE_WORKSPACE.workspace_id,
        workspace_kind=FAKE_WORKSPACE.kind,
        customer_key="harbor-hotel",
        outcome=Outcome.REQUESTED,
        requested_at=FAKE_NOW,
    )
    await ledger.record_intent(record, REQUEST)
    await ledger.close()
    await ledger.open()
    found = await check("crashed", after=timedelta(days=1))
    assert (found.portal.failure.title, found.is_too_early) == (NOT_YET, True)
    found = await check("crashed", after=timedelta(minutes=6))
    assert found.is_too_early
    found = await check("crashed")
    assert (found.portal.outcome, found.portal.failure.title) == (Outcome.FAILED, NO_LINK)


@pytest.mark.parametrize("has_session", [False, True])
async def test_a_check_keeps_what_seam_answered_about_another_customer(
    has_session, gateway, creation, portals, check
):
    gateway.answers_for = {"customer_key": "casa-verde"}
    with pytest.raises(OtherPortalAnsweredError):
        await creation.create(CONNECTION, REQUEST)
    if has_session:
        await make_session(gateway)
    before = await only_row(portals)
    found = await check(before.portal_id)
    assert found.portal == before == await only_row(portals)
    assert found.portal.failure.title == "Seam's answer is for another customer."
    found = await check(before.portal_id, after=LINK_LIFETIME)
    assert found.portal.outcome is Outcome.FAILED, "by now that link has ended too"


async def test_the_session_of_a_second_try_does_not_count(unknown, creation, check):
    await creation.create(CONNECTION, REQUEST)
    found = await check(unknown)
    assert found.portal.failure.title == NO_LINK


async def test_the_session_of_the_first_try_is_found_next_to_that_of_a_second(
    unknown, gateway, clock, creation, check
):
    await make_session(gateway)
    clock.now = FAKE_NOW + timedelta(seconds=20)
    await creation.create(CONNECTION, REQUEST)
    found = await check(unknown)
    assert found.portal.failure.title == PROBABLY


@pytest.mark.parametrize("end", [remove_link_of, lambda *_: None], ids=["ended", "alive"])
async def test_a_sister_link_that_ended_unknown_to_the_ledger_takes_no_session(
    end, gateway, creation, lose, check
):
    await creation.create(CONNECTION, REQUEST)
    unknown = await lose(has_effect=True)
    end(gateway, 1)
    found = await check(unknown)
    assert (found.portal.outcome, found.portal.failure.title) == (Outcome.UNKNOWN, PROBABLY)


@pytest.mark.parametrize("has_ended", [True, False])
async def test_with_hidden_tokens_a_sister_link_makes_it_impossible_to_tell(
    has_ended, gateway, creation, lose, check
):
    await creation.create(CONNECTION, REQUEST)
    unknown = await lose(has_effect=True)
    gateway.sessions = [replace(each, token=Secret("seam_cst_****")) for each in gateway.sessions]
    if has_ended:
        remove_link_of(gateway, 1)
    found = await check(unknown)
    assert (found.portal.outcome, found.portal.failure.title) == (Outcome.UNKNOWN, CANNOT_TELL)


async def test_a_sister_link_without_a_token_is_known_by_its_exact_end(
    creation, lose, check, clock, tmp_path
):
    clock.now += timedelta(microseconds=123)
    sister = await creation.create(CONNECTION, REQUEST)
    update_row(tmp_path, sister.portal_id, url_sealed=b"unreadable")
    clock.now += timedelta(seconds=1)
    unknown = await lose()
    found = await check(unknown)
    assert found.portal.failure.title == NO_LINK


async def test_a_link_in_the_making_may_have_the_session(gateway, creation, check, unknown):
    """Seam has made the session of the second request, and its answer is on the way."""
    arrived = asyncio.Event()
    create = FakeGateway.create_portal

    async def create_slowly(request):
        answer = await create(gateway, request)
        await arrived.wait()
        return answer

    gateway.create_portal = create_slowly
    creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
    await until(lambda: gateway.sessions)
    found = await check(unknown, after=timedelta(minutes=1))
    assert found.portal.failure.title == CANNOT_TELL
    assert "another link here" in found.portal.failure.message
    arrived.set()
    made = await creating
    found = await check(unknown)
    assert found.portal.failure.title == NO_LINK
    assert made.outcome is Outcome.CREATED


async def test_a_link_made_after_seams_list_takes_no_session_from_it(
    gateway, creation, lose, check
):
    unknown = await lose(has_effect=True)
    list_sessions = FakeGateway.list_client_sessions

    async def list_and_create(client_session_id=None, *, keep=None):
        listed = await list_sessions(gateway, client_session_id, keep=keep)
        await creation.create(CONNECTION, REQUEST)
        return listed

    gateway.list_client_sessions = list_and_create
    found = await check(unknown, after=timedelta(minutes=1))
    assert found.portal.failure.title == PROBABLY


async def test_not_every_link_is_compared_with_every_session(gateway, creation, clock, lose, check):
    """The comparison is on the window's thread."""
    for _ in range(40):
        await creation.create(CONNECTION, REQUEST)
        clock.now += timedelta(hours=1)
    unknown = await lose()
    session = await make_session(gateway, at=clock() - FAKE_NOW, customer_key=None)
    gateway.sessions = counted(
        [replace(session, client_session_id=f"app-{number}") for number in range(1000)]
    )
    found = await check(unknown)
    assert found.portal.failure.title == CANNOT_TELL
    assert CountedSession.reads < 20 * 1000


async def test_an_answer_that_arrived_meanwhile_stays(gateway, creation, check, ledger):
    made = await creation.create(CONNECTION, REQUEST)
    found = await check(made.portal_id)
    assert found.portal == made


async def test_after_its_lifetime_no_link_is_left(unknown, gateway, check):
    await make_session(gateway, expires_at=FAKE_NOW + 10 * LINK_LIFETIME)
    found = await check(unknown, after=LINK_LIFETIME + LATER)
    assert found.portal.outcome is Outcome.FAILED
    assert found.portal.failure.title == "If a link was made, it has ended by now."


@pytest.mark.parametrize("off_by", [timedelta(minutes=m) for m in (-10, -6, 6, 10, 14400)])
async def test_a_wrong_clock_hides_no_link(off_by, tmp_path, gateway, gateway_of, clock):
    """Seam's time is known only after the request: what the ledger has is of the wrong clock."""

    def wrong():
        return clock() + off_by

    seam_clock = SeamClock(wrong, lambda: clock().timestamp())
    ledger = sqlite_ledger(tmp_path, seam_clock)
    await ledger.open()
    creation = CreationService(ledger, gateway_of, seam_clock)
    outcomes = OutcomeService(ledger, gateway_of, seam_clock)
    unknown = await lose_answer(gateway, creation, ledger, has_effect=True)

    for _ in range(2):
        found = await check_later(outcomes, clock, unknown)
        assert found.portal.outcome is Outcome.UNKNOWN
        assert found.portal.failure.title == CANNOT_TELL
        at = clock().timestamp() + 1
        seam_clock.observe(clock(), at, at)

    another = await lose_answer(gateway, creation, ledger)
    gateway.sessions.clear()
    await make_session(gateway, at=clock() - FAKE_NOW + timedelta(seconds=1))
    found = await check_later(outcomes, clock, another)
    assert found.portal.failure.title == CANNOT_TELL, "the first record may have it as well"
    gateway.sessions.clear()
    for portal_id in (another, unknown):
        await check_later(outcomes, clock, portal_id)
        found = await check_later(outcomes, clock, portal_id)
        assert found.portal.failure.title == NO_LINK
    await ledger.close()


@pytest.mark.parametrize("slow", [timedelta(hours=2), timedelta(days=10)])
async def test_a_slow_clock_hides_no_link_that_seam_still_makes(
    slow, tmp_path, gateway, gateway_of, clock
):
    seam_clock = SeamClock(lambda: clock() - slow, lambda: clock().timestamp())
    ledger = sqlite_ledger(tmp_path, seam_clock)
    await ledger.open()
    creation = CreationService(ledger, gateway_of, seam_clock)
    outcomes = OutcomeService(ledger, gateway_of, seam_clock)
    unknown = await lose_answer(gateway, creation, ledger)
    at = clock().timestamp() + 1
    seam_clock.observe(clock(), at, at)
    for _ in range(2):
        found = await check_later(outcomes, clock, unknown, after=timedelta(minutes=1))
        assert (found.portal.failure.title, found.is_too_early) == (NOT_YET, True)
    kinds = [event.kind for event in await ledger.events_of(unknown)]
    assert kinds.count(EventKind.UNKNOWN) == 2, "the loss, and the first check"
    found = await check_later(outcomes, clock, unknown)
    assert (found.portal.outcome, found.portal.failure.title) == (Outcome.FAILED, NO_LINK)
    await ledger.close()


async def test_without_seams_time_nothing_is_told(tmp_path, gateway, gateway_of, clock):
    ledger = sqlite_ledger(tmp_path, clock)
    await ledger.open()
    creation = CreationService(ledger, gateway_of, clock)
    unknown = await lose_answer(gateway, creation, ledger)
    found = await check_later(
        OutcomeService(ledger, gateway_of, clock), clock, unknown, after=timedelta(days=1)
    )
    assert (found.portal.outcome, found.portal.failure.title) == (Outcome.UNKNOWN, CANNOT_TELL)
    await ledger.close()


async def test_a_failed_check_does_not_change_the_row(unknown, portals, gateway, outcomes):
    before = await only_row(portals)
    gateway.fail("list_client_sessions", ForbiddenError("Not allowed.", "Ask."))
    with pytest.raises(ForbiddenError):
        await outcomes.check(CONNECTION, unknown)
    assert await only_row(portals) == before
