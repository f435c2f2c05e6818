"""A page in a view of the preview, and the report on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.preview.kinds import CheckKind
from seam_portal_desktop.domain.preview.page_facts import TlsFacts
from seam_portal_desktop.domain.preview.report import Finding, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.checks.run import CheckRun
from seam_portal_desktop.ui.preview.page.target import PreviewOptions, PreviewTarget
from seam_portal_desktop.ui.preview.security.certificates import Authorities
from seam_portal_desktop.ui.preview.view.preview_view import PreviewSignals, PreviewView
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.preview_kit import NOW

WAIT_MS = 20_000


class CheckedPage:
    """`reports` are in order. `certificate` takes the place of the check over the network,
    `customer` that of Seam, which may answer later or never."""

    def __init__(self, view: PreviewView, owner: QObject) -> None:
        self.view = view
        self.reports: list[StoredReport] = []
        self.started = 0
        self.asked_tls: list[str] = []
        self.certificate: Callable[[str], TlsFacts] | None = None
        self.customer: Callable[[Callable[[bool | None], None]], None] = lambda answer: answer(None)
        self.run: CheckRun | None = None
        self._owner = owner
        view.page.opened.connect(self._start)

    def show(self, url: str, **fields) -> None:
        target = PreviewTarget(
            "portal-1", "harbor-hotel", Secret(url), NOW + timedelta(days=6), **fields
        )
        self.view.page.show(target)

    def report(self, qtbot, number: int = 1) -> StoredReport:
        qtbot.waitUntil(lambda: len(self.reports) >= number, timeout=WAIT_MS)
        return self.reports[number - 1]

    def finding(self, qtbot, check: CheckKind) -> Finding:
        report = self.report(qtbot).report
        return next(found for found in report.findings if found.check is check)

    def _start(self, session) -> None:
        self.run = CheckRun(
            session.web,
            self.view.target,
            clock=lambda: NOW,
            ask_tls=self._ask_tls,
            ask_customer=self._ask_customer,
            parent=self._owner,
        )
        self.run.finished.connect(lambda stored, _: self.reports.append(stored))
        self.run.started.connect(self._count_start)

    def _count_start(self) -> None:
        self.started += 1

    def _ask_customer(self, _key: str, on_answer: Callable[[bool | None], None]) -> None:
        self.customer(on_answer)

    def _ask_tls(self, origin: str, on_answer: Callable[[TlsFacts], None]) -> None:
        self.asked_tls.append(origin)
        if self.certificate is not None:
            on_answer(self.certificate(origin))


@contextmanager
def checked_page(theme: Theme, authorities: Authorities) -> Iterator[CheckedPage]:
    owner = QObject()
    signals = PreviewSignals()
    view = PreviewView(
        signals,
        theme,
        Icons(theme),
        lambda: NOW,
        PreviewOptions(authorities=authorities),
    )
    view.resize(480, 640)
    view.show()
    try:
        yield CheckedPage(view, owner)
    finally:
        view.page.shutdown()
        view.close()
        view.deleteLater()
        signals.deleteLater()
        owner.deleteLater()
