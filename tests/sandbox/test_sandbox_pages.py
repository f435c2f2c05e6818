"""Which links open a portal, its security headers, and the changes of visitors."""

from __future__ import annotations

import uuid

import pytest

from seam_portal_desktop.sandbox import pages

INN = {
    "customer_key": "inn",
    "rooms": [{"room_key": "r1", "name": "Blue room"}],
    "property_listings": [
        {"property_listing_key": "p1", "name": "North", "custom_metadata": {"side": "n"}},
        {"property_listing_key": "p2", "name": "South", "custom_metadata": {"side": "s"}},
        {"property_listing_key": "p3", "name": "Nowhere"},
    ],
}


@pytest.fixture
def make(client):
    def make(**options):
        body = {"customer_data": INN, **options}
        answer = client.post("/customers/create_portal", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["customer_portal"]["url"]

    return make


@pytest.fixture
def drawn(monkeypatch):
    """The data of the pages that were drawn."""
    drawn = []
    monkeypatch.setattr(pages, "render_portal", lambda data: drawn.append(data) or "page")
    return drawn


def act(client, url, body, token=None):
    address, _, own = url.partition("?token=")
    headers = {"authorization": f"Bearer {own if token is None else token}"}
    return client.post(f"{address}/actions", json=body, headers=headers)


ADD_STAFF = {"action": "add_staff", "name": "Ada"}


def test_a_portal_has_its_security_headers(client, make):
    answer = client.get(make())
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    embedded = client.get(make(is_embedded=True))
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["", "?token=", "?token=seam_cst_not_a_real_token", "?token=é"])
def test_an_unknown_link_opens_nothing(client, make, token):
    url = make().partition("?")[0]
    answer = client.get(url + token)
    assert answer.status_code == 404
    assert 'data-portal-error="unknown"' in answer.text
    assert "inn" not in answer.text


def test_another_portals_token_opens_nothing(client, make):
    first, second = make(), make()
    mixed = first.partition("?")[0] + "?" + second.partition("?")[2]
    assert client.get(mixed).status_code == 404
    assert client.get(first.replace(first.split("/")[4][:36], str(uuid.uuid4()))).status_code == 404


def test_a_revoked_link_shows_its_error_page(client, make, sandbox):
    url = make(locale="fr-FR")
    sandbox.state.revoke(sandbox.state.portals()[0])
    answer = client.get(url)
    assert answer.status_code == 403
    assert 'data-portal-error="revoked"' in answer.text
    assert 'lang="fr-FR"' in answer.text


def test_the_page_is_given_the_request_with_defaults(client, make, drawn):
    client.get(make(locale="pl-PL", features={"connect": {"exclude": True}}) + "&locale=it-IT")
    (data,) = drawn
    assert (data.customer_key, data.display_locale) == ("inn", "it-IT")
    assert data.request["navigation_mode"] == "full"
    assert not data.has_feature("connect")
    assert data.has_feature("manage")
    assert "customer_data" not in data.request
    assert [room["name"] for room in data.resources["rooms"]] == ["Blue room"]


def test_an_open_page_follows_what_is_removed(client, make, drawn):
    url = make()
    client.get(url)
    client.delete("/customers/delete_data", params={"room_keys": ["r1"], "_strict": "true"})
    client.get(url)
    before, after = drawn
    assert [room["name"] for room in before.resources["rooms"]] == ["Blue room"]
    assert "rooms" not in after.resources


def test_filters_leave_out_what_does_not_match(client, make, drawn):
    filters = [{"field": "side", "operation": "=", "value": "n"}]
    client.get(make(customer_resources_filters=filters))
    (data,) = drawn
    assert [each["name"] for each in data.resources["property_listings"]] == ["North"]
    assert len(data.resources["rooms"]) == 1


def test_a_link_has_the_customers_profile_or_its_own(demo, demo_client, drawn):
    def visit(**options):
        body = {"customer_data": {"customer_key": "pulse-gyms"}, **options}
        portal = demo_client.post("/customers/create_portal", json=body).json()["customer_portal"]
        demo_client.get(portal["url"])
        return drawn[-1]

    own = visit()
    assert own.profile["name"] == "Pulse Gyms"
    assert own.feature("manage")["exclude_reservation_technical_details"] is True
    asked = visit(features={"manage": {"exclude_reservation_technical_details": False}})
    assert asked.feature("manage")["exclude_reservation_technical_details"] is False
    harbor = next(p for p in demo.state.profiles() if p.wire["name"] == "Harbor Hotel")
    other = visit(customization_profile_id=harbor.customization_profile_id)
    assert other.profile["name"] == "Harbor Hotel"
    assert other.feature("manage")["exclude_reservation_technical_details"] is False


def test_a_visitors_action_is_stored_and_recorded(client, make, sandbox, drawn):
    url = make()
    assert act(client, url, ADD_STAFF).json() == {"ok": True}
    client.get(url)
    assert [each["name"] for each in drawn[-1].resources["staff_members"]] == ["Ada"]
    (mutation,) = sandbox.state.mutations()
    assert mutation.action == ADD_STAFF

    account = {"action": "connect_account", "provider": "yale"}
    assert act(client, url, account).status_code == 200
    (session,) = client.post("/client_sessions/list").json()["client_sessions"]
    assert len(session["connected_account_ids"]) == 1
    found = client.post(
        "/spaces/list", json={"connected_account_id": session["connected_account_ids"][0]}
    )
    assert found.status_code == 200


def test_nothing_changes_through_a_read_only_portal(client, make, sandbox):
    answer = act(client, make(read_only=True), ADD_STAFF)
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "read_only")
    assert sandbox.state.mutations() == []


def test_nothing_changes_without_a_live_token(client, make, sandbox):
    url = make()
    assert act(client, url, ADD_STAFF, token="seam_cst_not_a_real_token").status_code == 401
    assert act(client, url, ADD_STAFF, token=sandbox.api_key).status_code == 401
    sandbox.state.revoke(sandbox.state.portals()[0])
    assert act(client, url, ADD_STAFF).status_code == 401
    assert sandbox.state.mutations() == []


@pytest.mark.parametrize("body", [[], {}, {"action": "fly"}, {"action": ["add_staff"]}])
def test_an_unknown_action_changes_nothing(client, make, sandbox, body):
    assert act(client, make(), body).status_code == 400
    assert sandbox.state.mutations() == []


def test_an_unknown_picture_is_not_found(client):
    assert client.get("/assets/providers/yale.svg").status_code == 200
    for path in ("/assets/providers/nope.svg", "/assets/logos/yale.svg", "/assets/x/yale.svg"):
        assert client.get(path).status_code == 404
