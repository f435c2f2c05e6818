"""Pages that try to get out of the preview, into the machine, or into the user's way."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, TOKEN, press, says, shown_pane, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 15_000
PATH = "/portals/hostile"


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
def heard(preview):
    return preview[1]


@pytest.fixture
def open_page(pane, heard, site, qtbot):
    """Open a page with that script at its end, and wait until it is rendered."""

    def opened(script, body=""):
        site.pages[PATH] = Answer(body=f"<h1>Portal</h1>{body}<script>{script}</script>")
        pane.show_portal(target(site.url(f"{PATH}?token={TOKEN}")))
        qtbot.waitUntil(lambda: heard.rendered == ["portal-1"], timeout=WAIT_MS)

    return opened


@pytest.fixture
def run(pane, qtbot):
    """Evaluate an expression on the page."""

    def evaluated(script):
        answers = []
        page = pane.first.web.widget.page()
        page.runJavaScript(f"JSON.stringify({script})", answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
        return json.loads(answers[0]) if answers[0] else None

    return evaluated


@pytest.fixture
def click(pane, qtbot):
    """A real click near the page's upper left corner: what Chromium calls a user's gesture."""

    def clicked():
        view = pane.first.web.widget
        qtbot.mouseClick(view.focusProxy(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60), delay=20)

    return clicked


BIG_LINK = "style='position:fixed;inset:0;display:block'"


def wait_for_notice(qtbot, heard, words):
    qtbot.waitUntil(lambda: any(words in text for text in heard.notices), timeout=WAIT_MS)


@pytest.mark.parametrize(
    "wish",
    [
        ("window.open('https://evil.example/')", "open a new window"),
        ("navigator.geolocation.getCurrentPosition(()=>0)", "where you are"),
        ("Notification.requestPermission()", "to show notifications"),
        ("alert('Pay here')", "message box"),
        (
            "a = document.createElement('a'); a.download = 'x'; a.href = 'data:,x'; a.click()",
            "file to download",
        ),
        ("location.href = 'qrc:/x'", "a “qrc:” address"),
        ("location.href = 'http://192.168.0.1/reboot'", "192.168.0.1"),
    ],
)
def test_a_wish_is_refused_with_one_quiet_notice(open_page, preview, qtbot, run, wish):
    pane, heard = preview
    script, words = wish
    open_page(f"setTimeout(() => {{ {script} }}, 100); setTimeout(() => {{ {script} }}, 200)")
    wait_for_notice(qtbot, heard, words)
    assert run("document.querySelector('h1').innerText") == "Portal"
    assert len(heard.notices) == len(set(heard.notices))
    assert heard.external == []
    assert pane.is_loaded


@pytest.mark.parametrize(
    "script",
    [
        "location.href = 'file:///etc/passwd'",
        "location.href = 'chrome://version'",
        "location.href = 'mailto:someone@example.com'",
        "location.href = 'view-source:' + location.href",
        "location.href = 'data:text/html,<h1>Fake</h1>'",
        "navigator.registerProtocolHandler('web+seam', location.origin + '/?u=%s')",
        "document.documentElement.requestFullscreen().catch(() => 0)",
        "window.print()",
        "window.close()",
        "window.moveTo(0, 0); window.resizeTo(9, 9)",
        "for (let i = 0; i < 50; i++) window.open('https://evil.example/' + i)",
    ],
)
def test_the_page_stays_the_portal(open_page, preview, qtbot, run, script):
    pane, heard = preview
    open_page(f"setTimeout(() => {{ {script} ; }}, 0); setTimeout(() => window.tried = 1, 150)")
    qtbot.waitUntil(lambda: run("window.tried === 1"), timeout=WAIT_MS)
    assert run("document.querySelector('h1').innerText") == "Portal"
    assert len(heard.notices) <= 1
    assert pane.window().size() == pane.size()


def test_leaving_the_portal_asks_and_staying_stays(open_page, preview, qtbot, run, click):
    pane, heard = preview
    leave = "location.href = 'https://evil.example/?t=1'"
    open_page(f"onclick = () => {leave}; setTimeout(() => {leave}, 100)")
    question = "wants to go to evil.example"
    qtbot.waitUntil(lambda: says(pane, question), timeout=WAIT_MS)
    press(pane, "Stay")
    assert run(f"({leave}, 1)") == 1
    assert run("document.querySelector('h1').innerText") == "Portal"
    assert not says(pane, question)
    click()
    qtbot.waitUntil(lambda: says(pane, question), timeout=WAIT_MS)
    assert heard.external == []


def test_leaving_before_anything_was_shown_is_told(pane, heard, site, qtbot):
    site.pages[PATH] = Answer(body="<script>location.href = 'https://evil.example/'</script>")
    pane.show_portal(target(site.url(PATH)))
    qtbot.waitUntil(lambda: heard.failed == [("portal-1", "blocked")], timeout=WAIT_MS)
    assert says(pane, "The link leads somewhere else")
    assert says(pane, "evil.example")


def test_a_page_that_blanks_itself_is_not_shown_as_the_portal(open_page, heard, qtbot):
    open_page("setTimeout(() => location.href = 'about:blank', 100)")
    qtbot.waitUntil(lambda: heard.failed == [("portal-1", "not_a_page")], timeout=WAIT_MS)


def test_a_clicked_link_to_elsewhere_can_be_opened_in_the_system_browser(
    open_page, pane, heard, qtbot, click
):
    open_page("", f"<a {BIG_LINK} href='https://xn--pple-43d.example/in?x=1'>Sign in</a>")
    click()
    qtbot.waitUntil(lambda: says(pane, "wants to go to xn--pple-43d.example"), timeout=WAIT_MS)
    press(pane, "Open in system browser")
    assert [link.reveal() for link in heard.external] == ["https://xn--pple-43d.example/in?x=1"]


def test_a_link_into_a_new_window_asks_too(open_page, pane, heard, qtbot, click):
    open_page("", f"<a {BIG_LINK} target=_blank href='https://help.example/'>Help</a>")
    click()
    qtbot.waitUntil(lambda: says(pane, "wants to go to help.example"), timeout=WAIT_MS)
    assert pane.is_loaded


def test_dialogs_answer_no_and_block_nothing(open_page, run):
    open_page("")
    assert run("[confirm('Sure?'), prompt('Name?', 'x')]") == [False, None]


def test_a_flood_of_dialogs_ends_the_page(pane, heard, site, qtbot):
    site.pages[PATH] = Answer(body="<h1>Portal</h1><script>while (true) alert(1)</script>")
    pane.show_portal(target(site.url(PATH)))
    qtbot.waitUntil(lambda: heard.failed == [("portal-1", "flooded")], timeout=WAIT_MS)
    assert says(pane, "The page kept opening message boxes")
    qtbot.waitUntil(lambda: pane.first.web is None, timeout=WAIT_MS)


def test_a_page_that_does_not_want_to_be_left_is_reloaded_and_left(
    open_page, pane, heard, qtbot, click
):
    open_page("onbeforeunload = event => { event.preventDefault(); return 'Stay' }")
    click()
    press(pane, "Reload")
    qtbot.waitUntil(lambda: heard.rendered == ["portal-1"] * 2, timeout=WAIT_MS)
    click()
    pane.clear()
    assert pane.first.web is None


def test_a_page_that_never_ends_does_not_hold_up_the_window(pane, heard, site, qtbot):
    site.pages[PATH] = Answer(body="<h1>Portal</h1><script>while (true);</script>")
    pane.show_portal(target(site.url(PATH)))
    qtbot.waitUntil(lambda: site.asked_for(PATH), timeout=WAIT_MS)
    pane.show_portal(target(site.url(), "next"))
    qtbot.waitUntil(lambda: heard.rendered == ["next"], timeout=WAIT_MS)


def test_a_file_is_never_handed_over(open_page, heard, qtbot, run, click):
    open_page(
        "window.onclick = () => document.querySelector('input').click()",
        "<input type=file>",
    )
    click()
    wait_for_notice(qtbot, heard, "asked for a file")
    assert run("document.querySelector('input').files.length") == 0


def test_the_page_reaches_nothing_else_on_this_machine(open_page, qtbot, run):
    with page_server() as other:
        tries = f"""
            window.failures = 0;
            fetch('{other.url("/fetch")}', {{mode: 'no-cors'}}).catch(() => failures++);
            const socket = new WebSocket('ws://127.0.0.1:{other.port}/socket');
            socket.onerror = () => failures++;
            const image = new Image(); image.onerror = () => failures++;
            image.src = '{other.url("/image")}';
            const local = new Image(); local.onerror = () => failures++;
            local.src = 'file:///usr/share/pixmaps/debian-logo.png';
        """
        open_page(tries, f"<iframe src='{other.url('/frame')}'></iframe>")
        qtbot.waitUntil(lambda: run("failures") == 4, timeout=WAIT_MS)
        assert other.asked == []


def test_what_the_page_logs_never_reaches_our_log(open_page, run, caplog, capfd, qtlog):
    open_page("console.error(location.href); console.log(document.cookie)")
    assert run("(console.warn(location.href), 1)") == 1
    messages = [record.message for record in qtlog.records]
    written = "".join(capfd.readouterr())
    assert TOKEN not in "".join([*messages, caplog.text, written])
