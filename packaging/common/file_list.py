"""The list of files that a frozen tree may hold and must hold: one pattern in each line."""

from __future__ import annotations

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


def differences(files: Iterable[str], patterns: Iterable[str]) -> tuple[list[str], list[str]]:
    """Files that no pattern allows, and patterns that no file matches."""
    patterns, used = list(patterns), set[str]()
    unexpected = []
    for name in files:
        matching = [pattern for pattern in patterns if fnmatchcase(name, pattern)]
        used.update(matching)
        if not matching:
            unexpected.append(name)
    return unexpected, [pattern for pattern in patterns if pattern not in used]


def check(tree: Path, expected: Path) -> None:
    """BuildError with the differences, unless the tree holds exactly what is listed."""
    unexpected, missing = differences(files_of(tree), read_patterns(expected))
    if unexpected or missing:
        lines = [f"  + {name}" for name in unexpected] + [f"  - {name}" for name in missing]
        shown = "\n".join(lines[:40])
        raise BuildError(f"The frozen program is not what {expected.name} lists:\n{shown}")
