"""Set up a fresh checkout and run it: `python3 packaging/dev.py demo` or `… test`.

Standard library only. Makes .venv, installs the hash-locked dependencies, makes sure of the
system libraries, then opens the demo or runs what CI runs. Safe to repeat; quick when all is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from system_packages import (
    LINUX,
    PACKAGING_PACKAGES,
    QT_PACKAGES,
    SCREEN_PACKAGES,
    TEST_PACKAGES,
    Failure,
    make_sure_of_system_packages,
    run,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements-dev.txt"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

CLOCKED = (
    "tests/ui/preview/hostile",
    "tests/ui/preview/survival",
    "tests/ui/shell/test_responsive.py",
)
"""Whether the window answers in time is seen while nothing else wants the processor."""


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
    tries_packages = can_try_packages()
    packages = QT_PACKAGES | SCREEN_PACKAGES | TEST_PACKAGES
    make_sure_of_system_packages(packages | (PACKAGING_PACKAGES if tries_packages else {}))
    make_sure_of_environment()
    run_checks(
        {
            "ruff": ["ruff", "check", "."],
            "ruff format": ["ruff", "format", "--check", "."],
            "mypy": ["mypy"],
            "tests that watch the clock": ["pytest", "-q", *CLOCKED],
        }
    )
    with packages_test() if tries_packages else contextlib.nullcontext() as packages_tested:
        run_checks({"tests": ["pytest", "-q", *(f"--ignore={path}" for path in CLOCKED)]})
        print("== packages", flush=True)
        if packages_tested is None:
            print("Left out: they are tried in a clean system, on Debian or Ubuntu and as root.")
        elif not packages_tested():
            raise Failure("packages failed; its output is above.")
    return 0


def run_checks(checks: dict[str, list[str]]) -> None:
    for name, command in checks.items():
        print(f"== {name}", flush=True)
        if call(command) == 0:
            continue
        # Tests speak to a web engine and its processes, on machines that others use as well: what
        # failed is tried once more by itself, and both results stay to be read.
        if command[0] == "pytest":
            print(f"== {name}: once more what failed", flush=True)
            if call([*command, "--last-failed", "--last-failed-no-failures=none"]) == 0:
                continue
        raise Failure(f"{name} failed; its output is above.")


def call(command: list[str]) -> int:
    return subprocess.call([str(PYTHON), "-m", *command], cwd=ROOT, env=environment())


def can_try_packages() -> bool:
    return LINUX and os.geteuid() == 0 and shutil.which("apt-get") is not None


@contextlib.contextmanager
def packages_test() -> Iterator[Callable[[], bool]]:
    """Build the packages and try them meanwhile; yields what waits for that and tells the result.

    Mostly it compresses, installs and waits, for as long as the other tests together. At
    the lowest priority it takes what the tests of the window leave of the processor.
    """
    log = ROOT / "build" / "packages-test.log"
    log.parent.mkdir(exist_ok=True)
    command = [str(PYTHON), "-m", "pytest", "-q", "-m", "packaging", "tests/packaging"]
    with log.open("w") as output:
        process = subprocess.Popen(
            ["nice", "-n", "19", *command, "-p", "no:cacheprovider", "--durations=8"],
            cwd=ROOT,
            env=environment() | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def is_good() -> bool:
        code = process.wait()
        print(log.read_text("utf-8", "replace"), flush=True)
        return code == 0

    try:
        yield is_good
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
