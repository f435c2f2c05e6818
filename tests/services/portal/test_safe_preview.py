"""Safe previews are created, revoked, swept, and never sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.ledger.rows import to_micros
from seam_portal_desktop.domain.errors import (
    ConflictError,
    LedgerError,
    NetworkError,
    NotFoundError,
    RequestUnreadableError,
    ServiceError,
)
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import (
    LINK_LIFETIME,
    Outcome,
    PortalKind,
    PortalStatus,
    SafePreviewNotSendableError,
)
from seam_portal_desktop.domain.preview.kinds import CheckLevel, PreviewMode
from seam_portal_desktop.domain.request import (
    CustomerData,
    Guest,
    Locale,
    NavigationMode,
    PortalRequest,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portal.answer_check import OtherPortalAnsweredError
from seam_portal_desktop.services.portal.export import ExportFormat
from seam_portal_desktop.services.portal.safe_preview import (
    SafePreviewNotSavedError,
    SafePreviewUnavailableError,
)
from tests.support.fake_gateway import FAKE_WORKSPACE
from tests.support.lifecycle import CONNECTION, LATER, request_for
from tests.support.preview_records import stored_report
from tests.support.until import until

pytestmark = pytest.mark.anyio

PORTALS = PortalQuery(FAKE_WORKSPACE.workspace_id)
SAFE_PREVIEWS = replace(PORTALS, safe_previews=True)


async def rows(world, query: PortalQuery = SAFE_PREVIEWS):
    return (await world.portals.find(query)).rows


async def events(world, portal_id: str) -> list[EventKind]:
    return [event.kind for event in await world.ledger.events_of(portal_id)]


def live_sessions(world) -> list[str]:
    return [session.client_session_id for session in world.gateway.sessions]


async def test_a_safe_preview_is_the_same_request_read_only(world):
    request = PortalRequest(
        customer_data=CustomerData(customer_key="harbor-hotel"),
        locale=Locale.PT_PT,
        navigation_mode=NavigationMode.RESTRICTED,
    )
    portal = await world.creation.create(CONNECTION, request)
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    assert world.gateway.created[1] == PortalRequest(
        customer_data=CustomerData(customer_key="harbor-hotel"),
        locale=Locale.PT_PT,
        navigation_mode=NavigationMode.RESTRICTED,
        read_only=True,
    )
    assert link.request == world.gateway.created[1]
    assert link.is_safe_preview
    assert link.expires_at == link.portal.expires_at
    assert link.url == await world.ledger.url_of(link.portal.portal_id)
    assert link.url != await world.portals.url_of(portal.portal_id)
    (safe_preview,) = await rows(world)
    assert safe_preview == link.portal
    assert (safe_preview.kind, safe_preview.preview_of) == (
        PortalKind.SAFE_PREVIEW,
        portal.portal_id,
    )
    assert await rows(world, PORTALS) == (portal,)


async def test_a_safe_preview_pushes_no_customer_data(world):
    """Pushing it again would undo later changes of the customer or another system."""
    data = CustomerData(customer_key="inn", guests=(Guest(guest_key="g", name="Ada Guest"),))
    portal = await world.creation.create(CONNECTION, PortalRequest(customer_data=data))
    await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    assert world.gateway.created[1].customer_data == CustomerData(customer_key="inn")


async def test_the_record_is_in_the_ledger_before_the_call(world):
    portal = await world.create()
    with world.gateway.hold("create_portal"):
        opening = asyncio.create_task(world.safe_previews.open_safe(CONNECTION, portal.portal_id))
        await until(lambda: world.gateway.calls.count("create_portal") == 2)
        (safe_preview,) = await rows(world)
        assert safe_preview.outcome is Outcome.REQUESTED
    await opening


async def test_another_language_makes_another_safe_preview(world):
    portal = await world.create()
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id, locale=Locale.EL_GR)
    assert link.request.locale is Locale.EL_GR
    assert link.request.read_only is True


async def test_a_read_only_link_is_its_own_safe_preview(world):
    request = PortalRequest(
        customer_data=CustomerData(customer_key="inn"), read_only=True, locale=Locale.DE_DE
    )
    portal = await world.creation.create(CONNECTION, request)
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    assert (link.portal, link.is_safe_preview) == (portal, False)
    assert link.url == await world.portals.url_of(portal.portal_id)
    assert (
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id, locale=Locale.DE_DE)
        == link
    )
    assert await rows(world) == ()
    await world.safe_previews.close_safe(portal.portal_id)
    assert len(live_sessions(world)) == 1, "it is the customer's own and stays"
    other = await world.safe_previews.open_safe(CONNECTION, portal.portal_id, locale=Locale.EN_US)
    assert other.is_safe_preview


async def test_a_reservation_link_has_no_safe_preview(world):
    portal = await world.creation.create_reservation_link(CONNECTION, "inn", "R-1")
    with pytest.raises(SafePreviewUnavailableError, match="single reservation"):
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    assert await rows(world) == ()


@pytest.mark.parametrize("request_", [PortalRequest(), None], ids=["empty", "damaged"])
async def test_a_portal_without_its_request_has_no_safe_preview(world, request_, monkeypatch):
    portal = await world.create()

    async def request_of(_portal_id):
        if request_ is None:
            raise RequestUnreadableError("It can't be read", "It is damaged.")
        return request_

    monkeypatch.setattr(world.ledger, "request_of", request_of)
    with pytest.raises(SafePreviewUnavailableError):
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    assert await rows(world) == ()


async def test_a_safe_preview_and_another_workspaces_portal_have_no_safe_preview(world):
    portal = await world.create()
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    with pytest.raises(SafePreviewNotSendableError):
        await world.safe_previews.open_safe(CONNECTION, link.portal.portal_id)
    elsewhere = replace(CONNECTION, workspace=replace(FAKE_WORKSPACE, workspace_id="elsewhere"))
    with pytest.raises(SafePreviewUnavailableError):
        await world.safe_previews.open_safe(elsewhere, portal.portal_id)


async def test_closing_revokes_only_the_session_of_the_safe_preview(world):
    portal = await world.create()
    other = await world.create("casa-verde")
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    await world.safe_previews.close_safe(link.portal.portal_id)
    assert world.gateway.revoked == ["session-3"]
    assert live_sessions(world) == ["session-1", "session-2", "session-4"]
    safe_preview = await world.ledger.get(link.portal.portal_id)
    assert safe_preview.status(world.clock()) is PortalStatus.REVOKED
    for untouched in (portal, other):
        assert (await world.ledger.get(untouched.portal_id)).is_live(world.clock())
    assert await events(world, portal.portal_id) == [EventKind.REQUESTED, EventKind.CREATED]


async def test_closing_twice_or_something_else_does_nothing(world):
    portal = await world.create()
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    closing = (world.safe_previews.close_safe(link.portal.portal_id) for _ in range(3))
    await asyncio.gather(*closing)
    calls = len(world.gateway.calls)
    await world.safe_previews.close_safe(link.portal.portal_id)
    await world.safe_previews.close_safe(portal.portal_id)
    await world.safe_previews.close_safe("nobody")
    assert len(world.gateway.calls) == calls
    assert world.gateway.revoked == ["session-2"]


FAILURES = [
    ConflictError("It clashes.", "…", status=409),
    ServiceError("Seam failed.", "…", status=503),
    NetworkError("Seam could not be reached.", "…"),
]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("call", ["list_client_sessions", "revoke_client_session"])
async def test_a_session_that_cannot_be_revoked_is_recorded_and_revoked_later(world, call, error):
    portal = await world.create()
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    world.gateway.fail(call, error)
    await world.safe_previews.close_safe(link.portal.portal_id)
    assert (await world.ledger.get(link.portal.portal_id)).is_live(world.clock())
    *_, event = await world.ledger.events_of(portal.portal_id)
    assert (event.kind, event.detail) == (EventKind.SAFE_PREVIEW_LEFT, {"reason": error.title})

    assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 1
    assert live_sessions(world) == ["session-1"]
    assert (await events(world, portal.portal_id))[-1] is EventKind.SAFE_PREVIEW_ENDED
    assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 0


async def test_a_session_that_does_not_exist_any_more_counts_as_revoked(world):
    portal = await world.create()
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    world.gateway.fail("revoke_client_session", NotFoundError("Not found.", "…", status=404))
    sessions = world.gateway.sessions

    async def list_client_sessions(client_session_id=None, *, keep=None):
        return () if client_session_id else tuple(sessions)

    world.gateway.list_client_sessions = list_client_sessions
    await world.safe_previews.close_safe(link.portal.portal_id)
    safe_preview = await world.ledger.get(link.portal.portal_id)
    assert safe_preview.status(world.clock()) is PortalStatus.REVOKED


async def test_an_ambiguous_session_is_never_revoked(world):
    portal = await world.create()
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    await world.set_link(link.portal.portal_id, "https://se.am/1234")
    session = world.gateway.sessions[1]
    alike = replace(session, client_session_id="alike", token=Secret("seam_cst_not_a_real_other"))
    world.gateway.sessions.append(alike)
    await world.safe_previews.close_safe(link.portal.portal_id)
    assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 0
    assert world.gateway.revoked == []


async def test_a_portal_and_its_safe_preview_are_not_confused(world):
    """Both links are short and expire at the same time."""
    portal = await world.create()
    link = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    world.update_row(link.portal.portal_id, expires_at=to_micros(portal.expires_at))
    for portal_id in (portal.portal_id, link.portal.portal_id):
        await world.set_link(portal_id, "https://se.am/1234")
    del world.gateway.sessions[1]
    await world.safe_previews.close_safe(link.portal.portal_id)
    await world.left_safe_previews.sweep(CONNECTION)
    assert world.gateway.revoked == []


async def test_a_sweep_revokes_what_a_crash_left_but_not_what_is_shown(world):
    portal = await world.create()
    left = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    world.safe_previews._open.clear()  # as in the next run
    shown = await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    with world.gateway.hold("create_portal"):
        opening = asyncio.create_task(world.safe_previews.open_safe(CONNECTION, portal.portal_id))
        await until(lambda: world.gateway.calls.count("create_portal") == 4)
        assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 1
    making = await opening
    assert not (await world.ledger.get(left.portal.portal_id)).is_live(world.clock())
    for link in (shown, making):
        assert (await world.ledger.get(link.portal.portal_id)).is_live(world.clock())
    assert live_sessions(world) == ["session-1", "session-3", "session-4"]


async def test_a_sweep_fails_silently_and_calls_nothing_without_safe_previews(world):
    portal = await world.create()
    calls = len(world.gateway.calls)
    assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 0
    assert len(world.gateway.calls) == calls
    for _ in range(3):
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    world.safe_previews._open.clear()
    calls = len(world.gateway.calls)
    world.gateway.fail("list_client_sessions", NetworkError("No.", "…"))
    assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 0
    assert len(world.gateway.calls) == calls + 1, "the others would fail alike"
    assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 3


async def test_a_sweep_skips_expired_safe_previews(world):
    portal = await world.create()
    await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    world.safe_previews._open.clear()
    world.clock.now += LINK_LIFETIME
    calls = len(world.gateway.calls)
    assert (await world.left_safe_previews.sweep(CONNECTION)).revoked == 0
    assert len(world.gateway.calls) == calls


async def test_a_cancelled_safe_preview_is_revoked_once_it_exists(world):
    portal = await world.create()
    with world.gateway.hold("create_portal"):
        opening = asyncio.create_task(world.safe_previews.open_safe(CONNECTION, portal.portal_id))
        await until(lambda: world.gateway.calls.count("create_portal") == 2)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
    await until(lambda: world.gateway.revoked == ["session-2"], "it is revoked")
    await world.safe_previews.aclose()
    (safe_preview,) = await rows(world)
    assert safe_preview.status(world.clock()) is PortalStatus.REVOKED


async def test_closing_the_program_revokes_all_safe_previews(world):
    portal = await world.create()
    links = [await world.safe_previews.open_safe(CONNECTION, portal.portal_id) for _ in range(3)]
    closing = asyncio.create_task(world.safe_previews.close_safe(links[0].portal.portal_id))
    await asyncio.sleep(0)
    closing.cancel()
    await world.safe_previews.aclose()
    assert live_sessions(world) == ["session-1"]


@pytest.mark.parametrize("call", ["create_portal", "list_client_sessions"])
async def test_closing_the_program_waits_no_longer_than_its_limit(world, call):
    portal = await world.create()
    await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    with world.gateway.hold(call):
        opening = asyncio.create_task(world.safe_previews.open_safe(CONNECTION, portal.portal_id))
        await until(lambda: call != "create_portal" or world.gateway.calls.count(call) == 3)
        opening.cancel()
        await world.safe_previews.aclose(timedelta(milliseconds=50))
    states = {safe_preview.outcome for safe_preview in await rows(world)}
    if call == "create_portal":
        assert states == {Outcome.CREATED, Outcome.UNKNOWN}, "a link may exist"
    world.safe_previews._open.clear()
    await world.left_safe_previews.sweep(CONNECTION)
    assert live_sessions(world) == ["session-1"]


async def test_a_failed_creation_is_raised_and_recorded(world):
    portal = await world.create()
    error = NetworkError("No answer in time.", "…", outcome_unknown=True, seam_request_id="r-9")
    world.gateway.fail("create_portal", error)
    with pytest.raises(NetworkError) as raised:
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    assert raised.value is error
    (safe_preview,) = await rows(world)
    assert safe_preview.outcome is Outcome.UNKNOWN
    *_, event = await world.ledger.events_of(portal.portal_id)
    assert event.kind is EventKind.SAFE_PREVIEW_LEFT


async def test_a_safe_preview_that_cannot_be_recorded_is_revoked_and_not_shown(world, monkeypatch):
    portal = await world.create()
    full = LedgerError("The disk is full", "Free some space.", technical="ENOSPC")

    async def record_created(_portal_id, _created):
        raise full

    monkeypatch.setattr(world.ledger, "record_created", record_created)
    with pytest.raises(SafePreviewNotSavedError) as raised:
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    assert "Free some space." in raised.value.message
    assert "portal.example" not in raised.value.details()
    assert live_sessions(world) == ["session-1"]
    assert world.creation.unsaved_count == 0
    assert await world.creation.save_unsaved() == []


async def test_a_safe_preview_is_never_copied_sent_renewed_or_exported(world):
    portal = await world.create()
    safe_preview_id = (
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    ).portal.portal_id
    refused = (
        world.portals.url_of(safe_preview_id),  # copy, show and open in browser use it
        world.portals.record_copied(safe_preview_id),
        world.portals.mark_sent(safe_preview_id, None, ""),
        world.creation.renew(CONNECTION, safe_preview_id),
        world.export.export([safe_preview_id], Path("x"), ExportFormat.CSV, with_links=True),
        world.export.export(SAFE_PREVIEWS, Path("x"), ExportFormat.JSON, with_links=False),
    )
    for attempt in refused:
        with pytest.raises(SafePreviewNotSendableError):
            await attempt
    safe_preview = await world.ledger.get(safe_preview_id)
    assert safe_preview.sent is None
    assert await events(world, safe_preview_id) == [EventKind.REQUESTED, EventKind.CREATED]
    assert world.files == {}
    await world.export.export(PORTALS, Path("all"), ExportFormat.JSON, with_links=True)
    assert safe_preview_id.encode() not in world.files[Path("all")]
    assert portal.portal_id.encode() in world.files[Path("all")]


async def test_a_safe_preview_is_not_taken_for_a_lost_link(world):
    """Its session belongs to a known row, so it is not the lost link's."""
    portal = await world.create()
    world.gateway.fail("create_portal", NetworkError("No answer.", "…", outcome_unknown=True))
    with pytest.raises(NetworkError):
        await world.creation.create(CONNECTION, request_for("harbor-hotel"))
    (lost,) = [row for row in await rows(world, PORTALS) if row.outcome is Outcome.UNKNOWN]
    await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    world.clock.now += LATER
    check = await world.outcomes.check(CONNECTION, lost.portal_id)
    assert check.portal.outcome is Outcome.FAILED


async def test_reconciling_does_not_count_safe_previews(world):
    portal = await world.create()
    await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    result = await world.revocation.reconcile(CONNECTION)
    assert (result.checked, result.unidentified, result.revoked) == (1, 0, ())


async def test_a_preview_is_recorded_with_its_mode_and_report(world):
    portal = await world.create()
    await world.portals.mark_previewed(portal.portal_id, PreviewMode.SAFE)
    *_, event = await world.ledger.events_of(portal.portal_id)
    assert (event.kind, event.detail) == (EventKind.PREVIEWED, {"mode": "safe"})
    stored = stored_report(CheckLevel.PROBLEM)
    seen = await world.ledger.record_report(portal.portal_id, stored)
    assert seen.preview_verdict is CheckLevel.PROBLEM
    assert await world.ledger.report_of(portal.portal_id) == stored


async def test_a_copy_of_another_customers_portal_is_not_shown(world):
    portal = await world.create()
    world.gateway.answers_for = {"customer_key": "casa-verde"}
    with pytest.raises(OtherPortalAnsweredError):
        await world.safe_previews.open_safe(CONNECTION, portal.portal_id)
    last = (await world.ledger.events_of(portal.portal_id))[-1]
    assert last.kind is EventKind.SAFE_PREVIEW_LEFT
    assert last.detail["reason"] == "Seam's answer is for another customer."
