"""Remembered mappings in the preferences' options."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.preferences import (
    MOST_TABLE_MAPPINGS,
    PreferencesData,
    check_options,
)
from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.tables.guess import guess_mapping
from seam_portal_desktop.domain.tables.mapping import with_target
from seam_portal_desktop.domain.tables.remembered import MOST_CHARACTERS, RememberedMapping
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.services.table_mappings import TableMappings

pytestmark = pytest.mark.anyio

GUESTS = next(kind for kind in resource_kinds() if kind.name == "guests")
SHEET = Sheet([["Key", "Name", "ID"], ["g-1", "Ada Example", "7"]], [1, 2])


@pytest.fixture
def data():
    return PreferencesData()


@pytest.fixture
def mappings(data):
    async def save() -> None:
        options, dropped = check_options(data.options)
        assert (options, dropped) == (data.options, []), "the next run can use it"

    return TableMappings(data, save)


async def test_a_confirmed_mapping_is_used_again(mappings):
    asked = guess_mapping(SHEET, GUESTS)
    assert not asked.is_complete
    await mappings.remember(asked)
    assert mappings.known("guests") == []
    await mappings.remember(with_target(asked, 2, None), "preset")
    again = guess_mapping(SHEET, GUESTS, mappings.known("guests"))
    assert again.is_certain
    assert again.columns[2].target is None
    assert [len(mappings.used_with(each)) for each in ("preset", "other", "")] == [1, 0, 0]
    assert mappings.known("tenants") == []


async def test_the_latest_choice_for_the_same_titles_counts(mappings):
    first = RememberedMapping("guests", {"A": "name", "B": "guest_key"})
    second = RememberedMapping("guests", {"b": "name", "a": "guest_key"})
    await mappings.add([first], "one")
    await mappings.add([second], "two")
    assert mappings.known("guests") == [second]
    assert mappings.used_with("one") == mappings.used_with("two") == (second,)


async def test_a_mapping_from_a_preset_is_shown_until_it_was_used(mappings):
    targets = {"Key": "guest_key", "Name": "name", "ID": ""}
    foreign = RememberedMapping("guests", targets, is_confirmed=False)
    await mappings.add([foreign], "preset")
    first = guess_mapping(SHEET, GUESTS, mappings.known("guests"))
    assert first.is_complete
    assert not first.is_certain
    await mappings.remember(first)
    again = guess_mapping(SHEET, GUESTS, mappings.known("guests"))
    assert again.is_certain
    other = RememberedMapping("guests", {"Key": "name", "Name": "", "ID": ""}, is_confirmed=False)
    await mappings.add([other], "other")
    assert mappings.known("guests")[0].targets == foreign.targets
    assert len(mappings.used_with("other")) == 1


async def test_own_titles_need_no_memory(mappings, data):
    own = Sheet([["Guest key", "Name"], ["g-1", "Ada Example"]], [1, 2])
    await mappings.remember(guess_mapping(own, GUESTS))
    assert data.options == {}


async def test_only_so_much_is_kept_and_the_oldest_are_forgotten(mappings):
    for number in range(MOST_TABLE_MAPPINGS + 5):
        await mappings.add([RememberedMapping("guests", {f"T{number}": "name"})], "")
    known = mappings.known("guests")
    assert len(known) == MOST_TABLE_MAPPINGS
    assert known[0].targets == {f"T{MOST_TABLE_MAPPINGS + 4}": "name"}
    wide = {f"{number:03}" * 50: "" for number in range(199)}
    await mappings.add([RememberedMapping("guests", wide)], "")
    await mappings.add([RememberedMapping("guests", {"x": ""} | wide)], "")
    total = sum(each.characters for each in mappings.known("guests"))
    assert 199 * 150 <= total <= MOST_CHARACTERS


async def test_an_unusable_mapping_in_the_file_is_left_out(mappings, data):
    data.options["table_mappings"] = [
        {"mapping": {"kind": "guests", "targets": {"A": 1}}, "presets": [], "confirmed": True},
        {
            "mapping": {"kind": "guests", "targets": {"A": "name"}},
            "presets": [],
            "confirmed": True,
        },
    ]
    assert check_options(data.options)[1] == []
    assert len(mappings.known("guests")) == 1
