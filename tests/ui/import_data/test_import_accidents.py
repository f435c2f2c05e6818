"""What goes wrong by accident or on purpose in the import: second presses, hostile texts, choices
that don't work."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as QtText
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.tables.sheet import TableRefusedError
from seam_portal_desktop.ui.import_data.dialog import ImportDialog, ImportStep
from seam_portal_desktop.ui.import_data.table_models import FILE
from tests.support.create_dialog import CreateDialogDriver
from tests.support.fake_gateway import FakeGateway
from tests.support.until import until
from tests.ui.import_data.test_import_path import (
    GUESTS,
    RESERVATIONS,
    finish,
    go_on,
    opened,
    settled,
    start,
    write,
)

pytestmark = pytest.mark.anyio

CTRL = Qt.KeyboardModifier.ControlModifier
HOSTILE = '<b>x</b> <img src="file:///nowhere/x.png">'


@pytest.fixture
async def driver(theme, tmp_path):
    driver = CreateDialogDriver(theme, FakeGateway(), tmp_path)
    driver.window.show()
    yield driver
    await driver.close()


def tooltips(model) -> list[str]:
    return [
        model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]


def as_shown(tooltip: str) -> str:
    """The text of a tooltip as Qt shows it."""
    if not QtText.mightBeRichText(tooltip):
        return tooltip
    document = QTextDocument()
    document.setHtml(tooltip)
    return document.toPlainText()


async def test_markup_in_a_file_is_text_in_each_tooltip(driver, tmp_path):
    dialog = await opened(driver, "guests")
    text = (
        f'guest_key,name,email_address,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n'
        f'g-1,"{HOSTILE.replace(chr(34), chr(34) * 2)}",{"<i>e</i>"},x\n'
        'g-2,"<i>ok</i>",a@example.com,x\n'
    )
    imported = await start(dialog, write(tmp_path, text, "<b>" + "long " * 45 + ".csv"))
    assert any(HOSTILE in as_shown(each) for each in tooltips(imported.columns.list.columns))
    assert HOSTILE in as_shown(
        imported.columns.list.columns.index(3, FILE).data(Qt.ItemDataRole.ToolTipRole)
    )
    assert as_shown(imported._headline._name.toolTip()).startswith("<b>long")
    imported.columns.target_chosen.emit(3, None)
    await go_on(imported, ImportStep.REVIEW)
    assert any("<i>e</i>" in as_shown(each) for each in tooltips(imported.review.problems.model))
    assert any("<i>ok</i>" in as_shown(each) for each in tooltips(imported.review.model))


async def test_a_choice_that_is_refused_is_not_shown_as_the_one_that_counts(driver, tmp_path):
    dialog = await opened(driver, "guests")
    imported = await start(dialog, write(tmp_path, 'guest_key,Nick\ng-1,"A;B"\ng-2;"B\n'))
    box = imported.columns.source.separator_box
    imported.columns.source.text_button.click()
    assert box.currentText() == "Comma"

    async def refuse(*_args):
        raise TableRefusedError("The file can’t be read.", "Line 3 has an opening quote.")

    driver.services.import_tables.read = refuse
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() != "Comma"
    await settled(imported)
    assert imported.error_card.error
    assert box.currentText() == "Comma", "its columns are still those below"


async def test_a_choice_made_while_the_rows_are_checked_stops_the_check(driver, tmp_path):
    dialog = await opened(driver, "guests")
    imported = await start(dialog, write(tmp_path, "Key,Full name,Nick\ng-1,Ann,A\n"))
    assert imported.step is ImportStep.COLUMNS
    imported.columns.target_chosen.emit(2, None)
    QTest.keyClick(imported, Qt.Key.Key_Return, CTRL)
    assert imported._is_working
    imported.columns.target_chosen.emit(1, None)
    await settled(imported)
    assert imported.step is ImportStep.COLUMNS
    await go_on(imported, ImportStep.REVIEW)
    await finish(imported)
    assert dialog.data.model.rows("guests")[0].get("name") is None


async def test_back_stops_what_is_computed(driver, tmp_path):
    dialog = await opened(driver, "reservations")
    imported = await start(dialog, write(tmp_path, RESERVATIONS))
    await go_on_to_review(imported)
    imported.review.merge_chosen.emit()
    imported.back_button.click()
    assert imported.step is ImportStep.QUESTIONS
    await settled(imported)
    QTest.keyClick(imported, Qt.Key.Key_Return, CTRL)
    imported.back_button.click()
    await settled(imported)
    assert imported.step is ImportStep.COLUMNS


async def go_on_to_review(imported) -> None:
    notes = next(row for row in range(4) if imported.columns.list.columns.title(row) == "Notes")
    imported.columns.target_chosen.emit(notes, None)
    await go_on(imported, ImportStep.QUESTIONS)
    QTest.keyClick(imported.focusWidget(), Qt.Key.Key_Space)
    await settled(imported)
    await go_on(imported, ImportStep.REVIEW)


async def test_answers_stay_when_another_column_goes_elsewhere(driver, tmp_path):
    dialog = await opened(driver, "reservations")
    imported = await start(dialog, write(tmp_path, RESERVATIONS))
    await go_on_to_review(imported)
    imported.back_button.click()
    imported.back_button.click()
    assert imported.step is ImportStep.COLUMNS
    imported.columns.target_chosen.emit(1, None)
    await go_on(imported, ImportStep.QUESTIONS)
    assert not imported.questions.missing()


async def test_a_second_press_on_import_does_not_create_the_portal(driver, tmp_path):
    dialog = await opened(driver, "guests")
    dialog.customer.key.setText("harbor-hotel")
    asked: list[object] = []
    dialog.submit = lambda: asked.append(None)
    imported = await start(dialog, write(tmp_path, GUESTS))
    await settled(imported)
    QTest.mouseClick(imported.submit_button, Qt.MouseButton.LeftButton)
    assert not imported.isVisible()
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog.data.table, Qt.Key.Key_Return, CTRL)
    assert not asked
    await until(lambda: not dialog.submit_button.pause.isActive(), "a double click has ended")
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert asked
    assert len(dialog.data.model.rows("guests")) == 2


async def test_a_second_file_does_not_end_the_first_import(driver, tmp_path):
    dialog = await opened(driver, "guests")
    first = write(tmp_path, GUESTS)
    second = write(tmp_path, GUESTS, "second.csv")
    dialog.data.toolbar.file_chosen.emit(str(first))
    dialog.data.toolbar.file_chosen.emit(str(second))
    shown = [each for each in dialog.findChildren(ImportDialog) if each.isVisible()]
    assert len(shown) == 1
    await until(lambda: shown[0].step is ImportStep.REVIEW, "the first file is read")
    await finish(shown[0])
    third = await start(dialog, second)
    assert third.isVisible()


async def test_the_focus_is_never_on_cancel_by_itself(driver, tmp_path):
    dialog = await opened(driver, "reservations")
    dialog.data.toolbar.file_chosen.emit(str(write(tmp_path, RESERVATIONS)))
    imported = dialog.findChildren(ImportDialog)[-1]
    seen = []

    def look() -> bool:
        seen.append(imported.focusWidget())
        return imported.step is ImportStep.COLUMNS and not imported._is_working

    look()
    await until(look, "the columns are shown")
    imported.columns.target_chosen.emit(3, None)
    imported.submit_button.setFocus()
    imported.submit_button.click()
    look()
    await until(lambda: look() or imported.step is ImportStep.QUESTIONS, "the questions are shown")
    await settled(imported)
    QTest.keyClick(imported.focusWidget(), Qt.Key.Key_Space)
    look()
    await settled(imported)
    imported.submit_button.setFocus()
    imported.submit_button.click()
    look()
    await until(lambda: look() or imported.step is ImportStep.REVIEW, "the review is shown")
    assert imported.dismiss_button not in seen


async def test_closing_the_form_while_the_import_computes(driver, tmp_path):
    dialog = await opened(driver, "guests")
    rows = "".join(f"g-{each},Ann {each},a{each}@example.com\n" for each in range(20_000))
    dialog.data.toolbar.file_chosen.emit(
        str(write(tmp_path, "guest_key,name,email_address\n" + rows))
    )
    imported = dialog.findChildren(ImportDialog)[-1]
    assert imported._is_working
    dialog.reject()
    assert not imported.isVisible()
    await until(lambda: not driver.scope.is_running("import"), "the import ends")
