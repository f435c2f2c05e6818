"""A list of short texts as tokens: type one and press Enter; each has its own remove button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QToolButton, QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.form.controls import Control
from seam_portal_desktop.ui.create.form.settings import Setting
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing

_TOKEN_CHARACTERS = 40
_SAID_TOKENS = 2
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class ListControl(Control):
    """A list that isn't sent when it is empty, unless it came empty.

    Suggestions are offered by their words (``Salto KS``) and stand for a value (``salto_ks``);
    any other text stands for itself.
    """

    def __init__(self, setting: Setting, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._icons = icons
        self._values: list[str] = []
        self._given: list[str] | None = None
        self._words: dict[str, str] = {}
        self._tokens: list[QToolButton] = []
        self._box = QWidget(self)
        self._flow = FlowLayout(self._box, Spacing.XS)
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(f"{setting.title}: add one")
        self.edit.setPlaceholderText("Type one and press Enter")
        self.edit.setClearButtonEnabled(True)
        self.edit.installEventFilter(self)
        # While suggestions are open Qt hands Enter to the field past its event filters.
        self.edit.returnPressed.connect(self._take_typed)
        self._suggestions = QStringListModel(self)
        self._completer = completer = QCompleter(self._suggestions, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.edit.setCompleter(completer)
        # The completer writes what was chosen into the field after it has told so.
        chosen = completer.activated[str]  # type: ignore[index]
        chosen.connect(lambda _text: QTimer.singleShot(0, self, self._take_typed))
        column = QVBoxLayout()
        column.setSpacing(Spacing.XS)
        column.addWidget(self._box)
        column.addWidget(self.edit)
        self.row.addLayout(column)
        self._box.hide()

    @property
    def field(self) -> QWidget:
        return self.edit

    @property
    def tokens(self) -> Sequence[QToolButton]:
        """One button for each value; a click removes it."""
        return tuple(self._tokens)

    def set_suggestions(self, words: Mapping[str, str]) -> None:
        """What can be chosen: value to words."""
        self._words = dict(words)
        self._suggestions.setStringList(list(words.values()))
        self._show()

    def value(self) -> Any:  # noqa: ANN401
        values = [*self._values, *self._typed()]
        return values if values or self._given == [] else None

    def values(self) -> list[str]:
        return self.value() or []

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self._given = value
        self._values = list(value or ())
        self.edit.clear()
        self._show()
        self.changed.emit()

    def word(self, value: str) -> str:
        return self._words.get(value, value)

    def said(self) -> str:
        values = self.values()
        words = ", ".join(shortened(self.word(each), 24) for each in values[:_SAID_TOKENS])
        return words + (f" and {len(values) - _SAID_TOKENS} more" if values[_SAID_TOKENS:] else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._handles(event):
                return True
        elif watched is self.edit and _is_left(event):
            self._take_typed()
        return super().eventFilter(watched, event)

    def _handles(self, event: QKeyEvent) -> bool:
        """Enter adds what was typed, and is the form's when nothing was."""
        text = self.edit.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma) and text.strip():
            self._take_typed()
            return True
        if event.key() == Qt.Key.Key_Backspace and not text and self._values:
            self._remove(len(self._values) - 1)
            return True
        return False

    def _typed(self) -> list[str]:
        text = self.edit.text().strip()
        return [self._value_of(text)] if text else []

    def _value_of(self, text: str) -> str:
        folded = text.casefold()
        for value, word in self._words.items():
            if folded in (value.casefold(), word.casefold()):
                return value
        return text

    def _take_typed(self) -> None:
        """Make a token of what was typed. Something that's in the list already is only cleared."""
        typed = self._typed()
        self.edit.clear()
        if typed and typed[0] not in self._values:
            self._values += typed
            self._show()
            self.changed.emit()

    def _remove(self, place: int) -> None:
        del self._values[place]
        self._show()
        self.edit.setFocus()
        self.changed.emit()

    def _show(self) -> None:
        for token in self._tokens:
            self._flow.removeWidget(token)
            token.deleteLater()
        self._tokens = []
        for place, value in enumerate(self._values):
            token = QToolButton(self._box)
            token.setProperty("kind", "token")
            word = self.word(value)
            token.setText(in_menu(shortened(word, _TOKEN_CHARACTERS)) or "(empty text)")
            token.setIcon(self._icons.icon("x"))
            token.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            token.setLayoutDirection(_other_way(self.layoutDirection()))
            token.setAccessibleName(f"Remove {word}")
            token.setToolTip(f"Remove {word} ({value})" if word != value else f"Remove {word}")
            token.clicked.connect(lambda _checked=False, place=place: self._remove(place))
            self._flow.addWidget(token)
            token.show()
            self._tokens.append(token)
        self._box.setVisible(bool(self._tokens))
        self._box.updateGeometry()


def _is_left(event: QEvent) -> bool:
    """Whether the focus goes elsewhere, and not only to the suggestions."""
    return isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STAYS


def _other_way(direction: Qt.LayoutDirection) -> Qt.LayoutDirection:
    """For the icon to come after the text."""
    right = Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight if direction == right else right
