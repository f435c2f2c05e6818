"""The page with what can't be concluded from the file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.tables.conversion import Answers, Question, Topic
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.question_card import QuestionCard
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing

_SAME_IN_A_FILE = {Topic.DATE_ORDER, Topic.TIME_ZONE, Topic.PHONE_REGION}
"""What one program writes in the same way in all columns."""


class QuestionsPage(QWidget):
    """`answered` carries a dict of answers by column and topic: an answer also counts for the
    other columns with the same question that have none yet."""

    answered = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self.cards: list[QuestionCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Spacing.M)
        self._column.addWidget(
            muted_label(
                _("The file can be read in more ways than one. An answer counts for all rows."),
                wrap=True,
                parent=self,
            )
        )
        self._column.addStretch(1)

    def set_questions(
        self, questions: Sequence[Question], titles: Sequence[str], answers: Answers
    ) -> None:
        """`titles` are those of the file's columns. A card whose question stays, stays too."""
        kept = {card.question: card for card in self.cards}
        cards = []
        for question in questions:
            card = kept.pop(question, None)
            if card is None:
                card = QuestionCard(question, titles[question.column], self._icons, self)
                card.answered.connect(
                    lambda value, question=question: self._on_answered(question, value)
                )
            cards.append(card)
        for gone in kept.values():
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.cards = cards
        for at, card in enumerate(cards):
            self._column.insertWidget(at + 1, card)
            card.set_answer(answers.get((card.question.column, card.question.topic)))
        order_by_layout(self.window())

    def missing(self) -> list[QuestionCard]:
        return [card for card in self.cards if card.is_missing]

    def go_to_missing(self) -> bool:
        """Give the focus to the first question without an answer. Returns whether there is one."""
        missing = self.missing()
        if missing:
            missing[0].control.setFocus()
        return bool(missing)

    def _on_answered(self, question: Question, value: str) -> None:
        answers: dict[tuple[int, Topic], str] = {(question.column, question.topic): value}
        for card in self.cards:
            other = card.question
            is_same = other.topic is question.topic and question.topic in _SAME_IN_A_FILE
            if (
                is_same
                and _values(other) == _values(question)
                and other != question
                and card.answer is None
            ):
                answers[other.column, other.topic] = value
                card.set_answer(value)
        self.answered.emit(answers)


def _values(question: Question) -> list[str]:
    return [option.value for option in question.options]
