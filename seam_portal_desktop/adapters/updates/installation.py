"""How this program was installed."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from seam_portal_desktop.domain.release import Installation, file_kind

MARKER = "installed-by"
"""A file beside the frozen program on Linux. It contains `package` or `tarball`, two values of
`Installation`. The builds of packages, tarballs and AppImages write it, because their trees are
equal otherwise."""


def this_installation() -> Installation:
    """Blocking. A frozen tree without a marker counts as a package."""
    if not getattr(sys, "frozen", False):
        return Installation.SOURCE
    if sys.platform == "win32":
        return Installation.INSTALLER
    if sys.platform == "darwin":
        return Installation.DISK_IMAGE
    return installation_of(Path(sys.executable).parent, is_appimage="APPIMAGE" in os.environ)


def installation_of(tree: Path, *, is_appimage: bool) -> Installation:
    """The installation that the frozen `tree` on Linux is marked with."""
    try:
        marker = (tree / MARKER).read_text("ascii").strip()
    except (OSError, ValueError):
        marker = ""
    if marker == Installation.TARBALL.value:
        return Installation.APPIMAGE if is_appimage else Installation.TARBALL
    return Installation.PACKAGE


def this_file_kind(installation: Installation) -> str:
    """The key of the release's file that replaces this installation."""
    systems = {"win32": "windows", "darwin": "macos"}
    return file_kind(systems.get(sys.platform, "linux"), platform.machine(), installation)
