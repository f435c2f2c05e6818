"""From a file or pasted cells to the rows of the New portal dialog, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from xlsxwriter import Workbook

from seam_portal_desktop.domain.tables.merge import MergeMode
from seam_portal_desktop.ui.import_data.dialog import ImportDialog, ImportStep
from seam_portal_desktop.ui.import_data.run import ImportRun
from tests.support.create_dialog import CreateDialogDriver
from tests.support.fake_gateway import FakeGateway
from tests.support.until import until

pytestmark = pytest.mark.anyio

GUESTS = "guest_key,name,email_address\ng-1,Ann,ann@example.com\ng-2,Ben,ben@example.com\n"
RESERVATIONS = (
    "Confirmation code,Guest key,Check-in,Notes\n"
    "r-1,g-1,03/04/2026 15:00,late\n"
    "r-2,g-2,05/06/2026 15:00,\n"
)


@pytest.fixture
async def driver(theme, tmp_path):
    driver = CreateDialogDriver(theme, FakeGateway(), tmp_path)
    driver.window.show()
    yield driver
    await driver.close()


async def opened(driver: CreateDialogDriver, kind: str):
    dialog = await driver.open()
    dialog.form.fold(dialog.data).unfold()
    dialog.data.kinds.set_current_kind(kind)
    return dialog


def write(tmp_path: Path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


async def import_of(dialog) -> ImportDialog:
    """The import dialog, once it shows something to choose."""
    imported = dialog.findChildren(ImportDialog)[-1]
    await until(lambda: imported.step is not ImportStep.READING or imported.error_card.error)
    return await settled(imported)


async def settled(imported: ImportDialog) -> ImportDialog:
    await until(lambda: not imported._is_working, "nothing is computed")
    return imported


async def start(dialog, path: Path) -> ImportDialog:
    dialog.data.toolbar.file_chosen.emit(str(path))
    return await import_of(dialog)


async def go_on(imported: ImportDialog, step: ImportStep) -> None:
    QTest.keyClick(imported, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: imported.step is step, f"{step.name} is shown")
    await settled(imported)


async def finish(imported: ImportDialog) -> None:
    await settled(imported)
    QTest.keyClick(imported, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: not imported.isVisible(), "the import is done")


async def test_a_file_whose_titles_are_all_known_goes_straight_to_the_review(driver, tmp_path):
    dialog = await opened(driver, "guests")
    imported = await start(dialog, write(tmp_path, GUESTS))
    assert imported.step is ImportStep.REVIEW
    assert imported.submit_button.text() == "Import 2 rows"
    assert not dialog.data.model.rows("guests")
    await finish(imported)
    assert [row["guest_key"] for row in dialog.data.model.rows("guests")] == ["g-1", "g-2"]
    dialog.data.model.undo_stack.undo()
    assert not dialog.data.model.rows("guests")


async def test_the_whole_path_by_keyboard(driver, tmp_path):
    dialog = await opened(driver, "reservations")
    imported = await start(dialog, write(tmp_path, RESERVATIONS))
    assert imported.step is ImportStep.COLUMNS
    view = imported.columns.list
    notes = next(row for row in range(4) if view.columns.title(row) == "Notes")
    view.go_to(notes)
    QTest.keyClick(view, Qt.Key.Key_Return)
    menu = view.findChild(QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert view.columns.target_text(notes) == "Metadata: Notes"
    await go_on(imported, ImportStep.QUESTIONS)

    def asked() -> list[str]:
        return [card.question.topic.value for card in imported.questions.cards]

    assert asked() == ["date_order"]
    QTest.keyClick(imported, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert imported.step is ImportStep.QUESTIONS, "the order of the dates is asked"
    QTest.keyClick(imported.focusWidget(), Qt.Key.Key_Space)
    await settled(imported)
    assert asked() == ["date_order", "time_zone"], "the zone has a default, and is shown"
    await go_on(imported, ImportStep.REVIEW)

    await finish(imported)
    first = dialog.data.model.rows("reservations")[0]
    assert first["reservation_key"] == "r-1"
    assert first["guest_key"] == "g-1"
    assert first["custom_metadata"] == {"Notes": "late"}
    assert first["starts_at"].startswith("2026-04-03T15:00:00")


async def test_the_same_file_twice_changes_nothing_and_a_corrected_one_updates(driver, tmp_path):
    dialog = await opened(driver, "guests")
    await finish(await start(dialog, write(tmp_path, GUESTS)))
    again = await start(dialog, write(tmp_path, GUESTS))
    assert [badge.text() for badge in again.review.counts.badges] == [
        "0 rows are added",
        "0 rows change",
        "2 rows stay as they are",
        "0 rows are removed",
    ]
    again.reject()
    corrected = await start(dialog, write(tmp_path, GUESTS.replace("Ben", "Benjamin")))
    await finish(corrected)
    rows = dialog.data.model.rows("guests")
    assert [row["name"] for row in rows] == ["Ann", "Benjamin"]


async def test_replace_removes_what_the_file_does_not_have(driver, tmp_path):
    dialog = await opened(driver, "guests")
    await finish(await start(dialog, write(tmp_path, GUESTS)))
    imported = await start(dialog, write(tmp_path, "guest_key,name\ng-3,Cleo\ng-4,Dan\n"))
    imported.review.mode.set_value(MergeMode.REPLACE)
    await settled(imported)
    assert imported.review.counts.badges[3].text() == "2 rows are removed"
    await finish(imported)
    assert [row["guest_key"] for row in dialog.data.model.rows("guests")] == ["g-3", "g-4"]


async def test_an_empty_cell_leaves_or_empties_as_chosen(driver, tmp_path):
    dialog = await opened(driver, "guests")
    await finish(await start(dialog, write(tmp_path, GUESTS)))
    path = write(tmp_path, "guest_key,name,email_address\ng-1,Ann,\ng-2,Ben,ben@example.com\n")
    imported = await start(dialog, path)
    assert imported.review.counts.badges[1].text() == "0 rows change"
    QTest.keyClick(imported.review.empty_box, Qt.Key.Key_Down)
    await settled(imported)
    assert imported.review.counts.badges[1].text() == "1 row changes"
    await finish(imported)
    assert "email_address" not in dialog.data.model.rows("guests")[0]


async def test_refused_cells_block_until_their_rows_are_left_out(driver, tmp_path):
    dialog = await opened(driver, "guests")
    text = GUESTS + "g-3,Smith, John,john@example.com\ng-4,Eve,eve at example\n"
    imported = await start(dialog, write(tmp_path, text))
    assert imported.step is ImportStep.COLUMNS, "one cell has no title"
    await go_on(imported, ImportStep.REVIEW)
    model = imported.review.problems.model
    lines = [model.index(row, 0).data().strip("\u2068\u2069") for row in range(model.rowCount())]
    assert lines == ["4", "5"]
    assert not imported.submit_button.isEnabled()
    QTest.keyClick(imported.review.problems.leave_out, Qt.Key.Key_Space)
    assert imported.submit_button.text() == "Import 2 rows"
    await finish(imported)
    assert [row["guest_key"] for row in dialog.data.model.rows("guests")] == ["g-1", "g-2"]


async def test_problems_are_saved_with_their_reasons(driver, tmp_path):
    dialog = await opened(driver, "guests")
    text = GUESTS + '"=g-3",Smith, John,john@example.com\n'
    imported = await start(dialog, write(tmp_path, text))
    await go_on(imported, ImportStep.REVIEW)
    (run,) = imported.findChildren(ImportRun)
    target = tmp_path / "problems.csv"
    await run._save(target)
    lines = target.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("guest_key,name,email_address")
    assert "'=g-3" in lines[1]
    assert "but there are 3 titles" in lines[1]
    assert "problems.csv" in imported.review.problems.saved_note.text()


async def test_two_titles_for_one_field_are_asked_about(driver, tmp_path):
    dialog = await opened(driver, "guests")
    path = write(tmp_path, "Key,Name,Email address,ID\ng-1,Ann,a@example.com,x-1\n")
    imported = await start(dialog, path)
    assert imported.step is ImportStep.COLUMNS
    QTest.keyClick(imported, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert imported.step is ImportStep.COLUMNS
    assert imported.focusWidget() is imported.columns.list


async def test_a_file_of_another_kind_is_called_out_and_the_kind_can_be_changed(driver, tmp_path):
    dialog = await opened(driver, "rooms")
    path = write(tmp_path, "guest_key,name,email_address,phone_number\ng-1,Ann,a@example.com,\n")
    imported = await start(dialog, path)
    assert imported.step is ImportStep.COLUMNS
    source = imported.columns.source
    assert "Guests" in source.kind_note.label.text()
    at = source.kind_box.findData("guests")
    source.kind_box.setFocus()
    for _step in range(at - source.kind_box.currentIndex()):
        QTest.keyClick(source.kind_box, Qt.Key.Key_Down)
    for _step in range(source.kind_box.currentIndex() - at):
        QTest.keyClick(source.kind_box, Qt.Key.Key_Up)
    await settled(imported)
    assert source.kind_note.isHidden()
    await go_on(imported, ImportStep.REVIEW)
    await finish(imported)
    assert [row["guest_key"] for row in dialog.data.model.rows("guests")] == ["g-1"]
    assert dialog.data.model.kind.name == "guests"


async def test_pasted_cells_without_titles_are_asked_about_and_go_where_they_were_pasted(driver):
    dialog = await opened(driver, "reservations")
    rows = [{"reservation_key": "r-1"}, {"reservation_key": "r-2"}]
    dialog.data.table.apply_rows("add stays", rows, {})
    column = [each.dotted for each in dialog.data.model.columns].index("starts_at")
    dialog.data.table.go_to(1, column)
    QGuiApplication.clipboard().setText("03/04/2026 15:00\t05/04/2026 11:00")
    dialog.data.table.setFocus()
    QTest.keyClick(dialog.data.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    imported = await import_of(dialog)
    assert imported.step is ImportStep.QUESTIONS
    QTest.keyClick(imported.focusWidget(), Qt.Key.Key_Space)
    await settled(imported)
    await go_on(imported, ImportStep.REVIEW)
    assert not imported.review.mode.isVisible(), "cells go where they were pasted"
    await finish(imported)
    first, second = dialog.data.model.rows("reservations")
    assert first == {"reservation_key": "r-1"}
    assert second["starts_at"].startswith("2026-04-03T15:00:00")
    assert second["ends_at"].startswith("2026-04-05T11:00:00")


async def test_a_mapping_is_remembered_for_the_same_titles(driver, tmp_path):
    dialog = await opened(driver, "guests")
    path = write(tmp_path, "Key,Full name,Shoe size\ng-1,Ann,39\ng-2,Ben,44\n")
    imported = await start(dialog, path)
    assert imported.step is ImportStep.COLUMNS
    await go_on(imported, ImportStep.REVIEW)
    await finish(imported)
    await until(lambda: driver.data.options.get("table_mappings"))
    again = await start(dialog, path)
    assert again.step is ImportStep.REVIEW
    QTest.mouseClick(again.back_button, Qt.MouseButton.LeftButton)
    assert again.step is ImportStep.COLUMNS
    assert again.columns.list.columns.reason(0) == "As last time"
    again.reject()


async def test_a_guessed_encoding_is_shown_and_another_one_can_be_chosen(driver, tmp_path):
    dialog = await opened(driver, "guests")
    text = "guest_key,name\ng-1,Łukasz Dąbrowski\ng-2,Zażółć Gęślą\ng-3,Świętosława Jaźń\n"
    imported = await start(dialog, write(tmp_path, text, encoding="cp1250"))
    assert imported.step is ImportStep.COLUMNS
    source = imported.columns.source
    assert source.encoding_box.isVisible()
    assert "Łukasz Dąbrowski" in source.note.label.text()
    other = source.encoding_box.findData("cp1252")
    if other < 0:
        other = (source.encoding_box.currentIndex() + 1) % source.encoding_box.count()
    chosen = source.encoding_box.itemData(other)
    source.encoding_box.setCurrentIndex(other)
    source.encoding_box.activated.emit(other)
    await settled(imported)
    assert source.encoding_box.currentData() == chosen
    assert "Łukasz Dąbrowski" not in source.note.label.text()
    imported.reject()


async def test_another_sheet_of_a_workbook_is_chosen_by_keyboard(driver, tmp_path):
    path = tmp_path / "guests.xlsx"
    with Workbook(path) as workbook:
        for name, guest in (("May", "Ann"), ("June", "Ben")):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["guest_key", "name"])
            sheet.write_row(1, 0, [f"g-{guest}", guest])
    dialog = await opened(driver, "guests")
    imported = await start(dialog, path)
    assert imported.step is ImportStep.REVIEW
    imported.back_button.click()
    box = imported.columns.source.sheet_box
    assert [box.itemText(at) for at in range(box.count())] == ["May", "June"]
    QTest.keyClick(box, Qt.Key.Key_Down)
    await settled(imported)
    await go_on(imported, ImportStep.REVIEW)
    await finish(imported)
    assert [row["name"] for row in dialog.data.model.rows("guests")] == ["Ben"]


async def test_a_hundred_thousand_rows_can_be_cancelled_between_the_steps(driver, tmp_path):
    dialog = await opened(driver, "guests")
    rows = "\n".join(f"g-{at},Guest {at}" for at in range(100_000))
    imported = await start(dialog, write(tmp_path, f"guest_key,name\n{rows}\n"))
    assert imported.submit_button.isEnabled()
    assert imported.review.model.rowCount() == 100_000
    imported.review.mode.set_value(MergeMode.ADD)
    QTest.keyClick(imported, Qt.Key.Key_Escape)
    assert not imported.isVisible()
    await until(lambda: not driver.scope.is_running("import"))
    assert not dialog.data.model.rows("guests")


async def test_a_file_that_cannot_be_read_says_why(driver, tmp_path):
    dialog = await opened(driver, "guests")
    imported = await start(dialog, write(tmp_path, 'guest_key,name\ng-1,"Ann\ng-2,Ben\n'))
    assert imported.error_card.error is not None
    assert not imported.submit_button.isVisible()
    QTest.keyClick(imported, Qt.Key.Key_Escape)
    assert not imported.isVisible()


async def test_pasted_cells_with_titles_go_through_the_import(driver, tmp_path):
    dialog = await opened(driver, "guests")
    QGuiApplication.clipboard().setText("Key\tFull name\tE-mail\ng-1\tAnn\tann@example.com\n")
    dialog.data.table.setFocus()
    QTest.keyClick(dialog.data.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    imported = await import_of(dialog)
    assert imported.step is ImportStep.COLUMNS
    await go_on(imported, ImportStep.REVIEW)
    await finish(imported)
    assert dict(dialog.data.model.rows("guests")[0]) == {
        "guest_key": "g-1",
        "name": "Ann",
        "email_address": "ann@example.com",
    }


def drop(widget: QWidget, path: Path) -> bool:
    """Drag the file over the widget and drop it. Returns whether it was taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    enter = QDragEnterEvent(QPoint(5, 5), *how)
    QApplication.sendEvent(widget, enter)
    dropped = QDropEvent(QPointF(5, 5), *how)
    if enter.isAccepted():
        QApplication.sendEvent(widget, dropped)
    return enter.isAccepted()


async def test_a_picture_that_is_dropped_on_the_window_is_not_taken(driver, tmp_path):
    enter = drop(driver.window, write(tmp_path, "", "door.png"))
    assert not enter
    assert driver.controller._open_dialog is None


async def test_a_file_that_is_dropped_on_the_window_opens_a_new_portal(driver, tmp_path):
    await driver._ledger.open()
    assert drop(driver.window, write(tmp_path, GUESTS))
    dialog = driver.controller._open_dialog
    imported = await import_of(dialog)
    assert imported.step is ImportStep.COLUMNS, "the kind was concluded, so it is shown"
    assert imported.columns.source.kind_box.currentData() == "guests"
    await until(lambda: not driver.scope.is_running("prepare form"))
    await go_on(imported, ImportStep.REVIEW)
    await finish(imported)
    assert len(dialog.data.model.rows("guests")) == 2


async def test_cancel_while_a_file_is_read_leaves_nothing_behind(driver, tmp_path):
    dialog = await opened(driver, "guests")
    rows = "\n".join(f"g-{at},Guest {at},g{at}@example.com" for at in range(30_000))
    path = write(tmp_path, f"guest_key,name,email_address\n{rows}\n")
    dialog.data.toolbar.file_chosen.emit(str(path))
    imported = dialog.findChildren(ImportDialog)[-1]
    QTest.keyClick(imported, Qt.Key.Key_Escape)
    assert not imported.isVisible()
    await until(lambda: not driver.scope.is_running("import"))
    assert not dialog.data.model.rows("guests")
