"""The do-not-send list's dialog alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.message.do_not_send import DoNotSend, DoNotSendList
from seam_portal_desktop.ui.sent.do_not_send_dialog import DoNotSendDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.ledger_data import NOW

ANN = DoNotSend("ann@example.com", "Asked us <b>not</b> to write", "ada", NOW)
MILL = DoNotSend("mill.example", "Left us", "bo", NOW + timedelta(days=1))


@pytest.fixture
def dialog(theme, qtbot):
    dialog = DoNotSendDialog(theme, Icons(theme))
    qtbot.addWidget(dialog)
    dialog.open()
    yield dialog
    dialog.set_busy(busy=False)
    dialog.reject()


def test_the_newest_entry_is_first_with_its_reason_and_who_added_it(dialog):
    dialog.show_list(DoNotSendList([ANN, MILL]))
    shown = [[dialog.table.item(row, at).text() for at in range(3)] for row in range(2)]
    assert shown == [
        ["mill.example", "Left us", "bo"],
        ["ann@example.com", "Asked us <b>not</b> to write", "ada"],
    ]
    assert not dialog.remove.isEnabled()
    removed = []
    dialog.remove_requested.connect(removed.append)
    dialog.table.selectRow(1)
    dialog.remove.click()
    dialog.remove.click()
    assert removed == [ANN]


def test_an_entry_needs_both_texts_and_enter_adds_once(dialog):
    dialog.show_list(DoNotSendList())
    assert dialog.empty.isVisible()
    added = []
    dialog.add_requested.connect(lambda target, reason: added.append((target, reason)))
    dialog.submit()
    assert dialog.target.note.label.text() == "Type an address or a domain."
    QTest.keyClicks(dialog.target.edit, "ann@example.com")
    dialog.submit()
    assert dialog.reason.note.label.text() == "Say why nothing is sent to it."
    QTest.keyClicks(dialog.reason.edit, "Left us")
    for _ in range(2):
        QTest.keyClick(dialog.reason.edit, Qt.Key.Key_Return)
    assert added == [("ann@example.com", "Left us")]


def test_entries_without_their_key_are_removed_by_a_second_press(dialog):
    dialog.show_list(DoNotSendList([ANN], unreadable=2))
    asked = []
    dialog.remove_unreadable_requested.connect(lambda: asked.append(True))
    assert dialog.unreadable.isVisible()
    assert dialog.unreadable.button.text() == "Remove them"
    dialog.unreadable.button.click()
    assert asked == []
    assert dialog.unreadable.button.text() == "Yes, remove 2 entries for ever"
    dialog.unreadable.button.click()
    assert asked == [True]
    dialog.set_busy(busy=False)
    dialog.show_list(DoNotSendList([ANN]))
    assert not dialog.unreadable.isVisible()
