"""Measures how busy this computer is while a page loads, with a short task of known length."""

from __future__ import annotations

import hashlib
import statistics
import threading
import time
from datetime import timedelta

from seam_portal_desktop.domain.preview.page_facts import ProcessorFacts

_EVERY_S = 0.2
_LONGEST_S = 60.0
_FEWEST = 3
"""Fewer measurements could all be of one short moment."""

# MD5 of 6 MB takes some 10 ms of processor time. A shorter task would be done before the system
# lets another program have its turn. Unlike newer hashes, no processor has instructions of its own
# for it. Python's lock is free meanwhile.
_BYTES = bytes(250_000)
_TIMES = 24


class ProcessorMeter:
    """Runs the task five times a second in a thread, from its creation until `stop`."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._times: list[tuple[float, float]] = []  # of the clock, and of the processor
        self._thread = threading.Thread(target=self._run, name="processor meter", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Idempotent. It doesn't wait for a task that runs."""
        self._stopped.set()

    @property
    def facts(self) -> ProcessorFacts | None:
        """What was measured until now; None if that is too little."""
        times = list(self._times)
        if len(times) < _FEWEST:
            return None
        clock = sum(each[0] for each in times)
        processor = [each[1] for each in times]
        # On Windows the processor's clock is too coarse for a single task.
        return ProcessorFacts(
            min(1.0, sum(processor) / clock), timedelta(seconds=statistics.fmean(processor))
        )

    def _run(self) -> None:
        end = time.monotonic() + _LONGEST_S
        while not self._stopped.wait(_EVERY_S) and time.monotonic() < end:
            clock, processor = time.perf_counter(), time.thread_time()
            digest = hashlib.md5(usedforsecurity=False)
            for _ in range(_TIMES):
                digest.update(_BYTES)
            now = time.perf_counter()
            self._times.append((now - clock, time.thread_time() - processor))
