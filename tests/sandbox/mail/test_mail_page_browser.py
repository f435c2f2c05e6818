"""A mail's HTML in a real browser engine: it is shown, and it can do nothing."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView

from seam_portal_desktop.ui.preview.network.page_network import engine_network
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

HOSTILE = """<!doctype html><html><head><title>x</title>
<link rel="stylesheet" href="{site}/sheet.css">
<style>body {{ background: url({site}/background.png) }}</style></head><body>
<img src="{site}/picture.png"><iframe src="{site}/frame"></iframe>
<script>new Image().src = "{site}/script"</script>
<img src="data:x" onerror="new Image().src = '{site}/handler'">
<form id="f" action="{site}/form"></form><script>document.forms.f.submit()</script>
<meta http-equiv="refresh" content="0;url={site}/refresh">
<p>What the customer reads</p></body></html>"""


@pytest.fixture
def load(qtbot):
    profile = QWebEngineProfile()
    view = QWebEngineView()
    page = QuietPage(profile, view)
    view.setPage(page)
    view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    view.resize(900, 700)
    view.show()

    def load(url: str) -> QWebEnginePage:
        with qtbot.waitSignal(page.loadFinished, timeout=20000):
            page.load(QUrl(url))
        return page

    yield load
    # The page must be deleted before its profile, or Chromium warns.
    for thing in (view, profile):
        with qtbot.waitSignal(thing.destroyed, timeout=10000):
            thing.deleteLater()


class QuietPage(QWebEnginePage):
    """The console would get what the policy refuses."""

    def javaScriptConsoleMessage(self, *_) -> None:  # noqa: N802 - Qt's name
        pass


def answer_of(qtbot, page, script):
    answers = []
    page.runJavaScript(f"JSON.stringify({script})", answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=10000)
    return json.loads(answers[0])


def test_a_mails_html_loads_runs_and_sends_nothing(qtbot, mail_sandbox, mailbox, connect, load):
    with page_server() as site:
        for port in (site.port, int(mail_sandbox.endpoint.rpartition(":")[2])):
            # Another test of this process may have started the previews' proxy.
            engine_network().allow("127.0.0.1", port)
        html = HOSTILE.format(site=site.url("").rstrip("/"))
        message = EmailMessage()
        message["Subject"] = "Your link"
        message.set_content(html, subtype="html")
        connect().send_message(message, "ops@example.com", ["ann@example.com"])

        page = load(f"{mail_sandbox.mailbox_url}/{mailbox.messages()[0].mail_id}")
        assert answer_of(qtbot, page, "document.querySelectorAll('iframe').length") == 1
        assert answer_of(qtbot, page, "frames.length") == 1
        assert answer_of(qtbot, page, "document.documentElement.scrollWidth <= innerWidth")
        with qtbot.waitSignal(page.findTextFinished, timeout=10000) as found:
            page.findText("What the customer reads")
        assert found.args[0].numberOfMatches() == 2, "in the frame and in the source"
        assert site.asked == []

        # Outside of the mailbox the same page does all of it.
        site.pages["/bare"] = Answer(html)
        load(site.url("/bare"))
        wanted = ["/sheet.css", "/background.png", "/picture.png", "/frame", "/script", "/handler"]
        qtbot.waitUntil(lambda: all(map(site.asked_for, wanted)), timeout=10000)
        qtbot.waitUntil(lambda: site.asked_for("/form") or site.asked_for("/refresh"))
