"""The program with its own Python and Qt in one directory, made by PyInstaller."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from common import file_list
from common.environment import fingerprint
from common.project import NAME, ROOT
from common.run import run

PACKAGING = ROOT / "packaging"
LICENCES = "third-party-licences.txt"
_SPEC = PACKAGING / "pyinstaller" / f"{NAME}.spec"
_INPUTS = ("seam_portal_desktop", "resources", "packaging/common", "packaging/pyinstaller")


def freeze(
    python: Path,
    work: Path,
    *,
    finish: Callable[[Path], None],
    finish_source: Path,
    expected_files: Path,
) -> Path:
    """The frozen tree under `work`; made again only when something that goes into it changed.

    `finish`, whose code is in `finish_source` (a file or a folder), does what is left to do on one
    system.
    `expected_files` lists what the tree may hold and must hold; BuildError when it differs.
    """
    tree = work / "frozen" / NAME
    stamp = work / "frozen" / ".inputs"
    wanted = _inputs(finish_source)
    if not (tree.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted):
        print("Freezing the program …", flush=True)
        shutil.rmtree(work / "frozen", ignore_errors=True)
        _collect_licences(python, work / LICENCES)
        pyinstaller = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
        places = ["--distpath", work / "frozen", "--workpath", work / "pyinstaller"]
        run([*pyinstaller, *places, _SPEC], env={"THIRD_PARTY_LICENCES": str(work / LICENCES)})
        finish(tree)
        stamp.write_text(wanted, "utf-8")
    file_list.check(tree, expected_files)
    return tree


def _collect_licences(python: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(run([python, PACKAGING / "common" / "licences.py"]), "utf-8")


def _inputs(one_more: Path) -> str:
    digest = hashlib.sha256(fingerprint().encode())
    places = [*(ROOT / top for top in _INPUTS), one_more]
    for path in [file for place in places for file in [place, *sorted(place.rglob("*"))]]:
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
