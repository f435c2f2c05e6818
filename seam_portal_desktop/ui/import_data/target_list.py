"""The list of fields that a column of the file can go to."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QStandardItem, QStandardItemModel

from seam_portal_desktop.domain.request.resources import Cell, Column, ResourceKind
from seam_portal_desktop.domain.request.verticals import ANY, Vertical
from seam_portal_desktop.domain.tables.mapping import ColumnTarget, possible_targets
from seam_portal_desktop.texts import _

_LEAVE_OUT = 0


class TargetList(QStandardItemModel):
    """One list for the choices of all columns: leave out, each field, a named field of metadata."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._targets: list[ColumnTarget] = []
        self._metadata: Column | None = None
        self._vertical = ANY

    def set_kind(self, kind: ResourceKind, vertical: Vertical) -> None:
        self.clear()
        self._vertical = vertical
        self._targets = list(possible_targets(kind))
        self._metadata = next((each for each in kind.columns if each.cell is Cell.METADATA), None)
        self.appendRow(QStandardItem(_("Leave out")))
        for target in self._targets:
            title = target.title(vertical)
            if target.column.required and target.part is None:
                title = _("{title} (required)").format(title=title)
            elif target.column == self._metadata:
                title = _("{title}, all of it as JSON").format(title=title)
            self.appendRow(QStandardItem(title))
        if self._metadata is not None:
            title = vertical.column(self._metadata.path)
            self.appendRow(QStandardItem(_("{title}, under a name…").format(title=title)))

    def row_of(self, target: ColumnTarget | None) -> int:
        """The row of a target; None is to be left out. -1 if the list doesn't have it."""
        if target is None:
            return _LEAVE_OUT
        if target.metadata_field is not None:
            return self.rowCount() - 1
        return self._targets.index(target) + 1 if target in self._targets else -1

    def title_of(self, target: ColumnTarget | None) -> str:
        """The text of a target's row; of a named field in the metadata its own."""
        if target is not None and target.metadata_field is not None:
            return target.title(self._vertical)
        at = self.row_of(target)
        return self.item(at).text() if at >= 0 else ""

    def ends_group(self, row: int) -> bool:
        """Whether other kinds of targets follow this row."""
        has_metadata = self._metadata is not None
        return row == _LEAVE_OUT or (has_metadata and row == self.rowCount() - 3)

    def target_at(self, row: int, metadata_field: str) -> ColumnTarget | None:
        """What is chosen with this row. `metadata_field` is the name in the metadata."""
        if row == _LEAVE_OUT:
            return None
        if row > len(self._targets) and self._metadata is not None:
            return ColumnTarget(self._metadata, metadata_field)
        return self._targets[row - 1]
