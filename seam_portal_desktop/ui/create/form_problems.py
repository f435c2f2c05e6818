"""The problems of the request below the form, as the JSON view has them below its text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.form.request_form import RequestForm
from seam_portal_desktop.ui.create.form.settings import CUSTOMER_KEY
from seam_portal_desktop.ui.create.json.json_view import JsonView
from seam_portal_desktop.ui.create.problem_panel import MOST_PROBLEMS, ProblemPanel
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.problems import Problem

_CHECKED_AFTER_MS = 300
"""Checking thousands of rows takes too long per keystroke."""


class FormProblems(QWidget):
    """Checks the form once the user pauses. Hidden while there is no problem.

    `chosen` carries a Problem, or None for the JSON that the form doesn't show. `grown` is emitted
    when more room is needed.
    """

    chosen = Signal(object)
    grown = Signal()

    def __init__(
        self, form: RequestForm, json_view: JsonView, icons: Icons, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._json_view = json_view
        self._problems: Sequence[Problem | None] = ()
        self._is_shown = True
        self.panel = ProblemPanel(icons, self)
        self.panel.problem_chosen.connect(lambda at: self.chosen.emit(self._problems[at]))
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.XL, Spacing.S, Spacing.XL, 0)
        column.addWidget(self.panel)
        self.hide()
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_CHECKED_AFTER_MS)
        self._delay.timeout.connect(self._check)
        form.changed.connect(self._delay.start)

    def set_shown(self, shown: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Show the problems, which are those of now, while the form is shown."""
        self._is_shown = shown
        self._check()

    def _check(self) -> None:
        self._delay.stop()
        if not self._is_shown:
            self.hide()
            return
        found = self._form.problems()
        if not self._form.is_edited:
            # The key is the first thing to type. That it is missing is no mistake yet.
            found = [each for each in found if not _is_missing_key(each)]
        shown: list[Problem] = found[:MOST_PROBLEMS]
        rows: list[Problem | None] = list(shown)
        omitted = len(found) - len(shown)
        broken = self._json_view.broken_text()
        if broken is not None:
            shown, rows = [*shown, broken], [*rows, None]
        self._problems = rows
        self.panel.show_problems(shown, omitted=omitted)
        was_hidden = self.isHidden()
        self.setHidden(not rows)
        if rows and was_hidden:
            self.grown.emit()


def _is_missing_key(problem: Problem) -> bool:
    return problem.path == CUSTOMER_KEY
