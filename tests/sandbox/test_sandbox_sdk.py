"""The official SDK works with the sandbox. METHODS has its HTTP method of each route."""

from __future__ import annotations

import pytest
from seam import NULL, Seam, SeamWithoutWorkspace
from seam.exceptions import SeamHttpApiError, SeamHttpInvalidInputError, SeamHttpUnauthorizedError

METHODS = {
    "/workspaces/get": "GET",
    "/workspaces/list": "GET",
    "/customers/create_portal": "POST",
    "/customers/push_data": "POST",
    "/customers/delete_data": "DELETE",
    "/client_sessions/list": "GET",
    "/client_sessions/get": "GET",
    "/client_sessions/revoke": "POST",
    "/spaces/list": "GET",
    "/devices/list": "GET",
    "/devices/list_device_providers": "GET",
}


@pytest.fixture
def seam(sandbox):
    with Seam.from_api_key(sandbox.api_key, endpoint=sandbox.endpoint) as seam:
        yield seam


def test_the_sdk_calls_every_documented_route(seam, sandbox, contract):
    seam.customers.push_data(
        customer_key="inn",
        rooms=[{"room_key": f"r{number}", "name": f"Room {number}"} for number in range(3)],
    )
    portal = seam.customers.create_portal(customer_data={"customer_key": "inn"}, locale="de-DE")
    assert portal.customer_key == "inn"
    assert portal.workspace_id == seam.workspaces.get().workspace_id == sandbox.workspace_id
    assert [each.workspace_id for each in seam.workspaces.list()] == [sandbox.workspace_id]

    (session,) = seam.client_sessions.list(without_user_identifier_key=True)
    assert session.token in portal.url
    assert seam.client_sessions.get(client_session_id=session.client_session_id) == session
    seam.client_sessions.revoke(client_session_id=session.client_session_id)
    assert seam.client_sessions.list() == []

    spaces = seam.create_paginator(seam.spaces.list, {"limit": 2}).flatten_to_list()
    assert sorted(space.name for space in spaces) == ["Room 0", "Room 1", "Room 2"]
    assert seam.spaces.list(search="ROOM 1", page_cursor=NULL)[0].space_key == "r1"

    seam.customers.delete_data(room_keys=["r0", "r1"], guest_keys=[])
    assert [space.space_key for space in seam.spaces.list()] == ["r2"]
    assert len(seam.devices.list(customer_key="inn", limit=1)) == 1
    assert seam.devices.list(customer_key="somebody else") == []
    providers = seam.devices.list_device_providers(provider_category="thermostats")
    assert "ecobee" in [provider.device_provider_name for provider in providers]

    used = {request.path: request.method for request in sandbox.state.requests()}
    documented = {path for path, route in contract.routes.items() if route.is_documented}
    assert used == METHODS
    assert set(METHODS) == documented


def test_queries_arrive_as_the_values_that_were_given(seam, sandbox):
    seam.customers.delete_data(room_keys=["one, two", "three"], user_keys=["é&="])
    seam.customers.delete_data(room_keys=[], unit_keys=["single"])
    assert [request.body for request in sandbox.state.requests()] == [
        {"room_keys": ["one, two", "three"], "user_keys": ["é&="]},
        {"room_keys": [], "unit_keys": ["single"]},
    ]


def test_a_token_opens_only_its_workspace(sandbox):
    token = sandbox.personal_access_token
    with Seam.from_personal_access_token(
        token, sandbox.workspace_id, endpoint=sandbox.endpoint
    ) as seam:
        assert seam.workspaces.get().is_sandbox
    with (
        Seam.from_personal_access_token(token, "another", endpoint=sandbox.endpoint) as seam,
        pytest.raises(SeamHttpUnauthorizedError) as refused,
    ):
        seam.workspaces.get()
    assert refused.value.request_id
    with SeamWithoutWorkspace.from_personal_access_token(token, endpoint=sandbox.endpoint) as seam:
        assert len(seam.workspaces.list()) == 1


def test_the_sdk_understands_refusals(seam, sandbox):
    with pytest.raises(SeamHttpInvalidInputError) as invalid:
        seam.customers.create_portal(customer_data={"customer_key": "a"}, locale="xx")
    (problem,) = invalid.value.validation_errors
    assert problem.parameter_name == "locale"
    assert problem.error_messages[0].startswith("Invalid enum value")
    with pytest.raises(SeamHttpApiError) as missing:
        seam.client_sessions.get(client_session_id="00000000-0000-4000-8000-000000000000")
    assert missing.value.code == "client_session_not_found"
    assert missing.value.request_id
