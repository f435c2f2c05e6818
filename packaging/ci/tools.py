"""Put on a build machine what build.py and try_out.py need there: `tools.py`.

For machines that are thrown away afterwards. On Linux it becomes root where sudo asks nothing; on
Windows it installs NSIS where that is missing; macOS has everything.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import dev
from common.project import BuildError
from common.run import run
from windows import installer

_NSIS_VERSION = "3.10"
# What the packages are made of and tried with, besides what Qt needs.
_PACKAGES = {
    "binutils": "program:strip",
    "dpkg-dev": "program:dpkg-shlibdeps",
    "libwayland-client0": "wayland-client",
    "libwayland-cursor0": "wayland-cursor",
    "libwayland-egl1": "wayland-egl",
    "squashfs-tools": "program:mksquashfs",
    "xz-utils": "program:xz",
}


def main() -> None:
    if sys.platform == "win32":
        _install_nsis()
    elif sys.platform == "linux":
        if os.geteuid() != 0:
            sys.exit(subprocess.call(["sudo", "--non-interactive", sys.executable, __file__]))
        wanted = dev.QT_PACKAGES | dev.SCREEN_PACKAGES | dev.TEST_PACKAGES | _PACKAGES
        dev.make_sure_of_system_packages(wanted)


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
    except (BuildError, dev.Failure) as error:
        sys.exit(f"tools.py: {error}")
