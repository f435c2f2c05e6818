"""The request model is the contract: nothing is lost, added, or let through."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings

from seam_portal_desktop.domain.request import (
    CustomerData,
    Features,
    LandingPage,
    Locale,
    ManageDevicesFeature,
    ManageLanding,
    PortalRequest,
    RequestFormatError,
    Space,
    SpaceCustomerData,
    decode_request,
    encode_request,
)
from tests.support.contract import bodies, create_portal_schema, full_example

SCHEMA = create_portal_schema()


@settings(max_examples=200, deadline=None, database=None)
@given(bodies(SCHEMA))
def test_whatever_the_contract_allows_survives_a_round_trip(body):
    text = json.dumps(body)
    request = decode_request(text)
    again = encode_request(request)
    assert canonical(again) == canonical(text)
    assert decode_request(again) == request


def test_a_request_with_every_field_survives_a_round_trip():
    text = json.dumps(full_example(SCHEMA))
    assert canonical(encode_request(decode_request(text))) == canonical(text)


@pytest.mark.parametrize("option", SCHEMA["properties"]["deep_link"]["oneOf"])
def test_every_deep_link(option):
    text = json.dumps({"deep_link": full_example(option)})
    assert canonical(encode_request(decode_request(text))) == canonical(text)


def test_every_landing_page():
    places, stays = SCHEMA["properties"]["landing_page"]["properties"]["manage"]["oneOf"]
    options = places["oneOf"] + stays["oneOf"]
    assert len(options) == 13
    for option in options:
        text = json.dumps({"landing_page": {"manage": full_example(option)}})
        assert canonical(encode_request(decode_request(text))) == canonical(text)


def test_every_locale():
    assert [locale.value for locale in Locale] == SCHEMA["properties"]["locale"]["enum"]


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (PortalRequest(), "{}"),
        (PortalRequest(read_only=False), '{"read_only":false}'),
        (PortalRequest(features=Features()), '{"features":{}}'),
        (
            PortalRequest(features=Features(manage_devices=ManageDevicesFeature(exclude=False))),
            '{"features":{"manage_devices":{"exclude":false}}}',
        ),
        (
            PortalRequest(customer_data=CustomerData(customer_key="k", spaces=())),
            '{"customer_data":{"customer_key":"k","spaces":[]}}',
        ),
    ],
)
def test_omitted_false_and_empty_are_different(request_, text):
    assert encode_request(request_).decode() == text
    assert decode_request(text) == request_


def test_omitted_and_null_are_different():
    def data(**fields):
        space = Space(name="n", space_key="k", customer_data=SpaceCustomerData(**fields))
        return PortalRequest(customer_data=CustomerData(customer_key="c", spaces=(space,)))

    omitted, null = data(), data(time_zone=None)
    assert omitted != null
    assert b"time_zone" not in encode_request(omitted)
    assert b'"time_zone":null' in encode_request(null)
    assert decode_request(encode_request(null)) == null


def customer(**fields):
    return {"customer_data": {"customer_key": "k"} | fields}


def grant(**fields):
    return customer(access_grants=[{"access_grant_key": "g"} | fields])


def space(**fields):
    return customer(spaces=[{"space_key": "s", "name": "n"} | fields])


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], ""),
        ({"unknown": 1}, "unknown"),
        ({"customer_data": {}}, "customer_data.customer_key"),
        (customer(customer_key=""), "customer_data.customer_key"),
        (customer(guests=[{"name": "n"}]), "customer_data.guests.0.guest_key"),
        (customer(guests=[{"guest_key": "", "name": "n"}]), "customer_data.guests.0.guest_key"),
        (customer(guests=None), "customer_data.guests"),
        ({"features": {"connect": {"exclude": "no"}}}, "features.connect.exclude"),
        ({"features": {"organise": {}}}, "features.organise"),
        ({"locale": "en-GB"}, "locale"),
        ({"locale": None}, "locale"),
        ({"navigation_mode": "none"}, "navigation_mode"),
        ({"customization_profile_id": "x"}, "customization_profile_id"),
        ({"landing_page": {"manage": {}}}, "landing_page.manage"),
        ({"landing_page": {"manage": {"room_key": "a", "unit_key": "b"}}}, "landing_page.manage"),
        ({"deep_link": {"resource_type": "device", "resource_key": "a"}}, "deep_link.resource_key"),
        ({"deep_link": {"resource_type": "room", "resource_key": "a"}}, "deep_link.resource_type"),
        ({"deep_link": {"resource_key": "a"}}, "deep_link.resource_type"),
        (
            {"customer_resources_filters": [{"field": "é", "operation": "=", "value": "a"}]},
            "customer_resources_filters.0.field",
        ),
        (
            {"customer_resources_filters": [{"field": "a\n", "operation": "=", "value": "a"}]},
            "customer_resources_filters.0.field",
        ),
        (
            {"customer_resources_filters": [{"field": "a", "operation": "=", "value": 1}]},
            "customer_resources_filters.0.value",
        ),
        (
            {"customer_resources_filters": [{"field": "a", "value": "b"}]},
            "customer_resources_filters.0.operation",
        ),
        (grant(starts_at="2025-11-12"), "customer_data.access_grants.0.starts_at"),
        (grant(starts_at="2025-11-12T09:14:00"), "customer_data.access_grants.0.starts_at"),
        (grant(ends_at="2025-02-29T09:14:00Z"), "customer_data.access_grants.0.ends_at"),
        (grant(ends_at="２025-02-20T09:14:00Z"), "customer_data.access_grants.0.ends_at"),
        (space(duration_minutes=0), "customer_data.spaces.0.duration_minutes"),
        (space(geolocation={"latitude": 1}), "customer_data.spaces.0.geolocation.longitude"),
        (
            space(customer_data={"default_checkin_time": "24:00"}),
            "customer_data.spaces.0.customer_data.default_checkin_time",
        ),
        (
            customer(
                property_listings=[
                    {"property_listing_key": "p", "name": "n", "custom_metadata": {"a": "x" * 501}}
                ]
            ),
            "customer_data.property_listings.0.custom_metadata.*",
        ),
    ],
)
def test_refuses_what_the_contract_refuses(body, path):
    with pytest.raises(RequestFormatError) as caught:
        decode_request(json.dumps(body))
    assert caught.value.path == path
    assert caught.value.reason
    assert path in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", b"\xff", '{"locale":"en-US"} x', '{"a":' * 100_000])
def test_refuses_what_is_not_json(text):
    with pytest.raises(RequestFormatError) as caught:
        decode_request(text)
    assert caught.value.path in ("", "a")


def test_customer_key():
    assert PortalRequest().customer_key is None
    request = PortalRequest(customer_data=CustomerData(customer_key="harbor-hotel"))
    assert request.customer_key == "harbor-hotel"


def test_cannot_be_changed():
    request = PortalRequest(read_only=True)
    with pytest.raises(AttributeError):
        request.read_only = False


def test_a_landing_page_is_checked_when_it_is_made():
    with pytest.raises(ValueError, match="exactly one key"):
        LandingPage(manage=ManageLanding())


def canonical(text: str | bytes) -> bytes:
    """The same JSON without whitespace and in one order; 1, 1.0, true and "1" stay different."""
    return msgspec.json.encode(json.loads(text), order="sorted")
