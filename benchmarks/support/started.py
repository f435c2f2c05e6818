"""The time at which a process was started. The process that starts it passes it on."""

from __future__ import annotations

import os
import time

VARIABLE = "BENCHMARK_STARTED"


def now() -> str:
    """The value of VARIABLE for a process that is started now."""
    # All processes have the same monotonic clock.
    return repr(time.monotonic())


def seconds_ago() -> float:
    """The time since this process was started."""
    return time.monotonic() - float(os.environ[VARIABLE])
