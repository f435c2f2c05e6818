"""Pages that try to use the program's own widgets: tooltips, dialogs, drags, long texts."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QDialog, QToolTip

from tests.support.hostile_kit import FULL_PAGE
from tests.support.preview_kit import ENGINE_NOISE, visible_texts

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE, "This plugin does not support")

_LONGEST = 400


def rest_pointer(hostile, qtbot) -> None:
    """Rest the pointer on the page until the engine has set its tooltip, and have it shown."""
    view = hostile.web.widget
    hostile.until(lambda: hostile.run("performance.getEntriesByName('first-contentful-paint')"))
    for step in range(3):
        qtbot.mouseMove(view.focusProxy(), QPoint(60 + step, 60))
        qtbot.wait(50)
    hostile.until(view.toolTip)
    place = QPoint(60, 60)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    hostile.until(QToolTip.isVisible)


def test_a_title_of_megabytes_under_a_resting_pointer(hostile, qtbot):
    hostile.open("document.body.title = 'w '.repeat(2_800_000)", f"<b {FULL_PAGE}>hover</b>")
    rest_pointer(hostile, qtbot)
    assert len(QToolTip.text()) < _LONGEST
    QToolTip.hideText()
    assert hostile.is_still_the_portal()


def test_a_title_is_text_and_keeps_its_direction(hostile, qtbot):
    title = "<img src=x><h1>Harbor\u202egro.live\u0007 \n\n Hotel"
    hostile.open(f"document.body.title = {json.dumps(title)}", f"<b {FULL_PAGE}>hover</b>")
    rest_pointer(hostile, qtbot)
    assert QToolTip.text() == "<p>&lt;img src=x&gt;&lt;h1&gt;Harborgro.live Hotel</p>"
    QToolTip.hideText()


COLOR = "Object.assign(document.createElement('input'), {type: 'color'})"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"onClick(() => {COLOR}.click())", id="click"),
        pytest.param(
            f"const input = {COLOR}; document.body.append(input); "
            "onClick(() => input.showPicker())",
            id="showPicker",
        ),
        pytest.param(
            "const frame = document.createElement('iframe'); document.body.append(frame);"
            "const inside = frame.contentDocument;"
            "const input = Object.assign(inside.createElement('input'), {type: 'color'});"
            "inside.body.append(input); onClick(() => input.click())",
            id="initial frame",
        ),
    ],
)
def test_a_choice_of_a_colour(hostile, script):
    hostile.open(script)
    shown = _shown_windows()
    hostile.click()
    hostile.expect_notice("asked you to choose a colour")
    hostile.until(lambda: not hostile.web.widget.findChildren(QDialog))
    assert _shown_windows() == shown
    assert hostile.is_still_the_portal()


def _shown_windows() -> list[str]:
    return [window.objectName() for window in QApplication.topLevelWindows() if window.isVisible()]


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param("", id="page"),
        pytest.param(f"<iframe {FULL_PAGE} width=100% height=100%></iframe>", id="initial frame"),
    ],
)
def test_a_drag_with_data_of_the_page(hostile, qtbot, frame):
    hostile.open(
        "const frame = document.querySelector('iframe');"
        "const page = frame ? frame.contentDocument : document;"
        f"page.body.innerHTML += `<b draggable=true {FULL_PAGE}>drag me</b>`;"
        "const box = page.querySelector('b');"
        "box.ondragstart = (event) => {"
        " event.dataTransfer.setData('text/plain', 'rm -rf'); report('start'); };"
        "box.ondragend = (event) => report('end', event.dataTransfer.dropEffect);",
        frame,
    )
    hostile.until(lambda: hostile.run("performance.getEntriesByName('first-contentful-paint')"))
    at = hostile.web.widget.focusProxy()

    def send(kind, x, button, buttons):
        place = QPointF(x, 60)
        modifier = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, place, at.mapToGlobal(place), button, buttons, modifier)
        QApplication.sendEvent(at, event)
        qtbot.wait(30)

    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    send(QEvent.Type.MouseButtonPress, 60, left, left)
    for step in range(10):
        send(QEvent.Type.MouseMove, 60 + 8 * step, none, left)
    hostile.report("start")
    hostile.expect_notice("drag something out of it")
    send(QEvent.Type.MouseButtonRelease, 140, left, none)
    assert not hostile.has_report("end") or hostile.report("end") == "none"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("document.title = 'x'.repeat(20_000_000)", id="title"),
        pytest.param("alert('x'.repeat(20_000_000))", id="alert"),
        pytest.param("confirm('x'.repeat(20_000_000))", id="confirm"),
        pytest.param("console.error('x'.repeat(2_000_000))", id="console"),
        pytest.param("history.pushState(0, '', '?' + 'x'.repeat(1_900_000))", id="address"),
        pytest.param("location = 'https://' + 'x'.repeat(100_000) + '.example/'", id="host"),
        pytest.param(
            "location = 'https://' + 'a.'.repeat(50_000) + 'example/'", id="host of many parts"
        ),
        pytest.param("location = 'x'.repeat(100_000) + ':a'", id="scheme"),
        pytest.param("open('https://' + 'x'.repeat(100_000) + '.example/')", id="pop-up"),
        pytest.param(
            "document.body.append(Object.assign(document.createElement('iframe'),"
            " {src: 'https://' + 'ä'.repeat(20_000) + '.example/'}))",
            id="frame",
        ),
        pytest.param(
            "new Image().src = 'https://' + 'x'.repeat(1_900_000) + '.local/'", id="image"
        ),
        pytest.param(
            "document.body.append(Object.assign(document.createElement('a'),"
            " {download: 'x'.repeat(5_000_000), href: 'data:text/plain,x'}));"
            "document.querySelector('a').click()",
            id="download",
        ),
    ],
)
def test_texts_of_megabytes(hostile, qtbot, script):
    hostile.open(f"onload = () => setTimeout(() => {{ {script}; report('done'); }}, 50)")
    hostile.until(lambda: hostile.has_report("done"))
    qtbot.wait(500)
    shown = [*visible_texts(hostile.pane), *hostile.signals.notices]
    assert max(map(len, shown)) < _LONGEST


def test_very_long_choices(hostile, qtbot):
    """The engine draws them itself. They must not keep the window from answering."""
    hostile.open(
        "for (let i = 0; i < 20_000; i++) {"
        " choice.append(Object.assign(document.createElement('option'),"
        "  {textContent: i === 3 ? 'x'.repeat(200_000) : `Room ${i}`})); }"
        "onClick(() => { try { choice.showPicker(); } catch (error) { report('error', error); } })",
        f"<select id=choice></select><b {FULL_PAGE}>click</b>",
    )
    hostile.click()
    qtbot.wait(1_500)
    qtbot.keyClick(hostile.web.widget.focusProxy(), Qt.Key.Key_Escape)
