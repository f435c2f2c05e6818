from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from seam_portal_desktop.ui.help.licences_dialog import LicencesDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.program import button

TEXT = "The MIT licence\n" + "filler\n" * 500 + "The Apache licence\n" + "filler\n" * 500 + "MIT"


@pytest.fixture
def dialog(theme, qtbot):
    dialog = LicencesDialog(Icons(theme), TEXT)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def at(dialog) -> tuple[int, str]:
    cursor = dialog.text.textCursor()
    return cursor.selectionStart(), cursor.selectedText()


def test_all_of_the_text_is_there_and_cannot_be_changed(dialog):
    assert dialog.text.toPlainText() == TEXT
    assert dialog.text.isReadOnly()
    assert dialog.search.hasFocus()


def test_typing_goes_to_the_first_match_and_enter_to_the_others(dialog):
    QTest.keyClicks(dialog.search, "licence")
    assert dialog.found.text() == "2 matches"
    first = TEXT.index("licence")
    second = TEXT.index("licence", first + 1)
    assert at(dialog) == (first, "licence")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert at(dialog) == (second, "licence")
    assert dialog.text.verticalScrollBar().value() > 100, "it is in view"
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert at(dialog) == (first, "licence"), "around the end"
    QTest.keyClick(dialog.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert at(dialog) == (second, "licence"), "around the beginning"
    assert dialog.isVisible()


def test_the_arrows_do_the_same(dialog):
    QTest.keyClicks(dialog.search, "mit")
    button(dialog, "Next match").click()
    assert at(dialog) == (TEXT.rindex("MIT"), "MIT"), "whatever the case"
    button(dialog, "Previous match").click()
    assert at(dialog) == (TEXT.index("MIT"), "MIT")


def test_nothing_found(dialog):
    QTest.keyClicks(dialog.search, "mitx")
    assert dialog.found.text() == "No matches"
    assert not button(dialog, "Next match").isEnabled()
    dialog.search.clear()
    assert dialog.found.text() == ""


def test_escape_closes(dialog):
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
