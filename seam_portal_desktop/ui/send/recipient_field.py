"""A field for the recipients of a message, with suggestions and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.recipients.parsing import (
    MOST_CHARACTERS,
    format_recipient,
    format_recipients,
)
from seam_portal_desktop.domain.message.recipients.problems import (
    NO_RECIPIENTS,
    ParsedRecipients,
    RecipientProblem,
)
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import (
    FieldNote,
    heading,
    in_menu,
    number,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

ParseRecipients = Callable[[str], ParsedRecipients]

_SEPARATOR = re.compile(r"[,;\n\t]\s*")
_MOST_OFFERED = 3
_OFFER_CHARACTERS = 40


class RecipientField(QWidget):
    """Addresses with or without names; commas, semicolons and line breaks separate them.

    `edited` comes after each change of the text. Without `offers`, suggestions are only in the list
    below the field.
    """

    edited = Signal()

    def __init__(
        self, name: str, icons: Icons, parent: QWidget | None = None, *, offers: bool = False
    ) -> None:
        super().__init__(parent)
        self._offers = offers
        self._suggested: Sequence[MailAddress] = ()
        self.parse: ParseRecipients = lambda _text: NO_RECIPIENTS
        self.parsed = NO_RECIPIENTS
        self.edit = _RecipientEdit(self)
        self.edit.setAccessibleName(name)
        self.edit.setMaxLength(MOST_CHARACTERS)
        self.edit.textChanged.connect(self._on_text)
        label = heading(name, self)
        label.setBuddy(self.edit)
        self.note = FieldNote(self.edit, icons)
        self.use_suggestion = QPushButton(self)
        set_kind(self.use_suggestion, "link")
        self.use_suggestion.setAutoDefault(False)
        self.use_suggestion.clicked.connect(self._use_suggestion)
        self.use_suggestion.hide()
        self._offered = QWidget(self)
        self._offer_row = FlowLayout(self._offered, Spacing.XS)
        self._offered.hide()
        self.top = QHBoxLayout()
        self.top.setSpacing(Spacing.S)
        self.top.addWidget(label)
        self.top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addLayout(self.top)
        column.addWidget(self.edit)
        column.addWidget(self.note)
        column.addWidget(self.use_suggestion, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self._offered)

    def text(self) -> str:
        return self.edit.text()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)
        self.edit.setCursorPosition(0)

    def set_suggestions(self, suggested: Sequence[MailAddress]) -> None:
        """Offer these addresses, the best first."""
        self._suggested = suggested
        self.edit.texts.setStringList([format_recipient(mail) for mail in suggested])
        self._make_offers()

    def set_parse(self, parse: ParseRecipients) -> None:
        """Read the text anew in this way."""
        self.parse = parse
        self._read()

    def add(self, mails: Sequence[MailAddress]) -> None:
        """Add addresses behind what is there."""
        self.set_text(format_recipients((*self.parsed.addresses, *mails)))

    def _on_text(self) -> None:
        self._read()
        self.edited.emit()

    def _read(self) -> None:
        self.parsed = self.parse(self.text())
        problem = _worst(self.parsed.problems)
        if problem is None:
            self.note.clear()
        elif problem.kind.is_error:
            self.note.show_error(self._sentence(problem))
        else:
            tone = Tone.WARNING if problem.kind.is_question else Tone.INFO
            self.note.show_note(self._sentence(problem), tone)
        suggestion = problem.suggestion if problem is not None else None
        self.use_suggestion.setVisible(suggestion is not None)
        if suggestion is not None:
            shown = shortened(suggestion, _OFFER_CHARACTERS)
            self.use_suggestion.setText(in_menu(_("Use {address}").format(address=shown)))
        self._offered.setVisible(self._offers and not self.text().strip() and bool(self._suggested))

    def _sentence(self, worst: RecipientProblem) -> str:
        """What is wrong; how many other errors there are."""
        others = sum(
            problem.kind.is_error for problem in self.parsed.problems if problem is not worst
        )
        if not others:
            return worst.sentence
        more = ngettext(
            "There is 1 more problem.", "There are {count} more problems.", others
        ).format(count=number(others))
        return f"{worst.sentence} {more}"

    def _use_suggestion(self) -> None:
        problem = _worst(self.parsed.problems)
        if problem is None or problem.suggestion is None:
            return
        text = self.text()
        self.set_text(f"{text[: problem.start]}{problem.suggestion}{text[problem.end :]}")
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_offers(self) -> None:
        for button in self._offered.findChildren(QPushButton):
            self._offer_row.removeWidget(button)
            button.hide()  # until it is deleted
            button.deleteLater()
        for mail in self._suggested[:_MOST_OFFERED]:
            text = format_recipient(mail)
            button = QPushButton(in_menu(shortened(text, _OFFER_CHARACTERS)), self._offered)
            set_kind(button, "link")
            button.setAutoDefault(False)
            button.setAccessibleName(_("Send to {address}").format(address=text))
            button.clicked.connect(lambda _checked=False, mail=mail: self._take(mail))
            self._offer_row.addWidget(button)
        self._read()

    def _take(self, mail: MailAddress) -> None:
        self.set_text(format_recipient(mail))
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)


class _RecipientEdit(QLineEdit):
    """Completes the last of its recipients. The arrow keys open the list of suggestions."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.texts = QStringListModel(self)
        completer = _LastRecipientCompleter(self.texts, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = completer.popup()
        if popup is not None:
            set_kind(popup, "popup")
        self.setCompleter(completer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        completer = self.completer()
        if event.key() == Qt.Key.Key_Down and completer is not None and self.texts.rowCount():
            completer.setCompletionPrefix(completer.splitPath(self.text())[0])
            completer.complete()
            return
        super().keyPressEvent(event)


class _LastRecipientCompleter(QCompleter):
    """Completes what is behind the last separator of the field's text."""

    def __init__(self, texts: QStringListModel, edit: QLineEdit) -> None:
        super().__init__(texts, edit)
        self._edit = edit

    def splitPath(self, path: str) -> list[str]:
        return [path[_start_of_last(path) :]]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        text = self._edit.text()
        return f"{text[: _start_of_last(text)]}{super().pathFromIndex(index)}"


def _start_of_last(text: str) -> int:
    start = 0
    for separator in _SEPARATOR.finditer(text):
        start = separator.end()
    return start


def _worst(problems: Sequence[RecipientProblem]) -> RecipientProblem | None:
    """The first error, else the first question, else the first of all."""
    return min(
        problems, key=lambda each: (not each.kind.is_error, not each.kind.is_question), default=None
    )
