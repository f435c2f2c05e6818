"""Start processes in turn, read their reports, and print the ratios."""

from __future__ import annotations

import compileall
import json
import os
import statistics
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from operator import truediv
from pathlib import Path

from support import started

ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT_SECONDS = 120

Report = Mapping[str, float]
"""One process's results: a name to seconds since the process was started."""


def sample_count() -> int:
    """How often the command line wants everything measured: an odd number of at least 7."""
    return read_options()[0]


def read_options(*switches: str, default: int = 9) -> tuple[int, list[str]]:
    """`sample_count`, and which of `switches` (without their dashes) are on the command line."""
    parser = ArgumentParser()
    parser.add_argument(
        "--samples", type=int, default=default, help=f"how often to measure ({default})"
    )
    for switch in switches:
        parser.add_argument(f"--{switch}", action="store_true")
    options = vars(parser.parse_args())
    return int(options.pop("samples")), [name for name, is_on in options.items() if is_on]


def compile_package() -> None:
    """Compile the bytecode of this checkout, because an installed program has it as well."""
    for folder in ("seam_portal_desktop", "benchmarks/support"):
        compileall.compile_dir(ROOT / folder, quiet=2)


def start(arguments: Sequence[str], *, stdin: int | None = None) -> subprocess.Popen[str]:
    """Start Python with `arguments`. Its output is in the process's `stdout`."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'benchmarks'}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium can't sandbox root's pages
    environment[started.VARIABLE] = started.now()
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(arguments: Sequence[str]) -> str:
    """Run Python with `arguments` to its end. Returns the line that it printed, if any."""
    process = start(arguments)
    try:
        code = process.wait(_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    if code:
        raise subprocess.CalledProcessError(code, arguments)
    # Only one line: the engine's processes keep the pipe open a little longer.
    return process.stdout.readline() if process.stdout else ""


def alternate(
    samples: int, kinds: Mapping[str, Callable[[], Sequence[str]]]
) -> dict[str, list[Report]]:
    """Run a Python process of each kind in turn, `samples` times, after one round for the caches.

    A kind is a function that returns the arguments of its next process. Each process prints its
    report as one line of JSON.
    """
    reports: dict[str, list[Report]] = {name: [] for name in kinds}
    for turn in range(samples + 1):
        for name, next_arguments in kinds.items():
            report = json.loads(run(next_arguments()))
            if turn:
                reports[name].append(report)
    return reports


def claim(
    name: str, ours: Sequence[float], bare: Sequence[float], *, goal: float, reference: str
) -> None:
    """Print the median of the ratios of `ours` to `bare` (seconds), turn by turn, as JSON.

    What else the machine does slows both of one turn alike.
    """
    median, bare_median = statistics.median(ours), statistics.median(bare)
    line = {
        "name": name,
        "ratio": round(statistics.median(map(truediv, ours, bare)), 3),
        "goal": goal,
        "reference": reference,
        "samples": len(ours),
        "ms": round(median * 1000, 1),
        "reference_ms": round(bare_median * 1000, 1),
    }
    print(json.dumps(line), flush=True)
