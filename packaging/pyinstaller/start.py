"""The frozen program's way in."""

from __future__ import annotations

import os
import sys

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


if sys.platform.startswith("linux"):
    _leave_no_trace_in_the_environment()
sys.exit(main())
