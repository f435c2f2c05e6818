"""The choice between graphics card and software, as two empty files. Standard library only.

The preferences' file can't hold it: that file is written later by a thread, and a call into a
graphics driver can end the process at any moment.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

_SOFTWARE = "graphics.software"
_STARTING = "graphics.starting"


class FileGraphicsChoice:
    """See the port. Nothing is remembered, and nothing is raised, if the files can't be written."""

    def __init__(self, directory: Path) -> None:
        self._software = directory / _SOFTWARE
        self._starting = directory / _STARTING

    @property
    def wants_software(self) -> bool:
        return self._software.exists() or self._starting.exists()

    def check_last_start(self) -> bool:
        has_died = self._starting.exists()
        if has_died:
            self.remember(software=True)
            self.end_start()
        return has_died

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
