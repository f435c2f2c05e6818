"""What a visitor's action does, as plain data for the server to store."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from seam_portal_desktop.sandbox.portal_page.devices import Device, devices_of
from seam_portal_desktop.sandbox.portal_page.places import (
    PLACE_KINDS,
    RESERVATION_KINDS,
    Place,
    parse_time,
    places_of,
    stays_of,
)
from seam_portal_desktop.sandbox.portal_page.view import PortalView

MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Automation:
    """A switch of the Automations section, and the ``allow_…`` that lets the customer turn it."""

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
    """An action that can't be done. ``error_type`` and ``status`` are for the HTTP answer."""

    def __init__(self, error_type: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Effects:
    """What to store: each part is to be merged into what is there.

    ``upserts`` are (kind, resource); ``deletions`` (kind, key); ``device_overrides`` maps a
    device_id to fields to set; ``events`` are to be appended.
    """

    upserts: tuple[tuple[str, dict[str, Any]], ...] = ()
    deletions: tuple[tuple[str, str], ...] = ()
    device_overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    connected_account: Mapping[str, Any] | None = None
    automations: Mapping[str, bool] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()


def perform_action(view: PortalView, body: Mapping[str, Any]) -> Effects:
    """Check `body` (see view.py) against what `view` allows. Raises ActionRefusedError."""
    if view.read_only:
        raise ActionRefusedError("read_only", "This portal is read-only.", 403)
    name = body.get("action")
    if not isinstance(name, str) or name not in _ACTIONS:
        raise ActionRefusedError("invalid_input", "There is no such action.")
    feature, perform = _ACTIONS[name]
    if not view.has_feature(feature):
        raise _forbidden()
    return perform(view, body)


def accepted_providers(view: PortalView) -> list[Mapping[str, Any]]:
    """The providers that the link lets the customer connect, in the service's order."""
    connect = view.feature("connect")
    accepted = connect.get("accepted_providers")
    excluded = connect.get("excluded_providers") or ()
    return [
        provider
        for provider in view.providers
        if (not accepted or provider["device_provider_name"] in accepted)
        and provider["device_provider_name"] not in excluded
    ]


def _connect_account(view: PortalView, body: Mapping[str, Any]) -> Effects:
    provider = body.get("provider")
    if provider not in [item["device_provider_name"] for item in accepted_providers(view)]:
        raise ActionRefusedError("not_found", "This provider can't be connected here.", 404)
    account = {
        "account_id": str(uuid.uuid4()),
        "device_provider_name": provider,
        "created_at": _now(view),
    }
    return Effects(
        connected_account=account,
        events=(_event(view, "connected_account.connected", str(provider)),),
    )


def _rename_device(view: PortalView, body: Mapping[str, Any]) -> Effects:
    device = _device(view, body.get("device_id"))
    name = _text(body, "name", required=False)
    return Effects(device_overrides={device.device_id: {"name": name}})


def _assign_device(view: PortalView, body: Mapping[str, Any]) -> Effects:
    device = _device(view, body.get("device_id"))
    place = None if body.get("place") is None else _place(view, body["place"]).ref
    return Effects(device_overrides={device.device_id: {"place": place}})


def _set_lock(view: PortalView, body: Mapping[str, Any]) -> Effects:
    ids, locked = body.get("device_ids"), body.get("locked")
    if not isinstance(ids, list) or not ids or not isinstance(locked, bool):
        raise ActionRefusedError("invalid_input", "set_lock takes device_ids and locked.")
    devices = [_device(view, device_id) for device_id in ids]
    if any(device.locked is None for device in devices):
        raise ActionRefusedError("invalid_input", "Only locks can be locked.")
    if not all(device.online for device in devices):
        raise ActionRefusedError("device_offline", "A device doesn't answer.", 409)
    kind = "lock.locked" if locked else "lock.unlocked"
    return Effects(
        device_overrides={device.device_id: {"locked": locked} for device in devices},
        events=tuple(_event(view, kind, device.device_id) for device in devices),
    )


def _add_staff(view: PortalView, body: Mapping[str, Any]) -> Effects:
    _require(view, "exclude_staff_management")
    member = {"staff_member_key": f"staff-{uuid.uuid4().hex[:12]}", "name": _text(body, "name")}
    for name in ("email_address", "phone_number"):
        if value := _text(body, name, required=False):
            member[name] = value
    return Effects(upserts=(("staff_members", member),))


def _remove_staff(view: PortalView, body: Mapping[str, Any]) -> Effects:
    _require(view, "exclude_staff_management")
    key = body.get("staff_member_key")
    known = [item.get("staff_member_key") for item in view.resources.get("staff_members") or ()]
    if not isinstance(key, str) or key not in known:
        raise _not_found()
    return Effects(deletions=(("staff_members", key),))


def _create_reservation(view: PortalView, body: Mapping[str, Any]) -> Effects:
    _require(view, "exclude_reservation_management")
    place = _place(view, body.get("place"))
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
        events=(_event(view, "reservation.created", name),),
    )


def _cancel_reservation(view: PortalView, body: Mapping[str, Any]) -> Effects:
    _require(view, "exclude_reservation_management")
    stays = stays_of(view.resources, places_of(view.resources))
    stay = next((stay for stay in stays if stay.ref == body.get("reservation")), None)
    if stay is None or stay.kind not in RESERVATION_KINDS:
        raise _not_found()
    return Effects(
        deletions=((stay.kind, stay.key),),
        events=(_event(view, "reservation.cancelled", stay.name),),
    )


def _set_automation(view: PortalView, body: Mapping[str, Any]) -> Effects:
    rule = next((rule for rule in AUTOMATIONS if rule.name == body.get("automation")), None)
    enabled = body.get("enabled")
    if rule is None or not isinstance(enabled, bool):
        raise ActionRefusedError("invalid_input", "set_automation takes automation and enabled.")
    if not view.feature("configure").get(rule.permission, False):
        raise _forbidden()
    return Effects(automations={rule.name: enabled})


_ACTIONS: dict[str, tuple[str, Callable[[PortalView, Mapping[str, Any]], Effects]]] = {
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


def _require(view: PortalView, exclusion: str) -> None:
    if view.feature("manage").get(exclusion, False):
        raise _forbidden()


def _device(view: PortalView, device_id: object) -> Device:
    for device in devices_of(view):
        if device.device_id == device_id:
            return device
    raise _not_found()


def _place(view: PortalView, ref: object) -> Place:
    for place in places_of(view.resources):
        if place.ref == ref:
            return place
    raise _not_found()


def _text(body: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_NAME or (required and not value.strip()):
        raise ActionRefusedError("invalid_input", f"{name} must be a text that isn't too long.")
    return value.strip()


def _now(view: PortalView) -> str:
    return view.now.astimezone(UTC).isoformat()


def _event(view: PortalView, event_type: str, subject: str) -> dict[str, Any]:
    return {"event_type": event_type, "occurred_at": _now(view), "subject": subject}


def _not_found() -> ActionRefusedError:
    return ActionRefusedError("not_found", "There is no such thing in this portal.", 404)


def _forbidden() -> ActionRefusedError:
    return ActionRefusedError("forbidden", "This portal doesn't allow that.", 403)
