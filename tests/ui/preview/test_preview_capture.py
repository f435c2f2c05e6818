"""The picture of a whole page is the page, line by line, however long and however zoomed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import shiboken6
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QImage

from seam_portal_desktop.ui.preview.network.page_network import engine_network
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 30_000
BAND = 10

# Each band of ten lines has a colour of its own, the first 20,000 lines; a bar stays at the top
# right wherever the page is scrolled to, and the end is as high as the window.
STRIPES = """<!doctype html><style>body{margin:0}
i{position:fixed;top:0;right:0;width:60px;height:40px;background:#f0f}
canvas,b{display:block} b{height:100vh;background:#0f0}</style><i></i>
<script>
for (let top = 0; top < 20000; top += 2000) {
  const part = document.createElement('canvas');
  part.width = 200; part.height = 2000;
  const pen = part.getContext('2d');
  for (let y = 0; y < 2000; y += 10) {
    const n = (top + y) / 10 + 1;
    pen.fillStyle = `rgb(${n % 256},${n >> 8},77)`;
    pen.fillRect(0, y, 200, 10);
  }
  document.body.append(part);
}
document.body.append(document.createElement('b'));
</script>"""


@contextmanager
def web_view(qtbot, url: str, *, zoom: float = 1.0) -> Iterator[object]:
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
    from PySide6.QtWebEngineWidgets import QWebEngineView

    origin = QUrl(url)
    engine_network().allow(origin.host(), origin.port())
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    view = QWebEngineView()
    view.setPage(page)
    view.resize(400, 500)
    view.show()
    view.setZoomFactor(zoom)
    try:
        with qtbot.waitSignal(page.loadFinished, timeout=WAIT_MS):
            page.load(url)
        yield page
    finally:
        for part in (view, page, profile):
            shiboken6.delete(part)
        engine_network().disallow(origin.host(), origin.port())


@pytest.fixture
def parent() -> Iterator[QObject]:
    owner = QObject()
    yield owner
    shiboken6.delete(owner)


def take(qtbot, page, parent, *, limit_ms=20_000):
    from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector
    from seam_portal_desktop.ui.preview.page.capture import PageCapture

    inspector = PageInspector(page, parent)
    capture = PageCapture(inspector, 1.0, parent, limit_ms=limit_ms)
    with qtbot.waitSignal(capture.finished, timeout=WAIT_MS) as received:
        pass
    inspector.end()
    return received.args[0]


def wrong_bands(image: QImage) -> list[int]:
    scale = image.height() // 20_000  # 2 on a screen with two pixels for one
    wrong = []
    for number in range(2000):
        color = image.pixelColor(100, (number * BAND + BAND // 2) * scale)
        seen = (color.red(), color.green(), color.blue())
        expected = ((number + 1) % 256, (number + 1) >> 8, 77)
        if any(abs(one - other) > 1 for one, other in zip(seen, expected, strict=True)):
            wrong.append(number)
    return wrong


@pytest.mark.parametrize("zoom", [1.0, 0.5])
def test_each_line_of_a_20000_pixel_page_is_in_its_place(qtbot, parent, zoom):
    with page_server() as site:
        site.pages["/long"] = Answer(STRIPES)
        with web_view(qtbot, site.url("/long"), zoom=zoom) as page:
            tiles = take(qtbot, page, parent)
        picture = tiles.finish({"Title": "Harbor Hotel"})
    image = QImage.fromData(picture.png)
    assert tiles.whole
    assert (image.width(), image.height()) == (picture.width, picture.height)
    assert wrong_bands(image) == []
    assert image.text("Title") == "Harbor Hotel"
    # The page's own window was not made longer for it, and what is fixed is there once.
    assert image.height() == 20_000 + 500 / zoom
    magenta = [
        y
        for y in range(0, image.height(), 10)
        if image.pixelColor(image.width() - 20, y).name() == "#ff00ff"
    ]
    assert magenta == [0, 10, 20, 30]


def test_the_page_is_afterwards_where_and_as_large_as_it_was(qtbot, parent):
    where = "JSON.stringify([innerWidth, innerHeight, scrollX, scrollY, document.hasFocus()])"

    def ask(page, script):
        received: list[str] = []
        page.runJavaScript(script, 0, received.append)
        qtbot.waitUntil(lambda: bool(received), timeout=WAIT_MS)
        return received[0]

    with page_server() as site:
        site.pages["/long"] = Answer(STRIPES)
        with web_view(qtbot, site.url("/long")) as page:
            ask(page, "scrollTo(0, 1234); 1")
            before = ask(page, where)
            assert "1234" in before
            assert _is_whole(take(qtbot, page, parent))
            qtbot.waitUntil(lambda: ask(page, where) == before, timeout=WAIT_MS)


def test_a_page_that_does_not_answer_gives_no_picture(qtbot, parent):
    with page_server() as site, web_view(qtbot, site.url("/portals/0/home")) as page:
        page.runJavaScript("for(;;);")
        assert take(qtbot, page, parent, limit_ms=800) is None


def test_an_engine_without_its_tools_gives_no_picture(qtbot, parent, monkeypatch):
    from seam_portal_desktop.ui.preview.emulation import inspector

    monkeypatch.setattr(inspector, "_ANSWER_TIMEOUT_MS", 300)
    monkeypatch.setattr(inspector, "_SCRIPT", "window.stop()")
    with page_server() as site, web_view(qtbot, site.url("/portals/0/home")) as page:
        assert take(qtbot, page, parent) is None


def test_it_can_be_ended_at_any_moment(qtbot, parent):
    from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector
    from seam_portal_desktop.ui.preview.page.capture import PageCapture

    with page_server() as site:
        site.pages["/long"] = Answer(STRIPES)
        with web_view(qtbot, site.url("/long")) as page:
            for pause in (0, 50, 200, 400, 700):
                inspector = PageInspector(page, parent)
                capture = PageCapture(inspector, 1.0, parent)
                received: list[object] = []
                capture.finished.connect(received.append)
                qtbot.wait(pause)
                inspector.end()
                capture.cancel()  # as the page's session does
                assert len(received) == 1  # nothing, or all of it where the machine is quick
                assert received[0] is None or _is_whole(received[0])
            assert _is_whole(take(qtbot, page, parent))


def _is_whole(picture) -> bool:
    picture.close()
    return picture.whole


def test_two_pages_give_each_its_own_picture(qtbot, parent):
    from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector
    from seam_portal_desktop.ui.preview.page.capture import PageCapture

    with page_server() as site:
        for name, color in (("red", "#ff0000"), ("blue", "#0000ff")):
            site.pages[f"/{name}"] = Answer(f"<body style='height:3000px;background:{color}'>")
        with (
            web_view(qtbot, site.url("/red")) as red,
            web_view(qtbot, site.url("/blue")) as blue,
        ):
            received: dict[str, object] = {}
            inspectors = [PageInspector(page, parent) for page in (red, blue)]
            for name, inspector in zip(("red", "blue"), inspectors, strict=True):
                capture = PageCapture(inspector, 1.0, parent)
                capture.finished.connect(lambda tiles, name=name: received.setdefault(name, tiles))
            qtbot.waitUntil(lambda: len(received) == 2, timeout=WAIT_MS)
            for inspector in inspectors:
                inspector.end()
    for name, color in (("red", "#ff0000"), ("blue", "#0000ff")):
        image = QImage.fromData(received[name].finish({}).png)
        assert {image.pixelColor(50, y).name() for y in range(0, image.height(), 97)} == {color}
