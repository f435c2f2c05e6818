"""A bad request is refused in Seam's shape, at the field that is wrong."""

from __future__ import annotations

import pytest

from seam_portal_desktop.sandbox.api import MAX_BODY
from seam_portal_desktop.sandbox.contract import with_defaults

OK = {"customer_key": "k"}
UNKNOWN_PROFILE = "00000000-0000-4000-8000-000000000000"

# (body, {dotted path: a part of the reason})
REFUSED = [
    ([], {"": "Expected object, received array"}),
    (7, {"": "Expected object, received number"}),
    ({}, {"customer_data": "Required"}),
    ({"customer_data": None}, {"customer_data": "received null"}),
    ({"customer_data": {}}, {"customer_data.customer_key": "Required"}),
    ({"customer_data": {"customer_key": ""}}, {"customer_data.customer_key": "at least 1"}),
    ({"customer_data": {"customer_key": 5}}, {"customer_data.customer_key": "received number"}),
    ({"customer_data": OK, "colour": 1}, {"colour": "Unrecognized key"}),
    ({"customer_data": OK | {"rooms": {}}}, {"customer_data.rooms": "Expected array"}),
    (
        {"customer_data": OK | {"rooms": [{"room_key": "a", "name": "A"}, {"name": "B", "x": 1}]}},
        {"customer_data.rooms.1.room_key": "Required", "customer_data.rooms.1.x": "Unrecognized"},
    ),
    (
        {"customer_data": OK | {"reservations": [{"reservation_key": "a", "starts_at": "today"}]}},
        {"customer_data.reservations.0.starts_at": "Invalid datetime"},
    ),
    (
        {
            "customer_data": OK
            | {"spaces": [{"space_key": "a", "name": "A", "duration_minutes": 0}]}
        },
        {"customer_data.spaces.0.duration_minutes": "greater than 0"},
    ),
    (
        {
            "customer_data": OK
            | {
                "spaces": [
                    {"space_key": "a", "name": "A", "customer_data": {"default_checkin_time": "9"}}
                ]
            }
        },
        {"customer_data.spaces.0.customer_data.default_checkin_time": "Invalid format"},
    ),
    (
        {
            "customer_data": OK
            | {"reservations": [{"reservation_key": "a", "custom_metadata": {"n": 4}}]}
        },
        {"customer_data.reservations.0.custom_metadata.n": "string or boolean or null"},
    ),
    (
        {
            "customer_data": OK
            | {"reservations": [{"reservation_key": "a", "custom_metadata": {"n": "x" * 501}}]}
        },
        {"customer_data.reservations.0.custom_metadata.n": "at most 500"},
    ),
    ({"customer_data": OK, "locale": "en"}, {"locale": "Expected 'en-US' | 'pt-PT'"}),
    ({"customer_data": OK, "is_embedded": "true"}, {"is_embedded": "Expected boolean"}),
    ({"customer_data": OK, "navigation_mode": "none"}, {"navigation_mode": "Invalid enum"}),
    ({"customer_data": OK, "customization_profile_id": "x"}, {"customization_profile_id": "uuid"}),
    (
        {"customer_data": OK, "customization_profile_id": UNKNOWN_PROFILE},
        {"customization_profile_id": "no such customization profile"},
    ),
    (
        {"customer_data": OK, "features": {"manage": {"exclude": 1}}},
        {"features.manage.exclude": "Expected boolean"},
    ),
    (
        {
            "customer_data": OK,
            "features": {"connect": {"accepted_providers": [], "excluded_providers": []}},
        },
        {"features.connect.excluded_providers": "can't be given together"},
    ),
    ({"customer_data": OK, "deep_link": {}}, {"deep_link.resource_type": "discriminator"}),
    (
        {"customer_data": OK, "deep_link": {"resource_type": "car", "resource_key": "a"}},
        {"deep_link.resource_type": "'reservation' | 'space' | 'device'"},
    ),
    (
        {"customer_data": OK, "deep_link": {"resource_type": "device", "resource_key": "a"}},
        {"deep_link.resource_id": "Required", "deep_link.resource_key": "Unrecognized"},
    ),
    ({"customer_data": OK, "landing_page": {"manage": {}}}, {"landing_page.manage": "one of"}),
    (
        {"customer_data": OK, "landing_page": {"manage": {"space_key": "a", "room_key": "b"}}},
        {"landing_page.manage": "exactly one of"},
    ),
    (
        {"customer_data": OK, "landing_page": {"manage": {"booking_key": 1}}},
        {"landing_page.manage.booking_key": "Expected string"},
    ),
    (
        {"customer_data": OK, "landing_page": {"manage": "home"}},
        {"landing_page.manage": "Expected object, received string"},
    ),
    (
        {
            "customer_data": OK,
            "customer_resources_filters": [{"field": "a b\n", "operation": "<", "value": 1}],
        },
        {
            "customer_resources_filters.0.field": "Invalid format",
            "customer_resources_filters.0.operation": "Invalid enum",
            "customer_resources_filters.0.value": "Expected string or boolean",
        },
    ),
]


def flat(node, path=()):
    """{dotted path: reasons} of Seam's nested validation_errors."""
    found = {".".join(path): node["_errors"]} if node["_errors"] else {}
    for name, child in node.items():
        if name != "_errors":
            found |= flat(child, (*path, name))
    return found


@pytest.mark.parametrize(("body", "expected"), REFUSED)
def test_a_refusal_names_the_field(demo_client, body, expected):
    answer = demo_client.post("/customers/create_portal", json=body)
    assert answer.status_code == 400
    assert answer.json()["ok"] is False
    error = answer.json()["error"]
    assert error["type"] == "invalid_input"
    reasons = flat(error["validation_errors"])
    assert set(reasons) == set(expected)
    for path, part in expected.items():
        assert part in " ".join(reasons[path])


def test_the_shape_is_seams_at_every_level(demo_client):
    body = {"customer_data": {"customer_key": ""}}
    error = demo_client.post("/customers/create_portal", json=body).json()["error"]
    message = "String must contain at least 1 character(s)"
    assert error == {
        "type": "invalid_input",
        "message": f"{message} at customer_data.customer_key",
        "validation_errors": {
            "_errors": [],
            "customer_data": {"_errors": [], "customer_key": {"_errors": [message]}},
        },
    }


def test_a_refused_portal_leaves_nothing_behind(client, sandbox):
    body = {"customer_data": OK, "customization_profile_id": UNKNOWN_PROFILE}
    assert client.post("/customers/create_portal", json=body).status_code == 400
    assert sandbox.state.customers() == []
    assert sandbox.state.portals() == []


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"limit": NaN}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"customer_key=a", "application/x-www-form-urlencoded"),
        (b"{}", "text/plain"),
        (b'{"search": "' + b"x" * MAX_BODY + b'"}', "application/json"),
    ],
    ids=["cut off", "not UTF-8", "NaN", "too deep", "form", "wrong type", "too large"],
)
def test_a_body_that_is_no_json_object_is_refused(demo_client, content, content_type):
    answer = demo_client.post(
        "/spaces/list", content=content, headers={"content-type": content_type}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_input"


@pytest.mark.parametrize("limit", ["1e999", "-1", "true", '"5"'])
def test_a_limit_that_is_no_usable_number_is_refused(demo_client, limit):
    answer = demo_client.post(
        "/spaces/list",
        content=f'{{"limit": {limit}}}'.encode(),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400


def test_routes_without_parameters_take_none(demo_client):
    assert demo_client.post("/workspaces/get", json={}).status_code == 200
    assert demo_client.post("/workspaces/get", json={"a": 1}).status_code == 400
    assert demo_client.get("/workspaces/get?a=1").status_code == 400


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("limit=many", "limit"),
        ("limit=NaN", "limit"),
        ("search=", "search"),
        ("colour=1", "colour"),
    ],
)
def test_a_query_is_checked_as_a_body_is(demo_client, query, path):
    answer = demo_client.get(f"/spaces/list?{query}&_strict=true")
    assert set(flat(answer.json()["error"]["validation_errors"])) == {path}


def test_unknown_routes_and_methods_are_refused_in_seams_shape(demo_client):
    missing = demo_client.post("/customers/unknown")
    assert (missing.status_code, missing.json()["error"]["type"]) == (404, "not_found")
    wrong = demo_client.get("/customers/create_portal")
    assert (wrong.status_code, wrong.json()["error"]["type"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "POST"
    assert missing.headers["seam-request-id"] != wrong.headers["seam-request-id"]


def test_a_nullable_field_may_be_null(client):
    assert client.post("/spaces/list", json={"page_cursor": None}).status_code == 200
    data = OK | {"reservations": [{"reservation_key": "a", "custom_metadata": {"n": None}}]}
    answer = client.post("/customers/create_portal", json={"customer_data": data})
    assert answer.status_code == 200


def test_defaults_are_added_for_missing_fields(contract):
    schema = contract.routes["/customers/create_portal"].request
    filled = with_defaults(schema, {"read_only": True, "features": {"manage": {"exclude": True}}})
    assert filled["read_only"] is True
    assert filled["is_embedded"] is False
    assert filled["features"]["manage"]["exclude"] is True
    assert filled["features"]["connect"] == {"exclude": False}
    assert "locale" not in filled
