"""The tables of customer data as they are used: typing, pasting, undoing, importing."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton

from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.filters import FiltersSection
from seam_portal_desktop.ui.toolkit.icons import Icons

ROLE = Qt.ItemDataRole


@pytest.fixture
def data(theme, qtbot):
    section = DataSection(Icons(theme))
    qtbot.addWidget(section)
    section.tester = QAbstractItemModelTester(
        section.model, QAbstractItemModelTester.FailureReportingMode.Warning
    )
    section.show()
    return section


def wire(section) -> dict:
    draft = RequestDraft()
    section.write_to(draft)
    return draft.wire()


def fill(section, **kinds) -> None:
    draft = RequestDraft()
    for kind, rows in kinds.items():
        draft.put(f"customer_data.{kind}", rows)
    section.fill(draft)


def write(data: DataSection, row: int, column: int, text: str) -> None:
    data.model.setData(data.model.index(row, column), text)


def headers(data: DataSection) -> list[str]:
    model = data.model
    return [
        model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())
    ]


GUESTS = [{"guest_key": f"g-{number}", "name": f"Guest {number}"} for number in range(5)]


def test_the_blank_row_makes_a_new_one_and_there_is_always_another(data):
    data.kinds.set_current_kind("guests")
    assert data.model.rowCount() == 1
    write(data, 0, 0, "g-1")
    write(data, 1, 1, "Nameless key")

    assert wire(data) == {
        "customer_data": {"guests": [{"guest_key": "g-1"}, {"name": "Nameless key"}]}
    }
    assert data.model.rowCount() == 3


def test_missing_and_wrong_cells_are_marked(data):
    data.kinds.set_current_kind("spaces")
    write(data, 0, 0, "s-1")
    columns = [column.dotted for column in data.model.columns]
    name, minutes = columns.index("name"), columns.index("duration_minutes")
    write(data, 0, minutes, "ninety")

    for column in (name, minutes):
        index = data.model.index(0, column)
        assert index.data(ROLE.DecorationRole) is not None
        assert "wrong" in index.data(ROLE.AccessibleTextRole)
    assert data.model.index(0, 0).data(ROLE.DecorationRole) is None
    assert "whole number" in data.model.index(0, minutes).data(ROLE.ToolTipRole)
    assert data.model.index(1, name).data(ROLE.DecorationRole) is None
    write(data, 0, minutes, "90")
    assert data.model.index(0, minutes).data(ROLE.DecorationRole) is None


def test_everything_can_be_undone_and_done_again(data):
    fill(data, guests=GUESTS)
    states = [wire(data)]
    table = data.table

    def remember() -> None:
        states.append(wire(data))

    write(data, 0, 1, "Another name")
    remember()
    write(data, 5, 0, "g-new")
    remember()
    table.selectRow(1)
    table.remove_selected_rows()
    remember()
    table.go_to(3, 0)
    QApplication.clipboard().setText("a\tAnn\nb\tBen\nc\tCleo")
    table.paste()
    remember()
    table.apply_rows("import", [{"guest_key": "z", "name": "Z"}], {0: frozenset({"name"})})
    remember()

    for state in reversed(states[:-1]):
        data.model.undo_stack.undo()
        assert wire(data) == state
    for state in states[1:]:
        data.model.undo_stack.redo()
        assert wire(data) == state


def test_undo_goes_to_the_kind_that_it_changes(data):
    data.kinds.set_current_kind("guests")
    write(data, 0, 0, "g-1")
    data.kinds.set_current_kind("rooms")
    data.findChild(QToolButton, "undo").click()

    assert data.model.kind.name == "guests"
    assert wire(data) == {}


def test_filling_clears_the_undo_stack(data):
    data.kinds.set_current_kind("guests")
    write(data, 0, 0, "g-1")
    fill(data, rooms=[{"room_key": "r", "name": "R"}])

    assert not data.model.undo_stack.canUndo()
    assert data.model.kind.name == "rooms"


def test_pasting_over_rows_and_past_their_end(data):
    fill(data, guests=GUESTS[:2])
    data.kinds.set_current_kind("guests")
    data.table.go_to(1, 1)
    QApplication.clipboard().setText("Zoë\tzoe@example.com\nAnn\tann@example.com")
    data.findChild(QPushButton, "pasteRows").click()

    assert wire(data)["customer_data"]["guests"] == [
        GUESTS[0],
        {"guest_key": "g-1", "name": "Zoë", "email_address": "zoe@example.com"},
        {"name": "Ann", "email_address": "ann@example.com"},
    ]


def test_copied_cells_can_be_pasted(data, qtbot):
    rows = [{"guest_key": "g", "name": 'Zoë "Z"\tÁ', "email_address": "z@example.com"}]
    fill(data, guests=rows)
    data.table.selectAll()
    qtbot.keyClick(data.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    fill(data, guests=[])
    data.table.go_to(0, 0)
    qtbot.keyClick(data.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert wire(data)["customer_data"]["guests"] == rows


def test_pasting_from_an_empty_clipboard_shows_a_note(data, qtbot):
    QApplication.clipboard().setMimeData(QMimeData())
    data.findChild(QPushButton, "pasteRows").click()
    qtbot.waitUntil(lambda: "Copy cells" in data.note.label.text())
    # Without a screen Qt deletes the clipboard's content after Python has ended, and crashes.
    QApplication.clipboard().clear()


def test_delete_empties_cells_and_removes_whole_rows(data, qtbot):
    fill(data, guests=GUESTS)
    data.table.go_to(0, 1)
    qtbot.keyClick(data.table, Qt.Key.Key_Delete)
    assert data.model.rows("guests")[0] == {"guest_key": "g-0"}
    data.table.selectRow(0)
    qtbot.keyClick(data.table, Qt.Key.Key_Delete)
    assert list(data.model.rows("guests")) == GUESTS[1:]


def test_a_vertical_puts_its_kinds_first_in_its_own_words(data):
    data.set_vertical("hospitality")
    shown = [data.kinds.item(place).text() for place in range(data.kinds.count())]
    assert shown[:3] == ["Rooms", "Guests", "Reservations"]
    assert "Rooms (spaces)" in shown
    assert len(shown) == 19
    data.set_vertical("gym")
    assert data.kinds.item(0).text() == "Areas"


def test_columns_of_other_verticals_are_hidden_unless_used_or_all_are_shown(data):
    data.set_vertical("hospitality")
    data.kinds.set_current_kind("reservations")
    assert "Rooms" in headers(data)
    assert "Units" not in headers(data)
    data.all_columns.click()
    assert "Units" in headers(data)
    data.all_columns.click()
    fill(data, reservations=[{"reservation_key": "r", "unit_keys": ["u"]}])
    assert "Units" in headers(data)
    assert [text for text in headers(data) if text.endswith("*")] == ["Reservation key *"]


def test_an_empty_list_of_the_request_stays_but_an_emptied_one_is_not_sent(data):
    fill(data, guests=[], rooms=[{"room_key": "r", "name": "R"}])
    data.table.selectRow(0)
    data.table.remove_selected_rows()
    assert wire(data) == {"customer_data": {"guests": []}}


def test_filters_count_their_matches_when_data_or_filters_change(data, theme, qtbot):
    filters = FiltersSection(Icons(theme), data.metadata)
    qtbot.addWidget(filters)
    data.rows_changed.connect(filters.resources_changed)
    row = filters.add_row()
    assert "No resources" in filters.count.text()
    rows = [
        {"reservation_key": str(number), "custom_metadata": {"floor": "2", "pets": number % 2 == 0}}
        for number in range(5)
    ]
    fill(data, reservations=rows, rooms=[{"room_key": "r", "name": "R"}])
    row.name.setText("floor")
    row.text.setText("2")
    assert filters.count.text() == "5 of 5 entered resources match."
    other = filters.add_row()
    other.name.setText("pets")
    other.kind.setCurrentIndex(other.kind.findData("yes"))
    assert filters.count.text() == "3 of 5 entered resources match."
    other.kind.setCurrentIndex(other.kind.findData("text"))
    other.text.setText("true")
    assert filters.count.text() == "0 of 5 entered resources match."
    other.remove_button.click()
    data.model.undo_stack.undo()
    data.kinds.set_current_kind("reservations")
    data.table.selectRow(0)
    data.table.remove_selected_rows()
    assert filters.count.text() == "4 of 4 entered resources match."
    assert json.dumps(wire(filters)) == json.dumps(
        {"customer_resources_filters": [{"field": "floor", "operation": "=", "value": "2"}]}
    )


def test_the_kinds_stand_as_far_apart_as_the_table_s_rows(theme, qtbot):
    dialog = NewPortalDialog(theme, Icons(theme))
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    (fold,) = (
        button
        for button in dialog.findChildren(QAbstractButton)
        if "Data" in (button.text(), button.accessibleName())
    )
    fold.click()
    data = dialog.findChild(DataSection)
    kinds = data.kinds

    def distance() -> int:
        return kinds.visualItemRect(kinds.item(1)).y() - kinds.visualItemRect(kinds.item(0)).y()

    qtbot.waitUntil(lambda: distance() >= data.table.verticalHeader().defaultSectionSize())
