"""The moment a process was started, handed over by the process that starts it."""

from __future__ import annotations

import os
import time

VARIABLE = "BENCHMARK_STARTED"


def now() -> str:
    """For the environment of a process that is about to be started."""
    # The clock is the system's, not the process's, so the child can go on counting.
    return repr(time.monotonic())


def seconds_ago() -> float:
    """How long ago this process was started."""
    return time.monotonic() - float(os.environ[VARIABLE])
