"""Asks where to save a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from seam_portal_desktop.texts import _

_Folder = QStandardPaths.StandardLocation


def choose_save_file(
    parent: QWidget,
    title: str,
    name: str,
    file_filter: str,
    on_chosen: Callable[[Path], object],
    *,
    folder: _Folder = _Folder.DocumentsLocation,
    on_cancelled: Callable[[], object] | None = None,
) -> None:
    """Open a file dialog. `on_chosen` gets the chosen path, unless the user cancels.

    `name` is the proposed file name; its suffix is added to a name without one.
    """
    proposed = Path(QStandardPaths.writableLocation(folder)) / name
    chooser = QFileDialog(parent, title, str(proposed))
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setNameFilters([file_filter, _("All files (*)")])
    chooser.setDefaultSuffix(proposed.suffix.removeprefix("."))
    chooser.fileSelected.connect(lambda path: on_chosen(Path(path)))
    if on_cancelled is not None:
        chooser.rejected.connect(on_cancelled)
    chooser.finished.connect(chooser.deleteLater)
    chooser.open()


def list_separator() -> str:
    """What separates the columns of a CSV file in the user's region. Excel there takes no other."""
    return ";" if QLocale().decimalPoint() == "," else ","
