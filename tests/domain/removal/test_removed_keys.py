"""Keys that are removed: the request, its calls, and what was sent under them."""

from __future__ import annotations

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.removal.keys import (
    RemovalGroup,
    RemovalKey,
    batches,
    deleted_keys,
    is_too_long,
    removable_kinds,
)
from seam_portal_desktop.domain.removal.pasted import read_keys
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.removal.sent import sent_resources, stays_left
from seam_portal_desktop.domain.request import (
    Booking,
    CustomerData,
    Guest,
    Reservation,
    Room,
    StaffMember,
    resource_keys,
)
from seam_portal_desktop.sandbox.contract import Contract

removals = st.builds(
    RemovalKey,
    st.sampled_from(sorted(removable_kinds())),
    st.text(min_size=1, max_size=300).filter(lambda key: not is_too_long(key)),
)


def test_the_request_has_the_contracts_fields():
    schema = Contract.load().routes["/customers/delete_data"].request
    assert set(DeletedKeys.__struct_fields__) == set(schema["properties"])


def test_each_kind_but_sites_can_be_removed_and_has_a_group():
    kinds = removable_kinds()
    assert set(resource_keys()) - set(kinds) == {"sites"}
    assert next(iter(kinds)) == "reservations"
    by_group = {group: [k for k, each in kinds.items() if each is group] for group in RemovalGroup}
    assert sorted(by_group[RemovalGroup.STAY]) == ["access_grants", "bookings", "reservations"]
    assert "staff_members" in by_group[RemovalGroup.PERSON]
    assert "guests" in by_group[RemovalGroup.PERSON]
    assert {"rooms", "spaces", "property_listings"} <= set(by_group[RemovalGroup.PLACE])


@given(st.lists(removals, max_size=60))
def test_calls_have_every_key_once_stays_first_and_no_long_address(wanted):
    calls = batches(wanted)
    every = [removal for call in calls for removal in call]
    assert sorted(every, key=repr) == sorted(set(wanted), key=repr)
    groups = [list(RemovalGroup).index(removal.group) for removal in every]
    assert groups == sorted(groups)
    for call in calls:
        query = "&".join(
            f"{name}={quote_plus(key)}"
            for name, keys in deleted_keys(call).by_field().items()
            for key in keys
        )
        assert 0 < len(query) <= 4000


def test_the_request_has_each_key_under_the_field_of_its_kind():
    keys = deleted_keys(
        [RemovalKey("facilities", "f"), RemovalKey("guests", "g"), RemovalKey("facilities", "f")]
    )
    assert keys.by_field() == {"facility_keys": ("f",), "guest_keys": ("g",)}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_blank_lines_and_spaces_around_keys_are_ignored(line_end):
    text = line_end.join(["r-1", "", "  r-2 ", "r-1", "   ", ""])
    assert read_keys(text).keys == ("r-1", "r-2")


@given(st.lists(st.text(st.characters(exclude_characters="\r\n\t", exclude_categories=["Cs"]))))
def test_only_cr_and_lf_end_a_key(lines):
    expected = [line.strip(" ") for line in lines if line.strip()]
    assert read_keys("\n".join(lines)).keys == tuple(dict.fromkeys(expected))


def test_several_columns_and_endless_keys_are_refused_with_their_line():
    assert "Line 2" in read_keys("r-1\nr-2\tAnna Example").problem
    refused = read_keys("r-1\n\n" + "x" * 140_000)
    assert "line 3" in refused.problem
    assert refused.keys == ()


def test_the_newest_values_count_and_stays_have_their_persons_name():
    older = CustomerData(
        customer_key="harbor-hotel",
        guests=(Guest(guest_key="g-1", name="Anna Exmaple"),),
        rooms=(Room(room_key="12", name="Blue room"),),
        reservations=(
            Reservation(
                reservation_key="r-1",
                guest_key="g-1",
                room_keys=("12",),
                starts_at="2026-03-14T15:00:00Z",
                ends_at="2026-03-16T11:00:00Z",
            ),
        ),
    )
    newer = CustomerData(
        customer_key="harbor-hotel",
        guests=(Guest(guest_key="g-1", name="Anna Example"),),
        reservations=(
            Reservation(reservation_key="r-1", guest_key="g-1", starts_at="2026-03-15T15:00:00Z"),
            Reservation(reservation_key="r-2", guest_key="g-unknown"),
        ),
        bookings=(Booking(booking_key="b-1", name="Conference", guest_key="g-1"),),
        staff_members=(StaffMember(staff_member_key="s-1", name="Kim Sample"),),
    )
    found = {each.removal: each for each in sent_resources([newer, older])}
    stay = found[RemovalKey("reservations", "r-1")]
    assert (stay.name, stay.starts_at, stay.ends_at) == (
        "Anna Example",
        "2026-03-15T15:00:00Z",
        "2026-03-16T11:00:00Z",
    )
    assert found[RemovalKey("reservations", "r-2")].name == "g-unknown"
    assert found[RemovalKey("bookings", "b-1")].name == "Conference"
    guest = found[RemovalKey("guests", "g-1")]
    assert set(guest.stays) == {
        RemovalKey("reservations", "r-1"),
        RemovalKey("bookings", "b-1"),
    }
    groups = [each.removal.group for each in sent_resources([newer, older])]
    assert groups == sorted(groups, key=list(RemovalGroup).index)

    removed = {RemovalKey("guests", "g-1"), RemovalKey("bookings", "b-1")}
    assert stays_left(removed, found) == {
        RemovalKey("guests", "g-1"): (RemovalKey("reservations", "r-1"),)
    }
    assert stays_left({RemovalKey("rooms", "not sent")}, found) == {}
