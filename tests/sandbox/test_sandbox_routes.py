"""Every route follows the contract, and shows the changes of the other routes."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from importlib.resources import files
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from seam_portal_desktop.sandbox.operations import Operations
from seam_portal_desktop.sandbox.server import _listen
from seam_portal_desktop.sandbox.validation import Validator

CUSTOMER = {
    "customer_key": "inn",
    "sites": [{"site_key": "main", "name": "Main house"}],
    "rooms": [
        {"room_key": "r1", "name": "Blue room", "parent_site_key": "main"},
        {"room_key": "r2", "name": "Red room"},
    ],
    "spaces": [
        {
            "space_key": "pool",
            "name": "Pool",
            "geolocation": {"latitude": 48.1, "longitude": 11},
            "customer_data": {"time_zone": "Europe/Berlin", "address": None},
        }
    ],
    "guests": [{"guest_key": "g1", "name": "Ada"}],
    "reservations": [
        {
            "reservation_key": "b1",
            "guest_key": "g1",
            "room_keys": ["r1", "r2"],
            "custom_metadata": {"vip": True},
        }
    ],
}


@pytest.fixture
def call(client, contract):
    """Call a route. An answer with 200 must follow the contract."""

    def call(path, body=None, *, status=200):
        answer = client.post(path, json=body) if body is not None else client.post(path)
        assert answer.status_code == status, answer.text
        assert uuid.UUID(answer.headers["seam-request-id"])
        if status == 200:
            assert Validator(contract.routes[path].response).problems(answer.json()) == []
            assert answer.json()["ok"] is True
        return answer.json()

    return call


def keys(spaces):
    return {space["space_key"] for space in spaces}


def test_the_sandboxs_contract_is_the_one_it_was_given(contract):
    document = json.loads(
        files("seam_portal_desktop.sandbox").joinpath("contract.json").read_text()
    )
    assert set(contract.routes) == set(document["paths"])


def test_every_route_of_the_contract_is_implemented(contract, sandbox):
    assert set(Operations(sandbox.state).by_path) == set(contract.routes)


def test_a_workspace_is_marked_as_a_sandbox(call, sandbox):
    workspace = call("/workspaces/get")["workspace"]
    assert workspace["is_sandbox"] is True
    assert workspace["workspace_id"] == sandbox.workspace_id
    assert call("/workspaces/list", {})["workspaces"] == [workspace]


def test_a_portal_opens_until_its_session_is_revoked(call, client):
    answer = call("/customers/create_portal", {"customer_data": CUSTOMER})
    portal = answer["customer_portal"]
    assert answer["magic_link"] == portal
    assert client.get(portal["url"]).status_code == 200

    sessions = call("/client_sessions/list", {})["client_sessions"]
    assert [session["customer_key"] for session in sessions] == ["inn"]
    session = sessions[0]
    assert portal["url"].endswith(f"?token={session['token']}")
    by_id = {"client_session_id": session["client_session_id"]}
    assert call("/client_sessions/get", by_id)["client_session"] == session
    assert call("/client_sessions/list", by_id)["client_sessions"] == [session]

    call("/client_sessions/revoke", by_id)
    call("/client_sessions/revoke", by_id)
    assert client.get(portal["url"]).status_code == 403
    assert call("/client_sessions/list", {})["client_sessions"] == []
    error = call("/client_sessions/get", by_id, status=404)["error"]
    assert error["type"] == "client_session_not_found"


def test_an_open_portal_is_given_again_and_made_where_there_is_none(call, client):
    path = "/seam/customer/v1/customers/open_portal"
    call(path, {"customer_key": "inn"}, status=404)
    call("/customers/push_data", CUSTOMER)
    made = call(path, {"customer_key": "inn"})["magic_link"]
    assert call(path, {"customer_key": "inn"})["magic_link"] == made
    assert client.get(made["url"]).status_code == 200
    newer = call("/customers/create_portal", {"customer_data": CUSTOMER})["customer_portal"]
    assert call(path, {"customer_key": "inn"})["magic_link"] == newer
    for session in call("/client_sessions/list", {})["client_sessions"]:
        call("/client_sessions/revoke", {"client_session_id": session["client_session_id"]})
    assert call(path, {"customer_key": "inn"})["magic_link"]["url"] not in (made, newer)


def test_a_portals_session_is_not_found_by_a_user(call):
    call("/customers/create_portal", {"customer_data": {"customer_key": "a"}})
    for name in ("connect_webview_id", "user_identifier_key", "user_identity_id"):
        assert call("/client_sessions/list", {name: "x"})["client_sessions"] == []
    everyone = call("/client_sessions/list", {"without_user_identifier_key": True})
    assert len(everyone["client_sessions"]) == 1
    call("/client_sessions/get", {}, status=400)
    call("/client_sessions/revoke", {"client_session_id": str(uuid.uuid4())}, status=404)


def test_pushed_data_is_in_the_spaces_and_the_portal(call, client):
    call("/customers/push_data", CUSTOMER)
    spaces = call("/spaces/list", {})["spaces"]
    assert keys(spaces) == {"main", "r1", "r2", "pool"}
    by_key = {space["space_key"]: space for space in spaces}
    assert by_key["r1"]["parent_space_id"] == by_key["main"]["space_id"]
    assert by_key["r1"]["device_count"] > 0
    assert by_key["pool"]["customer_data"]["time_zone"] == "Europe/Berlin"

    portal = call("/customers/create_portal", {"customer_data": {"customer_key": "inn"}})
    assert "Blue room" in client.get(portal["customer_portal"]["url"]).text


def test_pushing_again_merges(call, sandbox):
    call("/customers/push_data", CUSTOMER)
    again = {"customer_key": "inn", "reservations": [{"reservation_key": "b1", "name": "Ada's"}]}
    call("/customers/create_portal", {"customer_data": again})
    reservation = sandbox.state.customer("inn").resources["reservations"]["b1"]
    assert reservation["name"] == "Ada's"
    assert reservation["room_keys"] == ["r1", "r2"]


def test_deleted_data_is_gone_and_nothing_refers_to_it(call, sandbox, client):
    url = call("/customers/create_portal", {"customer_data": CUSTOMER})["customer_portal"]["url"]
    call("/customers/delete_data", {"room_keys": ["r1", "unheard-of"], "guest_keys": ["g1"]})
    assert keys(call("/spaces/list", {})["spaces"]) == {"main", "r2", "pool"}
    reservation = sandbox.state.customer("inn").resources["reservations"]["b1"]
    assert reservation["room_keys"] == ["r2"]
    assert "guest_key" not in reservation

    call("/customers/delete_data", {"customer_keys": ["inn"]})
    assert call("/seam/customer/v1/customers/list", {})["customers"] == []
    assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"search": "RED"}, {"r2"}),
        ({"search": "inn"}, {"main", "r1", "r2", "pool"}),
        ({"space_key": "pool"}, {"pool"}),
        ({"parent_space_key": "main"}, {"r1"}),
        ({"customer_key": "nobody"}, set()),
        ({"connected_account_id": str(uuid.UUID(int=1))}, set()),
    ],
)
def test_spaces_are_found(call, query, expected):
    call("/customers/push_data", CUSTOMER)
    assert keys(call("/spaces/list", query)["spaces"]) == expected


def test_pages_are_correct_while_customers_are_added_and_removed(call, client):
    names = [f"customer-{number:02}" for number in range(7)]
    for name in names:
        call("/customers/push_data", {"customer_key": name})
    path, seen, cursor = "/seam/customer/v1/customers/list", [], None
    while True:
        page = call(path, {"limit": 3, "page_cursor": cursor, "search": "customer"})
        seen += [customer["customer_key"] for customer in page["customers"]]
        pagination = page["pagination"]
        assert (pagination["next_page_url"] is None) is not pagination["has_next_page"]
        if not pagination["has_next_page"]:
            break
        assert client.get(pagination["next_page_url"]).status_code == 200
        cursor = pagination["next_page_cursor"]
        call("/customers/delete_data", {"customer_keys": [seen[0]]})
    assert seen == names
    assert all(a < b for a, b in pairwise(seen))


@pytest.mark.parametrize(
    "body", [{"page_cursor": "nonsense"}, {"page_cursor": "WzFd"}, {"limit": 0}, {"limit": 1.5}]
)
def test_an_invalid_page_is_refused_at_its_field(call, body):
    error = call("/spaces/list", body, status=400)["error"]
    assert set(error["validation_errors"]) == {"_errors", *body}


def test_profiles_are_listed_with_logos_that_load(demo_client, contract, anonymous):
    path = "/workspaces/customization_profiles/list"
    answer = demo_client.post(path, json={}).json()
    assert Validator(contract.routes[path].response).problems(answer) == []
    profiles = answer["customization_profiles"]
    assert len(profiles) == 3
    for profile in profiles:
        logo = anonymous.get(profile["logo_url"])
        assert (logo.status_code, logo.headers["content-type"]) == (200, "image/svg+xml")
    own = demo_client.post(path, json={"customer_key": "harbor-hotel"}).json()
    assert [each["name"] for each in own["customization_profiles"]] == ["Harbor Hotel"]
    assert not demo_client.post(path, json={"customer_key": "?"}).json()["customization_profiles"]


def test_providers_are_listed_by_category_with_pictures(call, client):
    everything = call("/devices/list_device_providers", {})["device_providers"]
    assert client.get(everything[0]["image_url"]).headers["content-type"] == "image/svg+xml"
    for category in {name for each in everything for name in each["provider_categories"]}:
        some = call("/devices/list_device_providers", {"provider_category": category})
        assert 0 < len(some["device_providers"]) < len(everything)
        for provider in some["device_providers"]:
            assert category in provider["provider_categories"]


def test_a_deep_link_opens_for_a_reservation_that_is_there(call, client):
    path = "/customers/reservations/create_deep_link"
    wanted = {"customer_key": "inn", "reservation_key": "b1"}
    assert call(path, wanted, status=404)["error"]["type"] == "customer_not_found"
    call("/customers/push_data", CUSTOMER)
    missing = wanted | {"reservation_key": "b2"}
    assert call(path, missing, status=404)["error"]["type"] == "reservation_not_found"
    deep_link = call(path, wanted)["deep_link"]
    assert deep_link["customer_portal_id"] in deep_link["url"]
    assert client.get(deep_link["url"]).status_code == 200


@pytest.mark.parametrize("path", ["/customers/create_portal", "/customers/push_data"])
def test_a_client_that_leaves_in_the_middle_is_no_failure(sandbox, client, caplog, path):
    address = urlsplit(sandbox.endpoint)
    for _ in range(5):
        with socket.create_connection((address.hostname, address.port)) as half_sent:
            head = (
                f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 100\r\n\r\n{{"
            )
            half_sent.sendall(head.encode())
        assert client.post("/workspaces/get").status_code == 200
    assert [record for record in caplog.records if record.name.startswith("seam_portal")] == []


@pytest.mark.anyio
async def test_answers_are_sent_without_waiting_for_acknowledgements():
    options = []

    async def note_option(_reader, writer):
        connection = writer.get_extra_info("socket")
        options.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listener = _listen(0)
    async with await asyncio.start_server(note_option, sock=listener):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        await reader.read()
        writer.close()
    assert options == [1]
