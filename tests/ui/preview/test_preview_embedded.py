"""A portal in a host page's frame, with and without its server's consent."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit

from seam_portal_desktop.ui.preview.emulation.host_page import (
    PLACEHOLDER,
    FrameSize,
    host_page,
    snippet,
)
from tests.support.emulation_kit import WAIT_MS, ask_page, wait_until_page_answers
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, TOKEN, press, shown_pane, shows_text, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

REFUSED = "This portal doesn’t let itself be embedded"


@pytest.fixture
def site():
    with page_server() as server:
        yield server


@pytest.fixture
def preview(qapp):
    with shown_pane(qapp) as shown:
        yield shown


def ask_frame(pane, qtbot, script):
    answers = []
    frame = pane.first.web.widget.page().mainFrame().children()[0]
    frame.runJavaScript(f"JSON.stringify({script})", answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    return json.loads(answers[0])


def embed(pane, site, path):
    pane.preview_actions.embed.trigger()
    pane.show_portal(target(site.url(path)))


@pytest.mark.parametrize(
    "headers", [{}, {"Content-Security-Policy": "frame-ancestors *"}], ids=["silent", "allowed"]
)
def test_a_portal_is_shown_in_a_frame_of_the_chosen_size(preview, site, qtbot, headers):
    pane, received = preview
    site.pages["/portals/a"] = Answer(headers=headers)
    embed(pane, site, f"/portals/a?token={TOKEN}")
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    assert ask_frame(pane, qtbot, "document.querySelector('h1').innerText") == "Harbor Hotel"
    frame = "document.querySelector('iframe')"
    assert ask_page(pane.first, qtbot, f"[{frame}.allow, {frame}.height]") == [
        "clipboard-write",
        "800",
    ]
    assert ask_frame(pane, qtbot, "[top === self, innerHeight]") == [False, 800]
    assert received.failed == []


def test_the_host_page_asks_for_nothing_and_never_holds_the_link(preview, site, qtbot):
    pane, received = preview
    embed(pane, site, f"/portals/a?token={TOKEN}")
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    assert site.asked == [f"/portals/a?token={TOKEN}"]
    page = pane.first.web.widget.page()
    assert TOKEN not in page.url().toString()
    assert TOKEN not in page.requestedUrl().toString()
    assert site.headers["/portals/a"]["Sec-Fetch-Dest"] == "iframe"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Security-Policy": "frame-ancestors 'none'"},
        {"Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'"},
        {"X-Frame-Options": "DENY"},
        {"X-Frame-Options": "SAMEORIGIN"},
    ],
)
def test_a_refusal_is_shown_with_what_to_do(preview, site, qtbot, headers):
    pane, received = preview
    site.pages["/portals/a"] = Answer(headers=headers)
    embed(pane, site, "/portals/a?token=x")
    qtbot.waitUntil(lambda: bool(received.failed), timeout=WAIT_MS)
    assert received.failed == [("portal-1", "framing")]
    assert shows_text(pane, REFUSED)
    assert shows_text(pane, "is_embedded: true")
    name = "X-Frame-Options" if "X-Frame-Options" in headers else "frame-ancestors"
    assert shows_text(pane, f"Refused by {name}")
    press(pane, "Show it without a frame")
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    assert not pane.preview_actions.embed.isChecked()
    assert ask_page(pane.first, qtbot, "top === self") is True


def test_a_broken_connection_is_no_refusal(preview, site, qtbot):
    pane, received = preview
    site.pages["/portals/a"] = Answer(drop=True)
    embed(pane, site, "/portals/a?token=x")
    qtbot.waitUntil(lambda: bool(received.failed), timeout=WAIT_MS)
    assert received.failed == [("portal-1", "not_in_frame")]
    assert not shows_text(pane, REFUSED)


def test_a_dead_link_is_dead_in_a_frame_too(preview, site, qtbot):
    pane, received = preview
    site.pages["/portals/a"] = Answer(status=410)
    embed(pane, site, "/portals/a?token=x")
    qtbot.waitUntil(lambda: bool(received.failed), timeout=WAIT_MS)
    assert received.failed == [("portal-1", "link_dead")]


def test_a_page_cannot_pretend_to_be_refused(preview, site, qtbot):
    pane, received = preview
    body = "<h1>Here</h1><script>console.error('Refused: frame-ancestors')</script>"
    site.pages["/portals/a"] = Answer(body=body)
    embed(pane, site, "/portals/a?token=x")
    qtbot.waitUntil(lambda: bool(received.rendered or received.failed), timeout=WAIT_MS)
    assert received.failed == []


def test_a_framed_page_that_wants_the_whole_window_stays_where_it_is(preview, site, qtbot):
    pane, received = preview
    body = "<h1>Here</h1><script>top.location = 'https://elsewhere.example/'</script>"
    site.pages["/portals/a"] = Answer(body=body)
    embed(pane, site, "/portals/a?token=x")
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    assert ask_page(pane.first, qtbot, "document.title") == "Your page"


def test_the_frames_size_can_be_changed_where_it_stands(preview, site, qtbot):
    pane, received = preview
    embed(pane, site, "/portals/a?token=x")
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    pane.findChild(QCheckBox).setChecked(False)
    pane.comparison_settings.set_frame(FrameSize(320, 500))
    wait_until_page_answers(
        pane.first,
        qtbot,
        "(({width, height}) => [width, height])(document.querySelector('iframe'))",
        ["320", "500"],
    )
    assert ask_frame(pane, qtbot, "[innerWidth, innerHeight]") == [320, 500]
    assert len(site.asked) == 1


def test_the_html_to_copy_holds_a_placeholder_and_never_the_link(preview, site, qtbot):
    pane, received = preview
    embed(pane, site, f"/portals/a?token={TOKEN}")
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    shown = pane.findChild(QPlainTextEdit).toPlainText()
    press(pane, "Copy HTML")
    assert QGuiApplication.clipboard().text() == shown == snippet(FrameSize())
    assert PLACEHOLDER in shown
    assert 'allow="clipboard-write"' in shown
    assert TOKEN not in shown


def test_what_is_shown_and_what_is_copied_are_the_same_frame():
    size = FrameSize(640, 480)
    for html in (snippet(size), host_page(size)):
        assert 'width="640" height="480" allow="clipboard-write"' in " ".join(html.split())
