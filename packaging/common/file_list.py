"""The list of files that a frozen tree may hold and must hold: one pattern in each line.

A pattern after "? " may be without a file: what a Python's build brings or not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from common.project import BuildError

_OPTIONAL, _WITHOUT = "? ", "- "
_OF_ONE_SYSTEM = re.compile(r"\.so\b|/PySide6/Qt|/libpython|^[^/]*$")


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
        matching = [
            pattern
            for pattern in patterns
            if fnmatchcase(grouped(name), pattern.removeprefix(_OPTIONAL))
        ]
        used.update(matching)
        if not matching:
            unexpected.append(name)
    needed = (pattern for pattern in patterns if not pattern.startswith(_OPTIONAL))
    return unexpected, [pattern for pattern in needed if pattern not in used]


def with_shared(own: Path, shared: Path, target: Path) -> Path:
    """The list of another system: `own`, and of `shared` what is the same everywhere.

    That is what is no machine code; `own` takes a line back by "- " in front of it.
    """
    lines = read_patterns(own)
    without = {line.removeprefix(_WITHOUT) for line in lines if line.startswith(_WITHOUT)}
    lines = [line for line in lines if not line.startswith(_WITHOUT)]
    everywhere = [line for line in read_patterns(shared) if not _OF_ONE_SYSTEM.search(line)]
    lines += [line for line in everywhere if line not in without]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    return target


def check(tree: Path, expected: Path) -> None:
    """BuildError with the differences, unless the tree holds exactly what is listed."""
    unexpected, missing = differences(files_of(tree), read_patterns(expected))
    if unexpected or missing:
        new = sorted({pattern_of(name) for name in unexpected})
        shown = "\n".join([*(f"  + {name}" for name in new), *(f"  - {name}" for name in missing)])
        raise BuildError(f"The frozen program is not what {expected.name} lists:\n{shown}")
