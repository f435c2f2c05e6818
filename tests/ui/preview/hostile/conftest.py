"""Fixtures for hostile pages. The window must answer during the whole test of each page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.ui.preview.pane import PreviewPane
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.hostile_kit import Hostile
from tests.support.page_server import page_server
from tests.support.preview_kit import NOW, Recorder, shows_text
from tests.support.responsive import window_answers


@pytest.fixture(scope="package")
def engine_is_warm(qapp):
    """The engine's first start takes a moment. These tests are not about it."""
    import shiboken6
    from PySide6.QtNetwork import QSslCertificate
    from PySide6.QtWebEngineWidgets import QWebEngineView

    import seam_portal_desktop.ui.preview.page.page_session  # noqa: F401 - as a preview will

    view = QWebEngineView()
    view.show()  # really: on X11 the first window of the engine takes a moment as well
    loop = QEventLoop()
    view.loadFinished.connect(loop.quit)
    QTimer.singleShot(20_000, loop.quit)
    view.setHtml("<p>warm")
    loop.exec()
    QSslCertificate()  # loads TLS
    shiboken6.delete(view)


@pytest.fixture(scope="package")
def shared_site():
    with page_server() as server:
        yield server


@pytest.fixture
def site(shared_site):
    yield shared_site
    shared_site.pages.clear()
    shared_site.asked.clear()
    shared_site.posted.clear()


@pytest.fixture
def pane(qapp, theme, engine_is_warm):
    pane = PreviewPane(theme, Icons(theme), clock=lambda: NOW)
    pane.resize(480, 640)
    pane.show()
    yield pane
    pane.shutdown()
    pane.close()
    pane.deleteLater()


@pytest.fixture
def hostile(pane, site, qtbot):
    hostile = Hostile(pane, Recorder(pane), site, qtbot)
    # X11 without a graphics card paints a pane's first page in up to 200 ms, whatever is on it. The
    # tests that are repeated on X11 are about its clipboard.
    limit = timedelta(milliseconds=500 if QGuiApplication.platformName() == "xcb" else 100)
    with window_answers(limit):
        yield hostile


@pytest.fixture
def expect_question(hostile):
    """Wait for the question with these words in the pane."""
    return lambda words: hostile.until(lambda: shows_text(hostile.pane, words))
