from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.errors import SeamError, UserFacingError
from seam_portal_desktop.ui.shell.status_area import StatusAction, StatusArea
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Tone

REFUSED = SeamError(
    "Seam refused the request.",
    "The customer key is missing.",
    seam_request_id="not-a-real-request-id",
    technical="HTTP 400",
)


@pytest.fixture
def window(theme, qtbot):
    """A window with something to type into above the status area."""
    window = QWidget()
    qtbot.addWidget(window)
    rows = QVBoxLayout(window)
    window.field = QLineEdit()
    window.area = StatusArea(theme, Icons(theme))
    rows.addWidget(window.field)
    rows.addStretch(1)
    rows.addWidget(window.area)
    window.resize(900, 400)
    window.show()
    window.activateWindow()
    window.field.setFocus()
    return window


@pytest.fixture
def area(window):
    return window.area


def button(area: QWidget, text: str) -> QPushButton:
    (found,) = [
        one for one in area.findChildren(QPushButton) if one.isVisible() and one.text() == text
    ]
    return found


def has_button(area: QWidget, text: str) -> bool:
    return any(one.isVisible() and one.text() == text for one in area.findChildren(QPushButton))


def shown(area: QWidget) -> str:
    return "\n".join(label.text() for label in area.findChildren(QLabel) if label.isVisible())


def test_a_message_disappears(area, qtbot):
    area.show_message("Link copied.", seconds=0.05)
    assert area.text.full_text() == "Link copied."
    qtbot.waitUntil(lambda: area.text.full_text() == "", timeout=5000)


def test_progress_lasts_until_it_ends_and_messages_hide_it(area, qtbot):
    area.show_progress("Creating…")
    area.show_message("Link copied.", seconds=0.05)
    assert area.text.full_text() == "Link copied."
    qtbot.waitUntil(lambda: area.text.full_text() == "Creating…", timeout=5000)
    area.end_progress()
    assert area.text.full_text() == ""


def test_an_action_runs_once_and_removes_its_message(area):
    undone = []
    area.show_message("Deleted 3 portals.", action=StatusAction("Undo", lambda: undone.append(1)))
    button(area, "Undo").click()
    assert undone == [1]
    assert area.text.full_text() == ""
    assert not has_button(area, "Undo")


def test_an_undo_comes_back_after_a_newer_message(area, qtbot):
    area.show_message("Deleted.", action=StatusAction("Undo", lambda: None), seconds=60)
    area.show_message("Link copied.", seconds=0.05)
    assert not has_button(area, "Undo")
    qtbot.waitUntil(lambda: area.text.full_text() == "Deleted.", timeout=5000)
    assert has_button(area, "Undo")


def test_a_newer_message_replaces_a_plain_one(area, qtbot):
    area.show_message("First.", seconds=60)
    area.show_message("Second.", seconds=0.05)
    qtbot.waitUntil(lambda: area.text.full_text() != "Second.", timeout=5000)
    assert area.text.full_text() == ""


def test_the_time_stops_under_the_pointer(area):
    area.show_message("Deleted.", action=StatusAction("Undo", lambda: None), seconds=60)
    assert area._timer.isActive()
    QCoreApplication.sendEvent(area._line, QEvent(QEvent.Type.Enter))
    assert not area._timer.isActive()
    QCoreApplication.sendEvent(area._line, QEvent(QEvent.Type.Leave))
    assert area._timer.isActive()


def test_an_error_stays_beside_later_messages_until_dismissed(area, qtbot):
    area.show_error(REFUSED)
    area.show_message("Link copied.", seconds=0.05)
    assert "Seam refused the request." in shown(area)
    assert area.text.full_text() == "Link copied."
    qtbot.waitUntil(lambda: area.text.full_text() == "", timeout=5000)
    assert area.errors.isVisible()

    area.errors.dismiss()
    assert not area.errors.isVisible()


def test_errors_stack_newest_first_and_the_same_one_only_once(area):
    other = UserFacingError("The ledger is read-only.", "Free some space.")
    area.show_error(REFUSED)
    area.show_error(other)
    area.show_error(REFUSED)

    assert area.errors.current() is REFUSED
    assert "1 more" in shown(area)
    area.errors.dismiss()
    assert area.errors.current() is other
    assert "more" not in shown(area)
    area.errors.dismiss()
    assert area.errors.current() is None


def test_details_unfold_and_are_copied(area):
    area.show_error(REFUSED)
    assert not area.errors._details.isVisible()
    button(area, "Details").click()
    assert "not-a-real-request-id" in area.errors._details.toPlainText()
    assert area.errors._details.isVisible()
    button(area, "Copy details").click()
    assert QGuiApplication.clipboard().text() == REFUSED.details()


def test_an_errors_action_runs_and_dismisses_it(area):
    tried = []
    area.show_error(REFUSED, action=StatusAction("Try again", lambda: tried.append(1)))
    button(area, "Try again").click()
    assert tried == [1]
    assert not area.errors.isVisible()


def test_an_action_that_fails_again_shows_its_new_error(area):
    area.show_error(REFUSED, action=StatusAction("Try again", lambda: area.show_error(REFUSED)))
    button(area, "Try again").click()
    assert area.errors.current() is REFUSED
    assert area.errors.isVisible()


def test_nothing_takes_the_focus(window, qtbot):
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.field, timeout=5000)
    window.area.show_message("Deleted.", action=StatusAction("Undo", lambda: None))
    window.area.show_error(REFUSED, action=StatusAction("Try again", lambda: None))
    window.area.show_progress("Creating…")
    assert QApplication.focusWidget() is window.field


def test_the_permanent_state_stays_and_explains_itself(area):
    area.set_permanent(
        "Links are kept until you quit",
        icon="lock-open",
        tone=Tone.WARNING,
        tooltip="There is no keyring.",
    )
    area.show_message("Link copied.")
    assert "Links are kept until you quit" in shown(area)
    assert area._permanent.toolTip() == "There is no keyring."


def test_long_foreign_text_does_not_widen_the_window_or_become_markup(area):
    error = UserFacingError("<b>x</b>" * 200, "word " * 2000, technical="t" * 9000)
    area.show_error(error)
    button(area, "Details").click()
    area.show_message("m" * 3000)
    area.set_permanent("p" * 3000, icon="info")
    assert area.minimumSizeHint().height() < 300
    assert area._line.minimumSizeHint().width() < 500
    assert "<b>x</b>" in shown(area)


def test_progress_can_be_stopped_and_is_not_hidden_by_earlier_messages(area):
    stopped = []
    area.show_message("Connected.")
    area.show_progress("Renewing 1 of 12…", action=StatusAction("Stop", lambda: stopped.append(1)))
    assert area.text.full_text() == "Renewing 1 of 12…"
    area._action.click()
    assert stopped == [1]
    assert area.text.full_text() == "Renewing 1 of 12…"
    area.show_progress("Stopping…")
    assert not area._action.isVisibleTo(area)
    area.end_progress()
    assert area.text.full_text() == ""


def test_progress_over_messages_is_shown_at_once(area):
    area.show_message("Deleted 1 portal.", action=StatusAction("Undo", lambda: None))
    area.show_progress("Saving a link…", over_messages=True)
    assert area.text.full_text() == "Saving a link…"
    assert not area._action.isVisibleTo(area)
