"""One question about a column, with its answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.tables.conversion import AnswerOption, Question
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.words import sample_text
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    heading,
    make_completer,
    muted_label,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_MOST_BUTTONS = 6
"""More options are a list that can be searched."""

_LIST_CHARACTERS = 40


class QuestionCard(QFrame):
    """`answered` carries the value of the chosen option."""

    answered = Signal(str)

    def __init__(self, question: Question, title: str, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.question = question
        self.answer: str | None = None
        set_kind(self, "card")
        text = heading(question.text, self)
        text.setWordWrap(True)
        about = _("Column {title}").format(title=title)
        if question.examples:
            about = _("Column {title}, for instance: {examples}").format(
                title=title, examples=sample_text(question.examples)
            )
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.L, Spacing.M, Spacing.L, Spacing.M)
        column.setSpacing(Spacing.S)
        column.addWidget(text)
        column.addWidget(muted_label(about, wrap=True, parent=self))
        self.control: _Buttons | SearchableList
        if len(question.options) <= _MOST_BUTTONS:
            self.control = _Buttons(question.options, question.text, self)
        else:
            self.control = SearchableList(question.options, question.text, self)
        self.control.chosen.connect(self._on_chosen)
        column.addWidget(self.control, 0, Qt.AlignmentFlag.AlignLeft)
        self.note = FieldNote(self.control, icons)
        column.addWidget(self.note)

    @property
    def is_missing(self) -> bool:
        return self.answer is None and self.question.default is None

    def set_answer(self, answer: str | None) -> None:
        """Show this answer, or the default of the question."""
        self.answer = answer
        self.control.set_value(answer or self.question.default or "")
        if self.is_missing:
            self.note.show_note(_("Please choose: the rows can’t be taken before."), Tone.WARNING)
        else:
            self.note.clear()

    def _on_chosen(self, value: str) -> None:
        self.set_answer(value)
        self.answered.emit(value)


class _Buttons(QWidget):
    chosen = Signal(str)

    def __init__(self, options: Sequence[AnswerOption], name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._buttons: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        for option in options:
            button = QRadioButton(option.label, self)
            button.clicked.connect(lambda _on, value=option.value: self.chosen.emit(value))
            self._group.addButton(button)
            self._buttons[option.value] = button
            column.addWidget(button)
        self.setFocusProxy(next(iter(self._buttons.values())))

    def set_value(self, value: str) -> None:
        button = self._buttons.get(value)
        if button is not None:
            button.setChecked(True)
            self.setFocusProxy(button)


class SearchableList(CalmComboBox):
    """A long list in which a part of the wanted text can be typed."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[AnswerOption], name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setInsertPolicy(self.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(_LIST_CHARACTERS)
        for option in options:
            self.addItem(option.label, option.value)
        edit = QLineEdit(self)
        self.setLineEdit(edit)
        texts = QStringListModel([option.label for option in options], self)
        self.setCompleter(make_completer(texts, self))
        edit.setPlaceholderText(_("Type to search…"))
        edit.setAccessibleName(name)
        edit.editingFinished.connect(self._on_edited)
        self._value = ""
        self.activated.connect(lambda at: self._choose(self.itemData(at)))

    def set_value(self, value: str) -> None:
        self._value = value
        self.setCurrentIndex(self.findData(value))
        if self.currentIndex() < 0:
            self.clearEditText()

    def _on_edited(self) -> None:
        """Take what was typed if it is an option, else show the last choice again."""
        typed = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        if typed >= 0:
            self._choose(self.itemData(typed))
        else:
            self.set_value(self._value)

    def _choose(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.chosen.emit(value)
