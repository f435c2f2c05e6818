"""The result of checking the JSON: one line with an icon, and the list of problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from seam_portal_desktop.ui.toolkit.form_parts import one_line, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.text import LocatedProblem, ParsedRequest

_ROWS_SHOWN = 4


class ProblemPanel(QWidget):
    """`problem_chosen` carries the first character of a problem and the one after its last."""

    problem_chosen = Signal(int, int)

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon = IconView(parent=self)
        self._summary = plain_label(wrap=True, parent=self)
        self.list = QListWidget(self)
        self.list.setAccessibleName("What is wrong with the JSON")
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
        line.addWidget(self._summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addLayout(line)
        column.addWidget(self.list)

    def show_result(self, parsed: ParsedRequest) -> None:
        tone, icon, text = _summary(parsed)
        self._icon.set_icon(self._icons.icon(icon, tone))
        if text != self._summary.text():
            self._summary.setText(text)
            announce(self._summary, text)
        set_kind(self._summary, "tone", tone)
        self.list.clear()
        for located in parsed.problems:
            self.list.addItem(self._item(located))
        rows = min(self.list.count(), _ROWS_SHOWN)
        self.list.setVisible(rows > 0)
        if rows:
            frame = 2 * (self.list.frameWidth() + 1)
            self.list.setFixedHeight(self.list.sizeHintForRow(0) * rows + frame)

    def _item(self, located: LocatedProblem) -> QListWidgetItem:
        tone = problem_tone(located)
        icon = "circle-x" if tone is Tone.DANGER else "triangle-alert"
        path = one_line(located.problem.path)
        text = f"Line {located.line}: {located.problem.reason}"
        item = QListWidgetItem(self._icons.icon(icon, tone), f"{text} ({path})" if path else text)
        item.setToolTip(item.text())
        item.setData(Qt.ItemDataRole.UserRole, (located.start, located.end))
        return item

    def _choose(self, item: QListWidgetItem) -> None:
        self.problem_chosen.emit(*item.data(Qt.ItemDataRole.UserRole))


def problem_tone(located: LocatedProblem) -> Tone:
    return Tone.DANGER if located.problem.level == "error" else Tone.WARNING


def _summary(parsed: ParsedRequest) -> tuple[Tone, str, str]:
    """Tone, icon and text of the line."""
    number = len(parsed.problems) + parsed.omitted
    problems = "1 problem" if number == 1 else f"{number} problems"
    if parsed.request is None:
        text = f"{problems}. The form keeps the last request that was right."
        return Tone.DANGER, "circle-x", text
    if any(located.problem.level == "error" for located in parsed.problems):
        return Tone.DANGER, "circle-x", f"{problems}. Seam would refuse this request."
    if number:
        things = "1 thing" if number == 1 else f"{number} things"
        return Tone.WARNING, "triangle-alert", f"This can be sent. {things} to look at."
    return Tone.SUCCESS, "circle-check", "This is a valid request. The form shows the same."
