"""The list of the files of a frozen tree: one pattern in each line.

Every file needs a pattern, and every pattern a file. A pattern after "? " may be without a file:
not every build of Python has it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from common.project import ROOT, BuildError

_OPTIONAL, _REMOVED = "? ", "- "
_OF_ONE_SYSTEM = re.compile(r"\.so\b|/PySide6/Qt|/libpython|^[^/]*$")


def files_of(tree: Path) -> list[str]:
    """The relative paths of all files and links under `tree`."""
    found = (path for path in tree.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(tree).as_posix() for path in found)


def patterns_of(system: str) -> list[str]:
    """The list of linux, windows or macos.

    That of Windows and macOS also has the files of Linux's list that are the same on every system,
    which are those without machine code. A line after "- " removes one of them.
    """
    lines = _lines(system)
    if system == "linux":
        return lines
    removed = {line.removeprefix(_REMOVED) for line in lines if line.startswith(_REMOVED)}
    shared = (line for line in _lines("linux") if not _OF_ONE_SYSTEM.search(line))
    own = [line for line in lines if not line.startswith(_REMOVED)]
    return [*own, *(line for line in shared if line not in removed)]


def _lines(system: str) -> list[str]:
    text = (ROOT / "packaging" / system / "frozen-files.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def grouped(name: str) -> str:
    """`name`, but with a folder <stdlib> for Python's own modules: they differ by its version."""
    parts = name.split("/")
    if not name.endswith(".pyc") or len(parts) == 1:
        return name
    module = parts[1].removesuffix(".pyc")
    # The module with the build's constants has the system's name in its name.
    if module in sys.stdlib_module_names or module.startswith("_sysconfigdata_"):
        return "/".join([parts[0], "<stdlib>", *parts[1:]])
    return name


def pattern_of(name: str) -> str:
    """The pattern for a new file: its name, or the whole package of a module."""
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


def check(tree: Path, patterns: list[str]) -> None:
    """Raise BuildError with the differences between the tree and its list."""
    unexpected, missing = differences(files_of(tree), patterns)
    if unexpected or missing:
        new = sorted({pattern_of(name) for name in unexpected})
        shown = "\n".join([*(f"  + {name}" for name in new), *(f"  - {name}" for name in missing)])
        raise BuildError(f"The frozen program differs from frozen-files.txt:\n{shown}")
