"""PyInstaller makes one directory with the program, Python and Qt."""

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
_INPUTS = (
    "seam_portal_desktop",
    "resources",
    "docs/guide",
    "packaging/common",
    "packaging/pyinstaller",
)


def freeze(
    python: Path,
    work: Path,
    system: str,
    *,
    finish: Callable[[Path], None],
    finish_source: Path,
) -> Path:
    """The frozen tree under `work`. It is made again only after a change of its inputs.

    `finish` does the last steps of one system; its code is in `finish_source` (a file or folder).
    BuildError if the tree differs from the list of `system` (see file_list.py).
    """
    tree = work / "frozen" / NAME
    stamp = work / "frozen" / ".inputs"
    wanted = _inputs(finish_source)
    if not (tree.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted):
        print("Freezing the program …", flush=True)
        shutil.rmtree(work / "frozen", ignore_errors=True)
        _collect_licences(python, work / LICENCES)
        pyinstaller = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
        folders = ["--distpath", work / "frozen", "--workpath", work / "pyinstaller"]
        run([*pyinstaller, *folders, _SPEC], env={"THIRD_PARTY_LICENCES": str(work / LICENCES)})
        finish(tree)
        stamp.write_text(wanted, "utf-8")
    file_list.check(tree, file_list.patterns_of(system))
    return tree


def _collect_licences(python: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(run([python, PACKAGING / "common" / "licences.py"]), "utf-8")


def _inputs(finish_source: Path) -> str:
    digest = hashlib.sha256(fingerprint().encode())
    roots = [*(ROOT / top for top in _INPUTS), finish_source]
    for path in [file for root in roots for file in [root, *sorted(root.rglob("*"))]]:
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
