"""The list of files that a frozen tree may hold and must hold: one pattern in each line."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from common.project import BuildError


def files_of(tree: Path) -> list[str]:
    """Every file and link under `tree`, relative to it."""
    found = (path for path in tree.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(tree).as_posix() for path in found)


def read_patterns(expected: Path) -> list[str]:
    lines = expected.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def grouped(name: str) -> str:
    """`name`, with Python's own modules moved to a folder <stdlib>: they differ by its version."""
    parts = name.split("/")
    if not name.endswith(".pyc") or len(parts) == 1:
        return name
    module = parts[1].removesuffix(".pyc")
    # The constants of the build have the system's name in theirs.
    if module in sys.stdlib_module_names or module.startswith("_sysconfigdata_"):
        return "/".join([parts[0], "<stdlib>", *parts[1:]])
    return name


def pattern_of(name: str) -> str:
    """The line that allows the file: its own name, or for a module all of its package."""
    parts = name.split("/")
    is_in_package = name.endswith(".pyc") and len(parts) > 2  # noqa: PLR2004 - folder, package, file
    return f"{parts[0]}/{parts[1]}/*.pyc" if is_in_package else name


def differences(files: Iterable[str], patterns: Iterable[str]) -> tuple[list[str], list[str]]:
    """Files that no pattern allows, and patterns that no file matches."""
    patterns, used = list(patterns), set[str]()
    unexpected = []
    for name in files:
        matching = [pattern for pattern in patterns if fnmatchcase(grouped(name), pattern)]
        used.update(matching)
        if not matching:
            unexpected.append(name)
    return unexpected, [pattern for pattern in patterns if pattern not in used]


def check(tree: Path, expected: Path) -> None:
    """BuildError with the differences, unless the tree holds exactly what is listed."""
    unexpected, missing = differences(files_of(tree), read_patterns(expected))
    if unexpected or missing:
        new = sorted({pattern_of(name) for name in unexpected})
        shown = "\n".join([*(f"  + {name}" for name in new), *(f"  - {name}" for name in missing)])
        raise BuildError(f"The frozen program is not what {expected.name} lists:\n{shown}")
