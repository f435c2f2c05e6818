"""Asks where to save a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
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

    `name` is the proposed file name; its suffix is added to a name without one. `file_filter` may
    be several with ``;;`` between them: then the suffix is that of the chosen one.
    """
    proposed = Path(QStandardPaths.writableLocation(folder)) / name
    chooser = QFileDialog(parent, title, str(proposed))
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setNameFilters([*file_filter.split(";;"), _("All files (*)")])
    chooser.setDefaultSuffix(proposed.suffix.removeprefix("."))
    chooser.filterSelected.connect(partial(_follow_filter, chooser))
    chooser.fileSelected.connect(lambda path: on_chosen(Path(path)))
    if on_cancelled is not None:
        chooser.rejected.connect(on_cancelled)
    chooser.finished.connect(chooser.deleteLater)
    chooser.open()


def _follow_filter(chooser: QFileDialog, file_filter: str) -> None:
    """Give the proposed name the suffix of the chosen kind of file."""
    kind = re.search(r"\*(\.\w+)", file_filter)
    if kind is None:
        return
    chooser.setDefaultSuffix(kind[1].removeprefix("."))
    for path in chooser.selectedFiles()[:1]:
        chooser.selectFile(Path(path).with_suffix(kind[1]).name)


def list_separator() -> str:
    """What separates the columns of a CSV file in the user's region. Excel there takes no other."""
    return ";" if QLocale().decimalPoint() == "," else ","
