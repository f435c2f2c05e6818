"""Whether the window answered all the time: the longest gap between two beats of its thread.

A timer on the GUI thread beats every 5 ms. A gap between two beats is time in which no key and no
click would have been heard. On a machine that is busy with something else a gap can also be time
in which this thread was ready to run and was given no processor; Linux counts that for each thread
(the second figure of ``/proc/self/task/<id>/schedstat``), and it is taken off. So is, of the time
that this thread waited in a call, as much as another thread of this process was kept from a
processor meanwhile: it may have been the one that was waited for. What the thread computed itself
always counts in full. Elsewhere than on Linux the whole gap counts.

What can't be told apart: a call that waits for another process that gets no processor.
"""

from __future__ import annotations

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
_LOOK_EVERY_S = 0.01
_LONG_S = 0.03
_TASKS = Path("/proc/self/task")


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
        self._used_at = (0.0, 0.0)
        self._seen = ""
        self._others_at: tuple[float, dict[str, float]] = (0.0, {})
        self._own = f"{threading.get_native_id()}"
        self._over = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._looker = threading.Thread(
            target=self._settings, args=(threading.get_ident(),), name="window-watch", daemon=True
        )

    def begin(self) -> None:
        """Count from now. Call it on the GUI thread."""
        self._beat_at = time.perf_counter()
        self._used_at = _used(self._own)
        self._timer.start()
        self._looker.start()

    def end(self) -> None:
        """Count until now. The block may end inside of a gap, which counts too."""
        self._beat()
        self._timer.stop()
        self._over.set()
        self._looker.join()

    def _beat(self) -> None:
        now, used = time.perf_counter(), _used(self._own)
        wall = now - self._beat_at
        computed = used[0] - self._used_at[0]
        own = max(0.0, wall - (used[1] - self._used_at[1]))
        looked_at, others = self._others_at
        if looked_at == self._beat_at:
            kept = max((_used(name)[1] - before for name, before in others.items()), default=0.0)
            own -= min(kept, max(0.0, own - computed))
        self.longest_wall = max(self.longest_wall, wall)
        if own > self.longest:
            self.longest = own
            self.where = self._seen
        self._seen = ""
        self._beat_at, self._used_at = now, used

    def _settings(self, thread_id: int) -> None:
        ours = {self._own, f"{threading.get_native_id()}"}
        while not self._over.wait(_LOOK_EVERY_S):
            beat_at = self._beat_at
            if time.perf_counter() - beat_at < _LONG_S:
                continue
            if self._others_at[0] != beat_at:
                names = {path.name for path in _TASKS.iterdir()} if _TASKS.exists() else set()
                self._others_at = (beat_at, {name: _used(name)[1] for name in names - ours})
            frame = sys._current_frames().get(thread_id)
            if frame is not None:
                self._seen = "".join(traceback.format_stack(frame, limit=8))


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


def _used(thread: str) -> tuple[float, float]:
    """What a thread of this process has had of processors and how long it has waited for them, in
    seconds; nothing of one that has ended, or where this isn't counted."""
    try:
        computed, waited, _ = (_TASKS / thread / "schedstat").read_text().split()
    except OSError:
        return 0.0, 0.0
    return int(computed) / 1e9, int(waited) / 1e9
