"""The error card: what it shows, copies and offers; it never takes the focus."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from seam_portal_desktop.domain.errors import SeamError, UserFacingError
from seam_portal_desktop.ui.toolkit.errors import ErrorCard
from seam_portal_desktop.ui.toolkit.icons import Icons

ERROR = SeamError("Seam failed.", "Wait a minute.", "req-9", technical="HTTP 500", status=500)


@pytest.fixture
def card(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    field = QLineEdit(window)
    card = ErrorCard(theme, Icons(theme), window)
    window.show()
    qtbot.waitExposed(window)
    field.setFocus()
    yield card
    window.close()


def texts(card: ErrorCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]


def test_it_shows_what_happened_and_what_to_quote(card):
    focused = QApplication.focusWidget()
    assert not card.isVisible()
    card.set_error(ERROR, notes=["one", "two"])

    assert card.isVisible()
    assert texts(card) == ["Seam failed.", "Wait a minute.", "one\ntwo", "Seam request id: req-9"]
    assert QApplication.focusWidget() is focused


def test_nothing_is_shown_for_what_is_not_known(card):
    card.set_error(UserFacingError("Offline.", "Check the network."))

    assert texts(card) == ["Offline.", "Check the network."]


def test_service_texts_are_never_markup(card):
    card.set_error(UserFacingError("<h1>Hi</h1>", "<img src=x>"))

    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in card.findChildren(QLabel))


def test_details_are_copied_and_the_button_confirms_it(card, qtbot):
    card.set_error(ERROR)
    copy = next(b for b in card.findChildren(QPushButton) if b.text() == "Copy details")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)

    assert QApplication.clipboard().text() == ERROR.details()
    assert copy.text() == "Details copied"


def test_dismissing_hides_it(card, qtbot):
    card.set_error(ERROR)
    qtbot.mouseClick(card.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert not card.isVisible()
    assert card.error is None


def test_actions_become_buttons_that_go_with_their_error(card, qtbot):
    again = QAction("Try again", card)
    card.set_error(ERROR, actions=[again])
    button = next(b for b in card.findChildren(QPushButton) if b.text() == "Try again")
    with qtbot.waitSignal(again.triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    card.set_error(ERROR)
    qtbot.waitUntil(lambda: "Try again" not in [b.text() for b in card.findChildren(QPushButton)])
