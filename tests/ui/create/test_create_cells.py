"""What people type and paste, as values of a request."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Cell,
    resource_kinds,
    value_at,
    with_value,
)
from seam_portal_desktop.domain.request.verticals import (
    ANY,
    VERTICALS,
    plural,
    singular,
    vertical_named,
)
from seam_portal_desktop.domain.tables.cells import format_cell, parse_cell

KINDS = {kind.name: kind for kind in resource_kinds()}
HOSPITALITY = vertical_named("hospitality")


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (Cell.TEXT, "  Zoë ", "Zoë"),
        (Cell.TEXT, " ", MISSING),
        (Cell.LIST, "a, b;c\nd", ["a", "b", "c", "d"]),
        (Cell.LIST, '"a, b", c', ["a, b", "c"]),
        (Cell.LIST, ", ;", MISSING),
        (Cell.WHOLE, "90", 90),
        (Cell.WHOLE, "ninety", "ninety"),
        (Cell.WHOLE, "1.5", "1.5"),
        (Cell.NUMBER, "52.37", 52.37),
        (Cell.NUMBER, "52,37", 52.37),
        (Cell.NUMBER, "-5", -5),
        (Cell.NUMBER, "north", "north"),
        (Cell.TIME, "9:05", "09:05"),
        (Cell.TIME, "15:00", "15:00"),
        (Cell.TIME, "15:00:30", "15:00:30"),
        (Cell.TIME, "3 pm", "15:00"),
        (Cell.TIME, "3:30 PM", "15:30"),
        (Cell.TIME, "noon", "noon"),
        (Cell.MOMENT, "2026-03-14T15:00:00Z", "2026-03-14T15:00:00Z"),
        (Cell.MOMENT, "2026-03-14 15:00Z", "2026-03-14T15:00:00Z"),
        (Cell.MOMENT, "2026-03-14 15:00 +01:00", "2026-03-14T15:00:00+01:00"),
        (Cell.MOMENT, "tomorrow", "tomorrow"),
        (
            Cell.METADATA,
            "floor = 2; pets = true; country = NO; old = (remove)",
            {"floor": "2", "pets": True, "country": "NO", "old": None},
        ),
        (Cell.METADATA, "floor", "floor"),
    ],
)
def test_what_is_typed(cell, text, value):
    read = parse_cell(cell, text, "Europe/Berlin")
    assert read == value
    assert type(read) is type(value)


def test_a_time_without_an_offset_is_one_in_the_zone():
    read = parse_cell(Cell.MOMENT, "2026-03-14 15:00", "America/New_York")
    assert read == "2026-03-14T15:00:00-04:00"


@settings(max_examples=200, database=None)
@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1))
def test_a_list_survives_being_edited_as_text(values):
    assert parse_cell(Cell.LIST, format_cell(Cell.LIST, values), "Europe/Berlin") == values


def test_kinds_and_columns_come_from_the_contract():
    assert len(KINDS) == 19
    spaces = KINDS["spaces"]
    assert [column.dotted for column in spaces.columns[:2]] == ["space_key", "name"]
    cells = {column.dotted: column.cell for column in spaces.columns}
    assert cells["geolocation.latitude"] is Cell.NUMBER
    assert cells["customer_data.default_checkin_time"] is Cell.TIME
    assert cells["duration_minutes"] is Cell.WHOLE
    assert [column.path for column in spaces.columns if column.required] == [
        ("space_key",),
        ("name",),
    ]
    assert {name for name, kind in KINDS.items() if kind.has_metadata} == {
        "property_listings",
        "reservations",
    }


def test_removing_a_value_removes_the_empty_object_but_not_one_from_the_request():
    row = with_value({"name": "n"}, ("geolocation", "latitude"), 1)
    assert value_at(row, ("geolocation", "latitude")) == 1
    assert with_value(row, ("geolocation", "latitude"), MISSING) == {"name": "n"}
    came = {"geolocation": {}}
    assert with_value(came, ("geolocation", "latitude"), MISSING) == came


def test_names_of_each_vertical():
    assert [ANY.many("spaces"), ANY.one("facilities"), ANY.many("property_listings")] == [
        "Spaces",
        "Facility",
        "Property listings",
    ]
    assert HOSPITALITY.many("spaces") == "Rooms (spaces)"
    assert vertical_named("gym").one("users") == "Member"
    assert HOSPITALITY.column(("room_key",)) == "Room key"
    assert HOSPITALITY.column(("room_keys",)) == "Rooms"
    assert HOSPITALITY.column(("parent_site_key",)) == "Site"
    assert vertical_named("future") is ANY
    for vertical in VERTICALS:
        assert set(vertical.kinds) <= set(KINDS)
        assert set(vertical.names) <= set(KINDS)
    for name, kind in KINDS.items():
        assert f"{singular(name)}_key" == kind.key
        assert plural(singular(name)) == name
