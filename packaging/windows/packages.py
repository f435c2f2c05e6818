"""What a Windows machine makes: the installer."""

from __future__ import annotations

import shutil
from pathlib import Path

from common import file_list
from common.freeze import PACKAGING, freeze
from windows import authenticode, facts, installer

EXPECTED_FILES = PACKAGING / "windows" / "frozen-files.txt"
SHARED_FILES = PACKAGING / "linux" / "frozen-files.txt"


def make(python: Path, work: Path, out: Path, *, quick: bool) -> list[Path]:
    """The files made in `out`. `quick` trades their size for time."""
    frozen = freeze(
        python,
        work,
        finish=_nothing_left_to_do,
        finish_source=Path(__file__).parent,
        expected_files=file_list.with_shared(
            EXPECTED_FILES, SHARED_FILES, work / "frozen-files.txt"
        ),
    )
    return [package(frozen, work, out, quick=quick)]


def package(
    frozen: Path, work: Path, out: Path, *, quick: bool, stub: str = installer.STUB
) -> Path:
    """The installer of the frozen tree, which stays as it is.

    With a key in the environment the program is signed before it is packed, then the uninstaller
    on its way into the installer, then the installer.
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


def _nothing_left_to_do(_tree: Path) -> None:
    """Wheels for Windows need no finishing."""
