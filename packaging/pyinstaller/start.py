"""The frozen program's way in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from seam_portal_desktop.__main__ import main

_LIBRARY_PATH = "LD_LIBRARY_PATH"


def _leave_no_trace_in_the_environment() -> None:
    """Give child processes the environment that the program was started with.

    PyInstaller points the dynamic linker and Qt at the program's own files. A browser that is
    opened with a link would inherit that and load this program's libraries. The program itself
    needs none of it: its libraries find each other by their own search paths.
    """
    before = os.environ.pop(f"{_LIBRARY_PATH}_ORIG", None)
    os.environ.pop(_LIBRARY_PATH, None)
    if before is not None:
        os.environ[_LIBRARY_PATH] = before
    for name in [*os.environ]:
        if name.startswith("_PYI_") or name in {"QT_PLUGIN_PATH", "QML2_IMPORT_PATH"}:
            del os.environ[name]


def _have_somewhere_to_write() -> None:
    """Windows gives a program with windows no standard output, and Python then has None there.

    In a terminal that is where --version and --self-test are read; from an icon nobody reads.
    """
    if sys.stdout is None or sys.stderr is None:
        import ctypes

        has_terminal = ctypes.windll.kernel32.AttachConsole(-1)  # type: ignore[attr-defined]
        place = Path("CONOUT$" if has_terminal else os.devnull)
        output = place.open("w", encoding="utf-8", errors="replace", buffering=1)
        sys.stdout, sys.stderr = sys.stdout or output, sys.stderr or output


if sys.platform.startswith("linux"):
    _leave_no_trace_in_the_environment()
elif sys.platform == "win32":
    _have_somewhere_to_write()
sys.exit(main())
