"""The memory of a page's process, looked at beside the window's thread; too much ends it."""

from __future__ import annotations

import contextlib
import threading
from enum import Enum, auto
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from seam_portal_desktop.ui.preview.limits.limits import PageLimits

if TYPE_CHECKING:
    import psutil

_LOOK_EACH_S = 0.15  # a script fills about a gigabyte a second
_ALL_EACH = 8  # looks between two at every child process, which cost some milliseconds
_ENGINE_PROCESS = "QtWebEngine"
_LAST_LOOK_S = 1.0  # what the engine hasn't ended by then is ended here


class _Order(Enum):
    BEGIN = auto()
    FOLLOW = auto()
    KILL = auto()
    END = auto()


class MemoryWatch:
    """Watches from `begin` to `end`; what happened is to be asked for.

    The process is ended before anything is said: at the speed at which a page can take memory,
    the machine would suffer while the window's thread is busy. Nothing is told across threads,
    because what would be told may be deleted in that moment.
    """

    def __init__(self, limits: PageLimits) -> None:
        self._limits = limits
        self._orders: SimpleQueue[tuple[_Order, int]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._highest = 0
        self._taken = 0
        self._ended_parts = 0

    def begin(self, pid: int) -> None:
        """Watch that renderer, 0 for none yet, and from now on how this process grows."""
        self._orders.put((_Order.BEGIN, pid))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="preview-memory", daemon=True)
            self._thread.start()

    def follow(self, pid: int) -> None:
        """The page lives in that process from now on."""
        self._orders.put((_Order.FOLLOW, pid))

    def kill(self) -> None:
        """End the page's process now, whatever it is doing."""
        self._orders.put((_Order.KILL, 0))

    def end(self) -> None:
        """Stop watching. A renderer that outlives its page is ended a moment later."""
        self._orders.put((_Order.END, 0))

    @property
    def taken(self) -> int:
        """What the page had taken when it was ended for it, in bytes; 0 while it may go on."""
        return self._taken

    @property
    def ended_parts(self) -> int:
        """How many processes were ended that belong to no page's main frame."""
        return self._ended_parts

    @property
    def nearly_exceeded(self) -> bool:
        """Whether a page that has just died of itself probably died of its memory."""
        return bool(self._taken) or self._highest > self._limits.renderer_bytes // 2

    # In the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        import psutil

        me = psutil.Process()
        base = me.memory_info().rss
        page: psutil.Process | None = None
        lived_in: set[psutil.Process] = set()
        looks = 0
        while True:
            with contextlib.suppress(Empty):
                order, pid = self._orders.get(timeout=_LOOK_EACH_S)
                if order is _Order.END:
                    break
                if order is _Order.KILL:
                    for process in lived_in:
                        _kill(process)
                    continue
                if order is _Order.BEGIN:
                    base = me.memory_info().rss
                    self._taken = self._highest = 0
                page = _process(pid)
                if page is not None:
                    lived_in.add(page)
                continue
            if page is not None:
                self._look_at_page(page)
            grown = me.memory_info().rss - base
            if grown > self._limits.own_growth_bytes and not self._taken:
                self._end_page(grown, page)
            looks += 1
            if looks % _ALL_EACH == 0:
                self._look_at_parts(me, page)
        _end_left_over(list(lived_in))

    def _look_at_page(self, process: psutil.Process) -> None:
        taken = _taken(process)
        self._highest = max(self._highest, taken)
        if taken > self._limits.renderer_bytes and not self._taken:
            self._end_page(taken, process)

    def _end_page(self, taken: int, process: psutil.Process | None) -> None:
        self._taken = taken
        if process is not None:
            _kill(process)

    def _look_at_parts(self, me: psutil.Process, page: psutil.Process | None) -> None:
        """Frames and workers live in their page's process, unless an engine moves them."""
        import psutil

        with contextlib.suppress(psutil.Error):
            for process in me.children(recursive=True):
                if process == page or _taken(process) <= self._limits.renderer_bytes:
                    continue
                if process.name().startswith(_ENGINE_PROCESS):  # others are the program's own
                    _kill(process)
                    self._ended_parts += 1


def _taken(process: psutil.Process) -> int:
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _process(pid: int) -> psutil.Process | None:
    import psutil

    try:
        return psutil.Process(pid) if pid else None
    except psutil.Error:
        return None


def _kill(process: psutil.Process) -> None:
    import psutil

    with contextlib.suppress(psutil.Error):
        process.kill()


def _end_left_over(processes: list[psutil.Process]) -> None:
    import psutil

    _, alive = psutil.wait_procs(processes, timeout=_LAST_LOOK_S)
    for process in alive:
        _kill(process)
