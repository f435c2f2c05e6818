"""Measures whether the window answers: the longest gap between two ticks of the GUI thread.

A timer ticks every 5 ms on the GUI thread. During a gap no key or click is handled. On a busy
machine the thread may also be ready but without a processor. Linux counts that time for each
thread (second figure of ``/proc/self/task/<id>/schedstat``); it is subtracted. While the thread
waits in a call, the time that another thread of this process had no processor is subtracted too,
because the call may wait for that thread. What the thread computes always counts in full.
Elsewhere than on Linux the whole gap counts.

Not recognised: a call that waits for another process without a processor.
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

_TICK_MS = 5
_SAMPLE_EVERY_S = 0.01
_LONG_S = 0.03
_TASKS = Path("/proc/self/task")


class WindowWatch:
    """Gaps in seconds: `longest` without the time that others took, `longest_wall` with it.

    `where` is the Python stack during the longest gap, if a sample fell into it.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.longest_wall = 0.0
        self.where = ""
        self._tick_at = 0.0
        self._used_at = (0.0, 0.0)
        self._seen = ""
        self._others_at: tuple[float, dict[str, float]] = (0.0, {})
        self._own = f"{threading.get_native_id()}"
        self._over = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._sampler = threading.Thread(
            target=self._sample, args=(threading.get_ident(),), name="window-watch", daemon=True
        )

    def begin(self) -> None:
        """Count from now. Call it on the GUI thread."""
        self._tick_at = time.perf_counter()
        self._used_at = _used(self._own)
        self._timer.start()
        self._sampler.start()

    def end(self) -> None:
        """Count until now. The current gap counts too."""
        self._tick()
        self._timer.stop()
        self._over.set()
        self._sampler.join()

    def _tick(self) -> None:
        now, used = time.perf_counter(), _used(self._own)
        wall = now - self._tick_at
        computed = used[0] - self._used_at[0]
        own = max(0.0, wall - (used[1] - self._used_at[1]))
        sampled_at, others = self._others_at
        if sampled_at == self._tick_at:
            kept = max((_used(name)[1] - before for name, before in others.items()), default=0.0)
            own -= min(kept, max(0.0, own - computed))
        self.longest_wall = max(self.longest_wall, wall)
        if own > self.longest:
            self.longest = own
            self.where = self._seen
        self._seen = ""
        self._tick_at, self._used_at = now, used

    def _sample(self, thread_id: int) -> None:
        ours = {self._own, f"{threading.get_native_id()}"}
        while not self._over.wait(_SAMPLE_EVERY_S):
            tick_at = self._tick_at
            if time.perf_counter() - tick_at < _LONG_S:
                continue
            if self._others_at[0] != tick_at:
                names = {path.name for path in _TASKS.iterdir()} if _TASKS.exists() else set()
                self._others_at = (tick_at, {name: _used(name)[1] for name in names - ours})
            frame = sys._current_frames().get(thread_id)
            if frame is not None:
                self._seen = "".join(traceback.format_stack(frame, limit=8))


@contextmanager
def window_answers(within: timedelta = timedelta(milliseconds=100)) -> Iterator[WindowWatch]:
    """Fail if the GUI thread handled no event for longer than `within`.

    Everything that this thread does in the block counts. Do slow preparations (keys, servers, the
    engine's first start) before it.
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
