"""Revoking sessions, links to reservations, pushing data: successes and failures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import (
    NotFoundError,
    RateLimitedError,
    UnexpectedAnswerError,
)
from seam_portal_desktop.domain.request import (
    CustomerData,
    PortalRequest,
    Reservation,
    Room,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.server import SandboxServer
from tests.support.http_server import ScriptedServer, answer, json_answer
from tests.support.seam_answers import (
    api_key_credential,
    client_sessions_answer,
    deep_link_answer,
    open_portal_answer,
)

pytestmark = pytest.mark.anyio

SESSION = "22222222-2222-4333-8444-555555555555"
HARBOR = CustomerData(
    customer_key="harbor-hotel",
    rooms=(Room(room_key="12", name="Blue room"),),
    reservations=(
        Reservation(
            reservation_key="R-1",
            starts_at="2030-01-01T15:00:00Z",
            ends_at="2030-01-03T10:00:00Z",
            room_keys=("12",),
        ),
    ),
)


@pytest.fixture
def sandbox():
    server = SandboxServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def gateway(sandbox):
    credential = Credential(CredentialKind.API_KEY, Secret(sandbox.api_key))
    gateway = create_gateway(sandbox.endpoint, credential)
    yield gateway
    await gateway.aclose()


async def test_a_revoked_session_is_gone(gateway):
    for _ in range(2):
        await gateway.create_portal(PortalRequest(customer_data=HARBOR))
    first, second = await gateway.list_client_sessions()
    assert list(await gateway.list_client_sessions(first.client_session_id)) == [first]

    await gateway.revoke_client_session(first.client_session_id)

    assert list(await gateway.list_client_sessions(first.client_session_id)) == []
    assert [*await gateway.list_client_sessions()] == [second]


async def test_revoking_what_is_not_there(gateway):
    with pytest.raises(NotFoundError):
        await gateway.revoke_client_session(SESSION)


async def test_a_link_to_a_reservation(gateway, sandbox):
    await gateway.push_data(HARBOR)
    link = await gateway.create_reservation_deep_link("harbor-hotel", "R-1")
    assert link.url.reveal().startswith(sandbox.endpoint)
    assert link.url.reveal() not in repr(link)
    assert link.expires_at.utcoffset() == timedelta(0)
    assert link.seam_request_id
    with pytest.raises(NotFoundError) as refused:
        await gateway.create_reservation_deep_link("harbor-hotel", "R-2")
    assert refused.value.error_type == "reservation_not_found"


async def test_an_open_portal_is_given_again(gateway, sandbox):
    first = await gateway.create_portal(PortalRequest(customer_data=HARBOR))
    again = await gateway.open_portal("harbor-hotel")
    assert again.customer_portal == first.customer_portal
    assert again.seam_request_id
    assert len(sandbox.state.portals()) == 1
    with pytest.raises(NotFoundError) as refused:
        await gateway.open_portal("old-mill")
    assert refused.value.error_type == "customer_not_found"


async def test_a_broken_answer_to_open_portal_is_an_unknown_outcome():
    with ScriptedServer(default=json_answer(open_portal_answer(url="javascript:1"))) as server:
        gateway = create_gateway(server.url, api_key_credential)
        with pytest.raises(UnexpectedAnswerError) as caught:
            await gateway.open_portal("harbor-hotel")
        assert caught.value.outcome_unknown
        await gateway.aclose()


async def test_pushed_data_arrives(gateway, sandbox):
    await gateway.push_data(HARBOR)
    (customer,) = sandbox.state.customers()
    assert customer.resources["rooms"]["12"]["name"] == "Blue room"


async def test_a_list_with_other_sessions_is_filtered():
    with ScriptedServer(default=json_answer(client_sessions_answer())) as server:
        gateway = create_gateway(server.url, api_key_credential)
        assert list(await gateway.list_client_sessions("not-" + SESSION)) == []
        await gateway.aclose()


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"<html>Sign in to the hotel</html>", content_type="text/html"),
        json_answer({"ok": False}),
        json_answer({}),
    ],
    ids=["a sign-in page", "not ok", "nothing"],
)
async def test_a_sign_in_page_is_no_success(reply):
    with ScriptedServer(default=reply) as server:
        gateway = create_gateway(server.url, api_key_credential)
        for call in (gateway.revoke_client_session(SESSION), gateway.push_data(HARBOR)):
            with pytest.raises(UnexpectedAnswerError):
                await call
        await gateway.aclose()


async def test_a_broken_answer_to_a_deep_link_is_an_unknown_outcome():
    with ScriptedServer(default=json_answer(deep_link_answer(url="javascript:1"))) as server:
        gateway = create_gateway(server.url, api_key_credential)
        with pytest.raises(UnexpectedAnswerError) as caught:
            await gateway.create_reservation_deep_link("harbor-hotel", "R-1")
        assert caught.value.outcome_unknown
        await gateway.aclose()


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), (None, None)])
async def test_the_error_has_the_time_to_wait(header, seconds):
    headers = {"retry-after": header} if header else {}
    with ScriptedServer(default=answer(status=429, headers=headers)) as server:
        gateway = create_gateway(server.url, api_key_credential)
        with pytest.raises(RateLimitedError) as caught:
            await gateway.push_data(HARBOR)
        assert caught.value.retry_after == seconds
        await gateway.aclose()
