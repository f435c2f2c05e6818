"""The result of checking the request: one line with an icon, and the list of problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.form.settings import field_name
from seam_portal_desktop.ui.toolkit.form_parts import one_line, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, announce, plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.problems import Problem

_ROWS_SHOWN = 4
MOST_PROBLEMS = 100


class ProblemPanel(QWidget):
    """The same list in both views of the request. `problem_chosen` carries a problem's place.

    `save_button` is hidden unless its user shows it.
    """

    problem_chosen = Signal(int)

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon = IconView(parent=self)
        self._summary = plain_label(wrap=True, parent=self)
        self.save_button = QPushButton(_("Save rows with problems…"), self)
        self.save_button.setObjectName("saveProblems")
        self.save_button.setToolTip(_("As a spreadsheet that says what is wrong with each row"))
        self.save_button.setAutoDefault(False)
        set_kind(self.save_button, "link")
        self.save_button.hide()
        self.list = _ProblemList(self)
        self.list.setAccessibleName(_("Problems of the request"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = self.fontMetrics().height()
        self.list.setIconSize(QSize(side, side))
        set_kind(self.list, "card")
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self.list.hide()
        line = QHBoxLayout()
        line.setSpacing(Spacing.XS)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addLayout(line)
        column.addWidget(self.list)

    def show_problems(
        self, problems: Sequence[Problem], *, omitted: int = 0, is_broken: bool = False
    ) -> None:
        """Show `problems`, which `omitted` more follow.

        `is_broken`: the form keeps another request than the JSON with these problems.
        """
        tone, icon, text = _summary(problems, omitted, is_broken=is_broken)
        self._icon.set_icon(self._icons.icon(icon, tone))
        if text != self._summary.text():
            self._summary.setText(text)
            announce(self._summary, text)
        set_kind(self._summary, "tone", tone)
        self.list.clear()
        for problem in problems:
            self.list.addItem(self._item(problem))
        rows = min(self.list.count(), _ROWS_SHOWN)
        self.list.setVisible(rows > 0)
        if rows:
            frame = 2 * (self.list.frameWidth() + 1)
            self.list.setFixedHeight(self.list.sizeHintForRow(0) * rows + frame)

    def _item(self, problem: Problem) -> QListWidgetItem:
        tone = problem_tone(problem)
        icon = "circle-x" if tone is Tone.DANGER else "triangle-alert"
        text = problem.reason
        if problem.path:
            text = f"{one_line(field_name(problem.path))}: {text}"
        item = QListWidgetItem(self._icons.icon(icon, tone), text)
        item.setToolTip(plain_tooltip(text))
        return item

    def _choose(self, item: QListWidgetItem) -> None:
        self.problem_chosen.emit(self.list.row(item))


class _ProblemList(QListWidget):
    """Enter chooses the current problem. Qt would also let it press the dialog's button."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.setAccepted(not event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def problem_tone(problem: Problem) -> Tone:
    return Tone.DANGER if problem.level == "error" else Tone.WARNING


def _summary(
    problems: Sequence[Problem], omitted: int, *, is_broken: bool
) -> tuple[Tone, str, str]:
    """Tone, icon and text of the line."""
    number = len(problems) + omitted
    count = QLocale().toString(number)
    if is_broken:
        text = ngettext(
            "{count} problem. The form keeps the last request that was right.",
            "{count} problems. The form keeps the last request that was right.",
            number,
        )
        return Tone.DANGER, "circle-x", text.format(count=count)
    if any(problem.level == "error" for problem in problems):
        text = ngettext(
            "{count} problem. Seam would refuse this request.",
            "{count} problems. Seam would refuse this request.",
            number,
        )
        return Tone.DANGER, "circle-x", text.format(count=count)
    if number:
        text = ngettext(
            "This can be sent. {count} thing to look at.",
            "This can be sent. {count} things to look at.",
            number,
        )
        return Tone.WARNING, "triangle-alert", text.format(count=count)
    return Tone.SUCCESS, "circle-check", _("This is a valid request. The form shows the same.")


def errors_by_path(problems: Sequence[Problem]) -> dict[str, str]:
    """Why the request can't be sent, by path; empty when it can."""
    # Of several reasons for a path the first one counts.
    return {
        problem.path: problem.reason for problem in reversed(problems) if problem.level == "error"
    }
