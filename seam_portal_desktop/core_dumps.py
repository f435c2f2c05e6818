"""Switches off core dumps of this process: its memory holds keys, links and customers' data.

Python's own traceback of a crash (`diagnostics`) is still written. It holds no values.
"""

from __future__ import annotations

import sys

_NO_CRITICAL_ERROR_BOX = 0x0001
_NO_FAULT_REPORT = 0x0002
_NO_HEAP_IN_REPORTS = 0x0001


def switch_off() -> None:
    """Call it before a secret is read. Child processes inherit the limit."""
    if sys.platform == "win32":
        _switch_off_on_windows()
        return
    import resource

    # A dump that is piped to a program, such as systemd-coredump, ignores the limit 0. Linux
    # writes and pipes nothing at the limit 1 (source: fs/coredump.c).
    # PR_SET_DUMPABLE isn't used: it gives /proc/self to root, and Chromium's sandbox writes there.
    wanted = 1 if sys.platform == "linux" else 0
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def _switch_off_on_windows() -> None:
    """No report of Windows Error Reporting, and so no dump of it; no heap if one is made anyway.

    Source: SetErrorMode and WerSetFlags in Microsoft's documentation.
    """
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only Windows has it
    mode = kernel.GetErrorMode()
    kernel.SetErrorMode(mode | _NO_CRITICAL_ERROR_BOX | _NO_FAULT_REPORT)
    kernel.WerSetFlags(_NO_HEAP_IN_REPORTS)
