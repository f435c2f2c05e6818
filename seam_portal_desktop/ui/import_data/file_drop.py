"""A file that is dropped on a widget."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Lets `widget` and what is in it take one local file. `dropped` carries its path.

    `suffixes` are those that are taken, such as ``.csv``.
    """

    dropped = Signal(str)

    def __init__(self, widget: QWidget, suffixes: Container[str]) -> None:
        super().__init__(widget)
        self._suffixes = suffixes
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        # A move is a drop for Qt: QDragEnterEvent and QDragMoveEvent are kinds of QDropEvent.
        path = dropped_file(event.mimeData()) if isinstance(event, QDropEvent) else None
        is_taken = path is not None and Path(path).suffix.lower() in self._suffixes
        if not is_taken or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if kind == QEvent.Type.Drop:
            self.dropped.emit(path)
        return True


def dropped_file(data: QMimeData) -> str | None:
    """The path of the one local file in `data`; None if it has another number of them."""
    urls = data.urls()
    return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else None
