"""Monitors one page while it is open: whether it answers and how much it uses."""

from __future__ import annotations

import time
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineScript

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.limits.limits import MEGABYTE, Counted, PageLimits
from seam_portal_desktop.ui.preview.limits.memory_monitor import MemoryMonitor
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter

_MS = timedelta(milliseconds=1)
_PING_EVERY = timedelta(seconds=1)
_CHECK_EVERY_MS = 100  # a script makes some forty frames in that time
_OVERRUNS = {
    Counted.NAVIGATION: FailureKind.LOOP,
    Counted.MESSAGE: FailureKind.NOISY,
    Counted.QUESTION: FailureKind.NOISY,
}


class PageMonitor(QObject):
    """Call `begin` with each load that the user wants, and `end` before the page is deleted.

    It runs a script in our own script world as a ping. It counts its timer's ticks instead of
    seconds. While the computer sleeps or is too busy there are no ticks, so the page doesn't look
    slow because of that.
    """

    not_answering = Signal()
    answering = Signal()
    """The page answers again, after `not_answering`."""
    keeping_busy = Signal()
    """The page keeps the window's own thread busy."""
    overrun = Signal(object)
    """LoadFailure: the page used too much and must be ended."""
    part_ended = Signal()
    """A process of the page without its main frame was ended."""

    def __init__(
        self, page: QWebEnginePage, limiter: RateLimiter, limits: PageLimits, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._limits = limits
        self._limiter = limiter
        limiter.on_overrun = self._on_rate_overrun
        self._memory = MemoryMonitor(limits)
        self._ended_parts = 0
        interval = min(_PING_EVERY, limits.hang_after / 4)
        self._hang_ticks = limits.hang_after // interval
        self._busy_limit = max(1, limits.busy_for // interval)
        self._silent_ticks = 0
        self._busy_ticks = 0
        self._is_silent = False
        self._has_ended = False
        self._last_times = (0.0, 0.0)
        self._ping_timer = QTimer(self, interval=interval // _MS)
        self._ping_timer.timeout.connect(self._ping)
        self._pid = 0
        self._check_timer = QTimer(self, interval=_CHECK_EVERY_MS)
        self._check_timer.timeout.connect(self._check_usage)
        # Counted here as well as handled by other parts of the program.
        page.titleChanged.connect(lambda _: limiter.count(Counted.MESSAGE))
        page.newWindowRequested.connect(lambda _: limiter.count(Counted.QUESTION))
        page.permissionRequested.connect(lambda _: limiter.count(Counted.QUESTION))
        page.fullScreenRequested.connect(lambda _: limiter.count(Counted.QUESTION))

    @property
    def crash_failure(self) -> LoadFailure:
        """The probable reason of a crash of the page."""
        excess, own_excess = self._memory.excess, self._memory.own_excess
        if own_excess and not excess:
            detail = _("The program grew by {own_excess:,} MB").format(
                own_excess=own_excess // MEGABYTE
            )
            return LoadFailure(FailureKind.PROGRAM_MEMORY, detail)
        if excess:
            return LoadFailure(
                FailureKind.MEMORY, _("{excess:,} MB").format(excess=excess // MEGABYTE)
            )
        of_memory = self._memory.is_probable_crash_cause
        return LoadFailure(FailureKind.MEMORY if of_memory else FailureKind.CRASHED)

    @property
    def is_answering(self) -> bool:
        """False after `not_answering`, until the page answers again."""
        return not self._is_silent

    def begin(self) -> None:
        self._limiter.begin()
        self.wait_longer()
        self._last_times = (time.monotonic(), time.thread_time())
        self._pid = self._page.renderProcessPid()
        self._memory.begin(self._pid)
        self._ping_timer.start()
        self._check_timer.start()

    def wait_longer(self) -> None:
        """Give the page as much time again before the next `not_answering`."""
        self._silent_ticks = self._busy_ticks = 0
        self._is_silent = False

    def kill(self) -> None:
        """End the page's process, also a busy one. Only `end` may be called after it."""
        self._stop()
        self._memory.kill()

    def end(self) -> None:
        """Idempotent."""
        self._stop()
        self._memory.end()

    def _stop(self) -> None:
        self._has_ended = True
        self._ping_timer.stop()
        self._check_timer.stop()

    def _check_usage(self) -> None:
        pid = self._page.renderProcessPid()  # renderProcessPidChanged was never seen to come
        if pid != self._pid:
            self._pid = pid
            self._memory.follow(pid)
        if self._memory.excess or self._memory.own_excess:
            self._emit_overrun(self.crash_failure)
            return
        if self._memory.ended_parts > self._ended_parts:
            self._ended_parts = self._memory.ended_parts
            self.part_ended.emit()
        limit = self._limits.frames
        if _count_frames(self._page.mainFrame(), limit + 1) > limit:
            self._emit_overrun(
                LoadFailure(
                    FailureKind.TOO_MUCH, _("More than {limit:,} frames").format(limit=limit)
                )
            )

    def _ping(self) -> None:
        self._check_busy()
        self._silent_ticks += 1
        if self._silent_ticks > self._hang_ticks and not self._is_silent:
            self._is_silent = True
            self.not_answering.emit()
        # Each tick sends a new ping, because a ping is lost when the page navigates.
        world = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
        self._page.runJavaScript("0", world, self._on_answer)

    def _on_answer(self, _answer: object) -> None:
        if self._has_ended:
            return
        self._silent_ticks = 0
        if self._is_silent:
            self._is_silent = False
            self.answering.emit()

    def _check_busy(self) -> None:
        now = (time.monotonic(), time.thread_time())
        wall, own = now[0] - self._last_times[0], now[1] - self._last_times[1]
        self._last_times = now
        is_busy = own > wall * self._limits.busy_share
        self._busy_ticks = self._busy_ticks + 1 if is_busy else 0
        if self._busy_ticks >= self._busy_limit:
            self._busy_ticks = 0
            self.keeping_busy.emit()

    def _on_rate_overrun(self, counted: Counted, limit: int) -> None:
        kind = _OVERRUNS.get(counted, FailureKind.TOO_MUCH)
        failure = LoadFailure(
            kind, _("More than {limit:,} {counted}").format(limit=limit, counted=counted.value)
        )
        # Not now: the engine is inside its own call.
        QTimer.singleShot(0, self, lambda: self._emit_overrun(failure))

    def _emit_overrun(self, failure: LoadFailure) -> None:
        if not self._has_ended:
            self.overrun.emit(failure)


def _count_frames(frame: QWebEngineFrame, limit: int) -> int:
    """The number of frames inside `frame`, at any depth; counting stops at `limit`."""
    count = 0
    for child in frame.children():
        if count >= limit:
            break
        count += 1 + _count_frames(child, limit - count)
    return count
