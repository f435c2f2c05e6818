"""Completion of names, and the text as it was typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from seam_portal_desktop.ui.templates.source_edit import SourceEdit

NAMES = {"url": "The link.", "expires_at": "When it ends.", "expires_in": "How long it works."}


@pytest.fixture
def edit(theme, qtbot):
    edit = SourceEdit(theme, "Text")
    edit.set_words(NAMES, ("join", "upper"))
    qtbot.addWidget(edit)
    edit.show()
    yield edit
    edit.popup.hide()


def offered(edit) -> list[str]:
    model = edit.popup.model()
    return [model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]


def test_braces_and_a_space_offer_every_name_and_enter_inserts_one(edit, qtbot):
    qtbot.keyClicks(edit, "Until {{ ")
    assert edit.popup.isVisible()
    assert offered(edit) == list(NAMES)
    assert edit.popup.model().index(0, 0).data() == "url  –  The link."
    qtbot.keyClicks(edit, "exp")
    assert offered(edit) == ["expires_at", "expires_in"]
    qtbot.keyClick(edit.popup, Qt.Key.Key_Down)
    qtbot.keyClick(edit.popup, Qt.Key.Key_Return)
    assert edit.source() == "Until {{ expires_in }}"
    assert not edit.popup.isVisible()


def test_control_and_space_offer_names_everywhere_and_add_the_braces(edit, qtbot):
    qtbot.keyClicks(edit, "Link: ")
    assert not edit.popup.isVisible()
    qtbot.keyClick(edit, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(edit.popup, Qt.Key.Key_Return)
    assert edit.source() == "Link: {{ url }}"


def test_braces_that_are_closed_already_stay_closed(edit, qtbot):
    edit.setPlainText("{{ u }} and {{ expires_at }}")
    cursor = edit.textCursor()
    cursor.setPosition(4)
    edit.setTextCursor(cursor)
    qtbot.keyClicks(edit, "r")
    qtbot.keyClick(edit.popup, Qt.Key.Key_Return)
    assert edit.source() == "{{ url }} and {{ expires_at }}"


def test_after_a_bar_there_are_filters(edit, qtbot):
    qtbot.keyClicks(edit, "{{ url | u")
    assert offered(edit) == ["upper"]
    qtbot.keyClick(edit.popup, Qt.Key.Key_Tab)
    assert edit.source() == "{{ url | upper }}"


def test_escape_closes_the_offer_and_words_outside_of_braces_open_none(edit, qtbot):
    qtbot.keyClicks(edit, "{{ e")
    qtbot.keyClick(edit.popup, Qt.Key.Key_Escape)
    assert not edit.popup.isVisible()
    assert edit.source() == "{{ e"
    qtbot.keyClicks(edit, " }} exp")
    assert not edit.popup.isVisible()


def test_nothing_is_offered_where_nothing_can_be_typed(edit, qtbot):
    edit.setReadOnly(True)
    qtbot.keyClick(edit, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert not edit.popup.isVisible()


def test_no_break_spaces_stay(edit):
    edit.setPlainText("Bonjour\u00a0!\nÀ bientôt")
    assert edit.source() == "Bonjour\u00a0!\nÀ bientôt"


def test_the_line_of_an_error_is_marked(edit):
    edit.setPlainText("one\ntwo\nthree")
    edit.set_error_line(2)
    (mark,) = edit.extraSelections()
    assert mark.cursor.block().text() == "two"
    edit.set_error_line(9)
    assert edit.extraSelections() == []


def test_a_replaced_text_comes_back_with_undo(edit):
    edit.setPlainText("typed")
    edit.moveCursor(QTextCursor.MoveOperation.End)
    edit.set_source("saved", can_undo=True)
    edit.undo()
    assert edit.source() == "typed"
