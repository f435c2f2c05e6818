"""The message in the engine: it shows what it was given, and reaches nothing else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from PySide6.QtWebEngineCore import QWebEngineSettings
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from seam_portal_desktop.domain.message.template import InlineImage, RenderedMessage
from seam_portal_desktop.ui.send.html_view import MessageHtmlView
from tests.support.page_server import page_server
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0"
    "00000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def shown(qapp):
    window = QWidget()
    window.resize(400, 400)
    view = MessageHtmlView(lambda delete: delete())
    QVBoxLayout(window).addWidget(view.view)
    window.show()
    yield view
    view.end()
    window.deleteLater()


async def show(view: MessageHtmlView, html: str, *images: InlineImage) -> None:
    done: list[bool] = []
    view.view.page().loadFinished.connect(done.append)
    view.show(RenderedMessage("Your portal", "text", html, images=images))
    await until(lambda: done, "the message is shown")


async def ask(view: MessageHtmlView, script: str) -> Any:
    """What the test asks the engine itself: the message's own scripts stay off."""
    answer = asyncio.get_running_loop().create_future()
    view.view.page().runJavaScript(f"JSON.stringify({script})", 1, answer.set_result)
    return json.loads(await asyncio.wait_for(answer, 15) or "null")


async def test_it_shows_the_message_and_its_pictures(shown):
    image = InlineImage("logo", "image/png", PIXEL)
    await show(shown, '<html><body><h1>Hello</h1><img src="cid:logo"></body></html>', image)
    text: list[str] = []
    shown.view.page().toPlainText(text.append)
    await until(lambda: text, "the engine says what it shows")
    assert text == ["Hello"]
    source: list[str] = []
    shown.view.page().toHtml(source.append)
    await until(lambda: source, "the engine says what it has")
    assert 'src="data:image/png;base64,' in source[0]


async def test_nothing_is_asked_of_the_network_and_no_script_runs(shown):
    with page_server() as server:
        at = server.url("/leak")
        await show(
            shown,
            f"""<html><head><link rel="stylesheet" href="{at}?css">
            <meta http-equiv="refresh" content="0;url={at}?refresh"></head><body>
            <img src="{at}?img"><iframe src="{at}?frame"></iframe>
            <div style="background:url({at}?background)">Hello</div>
            <script>document.body.textContent = "ran"; fetch("{at}?fetch")</script>
            <video src="{at}?video" autoplay></video></body></html>""",
        )
        text: list[str] = []
        shown.view.page().toPlainText(text.append)
        await until(lambda: text, "the engine says what it shows")
        assert text[0].strip() == "Hello"
        # What was sent would have arrived before the answer to a second message.
        await show(shown, "<html><body>Second</body></html>")
        assert server.asked == []


async def test_a_click_on_the_link_opens_nothing(shown):
    with page_server() as server:
        at = server.url()
        await show(shown, f'<html><body><a id="a" href="{at}">Open portal</a></body></html>')
        shown.view.page().settings().setAttribute(
            QWebEngineSettings.WebAttribute.JavascriptEnabled, True
        )
        await show(shown, f'<html><body><a id="a" href="{at}">Open portal</a></body></html>')
        await ask(shown, "document.getElementById('a').click()")
        await ask(shown, "1")
        assert server.asked == []
        assert shown.view.page().url().scheme() in ("about", "data")


async def test_the_engine_objects_end(qapp):
    view = MessageHtmlView(lambda delete: delete())
    page = view.view.page()
    view.end()
    assert not isValid(page)
    view.end()


async def test_a_message_that_is_too_large_for_the_engine_is_said_to_be():
    assert MessageHtmlView.can_show("é" * 1000)
    assert not MessageHtmlView.can_show("x" * 2_000_000)
