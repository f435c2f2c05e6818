"""The package for Windows: the installer."""

from __future__ import annotations

import shutil
from pathlib import Path

from common import file_list
from common.freeze import PACKAGING, freeze
from windows import authenticode, facts, installer

EXPECTED_FILES = PACKAGING / "windows" / "frozen-files.txt"
SHARED_FILES = PACKAGING / "linux" / "frozen-files.txt"


def make(python: Path, work: Path, out: Path, *, quick: bool) -> list[Path]:
    """Build it in `out`. With `quick` it is larger."""
    frozen = freeze(
        python,
        work,
        finish=lambda _tree: None,  # Wheels for Windows need no last steps.
        finish_source=Path(__file__).parent,
        expected_files=file_list.with_shared(
            EXPECTED_FILES, SHARED_FILES, work / "frozen-files.txt"
        ),
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
