"""A previewed page as a picture and as a document, on any device."""

from __future__ import annotations

from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.emulation.settings import DeviceKind, EmulationSettings, Scheme
from seam_portal_desktop.ui.preview.page.target import PreviewOptions
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 20_000
PAGE = """<!doctype html><meta name=viewport content="width=device-width"><style>
body{margin:0;height:5000px;background:#0b6e4f}
@media (prefers-color-scheme: dark){body{background:#222222}}
</style><p>Harbor Hotel"""


@pytest.fixture
def opened(qapp, qtbot):
    """Opens a page in a session with emulation settings; every session is ended."""
    from seam_portal_desktop.ui.preview.page.page_session import PageSession

    sessions = []
    window = QWidget()
    window.resize(420, 600)
    window.show()

    def open_page(url: str, settings: EmulationSettings, scale: float) -> PageSession:
        session = PageSession(PreviewOptions(), window, embedded=False)
        sessions.append(session)
        session.set_link(Secret(url), None)
        session.web.widget.setParent(window)
        session.web.widget.resize(420, 600)
        session.web.widget.show()
        with qtbot.waitSignal(session.web.rendered, timeout=WAIT_MS):
            session.open(settings, scale)
        return session

    yield open_page
    for session in sessions:
        if shiboken6.isValid(session):
            session.end()
    window.deleteLater()


@pytest.mark.parametrize(
    ("settings", "scale", "width"),
    [
        (EmulationSettings(), 1.0, 420),
        (
            EmulationSettings(DeviceKind.PHONE),
            0.5,
            780,
        ),  # two of its three pixels for each of the page's
        (EmulationSettings(DeviceKind.TABLET), 0.4, 1640),
        (EmulationSettings(DeviceKind.DESKTOP, scheme=Scheme.DARK), 0.3, 1440),
    ],
)
def test_the_picture_is_what_the_device_shows(qtbot, opened, settings, scale, width):
    with page_server() as site:
        site.pages["/portals/page"] = Answer(PAGE)
        session = opened(site.url("/portals/page"), settings, scale)
        received = []
        session.take_picture(received.append)
        qtbot.waitUntil(lambda: bool(received), timeout=WAIT_MS)
    picture = received[0].finish({})
    image = QImage.fromData(picture.png)
    assert image.width() in (width, width - 15)  # without the scroll bar's place
    assert abs(image.height() / image.width() - 5000 / (width / _finest(settings))) < 0.6
    color = "#222222" if settings.scheme is Scheme.DARK else "#0b6e4f"
    assert image.pixelColor(image.width() // 2, image.height() - 50).name() == color


def test_the_document_has_the_page_and_not_its_address(qtbot, opened):
    with page_server() as site:
        site.pages["/portals/page"] = Answer(PAGE)
        session = opened(
            site.url("/portals/page?token=seam_cst_not_a_real_token"), EmulationSettings(), 1.0
        )
        received = []
        session.print_document(received.append)
        qtbot.waitUntil(lambda: bool(received), timeout=WAIT_MS)
    buffer = QBuffer()
    buffer.setData(QByteArray(received[0]))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    text = "".join(document.getAllText(number).text() for number in range(document.pageCount()))
    assert "Harbor Hotel" in text
    assert "seam_cst" not in text
    assert b"seam_cst" not in received[0]
    assert "127.0.0.1" not in text


def test_a_page_that_ends_meanwhile_gives_nothing_and_harms_nothing(qtbot, opened):
    with page_server() as site:
        site.pages["/portals/page"] = Answer(PAGE)
        for pause in (0, 100, 300):
            session = opened(site.url("/portals/page"), EmulationSettings(), 1.0)
            pictures, documents = [], []
            session.take_picture(pictures.append)
            session.print_document(documents.append)
            qtbot.wait(pause)
            session.end()
            qtbot.waitUntil(partial(all, (pictures, documents)), timeout=WAIT_MS)
            assert pictures == [None] or (pictures and pictures[0].finish({}).height > 4_000)
            assert len(documents) == 1


def test_a_page_that_hangs_gives_nothing_and_keeps_nobody_waiting(qtbot, opened, monkeypatch):
    from seam_portal_desktop.ui.preview.page import page_session

    monkeypatch.setattr(page_session, "_PRINT_MS", 300)
    with page_server() as site:
        site.pages["/portals/page"] = Answer(PAGE)
        session = opened(site.url("/portals/page"), EmulationSettings(), 1.0)
        session.web.widget.page().runJavaScript("for (;;) {}")
        received = []
        session.print_document(received.append)
        qtbot.waitUntil(lambda: received == [b""], timeout=WAIT_MS)
        session.print_document(received.append)
        session.deactivate()
        assert received == [b"", b""]


def _finest(settings: EmulationSettings) -> int:
    return {DeviceKind.PHONE: 2, DeviceKind.TABLET: 2}.get(settings.kind, 1)
