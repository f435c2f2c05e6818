"""The package for Windows: the installer."""

from __future__ import annotations

import shutil
from pathlib import Path

from common.freeze import freeze
from windows import authenticode, facts, installer


def make(python: Path, work: Path, out: Path, *, quick: bool) -> list[Path]:
    """Build it in `out`. With `quick` it is larger."""
    frozen = freeze(
        python,
        work,
        "windows",
        finish=lambda _tree: None,  # Wheels for Windows need no last steps.
        finish_source=Path(__file__).parent,
    )
    return [package(frozen, work, out, quick=quick)]


def package(
    frozen: Path, work: Path, out: Path, *, quick: bool, stub: str = installer.STUB
) -> Path:
    """The installer of the frozen tree, which is not changed.

    With a key in the environment, the program and the uninstaller are signed before they are
    packed, and then the installer.
    """
    program = work / "windows" / "program"
    shutil.rmtree(program, ignore_errors=True)
    shutil.copytree(frozen, program)
    signs = authenticode.has_key()
    if signs:
        print("Signing the program …", flush=True)
        authenticode.sign([program / facts.PROGRAM])
    print("Making the installer …", flush=True)
    made = installer.build(
        program,
        work / "windows" / "nsis",
        out,
        quick=quick,
        sign_command=authenticode.nsis_command() if signs else None,
        stub=stub,
    )
    if signs:
        authenticode.sign([made])
    return made
