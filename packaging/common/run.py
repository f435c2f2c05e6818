"""Run the tools of the build. Their output is shown only if they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from common.project import ROOT, BuildError, source_date_epoch


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> str:
    """The command's standard output. BuildError with its last lines if it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=reproducible_environment() | dict(env or {}),
        input=stdin,
        capture_output=True,
        check=False,
    )
    if result.returncode != 0:
        output = (result.stdout + result.stderr).decode("utf-8", "replace").strip()
        last = "\n".join(output.splitlines()[-15:])
        raise BuildError(f"{Path(command[0]).name} failed ({result.returncode}):\n{last}")
    return result.stdout.decode("utf-8", "replace")


def reproducible_environment() -> dict[str, str]:
    """The environment, without the variables that would make two builds differ."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": str(source_date_epoch()),
    }


def need(programs: Mapping[str, str]) -> None:
    """Raise BuildError if a program is missing. `programs` maps its name to a Debian package."""
    missing = sorted({package for name, package in programs.items() if shutil.which(name) is None})
    if missing:
        raise BuildError(f"Please install: apt-get install {' '.join(missing)}")
