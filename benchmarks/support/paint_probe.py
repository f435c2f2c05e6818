"""Measures the first paint of a window, and of its table with enough rows."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QTableView, QWidget
from support import started


class PaintProbe(QObject):
    """Watches paint events. A paint ends when the event loop continues: then all is on the screen.

    After the first paint with `rows` rows it prints the report and ends the process.
    """

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows
        self._table: QTableView | None = None
        self._painted: set[str] = set()
        self._report: dict[str, float] = {}
        self._event_after_paint = QEvent.Type(QEvent.registerEventType())

    def watch(self, window: QWidget) -> None:
        """Call it right before the window shows."""
        window.installEventFilter(self)

    def watch_table(self, table: QTableView) -> None:
        """Call it before the table is first painted."""
        self._table = table
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self._painted.add("first_paint")
            if self._table is not None and watched is self._table.viewport():
                model = self._table.model()
                if (model.rowCount() if model else 0) >= self._rows:
                    self._painted.add("rows_painted")
            QCoreApplication.postEvent(self, QEvent(self._event_after_paint))
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is not self._event_after_paint:
            return super().event(event)
        for milestone in self._painted - self._report.keys():
            self._report[milestone] = started.seconds_ago()
        if "rows_painted" in self._report:
            import json

            print(json.dumps(self._report), flush=True)
            os._exit(0)
        return True
