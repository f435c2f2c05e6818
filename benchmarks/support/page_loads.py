"""Loads one page after the other, each in a new view. Arguments: bare or pane, then the URLs.

The first load is for the engine's start and isn't counted. Prints the medians of the others.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import shiboken6
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMainWindow
from support.render_probe import RenderProbe, print_and_end

_SIZE = (560, 700)  # about the program's preview
_SETTLE_MS = 400

Report = dict[str, float]


class BareViews:
    """The reference: what Qt's own example does, a new view for each page."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window

    def show(self, url: str) -> None:
        view = QWebEngineView()
        self._window.setCentralWidget(view)
        view.load(QUrl(url))

    def find_view(self) -> QWebEngineView | None:
        view = self._window.centralWidget()
        return view if isinstance(view, QWebEngineView) else None

    def clear(self) -> None:
        shiboken6.delete(self._window.takeCentralWidget())


class Pane:
    def __init__(self, window: QMainWindow, app: QApplication) -> None:
        from seam_portal_desktop.ui.preview.pane import PreviewPane
        from seam_portal_desktop.ui.toolkit.icons import Icons
        from seam_portal_desktop.ui.toolkit.theme import Theme

        self._theme = Theme(app)
        self._theme.install()
        self._pane = PreviewPane(self._theme, Icons(self._theme))
        window.setCentralWidget(self._pane)
        self._pane.engine.begin()  # the program starts its engine by itself as well

    def show(self, url: str) -> None:
        from seam_portal_desktop.domain.secret import Secret
        from seam_portal_desktop.ui.preview.pane import PreviewTarget

        ends = datetime.now(UTC) + timedelta(days=7)
        self._pane.show_portal(PreviewTarget(url, "harbor-hotel", Secret(url), ends))

    def find_view(self) -> QWebEngineView | None:
        web = self._pane.first.web
        return web.widget if web is not None else None

    def clear(self) -> None:
        self._pane.clear()


def main() -> None:
    kind, *urls = sys.argv[1:]
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(*_SIZE)
    window.show()
    views = BareViews(window) if kind == "bare" else Pane(window, app)
    _load_each(window, views, urls, [])
    app.exec()


def _load_each(
    window: QMainWindow, views: BareViews | Pane, urls: list[str], seen: list[Report]
) -> None:
    if not urls:
        counted = seen[1:]
        print_and_end(
            {key: statistics.median(report[key] for report in counted) for key in counted[0]}
        )

    def done(report: Report) -> None:
        seen.append(report)
        views.clear()
        _load_each(window, views, urls[1:], seen)

    begin: Callable[[], None] = lambda: views.show(urls[0])  # noqa: E731 - kept with its type
    QTimer.singleShot(_SETTLE_MS, lambda: RenderProbe(window, views.find_view, begin, done))


main()
