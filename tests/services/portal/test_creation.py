"""Links are created, and nothing that Seam made is lost."""

from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    LedgerError,
    LinkKeptError,
    LinkUnreadableError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    SecretStoreLockedError,
    ServiceError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordFilters
from seam_portal_desktop.domain.portal.record import Outcome, PortalStatus
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.services.portal import creation as creation_module
from seam_portal_desktop.services.portal.answer_check import OtherPortalAnsweredError
from seam_portal_desktop.services.portal.creation import (
    CANCELLED,
    CreationService,
    LinkNotSavedError,
)
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE
from tests.support.services import (
    CONNECTION,
    FULL_LEDGER,
    REQUEST,
    only_row,
    portal_service,
    rows,
)
from tests.support.sqlite_ledger import failing, held
from tests.support.until import until

pytestmark = pytest.mark.anyio


async def test_a_created_portal_is_in_the_ledger_with_its_link_and_its_request(
    portals, ledger, gateway, creation
):
    portal = await creation.create(CONNECTION, REQUEST)
    assert portal == await only_row(portals)
    assert portal.outcome is Outcome.CREATED
    assert portal.customer_key == "harbor-hotel"
    assert portal.workspace_id == CONNECTION.workspace.workspace_id
    assert portal.workspace_kind is CONNECTION.workspace.kind
    assert portal.requested_at == FAKE_NOW
    assert portal.seam_request_id == "request-1"
    assert (await portals.url_of(portal.portal_id)).reveal().startswith("https://portal.example/")
    assert await ledger.request_of(portal.portal_id) == REQUEST
    assert gateway.created == [REQUEST]


async def test_a_record_and_its_renewal_know_their_creator_and_their_preset(
    ledger, gateway_of, seam_clock
):
    for user, preset in (("ada", "Hotels"), ("ben", "")):
        creation = CreationService(ledger, gateway_of, seam_clock, os_user=user)
        created = await creation.create(CONNECTION, REQUEST, preset=preset)
        assert (created.created_by, created.preset) == (user, preset)
    hotels = RecordFilters(presets=frozenset({"hotels"}))
    query = PortalQuery(FAKE_WORKSPACE.workspace_id, filters=hotels)
    (old,) = (await ledger.find(query, now=FAKE_NOW)).rows
    new = await creation.renew(CONNECTION, old.portal_id)
    assert (new.created_by, new.preset) == ("ben", "Hotels")


async def test_the_record_is_in_the_ledger_before_the_call(portals, gateway, creation):
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
        assert (await only_row(portals)).outcome is Outcome.REQUESTED
    await creating


OTHER_WORKSPACE = "99999999-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ({"customer_key": "casa-verde"}, "Seam's answer is for another customer."),
        ({"customer_key": "Harbor-Hotel"}, "Seam's answer is for another customer."),
        ({"workspace_id": OTHER_WORKSPACE}, "Seam's answer is for another workspace."),
    ],
    ids=["customer", "upper case", "workspace"],
)
async def test_a_link_of_another_customer_is_not_kept_as_this_ones(
    portals, gateway, creation, answer, title
):
    gateway.answers_for = answer
    with pytest.raises(OtherPortalAnsweredError) as caught:
        await creation.create(CONNECTION, REQUEST)
    error = caught.value
    assert error.title == title
    assert next(iter(answer.values())) in error.message
    assert error.outcome_unknown
    assert not error.can_retry
    assert "seam_cst" not in error.details()
    row = await only_row(portals)
    assert row.outcome is Outcome.UNKNOWN
    assert row.failure is not None
    assert (row.failure.title, row.failure.message) == (error.title, error.message)
    assert row.failure.seam_request_id == "request-1"
    assert not row.has_url
    assert row.url_host is None
    assert creation.unsaved_count == 0
    with pytest.raises(LinkUnreadableError):
        await portals.url_of(row.portal_id)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("harbor-hotel", {"customer_key": None, "workspace_id": None}),
        ("harbor-hotel", {"customer_key": " harbor-hotel "}),
        ("Zoe\u0308", {"customer_key": "Zo\u00eb"}),
        ("harbor-hotel", {"workspace_id": FAKE_WORKSPACE.workspace_id.upper()}),
    ],
    ids=["not named", "spaces", "Unicode form", "UUID in upper case"],
)
async def test_another_spelling_is_no_other_customer(portals, gateway, creation, asked, answer):
    gateway.answers_for = answer
    made = await creation.create(
        CONNECTION, PortalRequest(customer_data=CustomerData(customer_key=asked))
    )
    assert made.outcome is Outcome.CREATED
    assert made.customer_key == asked
    assert await portals.url_of(made.portal_id)


async def test_a_portal_needs_a_customer_key(gateway, creation):
    with pytest.raises(ValueError, match="customer_key"):
        await creation.create(CONNECTION, PortalRequest())
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
async def test_each_failure_of_seam_is_recorded_and_raised(
    kind, unknown, portals, gateway, creation
):
    error = kind("It failed.", "Do this.", seam_request_id="r-1", outcome_unknown=unknown)
    gateway.fail("create_portal", error)
    with pytest.raises(kind) as raised:
        await creation.create(CONNECTION, REQUEST)
    assert raised.value is error
    row = await only_row(portals)
    assert row.outcome is (Outcome.UNKNOWN if unknown else Outcome.FAILED)
    assert (row.failure.title, row.failure.message) == ("It failed.", "Do this.")
    assert row.seam_request_id == "r-1"
    with pytest.raises(LinkUnreadableError):
        await portals.url_of(row.portal_id)


@pytest.mark.parametrize("way", ["create", "reservation link", "renew"])
async def test_a_bug_during_the_call_leaves_no_requested_row(way, portals, gateway, creation):
    old = await creation.create(CONNECTION, REQUEST) if way == "renew" else None
    for call in ("create_portal", "create_reservation_deep_link"):
        gateway.fail(call, ValueError("a bug"))
    if way == "create":
        making = creation.create(CONNECTION, REQUEST)
    elif old is None:
        making = creation.create_reservation_link(CONNECTION, "harbor-hotel", "r-1")
    else:
        making = creation.renew(CONNECTION, old.portal_id)
    with pytest.raises(ValueError, match="a bug"):
        await making
    (row,) = [row for row in await rows(portals) if old is None or row.portal_id != old.portal_id]
    assert row.outcome is Outcome.UNKNOWN
    assert row.failure.title == "Something went wrong inside the program."


async def test_without_a_credential_there_is_no_record_and_no_call(ledger, gateway, clock):
    async def locked(_connection):
        raise SecretStoreLockedError("The keyring is locked", "Unlock it.")

    creation = CreationService(ledger, locked, clock)
    portals = portal_service(ledger, creation, clock)
    with pytest.raises(SecretStoreLockedError):
        await creation.create(CONNECTION, REQUEST)
    assert await rows(portals) == ()
    assert gateway.calls == []


async def test_without_a_record_seam_is_not_called(ledger, gateway, creation):
    with failing(ledger, FULL_LEDGER), pytest.raises(LedgerError) as raised:
        await creation.create(CONNECTION, REQUEST)
    assert raised.value is FULL_LEDGER
    assert gateway.calls == []


async def test_cancelling_during_the_call_makes_the_outcome_unknown(portals, gateway, creation):
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
        creating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await creating
    row = await only_row(portals)
    assert (row.outcome, row.failure) == (Outcome.UNKNOWN, CANCELLED)


async def test_cancelling_before_the_call_prevents_it(portals, gateway, creation):
    creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
    await asyncio.sleep(0)
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating
    assert gateway.calls == []
    assert (await only_row(portals)).outcome is Outcome.UNKNOWN


async def test_cancelling_while_the_keyring_prompts_leaves_no_record(ledger, gateway, clock):
    prompted = asyncio.Event()

    async def prompt(_connection):
        prompted.set()
        return await asyncio.Future()

    creation = CreationService(ledger, prompt, clock)
    portals = portal_service(ledger, creation, clock)
    creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
    await prompted.wait()
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating
    assert await rows(portals) == ()


async def test_cancelling_after_the_answer_has_no_effect(portals, ledger, creation):
    with held(ledger, "record_created") as entered:
        creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
        await entered.wait()
        creating.cancel()
        await asyncio.sleep(0)
        creating.cancel()
        await asyncio.sleep(0)
        assert not creating.done()
        assert (creation.is_saving, creation.unsaved_count) == (True, 0)
    portal = await creating
    assert not creation.is_saving
    assert portal.outcome is Outcome.CREATED
    assert await only_row(portals) == portal


async def test_a_failing_ledger_does_not_hide_the_error_of_seam(portals, ledger, gateway, creation):
    error = NetworkError("No answer.", "A link may exist.", outcome_unknown=True)
    gateway.fail("create_portal", error)
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
    with failing(ledger, FULL_LEDGER), pytest.raises(NetworkError) as raised:
        await creating
    assert raised.value is error
    assert (await only_row(portals)).outcome is Outcome.REQUESTED, "unknown at the next start"


async def test_a_failing_ledger_does_not_turn_cancelling_into_an_error(ledger, gateway, creation):
    with gateway.hold("create_portal"):
        creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
        await until(lambda: gateway.calls == ["create_portal"])
        creating.cancel()
        with failing(ledger, FULL_LEDGER), pytest.raises(asyncio.CancelledError):
            await creating


async def test_an_unsaved_link_can_be_read_and_saved_later(unsaved, portals, ledger, creation):
    assert creation.unsaved_count == 1
    link = await portals.url_of(unsaved)
    row = await only_row(portals)
    assert row.status(FAKE_NOW) is PortalStatus.ACTIVE
    assert row.has_url

    (saved,) = await creation.save_unsaved()
    assert saved == await ledger.get(unsaved)
    assert saved.outcome is Outcome.CREATED
    assert await ledger.url_of(unsaved) == link
    assert await creation.save_unsaved() == []
    assert creation.unsaved_count == 0


async def test_a_link_that_is_kept_on_this_computer_is_not_lost_with_the_program(
    portals, ledger, creation
):
    kept = LinkKeptError("The ledger’s database doesn’t answer", "Try again.")
    with failing(ledger, kept, "record_created"), pytest.raises(LinkNotSavedError) as raised:
        await creation.create(CONNECTION, REQUEST)
    assert "It is kept on this computer, encrypted, and saved at the next start" in str(
        raised.value
    )
    assert creation.unsaved_count == 0
    row = await only_row(portals)
    assert (await portals.url_of(row.portal_id)).reveal(), "it can be copied meanwhile"
    assert len(await creation.save_unsaved()) == 1


async def test_a_slow_ledger_is_said_before_seam_is_asked(ledger, gateway, creation, monkeypatch):
    monkeypatch.setattr(creation_module, "_SLOW_SECONDS", 0.0)
    told: list[bool] = []
    with held(ledger, "record_intent"):
        work = creation.create(CONNECTION, REQUEST, on_slow_ledger=told.append)
        creating = asyncio.create_task(work)
        await until(lambda: told == [True])
        assert gateway.calls == []
    await creating
    assert told == [True, False]


async def test_saving_again_may_fail_again(unsaved, ledger, creation):
    with failing(ledger, FULL_LEDGER), pytest.raises(LinkNotSavedError):
        await creation.save_unsaved()
    assert len(await creation.save_unsaved()) == 1


async def test_a_link_that_is_being_saved_is_not_saved_twice(unsaved, portals, ledger, creation):
    with held(ledger, "record_created") as entered:
        creating = asyncio.create_task(creation.create(CONNECTION, REQUEST))
        await entered.wait()
        first, second = [asyncio.create_task(creation.save_unsaved()) for _ in range(2)]
        await until(lambda: creation.unsaved_count == 0, "both links are being saved")
    made = await creating
    saved = [*await first, *await second]
    assert [portal.portal_id for portal in saved] == [unsaved]
    assert {row.portal_id for row in await rows(portals)} == {unsaved, made.portal_id}
    assert creation.unsaved_count == 0


async def test_an_unsaved_link_is_saved_after_its_row_was_deleted(
    unsaved, portals, ledger, creation
):
    await ledger.delete([unsaved])
    assert len(await creation.save_unsaved()) == 1
    assert (await only_row(portals)).outcome is Outcome.CREATED
