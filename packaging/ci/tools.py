"""Install what build.py and try_out.py need on a temporary build machine: `tools.py`.

On Linux it runs itself as root by sudo, which must not ask for a password. On Windows it installs
NSIS if it is missing. macOS needs nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from common.project import BuildError
from common.run import run
from system_packages import (
    BUILD_PACKAGES,
    SCREEN_PACKAGES,
    TEST_PACKAGES,
    Failure,
    make_sure_of_system_packages,
)
from windows import installer

_NSIS_VERSION = "3.10"
_APPIMAGE_PACKAGES = {"squashfs-tools": "program:mksquashfs"}


def main() -> None:
    if sys.platform == "win32":
        _install_nsis()
    elif sys.platform == "linux":
        if os.geteuid() != 0:
            sys.exit(subprocess.call(["sudo", "--non-interactive", sys.executable, __file__]))
        make_sure_of_system_packages(
            BUILD_PACKAGES | SCREEN_PACKAGES | TEST_PACKAGES | _APPIMAGE_PACKAGES
        )


def _install_nsis() -> None:
    try:
        installer.find_makensis()
    except BuildError:
        choco = ["choco", "install", "nsis", "--version", _NSIS_VERSION, "--yes", "--no-progress"]
        run(choco)
        installer.find_makensis()


if __name__ == "__main__":
    try:
        main()
    except (BuildError, Failure) as error:
        sys.exit(f"tools.py: {error}")
