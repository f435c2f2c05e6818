"""An unknown outcome is checked with Seam's client sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.errors import ForbiddenError, NetworkError
from seam_portal_desktop.domain.portal.record import Outcome
from seam_portal_desktop.services.portal.outcomes import OutcomeService
from tests.support.fake_gateway import FAKE_NOW, FakeGateway
from tests.support.services import CONNECTION, REQUEST, only_row

pytestmark = pytest.mark.anyio


@pytest.fixture
def outcomes(ledger, gateway_of, clock):
    return OutcomeService(ledger, gateway_of, clock)


@pytest.fixture
async def unknown(portals, gateway, creation):
    """The portal_id of a record without an answer of Seam."""
    gateway.fail("create_portal", NetworkError("No answer.", "…", outcome_unknown=True))
    with pytest.raises(NetworkError):
        await creation.create(CONNECTION, REQUEST)
    return (await only_row(portals)).portal_id


async def make_session(gateway, *, at=timedelta(), customer_key="harbor-hotel"):
    """Make a session whose link this program doesn't have."""
    await FakeGateway.create_portal(gateway, REQUEST)
    session = gateway.sessions[-1]
    gateway.sessions[-1] = replace(session, created_at=FAKE_NOW + at, customer_key=customer_key)


@pytest.mark.parametrize("skew", [timedelta(), timedelta(minutes=4), timedelta(minutes=-4)])
async def test_a_session_from_that_time_means_that_a_link_exists(
    skew, unknown, portals, gateway, outcomes
):
    await make_session(gateway, at=skew)
    check = await outcomes.check(CONNECTION, unknown)
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
    ids=["none", "another customer's", "without a customer", "an older one", "a newer one"],
)
async def test_no_session_from_that_time_means_that_no_link_was_made(
    session, unknown, portals, gateway, outcomes
):
    if session is not None:
        await make_session(gateway, **session)
    check = await outcomes.check(CONNECTION, unknown)
    assert check.session is None
    assert check.portal == await only_row(portals)
    assert check.portal.outcome is Outcome.FAILED
    assert check.portal.failure.title == "No link was made."


async def test_the_session_of_a_second_try_does_not_count(unknown, creation, outcomes):
    await creation.create(CONNECTION, REQUEST)
    check = await outcomes.check(CONNECTION, unknown)
    assert check.session is None
    assert check.portal.outcome is Outcome.FAILED


async def test_the_session_of_the_first_try_is_found_next_to_that_of_a_second(
    unknown, gateway, clock, creation, outcomes
):
    await make_session(gateway)
    clock.now = FAKE_NOW + timedelta(seconds=20)
    await creation.create(CONNECTION, REQUEST)
    check = await outcomes.check(CONNECTION, unknown)
    assert check.session == gateway.sessions[0]
    assert check.portal.outcome is Outcome.UNKNOWN


async def test_a_failed_check_does_not_change_the_row(unknown, portals, gateway, outcomes):
    before = await only_row(portals)
    gateway.fail("list_client_sessions", ForbiddenError("Not allowed.", "Ask."))
    with pytest.raises(ForbiddenError):
        await outcomes.check(CONNECTION, unknown)
    assert await only_row(portals) == before
