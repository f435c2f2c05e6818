"""Whether the window answered all the time: the longest gap between two beats of its thread.

A timer on the GUI thread beats every 5 ms. A gap between two beats is time in which no key and no
click would have been heard. On a machine that is busy with something else a gap can also be time
in which this thread was ready to run and was given no processor; Linux counts that for each thread
(the second figure of ``/proc/self/task/<id>/schedstat``), and it is taken off. What stays is what
the thread computed and what it waited for inside a call, so a call that blocks counts in full.
Elsewhere than on Linux the whole gap counts.

What can't be told apart: a call that waits for another process that itself gets no processor.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

_BEAT_MS = 5
_LOOK_EVERY_S = 0.02


class WindowWatch:
    """Gaps in seconds. `longest` is without, `longest_wall` with, the time that others took.

    `where` is the Python stack inside of the longest gap so far, as far as a look at it fell into
    that gap.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.longest_wall = 0.0
        self.where = ""
        self._beat_at = 0.0
        self._stolen_at = 0.0
        self._seen = ""
        self._schedstat = _schedstat()
        self._over = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._looker = threading.Thread(
            target=self._look, args=(threading.get_ident(),), name="window-watch", daemon=True
        )

    def begin(self) -> None:
        """Count from now. Call it on the GUI thread."""
        self._beat_at = time.perf_counter()
        self._stolen_at = self._stolen()
        self._timer.start()
        self._looker.start()

    def end(self) -> None:
        """Count until now. The block may end inside of a gap, which counts too."""
        self._beat()
        self._timer.stop()
        self._over.set()
        self._looker.join()
        if self._schedstat is not None:
            os.close(self._schedstat)

    def _beat(self) -> None:
        now, stolen = time.perf_counter(), self._stolen()
        wall = now - self._beat_at
        own = max(0.0, wall - (stolen - self._stolen_at))
        self.longest_wall = max(self.longest_wall, wall)
        if own > self.longest:
            self.longest = own
            self.where = self._seen
        self._seen = ""
        self._beat_at, self._stolen_at = now, stolen

    def _look(self, thread_id: int) -> None:
        while not self._over.wait(_LOOK_EVERY_S):
            frame = sys._current_frames().get(thread_id)
            if frame is not None and time.perf_counter() - self._beat_at > 2 * _LOOK_EVERY_S:
                self._seen = "".join(traceback.format_stack(frame, limit=8))

    def _stolen(self) -> float:
        if self._schedstat is None:
            return 0.0
        return int(os.pread(self._schedstat, 100, 0).split()[1]) / 1e9


@contextmanager
def window_answers(within: timedelta = timedelta(milliseconds=100)) -> Iterator[WindowWatch]:
    """Fail if this thread, the GUI's, let `within` pass without hearing its events.

    Everything that this thread does inside of the block counts, so do slow preparations of the
    test's own (keys, servers, the engine's first start) before it.
    """
    watch = WindowWatch()
    watch.begin()
    try:
        yield watch
    finally:
        watch.end()
    limit = within / timedelta(seconds=1)
    assert watch.longest <= limit, (
        f"The window did not answer for {watch.longest * 1000:.0f} ms "
        f"({watch.longest_wall * 1000:.0f} ms with what other programs took), "
        f"and may for {limit * 1000:.0f} ms at most. It was in:\n{watch.where or '(not seen)'}"
    )


def _schedstat() -> int | None:
    path = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    try:
        return os.open(path, os.O_RDONLY)
    except OSError:
        return None
