"""The frozen program starts here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from seam_portal_desktop.__main__ import main

_LIBRARY_PATH = "LD_LIBRARY_PATH"


def _restore_environment() -> None:
    """Give child processes the environment in which the program was started.

    PyInstaller's variables make the dynamic linker and Qt use the program's files. A browser that
    opens a link would inherit them and load this program's libraries. The program doesn't need
    them: its libraries find each other by their own search paths.
    """
    before = os.environ.pop(f"{_LIBRARY_PATH}_ORIG", None)
    os.environ.pop(_LIBRARY_PATH, None)
    if before is not None:
        os.environ[_LIBRARY_PATH] = before
    for name in [*os.environ]:
        if name.startswith("_PYI_") or name in {"QT_PLUGIN_PATH", "QML2_IMPORT_PATH"}:
            del os.environ[name]


def _open_output() -> None:
    """Set sys.stdout and sys.stderr, which are None in a Windows program with windows.

    In a terminal the output of --version and --self-test goes there, else it is dropped.
    """
    if sys.stdout is None or sys.stderr is None:
        import ctypes

        has_terminal = ctypes.windll.kernel32.AttachConsole(-1)  # type: ignore[attr-defined]
        device = Path("CONOUT$" if has_terminal else os.devnull)
        output = device.open("w", encoding="utf-8", errors="replace", buffering=1)
        sys.stdout, sys.stderr = sys.stdout or output, sys.stderr or output


if sys.platform.startswith("linux"):
    _restore_environment()
elif sys.platform == "win32":
    _open_output()
sys.exit(main())
