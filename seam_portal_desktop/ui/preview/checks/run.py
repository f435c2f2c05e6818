"""One report for each page that is shown, or that came to nothing."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, QTimer, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.preview.checks import AllowsHost, examine
from seam_portal_desktop.domain.preview.load_failure import LoadFailure
from seam_portal_desktop.domain.preview.page_facts import TlsFacts
from seam_portal_desktop.domain.preview.report import StoredReport
from seam_portal_desktop.ui.preview.checks.facts import (
    facts_of,
    subject_of,
    tells_of_portal,
    tls_origin,
)
from seam_portal_desktop.ui.preview.checks.page_question import QUESTION, PageAnswer, read_answer
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.page.web_page import PortalWebView

AskTls = Callable[[str, Callable[[TlsFacts], None]], None]
"""Looks at the certificate of an origin and hands over what it says, later and in this thread."""

_SETTLE_MS = 700
"""After the page is there: what it does then (its first calls) belongs to what is looked at."""

_UNPAINTED_MS = 3_000
"""A page that is loaded and has painted nothing by then is looked at all the same: it is blank."""

_ANSWER_MS = 3_000
_TLS_MS = 9_000

_THUMBNAIL = QSize(320, 480)


class CheckRun(QObject):
    """Makes a report of `web` once for each load, after it was rendered; of a failed one at once.

    Nothing is asked while the page still loads, so that no paint has to wait for it. `finished`
    carries a StoredReport; a load that is overtaken by the next one, or by `cancel`, gives none.
    The picture is what the view shows, and empty where there is no page. `is_about_portal` says
    of the report that was just finished whether anything was learned of the portal itself.
    """

    started = Signal()
    finished = Signal(object)  # StoredReport

    def __init__(
        self,
        web: PortalWebView,
        target: PreviewTarget,
        *,
        clock: Clock,
        ask_tls: AskTls | None = None,
        allows_host: AllowsHost | None = None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._web = web
        self._target = target
        self._clock = clock
        self._ask_tls = ask_tls
        self._allows_host = allows_host
        self._generation = 0
        self._work: _Work | None = None
        self.is_about_portal = True
        self._begin = QTimer(self, singleShot=True)
        self._begin.timeout.connect(lambda: self._settings(None))
        web.loading_changed.connect(self._follow_loading)
        web.rendered.connect(lambda: self._begin.start(_SETTLE_MS))
        web.slow.connect(lambda: self._settings(None))
        web.failed.connect(self._settings)

    def cancel(self) -> None:
        """The page ends: what is under way is given up."""
        self._begin.stop()
        if self._work is not None:
            self._work.deleteLater()
            self._work = None

    def _follow_loading(self, loading: bool) -> None:  # noqa: FBT001 - a signal's argument
        if not self._is_new():
            return
        if loading:
            self.cancel()
            self.started.emit()
        elif not self._begin.isActive():
            self._begin.start(_UNPAINTED_MS)

    def _is_new(self) -> bool:
        return self._web.record.generation != self._generation

    def _settings(self, failure: LoadFailure | None) -> None:
        """Once for each load; a failure after the page was shown is news."""
        if failure is None and not self._is_new():
            return
        self.cancel()
        self._generation = self._web.record.generation
        work = self._work = _Work(self._web, self._target, failure, self._ask_tls, self)
        work.done.connect(self._report)
        work.start()

    def _report(self, work: _Work) -> None:
        if work is not self._work:
            return
        self._work = None
        facts = facts_of(work.record, work.answer, work.failure, work.tls)
        report = examine(
            facts, subject_of(self._target), self._clock(), allows_host=self._allows_host
        )
        self.is_about_portal = tells_of_portal(self._target, work.failure)
        picture = _picture(self._web) if work.failure is None else b""
        work.deleteLater()
        self.finished.emit(StoredReport(report, picture))


class _Work(QObject):
    """What is waited for: the page's answer and the certificate, each for a limited time."""

    done = Signal(object)  # self

    def __init__(
        self,
        web: PortalWebView,
        target: PreviewTarget,
        failure: LoadFailure | None,
        ask_tls: AskTls | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.failure = failure
        # A failed page is gone, and its record with it, before the certificate is known.
        self.record = web.record.snapshot()
        self.answer: PageAnswer | None = None
        self.tls: TlsFacts | None = None
        self._web = web
        self._ask_tls = ask_tls
        self._origin = tls_origin(self.record, target, failure)
        self._open = set[str]()
        self._ended = False

    def start(self) -> None:
        if self._origin is not None and self._ask_tls is not None:
            self._wait("tls", _TLS_MS)
            self._ask_tls(self._origin, self._hear_tls)
        if self.failure is None:
            self._wait("page", _ANSWER_MS)
            self._web.ask(QUESTION, self._hear_page)
        if not self._open:
            self._end_one("")

    def _wait(self, what: str, limit: int) -> None:
        self._open.add(what)
        QTimer.singleShot(limit, self, lambda: self._end_one(what))

    # Both may come when the page, and this with it, is gone already.

    def _hear_tls(self, facts: TlsFacts) -> None:
        if shiboken6.isValid(self) and "tls" in self._open:
            self.tls = facts
            self._end_one("tls")

    def _hear_page(self, answer: object) -> None:
        if shiboken6.isValid(self) and "page" in self._open:
            self.answer = read_answer(answer)
            self._end_one("page")

    def _end_one(self, what: str) -> None:
        self._open.discard(what)
        if not self._open and not self._ended:
            self._ended = True
            self.done.emit(self)


def _picture(web: PortalWebView) -> bytes:
    """What the view shows, as a small PNG; empty when there is nothing."""
    shown = web.widget.grab().toImage()
    if shown.isNull():
        return b""
    small = shown.scaledToWidth(_THUMBNAIL.width(), Qt.TransformationMode.SmoothTransformation)
    small.setDevicePixelRatio(1)
    small = small.copy(0, 0, small.width(), min(small.height(), _THUMBNAIL.height()))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide's stub wants bytes
    return bytes(buffer.data().data())
