"""A page opened on a preview's own screen, and the report that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.preview.page_facts import TlsFacts
from seam_portal_desktop.domain.preview.report import CheckKind, Finding, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.checks.run import CheckRun
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.security.certificates import Authorities
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.preview_kit import NOW

WAIT_MS = 20_000


class CheckedScreen:
    """`reports` are in the order in which they came; `certificate` answers for the network."""

    def __init__(self, screen: PreviewView, owner: QObject) -> None:
        self.screen = screen
        self.reports: list[StoredReport] = []
        self.started = 0
        self.asked_tls: list[str] = []
        self.certificate: Callable[[str], TlsFacts] | None = None
        self.run: CheckRun | None = None
        self._owner = owner
        screen.page_opened.connect(self._begin)

    def show(self, url: str, **fields) -> None:
        target = PreviewTarget(
            "portal-1", "harbor-hotel", Secret(url), NOW + timedelta(days=6), **fields
        )
        self.screen.show_portal(target)

    def report(self, qtbot, number: int = 1) -> StoredReport:
        qtbot.waitUntil(lambda: len(self.reports) >= number, timeout=WAIT_MS)
        return self.reports[number - 1]

    def finding(self, qtbot, check: CheckKind) -> Finding:
        report = self.report(qtbot).report
        return next(found for found in report.findings if found.check is check)

    def _begin(self, web, target) -> None:
        self.run = CheckRun(
            web, target, clock=lambda: NOW, ask_tls=self._ask_tls, parent=self._owner
        )
        self.run.finished.connect(self.reports.append)
        self.run.started.connect(self._count_start)

    def _count_start(self) -> None:
        self.started += 1

    def _ask_tls(self, origin: str, on_answer: Callable[[TlsFacts], None]) -> None:
        self.asked_tls.append(origin)
        if self.certificate is not None:
            on_answer(self.certificate(origin))


@contextmanager
def checked_screen(theme: Theme, authorities: Authorities) -> Iterator[CheckedScreen]:
    owner = QObject()
    screen = PreviewView(theme, Icons(theme), clock=lambda: NOW, authorities=authorities)
    screen.resize(480, 640)
    screen.show()
    try:
        yield CheckedScreen(screen, owner)
    finally:
        screen.shutdown()
        screen.close()
        screen.deleteLater()
        owner.deleteLater()
