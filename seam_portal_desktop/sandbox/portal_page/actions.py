"""The effects of a visitor's action, as plain data that the server stores."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from seam_portal_desktop.sandbox.portal_page.data import PageData
from seam_portal_desktop.sandbox.portal_page.devices import PageDevice, devices_of
from seam_portal_desktop.sandbox.portal_page.places import (
    PLACE_KINDS,
    RESERVATION_KINDS,
    PagePlace,
    parse_time,
    places_of,
    stays_of,
)

MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Automation:
    """A switch of the Automations section. ``permission`` is the ``allow_…`` that enables it."""

    name: str
    group: str
    permission: str
    default: bool


_ACCESS = ("access", "allow_access_automation_rule_customization")
_CLIMATE = ("climate", "allow_climate_automation_rule_customization")
_INSTANT = ("instant", "allow_instant_key_customization")

AUTOMATIONS = (
    Automation("door_codes", *_ACCESS, default=True),
    Automation("early_code", *_ACCESS, default=True),
    Automation("late_code", *_ACCESS, default=False),
    Automation("welcome_climate", *_CLIMATE, default=True),
    Automation("vacant_climate", *_CLIMATE, default=True),
    Automation("instant_key", *_INSTANT, default=False),
)


class ActionRefusedError(Exception):
    """The action can't be done. ``error_type`` and ``status`` are for the HTTP answer."""

    def __init__(self, error_type: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Effects:
    """The changes to store. Each part is merged into the existing data.

    ``upserts`` are (kind, resource), ``deletions`` (kind, key). ``device_overrides`` maps a
    device_id to the fields to set. ``events`` are appended.
    """

    upserts: tuple[tuple[str, dict[str, Any]], ...] = ()
    deletions: tuple[tuple[str, str], ...] = ()
    device_overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    connected_account: Mapping[str, Any] | None = None
    automations: Mapping[str, bool] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()


def perform_action(data: PageData, body: Mapping[str, Any]) -> Effects:
    """Check `body` (see data.py) against what `data` allows. Raises ActionRefusedError."""
    if data.read_only:
        raise ActionRefusedError("read_only", "This portal is read-only.", 403)
    name = body.get("action")
    if not isinstance(name, str) or name not in _ACTIONS:
        raise ActionRefusedError("invalid_input", "There is no such action.")
    feature, perform = _ACTIONS[name]
    if not data.has_feature(feature):
        raise _forbidden()
    return perform(data, body)


def accepted_providers(data: PageData) -> list[Mapping[str, Any]]:
    """The providers that the customer may connect by this link, in the service's order."""
    connect = data.feature("connect")
    accepted = connect.get("accepted_providers")
    excluded = connect.get("excluded_providers") or ()
    return [
        provider
        for provider in data.providers
        if (not accepted or provider["device_provider_name"] in accepted)
        and provider["device_provider_name"] not in excluded
    ]


def _connect_account(data: PageData, body: Mapping[str, Any]) -> Effects:
    provider = body.get("provider")
    if provider not in [item["device_provider_name"] for item in accepted_providers(data)]:
        raise ActionRefusedError("not_found", "This provider can't be connected here.", 404)
    account = {
        "account_id": str(uuid.uuid4()),
        "device_provider_name": provider,
        "created_at": _now(data),
    }
    return Effects(
        connected_account=account,
        events=(_event(data, "connected_account.connected", str(provider)),),
    )


def _rename_device(data: PageData, body: Mapping[str, Any]) -> Effects:
    device = _device(data, body.get("device_id"))
    name = _text(body, "name", required=False)
    return Effects(device_overrides={device.device_id: {"name": name}})


def _assign_device(data: PageData, body: Mapping[str, Any]) -> Effects:
    device = _device(data, body.get("device_id"))
    place = None if body.get("place") is None else _place(data, body["place"]).ref
    return Effects(device_overrides={device.device_id: {"place": place}})


def _set_lock(data: PageData, body: Mapping[str, Any]) -> Effects:
    ids, locked = body.get("device_ids"), body.get("locked")
    if not isinstance(ids, list) or not ids or not isinstance(locked, bool):
        raise ActionRefusedError("invalid_input", "set_lock takes device_ids and locked.")
    devices = [_device(data, device_id) for device_id in ids]
    if any(device.locked is None for device in devices):
        raise ActionRefusedError("invalid_input", "Only locks can be locked.")
    if not all(device.online for device in devices):
        raise ActionRefusedError("device_offline", "A device doesn't answer.", 409)
    kind = "lock.locked" if locked else "lock.unlocked"
    return Effects(
        device_overrides={device.device_id: {"locked": locked} for device in devices},
        events=tuple(_event(data, kind, device.device_id) for device in devices),
    )


def _add_staff(data: PageData, body: Mapping[str, Any]) -> Effects:
    _require(data, "exclude_staff_management")
    member = {"staff_member_key": f"staff-{uuid.uuid4().hex[:12]}", "name": _text(body, "name")}
    for name in ("email_address", "phone_number"):
        if value := _text(body, name, required=False):
            member[name] = value
    return Effects(upserts=(("staff_members", member),))


def _remove_staff(data: PageData, body: Mapping[str, Any]) -> Effects:
    _require(data, "exclude_staff_management")
    key = body.get("staff_member_key")
    known = [item.get("staff_member_key") for item in data.resources.get("staff_members") or ()]
    if not isinstance(key, str) or key not in known:
        raise _not_found()
    return Effects(deletions=(("staff_members", key),))


def _create_reservation(data: PageData, body: Mapping[str, Any]) -> Effects:
    _require(data, "exclude_reservation_management")
    place = _place(data, body.get("place"))
    starts_at, ends_at = parse_time(body.get("starts_at")), parse_time(body.get("ends_at"))
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise ActionRefusedError("invalid_dates", "A reservation ends after it starts.")
    key, name = uuid.uuid4().hex[:12], _text(body, "name")
    guest = {"guest_key": f"guest-{key}", "name": name}
    reservation = {
        "reservation_key": f"reservation-{key}",
        "name": name,
        "guest_key": guest["guest_key"],
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        f"{PLACE_KINDS[place.kind]}s": [place.key],
    }
    return Effects(
        upserts=(("guests", guest), ("reservations", reservation)),
        events=(_event(data, "reservation.created", name),),
    )


def _cancel_reservation(data: PageData, body: Mapping[str, Any]) -> Effects:
    _require(data, "exclude_reservation_management")
    stays = stays_of(data.resources, places_of(data.resources))
    stay = next((stay for stay in stays if stay.ref == body.get("reservation")), None)
    if stay is None or stay.kind not in RESERVATION_KINDS:
        raise _not_found()
    return Effects(
        deletions=((stay.kind, stay.key),),
        events=(_event(data, "reservation.cancelled", stay.name),),
    )


def _set_automation(data: PageData, body: Mapping[str, Any]) -> Effects:
    rule = next((rule for rule in AUTOMATIONS if rule.name == body.get("automation")), None)
    enabled = body.get("enabled")
    if rule is None or not isinstance(enabled, bool):
        raise ActionRefusedError("invalid_input", "set_automation takes automation and enabled.")
    if not data.feature("configure").get(rule.permission, False):
        raise _forbidden()
    return Effects(automations={rule.name: enabled})


_ACTIONS: dict[str, tuple[str, Callable[[PageData, Mapping[str, Any]], Effects]]] = {
    "connect_account": ("connect", _connect_account),
    "rename_device": ("manage_devices", _rename_device),
    "assign_device": ("organize", _assign_device),
    "set_lock": ("manage_devices", _set_lock),
    "add_staff": ("manage", _add_staff),
    "remove_staff": ("manage", _remove_staff),
    "create_reservation": ("manage", _create_reservation),
    "cancel_reservation": ("manage", _cancel_reservation),
    "set_automation": ("configure", _set_automation),
}


def _require(data: PageData, exclusion: str) -> None:
    if data.feature("manage").get(exclusion, False):
        raise _forbidden()


def _device(data: PageData, device_id: object) -> PageDevice:
    for device in devices_of(data):
        if device.device_id == device_id:
            return device
    raise _not_found()


def _place(data: PageData, ref: object) -> PagePlace:
    for place in places_of(data.resources):
        if place.ref == ref:
            return place
    raise _not_found()


def _text(body: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_NAME or (required and not value.strip()):
        raise ActionRefusedError("invalid_input", f"{name} must be a text that isn't too long.")
    return value.strip()


def _now(data: PageData) -> str:
    return data.now.astimezone(UTC).isoformat()


def _event(data: PageData, event_type: str, subject: str) -> dict[str, Any]:
    return {"event_type": event_type, "occurred_at": _now(data), "subject": subject}


def _not_found() -> ActionRefusedError:
    return ActionRefusedError("not_found", "There is no such thing in this portal.", 404)


def _forbidden() -> ActionRefusedError:
    return ActionRefusedError("forbidden", "This portal doesn't allow that.", 403)
