"""One step of the undo stack of customer data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QUndoCommand

from seam_portal_desktop.domain.request.resources import Row

ApplyRows = Callable[[str, int, int, Sequence[Row]], None]
"""Gets the kind, the first row, how many rows are removed, and the new ones."""


class SpliceCommand(QUndoCommand):
    """Replaces some rows of a kind, the first of `rows`, by the second."""

    def __init__(
        self,
        apply: ApplyRows,
        text: str,
        kind: str,
        at: int,
        rows: tuple[Sequence[Row], Sequence[Row]],
    ) -> None:
        super().__init__(text)
        self._apply = apply
        self._kind = kind
        self._at = at
        self._old, self._new = rows

    def redo(self) -> None:
        self._apply(self._kind, self._at, len(self._old), self._new)

    def undo(self) -> None:
        self._apply(self._kind, self._at, len(self._new), self._old)
