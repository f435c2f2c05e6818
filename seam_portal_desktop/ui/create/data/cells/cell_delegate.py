"""The editors of the cells in a table of customer data."""

from __future__ import annotations

from typing import ClassVar, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seam_portal_desktop.domain.request.resources import Cell
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.resource_model import Index, ResourceModel
from seam_portal_desktop.ui.create.form.controls import OriginalText
from seam_portal_desktop.ui.toolkit.form_parts import number

_LONGEST = 30_000
"""Characters. A line edit cuts a text that is longer than 32,767."""


class _CellEdit(QLineEdit):
    """Keeps characters that a line edit changes, such as line breaks, until the user edits."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._original = OriginalText()

    def show_text(self, text: str) -> None:
        # A model that changes while the user types must not take what was typed.
        if not self.isModified():
            self.setText(text)
            self._original.set(text, self.text())

    def value(self) -> str:
        text = self.text()
        return self._original.value(text, text) or ""


class CellDelegate(QStyledItemDelegate):
    """A line edit with an example as placeholder. Metadata cells open a dialog instead."""

    _HINTS: ClassVar[dict[Cell, str]] = {
        Cell.LIST: _("key, key"),
        Cell.MOMENT: "2026-03-14 15:00",
        Cell.TIME: "15:00",
    }

    metadata_requested = Signal(int, object)  # the row and the Column
    refused = Signal(str)  # why a cell can't be edited

    def __init__(self, model: ResourceModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002 - Qt's own signature
        index: Index,
    ) -> QWidget:
        column = self._model.columns[index.column()]
        if column.cell is Cell.METADATA:
            row = index.row()
            QTimer.singleShot(0, self, lambda: self.metadata_requested.emit(row, column))
            return cast(QWidget, None)  # no editor
        length = len(self._model.edit_text(index.row(), column))
        if length > _LONGEST:
            self.refused.emit(
                _(
                    "This cell has {length} characters, too many to edit here. Delete it or paste "
                    "another text over it."
                ).format(length=number(length))
            )
            return cast(QWidget, None)
        edit = _CellEdit(parent)
        edit.setProperty("kind", "cell")
        edit.setPlaceholderText(self._HINTS.get(column.cell, ""))
        title = index.model().headerData(index.column(), Qt.Orientation.Horizontal)
        edit.setAccessibleName(str(title))
        return edit

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, _CellEdit):
            editor.show_text(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, _CellEdit):
            model.setData(index, editor.value(), Qt.ItemDataRole.EditRole)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        # Without this, the dialog acts on Ctrl+Enter before Qt has written the cell.
        if (
            isinstance(event, QKeyEvent)
            and isinstance(editor, QWidget)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
            return False
        return super().eventFilter(editor, event)

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: Index,  # noqa: ARG002
    ) -> None:
        editor.setGeometry(option.rect)
