"""Pages that try to keep the user, or to keep the window busy."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support.hostile_kit import PATH
from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE, press, shows_text, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


def test_message_boxes_are_dismissed_and_block_nothing(hostile):
    hostile.open("report('boxes', [alert('Pay'), confirm('Sure?'), prompt('Name?', 'x')])")
    assert hostile.report("boxes") == [None, False, None]
    hostile.expect_notice("opened a message box")


def test_a_frame_opens_no_message_boxes_either(hostile):
    inside = "parent.report(`box`, confirm(`Sure?`))"
    hostile.open("", f"<iframe srcdoc='<script>{inside}</script>'></iframe>")
    assert hostile.report("box") is False
    hostile.expect_notice("opened a message box")


@pytest.mark.parametrize("box", ["alert(1)", "confirm(1)", "prompt(1)"])
def test_message_boxes_in_a_loop_end_the_page(hostile, box):
    hostile.show(hostile.write(f"while (true) {box}"))
    hostile.until(lambda: hostile.signals.failed == [("portal-1", "flooded")])
    assert shows_text(hostile.pane, "The page kept opening message boxes")
    hostile.until(lambda: hostile.web is None)


@pytest.mark.parametrize("trap", ["event.preventDefault()", "event.returnValue = 'Stay'"])
def test_a_page_that_asks_not_to_be_left_is_left(hostile, trap):
    hostile.open(f"addEventListener('beforeunload', event => {{ {trap} }})")
    hostile.click()
    press(hostile.pane, "Reload")
    hostile.until(lambda: hostile.signals.rendered == ["portal-1"] * 2)
    hostile.click()
    hostile.pane.show_portal(target(hostile.site.url("/portals/next"), "next"))
    hostile.until(lambda: hostile.signals.rendered[-1] == "next")


def test_a_page_that_loops_while_it_unloads_is_left(hostile):
    hostile.open("onpagehide = onunload = () => { while (true); }")
    hostile.click()
    hostile.pane.show_portal(target(hostile.site.url("/portals/next"), "next"))
    hostile.until(lambda: hostile.signals.rendered[-1] == "next")


def test_a_page_that_never_ends_does_not_hold_up_the_next(hostile):
    hostile.show(hostile.write("while (true);"))
    hostile.until(lambda: hostile.site.asked_for(PATH))
    hostile.pane.show_portal(target(hostile.site.url("/portals/next"), "next"))
    hostile.until(lambda: hostile.signals.rendered == ["next"])


def test_a_page_that_keeps_all_keys_is_left_by_f6(hostile, qtbot):
    hostile.open(
        "for (const kind of ['keydown', 'keyup', 'keypress']) addEventListener(kind, event => {"
        "event.preventDefault(); event.stopPropagation(); report('key', event.key) }, true);"
        "onClick(() => navigator.keyboard.lock())"
    )
    hostile.click()
    page_widget = hostile.web.widget.focusProxy()
    page_widget.setFocus()
    qtbot.keyClick(page_widget, Qt.Key.Key_Tab)
    assert hostile.report("key") == "Tab"
    assert hostile.signals.backs == 0
    qtbot.keyClick(page_widget, Qt.Key.Key_F6)
    assert hostile.signals.backs == 1


def test_a_page_does_not_take_the_focus(hostile, qtbot):
    field = QLineEdit(hostile.pane)
    field.show()
    field.setFocus()
    hostile.open(
        "const own = document.querySelector('input'); let times = 0; const grab = () => {"
        "focus(); own.focus();"
        "times++ < 50 ? setTimeout(grab) : report('tried', own.value) }; grab()",
        "<input autofocus>",
    )
    qtbot.keyClicks(field, "harbor")
    assert hostile.report("tried") == ""
    assert field.text() == "harbor"
    assert field.hasFocus()


def test_a_file_that_is_dropped_does_not_reach_the_page(hostile, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    hostile.open(
        "for (const kind of ['dragenter', 'dragover', 'drop']) addEventListener(kind, event => {"
        "event.preventDefault(); report('dropped', kind) })"
    )
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(secret))])
    view = hostile.web.widget
    drag = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    position, keys = QPoint(60, 60), Qt.KeyboardModifier.NoModifier
    for widget in (view, view.focusProxy()):
        if widget.acceptDrops():  # or Qt would not ask it
            QApplication.sendEvent(widget, QDragEnterEvent(position, *drag, keys))
            QApplication.sendEvent(widget, QDragMoveEvent(position, *drag, keys))
            QApplication.sendEvent(widget, QDropEvent(QPointF(position), *drag, keys))
    hostile.run("1")
    assert hostile.site.posted == []
    assert hostile.is_still_the_portal()


@pytest.mark.parametrize(
    "call",
    [
        "console.error('x'.repeat(10000))",
        "document.title = 'x'.repeat(1000) + n",
        "history.replaceState(0, '', '?' + n)",
        "history.pushState(0, '', '?' + n)",
        "location.hash = n",
        "location.href = 'mailto:' + n + '@evil.example'",
        "location.href = 'https://evil.example/' + n",
        "navigator.wakeLock.request().catch(() => 0)",
        "Notification.requestPermission()",
        "navigator.geolocation.getCurrentPosition(() => 0)",
        "fetch('http://192.168.0.1/' + n, {mode: 'no-cors'}).catch(() => 0)",
        "new WebSocket('ws://192.168.0.1/' + n)",
        "print()",
        "window.moveTo(n, n)",
        "document.querySelector('input').click()",
        "open('mailto:x')",
        "document.body.append(Object.assign(document.createElement('iframe'), {srcdoc: 'x'}))",
        "document.body.style.cursor = n % 2 ? 'wait' : 'default'",
        "document.querySelector('h1').title = n",
        "navigator.setAppBadge(n)",
        "history.back()",
    ],
)
def test_the_window_answers_during_many(hostile, call):
    hostile.open(
        f"onClick(() => {{ for (let n = 0; n < 300; n++) {{ {call} }}; report('over', true) }})",
        "<input type=file>",
    )
    hostile.click()
    # Some of these calls end the page. This test is about the window.
    hostile.until(lambda: hostile.has_report("over") or hostile.signals.failed != [])
    assert len(hostile.signals.notices) <= 3
    hostile.pane.show_portal(target(hostile.site.url("/portals/next"), "next"))
    hostile.until(lambda: hostile.signals.rendered[-1] == "next")


def test_frames_inside_of_frames_are_limited(hostile):
    hostile.site.pages["/nest"] = Answer(body="<iframe src='/nest?' + 1></iframe>")
    hostile.open("onload = () => report('loaded', frames.length)", "<iframe src='/nest'></iframe>")
    assert hostile.report("loaded") == 1
    assert sum(asked.startswith("/nest") for asked in hostile.site.asked) <= 3
