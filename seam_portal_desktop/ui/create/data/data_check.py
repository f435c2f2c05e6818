"""Checks the rows of customer data once the user pauses."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.tables.checks.cell_check import check_cells
from seam_portal_desktop.ui.create.data.resource_model import ResourceModel
from seam_portal_desktop.ui.create.step_runner import StepRunner

_CHECKED_AFTER_MS = 300


class DataCheck(QObject):
    """Marks the cells of `model` with what is found in its rows."""

    def __init__(self, model: ResourceModel, parent: QObject) -> None:
        super().__init__(parent)
        self.clock: Clock = system_clock
        self._model = model
        self._runner = StepRunner(self)
        self._runner.done.connect(model.set_checked)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_CHECKED_AFTER_MS)
        self._delay.timeout.connect(self._check)

    def start_soon(self) -> None:
        """Check the rows that the model has when the user pauses."""
        self._runner.cancel()
        self._delay.start()

    def _check(self) -> None:
        rows = {kind.name: list(self._model.rows(kind.name)) for kind in resource_kinds()}
        self._runner.start(check_cells(rows, self.clock()))
