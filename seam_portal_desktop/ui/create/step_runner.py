"""Long computations on the window's thread, between which the window answers."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.services.worker_thread import is_computing

_SLICE_S = 0.004
"""A frame has 16 ms."""

_TURN_S = 0.0005
"""Shorter than the pause. Steps of another computation that ended less than this ago belong to the
same turn of the event loop."""


class _LastSteps:
    """When steps of any computation ended."""

    at = 0.0


_PAUSE_MS = 1

_WAIT_MS = 50
"""How often it looks whether the thread of an import still computes. The two would take Python's
lock from each other, and the window would have to wait for both."""


class StepRunner(QObject):
    """Does the steps of one computation, some at a time. `done` carries its result.

    A computation of one step is done when start() returns. A new one takes the place of the one
    that still runs.
    """

    done = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Steps[Any] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_running(self) -> bool:
        return self._steps is not None

    def start(self, steps: Steps[Any]) -> None:
        self._steps = steps
        self._do_some(steps)

    def cancel(self) -> None:
        """End the computation that runs, without a result."""
        self._timer.stop()
        self._steps = None

    def _go_on(self) -> None:
        if self._steps is None:
            return
        if is_computing():
            self._timer.start(_WAIT_MS)
        elif perf_counter() - _LastSteps.at < _TURN_S:
            self._timer.start(_PAUSE_MS)  # so that the window waits for one computation at a time
        else:
            self._do_some(self._steps)

    def _do_some(self, steps: Steps[Any]) -> None:
        until = perf_counter() + _SLICE_S
        try:
            next(steps)
            while perf_counter() < until:
                next(steps)
        except StopIteration as end:
            self.cancel()
            self.done.emit(end.value)
        except BaseException:
            self.cancel()
            raise
        else:
            _LastSteps.at = perf_counter()
            self._timer.start(_PAUSE_MS)
