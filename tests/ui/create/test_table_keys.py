"""Keys in the tables of customer data that aren't what they look like."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui.create.test_create_data import fill
from tests.ui.create.test_table_paste import column, data

__all__ = ["data"]

ROLE = Qt.ItemDataRole
ROOMS = [{"room_key": f"r-{n}", "name": "R"} for n in range(3)]


@pytest.fixture
def rooms(data, qtbot):
    """Three rooms, of which the second one's key has an invisible character."""
    rows = [ROOMS[0], {**ROOMS[1], "room_key": "r\u200b-1"}, ROOMS[2]]
    stays = [{"reservation_key": "s", "guest_key": "g", "room_keys": ["r-0", "R-2"]}]
    fill(data, rooms=rows, reservations=stays)
    data.kinds.set_current_kind("rooms")
    qtbot.waitUntil(lambda: data.model.index(1, 0).data(ROLE.DecorationRole) is not None)
    return data


def test_an_invisible_character_is_shown_and_named_at_the_cell(rooms):
    index = rooms.model.index(1, 0)
    assert index.data(ROLE.DisplayRole) == "r‹U+200B›-1"
    assert "zero width space (U+200B)" in index.data(ROLE.ToolTipRole)
    assert "warning" in index.data(ROLE.AccessibleTextRole)
    assert rooms.model.index(0, 0).data(ROLE.DisplayRole) == "r-0"
    assert rooms.model.rows("rooms")[1]["room_key"] == "r\u200b-1", "the value stays"


def test_a_press_below_the_table_cleans_up_the_current_key(rooms, qtbot):
    bar = rooms.cell_bar
    rooms.table.go_to(1, 0)
    assert not bar.isHidden()
    assert "zero width space" in bar.label.text()
    bar.clean_button.setFocus()
    qtbot.keyClick(bar.clean_button, Qt.Key.Key_Space)
    assert rooms.model.rows("rooms")[1]["room_key"] == "r-1"
    assert bar.isHidden()
    qtbot.waitUntil(lambda: rooms.model.index(1, 0).data(ROLE.DecorationRole) is None)
    rooms.model.undo_stack.undo()
    assert rooms.model.rows("rooms")[1]["room_key"] == "r\u200b-1"


def test_the_menu_cleans_up_a_list_of_keys(rooms, qtbot):
    rooms.kinds.set_current_kind("reservations")
    at = column(rooms, "room_keys")
    index = rooms.model.index(0, at)
    qtbot.waitUntil(lambda: "R-2" in index.data(ROLE.ToolTipRole))
    assert "capital letters" in index.data(ROLE.ToolTipRole)
    rooms.table.go_to(0, at)
    assert rooms.table.clean_key.isEnabled()
    rooms.table.clean_key.trigger()
    assert rooms.model.rows("reservations")[0]["room_keys"] == ["r-0", "r-2"]
    assert not rooms.table.clean_key.isEnabled()


def test_all_keys_are_cleaned_up_in_one_step(rooms, qtbot):
    rows = [{"room_key": f"r-{n}\u00ad", "name": "R"} for n in range(5)]
    fill(rooms, rooms=rows)
    bar = rooms.cell_bar
    qtbot.waitUntil(lambda: not bar.isHidden() and not bar.clean_all_button.isHidden())
    rooms.table.go_to(0, 1)
    assert bar.label.text().startswith("5 keys")
    bar.first_button.click()
    assert rooms.table.currentIndex() == rooms.model.index(0, 0)
    bar.clean_all_button.click()
    assert [row["room_key"] for row in rooms.model.rows("rooms")] == [f"r-{n}" for n in range(5)]
    rooms.model.undo_stack.undo()
    assert list(rooms.model.rows("rooms")) == rows


def test_warnings_of_the_trade_are_shown_at_their_cells(data, qtbot):
    guests = [
        {"guest_key": f"g-{n}", "name": "G", "email_address": address}
        for n, address in enumerate(("a@example.com", "A@example.com"))
    ]
    fill(data, guests=[*guests, {"guest_key": "g-3"}])
    index = data.model.index(1, column(data, "email_address"))
    qtbot.waitUntil(lambda: index.data(ROLE.DecorationRole) is not None)
    assert "Guests, row 1 has it too" in index.data(ROLE.ToolTipRole)
    assert "warning" in index.data(ROLE.AccessibleTextRole)
    assert data.model.problem(1, data.model.columns[index.column()]) is None, "it is no error"
    data.model.setData(index, "b@example.com")
    assert index.data(ROLE.DecorationRole) is None, "at once"


def test_what_is_wrong_with_the_current_cell_is_below_the_table(data, qtbot):
    """A tooltip needs a mouse."""
    fill(data, rooms=[{"room_key": "r-1"}, {"room_key": "r-2", "name": "R"}])
    data.kinds.set_current_kind("rooms")
    data.table.go_to(0, 1)
    assert data.cell_bar.label.text() == "A name is needed."
    assert not data.cell_bar.isHidden()
    data.table.go_to(1, 1)
    assert data.cell_bar.isHidden()
