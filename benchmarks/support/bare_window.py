"""The least that a PySide6 program can do: a QMainWindow with an empty QTableView."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
from support.paint_probe import PaintProbe

_SIZE = (1280, 800)  # of the program's first window


def main() -> None:
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    table = QTableView()
    window.setCentralWidget(table)
    window.resize(*_SIZE)
    probe = PaintProbe(0)
    probe.watch(window)
    probe.watch_table(table)
    window.show()
    app.exec()


main()
