"""A file system that is soon full, if this machine lets tests mount one."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def mounted(folder: Path, *, kilobytes: int) -> Iterator[Path]:
    """A file system of this size at `folder`, which is made. Else the test is skipped."""
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if (
        mount is None
        or subprocess.run([mount, *options], capture_output=True, check=False).returncode
    ):
        pytest.skip("can't mount a file system here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path) -> None:
    """Leave no byte free."""
    for size in (4096, 1):
        with contextlib.suppress(OSError), (disk / f"fill-{size}").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(size))
