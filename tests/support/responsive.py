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

A processor that is shared with other work computes more slowly: the same code took 1.8 times as
long. So a fixed computation is timed before the block, and after it if a gap was too long. The
limits grow by as much as this takes longer than on a quiet machine, to twice as much at most: what
is slower than that fails.
"""

from __future__ import annotations

import faulthandler
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QImage, QPainter

_TICK_MS = 5
_SAMPLE_EVERY_S = 0.01
_LONG_GAP_S = 0.03
_ONE_GAP_FACTOR = 1.5
_STACK_LINES = 9
_REFERENCE_S = 0.002
"""How long the fixed computation takes on the machine that the limits were chosen on."""

_REFERENCES = 5
_MOST_SLOW_DOWN = 2.0
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
        with tempfile.TemporaryFile("w+") as file:
            self._sample_into(file, thread_id)

    def _sample_into(self, file: IO[str], thread_id: int) -> None:
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
            self._sample = _stack(thread_id, file)


@contextmanager
def window_answers(within: timedelta = timedelta(milliseconds=100)) -> Iterator[WindowMonitor]:
    """Fail if this thread, the GUI's, handles no events for longer than `within`.

    That is allowed once, for half as long again. A slow machine may take up to twice as long (see
    the top of this module).

    Everything that this thread does inside of the block counts. Do the test's slow preparations
    (keys, servers, the engine's first start) before it.
    """
    slow_down = measured_slow_down()
    monitor = WindowMonitor()
    monitor.begin()
    try:
        yield monitor
    finally:
        monitor.end()
    limit = within / timedelta(seconds=1) * slow_down
    if not _is_short(monitor, limit):
        limit *= max(slow_down, measured_slow_down()) / slow_down
    assert _is_short(monitor, limit), (
        f"The window did not answer for {monitor.longest * 1000:.0f} ms "
        f"({monitor.longest_wall * 1000:.0f} ms with the time without a processor), "
        f"and may for {limit * 1000:.0f} ms at most. It was in:\n{monitor.where or '(no sample)'}"
    )


def measured_slow_down() -> float:
    """How many times as long as usual this thread takes now to compute and to paint: 1 to 2."""
    seconds = statistics.median(_reference() for _each in range(_REFERENCES))
    return min(max(seconds / _REFERENCE_S, 1.0), _MOST_SLOW_DOWN)


def _reference() -> float:
    """How long a fixed computation takes, in seconds without those that it had no processor."""
    start = time.thread_time()
    image = QImage(200, 100, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line in range(50):
        painter.fillRect(QRect(0, line, 200, 20), Qt.GlobalColor.blue)
        painter.drawEllipse(0, 0, 200, line)
        ",".join(str(each) for each in range(100))
    painter.end()
    return time.thread_time() - start


def _is_short(monitor: WindowMonitor, limit: float) -> bool:
    return monitor.second <= limit and monitor.longest <= limit * _ONE_GAP_FACTOR


def _stack(thread: int, file: IO[str]) -> str:
    """The calls that a thread is in, the innermost first.

    Python's own frames aren't touched. Whoever holds one keeps its variables alive, such as a
    painter, and Qt then deletes it in the wrong thread.
    """
    file.seek(0)
    file.truncate()
    faulthandler.dump_traceback(file, all_threads=True)
    file.seek(0)
    stacks = file.read().split("\n\n")
    own = next((each for each in stacks if f"{thread:x} (" in each.partition("\n")[0]), "")
    return "\n".join(own.splitlines()[:_STACK_LINES])


def _thread_times(thread: str) -> tuple[float, float]:
    """How long a thread of this process has computed, and how long it has waited for a processor.

    In seconds. Both are zero if the thread has ended or the system doesn't count them.
    """
    try:
        computed, waited, _ = (_TASKS / thread / "schedstat").read_text().split()
    except OSError:
        return 0.0, 0.0
    return int(computed) / 1e9, int(waited) / 1e9
