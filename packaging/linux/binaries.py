"""Prepare the frozen tree's binaries for other machines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from common.run import run

_ELF = b"\x7fELF"


def binaries_of(tree: Path) -> list[Path]:
    """Every program and library under `tree`."""
    return sorted(path for path in tree.rglob("*") if _is_binary(path))


def _is_binary(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_ELF)) == _ELF


def tidy(tree: Path, tools: Path) -> None:
    """Remove symbols, and the search paths that lead out of the tree.

    `tools` is the folder of the build environment's programs. Qt's libraries are published without
    symbols. The loader is left alone: it has Python's modules in a section that must stay.
    """
    for path in binaries_of(tree / "_internal"):
        if "PySide6" not in path.parts or path.name.startswith("libicu"):
            run(["strip", "--strip-unneeded", "--preserve-dates", path])
    for path in binaries_of(tree / "_internal"):
        wanted = _inside(search_path(path, tools))
        if wanted != search_path(path, tools):
            action = ["--set-rpath", ":".join(wanted)] if wanted else ["--remove-rpath"]
            run([tools / "patchelf", *action, path])


def search_path(binary: Path, tools: Path) -> list[str]:
    """The folders in which the binary looks for libraries before the system's folders."""
    printed = run([tools / "patchelf", "--print-rpath", binary]).strip()
    return printed.split(":") if printed else []


def _inside(search: Iterable[str]) -> list[str]:
    return [folder for folder in search if folder.startswith("$ORIGIN")]
