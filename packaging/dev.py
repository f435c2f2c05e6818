"""Set up a fresh checkout and run it: `python3 packaging/dev.py demo` or `… test`.

Standard library only. It makes .venv, installs the hash-locked dependencies and missing system
libraries, then opens the demo or runs CI's checks. A second run installs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TextIO

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
    *("tests/ui/create/test_large_requests.py", "tests/ui/create/test_many_customers.py"),
    "tests/ui/shell/test_responsive.py",
    "tests/adapters/templates/test_time_limit.py",
)
"""These tests measure how quickly the window answers, so nothing runs beside them."""

PACKAGES = ["pytest", "-q", "-m", "packaging", "tests/packaging", "-o", "faulthandler_timeout=2100"]

_NOT_CLOCKED = [f"--ignore={path}" for path in CLOCKED]
FOLDERS = ("adapters", "domain", "end_to_end", "services", "ui")
TESTS = {
    "end-to-end tests": ["tests/end_to_end", "--ignore=tests/end_to_end/process"],
    "tests of the program as a process": ["tests/end_to_end/process"],
    "tests of the window": ["tests/ui", "--ignore=tests/ui/preview", *_NOT_CLOCKED],
    "other tests": ["tests", *(f"--ignore=tests/{name}" for name in FOLDERS)],
    "tests of the preview": ["tests/ui/preview", *_NOT_CLOCKED],
    "tests with no window": ["tests/adapters", "tests/domain", "tests/services", *_NOT_CLOCKED],
}
TESTS = {name: ["pytest", "-q", *paths] for name, paths in TESTS.items()}
"""The other tests, the longest first. Each test file is in one entry, which is a process."""

TESTS_FAILED = 1  # pytest's exit code. The others are for a crash or a wrong command.
LIMIT = 40 * 60  # Seconds. pytest's own limit ends a test that hangs, but not a process that does.


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
    print("No display here: the self-test runs on a virtual screen …")
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
    checks = {"ruff": ["ruff", "check", "."], "ruff format": ["ruff", "format", "--check", "."]}
    checks |= {"mypy": ["mypy"], "tests that watch the clock": ["pytest", "-q", *CLOCKED]}
    for name, command in checks.items():
        if not passes(name, command):
            raise Failure(f"{name} failed; its output is above.")
    failed = run_three_at_a_time(({"packages": PACKAGES} if tries_packages else {}) | TESTS)
    if not tries_packages:
        print("== packages\nLeft out: they need root on Debian or Ubuntu.", flush=True)
    if failed:
        raise Failure(f"{', '.join(failed)} failed; the output is above.")
    return 0


def run_three_at_a_time(checks: dict[str, list[str]]) -> list[str]:
    """Start the checks in order, and print each one's output when it ends. Returns the failed."""
    print(f"== three at a time: {', '.join(checks)}", flush=True)
    logs = ROOT / "build" / "checks"
    logs.mkdir(parents=True, exist_ok=True)

    def passes_into_log(name: str) -> bool:
        with (logs / f"{name}.log").open("w", encoding="utf-8") as log:
            return passes(name, checks[name], log)

    with ThreadPoolExecutor(3) as pool:  # packages leave the processor to the others
        names = {pool.submit(passes_into_log, name): name for name in checks}
        try:
            for ended in as_completed(names):
                print((logs / f"{names[ended]}.log").read_text("utf-8", "replace"), flush=True)
        finally:
            pool.shutdown(cancel_futures=True)  # After Ctrl+C, no further check starts.
    return [name for ended, name in names.items() if not ended.result()]


def passes(name: str, command: list[str], log: TextIO | None = None) -> bool:
    """Run a check. Tests that fail run once more, but only to report whether they are flaky."""
    print(f"== {name}", file=log, flush=True)
    is_pytest = command[0] == "pytest"
    if is_pytest:
        # pytest writes the names of failed tests there, and two processes must not share the file.
        command = [*command, "-o", f"cache_dir=.pytest_cache/{name}"]
    code = call(command, log)
    if code == TESTS_FAILED and is_pytest and name != "packages":
        print(f"== {name}: the failed tests once more", file=log, flush=True)
        again = call([*command, "--last-failed", "--last-failed-no-failures=none"], log)
        result = "failed the second time as well" if again else "passed the second time: flaky"
        print(f"The failed tests {result}.", file=log, flush=True)
    return code == 0


def call(command: list[str], log: TextIO | None) -> int:
    # The packages' tests build and compress. They leave the processor to the window's tests.
    priority = ["nice", "-n", "10"] if "packaging" in command else []
    command = [*priority, str(PYTHON), "-m", *command]
    streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log and subprocess.STDOUT}
    try:
        return subprocess.call(command, cwd=ROOT, env=environment(), timeout=LIMIT, **streams)
    except subprocess.TimeoutExpired:
        print(f"It was ended after {LIMIT // 60} minutes.", file=log, flush=True)
        return 124


def can_try_packages() -> bool:
    return LINUX and os.geteuid() == 0 and shutil.which("apt-get") is not None


def environment() -> dict[str, str]:
    """The child's environment. CI often runs as root, and Chromium can't sandbox root's pages."""
    extra = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if LINUX and os.geteuid() == 0 else {}
    return os.environ | extra | {"PYTHONUTF8": "1"}


def make_sure_of_environment() -> None:
    """Create .venv and install the lock file's packages, if that isn't done yet."""
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
