"""The processes of the web engine that show pages."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

_NAME = "QtWebEngine"
_NICE = 5  # of 19
_LEAST_THREADS = 3
"""The engine needs its zygote at any time. On Linux it has the name and the arguments of a page's
process, but a single thread."""


def page_processes() -> list[psutil.Process]:
    """The running engine processes that this program started, also those of frames and workers.

    Some of them may show nothing. Takes some milliseconds.
    """
    import psutil

    found = []
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                is_engine = process.name().startswith(_NAME)
                if is_engine and process.num_threads() >= _LEAST_THREADS:
                    found.append(process)
    return found


def suspend(processes: list[psutil.Process]) -> None:
    """Stop processes until `resume`. One that has ended meanwhile is ignored."""
    _call_each(processes, "suspend")


def resume(processes: list[psutil.Process]) -> None:
    _call_each(processes, "resume")


def kill(processes: list[psutil.Process]) -> None:
    """End processes at once, also busy ones."""
    _call_each(processes, "kill")


def lower_priority(process: psutil.Process) -> None:
    """Make the system prefer this program's window to the page.

    The previews' proxy and the window share Python's lock. If a busy page keeps the proxy's thread
    from the processor while it has the lock, the window waits too. The lower priority shortened the
    table's stall while a heavy page loads from 3 frames to 1.5 (`benchmarks/preview.py`).
    """
    import psutil

    priority = psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else _NICE
    with contextlib.suppress(psutil.Error, OSError):
        process.nice(priority)


def _call_each(processes: list[psutil.Process], method: str) -> None:
    import psutil

    for process in processes:
        with contextlib.suppress(psutil.Error):
            getattr(process, method)()
