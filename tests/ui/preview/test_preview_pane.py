from __future__ import annotations

import json
import os
import signal
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from seam_portal_desktop.ui.preview.pane import PreviewMessage
from seam_portal_desktop.ui.preview.view.states import message_content
from tests.support.page_server import Answer, page_server, self_signed
from tests.support.preview_kit import (
    ENGINE_NOISE,
    press,
    shown_pane,
    shows_color,
    shows_text,
    target,
)

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 15_000


@pytest.fixture
def site():
    with page_server() as server:
        yield server


@pytest.fixture
def preview(qapp):
    with shown_pane(qapp) as shown:
        yield shown


@pytest.fixture
def pane(preview):
    return preview[0]


@pytest.fixture
def received(preview):
    return preview[1]


def ask_page(pane, qtbot, script):
    """The value of a JavaScript expression on the page."""
    answers = []
    pane.first.web.widget.page().runJavaScript(f"JSON.stringify({script})", answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    return json.loads(answers[0])


def test_a_selected_portal_is_really_on_the_screen(pane, received, site, qtbot):
    with qtbot.waitSignal(pane.rendered, timeout=WAIT_MS) as rendered:
        pane.show_portal(target(site.url()))
    assert rendered.args == ["portal-1"]
    assert pane.is_loaded
    qtbot.waitUntil(lambda: shows_color(pane.grab().toImage(), "#0b6e4f"), timeout=WAIT_MS)
    assert ask_page(pane, qtbot, "document.querySelector('h1').innerText") == "Harbor Hotel"
    assert received.failed == []


def test_nothing_is_asked_for_before_a_portal_is_shown(pane, site, qtbot):
    for kind in PreviewMessage:
        pane.show_message(kind)
    assert pane.first.web is None
    assert site.asked == []


def test_a_page_that_paints_nothing_does_not_count_as_rendered(qapp, site, qtbot):
    site.pages["/portals/empty"] = Answer(body="<title>Nothing</title>")
    with shown_pane(qapp, slow_after=timedelta(milliseconds=300)) as (pane, received):
        pane.show_portal(target(site.url("/portals/empty")))
        qtbot.waitUntil(lambda: shows_text(pane, "The page is taking long."), timeout=WAIT_MS)
        assert received.rendered == []
        assert not pane.is_loaded


def test_two_portals_share_nothing(pane, received, site, qtbot):
    remember = "(document.cookie='who=first', localStorage.who='first', document.cookie)"
    recall = "[document.cookie, localStorage.length]"
    pane.show_portal(target(site.url(), "first"))
    qtbot.waitUntil(lambda: received.rendered == ["first"], timeout=WAIT_MS)
    assert ask_page(pane, qtbot, remember) == "who=first"
    pane.show_portal(target(site.url(), "second"))
    qtbot.waitUntil(lambda: received.rendered == ["first", "second"], timeout=WAIT_MS)
    assert ask_page(pane, qtbot, recall) == ["", 0]


def test_a_profile_is_off_the_record_and_ends_with_its_portal(pane, received, site, qtbot):
    pane.show_portal(target(site.url()))
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    profile = pane.first.web.widget.page().profile()
    assert profile.isOffTheRecord()
    with qtbot.waitSignal(profile.destroyed, timeout=WAIT_MS):
        pane.clear()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(status=410), ("link_dead", "This link no longer opens")),
        (Answer(status=401), ("link_dead", "This link no longer opens")),
        (Answer(status=403, body=""), ("link_dead", "HTTP 403, Forbidden")),
        (Answer(status=404), ("http", "HTTP 404, Not Found")),
        (Answer(status=503, body=""), ("http", "HTTP 503, Service Unavailable")),
        (Answer(drop=True), ("connection", "The connection broke off")),
        (
            Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'}),
            ("sign_in", "The portal asks for a password"),
        ),
        (
            Answer(headers={"Content-Disposition": "attachment; filename=a.bin"}),
            ("not_a_page", "The link gave no page"),
        ),
        (Answer(status=204, body=""), ("not_a_page", "The link gave no page")),
        (
            Answer(status=302, body="", headers={"Location": "https://other.example/"}),
            ("blocked", "The link leads somewhere else"),
        ),
    ],
)
def test_an_answer_that_is_no_page_gets_a_page_of_ours(preview, site, qtbot, answer, expected):
    pane, received = preview
    kind, words = expected
    site.pages["/portals/bad"] = answer
    pane.show_portal(target(site.url("/portals/bad")))
    qtbot.waitUntil(lambda: bool(received.failed), timeout=WAIT_MS)
    assert received.failed == [("portal-1", kind)]
    assert shows_text(pane, words)
    assert received.rendered == []
    qtbot.waitUntil(lambda: pane.first.web is None, timeout=WAIT_MS)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://no-such-host.invalid/portals/1", "name"),
        ("http://127.0.0.1:{closed}/portals/1", "refused"),
        ("https://127.0.0.1:{port}/portals/1", "tls"),
    ],
)
def test_a_server_that_cannot_be_reached(preview, site, qtbot, url, kind):
    pane, received = preview
    with page_server() as gone:
        closed = gone.port
    pane.show_portal(target(url.format(port=site.port, closed=closed)))
    qtbot.waitUntil(lambda: bool(received.failed), timeout=WAIT_MS)
    assert received.failed == [("portal-1", kind)]


def test_a_certificate_that_nobody_vouches_for_is_refused_with_its_reason(
    pane, received, tmp_path, qtbot
):
    with page_server(tls=self_signed(tmp_path)) as site:
        pane.show_portal(target(f"https://127.0.0.1:{site.port}/portals/1?token=x"))
        qtbot.waitUntil(lambda: bool(received.failed), timeout=WAIT_MS)
        assert received.failed == [("portal-1", "tls")]
        assert shows_text(pane, "The connection isn’t safe")
        assert shows_text(pane, "certificate")
        assert site.asked == []
        pane.shutdown()


def test_trying_again_after_a_failure_opens_the_link_anew(pane, received, site, qtbot):
    site.pages["/portals/flaky"] = Answer(status=503)
    pane.show_portal(target(site.url("/portals/flaky")))
    qtbot.waitUntil(lambda: bool(received.failed), timeout=WAIT_MS)
    del site.pages["/portals/flaky"]
    press(pane, "Try again")
    qtbot.waitUntil(lambda: received.rendered == ["portal-1"], timeout=WAIT_MS)
    assert pane.is_loaded
    assert not shows_text(pane, "The portal answered with an error")


def test_reload_emits_rendered_again(pane, received, site, qtbot):
    pane.show_portal(target(site.url()))
    qtbot.waitUntil(lambda: len(received.rendered) == 1, timeout=WAIT_MS)
    press(pane, "Reload")
    qtbot.waitUntil(lambda: len(received.rendered) == 2, timeout=WAIT_MS)
    assert len([path for path in site.asked if "token" in path]) == 2


def test_a_link_past_its_time_is_not_even_asked_for(pane, received, site, qtbot):
    pane.show_portal(target(site.url(), days=-1))
    assert received.failed == [("portal-1", "expired")]
    press(pane, "Create a new link")
    assert received.new_links == ["portal-1"]
    assert site.asked == []


def test_a_link_that_is_not_https_is_never_opened(pane, received, qtbot):
    pane.show_portal(target("http://portal.example/portals/1?token=x"))
    qtbot.waitUntil(lambda: received.failed == [("portal-1", "invalid")], timeout=WAIT_MS)
    assert shows_text(pane, "It isn’t encrypted (http://)")


def test_a_killed_renderer_is_shown_and_can_be_reloaded(pane, received, site, qtbot):
    for crashes in (1, 2):
        pane.show_portal(target(site.url()))
        qtbot.waitUntil(lambda: pane.is_loaded, timeout=WAIT_MS)
        os.kill(pane.first.web.widget.page().renderProcessPid(), signal.SIGKILL)
        qtbot.waitUntil(lambda n=crashes: len(received.failed) == n, timeout=WAIT_MS)
        assert received.failed[-1] == ("portal-1", "crashed")
        assert shows_text(pane, "The page stopped working")
        assert shows_text(pane, "--software-rendering") is (crashes == 2)
        press(pane, "Try again")
        qtbot.waitUntil(lambda: pane.is_loaded, timeout=WAIT_MS)


def test_a_slow_page_can_be_waited_for_stopped_and_reloaded(qapp, site, qtbot):
    site.pages["/portals/slow"] = Answer(hold=True)
    with shown_pane(qapp, slow_after=timedelta(milliseconds=150)) as (pane, received):
        pane.show_portal(target(site.url("/portals/slow")))
        asked = "The page is taking long."
        qtbot.waitUntil(lambda: shows_text(pane, asked), timeout=WAIT_MS)
        press(pane, "Keep waiting")
        assert not shows_text(pane, asked)
        qtbot.waitUntil(lambda: shows_text(pane, asked), timeout=WAIT_MS)
        press(pane, "Stop")
        qtbot.waitUntil(lambda: received.failed == [("portal-1", "stopped")], timeout=WAIT_MS)
        site.pages.clear()
        press(pane, "Try again")
        qtbot.waitUntil(lambda: received.rendered == ["portal-1"], timeout=WAIT_MS)


def test_walking_through_the_list_opens_only_where_it_ends(pane, received, site, qtbot):
    for number in range(6):
        pane.show_portal(target(site.url(f"/portals/{number}/home"), f"portal-{number}"))
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    assert received.rendered == ["portal-5"]
    assert {path for path in site.asked if path.startswith("/portals")} == {"/portals/5/home"}


def test_showing_what_is_shown_changes_nothing(pane, received, site, qtbot):
    pane.show_portal(target(site.url()))
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    web = pane.first.web
    pane.show_portal(target(site.url()))
    assert pane.first.web is web
    assert pane.is_loaded


def test_loading_leaves_the_focus_in_the_list(qapp, site, qtbot):
    window = QWidget()
    layout = QVBoxLayout(window)
    listed = QLineEdit()
    layout.addWidget(listed)
    with shown_pane(qapp) as (pane, received):
        layout.addWidget(pane)
        window.show()
        window.activateWindow()
        listed.setFocus()
        site.pages["/portals/eager"] = Answer(
            body="<h1>Portal</h1><input autofocus>"
            "<script>focus(); document.querySelector('input').focus()</script>"
        )
        pane.show_portal(target(site.url("/portals/eager")))
        qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
        qtbot.keyClicks(qapp.focusWidget(), "still here")
        assert listed.text() == "still here"
    window.close()


def test_a_page_that_is_hidden_while_it_loads_renders_when_it_is_seen(pane, received, site, qtbot):
    pane.hide()
    pane.show_portal(target(site.url()))
    qtbot.waitUntil(lambda: site.asked_for("/portals/0000/home"), timeout=WAIT_MS)
    assert received.rendered == []
    pane.show()
    qtbot.waitUntil(lambda: received.rendered == ["portal-1"], timeout=WAIT_MS)


def test_opening_in_the_browser_asks_first(pane, received, site, qtbot):
    pane.show_portal(target(site.url()))
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    pane.activateWindow()
    button = next(b for b in pane.findChildren(QToolButton) if b.toolTip() == "Open in browser")
    button.setFocus()
    button.click()
    assert shows_text(pane, "This opens the live link")
    assert pane.focusWidget().text() == "Cancel"
    qtbot.keyClick(pane.focusWidget(), Qt.Key.Key_Escape)
    assert pane.focusWidget() is button
    assert not shows_text(pane, "This opens the live link")
    assert received.opened == []
    assert received.backs == 0
    press(pane, "Open in browser")
    press(pane, "Open")
    assert received.opened == ["portal-1"]


def test_escape_and_f6_lead_back_to_the_list(pane, received, qtbot):
    pane.activateWindow()
    qtbot.keyClick(pane, Qt.Key.Key_Escape)
    qtbot.keyClick(pane, Qt.Key.Key_F6)
    assert received.backs == 2


@pytest.mark.parametrize("kind", [kind for kind in PreviewMessage if kind != "opening"])
def test_each_message_has_its_title(pane, kind):
    pane.show_message(kind)
    assert shows_text(pane, message_content(kind).title)
    pane.show_message(kind, text="العميل 🏨 " * 60)
    assert shows_text(pane, "العميل 🏨 ")
    assert pane.minimumSizeHint().width() <= 360


def test_a_message_offers_a_new_link_for_its_own_portal(pane, received):
    pane.show_message(PreviewMessage.REVOKED, portal_id="portal-9")
    press(pane, "Create a new link")
    assert received.new_links == ["portal-9"]


@pytest.mark.parametrize(
    "kind", [PreviewMessage.REVOKED, PreviewMessage.EXPIRED, PreviewMessage.UNREADABLE]
)
def test_a_message_about_no_portal_offers_no_new_link(pane, kind):
    pane.show_message(kind, portal_id="portal-9")
    assert shows_text(pane, "Create a new link")
    pane.show_message(kind)
    assert not shows_text(pane, "Create a new link")
