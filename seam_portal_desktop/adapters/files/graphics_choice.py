"""The choice between graphics card and software, as two empty files. Standard library only.

They are no part of the preferences' file: that one is written later, by a thread, and the process
may die in the middle of a call into a graphics driver.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

_SOFTWARE = "graphics.software"
_STARTING = "graphics.starting"


class FileGraphicsChoice:
    """See the port. Where the files can't be written, nothing is remembered, and nothing breaks."""

    def __init__(self, directory: Path) -> None:
        self._software = directory / _SOFTWARE
        self._starting = directory / _STARTING

    @property
    def wants_software(self) -> bool:
        return self._software.exists() or self._starting.exists()

    def settle(self) -> bool:
        died = self._starting.exists()
        if died:
            self.remember(software=True)
            self.end_start()
        return died

    def remember(self, *, software: bool) -> None:
        if software:
            _make(self._software)
        else:
            _remove(self._software)

    def begin_start(self) -> None:
        _make(self._starting)

    def end_start(self) -> None:
        _remove(self._starting)


def _make(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.touch(mode=0o600)


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
