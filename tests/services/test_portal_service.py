"""Portals are created, checked, marked and deleted, with a gateway in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    LedgerError,
    LinkUnreadableError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    SecretStoreLockedError,
    ServiceError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel, Outcome, PortalStatus, Sent
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.portals import CANCELLED, LinkNotSavedError, PortalService
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE, FakeGateway
from tests.support.portal_rows import SettableClock
from tests.support.services import CONNECTION, REQUEST
from tests.support.sqlite_ledger import failing, held, sqlite_ledger
from tests.support.until import until

pytestmark = pytest.mark.anyio

FULL = LedgerError("The ledger could not be written.", "The disk is full.", technical="ENOSPC")


@pytest.fixture
def clock():
    return SettableClock(FAKE_NOW)


@pytest.fixture
def gateway(clock):
    return FakeGateway(clock=clock)


@pytest.fixture
async def ledger(tmp_path, clock):
    ledger = sqlite_ledger(tmp_path, clock)
    await ledger.open()
    yield ledger
    await ledger.close()


@pytest.fixture
def portals(ledger, gateway, clock):
    async def gateway_of(connection):
        assert connection is CONNECTION
        return gateway

    return PortalService(ledger, gateway_of, clock, "dana")


async def rows(portals):
    return (await portals.find(PortalQuery(FAKE_WORKSPACE.workspace_id))).rows


async def only_row(portals):
    (row,) = await rows(portals)
    return row


async def test_a_created_portal_is_in_the_ledger_with_its_link_and_its_request(portals, gateway):
    portal = await portals.create(CONNECTION, REQUEST)
    assert portal == await only_row(portals)
    assert portal.outcome is Outcome.CREATED
    assert portal.customer_key == "harbor-hotel"
    assert portal.workspace_id == CONNECTION.workspace.workspace_id
    assert portal.workspace_kind is CONNECTION.workspace.kind
    assert portal.requested_at == FAKE_NOW
    assert portal.seam_request_id == "request-1"
    assert (await portals.url_of(portal.portal_id)).reveal().startswith("https://portal.example/")
    assert await portals.request_of(portal.portal_id) == REQUEST
    assert gateway.created == [REQUEST]


async def test_the_intent_is_in_the_ledger_before_seam_is_asked(portals, gateway):
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(portals.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
        assert (await only_row(portals)).outcome is Outcome.REQUESTED
    await creating


async def test_a_portal_needs_a_customer_key(portals, gateway):
    with pytest.raises(ValueError, match="customer_key"):
        await portals.create(CONNECTION, PortalRequest())
    assert gateway.calls == []


@pytest.mark.parametrize(
    "kind",
    [
        InvalidRequestError,
        UnauthorizedError,
        ForbiddenError,
        NotFoundError,
        ConflictError,
        RateLimitedError,
        ServiceError,
        UnexpectedAnswerError,
        NetworkError,
    ],
)
@pytest.mark.parametrize("unknown", [True, False])
async def test_each_failure_of_seam_is_recorded_and_raised(kind, unknown, portals, gateway):
    error = kind("It failed.", "Do this.", seam_request_id="r-1", outcome_unknown=unknown)
    gateway.fail("create_portal", error)
    with pytest.raises(kind) as raised:
        await portals.create(CONNECTION, REQUEST)
    assert raised.value is error
    row = await only_row(portals)
    assert row.outcome is (Outcome.UNKNOWN if unknown else Outcome.FAILED)
    assert (row.failure.title, row.failure.message) == ("It failed.", "Do this.")
    assert row.seam_request_id == "r-1"
    with pytest.raises(LinkUnreadableError):
        await portals.url_of(row.portal_id)


@pytest.mark.parametrize("way", ["create", "reservation link", "renew"])
async def test_a_bug_while_seam_is_asked_leaves_no_row_waiting(way, portals, gateway):
    old = await portals.create(CONNECTION, REQUEST) if way == "renew" else None
    for call in ("create_portal", "create_reservation_deep_link"):
        gateway.fail(call, ValueError("a bug"))
    if way == "create":
        making = portals.create(CONNECTION, REQUEST)
    elif old is None:
        making = portals.create_reservation_link(CONNECTION, "harbor-hotel", "r-1")
    else:
        making = portals.renew(CONNECTION, old.portal_id)
    with pytest.raises(ValueError, match="a bug"):
        await making
    (row,) = [row for row in await rows(portals) if old is None or row.portal_id != old.portal_id]
    assert row.outcome is Outcome.UNKNOWN
    assert row.failure.title == "Something went wrong inside the program."


async def test_without_a_credential_nothing_is_written_and_nothing_asked(ledger, gateway, clock):
    async def locked(_connection):
        raise SecretStoreLockedError("The keyring is locked", "Unlock it.")

    portals = PortalService(ledger, locked, clock, "dana")
    with pytest.raises(SecretStoreLockedError):
        await portals.create(CONNECTION, REQUEST)
    assert await rows(portals) == ()
    assert gateway.calls == []


async def test_without_a_recorded_intent_seam_is_not_called(portals, ledger, gateway):
    with failing(ledger, FULL), pytest.raises(LedgerError) as raised:
        await portals.create(CONNECTION, REQUEST)
    assert raised.value is FULL
    assert gateway.calls == []


async def test_a_creation_cancelled_while_seam_is_asked_may_have_made_a_link(portals, gateway):
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(portals.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
        creating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await creating
    row = await only_row(portals)
    assert (row.outcome, row.failure) == (Outcome.UNKNOWN, CANCELLED)


async def test_a_creation_cancelled_while_the_intent_is_written_never_asks_seam(portals, gateway):
    creating = asyncio.create_task(portals.create(CONNECTION, REQUEST))
    await asyncio.sleep(0)
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating
    assert gateway.calls == []
    assert (await only_row(portals)).outcome is Outcome.UNKNOWN


async def test_a_creation_cancelled_while_the_keyring_is_asked_leaves_nothing(
    ledger, gateway, clock
):
    prompted = asyncio.Event()

    async def prompt(_connection):
        prompted.set()
        return await asyncio.Future()

    portals = PortalService(ledger, prompt, clock, "dana")
    creating = asyncio.create_task(portals.create(CONNECTION, REQUEST))
    await prompted.wait()
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating
    assert await rows(portals) == ()


async def test_cancelling_after_seam_answered_comes_too_late(portals, ledger):
    with held(ledger, "record_created") as entered:
        creating = asyncio.create_task(portals.create(CONNECTION, REQUEST))
        await entered.wait()
        creating.cancel()
        await asyncio.sleep(0)
        creating.cancel()
        await asyncio.sleep(0)
        assert not creating.done()
        assert (portals.is_saving, portals.unsaved_count) == (True, 0)
    portal = await creating
    assert not portals.is_saving
    assert portal.outcome is Outcome.CREATED
    assert await only_row(portals) == portal


async def test_a_failing_ledger_does_not_hide_seams_error(portals, ledger, gateway):
    error = NetworkError("No answer.", "A link may exist.", outcome_unknown=True)
    gateway.fail("create_portal", error)
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(portals.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
    with failing(ledger, FULL), pytest.raises(NetworkError) as raised:
        await creating
    assert raised.value is error
    assert (await only_row(portals)).outcome is Outcome.REQUESTED, "unknown at the next start"


async def test_a_failing_ledger_does_not_turn_cancelling_into_an_error(portals, ledger, gateway):
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(portals.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
        creating.cancel()
        with failing(ledger, FULL), pytest.raises(asyncio.CancelledError):
            await creating


@pytest.fixture
async def unsaved(portals, ledger):
    """The id of a portal that Seam made and the ledger could not record."""
    with failing(ledger, FULL, "record_created"), pytest.raises(LinkNotSavedError) as raised:
        await portals.create(CONNECTION, REQUEST)
    error = raised.value
    assert error.title == "The link was made but could not be saved."
    assert "The disk is full." in error.message
    assert error.can_retry
    assert "portal.example" not in error.details()
    return (await only_row(portals)).portal_id


async def test_an_unsaved_link_can_be_read_and_saved_later(unsaved, portals, ledger):
    assert portals.unsaved_count == 1
    link = await portals.url_of(unsaved)
    row = await only_row(portals)
    assert row.status(FAKE_NOW) is PortalStatus.ACTIVE
    assert row.has_url

    (saved,) = await portals.save_unsaved()
    assert saved == await ledger.get(unsaved)
    assert saved.outcome is Outcome.CREATED
    assert await ledger.url_of(unsaved) == link
    assert await portals.save_unsaved() == []
    assert portals.unsaved_count == 0


async def test_saving_again_may_fail_again(unsaved, portals, ledger):
    with failing(ledger, FULL), pytest.raises(LinkNotSavedError):
        await portals.save_unsaved()
    assert len(await portals.save_unsaved()) == 1


async def test_an_unsaved_link_is_live_in_every_returned_row(unsaved, portals):
    assert (await portals.mark_previewed(unsaved)).is_live(FAKE_NOW)
    assert (await portals.mark_sent(unsaved, None, "")).is_live(FAKE_NOW)
    assert (await portals.undo_sent(unsaved)).is_live(FAKE_NOW)


async def test_an_unsaved_link_is_saved_although_its_row_was_deleted(unsaved, portals):
    await portals.delete([unsaved])
    assert len(await portals.save_unsaved()) == 1
    assert (await only_row(portals)).outcome is Outcome.CREATED


@pytest.fixture
async def unknown(portals, gateway):
    """The id of a portal whose answer never arrived."""
    gateway.fail("create_portal", NetworkError("No answer.", "…", outcome_unknown=True))
    with pytest.raises(NetworkError):
        await portals.create(CONNECTION, REQUEST)
    return (await only_row(portals)).portal_id


async def made_by_seam(gateway, *, at=timedelta(), customer_key="harbor-hotel"):
    """Add a session at Seam whose link this program does not have."""
    await FakeGateway.create_portal(gateway, REQUEST)
    session = gateway.sessions[-1]
    gateway.sessions[-1] = replace(session, created_at=FAKE_NOW + at, customer_key=customer_key)


@pytest.mark.parametrize("skew", [timedelta(), timedelta(minutes=4), timedelta(minutes=-4)])
async def test_a_session_from_that_time_means_that_a_link_exists(skew, unknown, portals, gateway):
    await made_by_seam(gateway, at=skew)
    check = await portals.check_outcome(CONNECTION, unknown)
    assert check.session == gateway.sessions[0]
    assert check.portal == await only_row(portals)
    assert check.portal.outcome is Outcome.UNKNOWN
    assert check.portal.failure.title == "A link exists, but its address never arrived here."


@pytest.mark.parametrize(
    "session",
    [
        None,
        {"customer_key": "casa-verde"},
        {"customer_key": None},
        {"at": timedelta(hours=-1)},
        {"at": timedelta(hours=1)},
    ],
    ids=["none", "another customer's", "nobody's", "an older one", "a newer one"],
)
async def test_no_session_from_that_time_means_that_no_link_was_made(
    session, unknown, portals, gateway
):
    if session is not None:
        await made_by_seam(gateway, **session)
    check = await portals.check_outcome(CONNECTION, unknown)
    assert check.session is None
    assert check.portal == await only_row(portals)
    assert check.portal.outcome is Outcome.FAILED
    assert check.portal.failure.title == "No link was made."


async def test_the_link_of_a_second_try_is_not_taken_for_the_first(unknown, portals):
    await portals.create(CONNECTION, REQUEST)
    check = await portals.check_outcome(CONNECTION, unknown)
    assert check.session is None
    assert check.portal.outcome is Outcome.FAILED


async def test_a_link_of_the_first_try_is_found_beside_that_of_a_second(
    unknown, portals, gateway, clock
):
    await made_by_seam(gateway)
    clock.now = FAKE_NOW + timedelta(seconds=20)
    await portals.create(CONNECTION, REQUEST)
    check = await portals.check_outcome(CONNECTION, unknown)
    assert check.session == gateway.sessions[0]
    assert check.portal.outcome is Outcome.UNKNOWN


async def test_a_check_that_fails_leaves_the_row_as_it_was(unknown, portals, gateway):
    before = await only_row(portals)
    gateway.fail("list_client_sessions", ForbiddenError("Not allowed.", "Ask."))
    with pytest.raises(ForbiddenError):
        await portals.check_outcome(CONNECTION, unknown)
    assert await only_row(portals) == before


async def test_sent_keeps_who_when_how_and_why_and_can_be_undone(portals, clock):
    portal = await portals.create(CONNECTION, REQUEST)
    clock.now += timedelta(hours=2)
    sent = await portals.mark_sent(portal.portal_id, Channel.SMS, "  to the night porter ")
    assert sent.sent == Sent(clock.now, "dana", Channel.SMS, "to the night porter")
    assert await only_row(portals) == sent
    assert (await portals.undo_sent(portal.portal_id)).sent is None
    assert await only_row(portals) == portal


async def test_a_preview_is_recorded_with_its_time(portals, clock):
    portal = await portals.create(CONNECTION, REQUEST)
    clock.now += timedelta(minutes=1)
    assert (await portals.mark_previewed(portal.portal_id)).previewed_at == clock.now


async def test_counts_depend_on_the_clock_and_the_search_text(portals, clock, gateway):
    await portals.create(CONNECTION, REQUEST)
    gateway.fail("create_portal", ConflictError("No.", "…"))
    with pytest.raises(ConflictError):
        await portals.create(CONNECTION, REQUEST)
    workspace_id = CONNECTION.workspace.workspace_id
    assert await portals.counts(workspace_id) == {PortalStatus.ACTIVE: 1, PortalStatus.FAILED: 1}
    clock.now += timedelta(days=8)
    assert await portals.counts(workspace_id) == {PortalStatus.EXPIRED: 1, PortalStatus.FAILED: 1}
    assert await portals.counts(workspace_id, "nobody") == {}
    assert list(await portals.customer_keys(workspace_id)) == ["harbor-hotel"]


async def test_deleted_rows_can_be_restored(portals):
    portal = await portals.create(CONNECTION, REQUEST)
    await portals.delete([portal.portal_id])
    assert await rows(portals) == ()
    await portals.restore([portal.portal_id])
    assert await rows(portals) == (portal,)
