"""delete_data, asked of the sandbox, and answers that are lost."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import SeamError
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.request import CustomerData, Guest, Reservation, Room
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from tests.support.http_server import ScriptedServer, answer, json_answer
from tests.support.seam_answers import api_key_credential

pytestmark = pytest.mark.anyio

KEYS = DeletedKeys(reservation_keys=("R-1", "R, 2 & é"), guest_keys=("g-1",))
HOTEL = CustomerData(
    customer_key="harbor-hotel",
    rooms=(Room(room_key="12", name="Blue"),),
    guests=(Guest(guest_key="g-1", name="Anna Example"), Guest(guest_key="g-2", name="Ben")),
    reservations=tuple(
        Reservation(reservation_key=key, guest_key="g-1") for key in ("R-1", "R, 2 & é", "R-3")
    ),
)


@pytest.fixture
def sandbox():
    server = SandboxServer(SandboxConfig())
    server.start()
    yield server
    server.stop()


async def test_only_the_named_keys_are_removed(sandbox):
    credential = Credential(CredentialKind.API_KEY, Secret(sandbox.api_key))
    gateway = create_gateway(sandbox.endpoint, credential)
    await gateway.push_data(HOTEL)
    for _again in range(2):  # it can be repeated
        await gateway.delete_data(KEYS)
    (customer,) = sandbox.state.customers()
    assert set(customer.resources["reservations"]) == {"R-3"}
    assert set(customer.resources["guests"]) == {"g-2"}
    assert set(customer.resources["rooms"]) == {"12"}
    await gateway.aclose()


@pytest.mark.parametrize(
    ("reply", "may_be_removed"),
    [
        (answer(status=500), True),
        (answer(status=504), True),
        (answer(b"<html>Sign in to the hotel</html>", content_type="text/html"), True),
        (json_answer({"ok": False}), True),
        (answer(status=400), False),
        (answer(status=401), False),
        (answer(status=403), False),
        (answer(status=404), False),
        (answer(status=429), False),
    ],
    ids=["500", "504", "a sign-in page", "not ok", "400", "401", "403", "404", "429"],
)
async def test_an_error_says_whether_it_may_be_removed_and_is_not_repeated(reply, may_be_removed):
    with ScriptedServer(default=reply) as server:
        gateway = create_gateway(server.url, api_key_credential)
        with pytest.raises(SeamError) as caught:
            await gateway.delete_data(KEYS)
        await gateway.aclose()
        assert len(server.requests) == 1
    error = caught.value
    assert error.outcome_unknown is may_be_removed
    assert ("Trying again does no harm" in error.message) is may_be_removed
    assert "portal" not in error.message
    # The keys are the customer's own names for people.
    assert "g-1" not in error.details()
