"""Second presses, hostile keys and many keys in the dialogs that remove customer data."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.lifecycle.removal import key_table
from seam_portal_desktop.ui.lifecycle.removal.dialog import RemoveDataDialog
from seam_portal_desktop.ui.lifecycle.removal.question_dialog import RemovalQuestionDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.ui.lifecycle.test_removal_dialogs import FIRST, SENT

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(qtbot, theme):
    dialog = RemoveDataDialog(theme, Icons(theme))
    dialog.set_workspace("Acme", WorkspaceKind.PRODUCTION, demo=False)
    dialog.customer.key.setText("harbor-hotel")
    dialog.show_sent(SENT)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_a_second_press_or_a_held_key_removes_nothing(dialog, qtbot):
    dialog.model.add([FIRST])
    question = RemovalQuestionDialog(dialog.model.ticked(), [], dialog.theme, dialog.icons, dialog)
    question.pause_submit()
    question.open()
    qtbot.waitExposed(question)
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, CTRL, "", autorep=True)
    with qtbot.assertNotEmitted(question.remove_requested):
        qtbot.mouseDClick(question.submit_button, Qt.MouseButton.LeftButton)
        qtbot.keyClick(question, Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: not question.submit_button.pause.isActive())
        QApplication.sendEvent(question, held)
    with qtbot.waitSignal(question.remove_requested):
        qtbot.keyClick(question, Qt.Key.Key_Return, CTRL)


def test_markup_in_a_key_is_text_in_its_tooltip(dialog):
    dialog.model.add([RemovalKey("guests", '<img src="file:///nowhere.png">')])
    tooltip = dialog.model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img" in tooltip


def test_what_was_sent_for_another_customer_is_not_removed(dialog, qtbot):
    dialog.table.selectRow(0)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.submit_button.isEnabled()
    dialog.customer.key.setFocus()
    qtbot.keyClicks(dialog.customer.key, "-2")
    assert not dialog.model.ticked()
    assert not dialog.submit_button.isEnabled()


def test_thousands_of_keys_are_not_looked_at_again_for_each_letter(dialog, qtbot, monkeypatch):
    dialog.model.add(RemovalKey("guests", f"k-{each}") for each in range(5_000))
    looked: list[str] = []
    monkeypatch.setattr(key_table, "key_findings", lambda key, _known: looked.append(key))
    dialog.keys.setFocus()
    qtbot.keyClicks(dialog.keys, "k-1")
    dialog.table.selectRow(0)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert len(dialog.model.ticked()) == 4_999
    assert looked == []
