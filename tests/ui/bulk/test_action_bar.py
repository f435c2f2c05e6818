"""The bar below the list: what fits, what is in its menu, and who has the focus."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from seam_portal_desktop.domain.portal.record import LinkState, Outcome
from seam_portal_desktop.ui.bulk.action_bar import ActionBar
from seam_portal_desktop.ui.portals.pane import PaneState, PortalsPane
from seam_portal_desktop.ui.portals.selection import (
    SelectionController,
    copyable,
    renewable,
    sendable,
)
from seam_portal_desktop.ui.shell.actions import WindowActions
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.portal_rows import HOUR, NOW, SettableClock, created, page, sent, unanswered


class Window(QWidget):
    """The list with its bar, without the rest of the window."""

    def __init__(self, theme) -> None:
        super().__init__()
        icons, clock = Icons(theme), SettableClock()
        self.pane = PortalsPane(theme, icons, clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pane)
        self.actions_ = WindowActions(icons, self)
        table, model = self.pane.table, self.pane.model
        self.bar = ActionBar(theme, icons, self.actions_.for_many(), table, model, self.pane)
        self.pane.add_below(self.bar)
        self.selection = SelectionController(self.pane, self.actions_, clock, self)
        self.selection.changed.connect(self.bar.show_selected)
        self.show_rows(page(*(created(f"p{n}", f"customer-{n:02}") for n in range(30))))
        self.resize(700, 400)

    def show_rows(self, rows) -> None:
        self.pane.model.set_page(rows)
        self.pane.set_state(PaneState.READY)

    def shown(self) -> list[str]:
        return [button.text() for button in self.bar.buttons if button.isVisible()]

    def in_menu(self) -> list[str]:
        return [action.text() for action in self.bar.more.menu().actions()]


@pytest.fixture
def window(theme, qtbot):
    window = Window(theme)
    qtbot.addWidget(window)
    window.show()
    return window


def select(window, qtbot, *ids: str) -> None:
    window.pane.table.select(*ids)
    qtbot.waitUntil(
        lambda: window.pane.table._emitted_selection == window.pane.table.selected_ids(),
        timeout=5000,
    )
    QApplication.processEvents()


ALL = ["Send…", "Renew", "Export…", "Copy links", "Mark as sent…", "Revoke…", "Delete…"]


def test_what_does_not_fit_is_in_the_menu(window, qtbot):
    select(window, qtbot, "p0", "p1")
    assert window.bar.isVisible()
    window.resize(1200, 400)
    qtbot.waitUntil(lambda: window.shown() == ALL, timeout=5000)
    assert not window.bar.more.isVisible()
    for width in (900, 700, 560, 430, 360, 250):
        window.resize(width, 400)
        qtbot.waitUntil(lambda: window.bar.width() == window.width(), timeout=5000)
        QApplication.processEvents()
        count = len(window.shown())
        assert window.shown() == ALL[:count]
        assert len(window.in_menu()) == len(ALL) - count
        inside = window.bar.rect()
        for button in (*window.bar.buttons, window.bar.more):
            if button.isVisible():
                assert inside.contains(button.geometry()), f"{button.text()} at {width}"
                assert button.width() >= button.sizeHint().width()
    window.resize(430, 400)
    qtbot.waitUntil(lambda: len(window.shown()) >= 2, timeout=5000)
    assert "Revoke 2 links…" in window.in_menu()


def test_it_mirrors_and_grows_with_the_font(window, qtbot):
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    font = window.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    window.setFont(font)
    select(window, qtbot, "p0", "p1")
    first = window.bar.buttons[0]
    assert window.bar.count.geometry().left() > first.geometry().left()
    assert window.bar.height() >= 2 * first.fontMetrics().height()
    assert len(window.shown()) + len(window.in_menu()) == len(ALL)


def test_the_current_row_stays_in_view(window, qtbot):
    table = window.pane.table
    last = next(
        row
        for row in range(30)
        if table.visualRect(table.model().index(row, 0)).top() < 0
        or table.visualRect(table.model().index(row + 1, 0)).bottom() > table.viewport().height()
    )
    table.setCurrentIndex(table.model().index(last, 0))
    qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(window.bar.isVisible, timeout=5000)
    view = table.viewport().rect()
    qtbot.waitUntil(
        lambda: view.contains(table.visualRect(table.currentIndex()).center()), timeout=5000
    )


def test_rows_that_are_not_loaded_are_not_called_selected(window, qtbot):
    rows = page(*(created(f"p{n}") for n in range(30)), total=5000)
    window.show_rows(rows)
    window.pane.table.selectAll()
    qtbot.waitUntil(lambda: window.bar.count.text().startswith("The first 30 of 5"), timeout=5000)
    window.pane.table.select("p1", "p2")
    qtbot.waitUntil(lambda: window.bar.count.text() == "2 selected", timeout=5000)


def test_the_focus_goes_back_to_the_table(window, qtbot):
    window.activateWindow()
    triggered = []
    window.actions_.renew.triggered.connect(lambda: triggered.append(window.focusWidget()))
    select(window, qtbot, "p0", "p1")
    renew = window.bar.buttons[1]
    renew.setFocus()
    qtbot.keyClick(renew, Qt.Key.Key_Return)
    assert triggered == [window.pane.table], "before the action, which may open a dialog"
    renew.setFocus()
    qtbot.waitUntil(renew.hasFocus, timeout=5000)
    window.show_rows(page(unanswered("p0", outcome=Outcome.FAILED), unanswered("p1")))
    window.selection.update()
    qtbot.waitUntil(lambda: not renew.isEnabled(), timeout=5000)
    assert window.pane.table.hasFocus(), "the next button must not get it"
    window.bar.buttons[2].setFocus()
    qtbot.keyClick(window.bar.buttons[2], Qt.Key.Key_Escape)
    assert window.pane.table.hasFocus(), "Escape leaves the bar"
    window.bar.buttons[2].setFocus()
    window.show_rows(page(created("p9")))
    window.selection.update()
    qtbot.waitUntil(lambda: not window.bar.isVisible(), timeout=5000)
    assert window.pane.table.hasFocus()


def test_a_screen_reader_gets_name_state_and_reason(window, qtbot):
    window.show_rows(page(created("a", sent=sent()), created("b", left=-HOUR)))
    select(window, qtbot, "a", "b")
    mark = QAccessible.queryAccessibleInterface(window.bar.buttons[4])
    assert mark.role() == QAccessible.Role.Button
    assert mark.text(QAccessible.Text.Name) == "Mark as sent"
    assert mark.state().disabled
    assert mark.text(QAccessible.Text.Description) == (
        "1 of 2 has no link that works. 1 of 2 is marked as sent already."
    )
    more = QAccessible.queryAccessibleInterface(window.bar.more)
    assert more.text(QAccessible.Text.Name) == "More actions"


@pytest.mark.parametrize(
    ("which", "keys", "reason"),
    [
        (
            copyable,
            ["live", "sent"],
            "3 of 6 have no link that works. 1 of 6 has a link that can’t be read here.",
        ),
        (
            sendable,
            ["live"],
            (
                "3 of 6 have no link that works. 1 of 6 has a link that can’t be read here. "
                "1 of 6 is marked as sent already."
            ),
        ),
        (
            lambda rows, _now: renewable(rows),
            ["live", "sent", "lost", "expired", "revoked"],
            "1 of 6 never had a link.",
        ),
    ],
)
def test_to_which_portals_an_action_applies(which, keys, reason):
    rows = [
        created("live"),
        created("sent", sent=sent()),
        created("lost", link_state=LinkState.KEY_GONE),
        created("expired", left=-HOUR),
        created("revoked", revoked_at=NOW - timedelta(hours=1)),
        unanswered("unknown"),
    ]
    found = which(rows, NOW)
    assert [row.portal_id for row in found.portals] == keys
    assert found.reason == reason
