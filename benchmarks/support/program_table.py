"""The program as users start it, with a probe on its table. Argument: the data directory, rows."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QMainWindow

from seam_portal_desktop.__main__ import main
from seam_portal_desktop.ui.main_window import MainWindow
from support.paint_probe import PaintProbe

_probes: list[PaintProbe] = []


def _show(window: MainWindow) -> None:
    _probes.append(PaintProbe(window.pane.table, int(sys.argv[2])))
    QMainWindow.show(window)


MainWindow.show = _show  # type: ignore[method-assign]
sys.exit(main(["--data-dir", sys.argv[1]]))
