"""Warnings of people, places and stays that Seam takes, but that are probably mistakes."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seam_portal_desktop.domain.request.check import ProblemLevel, check_request
from seam_portal_desktop.domain.request.resources import cell_problems, resource_kinds
from seam_portal_desktop.domain.request.steps import finish
from tests.support.contract import bodies, create_portal_schema

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
STAY = {"guest_key": "g-1", "room_keys": ["101"]}
KINDS = {kind.name: kind for kind in resource_kinds()}


def warnings(now: datetime | None = NOW, **data: Any) -> dict[str, str]:
    """The reasons of the warnings beyond unknown references, by path below customer_data."""
    checked = check_request({"customer_data": {"customer_key": "harbor-hotel", **data}}, now)
    assert checked.request is not None
    assert all(problem.level is ProblemLevel.WARNING for problem in checked.problems)
    return {
        problem.path.removeprefix("customer_data."): problem.reason
        for problem in checked.problems
        if not problem.reason.startswith("Not among")
    }


def reservation(key: str, starts: str = "", ends: str = "", **more: Any) -> dict[str, Any]:
    times = {name: value for name, value in (("starts_at", starts), ("ends_at", ends)) if value}
    return {"reservation_key": key, **STAY, **times, **more}


def guest(key: str, **more: Any) -> dict[str, Any]:
    return {"guest_key": key, "name": key, **more}


def test_an_ordinary_stay_has_no_warning():
    stay = reservation("r", "2026-03-14T15:00:00+01:00", "2026-03-16T11:00:00+01:00")
    assert warnings(reservations=[stay], guests=[guest("g-1", email_address="a@example.com")]) == {}


def test_two_people_with_one_email_address():
    people = [
        guest("g-1", email_address="A@example.com"),
        guest("g-2", email_address="b@example.com"),
        guest("g-3", email_address=" a@EXAMPLE.com"),
    ]
    found = warnings(guests=people)
    assert list(found) == ["guests.2.email_address"]
    assert "Guests, row 1 has it too" in found["guests.2.email_address"]


def test_people_of_two_kinds_with_one_email_address():
    user = {"user_key": "u", "name": "U", "email_address": "a@example.com"}
    found = warnings(guests=[guest("g", email_address="a@example.com")], users=[user])
    assert list(found) == ["users.0.email_address"]


def test_two_people_with_one_phone_number():
    people = [
        guest("g-1", phone_number="+1 202 555 0143"),
        guest("g-2", phone_number="0012025550143"),
        guest("g-3", phone_number="+1 202 555 0144"),
        guest("g-4", phone_number="n/a"),
        guest("g-5", phone_number="none"),
    ]
    assert list(warnings(guests=people)) == ["guests.1.phone_number"]


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [
        ("2025-03-14T15:00:00Z", "2025-03-16T11:00:00Z", "over already"),
        ("2026-03-08T15:00:00Z", "2026-03-10T12:00:00Z", "over already"),
        ("2026-03-08T15:00:00Z", "2026-03-10T12:00:01Z", None),
        ("2026-03-14T15:00:00Z", "2026-03-14T15:00:00Z", "ends when it starts"),
        ("2026-03-14T15:00:00Z", "2026-03-14T16:00:00+01:00", "ends when it starts"),
        ("2026-03-14T15:00:00Z", "2027-03-15T15:00:00Z", None),
        ("2026-03-14T15:00:00Z", "2027-03-15T15:00:01Z", "more than a year"),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "more than a year"),
        ("", "2026-03-01T15:00:00Z", "over already"),
        ("2026-03-01T15:00:00Z", "", None),
    ],
)
@pytest.mark.parametrize("kind", ["access_grants", "bookings", "reservations"])
def test_the_times_of_a_stay(kind, starts, ends, reason):
    stay = reservation("r", starts, ends)
    stay[f"{kind.removesuffix('s')}_key"] = "r"
    if kind != "reservations":
        del stay["reservation_key"]
    found = warnings(**{kind: [stay]})
    assert list(found) == [f"{kind}.0.ends_at"] * (reason is not None)
    assert reason is None or reason in found[f"{kind}.0.ends_at"]


def test_without_a_clock_no_stay_is_in_the_past():
    stay = reservation("r", "2025-03-14T15:00:00Z", "2025-03-16T11:00:00Z")
    assert warnings(now=None, reservations=[stay]) == {}


@pytest.mark.parametrize(
    ("stay", "reason"),
    [
        ({"room_keys": ["101"]}, "no person;"),
        ({"guest_key": "", "room_keys": ["101"]}, "no person;"),
        ({"guest_key": "g", "room_keys": []}, "no place;"),
        ({}, "no person and no place;"),
    ],
)
def test_a_stay_without_a_person_or_a_place(stay, reason):
    found = warnings(bookings=[{"booking_key": "b", **stay}])
    assert list(found) == ["bookings.0.booking_key"]
    assert reason in found["bookings.0.booking_key"]


def test_a_reservation_for_several_rooms():
    stays = [
        reservation("r-1", room_keys=["101", "102", "103"]),
        reservation("r-2", room_keys=["104", "104"]),
        reservation("r-3", room_keys=["105"], common_area_keys=["gym", "pool"]),
    ]
    grant = {"access_grant_key": "a", "guest_key": "g", "room_keys": ["1", "2"]}
    found = warnings(reservations=stays, access_grants=[grant])
    assert list(found) == ["reservations.0.room_keys.1"]
    assert "3 places at once" in found["reservations.0.room_keys.1"]


def test_two_stays_in_one_room_at_once():
    stays = [
        reservation("r-1", "2026-03-14T15:00:00Z", "2026-03-16T11:00:00Z"),
        reservation("r-2", "2026-03-16T11:00:00Z", "2026-03-18T11:00:00Z"),
        reservation("r-3", "2026-03-15T15:00:00Z", "2026-03-16T10:00:00Z", room_keys=["102"]),
        reservation("r-4", "2026-03-16T10:59:00Z", "2026-03-16T11:00:00Z"),
    ]
    found = warnings(reservations=stays)
    assert list(found) == ["reservations.3.starts_at"]
    assert found["reservations.3.starts_at"].startswith("Reservations, row 1 has 101 for a part")


def test_people_may_share_common_areas_and_long_lets():
    pool = {"guest_key": "g", "common_area_keys": ["pool"]}
    times = {"starts_at": "2026-03-14T15:00:00Z", "ends_at": "2026-03-16T11:00:00Z"}
    flat = {"resident_key": "r", "unit_keys": ["3b"]}
    found = warnings(
        reservations=[{"reservation_key": key, **pool, **times} for key in "ab"],
        access_grants=[{"access_grant_key": key, **flat, **times} for key in "ab"],
    )
    assert found == {}


def test_a_place_that_is_perhaps_new_to_seam_has_no_lock():
    rooms = [{"room_key": key, "name": key} for key in ("101", "102")]
    found = warnings(rooms=rooms, reservations=[reservation("r"), reservation("s")])
    assert list(found) == ["rooms.0.room_key"]
    assert "no lock yet" in found["rooms.0.room_key"]


def space(key: str, zone: str | None) -> dict[str, Any]:
    return {"space_key": key, "name": key, "customer_data": {"time_zone": zone}}


@pytest.mark.parametrize(
    ("starts", "local"),
    [
        ("2026-03-14T15:00:00-04:00", None),
        ("2026-03-07T15:00:00-05:00", None),
        ("2026-03-14T15:00:00Z", None),
        ("2026-03-14T15:00:00+01:00", "2026-03-14 10:00"),
        ("2026-03-14T15:00:00-05:00", "2026-03-14 16:00"),
        ("0001-01-01T00:00:00+05:00", None),
    ],
)
def test_a_time_has_the_offset_of_its_space(starts, local):
    stay = {"reservation_key": "r", "guest_key": "g", "space_keys": ["s"], "starts_at": starts}
    found = warnings(spaces=[space("s", "America/New_York")], reservations=[stay])
    found.pop("spaces.0.space_key")
    assert list(found) == ["reservations.0.starts_at"] * (local is not None)
    if local is not None:
        assert found["reservations.0.starts_at"] == (
            f"In America/New_York, where this space is, it is {local} then"
        )


@pytest.mark.parametrize("zone", ["Berlin", "", "\0", "../etc", "America", "/etc", "é" * 300])
def test_a_time_zone_that_is_not_known(zone):
    assert list(warnings(spaces=[space("s", zone)])) == ["spaces.0.customer_data.time_zone"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", None])
def test_a_time_zone_that_is_known(zone):
    assert warnings(spaces=[space("s", zone)]) == {}


HOURS = st.integers(0, 40)
STAYS = st.lists(st.tuples(HOURS, HOURS, st.lists(st.sampled_from("abc"), max_size=2)), max_size=12)


@settings(max_examples=300, deadline=None, database=None)
@given(STAYS)
def test_an_overlap_is_found_where_a_plain_comparison_finds_one(stays):
    def moment(hour: int) -> str:
        zone = ("+00:00", "+02:00")[hour % 2]
        local = NOW + timedelta(hours=hour + 2 * (hour % 2))
        return f"{local:%Y-%m-%dT%H:%M:%S}{zone}"

    rows = [
        reservation(str(row), moment(starts), moment(ends), room_keys=rooms)
        for row, (starts, ends, rooms) in enumerate(stays)
    ]
    checked = check_request({"customer_data": {"customer_key": "k", "reservations": rows}})
    found = {
        int(problem.path.split(".")[2])
        for problem in checked.problems
        if problem.path.endswith("starts_at")
    }
    order = sorted(range(len(stays)), key=lambda row: stays[row][0])
    expected = {
        later
        for place, later in enumerate(order)
        for earlier in order[:place]
        if stays[earlier][0] < stays[earlier][1]
        and stays[later][0] < stays[later][1]
        and stays[later][0] < stays[earlier][1]
        and set(stays[earlier][2]) & set(stays[later][2])
    }
    if checked.request is not None:
        assert found == expected


@settings(max_examples=300, deadline=None, database=None)
@given(bodies(create_portal_schema()), st.datetimes(timezones=st.just(UTC)))
def test_no_request_that_the_contract_allows_makes_a_check_fail(body, now):
    checked = check_request(body, now)
    assert all(problem.reason for problem in checked.problems)


def test_the_time_grows_with_the_rows_and_not_with_their_square():
    def seconds(count: int) -> float:
        """All stays are in one room at once, and all people share one address."""
        stay = reservation("", "2026-03-14T15:00:00Z", "2026-03-16T11:00:00Z")
        data = {
            "customer_key": "k",
            "guests": [guest(str(row), email_address="a@example.com") for row in range(count)],
            "reservations": [{**stay, "reservation_key": str(row)} for row in range(count)],
        }
        begun = time.process_time()
        assert len(check_request({"customer_data": data}, NOW).problems) > 2 * count - 3
        return time.process_time() - begun

    seconds(100)
    assert seconds(4_000) < 12 * max(seconds(1_000), 0.01)


def test_problems_by_cell():
    data = {
        "customer_key": "k",
        "reservations": [
            reservation("r"),
            reservation("r", "2026-03-16T11:00:00Z", "2025-03-14T15:00:00Z", room_keys=["1", "2"]),
            {"reservation_key": "s"},
        ],
    }
    problems = check_request({"customer_data": data}, NOW).problems
    found = finish(cell_problems(problems, KINDS["reservations"]))
    levels = {cell: problem.level.value for cell, problem in found.items()}
    assert levels == {
        (0, "guest_key"): "warning",
        (0, "room_keys"): "warning",
        (1, "reservation_key"): "error",
        (1, "ends_at"): "error",
        (1, "guest_key"): "warning",
        (1, "room_keys"): "warning",
        (2, "reservation_key"): "warning",
    }
    assert finish(cell_problems(problems, KINDS["guests"])) == {}
