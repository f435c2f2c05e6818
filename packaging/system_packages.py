"""Debian packages that the program, its tests and its packages need, and their installation.

Standard library only. Systems other than Linux need nothing.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINUX = sys.platform.startswith("linux")

# Debian package -> its sign: the name of a library, or of a program or font.
QT_PACKAGES = {
    "libglib2.0-0": "glib-2.0",
    "libgl1": "GL",
    "libegl1": "EGL",
    "libxkbcommon0": "xkbcommon",
    "libfontconfig1": "fontconfig",
    "libdbus-1-3": "dbus-1",
    "libnss3": "nss3",
    "libxcomposite1": "Xcomposite",
    "libxdamage1": "Xdamage",
    "libxrandr2": "Xrandr",
    "libxtst6": "Xtst",
    "libasound2": "asound",
    "libxkbfile1": "xkbfile",
    "libxkbcommon-x11-0": "xkbcommon-x11",
    "libxcb-cursor0": "xcb-cursor",
    "libxcb-icccm4": "xcb-icccm",
    "libxcb-keysyms1": "xcb-keysyms",
    "libxcb-shape0": "xcb-shape",
    "fonts-dejavu-core": "font:DejaVuSans.ttf",
}
SCREEN_PACKAGES = {"xvfb": "program:Xvfb", "xauth": "program:xauth"}
TEST_PACKAGES = {
    "at-spi2-core": "file:/usr/libexec/at-spi-bus-launcher",
    "dbus-x11": "program:dbus-launch",
    "dbus-daemon": "program:dbus-run-session",
    "gnome-keyring": "program:gnome-keyring-daemon",
    "fonts-noto-color-emoji": "font:NotoColorEmoji.ttf",
}
# For building packages. The libraries are those that Qt's plugins need.
BUILD_PACKAGES = QT_PACKAGES | {
    "binutils": "program:strip",
    "dpkg-dev": "program:dpkg-shlibdeps",
    "libwayland-client0": "wayland-client",
    "libwayland-cursor0": "wayland-cursor",
    "libwayland-egl1": "wayland-egl",
    "xz-utils": "program:xz",
}
# For building and testing the Windows installer on Linux.
WINE_PACKAGES = {
    "nsis": "program:makensis",
    "osslsigncode": "program:osslsigncode",
    "wine": "program:wine",
    "wine64": "program:wineserver",
    "xvfb": "program:Xvfb",
}
# For testing packages.
PACKAGING_PACKAGES = (
    BUILD_PACKAGES
    | WINE_PACKAGES
    | {
        "appstream": "program:appstreamcli",
        "debootstrap": "program:debootstrap",
        "desktop-file-utils": "program:desktop-file-validate",
        "gnupg": "program:gpg",
        "lintian": "program:lintian",
        "squashfs-tools": "program:mksquashfs",
    }
)


class Failure(Exception):  # noqa: N818 - the scripts print its text, not its name
    """A step failed. The text is one line for the person at the terminal."""


def make_sure_of_system_packages(packages: dict[str, str]) -> None:
    """On Linux, install the packages whose sign is missing. Failure if that needs root."""
    if not LINUX:
        return
    missing = [name for name, sign in packages.items() if not is_present(sign)]
    if subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL):
        missing.append("python3-venv")
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Failure(
            f"Please install what your system calls these Debian packages: {' '.join(missing)}"
        )
    if os.geteuid() != 0:
        raise Failure(f"Please run: sudo apt-get install -y {' '.join(renamed(missing))}")
    print(f"Installing system packages: {' '.join(missing)} …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], "apt-get update failed", quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *renamed(missing)]
    run(install, "apt-get install failed", quiet)


def is_present(sign: str) -> bool:
    kind, _, name = sign.rpartition(":")
    if kind == "program":
        return shutil.which(name) is not None
    if kind == "file":
        return Path(name).exists()
    if kind == "font":
        return any(Path("/usr/share/fonts").rglob(name))
    return ctypes.util.find_library(name) is not None


def renamed(packages: list[str]) -> list[str]:
    """Debian 13 and Ubuntu 24.04 gave libasound2 a new name and no package under the old one."""
    new = "libasound2t64"
    show = ["apt-cache", "show", new]
    if subprocess.call(show, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0:
        return packages
    return [new if name == "libasound2" else name for name in packages]


def run(command: list[str], complaint: str, env: dict[str, str] | None = None) -> None:
    """Run a command without output; Failure with `complaint` and its last line if it fails."""
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode != 0:
        lines = [line for line in result.stdout.splitlines() if line.strip()]
        raise Failure(f"{complaint}: {lines[-1] if lines else f'exit code {result.returncode}'}")
