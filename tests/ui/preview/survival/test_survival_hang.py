"""Pages that stop answering: the user is asked, and the window answers all the time."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE, press, shows_text
from tests.support.responsive import window_answers
from tests.support.survival_kit import LOW_LIMITS, PATH, Survival

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

QUESTION = "This page does not answer."


def test_users_are_asked_after_ten_seconds():
    assert PageLimits().hang_after == timedelta(seconds=10)


@pytest.mark.parametrize(
    ("script", "body"),
    [
        pytest.param("while (true);", "", id="at once"),
        pytest.param("onload = () => setTimeout(() => { while (true); }, 200)", "", id="later"),
        pytest.param("/(a+)+$/.test('a'.repeat(60) + 'b')", "", id="backtracking"),
        pytest.param("while (true) history.pushState(0, 0, '?' + Math.random())", "", id="history"),
        pytest.param("while (true) location.hash = Math.random()", "", id="hash"),
        pytest.param("while (true) window.name = Math.random()", "", id="name"),
        pytest.param("while (true) print()", "", id="print"),
        pytest.param("while (true) open('about:blank')", "", id="windows"),
        pytest.param(
            "while (true) document.cookie = Math.random() + '=' + 'x'.repeat(3900)",
            "",
            id="cookies",
        ),
        pytest.param(
            "", "<iframe sandbox=allow-scripts srcdoc='<script>while(true);</script>'>", id="frame"
        ),
    ],
)
def test_the_user_is_asked_and_stops_the_page(survival, script, body):
    survival.asks_and_stops(script, body)


@pytest.mark.parametrize("event", ["beforeunload", "unload", "pagehide"])
def test_a_page_that_hangs_when_it_is_left(survival, event):
    survival.attack(f"addEventListener('{event}', () => {{ while (true); }})")
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    survival.qtbot.mouseClick(survival.web.widget.focusProxy(), Qt.MouseButton.LeftButton)
    with window_answers():
        press(survival.pane, "Reload")
        survival.stop_when_asked()
    survival.works_again()


def test_a_page_that_hangs_when_it_is_left_does_not_delay_the_next_portal(survival):
    survival.attack("addEventListener('unload', () => { while (true); })")
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    with window_answers():
        survival.show_good("next")
        survival.wait_until_one_renderer()


def test_the_question_comes_again_and_goes_with_an_answer(survival):
    survival.attack("onload = () => { const end = Date.now() + 2600; while (Date.now() < end); }")
    asked = []
    survival.wait(lambda: survival.web)
    survival.web.monitor.not_answering.connect(lambda: asked.append(1))
    survival.wait(lambda: shows_text(survival.pane, QUESTION))
    press(survival.pane, "Wait")
    assert not shows_text(survival.pane, QUESTION)
    survival.wait(lambda: len(asked) == 2)
    assert shows_text(survival.pane, QUESTION)
    survival.wait(lambda: not shows_text(survival.pane, QUESTION))
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    assert survival.signals.failed == []


def test_a_server_that_does_not_answer_is_not_a_page_that_hangs(survival):
    survival.is_allowed(answer=Answer(hold=True))
    assert not shows_text(survival.pane, QUESTION)


def test_reloading_a_page_that_hangs_starts_another_process(survival):
    survival.attack("while (true);")
    survival.wait(lambda: shows_text(survival.pane, QUESTION))
    pid = survival.pid
    survival.site.pages.pop(PATH)
    with window_answers():
        survival.pane.reload()
        survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    assert survival.pid != pid
    survival.wait_until_one_renderer()


def test_a_renderer_that_crashes(survival):
    survival.show_good("portal-1")
    with window_answers():
        os.kill(survival.pid, signal.SIGKILL)
        survival.wait(lambda: survival.signals.failed == [("portal-1", "crashed")])
        assert shows_text(survival.pane, "The page stopped working")
    survival.works_again()


def test_a_hanging_page_does_not_outlive_its_pane(survival):
    survival.attack("while (true);")
    survival.wait(lambda: shows_text(survival.pane, QUESTION))
    with window_answers():
        survival.pane.shutdown()
    survival.wait_until_no_renderer()


def test_a_page_that_keeps_the_window_busy_is_asked_about(qapp, qtbot, site):
    """No known page does it for long on this engine, so the limit is very low here."""
    limits = replace(LOW_LIMITS, busy_share=0.005, busy_for=timedelta(milliseconds=300))
    with Survival.open(qapp, qtbot, site, limits) as survival:
        survival.attack("setInterval(() => { document.title = Math.random(); }, 10)")
        survival.wait(lambda: shows_text(survival.pane, "This page keeps the window busy."))
        press(survival.pane, "Stop the page")
        assert survival.signals.failed == [("portal-1", "unresponsive")]
        survival.wait_until_no_renderer()


def test_a_pop_up_that_fills_the_memory_is_ended(survival):
    script = "setInterval(() => kept.push(new Uint8Array(3e7).fill(1)), 20)"
    survival.site.pages["/pop"] = Answer(
        body=f"<h1>Pop-up</h1><script>const kept = []; {script}</script>"
    )
    survival.attack("onclick = () => open('/pop', 'pop', 'popup,noopener')")
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    with window_answers():
        survival.qtbot.mouseClick(survival.web.widget.focusProxy(), Qt.MouseButton.LeftButton)
        survival.wait(lambda: survival.signals.notices or survival.signals.failed)
    survival.show_good("next")
    survival.wait_until_one_renderer()
