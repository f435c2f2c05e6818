"""The program as users start it, with a probe. Arguments: the data directory, the rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seam_portal_desktop import __main__ as program
from seam_portal_desktop.options import Options

if TYPE_CHECKING:
    from seam_portal_desktop.domain.clock import Clock
    from seam_portal_desktop.ui.shell.main_window import MainWindow


def _add_probe(_arguments: object) -> Options:
    """Without arguments, as users start it, nothing has to be parsed."""
    # After the program's first imports: PySide6 makes all later imports slower.
    from PySide6.QtWidgets import QMainWindow
    from support.paint_probe import PaintProbe

    from seam_portal_desktop.ui.shell.main_window import MainWindow

    probe = PaintProbe(int(sys.argv[2]))
    add_list = MainWindow.add_list

    def show(window: MainWindow) -> None:
        probe.watch(window)
        QMainWindow.show(window)

    def add_list_and_probe(window: MainWindow, clock: Clock) -> None:
        add_list(window, clock)
        probe.watch_table(window.pane.table)

    MainWindow.show = show  # type: ignore[method-assign]
    MainWindow.add_list = add_list_and_probe  # type: ignore[method-assign]
    return Options(data_dir=Path(sys.argv[1]))


program.parse_arguments = _add_probe
sys.exit(program.main([]))
