"""Everything that can be said about a request before it is sent.

First the contract, field by field; then, once that holds, what the contract can't express: what
the service refuses nevertheless, and what is allowed but hardly meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct

from seam_portal_desktop.domain.request import (
    CustomerData,
    DeviceManagementConfirmation,
    EventsFilter,
    PortalRequest,
)
from seam_portal_desktop.domain.request.problems import (
    Checked,
    Problem,
    ProblemLevel,
    check_against_contract,
)

__all__ = [
    "CONFIRMATION_TOKENS",
    "Checked",
    "Problem",
    "ProblemLevel",
    "check_request",
    "check_rules",
]

CONFIRMATION_TOKENS = frozenset({"count"})
"""What Seam puts in for a ``{name}`` in the texts that confirm an action on devices."""

_TOKEN = re.compile(r"\{([^{}]*)\}")

_KEY_OF = {
    "access_grants": "access_grant_key",
    "bookings": "booking_key",
    "buildings": "building_key",
    "common_areas": "common_area_key",
    "facilities": "facility_key",
    "guests": "guest_key",
    "listings": "listing_key",
    "properties": "property_key",
    "property_listings": "property_listing_key",
    "reservations": "reservation_key",
    "residents": "resident_key",
    "rooms": "room_key",
    "sites": "site_key",
    "spaces": "space_key",
    "staff_members": "staff_member_key",
    "tenants": "tenant_key",
    "units": "unit_key",
    "user_identities": "user_identity_key",
    "users": "user_key",
}
"""The field that names a resource, by the kind of resource."""

_KIND_OF = {key: kind for kind, key in _KEY_OF.items()} | {"parent_site_key": "sites"}


def check_request(wire: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a request as JSON holds it; empty when it can be sent as it is.

    The rules beyond the contract are looked at once the contract holds.
    """
    checked = check_against_contract(wire)
    return list(checked.problems) if checked.request is None else check_rules(checked.request)


def check_rules(request: PortalRequest) -> list[Problem]:
    """What is wrong with a request that holds to the contract."""
    problems = [*_customer(request), *_features(request), *_opens_at(request)]
    if request.customer_data is not UNSET:
        problems += [*_duplicates(request.customer_data), *_windows(request.customer_data)]
        problems += _dangling(request.customer_data)
    return problems


def _customer(request: PortalRequest) -> Iterator[Problem]:
    if request.customer_data is UNSET:
        yield Problem("customer_data.customer_key", "A customer key is needed")


def _features(request: PortalRequest) -> Iterator[Problem]:
    if request.features is UNSET:
        return
    connect, manage = request.features.connect, request.features.manage
    if connect is not UNSET and UNSET not in (
        connect.accepted_providers,
        connect.excluded_providers,
    ):
        yield Problem(
            "features.connect.excluded_providers",
            "Providers are either accepted or excluded; Seam refuses both lists together",
        )
    if manage is not UNSET and manage.events is not UNSET:
        yield from _events(manage.events)
    if manage is not UNSET and manage.device_management_confirmation is not UNSET:
        yield from _confirmation(manage.device_management_confirmation)


def _events(events: EventsFilter) -> Iterator[Problem]:
    if events.allowed_events is UNSET:
        return
    for index, event in enumerate(_each(events.default_events)):
        if event not in events.allowed_events:
            path = f"features.manage.events.default_events.{index}"
            yield Problem(path, f"{event} is not among the allowed events")


def _confirmation(texts: DeviceManagementConfirmation) -> Iterator[Problem]:
    for name, text in _set_fields(texts):
        path = f"features.manage.device_management_confirmation.{name}"
        for token in _TOKEN.findall(text):
            if token not in CONFIRMATION_TOKENS:
                reason = f"{{{token}}} means nothing here; only {{count}} is filled in"
                yield Problem(path, reason)


def _opens_at(request: PortalRequest) -> Iterator[Problem]:
    landing, link = request.landing_page, request.deep_link
    if UNSET not in (landing, link):
        reason = "The portal opens at the deep link, so the landing page is not seen"
        yield Problem("landing_page", reason, ProblemLevel.WARNING)
    if request.customer_data is UNSET:
        return
    if landing is not UNSET and landing.manage is not UNSET:
        for name, key in _set_fields(landing.manage):
            path = f"landing_page.manage.{name}"
            yield from _unknown_here(path, name, key, request.customer_data)


def _duplicates(data: CustomerData) -> Iterator[Problem]:
    for kind, key_name in _KEY_OF.items():
        first: dict[str, int] = {}
        for index, resource in enumerate(_each(getattr(data, kind))):
            key = getattr(resource, key_name)
            if first.setdefault(key, index) != index:
                path = f"customer_data.{kind}.{index}.{key_name}"
                yield Problem(path, f"Row {first[key] + 1} has the same key")


def _windows(data: CustomerData) -> Iterator[Problem]:
    for kind in ("access_grants", "bookings", "reservations"):
        for index, stay in enumerate(_each(getattr(data, kind))):
            if UNSET in (stay.starts_at, stay.ends_at):
                continue
            if _moment(stay.ends_at) < _moment(stay.starts_at):
                path = f"customer_data.{kind}.{index}.ends_at"
                yield Problem(path, "It ends before it starts")


def _dangling(data: CustomerData) -> Iterator[Problem]:
    """References to what isn't in this request. Seam may know it from before."""
    keys = {
        kind: {getattr(each, key_name) for each in _each(getattr(data, kind))}
        for kind, key_name in _KEY_OF.items()
    }
    for kind, own_key in _KEY_OF.items():
        for index, resource in enumerate(_each(getattr(data, kind))):
            for name, value in _set_fields(resource):
                target = _KIND_OF.get(name.removesuffix("s") if name.endswith("_keys") else name)
                if target is None or name == own_key:
                    continue
                path = f"customer_data.{kind}.{index}.{name}"
                for where, key in _references(path, value):
                    if key not in keys[target]:
                        yield _not_entered(where, target)


def _references(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        yield from ((f"{path}.{index}", key) for index, key in enumerate(value))


def _unknown_here(path: str, key_name: str, key: str, data: CustomerData) -> Iterator[Problem]:
    """Whether `key` is a slip: only where others of its kind are entered, since the customer's
    places are often known to Seam already."""
    kind = _KIND_OF[key_name]
    entered = {getattr(each, _KEY_OF[kind]) for each in _each(getattr(data, kind))}
    if entered and key not in entered:
        yield _not_entered(path, kind)


def _not_entered(path: str, kind: str) -> Problem:
    kinds = kind.replace("_", " ")
    reason = f"Not among the {kinds} entered here; fine if Seam knows it already"
    return Problem(path, reason, ProblemLevel.WARNING)


def _set_fields(part: Struct) -> Iterator[tuple[str, Any]]:
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if value is not UNSET:
            yield name, value


def _each(values: Any) -> Iterable[Any]:  # noqa: ANN401 - a tuple or UNSET
    return () if values is UNSET else values


def _moment(timestamp: str) -> datetime:
    """A checked RFC 3339 time. Python has no leap seconds and wants capital letters."""
    return datetime.fromisoformat(re.sub(r":60(?=[.Z+-])", ":59", timestamp.upper()))
