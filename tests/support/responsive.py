"""Measures the longest time in which the window didn't answer.

A timer on the GUI thread ticks every 5 ms. In a gap between two ticks no key and no click is
handled. On a busy machine a gap can include time in which this thread was ready to run and had no
processor. Linux counts that time for each thread (the second figure of
``/proc/self/task/<id>/schedstat``), and it is subtracted. While this thread waits in a call, it
may wait for another thread of this process; the time for which such a thread had no processor is
subtracted too. The time that this thread computed itself always counts in full. On other systems
the whole gap counts.

A call that waits for another process without a processor can't be recognised. Nor can the time
that a virtual machine's host takes away: in ordinary painting, gaps of 101 and 104 ms were seen
there. So one gap in a block may be half as long again as the limit.
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
_LONG_GAP_S = 0.03
_ONE_GAP_FACTOR = 1.5
_TASKS = Path("/proc/self/task")


class WindowMonitor:
    """Gaps in seconds. `longest` is without, `longest_wall` with, the time without a processor.

    `second` is the second longest of the former.

    `where` is the Python stack inside of the longest gap, if a sample was made in that gap.
    """

    def __init__(self) -> None:
        self.longest = self.second = 0.0
        self.longest_wall = 0.0
        self.where = ""
        self._tick_at = 0.0
        self._times_at_tick = (0.0, 0.0)
        self._sample = ""
        self._other_waits: tuple[float, dict[str, float]] = (0.0, {})
        self._own = f"{threading.get_native_id()}"
        self._has_ended = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._sampler = threading.Thread(
            target=self._sample_stacks,
            args=(threading.get_ident(),),
            name="window-monitor",
            daemon=True,
        )

    def begin(self) -> None:
        """Count from now. Call it on the GUI thread."""
        self._tick_at = time.perf_counter()
        self._times_at_tick = _thread_times(self._own)
        self._timer.start()
        self._sampler.start()

    def end(self) -> None:
        """Count until now. The block may end inside of a gap, which counts too."""
        self._tick()
        self._timer.stop()
        self._has_ended.set()
        self._sampler.join()

    def _tick(self) -> None:
        sample = self._sample  # first: while files are read, the sampler would see this method
        now, times = time.perf_counter(), _thread_times(self._own)
        wall = now - self._tick_at
        computed = times[0] - self._times_at_tick[0]
        own = max(0.0, wall - (times[1] - self._times_at_tick[1]))
        sampled_tick, waits = self._other_waits
        if sampled_tick == self._tick_at:
            waited = max(
                (_thread_times(name)[1] - before for name, before in waits.items()), default=0.0
            )
            own -= min(waited, max(0.0, own - computed))
        self.longest_wall = max(self.longest_wall, wall)
        if own > self.longest:
            self.longest, self.second = own, self.longest
            self.where = sample
        else:
            self.second = max(self.second, own)
        self._sample = ""
        self._tick_at, self._times_at_tick = now, times

    def _sample_stacks(self, thread_id: int) -> None:
        ours = {self._own, f"{threading.get_native_id()}"}
        while not self._has_ended.wait(_SAMPLE_EVERY_S):
            tick_at = self._tick_at
            if time.perf_counter() - tick_at < _LONG_GAP_S:
                continue
            if self._other_waits[0] != tick_at:
                names = {path.name for path in _TASKS.iterdir()} if _TASKS.exists() else set()
                self._other_waits = (
                    tick_at,
                    {name: _thread_times(name)[1] for name in names - ours},
                )
            frame = sys._current_frames().get(thread_id)
            if frame is not None:
                self._sample = "".join(traceback.format_stack(frame, limit=8))


@contextmanager
def window_answers(within: timedelta = timedelta(milliseconds=100)) -> Iterator[WindowMonitor]:
    """Fail if this thread, the GUI's, handles no events for longer than `within`.

    That is allowed once, for half as long again.

    Everything that this thread does inside of the block counts. Do the test's slow preparations
    (keys, servers, the engine's first start) before it.
    """
    monitor = WindowMonitor()
    monitor.begin()
    try:
        yield monitor
    finally:
        monitor.end()
    limit = within / timedelta(seconds=1)
    is_short = monitor.second <= limit and monitor.longest <= limit * _ONE_GAP_FACTOR
    assert is_short, (
        f"The window did not answer for {monitor.longest * 1000:.0f} ms "
        f"({monitor.longest_wall * 1000:.0f} ms with the time without a processor), "
        f"and may for {limit * 1000:.0f} ms at most. It was in:\n{monitor.where or '(no sample)'}"
    )


def _thread_times(thread: str) -> tuple[float, float]:
    """How long a thread of this process has computed, and how long it has waited for a processor.

    In seconds. Both are zero if the thread has ended or the system doesn't count them.
    """
    try:
        computed, waited, _ = (_TASKS / thread / "schedstat").read_text().split()
    except OSError:
        return 0.0, 0.0
    return int(computed) / 1e9, int(waited) / 1e9
