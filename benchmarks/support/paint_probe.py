"""Tells when a table was first painted, and when it was first painted with enough rows."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QTableView

from support import started


class PaintProbe(QObject):
    """Watches the paint events of a table's viewport. Install it right before the window shows.

    A paint counts when the event loop has come back from it: everything is on the screen then.
    Prints the report and ends the process after the first paint with `rows` rows.
    """

    def __init__(self, table: QTableView, rows: int) -> None:
        super().__init__()
        self._table = table
        self._rows = rows
        self._painted: set[str] = set()
        self._report: dict[str, float] = {}
        self._back = QEvent.Type(QEvent.registerEventType())
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self._painted.add("first_paint")
            model = self._table.model()
            if (model.rowCount() if model else 0) >= self._rows:
                self._painted.add("rows_painted")
            QCoreApplication.postEvent(self, QEvent(self._back))
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is not self._back:
            return super().event(event)
        for milestone in self._painted - self._report.keys():
            self._report[milestone] = started.seconds_ago()
        if "rows_painted" in self._report:
            import json

            print(json.dumps(self._report), flush=True)
            os._exit(0)
        return True
