"""The shipped messages in the real web engine: phone and desktop, light and dark."""

from __future__ import annotations

import asyncio
import base64
import json
from itertools import product

import pytest
import shiboken6
from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt
from PySide6.QtGui import QImage

from seam_portal_desktop.adapters.templates.store import FileTemplateStore
from seam_portal_desktop.domain.message.feature_words import feature_words
from seam_portal_desktop.domain.message.template import Brand, InlineImage
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.paths import resource
from tests.support.message_facts import URL, make_facts, make_renderer
from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 20_000
LONG = "Hotel- und Ferienwohnungsverwaltungsgesellschaft" * 3
CASES = {
    "ordinary": ("Harbor Hotel", URL, "#0f766e"),
    "long": (LONG, f"{URL}{'a1B2' * 280}", "#ffee00"),
    "right to left": ("فندق الميناء 7 (قصر)", URL, "#ffffff"),
    "emoji": ("🏨🏝️ Casa 👩‍👩‍👧 Verde 🇬🇷", URL, "#111827"),
}

LOOK = """(() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) =>
        0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const background = (element) => {
        for (; element; element = element.parentElement) {
            const color = channels(getComputedStyle(element).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim()) continue;
        const a = luminance(channels(getComputedStyle(parent).color));
        const b = luminance(background(parent));
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) faint.push(walker.currentNode.data + ' ' + contrast);
    }
    const button = document.querySelector('.button td').getBoundingClientRect();
    return {
        overflows: document.documentElement.scrollWidth > innerWidth,
        faint,
        dark: matchMedia('(prefers-color-scheme: dark)').matches,
        canvas: channels(getComputedStyle(document.body).backgroundColor)[0] < 128,
        button: button.height,
        links: [...document.querySelectorAll('a')].map((link) => link.href),
        name: document.querySelector('bdi').textContent,
        direction: getComputedStyle(document.querySelector('bdi')).direction,
        headings: document.querySelectorAll('h1').length,
        language: document.documentElement.lang,
        titled: document.title !== '',
        dataTables: document.querySelectorAll('table:not([role=presentation])').length,
        silentImages: document.querySelectorAll('img:not([alt]), img[alt=""]').length,
        images: document.images.length,
    };
})()"""


class MessageView:
    """A view that shows HTML at a width, light or dark."""

    def __init__(self, qtbot) -> None:
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
        from PySide6.QtWebEngineWidgets import QWebEngineView

        from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector

        self._qtbot = qtbot
        self._owner = QObject()
        self._profile = QWebEngineProfile()
        self._page = QWebEnginePage(self._profile)
        self._view = QWebEngineView()
        self._view.setPage(self._page)
        self._view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self._view.show()
        self._inspector = PageInspector(self._page, self._owner)

    def look(self, html: str, width: int, scheme: str):
        self._view.resize(width, 900)
        done: list[bool] = []
        self._inspector.send(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
            lambda: done.append(True),
        )
        with self._qtbot.waitSignal(self._page.loadFinished, timeout=WAIT_MS):
            self._page.setHtml(html)
        self._qtbot.waitUntil(lambda: bool(done), timeout=WAIT_MS)
        self._until(f"innerWidth === {width}")
        return self._ask(LOOK)

    def close(self) -> None:
        self._inspector.end()
        for part in (self._view, self._page, self._profile, self._owner):
            shiboken6.delete(part)

    def _ask(self, script: str):
        answers: list[str] = []
        self._page.runJavaScript(f"JSON.stringify({script})", answers.append)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
        return json.loads(answers[0])

    def _until(self, script: str) -> None:
        self._qtbot.waitUntil(lambda: self._ask(script) is True, timeout=WAIT_MS)


@pytest.fixture
def view(qtbot):
    view = MessageView(qtbot)
    yield view
    view.close()


@pytest.fixture(scope="module")
def logo() -> InlineImage:
    image = QImage(240, 80, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return InlineImage("logo", "image/png", buffer.data().data(), "Acme Stays")


@pytest.fixture(scope="module")
def pages(logo, tmp_path_factory) -> dict[tuple[str, str], str]:
    """HTML by locale and case."""

    async def render() -> dict[tuple[str, str], str]:
        store = FileTemplateStore(tmp_path_factory.mktemp("none"), resource("message_templates"))
        renderer = make_renderer()
        found: dict[tuple[str, str], str] = {}
        picture = f"data:image/png;base64,{base64.b64encode(logo.content).decode()}"
        for template in (await store.load()).templates:
            for case, (name, url, color) in CASES.items():
                facts = make_facts(
                    url,
                    locale=template.locale,
                    display_name=name,
                    features=feature_words(frozenset({"connect", "manage"}), template.locale),
                    brand=Brand(color, logo),
                )
                message = await renderer.render(template, facts)
                found[template.locale, case] = message.html.replace("cid:logo", picture)
        await renderer.aclose()
        return found

    return asyncio.run(render())


@pytest.mark.parametrize("locale", list(Locale))
def test_messages_can_be_read_everywhere(view, pages, locale):
    for (case, (name, url, _color)), width, scheme in product(
        CASES.items(), (375, 800), ("light", "dark")
    ):
        seen = view.look(pages[locale, case], width, scheme)
        where = (case, width, scheme)
        assert seen["dark"] == seen["canvas"] == (scheme == "dark"), where
        assert not seen["overflows"], where
        assert seen["faint"] == [], where
        assert seen["button"] >= 44, where
        assert seen["links"] == [url, url], where
        assert seen["name"] == name, where
        assert seen["direction"] == ("rtl" if case == "right to left" else "ltr"), where
        assert seen["language"] == locale
        assert seen["titled"]
        assert (seen["headings"], seen["dataTables"]) == (1, 0)
        assert (seen["images"], seen["silentImages"]) == (1, 0)
