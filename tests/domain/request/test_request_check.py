"""The check finds what the sandbox's validation finds, at the same paths, and more."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seam_portal_desktop.domain.request import check, problems, stay_checks, steps
from seam_portal_desktop.domain.request.check import ProblemLevel, check_request
from seam_portal_desktop.domain.request.problems import check_against_contract, grouped
from seam_portal_desktop.sandbox.contract import Contract
from seam_portal_desktop.sandbox.validation import Validator
from tests.support.contract import bodies, create_portal_schema, full_example

SCHEMA = create_portal_schema()
SANDBOX = Validator(Contract.load().routes["/customers/create_portal"].request)
FULL = full_example(SCHEMA)
KEY = {"customer_key": "harbor-hotel"}


def sandbox_paths(body: object) -> set[str]:
    return {".".join(map(str, problem.path)) for problem in SANDBOX.problems(body)}


def our_paths(body: dict[str, Any]) -> set[str]:
    return {problem.path for problem in check_against_contract(body).problems}


@settings(max_examples=500, deadline=None, database=None)
@given(bodies(SCHEMA))
def test_whatever_the_contract_allows_is_allowed(body):
    checked = check_against_contract(body)
    assert checked.problems == ()
    assert checked.request is not None


@settings(max_examples=200, deadline=None, database=None)
@given(st.data())
def test_long_lists_are_checked_in_parts_with_the_same_result(data):
    """Each list of customer data is long here."""
    body = data.draw(st.one_of(bodies(SCHEMA), broken()))
    whole = check_request(body)
    with pytest.MonkeyPatch.context() as patch:
        for module in (problems, check, stay_checks, steps):
            patch.setattr(module, "ROWS_A_STEP", data.draw(st.integers(1, 2)))
        patch.setattr(steps, "_SORTED_A_STEP", 1)
        in_parts = check_request(body)
    assert in_parts.request == whole.request
    assert sorted(in_parts.problems, key=repr) == sorted(whole.problems, key=repr)
    assert [each.path for each in in_parts.problems] == [each.path for each in whole.problems]


def nodes(value: Any, path: tuple[str | int, ...] = ()):
    yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from nodes(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from nodes(each, (*path, index))


WRONG = [None, True, 0, -1, 1.5, "", "x", "x" * 501, "25:61", "1a", [], ["x", 1], {}, {"x": 1}]


@st.composite
def broken(draw) -> dict[str, Any]:
    """A body that was valid until one to three of its nodes were changed."""
    body = draw(st.one_of(bodies(SCHEMA), st.just(FULL)))
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(nodes(body))))
        target = body
        for step in path[:-1]:
            target = target[step]
        action = draw(st.sampled_from(["replace", "remove", "add"]))
        if action == "add" or not path:
            inside = target[path[-1]] if path else target
            if isinstance(inside, dict):
                inside["no_such_field"] = 1
        elif action == "remove":
            del target[path[-1]]
        else:
            target[path[-1]] = copy.deepcopy(draw(st.sampled_from(WRONG)))
    return body


def is_lenient_time(body: dict[str, Any]) -> bool:
    """Times that the contract's format allows and the sandbox's stricter pattern doesn't."""
    text = json.dumps(body)
    return any(mark in text for mark in ('z"', "t0", "t1", "t2", ":60"))


@settings(max_examples=300, deadline=None, database=None)
@given(broken())
def test_what_the_sandbox_refuses_is_refused_at_the_same_fields(body):
    theirs = sandbox_paths(body)
    if theirs and is_lenient_time(body):
        theirs = {path for path in theirs if not path.endswith(("starts_at", "ends_at"))}
    assert our_paths(body) == theirs


@pytest.mark.parametrize(
    ("body", "path", "reason"),
    [
        (
            {"customer_data": {"customer_key": ""}},
            "customer_data.customer_key",
            "A customer key can’t be empty",
        ),
        ({"customer_data": {}}, "customer_data.customer_key", "A customer key is needed"),
        ({"locale": "de"}, "locale", "Expected one of en-US, pt-PT"),
        ({"locales": "de-DE"}, "locales", "There is no field ‘locales’ here; did you mean locale?"),
        ({"read_only": "yes"}, "read_only", "Expected true or false, found text"),
        ({"deep_link": {}}, "deep_link.resource_type", "A resource type is needed"),
        (
            {"deep_link": {"resource_type": "x"}},
            "deep_link.resource_type",
            "Expected one of reservation, space, device, found ‘x’",
        ),
        (
            {"deep_link": {"resource_type": "space"}},
            "deep_link.resource_key",
            "A resource key is needed",
        ),
        ({"landing_page": {"manage": {}}}, "landing_page.manage", "exactly one"),
        ({"customization_profile_id": "x"}, "customization_profile_id", "An id looks like"),
        ({"features": []}, "features", "Expected an object, found a list"),
        (
            {"customer_resources_filters": [{"field": "a", "operation": "=", "value": 1}]},
            "customer_resources_filters.0.value",
            "Expected text or true or false, found a number",
        ),
        (
            {"customer_data": KEY | {"spaces": [{"space_key": "s", "name": "\ud800"}]}},
            "customer_data.spaces.0.name",
            "half of a character",
        ),
        (
            {
                "customer_data": KEY
                | {
                    "spaces": [
                        {
                            "space_key": "s",
                            "name": "n",
                            "geolocation": {"latitude": float("nan"), "longitude": 1},
                        }
                    ]
                }
            },
            "customer_data.spaces.0.geolocation.latitude",
            "too large",
        ),
        (
            {
                "customer_data": KEY
                | {"reservations": [{"reservation_key": "r", "starts_at": "2026-02-30T00:00:00Z"}]}
            },
            "customer_data.reservations.0.starts_at",
            "no such day",
        ),
        (
            {
                "customer_data": KEY
                | {"reservations": [{"reservation_key": "r", "custom_metadata": {"a.b": 1}}]}
            },
            "customer_data.reservations.0.custom_metadata.a.b",
            "Expected text",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_reasons_are_sentences(body, path, reason):
    (problem,) = check_against_contract(body).problems
    assert problem.path == path
    assert reason in problem.reason
    assert not problem.reason.endswith(".")


def test_all_mistakes_are_found_at_once():
    body = {"locale": 1, "read_only": 1, "customer_data": {"spaces": [{}, {"name": 1}]}}
    assert our_paths(body) == {
        "locale",
        "read_only",
        "customer_data.customer_key",
        "customer_data.spaces.0.space_key",
        "customer_data.spaces.0.name",
        "customer_data.spaces.1.space_key",
        "customer_data.spaces.1.name",
    }


def found(**body: Any) -> list[tuple[str, ProblemLevel]]:
    data = body.pop("customer_data", {})
    problems = check_request({"customer_data": KEY | data, **body}).problems
    return [(problem.path, problem.level) for problem in problems]


def errors(**body: Any) -> list[str]:
    return [path for path, level in found(**body) if level is ProblemLevel.ERROR]


def test_a_plain_request_has_no_problems():
    assert found() == []


def test_a_request_needs_a_customer():
    (problem,) = check_request({}).problems
    assert problem.path == "customer_data.customer_key"


def test_providers_are_accepted_or_excluded():
    both = {"accepted_providers": [], "excluded_providers": ["yale"]}
    path = "features.connect.excluded_providers"
    assert found(features={"connect": both}) == [(path, ProblemLevel.ERROR)]
    assert found(features={"connect": {"accepted_providers": ["yale"]}}) == []


def test_default_events_are_among_the_allowed_ones():
    def events(**lists: list[str]) -> dict[str, Any]:
        return {"manage": {"events": lists}}

    path = "features.manage.events.default_events.1"
    wrong = events(allowed_events=["a"], default_events=["a", "b"])
    assert found(features=wrong) == [(path, ProblemLevel.ERROR)]
    assert found(features=events(default_events=["b"])) == []
    assert found(features=events(allowed_events=["a"])) == []


@pytest.mark.parametrize(
    ("text", "wrong"), [("{count} of {total}", 1), ("{}", 1), ("{count} } {", 0), ("{Count}", 1)]
)
@pytest.mark.parametrize("name", ["title", "body", "confirm_button_label", "cancel_button_label"])
def test_only_count_is_filled_in(name, text, wrong):
    features = {"manage": {"device_management_confirmation": {name: text}}}
    path = f"features.manage.device_management_confirmation.{name}"
    assert found(features=features) == [(path, ProblemLevel.ERROR)] * wrong


def test_a_deep_link_hides_the_landing_page():
    link = {"resource_type": "device", "resource_id": "d"}
    landing = {"manage": {"space_key": "s"}}
    assert found(deep_link=link, landing_page=landing) == [("landing_page", ProblemLevel.WARNING)]
    assert found(landing_page=landing) == []


@pytest.mark.parametrize("kind", ["access_grants", "bookings", "reservations"])
@pytest.mark.parametrize(
    ("starts", "ends", "wrong"),
    [
        ("2026-03-14T15:00:00Z", "2026-03-14T14:59:59Z", True),
        ("2026-03-14T15:00:00Z", "2026-03-14T15:30:00+01:00", True),
        ("2026-03-14T15:00:00+05:00", "2026-03-14t11:00:00z", False),
        ("2026-06-30T23:59:60Z", "2026-06-30T23:59:60.5Z", False),
        ("9999-12-31T23:00:00-05:00", "0001-01-01T00:00:00.123456789+05:00", True),
    ],
)
def test_stays_end_after_they_start(kind, starts, ends, wrong):
    key = f"{kind.removesuffix('s')}_key"
    stay = {key: "r", "starts_at": starts, "ends_at": ends, "guest_key": "g", "room_keys": ["1"]}
    path = f"customer_data.{kind}.0.ends_at"
    assert errors(customer_data={kind: [stay]}) == [path] * wrong


KINDS = sorted(FULL["customer_data"].keys() - {"customer_key"})


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_unique_within_a_kind(kind):
    (own,) = (
        name
        for name in SCHEMA["properties"]["customer_data"]["properties"][kind]["items"]["required"]
        if name.endswith("_key")
    )
    rows = [{own: "a", "name": "x"}, {own: "b", "name": "y"}, {own: "a", "name": "z"}]
    path = f"customer_data.{kind}.2.{own}"
    assert errors(customer_data={kind: rows}) == [path]


def test_references_to_resources_that_are_not_entered_get_a_warning():
    data = {
        "sites": [{"site_key": "north", "name": "North"}],
        "rooms": [
            {"room_key": "1", "name": "1", "parent_site_key": "north"},
            {"room_key": "2", "name": "2", "parent_site_key": "nrth"},
        ],
        "guests": [{"guest_key": "g", "name": "G"}],
        "reservations": [
            {"reservation_key": "r", "room_keys": ["1", "3"], "guest_key": "h"},
            {"reservation_key": "s", "room_keys": ["2"], "guest_key": "g"},
        ],
        "staff_members": [{"staff_member_key": "x", "name": "X", "site_keys": ["south"]}],
    }
    problems = check_request({"customer_data": KEY | data}).problems
    assert all(problem.level is ProblemLevel.WARNING for problem in problems)
    unknown = [problem.path for problem in problems if "Not among" in problem.reason]
    assert unknown == [
        "customer_data.rooms.1.parent_site_key",
        "customer_data.reservations.0.room_keys.1",
        "customer_data.reservations.0.guest_key",
        "customer_data.staff_members.0.site_keys.0",
    ]


def test_an_unknown_landing_page_gets_a_warning_only_beside_others_of_its_kind():
    landing = {"manage": {"room_key": "3"}}
    assert found(landing_page=landing) == []
    rooms = [{"room_key": "1", "name": "1"}]
    path = "landing_page.manage.room_key"
    expected = [(path, ProblemLevel.WARNING)]
    assert found(landing_page=landing, customer_data={"rooms": rooms}) == expected


def test_a_warning_of_many_rows_is_listed_once_and_errors_one_by_one():
    rooms = [{"room_key": str(number), "name": "x"} for number in range(3)]
    stay = {"guest_key": "g", "room_keys": ["0", "1", "2"]}
    grants = [{**stay, "access_grant_key": "a"}, {**stay, "access_grant_key": "a"}]
    data = {**KEY, "rooms": rooms, "access_grants": grants}
    data["guests"] = [{"guest_key": "g", "name": "G"}]
    problems = steps.finish(grouped(check_request({"customer_data": data}).problems))
    assert [(each.path, each.level) for each in problems] == [
        ("customer_data.rooms.0.room_key", ProblemLevel.WARNING),
        ("customer_data.access_grants.1.access_grant_key", ProblemLevel.ERROR),
    ]
    assert problems[0].reason.endswith("(and in 2 other rows)")
