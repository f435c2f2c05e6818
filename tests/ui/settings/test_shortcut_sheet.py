"""The sheet of shortcuts agrees with the actions, and `?` is typed where text is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QMenu

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.ui.portals.table import TABLE_KEYS
from seam_portal_desktop.ui.settings.shortcuts import ShortcutsDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.program import visible_children


@pytest.fixture
def window(theme, qtbot):
    window = MainWindow(theme, Icons(theme), {}, has_workspace=True, is_demo=False)
    qtbot.addWidget(window)
    window.show()
    window.add_list(system_clock)
    window.complete(system_clock)
    window.activateWindow()
    qtbot.waitActive(window)
    yield window
    window.preview.shutdown()


@pytest.fixture
def sheet(window, qtbot):
    dialog = ShortcutsDialog(window.menuBar(), window.theme, window.icons, window)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def listed(sheet: ShortcutsDialog) -> dict[str, str]:
    """Keys by text."""
    found = {}
    for view in visible_children(sheet, QListView):
        model = view.model()
        for row in range(model.rowCount()):
            command = model.command(row)
            found[command.text] = command.keys
    return found


def test_it_lists_every_shortcut_of_the_window(window, sheet):
    shown = listed(sheet)
    actions = [
        action
        for owner in (window, window.preview)
        for action in owner.findChildren(QAction)
        if action.shortcuts() and action.text() and not isinstance(action.parent(), QMenu)
    ]
    assert len(actions) > 25
    for action in actions:
        keys = " or ".join(
            each.toString(QKeySequence.SequenceFormat.NativeText) for each in action.shortcuts()
        )
        assert shown.get(action.text()) == keys, action.text()
    assert {text for text, _ in TABLE_KEYS} <= set(shown)
    assert shown["Keyboard shortcuts"] == "F1 or ?"


def test_the_filter_finds_texts_and_synonyms(sheet):
    QTest.keyClicks(sheet.findChildren(QListView)[0].window().focusWidget(), "extend")
    assert list(listed(sheet)) == ["Renew link"]
    field = sheet.focusWidget()
    QTest.keyClicks(field, "xyzxyz")
    assert listed(sheet) == {}
    field.clear()
    assert len(listed(sheet)) > 25


def test_it_fits_its_dialog_in_width(sheet):
    for view in visible_children(sheet, QListView):
        assert view.height() >= view.model().rowCount() * view.sizeHintForRow(0)


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Question])
def test_a_key_opens_it_from_the_list(window, qtbot, key):
    window.pane.table.setFocus()
    with qtbot.waitSignal(window.actions_.shortcuts.triggered):
        QTest.keyClick(window.pane.table, key)


def test_a_question_mark_can_be_typed(window):
    triggered: list[int] = []
    window.actions_.shortcuts.triggered.connect(lambda _on: triggered.append(1))
    window.search_box.setFocus()
    QTest.keyClick(window.search_box, Qt.Key.Key_Question)
    QTest.keyClick(window.search_box, "?")
    assert window.search_box.text() == "??"
    assert triggered == []
    QTest.keyClick(window.search_box, Qt.Key.Key_F1)
    assert triggered == [1]
