"""Links are renewed, one or many."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from seam_portal_desktop.domain.errors import (
    ForbiddenError,
    InvalidRequestError,
    LedgerError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    UnauthorizedError,
    UserFacingError,
)
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome, PortalKind
from seam_portal_desktop.domain.request import encode_request
from seam_portal_desktop.services.portal.answer_check import OtherPortalAnsweredError
from seam_portal_desktop.services.portal.renewal import RenewalProgress, RenewalRun, RenewalSummary
from seam_portal_desktop.services.portal.reservation_links import DeepLinksRefusedError
from seam_portal_desktop.services.workspaces import CredentialMissingError
from tests.support.fake_gateway import FAKE_WORKSPACE
from tests.support.lifecycle import CONNECTION
from tests.support.until import until

pytestmark = pytest.mark.anyio


async def renew(world, *portals, on_progress=lambda _: None) -> RenewalSummary:
    return await RenewalRun(world.creation, CONNECTION, portals, on_progress).run()


async def rows(world) -> list:
    query = PortalQuery(FAKE_WORKSPACE.workspace_id)
    return list((await world.ledger.find(query, now=world.clock())).rows)


def busy(seconds: int | None) -> RateLimitedError:
    return RateLimitedError("Too many calls.", "Wait.", can_retry=True, retry_after=seconds)


async def test_a_renewal_sends_the_same_request_and_links_both_rows(world):
    old = await world.create()
    await world.portals.mark_sent(old.portal_id, None, "told Zoë")

    (new,) = (await renew(world, old)).renewed

    first, second = world.gateway.created
    assert encode_request(first) == encode_request(second)
    assert new.renewed_from == old.portal_id
    after = await world.ledger.get(old.portal_id)
    assert after.renewed_to == new.portal_id
    assert after.sent is not None
    assert after.sent.note == "told Zoë"
    assert new.sent is None
    timeline = [event.kind for event in await world.ledger.events_of(old.portal_id)]
    assert timeline[-2:] == [EventKind.SENT, EventKind.RENEWED]


async def test_a_portal_is_renewed_in_no_other_workspace(world):
    """The workspace may have been switched while a message offered to try again."""
    old = await world.create()
    other = replace(FAKE_WORKSPACE, workspace_id="33333333-3333-4333-8333-333333333333")
    with pytest.raises(UserFacingError, match="another workspace"):
        await world.creation.renew(replace(CONNECTION, workspace=other), old.portal_id)
    assert len(world.gateway.created) == 1
    assert len(await rows(world)) == 1


async def test_a_reservation_link_is_renewed_as_a_reservation_link(world):
    old = await world.creation.create_reservation_link(CONNECTION, "harbor-hotel", "R-1")
    (new,) = (await renew(world, old)).renewed
    assert new.kind is PortalKind.RESERVATION_DEEP_LINK
    assert world.gateway.deep_links == [("harbor-hotel", "R-1")] * 2
    assert world.gateway.created == []


async def test_many_links_are_renewed_in_order_with_progress_and_failures(world):
    olds = [await world.create(key) for key in ("a", "b", "c")]
    reports: list[RenewalProgress] = []
    fields = {"locale": ("No.",)}
    refusal = InvalidRequestError("Seam refused some fields.", "Change them.", fields=fields)

    def on_progress(progress: RenewalProgress) -> None:
        reports.append(progress)
        if progress.customer_key == "b":
            world.gateway.fail("create_portal", refusal)

    summary = await renew(world, *olds, on_progress=on_progress)

    assert [new.customer_key for new in summary.renewed] == ["a", "c"]
    assert [(each.portal.customer_key, each.error) for each in summary.failed] == [("b", refusal)]
    assert summary.not_tried == ()
    assert [(each.number, each.total, each.customer_key) for each in reports] == [
        (1, 3, "a"),
        (2, 3, "b"),
        (3, 3, "c"),
    ]
    assert sum(row.outcome is Outcome.FAILED for row in await rows(world)) == 1


async def test_a_rate_limit_is_waited_for_within_one_row(world):
    old = await world.create()
    world.gateway.fail("create_portal", busy(0), busy(0))
    reports: list[RenewalProgress] = []

    summary = await renew(world, old, on_progress=reports.append)

    assert len(summary.renewed) == 1
    assert [progress.waiting for progress in reports] == [0, 1, 0, 1, 0]
    assert len(await rows(world)) == 2, "waiting makes no second row"


async def test_the_wait_is_as_long_as_retry_after(world):
    old = await world.create()
    world.gateway.fail("create_portal", busy(120))
    waiting = asyncio.Event()

    def on_progress(progress: RenewalProgress) -> None:
        if progress.waiting == 120:
            waiting.set()

    run = RenewalRun(world.creation, CONNECTION, [old, old], on_progress)
    task = asyncio.create_task(run.run())
    await waiting.wait()
    assert world.gateway.calls.count("create_portal") == 2, "it doesn't come back early"
    run.stop()
    summary = await task
    assert [failure.error.title for failure in summary.failed] == ["Too many calls."]
    assert summary.not_tried == (old,)
    assert {row.outcome for row in await rows(world)} == {Outcome.CREATED, Outcome.FAILED}


async def test_a_very_long_wait_is_a_failure(world):
    olds = [await world.create(key) for key in ("a", "b")]
    world.gateway.fail("create_portal", busy(3600))
    summary = await renew(world, *olds)
    assert len(summary.failed) == 1
    assert summary.not_tried == (olds[1],)


async def test_stopping_lets_the_current_call_end(world):
    olds = [await world.create(key) for key in ("a", "b", "c")]
    run = RenewalRun(world.creation, CONNECTION, olds, lambda _: run.stop())
    summary = await run.run()
    assert [new.customer_key for new in summary.renewed] == ["a"]
    assert summary.not_tried == tuple(olds[1:])
    assert all(row.outcome is Outcome.CREATED for row in await rows(world))


async def test_an_error_that_concerns_all_rows_stops_the_run(world):
    olds = [await world.create(key) for key in ("a", "b", "c")]
    unreachable = NetworkError("Seam can't be reached.", "Check the network.")
    world.gateway.fail("create_portal", unreachable)
    summary = await renew(world, *olds)
    assert [failure.error for failure in summary.failed] == [unreachable]
    assert summary.not_tried == tuple(olds[1:])


@pytest.mark.parametrize(
    "error",
    [
        UnauthorizedError("Seam did not accept the API key.", "It is revoked.", status=401),
        ForbiddenError("This API key may not do this.", "No.", status=403),
    ],
    ids=["401", "403"],
)
async def test_a_revoked_key_ends_a_run_of_reservation_links(world, error):
    create = world.creation.create_reservation_link
    olds = [await create(CONNECTION, "harbor-hotel", f"R-{number}") for number in range(5)]
    world.gateway.fail("create_reservation_deep_link", *[error] * 5)
    before = len(world.gateway.calls)
    summary = await renew(world, *olds)
    assert len(world.gateway.calls) == before + 1
    assert [failure.error for failure in summary.failed] == [error]
    assert summary.not_tried == tuple(olds[1:])


async def test_without_the_route_only_portals_are_tried_on(world):
    create = world.creation.create_reservation_link
    links = [await create(CONNECTION, "harbor-hotel", f"R-{number}") for number in range(3)]
    portal = await world.create()
    world.gateway.fail("create_reservation_deep_link", NotFoundError("No.", "No.", status=404))
    summary = await renew(world, *links, portal)
    assert [type(failure.error) for failure in summary.failed] == [DeepLinksRefusedError]
    assert summary.not_tried == tuple(links[1:])
    assert [new.renewed_from for new in summary.renewed] == [portal.portal_id]


async def test_a_missing_credential_ends_the_run(world):
    olds = [await world.create(key) for key in ("a", "b", "c")]
    missing = CredentialMissingError("The credential is no longer in the keyring.", "Connect.")
    world.gateway.fail("create_portal", missing)
    summary = await renew(world, *olds)
    assert [failure.error for failure in summary.failed] == [missing]
    assert summary.not_tried == tuple(olds[1:])


async def test_an_answer_for_another_customer_ends_the_run(world):
    olds = [await world.create(key) for key in ("a", "b", "c")]
    world.gateway.answers_for = {"customer_key": "somebody-else"}
    summary = await renew(world, *olds)
    (failure,) = summary.failed
    assert isinstance(failure.error, OtherPortalAnsweredError)
    assert summary.not_tried == tuple(olds[1:])


async def test_a_deleted_row_does_not_stop_the_others(world):
    olds = [await world.create(key) for key in ("a", "b")]
    await world.ledger.delete([olds[0].portal_id])
    summary = await renew(world, *olds)
    (failure,) = summary.failed
    assert isinstance(failure.error, LedgerError)
    assert [new.customer_key for new in summary.renewed] == ["b"]


async def test_a_cancelled_run_leaves_an_unknown_row(world):
    old = await world.create()
    with world.gateway.hold("create_portal"):
        task = asyncio.create_task(renew(world, old))
        await until(lambda: world.gateway.calls.count("create_portal") == 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert {row.outcome for row in await rows(world)} == {Outcome.CREATED, Outcome.UNKNOWN}
