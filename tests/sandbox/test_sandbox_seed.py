"""The demo's data follow the contract, and its links open the pages of their status."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import httpx
import pytest

from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord, PortalStatus
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.sandbox.demo.customers import demo_customers
from seam_portal_desktop.sandbox.demo.seed import demo_history
from seam_portal_desktop.sandbox.operations import profile_wire
from seam_portal_desktop.sandbox.portal_page.places import places_of, stays_of
from seam_portal_desktop.sandbox.server import SandboxConfig
from seam_portal_desktop.sandbox.validation import Validator
from tests.support.sandboxes import running_sandbox

NOW = datetime(2030, 6, 15, 9, 30, tzinfo=UTC)
CUSTOMERS = demo_customers(NOW)


@pytest.fixture(scope="module")
def history():
    with running_sandbox(SandboxConfig(with_demo_data=True), clock=lambda: NOW) as server:
        yield server, demo_history(server.state, NOW)


def status_of(demo):
    return PortalRecord(
        portal_id="",
        workspace_id="",
        workspace_kind=WorkspaceKind.SANDBOX,
        customer_key=demo.customer_key,
        outcome=demo.outcome,
        requested_at=demo.requested_at,
        created_at=demo.created_at,
        expires_at=demo.expires_at,
        revoked_at=demo.revoked_at,
    ).status(NOW)


@pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda customer: customer.data["customer_key"])
def test_the_contract_takes_every_customer(contract, customer):
    validator = Validator(contract.routes["/customers/push_data"].request)
    assert validator.problems(customer.data) == []
    for kind, key_name in contract.resource_keys.items():
        for item in customer.data.get(kind, ()):
            for name in (f"{item_key}s" for item_key in contract.resource_keys.values()):
                known = _keys_named(customer.data, contract, name)
                assert set(item.get(name, ())) <= known, (kind, item[key_name])


def _keys_named(data, contract, name):
    """The keys that ``room_keys`` may have; listing_keys may have property listings as well."""
    names = {"listing_keys": ("listing_key", "property_listing_key")}.get(name, (name[:-1],))
    return {
        item[key_name]
        for kind, key_name in contract.resource_keys.items()
        if key_name in names
        for item in data.get(kind, ())
    }


@pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda customer: customer.data["customer_key"])
def test_every_stay_has_a_place_and_some_are_current(customer):
    stays = stays_of(customer.data, places_of(customer.data))
    assert all(stay.places and stay.person for stay in stays)
    assert {"current", "upcoming"} <= {stay.phase(NOW) for stay in stays}


def test_the_contract_takes_every_profile(contract, history):
    server, _ = history
    path = "/workspaces/customization_profiles/list"
    validator = Validator(contract.routes[path].response)
    profiles = [profile_wire(profile, server.state) for profile in server.state.profiles()]
    assert validator.problems({"customization_profiles": profiles, "ok": True}) == []


def test_there_is_a_portal_in_every_state(history):
    _, portals = history
    statuses = Counter(map(status_of, portals))
    assert set(statuses) == set(PortalStatus) - {PortalStatus.REQUESTED, PortalStatus.DAMAGED}
    assert statuses[PortalStatus.ACTIVE] >= 4
    assert len(portals) >= 12
    assert portals == sorted(portals, key=lambda portal: portal.requested_at)


def test_each_link_opens_the_page_of_its_status(history):
    _, portals = history
    answers = {
        PortalStatus.ACTIVE: 200,
        PortalStatus.EXPIRING: 200,
        PortalStatus.EXPIRED: 410,
        PortalStatus.REVOKED: 403,
    }
    for demo in portals:
        if demo.outcome is Outcome.CREATED:
            answer = httpx.get(demo.url.reveal(), trust_env=False)
            assert answer.status_code == answers[status_of(demo)], demo.customer_key
        else:
            assert demo.url is None
            assert demo.failure is not None


def test_a_portal_with_an_unknown_outcome_does_exist(history):
    server, portals = history
    (unknown,) = [demo for demo in portals if demo.outcome is Outcome.UNKNOWN]
    assert unknown.customer_key in [each.customer_key for each in server.state.live_sessions()]


def test_the_requests_are_what_the_contract_takes(contract, history):
    validator = Validator(contract.routes["/customers/create_portal"].request)
    for demo in history[1]:
        assert validator.problems(demo.request) == []


def test_no_secret_is_in_a_repr(history):
    server, portals = history
    text = repr([portals, server.state.portals(), server.state.requests()])
    assert "seam_cst" not in text
    assert server.api_key not in repr(server.__dict__)
