"""One page, watched while it lives: whether it answers, what it takes, and what it asks for."""

from __future__ import annotations

import time
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineScript

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.preview.limits.limits import MEGABYTE, Counted, PageLimits
from seam_portal_desktop.ui.preview.limits.memory import MemoryWatch
from seam_portal_desktop.ui.preview.limits.tally import PageTally

_MS = timedelta(milliseconds=1)
_ASK_EACH = timedelta(seconds=1)
_LOOK_EACH_MS = 100  # a script makes some forty frames in that time
_OVERRUNS = {
    Counted.NAVIGATION: FailureKind.LOOP,
    Counted.MESSAGE: FailureKind.NOISY,
    Counted.WISH: FailureKind.NOISY,
}


class PageWatch(QObject):
    """Call `begin` with each load that the user wants, and `end` before the page is deleted.

    Asks the page for a sign of life in a script world of our own. Time is counted in our own
    beats, so that a computer that slept, or was too busy for us too, blames no page.
    """

    not_answering = Signal()
    answering = Signal()
    """It answers again, after `not_answering`."""
    busying = Signal()
    """The page keeps the window's own thread busy."""
    overrun = Signal(object)
    """LoadFailure: the page took too much, and has to be ended."""
    part_ended = Signal()

    def __init__(
        self, page: QWebEnginePage, tally: PageTally, limits: PageLimits, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._limits = limits
        self._tally = tally
        tally.on_overrun = self._tell_overrun
        self._memory = MemoryWatch(limits)
        self._ended_parts = 0
        each = min(_ASK_EACH, limits.hang_after / 4)
        self._patience = limits.hang_after // each
        self._busy_patience = max(1, limits.busy_for // each)
        self._silent_for = 0
        self._busy_for = 0
        self._is_silent = False
        self._ended = False
        self._at = (0.0, 0.0)
        self._timer = QTimer(self, interval=each // _MS)
        self._timer.timeout.connect(self._beat)
        self._pid = 0
        self._both_settings = QTimer(self, interval=_LOOK_EACH_MS)
        self._both_settings.timeout.connect(self._settings)
        # Counted here, whatever else the program does about them.
        page.titleChanged.connect(lambda _: tally.count(Counted.MESSAGE))
        page.newWindowRequested.connect(lambda _: tally.count(Counted.WISH))
        page.permissionRequested.connect(lambda _: tally.count(Counted.WISH))
        page.fullScreenRequested.connect(lambda _: tally.count(Counted.WISH))

    @property
    def death(self) -> LoadFailure:
        """Why a page that is dead now probably died."""
        taken = self._memory.taken
        if taken:
            return LoadFailure(FailureKind.MEMORY, f"{taken // MEGABYTE:,} MB")
        of_memory = self._memory.nearly_exceeded
        return LoadFailure(FailureKind.MEMORY if of_memory else FailureKind.CRASHED)

    @property
    def is_quiet(self) -> bool:
        """Whether the page has answered lately: nothing waits to be read from it."""
        return self._silent_for <= 1

    @property
    def is_answering(self) -> bool:
        """False once `not_answering` was said, until it answers again."""
        return not self._is_silent

    def begin(self) -> None:
        self._tally.begin()
        self._silent_for = self._busy_for = 0
        self._is_silent = False
        self._at = (time.monotonic(), time.thread_time())
        self._pid = self._page.renderProcessPid()
        self._memory.begin(self._pid)
        self._timer.start()
        self._both_settings.start()

    def wait_longer(self) -> None:
        """The user wants to give it more time: ask again after as long."""
        self._silent_for = self._busy_for = 0
        self._is_silent = False

    def kill(self) -> None:
        """End the page's process, in the middle of whatever it does. Only `end` comes after it."""
        self._stop()
        self._memory.kill()

    def end(self) -> None:
        """Idempotent."""
        self._stop()
        self._memory.end()

    def _stop(self) -> None:
        self._ended = True
        self._timer.stop()
        self._both_settings.stop()

    def _settings(self) -> None:
        pid = self._page.renderProcessPid()  # renderProcessPidChanged was never seen to come
        if pid != self._pid:
            self._pid = pid
            self._memory.follow(pid)
        if self._memory.taken:
            self._tell(self.death)
            return
        if self._memory.ended_parts > self._ended_parts:
            self._ended_parts = self._memory.ended_parts
            self.part_ended.emit()
        limit = self._limits.frames
        if _count_frames(self._page.mainFrame(), limit + 1) > limit:
            self._tell(LoadFailure(FailureKind.TOO_MUCH, f"More than {limit:,} frames"))

    def _beat(self) -> None:
        self._judge_busy()
        self._silent_for += 1
        if self._silent_for > self._patience and not self._is_silent:
            self._is_silent = True
            self.not_answering.emit()
        # Each time anew: a question is lost when its page goes for another one.
        world = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
        self._page.runJavaScript("0", world, self._hear)

    def _hear(self, _answer: object) -> None:
        if self._ended:
            return
        self._silent_for = 0
        if self._is_silent:
            self._is_silent = False
            self.answering.emit()

    def _judge_busy(self) -> None:
        now = (time.monotonic(), time.thread_time())
        wall, own = now[0] - self._at[0], now[1] - self._at[1]
        self._at = now
        self._busy_for = self._busy_for + 1 if own > wall * self._limits.busy_share else 0
        if self._busy_for >= self._busy_patience:
            self._busy_for = 0
            self.busying.emit()

    def _tell_overrun(self, what: Counted, limit: int) -> None:
        kind = _OVERRUNS.get(what, FailureKind.TOO_MUCH)
        failure = LoadFailure(kind, f"More than {limit:,} {what.value}")
        # Not now: this comes from inside the engine's own call.
        QTimer.singleShot(0, self, lambda: self._tell(failure))

    def _tell(self, failure: LoadFailure) -> None:
        if not self._ended:
            self.overrun.emit(failure)


def _count_frames(frame: QWebEngineFrame, enough: int) -> int:
    """The frames inside of `frame`, at whatever depth; counting ends at `enough`."""
    count = 0
    for child in frame.children():
        if count >= enough:
            break
        count += 1 + _count_frames(child, enough - count)
    return count
