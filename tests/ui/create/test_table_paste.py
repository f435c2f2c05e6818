"""Cells pasted, dropped, copied and filled in tables of customer data, by the real clipboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.ui.create.test_create_data import fill, wire

GUESTS = [{"guest_key": f"g-{number}", "name": f"Guest {number}"} for number in range(1, 4)]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def data(theme, qtbot):
    section = DataSection(Icons(theme))
    qtbot.addWidget(section)
    section.show()
    section.kinds.set_current_kind("guests")
    section.asked = []
    section.table.import_requested.connect(lambda *asked: section.asked.append(asked))
    yield section
    # Without a screen Qt deletes the clipboard's content after Python has ended, and crashes.
    QGuiApplication.clipboard().clear()


def column(data, name: str) -> int:
    return [each.dotted for each in data.model.columns].index(name)


def select(data, rows: range, first: str, last: str | None = None) -> None:
    model = data.model
    area = QItemSelection(
        model.index(rows[0], column(data, first)),
        model.index(rows[-1], column(data, last or first)),
    )
    data.table.setCurrentIndex(area.indexes()[0])
    data.table.selectionModel().select(area, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def paste(data, qtbot, text: str, html: str = "") -> None:
    mime = QMimeData()
    mime.setText(text)
    if html:
        mime.setHtml(html)
    QGuiApplication.clipboard().setMimeData(mime)
    qtbot.keyClick(data.table, Qt.Key.Key_V, CTRL)


def emails(data) -> list[str | None]:
    return [row.get("email_address") for row in data.model.rows("guests")]


def said(data, qtbot, text: str) -> None:
    qtbot.waitUntil(lambda: text in data.note.label.text())


@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_cell_keeps_the_others_beside_their_rows(data, qtbot, blank):
    fill(data, guests=GUESTS)
    select(data, range(1), "email_address")
    paste(data, qtbot, f"a@x.example.com\n{blank}\nc@x.example.com")

    assert emails(data) == ["a@x.example.com", None, "c@x.example.com"]
    assert [row["name"] for row in data.model.rows("guests")] == ["Guest 1", "Guest 2", "Guest 3"]


def test_blank_lines_at_the_end_are_no_rows(data, qtbot):
    select(data, range(1), "email_address")
    paste(data, qtbot, "a@x.example.com\r\n\r\nc@x.example.com" + "\r\n" * 1_000)

    assert emails(data) == ["a@x.example.com", None, "c@x.example.com"]
    said(data, qtbot, "1 blank row keeps its place")
    blank = next(each for each in data.table.actions() if each.text() == "Remove blank rows")
    blank.trigger()
    assert emails(data) == ["a@x.example.com", "c@x.example.com"]


def test_a_blank_cell_empties_the_cell_below_it_and_that_is_said(data, qtbot):
    fill(data, guests=[{**each, "phone_number": "+12025550101"} for each in GUESTS])
    select(data, range(1), "name")
    paste(data, qtbot, "Ann\tann@example.com\t\nBen\tben@example.com\t+12025550102")

    rows = data.model.rows("guests")
    assert "phone_number" not in rows[0]
    assert [rows[1]["phone_number"], rows[2]["phone_number"]] == ["+12025550102", "+12025550101"]
    said(data, qtbot, "2 rows changed. 1 cell was emptied")
    data.model.undo_stack.undo()
    assert [row["phone_number"] for row in data.model.rows("guests")] == ["+12025550101"] * 3


def test_a_row_that_ends_early_leaves_the_cells_behind_its_end(data, qtbot):
    fill(data, guests=[{**each, "email_address": "old@example.com"} for each in GUESTS])
    select(data, range(1), "name")
    paste(data, qtbot, "Ann\nBen\tben@example.com")

    assert emails(data) == ["old@example.com", "ben@example.com", "old@example.com"]


def test_one_value_fills_the_selection(data, qtbot):
    fill(data, guests=[{"guest_key": f"g-{n}", "name": "G"} for n in range(20)])
    select(data, range(20), "email_address")
    paste(data, qtbot, "all@example.com")

    assert emails(data) == ["all@example.com"] * 20
    assert data.model.rowCount() == 21, "the blank row stays blank"
    data.model.undo_stack.undo()
    assert emails(data) == [None] * 20


def test_a_block_is_repeated_in_a_selection_that_it_divides(data, qtbot):
    fill(data, guests=[{"guest_key": f"g-{n}", "name": "G"} for n in range(5)])
    select(data, range(4), "name")
    paste(data, qtbot, "Ann\nBen")
    assert [row["name"] for row in data.model.rows("guests")] == ["Ann", "Ben", "Ann", "Ben", "G"]
    select(data, range(3), "name")
    paste(data, qtbot, "x\ny")
    assert [row["name"] for row in data.model.rows("guests")] == ["x", "y", "Ann", "Ben", "G"]


@pytest.mark.parametrize("way", ["keys", "button", "menu"])
def test_fill_down_repeats_the_topmost_cells(data, qtbot, way):
    fill(data, guests=[{**GUESTS[0], "email_address": "a@example.com"}, *GUESTS[1:]])
    select(data, range(3), "name", "email_address")
    if way == "keys":
        qtbot.keyClick(data.table, Qt.Key.Key_D, CTRL)
    elif way == "button":
        data.findChild(QPushButton, "fillDown").click()
    else:
        next(each for each in data.table.actions() if each.text() == "Fill down").trigger()
    assert emails(data) == ["a@example.com"] * 3
    assert [row["name"] for row in data.model.rows("guests")] == ["Guest 1"] * 3
    assert [row["guest_key"] for row in data.model.rows("guests")] == ["g-1", "g-2", "g-3"]
    data.model.undo_stack.undo()
    assert emails(data) == ["a@example.com", None, None]


def test_fill_down_in_one_cell_takes_the_one_above(data, qtbot):
    fill(data, guests=GUESTS)
    data.table.go_to(1, column(data, "name"))
    qtbot.keyClick(data.table, Qt.Key.Key_D, CTRL)
    assert data.model.rows("guests")[1]["name"] == "Guest 1"
    data.table.go_to(0, 0)
    qtbot.keyClick(data.table, Qt.Key.Key_D, CTRL)
    said(data, qtbot, "Select a cell")


def test_a_single_cell_is_text_also_when_it_reads_like_a_title(data, qtbot):
    data.table.go_to(0, column(data, "name"))
    paste(data, qtbot, "Name")
    assert wire(data) == {"customer_data": {"guests": [{"name": "Name"}]}}
    assert not data.asked


def test_a_block_with_a_heading_goes_to_the_import(data, qtbot):
    fill(data, guests=GUESTS)
    data.table.go_to(1, 1)
    paste(data, qtbot, "Guest key\tName\ng-1\tAnn")

    ((sheet, at),) = data.asked
    assert [list(row) for row in sheet.rows] == [["Guest key", "Name"], ["g-1", "Ann"]]
    assert at is None
    assert list(data.model.rows("guests")) == GUESTS


@pytest.mark.parametrize(
    "titles",
    ["Key\tName\tEmail address\tID", "Name\tName", "Key\tFull name\tE-mail\tPhone"],
)
def test_titles_that_have_to_be_asked_about_are_never_a_guest(data, qtbot, titles):
    data.table.go_to(0, 0)
    paste(data, qtbot, titles + "\n" + "\t".join(["x"] * (titles.count("\t") + 1)))
    assert [at for _sheet, at in data.asked] == [None]
    assert not data.model.rows("guests")


def test_more_columns_than_the_table_has_go_to_the_import(data, qtbot):
    data.table.go_to(0, column(data, "phone_number"))
    paste(data, qtbot, "+12025550101\textra\n+12025550102\t")
    assert [at for _sheet, at in data.asked] == [0]
    assert not data.model.rows("guests")
    paste(data, qtbot, "+12025550101\t\n+12025550102\t")
    assert len(data.model.rows("guests")) == 2, "blank cells on the right don't count"


def test_the_table_of_the_clipboard_comes_before_its_text(data, qtbot):
    data.table.go_to(0, 0)
    html = (
        "<table><tr><td>g-1</td><td>Lake<br>House</td></tr><tr><td>g-2</td><td></td></tr></table>"
    )
    paste(data, qtbot, "g-1\tLake House\ng-2\t", html)
    assert list(data.model.rows("guests")) == [
        {"guest_key": "g-1", "name": "Lake\nHouse"},
        {"guest_key": "g-2"},
    ]
    paste(data, qtbot, "plain", "<p>no table</p>")
    assert data.model.rows("guests")[0]["guest_key"] == "plain"


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85"])
def test_other_line_ends_stay_in_their_cell(data, qtbot, character):
    data.table.go_to(0, 0)
    paste(data, qtbot, f"g-1\tLake{character}House\ng-2\tHill")
    rows = [
        {"guest_key": "g-1", "name": f"Lake{character}House"},
        {"guest_key": "g-2", "name": "Hill"},
    ]
    assert list(data.model.rows("guests")) == rows
    name = data.model.index(0, 1)
    assert name.data(Qt.ItemDataRole.DisplayRole) == "Lake House"
    data.table.setCurrentIndex(name)
    qtbot.keyClick(data.table, Qt.Key.Key_F2)
    (editor,) = data.table.viewport().findChildren(QLineEdit)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not data.table.viewport().findChildren(QLineEdit))
    assert list(data.model.rows("guests")) == rows, "an editor that was opened changes nothing"
    data.table.selectAll()
    qtbot.keyClick(data.table, Qt.Key.Key_C, CTRL)
    fill(data, guests=[])
    data.table.go_to(0, 0)
    qtbot.keyClick(data.table, Qt.Key.Key_V, CTRL)
    assert list(data.model.rows("guests")) == rows


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('g-1\t"Lake\ng-2\tHill', ['"Lake', "Hill"]),
        ('g-1\t"The Nest" cottage\ng-2\tHill', ['"The Nest" cottage', "Hill"]),
        ('g-1\t"Lake ""A""\nHouse"\ng-2\tHill', ['Lake "A"\nHouse', "Hill"]),
    ],
)
def test_a_quote_swallows_no_row(data, qtbot, text, names):
    data.table.go_to(0, 0)
    paste(data, qtbot, text)
    assert [row["name"] for row in data.model.rows("guests")] == names


def drop(data, mime: QMimeData, row: int, name: str) -> None:
    """As Qt does: the widget below the pointer gets the events."""
    viewport = data.table.viewport()
    at = data.table.visualRect(data.model.index(row, column(data, name))).center()
    last = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entered = QDragEnterEvent(at, Qt.DropAction.CopyAction, mime, *last)
    QApplication.sendEvent(viewport, entered)
    assert entered.isAccepted()
    moved = QDragMoveEvent(at, Qt.DropAction.CopyAction, mime, *last)
    QApplication.sendEvent(viewport, moved)
    assert moved.isAccepted()
    dropped = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, mime, *last)
    QApplication.sendEvent(viewport, dropped)


def test_text_that_is_dropped_goes_to_the_cell_below_the_pointer(data):
    fill(data, guests=GUESTS)
    mime = QMimeData()
    mime.setText("b@example.com\nc@example.com")
    drop(data, mime, 1, "email_address")
    assert emails(data) == [None, "b@example.com", "c@example.com"]


def test_a_dropped_file_is_imported_and_two_are_not(data, qtbot, tmp_path):
    chosen = []
    data.toolbar.file_chosen.connect(chosen.append)
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(paths[0]))])
    drop(data, mime, 0, "name")
    assert chosen == [str(paths[0])]
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    drop(data, mime, 0, "name")
    assert chosen == [str(paths[0])]
    said(data, qtbot, "one file")


def test_applied_rows_are_one_step_and_their_changes_are_shown(data):
    fill(data, guests=GUESTS)
    rows = [GUESTS[0], {**GUESTS[1], "name": "Ben"}, GUESTS[2], {"guest_key": "g-4", "name": "D"}]
    data.table.apply_rows("import", rows, {1: frozenset({"name"}), 3: frozenset({"name"})})

    assert list(data.model.rows("guests")) == rows
    changed, same = data.model.index(1, 1), data.model.index(1, 0)
    assert data.table.currentIndex() == changed
    assert changed.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert "changed" in changed.data(Qt.ItemDataRole.AccessibleTextRole)
    assert same.data(Qt.ItemDataRole.BackgroundRole) is None
    data.model.setData(same, "g-9")
    assert changed.data(Qt.ItemDataRole.BackgroundRole) is None
    data.model.undo_stack.undo()
    data.model.undo_stack.undo()
    assert list(data.model.rows("guests")) == GUESTS
