"""The reference: a QMainWindow with a QTableView. Argument: the rows of its model; 0 for none."""

from __future__ import annotations

import sys

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
from support.paint_probe import PaintProbe

_COLUMNS = 6  # as many as the program's table
_SIZE = (1280, 800)  # of the program's first window
_ROOT = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class ListModel(QAbstractTableModel):
    def __init__(self, rows: list[tuple[str, ...]]) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else _COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        return None


def main() -> None:
    rows = int(sys.argv[1])
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    table = QTableView()
    texts = [tuple(f"row {row}, {n}" for n in range(_COLUMNS)) for row in range(rows)]
    model = ListModel(texts) if texts else None
    table.setModel(model)
    window.setCentralWidget(table)
    window.resize(*_SIZE)
    probe = PaintProbe(rows)
    probe.watch(window)
    probe.watch_table(table)
    window.show()
    app.exec()


main()
