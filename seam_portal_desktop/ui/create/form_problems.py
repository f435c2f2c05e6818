"""The problems of what a dialog sends, below its form: the same list as below the JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.ui.create.problem_panel import MOST_PROBLEMS, ProblemPanel
from seam_portal_desktop.ui.create.step_runner import StepRunner
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.problems import Problem

_CHECKED_AFTER_MS = 300


class FormProblems(QWidget):
    """Has the form checked once the user pauses. Hidden while there is no problem.

    `find` computes the problems of the form. `broken_text` is a problem of the JSON that the form
    doesn't show. `chosen` carries a Problem, or None for that of the JSON. `grown` is emitted when
    more room is needed.
    """

    chosen = Signal(object)
    grown = Signal()

    def __init__(
        self,
        find: Callable[[], Steps[Sequence[Problem]]],
        icons: Icons,
        parent: QWidget,
        broken_text: Callable[[], Problem | None] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._find = find
        self._broken_text = broken_text
        self._rows: Sequence[Problem | None] = ()
        self._is_shown = True
        self.found: Sequence[Problem] = ()
        """All problems of the form, also those beyond the list."""
        self.panel = ProblemPanel(icons, self)
        self.panel.problem_chosen.connect(lambda at: self.chosen.emit(self._rows[at]))
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.XL, Spacing.S, Spacing.XL, 0)
        column.addWidget(self.panel)
        self.hide()
        self._runner = StepRunner(self)
        self._runner.done.connect(self._show_found)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_CHECKED_AFTER_MS)
        self._delay.timeout.connect(self._check)

    def check_soon(self) -> None:
        """Check the form when the user pauses."""
        self._runner.cancel()
        self._delay.start()

    def set_shown(self, shown: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Show the problems, which are those of now, while the form is shown."""
        self._is_shown = shown
        self._check()

    def _check(self) -> None:
        self._delay.stop()
        if self._is_shown:
            self._runner.start(self._find())
        else:
            self._runner.cancel()
            self.hide()

    def _show_found(self, found: Sequence[Problem]) -> None:
        self.found = found
        shown: list[Problem] = list(found[:MOST_PROBLEMS])
        rows: list[Problem | None] = list(shown)
        omitted = len(found) - len(shown)
        broken = self._broken_text()
        if broken is not None:
            shown, rows = [*shown, broken], [*rows, None]
        self._rows = rows
        self.panel.show_problems(shown, omitted=omitted)
        was_hidden = self.isHidden()
        self.setHidden(not rows)
        if rows and was_hidden:
            self.grown.emit()
