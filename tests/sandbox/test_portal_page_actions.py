"""The actions of visitors, and their effects."""

from __future__ import annotations

import pytest

from seam_portal_desktop.sandbox.portal_page import (
    ActionRefusedError,
    perform_action,
)
from seam_portal_desktop.sandbox.portal_page.devices import devices_for
from tests.support.portal_page_kit import HOTEL, NOW, page_data

LOCK = next(device for device in devices_for(HOTEL) if device.locked is not None)
STAY = {
    "action": "create_reservation",
    "name": "Dan",
    "place": "rooms:r2",
    "starts_at": "2026-04-01T15:00:00+02:00",
    "ends_at": "2026-04-03T11:00:00+02:00",
}


def done(body, **changes):
    return perform_action(page_data(**changes), body)


def refused(body, **changes):
    with pytest.raises(ActionRefusedError) as caught:
        done(body, **changes)
    return caught.value.error_type, caught.value.status


def test_the_same_customer_has_the_same_devices():
    assert devices_for(HOTEL) == devices_for(HOTEL)
    devices = devices_for(HOTEL)
    assert {d.place for d in devices if d.locked is not None} == {
        "rooms:r1",
        "rooms:r2",
        "common_areas:spa",
    }
    assert len({d.device_id for d in devices}) == len(devices)


def test_a_connected_account_has_devices_without_a_place():
    effects = done({"action": "connect_account", "provider": "yale"})
    assert effects.connected_account["created_at"] == NOW.isoformat()
    devices = devices_for(HOTEL, [effects.connected_account])
    new = [device for device in devices if device.place is None]
    assert [device.provider for device in new] == ["yale", "yale"]
    moved = done(
        {"action": "assign_device", "device_id": new[0].device_id, "place": "rooms:r1"},
        connected_accounts=[effects.connected_account],
    )
    after = devices_for(HOTEL, [effects.connected_account], moved.device_overrides)
    assert sum(device.place is None for device in after) == 1


def test_a_provider_that_is_not_offered_is_refused():
    request = {"features": {"connect": {"excluded_providers": ["yale"]}}}
    body = {"action": "connect_account", "provider": "yale"}
    assert refused(body, request=request) == ("not_found", 404)


def test_a_lock_is_switched():
    body = {"action": "set_lock", "device_ids": [LOCK.device_id], "locked": not LOCK.locked}
    effects = done(body)
    after = devices_for(HOTEL, (), effects.device_overrides)
    assert next(d for d in after if d.device_id == LOCK.device_id).locked is not LOCK.locked
    assert [event["subject"] for event in effects.events] == [LOCK.device_id]


def test_a_device_is_renamed_and_gets_its_derived_name_again():
    body = {"action": "rename_device", "device_id": LOCK.device_id, "name": " Front "}
    assert done(body).device_overrides == {LOCK.device_id: {"name": "Front"}}
    assert done({**body, "name": ""}).device_overrides == {LOCK.device_id: {"name": ""}}


def test_staff_are_added_and_removed():
    ((kind, member),) = done({"action": "add_staff", "name": "Eve", "email_address": ""}).upserts
    assert (kind, member["name"], "email_address" in member) == ("staff_members", "Eve", False)
    gone = done({"action": "remove_staff", "staff_member_key": "s1"})
    assert gone.deletions == (("staff_members", "s1"),)


def test_a_reservation_is_created_and_cancelled():
    (_, guest), (kind, stay) = done(STAY).upserts
    assert kind == "reservations"
    assert stay["room_keys"] == ["r2"]
    assert stay["guest_key"] == guest["guest_key"]
    body = {"action": "cancel_reservation", "reservation": "reservations:now"}
    assert done(body).deletions == (("reservations", "now"),)


def test_a_reservation_ends_after_it_starts():
    backwards = {**STAY, "ends_at": STAY["starts_at"]}
    assert refused(backwards) == ("invalid_dates", 400)
    assert refused({**STAY, "starts_at": "soon"}) == ("invalid_dates", 400)


def test_automations_need_their_permission():
    body = {"action": "set_automation", "automation": "vacant_climate", "enabled": False}
    assert refused(body) == ("forbidden", 403)
    request = {"features": {"configure": {"allow_climate_automation_rule_customization": True}}}
    assert done(body, request=request).automations == {"vacant_climate": False}
    assert refused({**body, "automation": "door_codes"}, request=request) == ("forbidden", 403)


@pytest.mark.parametrize(
    ("body", "feature"),
    [
        ({"action": "connect_account", "provider": "yale"}, {"connect": {"exclude": True}}),
        ({"action": "set_lock"}, {"manage_devices": {"exclude": True}}),
        ({"action": "assign_device"}, {"organize": {"exclude": True}}),
        ({"action": "add_staff", "name": "x"}, {"manage": {"exclude_staff_management": True}}),
        (STAY, {"manage": {"exclude_reservation_management": True}}),
        ({"action": "set_automation"}, {"configure": {"exclude": True}}),
    ],
)
def test_an_excluded_feature_refuses_its_actions(body, feature):
    assert refused(body, request={"features": feature}) == ("forbidden", 403)


def test_read_only_refuses_everything():
    assert refused(STAY, read_only=True) == ("read_only", 403)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": ["set_lock"]},
        {"action": "no_such"},
        {"action": "set_lock", "device_ids": "all", "locked": True},
        {"action": "set_lock", "device_ids": [LOCK.device_id], "locked": "yes"},
        {"action": "add_staff", "name": "   "},
        {"action": "add_staff", "name": "x" * 201},
        {"action": "add_staff", "name": "x", "phone_number": 7},
    ],
)
def test_an_invalid_action_is_refused(body):
    assert refused(body) == ("invalid_input", 400)


@pytest.mark.parametrize(
    "body",
    [
        {"action": "rename_device", "device_id": "none", "name": "x"},
        {"action": "assign_device", "device_id": LOCK.device_id, "place": "rooms:none"},
        {"action": "remove_staff", "staff_member_key": None},
        {"action": "cancel_reservation", "reservation": "rooms:r1"},
        {**STAY, "place": {"room": "r1"}},
    ],
)
def test_an_action_on_an_unknown_thing_is_refused(body):
    assert refused(body) == ("not_found", 404)
