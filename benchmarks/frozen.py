"""The installed program's size and start: `python benchmarks/frozen.py [--program FILE]`.

Size: the frozen program against the sum of the Qt wheels that it needs, as pip installs them.
Start: the frozen program against `python -m seam_portal_desktop` from this checkout, in turn. The
start ends when the program opens its socket for second starts, which it does once the window is
painted and the event loop runs.
Run `python3 packaging/build.py` first. Without a display Qt's offscreen platform is used.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from importlib.metadata import distribution
from pathlib import Path

from support.alternate import ROOT, claim, compile_package

_QT_WHEELS = ("PySide6", "PySide6_Essentials", "PySide6_Addons", "shiboken6")
_TIMEOUT_SECONDS = 60


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--samples", type=int, default=9, help="the number of measurements (9)")
    parser.add_argument(
        "--program",
        type=Path,
        default=ROOT / "build/frozen/seam-portal-desktop/seam-portal-desktop",
        help="the frozen program (that of packaging/build.py in build/)",
    )
    options = parser.parse_args()
    compare_sizes(options.program.resolve().parent)
    compile_package()
    commands = {
        "frozen": [str(options.program)],
        "source": [sys.executable, "-m", "seam_portal_desktop"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(options.samples + 1):
        for name, command in commands.items():
            duration = seconds_to_the_socket(command)
            if turn:  # the first round only fills the caches
                seconds[name].append(duration)
    claim(
        "frozen: start until a second start is answered",
        seconds["frozen"],
        seconds["source"],
        goal=1.0,
        reference="the same from source, with compiled bytecode",
    )


def compare_sizes(tree: Path) -> None:
    """Print the ratio of the sizes (bytes of the files, without links) as JSON."""
    installed = sum(
        path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink()
    )
    wheels = 0
    for name in _QT_WHEELS:
        found = distribution(name)
        paths = (Path(str(found.locate_file(file))) for file in found.files or [])
        wheels += sum(path.stat().st_size for path in paths if path.suffix != ".pyc")
    line = {
        "name": "frozen: installed size",
        "ratio": round(installed / wheels, 3),
        "goal": 0.8,
        "reference": f"{' + '.join(_QT_WHEELS)}, as pip installs them",
        "mb": round(installed / 1e6, 1),
        "reference_mb": round(wheels / 1e6, 1),
    }
    print(json.dumps(line), flush=True)


def seconds_to_the_socket(command: list[str]) -> float:
    """The time from the start of the process until its socket exists."""
    with tempfile.TemporaryDirectory(prefix="seam-portal-benchmark-") as folder:
        sockets = Path(folder) / "sockets"
        sockets.mkdir()
        environment = {**os.environ, "TMPDIR": str(sockets), "PYTHONPATH": str(ROOT)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        began = time.monotonic()
        process = subprocess.Popen([*command, "--data-dir", f"{folder}/data"], env=environment)
        while not any(sockets.glob("seam-portal-*")):
            if process.poll() is not None or time.monotonic() - began > _TIMEOUT_SECONDS:
                raise SystemExit(f"{command[0]} opened no socket.")
            time.sleep(0.001)
        duration = time.monotonic() - began
        process.send_signal(signal.SIGTERM)
        if process.wait(_TIMEOUT_SECONDS) != 0:
            raise SystemExit(f"{command[0]} ended with code {process.returncode}.")
        return duration


main()
