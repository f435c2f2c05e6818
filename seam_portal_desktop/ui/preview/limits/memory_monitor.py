"""Measures memory in a thread, and ends a page's process that uses too much.

What a page uses in its own process is certain. This process has memory for pages too (blobs,
canvases, unread messages), but also the list, pictures and everything else of the program. So
Python's objects aren't counted here. The rest can't be told apart: a page that is ended because
this process has grown isn't called faulty.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from enum import Enum, auto
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from seam_portal_desktop.ui.preview.limits.engine_processes import (
    kill,
    lower_priority,
    page_processes,
)
from seam_portal_desktop.ui.preview.limits.limits import PageLimits

if TYPE_CHECKING:
    import psutil

_CHECK_EVERY_S = 0.15  # a script fills about a gigabyte a second
_CHECKS_PER_SCAN = 8  # a scan of all child processes takes some milliseconds
_BYTES_OF_BLOCK = 64  # of Python’s allocator, with what it needs itself (measured: 63 to 67)
_EXIT_TIMEOUT_S = 1.0  # after it we end what the engine hasn't ended


class _Command(Enum):
    BEGIN = auto()
    FOLLOW = auto()
    KILL = auto()
    END = auto()


class MemoryMonitor:
    """Runs from `begin` to `end`. The caller polls its attributes.

    The thread first ends a process and then reports it. A page can use up the machine's memory
    faster than a busy window's thread would react. The thread emits no signal, because the receiver
    may be deleted at that moment.
    """

    def __init__(self, limits: PageLimits) -> None:
        self._limits = limits
        self._commands: SimpleQueue[tuple[_Command, int]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._highest = 0
        self.excess = 0
        """The bytes that the page used when the thread ended it for that; 0 if it didn't."""
        self.own_excess = 0
        """The bytes by which this process had grown when the thread ended the page for that."""
        self.ended_parts = 0
        """How many processes were ended that don't hold a page's main frame."""

    def begin(self, pid: int) -> None:
        """Monitor that renderer (0: none yet), and the growth of this process from now on."""
        self._commands.put((_Command.BEGIN, pid))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="preview-memory", daemon=True)
            self._thread.start()

    def follow(self, pid: int) -> None:
        """The page has moved to that process."""
        self._commands.put((_Command.FOLLOW, pid))

    def kill(self) -> None:
        """End the page's process now, also a busy one."""
        self._commands.put((_Command.KILL, 0))

    def end(self) -> None:
        """Stop. A renderer that still runs a second later is ended."""
        self._commands.put((_Command.END, 0))

    @property
    def is_probable_crash_cause(self) -> bool:
        """Whether a page that has just crashed probably crashed because of its memory use."""
        return bool(self.excess) or self._highest > self._limits.renderer_bytes // 2

    # In the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        own = _OwnMemory()
        base = own.measure()
        page: psutil.Process | None = None
        pages: set[psutil.Process] = set()
        checks = 0
        while True:
            with contextlib.suppress(Empty):
                command, pid = self._commands.get(timeout=_CHECK_EVERY_S)
                if command is _Command.END:
                    break
                if command is _Command.KILL:
                    kill(list(pages))
                    continue
                if command is _Command.BEGIN:
                    base = own.measure()
                    self.excess = self.own_excess = self._highest = 0
                page = _process(pid)
                if page is not None and page not in pages:
                    lower_priority(page)
                    pages.add(page)
                continue
            if page is not None:
                self._check_page(page)
            growth = own.measure() - base
            if growth > self._limits.own_growth_bytes and not self.own_excess:
                self.own_excess = growth
                kill([page] if page is not None else [])
            checks += 1
            if checks % _CHECKS_PER_SCAN == 0:
                self._check_parts(page)
        _end_remaining(list(pages))

    def _check_page(self, process: psutil.Process) -> None:
        used = _used_bytes(process)
        self._highest = max(self._highest, used)
        if used > self._limits.renderer_bytes and not self.excess:
            self.excess = used
            kill([process])

    def _check_parts(self, page: psutil.Process | None) -> None:
        """End other engine processes that use too much.

        Frames and workers run in their page's process unless the engine moves them.
        """
        limit = self._limits.renderer_bytes
        parts = [part for part in page_processes() if part != page and _used_bytes(part) > limit]
        kill(parts)
        self.ended_parts += len(parts)


class _OwnMemory:
    """The memory of this process without Python's objects.

    Python keeps the memory of freed objects for new ones. So the memory of the most objects that
    there ever were is subtracted.
    """

    def __init__(self) -> None:
        import psutil

        self._process = psutil.Process()
        self._most_blocks = 0

    def measure(self) -> int:
        """In bytes."""
        self._most_blocks = max(self._most_blocks, sys.getallocatedblocks())
        return _used_bytes(self._process) - self._most_blocks * _BYTES_OF_BLOCK


def _used_bytes(process: psutil.Process) -> int:
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


def _end_remaining(processes: list[psutil.Process]) -> None:
    import psutil

    _, alive = psutil.wait_procs(processes, timeout=_EXIT_TIMEOUT_S)
    kill(alive)
