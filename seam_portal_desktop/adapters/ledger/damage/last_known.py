"""What the ledger's file had after the last commit, in a small file beside it.

An empty file, a deleted ``-wal`` or an old copy are valid databases: only this file tells that
changes are missing. It is written after each commit, so it is never ahead of the ledger unless the
ledger has lost something.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import NamedTuple


class Known(NamedTuple):
    """``changes``: how many write transactions there have been. ``portals``: how many rows."""

    changes: int
    portals: int
    is_suspect: bool = False
    """SQLite met damage while the program ran, so the next check has to be a thorough one."""


class LastKnown:
    """Blocking. A file that can't be read or written is as good as none."""

    def __init__(self, ledger: Path) -> None:
        self._path = ledger.with_name(f"{ledger.name}-known")
        self._known: Known | None = None

    def read(self) -> Known | None:
        try:
            words = self._path.read_text("ascii").split()
            self._known = Known(int(words[0]), int(words[1]), words[2:] == ["suspect"])
        except (OSError, ValueError, IndexError):
            self._known = None
        return self._known

    def write(self, known: Known) -> None:
        if known == self._known:
            return
        self._known = known
        text = f"{known.changes} {known.portals}{' suspect' if known.is_suspect else ''}\n"
        with contextlib.suppress(OSError):
            file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            try:
                os.write(file, text.encode())
            finally:
                os.close(file)

    def suspect(self) -> None:
        if self._known is not None:
            self.write(self._known._replace(is_suspect=True))
