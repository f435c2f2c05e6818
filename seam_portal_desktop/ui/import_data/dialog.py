"""The dialog that takes a table of another program in: columns, questions, review."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.import_data.columns_page import ColumnsPage
from seam_portal_desktop.ui.import_data.questions_page import QuestionsPage
from seam_portal_desktop.ui.import_data.review_page import ReviewPage
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG, FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    isolate,
    muted_label,
    number,
    plain_label,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind

_PROGRESS_CHARACTERS = 30
_NAME_CHARACTERS = 60


class ImportStep(IntEnum):
    """In the order in which they are shown. READING has nothing to choose."""

    READING = 0
    COLUMNS = 1
    QUESTIONS = 2
    REVIEW = 3


_STEP_TITLES = {
    ImportStep.COLUMNS: _("Columns"),
    ImportStep.QUESTIONS: _("Questions"),
    ImportStep.REVIEW: _("Review"),
}


class ImportDialog(FormDialog):
    """Open it with open(). The controller fills the pages and answers `continue_requested` and
    `back_requested` with another step, and closes the dialog after an import."""

    grows = False
    continue_requested = Signal()
    back_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Import"))
        self.step = ImportStep.READING
        self._has_questions = False
        self._headline = _Headline(theme, icons, self)
        self.header.addWidget(self._headline)
        self.reading = _ReadingPage(self)
        self.columns = ColumnsPage(theme, icons, self)
        self.questions = QuestionsPage(icons, self)
        self.review = ReviewPage(theme, icons, self)
        self._pages = (self.reading, self.columns, self.questions, self.review)
        for page in self._pages:
            self.body.addWidget(page, 1)
        self.back_button = QPushButton(_("Back"), self)
        self.back_button.setObjectName("backButton")
        self.back_button.setAutoDefault(False)
        self.back_button.clicked.connect(self.back_requested)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setFixedWidth(self.fontMetrics().averageCharWidth() * _PROGRESS_CHARACTERS)
        self.progress.hide()
        self._footer.insertWidget(1, self.progress)
        self._footer.insertWidget(2, self.back_button)
        self.dismiss_button.setText(_("Cancel"))
        self.review.problems.leave_out_chosen.connect(self._update_buttons)
        self._rows = 0
        self._is_working = self._is_focus_wanted = False
        margin = QSize(1, 1) * 2 * Spacing.XL
        self.resize(LARGEST_DIALOG.boundedTo(self.screen().availableSize() - margin))
        self.show_step(ImportStep.READING)

    def set_source(self, name: str, rows: int | None = None, columns: int = 0) -> None:
        """Show the file's name, and how many rows and columns it has once it is read."""
        self._headline.set_source(name, rows, columns)
        text = _("Reading {name}…").format(name=isolate(shortened(name, _NAME_CHARACTERS)))
        self.reading.text.setText(text)

    def set_has_questions(self, has_questions: bool) -> None:  # noqa: FBT001 - a setter
        self._has_questions = has_questions
        self._headline.set_step(self.step, has_questions=has_questions)

    def set_row_count(self, rows: int) -> None:
        """How many rows the primary button of the review imports."""
        self._rows = rows
        self._update_buttons()

    def show_step(self, step: ImportStep) -> None:
        is_new = step is not self.step
        self.step = step
        for at, page in enumerate(self._pages):
            page.setVisible(at == step)
        self._headline.set_step(step, has_questions=self._has_questions)
        self.back_button.setVisible(step > ImportStep.COLUMNS)
        self._update_buttons()
        self.show_top()
        order_by_layout(self)
        if is_new and step in _STEP_TITLES:
            announce(self, _STEP_TITLES[step])
            self._is_focus_wanted = True
            self._focus_step()

    def set_working(self, *, is_working: bool) -> None:
        """Show that the program computes for the page, which stays usable."""
        self._is_working = is_working
        if is_working and self.focusWidget() is self.submit_button:
            self.setFocus()  # Qt would give it to 'Cancel' when the button is disabled
        if is_working:
            self.error_card.clear()
            is_reading = self.step is ImportStep.READING
            self._waiting_text = "" if is_reading else _("Checking the rows…")
            self._status_delay.start()
            self.busy_bar.start()
        else:
            self._status_delay.stop()
            self.status.clear()
            self.busy_bar.stop()
            self.set_progress(0, 0)
        self._update_buttons()
        self._focus_step()

    def show_failure(self, error: UserFacingError) -> None:
        """Show why the file can't be taken. Its choices stay, since others may do."""
        self.reading.text.clear()
        if self.step is ImportStep.READING:
            self.dismiss_button.setText(_("Close"))
            self.dismiss_button.setFocus()
        self.error_card.set_error(error)
        self.show_top()

    def set_progress(self, done: int, total: int) -> None:
        """How much is done; nothing is shown for a `total` of 0, nor for a short wait."""
        self.progress.setVisible(total > 0 and not self._status_delay.isActive())
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(min(done, total))

    def submit(self) -> None:
        if self.submit_button.isEnabled():
            self.continue_requested.emit()

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self.dismiss_button.setText(_("Cancel"))

    def sizeHint(self) -> QSize:
        return self.size()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.step is ImportStep.READING:
            self.setFocus()  # Qt would give it to 'Cancel'

    def _focus_step(self) -> None:
        """Give the focus to what has to be done first in a new step, once it can take it."""
        if self._is_working:
            return
        if not self._is_focus_wanted:
            if self.focusWidget() is self:
                self.submit_button.setFocus()
            return
        self._is_focus_wanted = False
        problems = self.review.problems
        if self.step is ImportStep.COLUMNS and self.columns.go_to_missing():
            return
        if self.step is ImportStep.QUESTIONS and self.questions.go_to_missing():
            return
        is_blocked = self.step is ImportStep.REVIEW and not problems.isHidden()
        (problems.leave_out if is_blocked else self.submit_button).setFocus()

    def _update_buttons(self) -> None:
        if self.step is ImportStep.REVIEW:
            text = ngettext("Import {count} row", "Import {count} rows", self._rows)
            self.set_submit(text.format(count=number(self._rows)), loud=False)
        else:
            self.set_submit(_("Continue"), loud=False)
        self.submit_button.setVisible(self.step is not ImportStep.READING)
        self.submit_button.setEnabled(self._can_continue())

    def _can_continue(self) -> bool:
        if self._is_working:
            return False
        if self.step is not ImportStep.REVIEW:
            return True
        problems = self.review.problems
        return self._rows > 0 and (problems.isHidden() or problems.leave_out.isChecked())


class _Headline(QFrame):
    """The source's name, and at which step the dialog is."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ElidedLabel(self)
        self._name.setFont(theme.font(TextSize.TITLE))
        self._about = muted_label(parent=self)
        self._steps = {step: plain_label(parent=self) for step in _STEP_TITLES}
        self._arrows = [
            IconView(icons.icon("chevron-right", Tone.NEUTRAL), self) for _each in range(2)
        ]
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._about)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, 0)
        row.setSpacing(Spacing.XS)
        row.addLayout(texts, 1)
        row.addSpacing(Spacing.L)
        for at, label in enumerate(self._steps.values()):
            if at:
                row.addWidget(self._arrows[at - 1], 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_source(self, name: str, rows: int | None, columns: int) -> None:
        self._name.set_full_text(name)
        self._about.setVisible(rows is not None)
        if rows is not None:
            self._about.setText(
                _("{rows}, {columns}").format(
                    rows=ngettext("{count} row", "{count} rows", rows).format(count=number(rows)),
                    columns=ngettext("{count} column", "{count} columns", columns).format(
                        count=number(columns)
                    ),
                )
            )

    def set_step(self, current: ImportStep, *, has_questions: bool) -> None:
        shown = [step for step in _STEP_TITLES if step is not ImportStep.QUESTIONS or has_questions]
        for step, label in self._steps.items():
            is_shown = step in shown and current is not ImportStep.READING
            label.setVisible(is_shown)
            label.setText(_STEP_TITLES[step])
            label.setAccessibleName(
                _("Step {title}, the current one").format(title=_STEP_TITLES[step])
                if step is current
                else _("Step {title}").format(title=_STEP_TITLES[step])
            )
            set_kind(label, "tone" if step is current else "muted", Tone.ACCENT)
            font = QFont()
            font.setBold(step is current)
            label.setFont(font)
        for at, arrow in enumerate(self._arrows):
            arrow.setVisible(at + 1 < len(shown) and current is not ImportStep.READING)


class _ReadingPage(QWidget):
    """What is shown until the file is read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text: QLabel = muted_label(parent=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
