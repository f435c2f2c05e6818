"""A page that wants to change the clipboard. What was copied in this program stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from tests.support.displays import HAS_X, x_display
from tests.support.hostile_kit import FULL_PAGE
from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

ROOT = Path(__file__).parents[4]
LINK = "https://portal.example/portals/1?token=seam_cst_not_a_real_token"
EVIL = "https://evil.example/"
AREA = f"<textarea>{EVIL}</textarea>"
SELECT = "document.querySelector('textarea').select();"
INITIAL_FRAME = (
    "const frame = document.body.appendChild(document.createElement('iframe'));"
    "const inside = frame.contentDocument;"
    f"inside.body.innerHTML = '{AREA}'; inside.querySelector('textarea').select();"
)
HANDLER = (
    "document.oncopy = document.oncut = event => { event.preventDefault();"
    f"event.clipboardData.setData('text/plain', '{EVIL}');"
    f"event.clipboardData.setData('text/html', '<a href={EVIL}>x</a>') }};"
)
# What the page does after a click. Each of them writes to the clipboard in a browser.
WAYS = {
    "copy": f"{SELECT} document.execCommand('copy')",
    "cut": f"{SELECT} document.execCommand('cut')",
    "handler": f"{HANDLER} document.execCommand('copy')",
    "later": f"setTimeout(() => {{ {SELECT} document.execCommand('copy'); report('late', 1) }}, 9)",
    "many": f"{HANDLER} for (let i = 0; i < 300; i++) document.execCommand('copy')",
    "big": f"{HANDLER.replace(repr(EVIL), repr(EVIL) + '.repeat(50_000)')}"
    "for (let i = 0; i < 10; i++) document.execCommand('copy')",
    "from a frame": f"{INITIAL_FRAME} document.execCommand('copy'); inside.execCommand('copy')",
}
# A display without a graphics card causes messages that are no fault of the program.
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-p",
    "no:cacheprovider",
    "-q",
    "-o",
    "qt_log_level_fail=NO",
)
PUT_BACK = "The preview put back what you had copied."


@pytest.fixture
def clipboard(qapp):
    clipboard = QGuiApplication.clipboard()
    yield clipboard
    clipboard.clear()
    if clipboard.supportsSelection():
        clipboard.clear(QClipboard.Mode.Selection)


@pytest.fixture
def writes(clipboard):
    """How often the clipboard changed so far."""
    changes: list[None] = []
    clipboard.dataChanged.connect(lambda: changes.append(None))
    return changes


@pytest.mark.parametrize("way", WAYS)
def test_a_copied_link_stays(hostile, clipboard, writes, way):
    keeper = SecretClipboard(clipboard)
    hostile.open(f"onClick(() => {{ {WAYS[way]}; report('done', 1) }})", AREA)
    keeper.copy(Secret(LINK))
    writes.clear()
    hostile.click()
    hostile.report("done")
    if way == "later":
        hostile.report("late")
    if way != "from a frame":
        hostile.until(lambda: len(writes) >= 2)
        hostile.expect_notice(PUT_BACK)
    assert clipboard.text() == LINK
    assert not clipboard.mimeData().hasHtml()
    assert clipboard.mimeData().data("x-kde-passwordManagerHint").data() == b"secret"
    keeper.clear_if_ours()
    assert clipboard.text() == ""
    assert hostile.is_still_the_portal()


def test_a_link_that_was_copied_before_the_page_opened_stays(hostile, clipboard, writes):
    SecretClipboard(clipboard).copy(Secret(LINK))
    hostile.open(f"onClick(() => {{ {WAYS['copy']} }})", AREA)
    hostile.click()
    hostile.expect_notice(PUT_BACK)
    assert clipboard.text() == LINK


def test_the_page_cannot_wait_until_something_is_copied(hostile, clipboard, writes):
    """It may write for some seconds after a click, also while the user works in the window."""
    hostile.open(
        f"onClick(() => {{ report('clicked', 1); const timer = setInterval(() => {{ {WAYS['copy']}"
        " }, 50); setTimeout(() => { clearInterval(timer); report('done', 1) }, 1500) })",
        AREA,
    )
    hostile.click()
    hostile.report("clicked")
    SecretClipboard(clipboard).copy(Secret(LINK))
    seen = set()
    clipboard.dataChanged.connect(lambda: seen.add(clipboard.text()))
    hostile.report("done")
    hostile.until(lambda: any("clipboard" in text for text in hostile.signals.notices))
    assert clipboard.text() == LINK


def test_without_a_copy_of_ours_the_clipboard_is_emptied(hostile, clipboard, writes):
    hostile.open(f"onClick(() => {{ {WAYS['copy']} }})", AREA)
    clipboard.clear()
    writes.clear()
    hostile.click()
    hostile.expect_notice("The preview emptied it.")
    assert clipboard.text() == ""


def test_a_pop_up_cannot_do_it_either(hostile, clipboard):
    SecretClipboard(clipboard).copy(Secret(LINK))
    pop_up = hostile.write(
        f"onClick(() => {{ {WAYS['copy']}; report('done', 1) }})", AREA, path="/portals/pop-up"
    )
    hostile.open(f"onClick(() => open('{pop_up}'))")
    hostile.click()
    hostile.until(lambda: len(hostile.cards) == 1)
    hostile.click(hostile.cards[0].popup.widget)
    hostile.report("done")
    hostile.expect_notice(PUT_BACK)
    assert clipboard.text() == LINK


def test_the_user_copies_what_is_selected_and_nothing_else(hostile, clipboard, qtbot):
    hostile.open(f"{HANDLER} addEventListener('keydown', () => report('key', 1))", "<p>Door 7</p>")
    clipboard.clear()
    hostile.run("getSelection().selectAllChildren(document.querySelector('p'))")
    hostile.until(lambda: hostile.web.page.selectedText() == "Door 7")
    qtbot.keyClick(
        hostile.web.widget.focusProxy(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier
    )
    assert clipboard.text() == "Door 7"
    hostile.run("1")
    assert clipboard.text() == "Door 7"
    assert not hostile.signals.notices


# A click ends a selection, so a test selects after it.
CLICKED = "onClick(() => report('clicked', 1))"


def test_the_user_cuts_what_is_selected(hostile, clipboard, qtbot):
    hostile.open(CLICKED, f"<textarea {FULL_PAGE}>Door 7</textarea>")
    clipboard.clear()
    hostile.click()
    hostile.report("clicked")
    hostile.run(f"({SELECT.rstrip(';')}, 1)")
    hostile.until(lambda: hostile.web.page.selectedText() == "Door 7")
    qtbot.keyClick(
        hostile.web.widget.focusProxy(), Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier
    )
    hostile.until(lambda: hostile.run("document.querySelector('textarea').value") == "")
    assert clipboard.text() == "Door 7"
    assert not hostile.signals.notices


def test_a_password_is_not_copied(hostile, clipboard, qtbot):
    hostile.open(CLICKED, f"<input type=password value=not-a-real-password {FULL_PAGE}>")
    clipboard.clear()
    hostile.click()
    hostile.report("clicked")
    hostile.run("(document.querySelector('input').select(), 1)")
    hostile.until(hostile.web.page.hasSelection)
    qtbot.keyClick(
        hostile.web.widget.focusProxy(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier
    )
    hostile.run("1")
    assert clipboard.text() == ""


def test_the_programs_own_fields_copy_as_ever(hostile, clipboard, qtbot):
    hostile.open("")
    field = QLineEdit("mine", hostile.pane)
    field.show()
    hostile.pane.activateWindow()
    field.setFocus()
    hostile.until(lambda: QApplication.focusWidget() is field)
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "mine"
    qtbot.keyClick(field, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert (clipboard.text(), field.text()) == ("mine", "")
    assert not hostile.signals.notices


def test_a_list_and_a_label_copy_as_ever(hostile, clipboard, qtbot):
    hostile.open("")
    problems = QListWidget(hostile.pane)
    problems.addItems(["A number is missing", "This field isn’t known"])
    problems.setCurrentRow(1)
    label = QLabel("<p>Seam’s request<br>id:</p>req&nbsp;1", hostile.pane)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    hostile.pane.activateWindow()
    for field, copied in (
        (problems, "This field isn’t known"),
        (label, "Seam’s request\nid:\nreq 1"),
    ):
        clipboard.clear()
        field.show()
        field.setFocus()
        hostile.until(lambda field=field: QApplication.focusWidget() is field)
        qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert clipboard.text() == copied
        assert not hostile.signals.notices


def test_what_is_selected_in_a_page_does_not_reach_the_selection(hostile, clipboard):
    if not clipboard.supportsSelection():
        pytest.skip("this platform has no selection; test_the_same_on_x11 runs it")
    changes: list[str] = []
    clipboard.selectionChanged.connect(
        lambda: changes.append(clipboard.text(QClipboard.Mode.Selection))
    )
    for way in (SELECT, INITIAL_FRAME):
        changes.clear()
        hostile.open(f"onClick(() => {{ {way} }})", AREA)
        hostile.click()
        hostile.until(lambda: "" in changes)
        assert clipboard.text(QClipboard.Mode.Selection) == ""
        hostile.signals.rendered.clear()
        hostile.pane.clear()


@pytest.mark.skipif(not HAS_X, reason="needs Xvfb")
def test_the_same_on_x11():
    """All of the above on a display with a real clipboard and a selection."""
    if "DISPLAY" in os.environ and QGuiApplication.platformName() == "xcb":
        pytest.skip("this is that run")
    with x_display() as display:
        done = subprocess.run(
            [*PYTEST, __file__],
            env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "failed" not in done.stdout
