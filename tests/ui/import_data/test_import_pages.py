"""The pages of the import dialog, over hand-made values."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QRadioButton

from seam_portal_desktop.domain.tables.conversion import Topic
from seam_portal_desktop.domain.tables.mapping import MappedColumn, Match
from seam_portal_desktop.domain.tables.merge import MergeMode, MergeResult
from seam_portal_desktop.ui.import_data.dialog import ImportStep
from seam_portal_desktop.ui.import_data.table_models import TARGET
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.import_values import (
    FILE,
    MAPPING,
    QUESTIONS,
    RESERVATIONS,
    RESULT,
    SHEET,
    columns_step,
    mapped,
    questions_step,
    review_step,
)


@pytest.fixture
def icons(theme):
    return Icons(theme)


def shown(qtbot, dialog):
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    return dialog


@pytest.fixture
def columns(qtbot, theme, icons):
    return shown(qtbot, columns_step(theme, icons))


@pytest.fixture
def questions(qtbot, theme, icons):
    return shown(qtbot, questions_step(theme, icons))


@pytest.fixture
def review(qtbot, theme, icons):
    return shown(qtbot, review_step(theme, icons))


def cells(model, row: int, role=Qt.ItemDataRole.DisplayRole) -> list[str]:
    texts = [model.index(row, column).data(role) for column in range(model.columnCount())]
    return [text.strip("\u2068\u2069") for text in texts]


def items(box: QComboBox) -> list[str]:
    return [box.itemText(at) for at in range(box.count())]


def test_each_column_says_where_it_goes_and_why(columns):
    model = columns.columns.list.columns
    assert [model.target_text(row) for row in range(8)] == [
        "Name", "Guest key", "Rooms", "Starts", "Choose…", "Choose…", "Metadata: Notes",
        "Leave out",
    ]  # fmt: skip
    assert model.reason(1) == "Looks alike: please check"
    assert "2 columns go to" in model.reason(4)
    spoken = model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Guest ID goes to: Guest key. Looks alike: please check"


def test_a_target_is_chosen_by_keyboard(columns, qtbot):
    view = columns.columns.list
    view.go_to(6)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    menu = view.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    assert menu.activeAction().text() == "Leave out"
    with qtbot.waitSignal(columns.columns.target_chosen) as chosen:
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
    at, target = chosen.args
    assert (at, target.column.dotted) == (7, RESERVATIONS.key)


def test_a_click_on_the_field_opens_its_list(columns, qtbot):
    view = columns.columns.list
    field = view.visualRect(view.columns.index(0, TARGET))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=field.center())
    qtbot.waitUntil(lambda: view.findChild(QMenu) is not None)
    QTest.keyClick(view.findChild(QMenu), Qt.Key.Key_Escape)
    assert columns.isVisible()


def test_a_name_in_the_metadata_is_proposed_and_can_be_changed(columns, qtbot):
    menu = columns.columns.list.menu_for(7)
    with qtbot.waitSignal(columns.columns.target_chosen) as chosen:
        menu.actions()[-1].trigger()
    assert chosen.args[1].metadata_field == "# of adults"

    columns.columns.list.go_to(6)
    edit = columns.columns.name_edit
    assert edit.isVisible()
    assert edit.text() == "Notes"
    edit.setFocus()
    edit.selectAll()
    with qtbot.waitSignal(columns.columns.target_chosen) as chosen:
        QTest.keyClicks(edit, "remarks")
        QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert (chosen.args[0], chosen.args[1].metadata_field) == (6, "remarks")


def test_an_empty_name_in_the_metadata_is_not_taken(columns, qtbot):
    columns.columns.list.go_to(6)
    edit = columns.columns.name_edit
    edit.setFocus()
    edit.selectAll()
    with qtbot.assertNotEmitted(columns.columns.target_chosen):
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.text() == "Notes"


def test_the_focus_goes_to_the_first_missing_choice(columns):
    assert columns.columns.go_to_missing()
    assert columns.focusWidget() is columns.columns.list
    assert columns.columns.list.currentIndex().row() == 4


def test_a_sheet_of_a_thousand_columns_is_listed_at_once(columns):
    wide = tuple(MappedColumn(f"Column {at}", ("value",), None, Match.NONE) for at in range(1000))
    columns.columns.set_mapping(replace(MAPPING, columns=wide))
    assert columns.columns.list.model().rowCount() == len(wide)
    columns.columns.set_mapping(MAPPING)
    assert columns.columns.list.columns.target_text(0) == "Name"


def test_a_required_field_without_a_column_is_named(columns):
    without_key = replace(
        MAPPING, columns=(mapped("Room", 2, "room_keys", Match.EXACT), *MAPPING.columns[6:])
    )
    columns.columns.set_mapping(without_key)
    assert "Reservation key" in columns.columns.note.label.text()


def test_a_guessed_encoding_is_shown_with_names(columns):
    source = columns.columns.source
    assert source.encoding_box.isVisible()
    assert source.encoding_box.currentText() == "Central European (Windows-1250)"
    assert "Łukasz comes late" in source.note.label.text()


def test_a_certain_encoding_is_hidden_until_it_is_wanted(columns, qtbot):
    source = columns.columns.source
    source.set_file(replace(FILE, encoding="utf-8", is_encoding_guessed=False))
    assert not source.encoding_box.isVisible()
    source.text_button.click()
    assert source.encoding_box.hasFocus()
    with qtbot.waitSignal(source.options_chosen) as chosen:
        QTest.keyClick(source.encoding_box, Qt.Key.Key_Up)
    assert (chosen.args[0].encoding, chosen.args[0].separator) == ("cp1252", ",")


def test_a_spreadsheet_offers_its_sheets(columns, qtbot):
    source = columns.columns.source
    source.set_file(
        replace(FILE, encoding="", encodings=(), is_encoding_guessed=False, separator="",
                sheet_names=("May", "June"), sheet_name="May")
    )  # fmt: skip
    assert not source.text_button.isVisible()
    assert not source.separator_box.isVisible()
    with qtbot.waitSignal(source.options_chosen) as chosen:
        QTest.keyClick(source.sheet_box, Qt.Key.Key_Down)
    assert chosen.args[0].sheet == "June"
    assert chosen.args[0].encoding is None


def test_the_line_with_the_titles_can_be_chosen(columns, qtbot):
    box = columns.columns.source.heading_box
    assert items(box)[0].startswith("Line 1: Confirmation code")
    with qtbot.waitSignal(columns.columns.source.heading_chosen) as chosen:
        QTest.keyClick(box, Qt.Key.Key_End)
    assert chosen.args == [None]


def test_questions_are_answered_by_keyboard(questions, qtbot):
    order, zone = questions.questions.cards
    assert [card.is_missing for card in (order, zone)] == [True, False]
    assert questions.questions.go_to_missing()
    with qtbot.waitSignal(questions.questions.answered) as answered:
        QTest.keyClick(questions.focusWidget(), Qt.Key.Key_Space)
    assert answered.args == [{(3, Topic.DATE_ORDER): "dmy"}]
    assert not order.is_missing


def test_a_zone_is_found_by_a_part_of_its_name(questions, qtbot):
    zone = questions.questions.cards[1].control
    assert zone.currentText() == "Europe/Berlin"
    edit = zone.lineEdit()
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "new_y")
    popup = zone.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    with qtbot.waitSignal(questions.questions.answered) as answered:
        QTest.keyClick(popup, Qt.Key.Key_Down)
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert answered.args == [{(3, Topic.TIME_ZONE): "America/New_York"}]


def test_a_text_that_is_no_zone_brings_the_last_choice_back(questions, qtbot):
    zone = questions.questions.cards[1].control
    zone.lineEdit().setFocus()
    zone.lineEdit().selectAll()
    with qtbot.assertNotEmitted(questions.questions.answered):
        QTest.keyClicks(zone.lineEdit(), "Nowhere")
        questions.submit_button.setFocus()
    assert zone.currentText() == "Europe/Berlin"


def test_the_same_question_about_another_column_gets_the_same_answer(questions, qtbot):
    departure = replace(QUESTIONS[0], column=4, examples=("09/04/2026",))
    questions.questions.set_questions(
        (*QUESTIONS, departure), [each.title for each in MAPPING.columns], {}
    )
    button = questions.questions.cards[0].findChildren(QRadioButton)[1]
    with qtbot.waitSignal(questions.questions.answered) as answered:
        button.click()
    assert answered.args == [{(3, Topic.DATE_ORDER): "mdy", (4, Topic.DATE_ORDER): "mdy"}]
    other = questions.questions.cards[2]
    with qtbot.waitSignal(questions.questions.answered) as answered:
        other.findChildren(QRadioButton)[0].click()
    assert answered.args == [{(4, Topic.DATE_ORDER): "dmy"}], "each can still be changed"


def test_the_review_counts_and_shows_what_changes(review):
    texts = [badge.text() for badge in review.review.counts.badges]
    assert texts == [
        "12 rows are added",
        "3 rows change",
        "9 rows stay as they are",
        "0 rows are removed",
    ]
    model = review.review.model
    assert model.rowCount() == 15
    assert "2026-04-02 15:00 +02:00" in cells(model, 0)
    tinted = [
        model.index(12, column).data(Qt.ItemDataRole.BackgroundRole) is not None
        for column in range(model.columnCount())
    ]
    assert sum(tinted) == 1
    spoken = cells(model, 0, Qt.ItemDataRole.AccessibleTextRole)
    assert any("The check-in time of the room" in text for text in spoken)


def test_nothing_is_imported_before_the_refused_rows_are_left_out(review, qtbot):
    assert cells(review.review.problems.model, 0)[:3] == ["4", "Arrival", "#N/A"]
    assert not review.submit_button.isEnabled()
    review.review.problems.leave_out.setFocus()
    QTest.keyClick(review.review.problems.leave_out, Qt.Key.Key_Space)
    assert review.submit_button.text() == "Import 24 rows"
    with qtbot.waitSignal(review.continue_requested):
        QTest.keyClick(review, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_new_problems_block_again(review):
    review.review.problems.leave_out.click()
    review.review.set_problems((), (), SHEET, ())
    assert review.review.problems.isHidden()
    assert not review.review.problems.leave_out.isChecked()


def test_what_an_empty_cell_does_is_asked_only_for_an_update(review, qtbot):
    page = review.review
    assert page.empty_box.isVisible()
    assert not page.clears_empty
    with qtbot.waitSignal(page.merge_chosen):
        QTest.keyClick(page.empty_box, Qt.Key.Key_Down)
    assert page.clears_empty
    with qtbot.waitSignal(page.merge_chosen):
        page.mode.set_value(MergeMode.REPLACE)
    page.set_result(RESULT, sorted(RESULT.changed), {})
    assert not page.empty_box.isVisible()


def test_a_hundred_thousand_rows_are_shown_at_once(review):
    rows = [{"reservation_key": f"r-{at}"} for at in range(100_000)]
    result = MergeResult(rows, len(rows), 0, 0, 0, dict.fromkeys(range(len(rows)), frozenset()))
    review.review.set_result(result, range(len(rows)), {})
    assert review.review.table.model().rowCount(QModelIndex()) == len(rows)


def test_steps_are_read_and_go_back(review, qtbot):
    assert review.back_button.isVisible()
    with qtbot.waitSignal(review.back_requested):
        review.back_button.click()
    review.show_step(ImportStep.COLUMNS)
    assert not review.back_button.isVisible()
    assert review.submit_button.text() == "Continue"


def test_escape_closes(review):
    QApplication.sendPostedEvents()
    QTest.keyClick(review, Qt.Key.Key_Escape)
    assert not review.isVisible()
