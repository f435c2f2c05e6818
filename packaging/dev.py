"""Set up a fresh checkout and run it: `python3 packaging/dev.py demo` or `… test`.

Standard library only. Makes .venv, installs the hash-locked dependencies, makes sure of the
system libraries, then opens the demo or runs what CI runs. Safe to repeat; quick when all is there.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements-dev.txt"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LINUX = sys.platform.startswith("linux")

# Debian package -> how to see that it is there: a library's name, or a program.
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
    "dbus-x11": "program:dbus-launch",
    "dbus-daemon": "program:dbus-run-session",
    "gnome-keyring": "program:gnome-keyring-daemon",
    "fonts-noto-color-emoji": "font:NotoColorEmoji.ttf",
}


class Failure(Exception):  # noqa: N818 - it is one, and its text is the one line that is printed
    """A set-up step could not be done; the text is one line for the person at the terminal."""


def main(arguments: list[str]) -> int:
    if arguments not in (["demo"], ["test"]):
        print("usage: python3 packaging/dev.py {demo|test}", file=sys.stderr)
        return 2
    try:
        check_python()
        return demo() if arguments == ["demo"] else test()
    except Failure as failure:
        print(f"dev.py: {failure}", file=sys.stderr)
        return 1


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - any python3 may start this file
        raise Failure(f"Python 3.11 or newer is needed; this is {platform.python_version()}.")


def demo() -> int:
    has_display = not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    make_sure_of_system_packages(QT_PACKAGES | ({} if has_display else SCREEN_PACKAGES))
    make_sure_of_environment()
    program = [str(PYTHON), "-m", "seam_portal_desktop"]
    if has_display:
        return subprocess.call([*program, "--demo"], cwd=ROOT, env=environment())
    out = ROOT / "build"
    out.mkdir(exist_ok=True)
    report, screenshot = out / "demo-report.json", out / "demo.png"
    print("No display here: doing the main job on a virtual screen …")
    job = ["--self-test", "--report", str(report), "--screenshot", str(screenshot)]
    on_screen = ["xvfb-run", "-a", "-s", "-screen 0 1440x900x24", *program, *job]
    code = subprocess.call(on_screen, cwd=ROOT, env=environment())
    if not report.exists():
        raise Failure(f"The program ended with code {code} and left no report.")
    for step in json.loads(report.read_text("utf-8"))["steps"]:
        print(f"  {'done  ' if step['ok'] else 'FAILED'} {step['name']} ({step['ms']} ms)")
    print(f"Screenshot: {screenshot}")
    return code


def test() -> int:
    make_sure_of_system_packages(QT_PACKAGES | SCREEN_PACKAGES | TEST_PACKAGES)
    make_sure_of_environment()
    checks = {
        "ruff": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "tests": ["pytest", "-q"],
    }
    for name, command in checks.items():
        print(f"== {name}", flush=True)
        if subprocess.call([str(PYTHON), "-m", *command], cwd=ROOT, env=environment()) != 0:
            raise Failure(f"{name} failed; its output is above.")
    return 0


def environment() -> dict[str, str]:
    """The child's environment. Chromium can't sandbox pages for root, as whom CI often runs."""
    is_root = LINUX and os.geteuid() == 0
    extra = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if is_root else {}
    return os.environ | extra | {"PYTHONUTF8": "1"}


def make_sure_of_environment() -> None:
    """Create .venv and install exactly what the lock file names, unless that was done already."""
    stamp = VENV / ".locked"
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text("utf-8") == wanted and PYTHON.exists():
        return
    if not has_pip(PYTHON):
        print("Making .venv …", flush=True)
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Making .venv failed")
    print("Installing the locked dependencies (about 300 MB the first time) …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)], "Installing failed")
    stamp.write_text(wanted, "utf-8")


def has_pip(python: Path) -> bool:
    return python.exists() and subprocess.call([str(python), "-c", "import pip"]) == 0


def make_sure_of_system_packages(packages: dict[str, str]) -> None:
    """On Linux: look for each package's sign; install what is missing, or say how to."""
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
    """Run quietly; on failure raise with the complaint and the last line that was printed."""
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
