"""All checks of a request before it is sent.

The contract comes first, field by field. Where it holds, the rules that it can't express follow:
requests that Seam refuses nevertheless, and those that are allowed but probably a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import UNSET, Struct

from seam_portal_desktop.domain.request import (
    CustomerData,
    DeviceManagementConfirmation,
    EventsFilter,
    PortalRequest,
    resource_keys,
)
from seam_portal_desktop.domain.request.problems import (
    CheckedRequest,
    Problem,
    ProblemLevel,
    contract_steps,
)
from seam_portal_desktop.domain.request.stay_checks import Findings, check_stays
from seam_portal_desktop.domain.request.steps import (
    ROWS_A_STEP,
    Steps,
    finish,
    free_steps,
    sort_steps,
)
from seam_portal_desktop.texts import _

__all__ = [
    "CheckedRequest",
    "Problem",
    "ProblemLevel",
    "check_request",
]

_CONFIRMATION_TOKENS = frozenset({"count"})
"""The ``{name}``s that Seam replaces in the texts that confirm an action on devices."""

BOTH_PROVIDER_LISTS = _(
    "This request has both lists of providers, and Seam refuses that; choose one"
)
BOTH_START_PAGES = _(
    "This request has both a landing page and a deep link; the deep link is what opens"
)

_PLACES_A_STEP = 50

_TOKEN = re.compile(r"\{([^{}]*)\}")


@cache
def _kinds_by_key() -> dict[str, str]:
    """The kind of resource that a key field refers to."""
    return {key: kind for kind, key in resource_keys().items()} | {"parent_site_key": "sites"}


def check_request(wire: Mapping[str, Any], now: datetime | None = None) -> CheckedRequest:
    """Check the contract and, where it holds, the rules beyond it. `wire` is the request as JSON
    has it. The problems are in the order of its fields. Without `now` no stay is in the past."""
    return finish(check_steps(wire, now))


def check_steps(wire: Mapping[str, Any], now: datetime | None = None) -> Steps[CheckedRequest]:
    """The same in steps."""
    checked = yield from contract_steps(wire)
    found: list[Problem] = []
    if checked.request is None:
        found += checked.problems
    else:
        for problem in _check_rules(checked.request, now):
            if problem is None:
                yield None
            else:
                found.append(problem)
    places: dict[str, tuple[int, ...]] = {}
    for number, problem in enumerate(found, 1):
        places[problem.path] = _place(wire, problem.path)
        if number % _PLACES_A_STEP == 0:
            yield None
    problems = yield from sort_steps(found, lambda each: places[each.path])
    freed = list(places.values())
    places.clear()
    yield from free_steps(freed)
    return CheckedRequest(checked.request, tuple(problems))


def _place(wire: Mapping[str, Any], path: str) -> tuple[int, ...]:
    """Where `path` is: the place of each of its parts in its object or list. A part that isn't
    there ends it."""
    place: list[int] = []
    node: object = wire
    while path:
        first, _unused, rest = path.partition(".")
        if isinstance(node, list) and first.isdigit() and int(first) < len(node):
            place.append(int(first))
            node = node[int(first)]
        elif isinstance(node, Mapping):
            # A name may have dots in it.
            fitting = [name for name in node if f"{path}.".startswith(f"{name}.")]
            if not fitting:
                break
            name = max(fitting, key=len)
            place.append(list(node).index(name))
            node, rest = node[name], path[len(name) + 1 :]
        else:
            break
        path = rest
    return tuple(place)


def _check_rules(request: PortalRequest, now: datetime | None) -> Findings:
    yield from _customer(request)
    yield from _features(request)
    yield from _start_page(request)
    if request.customer_data is not UNSET:
        yield from _duplicate_keys(request.customer_data)
        yield from check_stays(request.customer_data, now)
        yield from _unknown_references(request.customer_data)


def _customer(request: PortalRequest) -> Iterator[Problem]:
    if request.customer_data is UNSET:
        yield Problem("customer_data.customer_key", _("A customer key is needed"))


def _features(request: PortalRequest) -> Iterator[Problem]:
    if request.features is UNSET:
        return
    connect, manage = request.features.connect, request.features.manage
    if connect is not UNSET and UNSET not in (
        connect.accepted_providers,
        connect.excluded_providers,
    ):
        yield Problem("features.connect.excluded_providers", BOTH_PROVIDER_LISTS)
    parts = (connect, request.features.organize, manage, request.features.configure)
    if all(part is not UNSET and part.exclude is True for part in parts):
        reason = _("Everything is left out: the customer will find an empty portal")
        yield Problem("features", reason, ProblemLevel.WARNING)
    if manage is not UNSET and manage.events is not UNSET:
        yield from _events(manage.events)
    if manage is not UNSET and manage.device_management_confirmation is not UNSET:
        yield from _confirmation(manage.device_management_confirmation)


def _events(events: EventsFilter) -> Iterator[Problem]:
    if events.allowed_events is UNSET:
        return
    for index, event in enumerate(_items(events.default_events)):
        if event not in events.allowed_events:
            path = f"features.manage.events.default_events.{index}"
            yield Problem(path, _("{event} is not among the allowed events").format(event=event))


def _confirmation(texts: DeviceManagementConfirmation) -> Iterator[Problem]:
    for name, text in _set_fields(texts):
        path = f"features.manage.device_management_confirmation.{name}"
        for token in _TOKEN.findall(text):
            if token not in _CONFIRMATION_TOKENS:
                reason = _("{{{token}}} means nothing here; only {{count}} is filled in").format(
                    token=token
                )
                yield Problem(path, reason)


def _start_page(request: PortalRequest) -> Iterator[Problem]:
    landing, link = request.landing_page, request.deep_link
    if UNSET not in (landing, link):
        yield Problem("landing_page", BOTH_START_PAGES, ProblemLevel.WARNING)
    if request.customer_data is UNSET:
        return
    if landing is not UNSET and landing.manage is not UNSET:
        for name, key in _set_fields(landing.manage):
            path = f"landing_page.manage.{name}"
            yield from _unknown_key(path, name, key, request.customer_data)


def _duplicate_keys(data: CustomerData) -> Findings:
    for kind, key_name in resource_keys().items():
        first: dict[str, int] = {}
        for index, resource in enumerate(_items(getattr(data, kind))):
            if index % ROWS_A_STEP == ROWS_A_STEP - 1:
                yield None
            key = getattr(resource, key_name)
            if first.setdefault(key, index) != index:
                path = f"customer_data.{kind}.{index}.{key_name}"
                yield Problem(path, _("Row {first} has the same key").format(first=first[key] + 1))


def _unknown_references(data: CustomerData) -> Findings:
    """References to resources that aren't in this request. Seam may have them already."""
    kinds = _kinds_by_key()
    keys = yield from _entered_keys(data)
    for kind, own_key in resource_keys().items():
        for index, resource in enumerate(_items(getattr(data, kind))):
            if index % ROWS_A_STEP == ROWS_A_STEP - 1:
                yield None
            for name, value in _set_fields(resource):
                target = kinds.get(name.removesuffix("s") if name.endswith("_keys") else name)
                if target is None or name == own_key:
                    continue
                path = f"customer_data.{kind}.{index}.{name}"
                for where, key in _references(path, value):
                    if key not in keys[target]:
                        yield _unknown_key_warning(where, target)


def _entered_keys(data: CustomerData) -> Steps[dict[str, set[str]]]:
    """The keys of the resources of each kind."""
    keys: dict[str, set[str]] = {}
    for kind, key_name in resource_keys().items():
        keys[kind] = set()
        for index, resource in enumerate(_items(getattr(data, kind))):
            if index % ROWS_A_STEP == ROWS_A_STEP - 1:
                yield None
            keys[kind].add(getattr(resource, key_name))
    return keys


def _references(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        yield from ((f"{path}.{index}", key) for index, key in enumerate(value))


def _unknown_key(path: str, key_name: str, key: str, data: CustomerData) -> Iterator[Problem]:
    """Warn only where other resources of that kind are entered: Seam often has the customer's
    places already."""
    kind = _kinds_by_key()[key_name]
    entered = {getattr(each, resource_keys()[kind]) for each in _items(getattr(data, kind))}
    if entered and key not in entered:
        yield _unknown_key_warning(path, kind)


def _unknown_key_warning(path: str, kind: str) -> Problem:
    kinds = kind.replace("_", " ")
    reason = _("Not among the {kinds} entered here; fine if Seam knows it already").format(
        kinds=kinds
    )
    return Problem(path, reason, ProblemLevel.WARNING)


def _set_fields(part: Struct) -> Iterator[tuple[str, Any]]:
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if value is not UNSET:
            yield name, value


def _items(values: Any) -> Iterable[Any]:  # noqa: ANN401 - a tuple or UNSET
    return () if values is UNSET else values
