"""One report for each load of a page."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, QTimer, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.preview.checks import AllowsHost, examine
from seam_portal_desktop.domain.preview.load_failure import LoadFailure
from seam_portal_desktop.domain.preview.page_facts import (
    AskCustomer,
    AskTls,
    PageFacts,
    ProcessorFacts,
    TlsFacts,
)
from seam_portal_desktop.domain.preview.report import StoredReport
from seam_portal_desktop.ui.preview.checks.facts import (
    facts_of,
    is_about_portal,
    subject_of,
    tls_origin,
)
from seam_portal_desktop.ui.preview.checks.page_question import QUESTION, PageAnswer, read_answer
from seam_portal_desktop.ui.preview.checks.processor_meter import ProcessorMeter
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.page.web_page import PortalWebView

_SETTLE_MS = 700
"""The pause after the page is rendered. The page makes its first calls in this time."""

_UNPAINTED_MS = 3_000
"""A page that is loaded and has painted nothing by then is checked too: it is blank."""

_ANSWER_MS = 3_000
_TLS_MS = 9_000
_CUSTOMER_MS = 3_000

_THUMBNAIL = QSize(320, 480)


class CheckRun(QObject):
    """Makes one report for each load of `web`: after it is rendered, or at once when it fails.

    The page isn't asked while it loads, so that no paint is delayed. Seam is asked about the
    customer meanwhile. A load gives no report if another load or `cancel` comes before its end.
    """

    started = Signal()
    finished = Signal(object, bool)
    """The StoredReport, and whether it is about the portal.

    The report has no picture if there is no page.
    """

    def __init__(
        self,
        web: PortalWebView,
        target: PreviewTarget,
        *,
        clock: Clock,
        ask_tls: AskTls | None = None,
        ask_customer: AskCustomer | None = None,
        allows_host: AllowsHost | None = None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._web = web
        self._target = target
        self._clock = clock
        self._ask_tls = ask_tls
        self._ask_customer = ask_customer
        self._allows_host = allows_host
        self._customer = _CustomerAnswer()
        self._meter: ProcessorMeter | None = None
        self._generation = 0
        self._collector: _FactCollector | None = None
        self._start_timer = QTimer(self, singleShot=True)
        self._start_timer.timeout.connect(self._start_if_shown)
        web.loading_changed.connect(self._on_loading_changed)
        web.rendered.connect(lambda: self._start_timer.start(_SETTLE_MS))
        web.slow.connect(lambda: self._start(None))
        web.failed.connect(self._start)

    def cancel(self) -> None:
        """Drop the report that is being made, because the page ends."""
        self._start_timer.stop()
        self._stop_meter()
        if self._collector is not None:
            self._collector.deleteLater()
            self._collector = None

    def _on_loading_changed(self, loading: bool) -> None:  # noqa: FBT001 - a signal's argument
        if not self._is_new_load():
            return
        if loading:
            self.cancel()
            self._meter = ProcessorMeter()
            self._customer = _CustomerAnswer()
            if self._ask_customer is not None:
                self._customer.is_awaited = True
                self._ask_customer(self._target.customer_key, self._customer.set)
            self.started.emit()
        elif not self._start_timer.isActive():
            self._start_timer.start(_UNPAINTED_MS)

    def _is_new_load(self) -> bool:
        return self._web.record.generation != self._generation

    def _start_if_shown(self) -> None:
        if self._web.is_rendered or self._web.widget.isVisible():
            self._start(None)
        else:
            self._start_timer.start(_UNPAINTED_MS)  # a page that isn't shown paints nothing

    def _start(self, failure: LoadFailure | None) -> None:
        """Collect the facts of a load: once for each load, and again if the page fails later."""
        if failure is None and not self._is_new_load():
            return
        processor = self._meter.facts if self._meter is not None else None
        self.cancel()
        self._generation = self._web.record.generation
        collector = _FactCollector(
            self._web, self._target, failure, self._ask_tls, self._customer, processor, self
        )
        collector.done.connect(lambda facts: self._report(collector, facts, failure))
        self._collector = collector
        collector.start()

    def _stop_meter(self) -> None:
        if self._meter is not None:
            self._meter.stop()
            self._meter = None

    def _report(
        self, collector: _FactCollector, facts: PageFacts, failure: LoadFailure | None
    ) -> None:
        if collector is not self._collector:
            return
        self._collector = None
        collector.deleteLater()
        report = examine(
            facts, subject_of(self._target), self._clock(), allows_host=self._allows_host
        )
        picture = _picture(self._web) if failure is None else b""
        stored = StoredReport(report, picture)
        self.finished.emit(stored, is_about_portal(self._target, failure))


class _CustomerAnswer(QObject):
    """Seam's answer about the customer, which may come before or after the page is complete."""

    came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_awaited = False
        self.is_empty: bool | None = None

    def set(self, is_empty: bool | None) -> None:  # noqa: FBT001 - an AskCustomer's callback
        self.is_awaited = False
        self.is_empty = is_empty
        self.came.emit()


class _FactCollector(QObject):
    """Waits for the page's answer, the certificate and Seam's answer, each for a limited time."""

    done = Signal(object)  # PageFacts

    def __init__(
        self,
        web: PortalWebView,
        target: PreviewTarget,
        failure: LoadFailure | None,
        ask_tls: AskTls | None,
        customer: _CustomerAnswer,
        processor: ProcessorFacts | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._web = web
        self._failure = failure
        # A failed page and its record end before the certificate is known.
        self._record = web.record.snapshot()
        self._ask_tls = ask_tls
        self._customer = customer
        self._processor = processor
        self._origin = tls_origin(self._record, target, failure)
        self._answer: PageAnswer | None = None
        self._tls: TlsFacts | None = None
        self._pending = set[str]()
        self._is_done = False

    def start(self) -> None:
        if self._failure is None:
            self._wait_for("page", _ANSWER_MS)
            self._web.ask(QUESTION, self._on_page_answer)
            if self._customer.is_awaited:
                self._wait_for("customer", _CUSTOMER_MS)
                self._customer.came.connect(self._on_customer)
        if self._origin is not None and self._ask_tls is not None:
            self._wait_for("tls", _TLS_MS)
            self._ask_tls(self._origin, self._on_tls)
        if not self._pending:
            self._finish("")

    def _wait_for(self, name: str, limit_ms: int) -> None:
        self._pending.add(name)
        QTimer.singleShot(limit_ms, self, lambda: self._finish(name))

    # Both answers may come after this object was deleted together with its page.

    def _on_tls(self, facts: TlsFacts) -> None:
        if shiboken6.isValid(self) and "tls" in self._pending:
            self._tls = facts
            self._finish("tls")

    def _on_customer(self) -> None:
        self._finish("customer")

    def _on_page_answer(self, answer: object) -> None:
        if shiboken6.isValid(self) and "page" in self._pending:
            self._answer = read_answer(answer)
            self._finish("page")

    def _finish(self, name: str) -> None:
        self._pending.discard(name)
        if not self._pending and not self._is_done:
            self._is_done = True
            facts = facts_of(
                self._record,
                self._answer,
                self._failure,
                self._tls,
                processor=self._processor,
                customer_is_empty=self._customer.is_empty,
            )
            self.done.emit(facts)


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
