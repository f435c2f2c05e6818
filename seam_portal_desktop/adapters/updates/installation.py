"""How this program was installed."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from seam_portal_desktop.domain.release import Installation, file_kind

MARKER = "installed-by"
"""A file beside the frozen program on Linux, with a value of `Installation` in it. The packages
write it: nothing else tells a package's tree from the same tree out of a tarball."""


def this_installation() -> Installation:
    """Blocking. A frozen tree that doesn't say what it is belongs to somebody else's package."""
    if not getattr(sys, "frozen", False):
        return Installation.SOURCE
    if sys.platform == "win32":
        return Installation.INSTALLER
    if sys.platform == "darwin":
        return Installation.DISK_IMAGE
    return installation_of(Path(sys.executable).parent, is_appimage="APPIMAGE" in os.environ)


def installation_of(tree: Path, *, is_appimage: bool) -> Installation:
    """What the frozen `tree` on Linux says of itself."""
    try:
        said = (tree / MARKER).read_text("ascii").strip()
    except (OSError, ValueError):
        said = ""
    if said == Installation.TARBALL.value:
        return Installation.APPIMAGE if is_appimage else Installation.TARBALL
    return Installation.PACKAGE


def this_file_kind(installation: Installation) -> str:
    """Which of a release's files replaces this installation."""
    systems = {"win32": "windows", "darwin": "macos"}
    return file_kind(systems.get(sys.platform, "linux"), platform.machine(), installation)
