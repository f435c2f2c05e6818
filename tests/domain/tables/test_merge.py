"""Imported rows join the rows that are there: by key, never beside another one's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.tables.conversion import ConvertedRow
from seam_portal_desktop.domain.tables.merge import MergeMode, merge_rows

ADA = {"guest_key": "g-1", "name": "Ada Example", "phone_number": "+12025550101"}
BEN = {"guest_key": "g-2", "name": "Ben Example"}


def rows(*imported, emptied=()):
    return [
        ConvertedRow(line, row, frozenset(emptied)) for line, row in enumerate(imported, start=2)
    ]


def merged(existing, imported, mode=MergeMode.UPDATE, *, key="guest_key", clear_empty=False):
    return merge_rows(existing, imported, key, mode, clear_empty=clear_empty)


def test_update_changes_the_row_with_the_key_and_adds_the_others():
    corrected = {"guest_key": "g-2", "name": "Benjamin Example"}
    new = {"guest_key": "g-3", "name": "Cy Example"}
    result = merged([ADA, BEN], rows(corrected, new, ADA))
    assert result.rows == [ADA, corrected, new]
    assert result.rows[0] is ADA
    assert (result.added, result.updated, result.unchanged, result.removed) == (1, 1, 1, 0)
    assert result.changed == {1: {"name"}, 2: {"guest_key", "name"}}


def test_an_empty_cell_leaves_or_empties_the_old_value():
    imported = rows({"guest_key": "g-1", "name": "Ada Example"}, emptied={"phone_number"})
    assert merged([ADA], imported).rows == [ADA]
    emptied = merged([ADA], imported, clear_empty=True)
    assert emptied.rows == [{"guest_key": "g-1", "name": "Ada Example"}]
    assert emptied.changed == {0: {"phone_number"}}


def test_metadata_and_other_objects_merge_by_field():
    old = {
        "space_key": "s-1",
        "custom_metadata": {"floor": "2", "a.b": "c", "pets": True},
        "geolocation": {"latitude": 52.5, "longitude": 13.4},
    }
    new = rows(
        {"space_key": "s-1", "custom_metadata": {"floor": "3"}, "geolocation": {"latitude": 48.1}},
        emptied={"custom_metadata.a.b", "geolocation.longitude"},
    )
    result = merged([old], new, key="space_key", clear_empty=True)
    assert result.rows == [
        {
            "space_key": "s-1",
            "custom_metadata": {"floor": "3", "pets": True},
            "geolocation": {"latitude": 48.1},
        }
    ]
    assert result.changed[0] == {
        "custom_metadata.floor",
        "custom_metadata.a.b",
        "geolocation.latitude",
        "geolocation.longitude",
    }


def test_two_different_rows_with_one_key_are_pointed_out_and_not_taken():
    other = {**ADA, "phone_number": "+12025550102"}
    for mode in (MergeMode.UPDATE, MergeMode.REPLACE):
        result = merged([], rows(ADA, BEN, other, BEN), mode)
        assert result.rows == [BEN], "the same row twice is one"
        assert result.contradictions == {"g-1": (2, 4)}


def test_add_keeps_all_rows():
    result = merged([ADA], rows(ADA, BEN), MergeMode.ADD)
    assert result.rows == [ADA, ADA, BEN]
    assert (result.added, result.updated, result.contradictions) == (2, 0, {})
    assert result.changed.keys() == {1, 2}


def test_replace_counts_what_it_removes():
    corrected = {"guest_key": "g-1", "name": "Ada Example"}
    new = {"name": "Without a key"}
    result = merged([ADA, BEN], rows(corrected, new), MergeMode.REPLACE)
    assert result.rows == [corrected, new]
    assert (result.added, result.updated, result.unchanged, result.removed) == (1, 1, 0, 1)
    assert result.changed == {0: {"phone_number"}, 1: {"name"}}


def test_rows_of_the_table_with_the_same_key_are_all_corrected():
    corrected = {"guest_key": "g-1", "name": "A. Example"}
    result = merged([ADA, BEN, ADA], rows(corrected))
    assert [row["name"] for row in result.rows] == ["A. Example", "Ben Example", "A. Example"]
    assert (result.added, result.updated) == (0, 2)


KEYS = st.sampled_from(["a", "b", "c", "d", "", None, 1])
VALUES = st.one_of(st.text("xy", max_size=2), st.none(), st.booleans())
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "guest_key": KEYS,
        "name": VALUES,
        "custom_metadata": st.one_of(
            st.dictionaries(st.sampled_from(["f", "g.h"]), VALUES, max_size=2), VALUES
        ),
    },
)
IMPORTED = st.builds(
    ConvertedRow,
    st.integers(1, 99),
    ROWS,
    st.frozensets(st.sampled_from(["name", "custom_metadata.f", "custom_metadata.g.h"])),
)


@given(st.lists(ROWS, max_size=6), st.lists(IMPORTED, max_size=6), st.booleans())
def test_updating_twice_changes_nothing_the_second_time(existing, imported, clear_empty):
    # A cell is either empty or has a value.
    imported = [
        ConvertedRow(each.line, each.row, frozenset(each.emptied - _paths(each.row)))
        for each in imported
    ]
    once = merged(existing, imported, clear_empty=clear_empty)
    again = merged(once.rows, imported, clear_empty=clear_empty)
    assert again.rows == once.rows
    assert (again.added, again.updated, again.changed) == (0, 0, {})


@given(st.lists(ROWS, max_size=6), st.lists(IMPORTED, max_size=6), st.booleans())
def test_update_never_touches_rows_whose_key_is_not_in_the_file(existing, imported, clear_empty):
    result = merged(existing, imported, clear_empty=clear_empty)
    keys = {each.row.get("guest_key") for each in imported} - {"", None, 1}
    for before, after in zip(existing, result.rows, strict=False):
        if before.get("guest_key") not in keys:
            assert after is before
    assert result.added == len(result.rows) - len(existing)
    assert len(result.changed) == result.added + result.updated


def _paths(row):
    metadata = row.get("custom_metadata")
    fields = metadata if isinstance(metadata, dict) else {}
    return {*row, *(f"custom_metadata.{field}" for field in fields)}
