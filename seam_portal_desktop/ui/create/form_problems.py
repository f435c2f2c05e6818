"""The problems of what a dialog sends, below its form: the same list as below the JSON."""

from __future__ import annotations

import re
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
_ROW = re.compile(r"customer_data\.(\w+)\.\d+\b")


class FormProblems(QWidget):
    """Has the form checked once the user pauses. Hidden while there is no problem.

    `find` computes the problems of the form. `broken_text` is a problem of the JSON that the form
    doesn't show. `chosen` carries a Problem, or None for that of the JSON. `grown` is emitted when
    more room is needed. `save_requested` is emitted to save the rows that have problems.
    """

    chosen = Signal(object)
    grown = Signal()
    save_requested = Signal()

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
        self.panel.save_button.clicked.connect(self.save_requested)
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
            self._runner.start(self._find_groups())
        else:
            self._runner.cancel()
            self.hide()

    def _find_groups(self) -> Steps[tuple[Sequence[Problem], Sequence[Problem]]]:
        from seam_portal_desktop.domain.request.problems import grouped

        found = yield from self._find()
        groups = yield from grouped(found)
        return found, groups

    def _show_found(self, result: tuple[Sequence[Problem], Sequence[Problem]]) -> None:
        self.found, groups = result
        shown = list(groups[:MOST_PROBLEMS])
        rows: list[Problem | None] = list(shown)
        omitted = len(groups) - len(shown)
        broken = self._broken_text()
        if broken is not None:
            shown, rows = [*shown, broken], [*rows, None]
        self._rows = rows
        self.panel.show_problems(shown, omitted=omitted)
        self.panel.save_button.setVisible(any(map(kind_with_problem, groups)))
        was_hidden = self.isHidden()
        self.setHidden(not rows)
        if rows and was_hidden:
            self.grown.emit()


def kind_with_problem(problem: Problem) -> str | None:
    """The kind of customer data that the row with the problem is of; None if it is in no row."""
    found = _ROW.match(problem.path)
    return found[1] if found is not None else None
