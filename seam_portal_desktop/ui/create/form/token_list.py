"""A control for a list of short texts: type one and press Enter; a click on one removes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.controls import Control
from seam_portal_desktop.ui.create.form.settings import Setting
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, make_completer, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing

_TOKEN_CHARACTERS = 40
_SUMMARY_TOKENS = 2
_SEPARATORS = re.compile(r"[,;\t\r\n]")
_FOCUS_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class ListControl(Control):
    """An empty list is not sent, unless the request that was filled in has an empty one.

    A suggestion has a text (``Salto KS``) and a value (``salto_ks``). Any other text is its own
    value.
    """

    def __init__(self, setting: Setting, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._icons = icons
        self._values: list[str] = []
        self._filled_in: list[str] | None = None
        self._texts: dict[str, str] = {}
        self.tokens: list[QToolButton] = []
        self._box = QWidget(self)
        self._flow = FlowLayout(self._box, Spacing.XS)
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(_("{setting}: add one").format(setting=setting.title))
        self.edit.setPlaceholderText(_("Type one and press Enter"))
        self.edit.setClearButtonEnabled(True)
        self.edit.installEventFilter(self)
        # While suggestions are open, Enter reaches the field past its event filters.
        self.edit.returnPressed.connect(self._add_typed)
        self._suggestions = QStringListModel(self)
        completer = make_completer(self._suggestions, self)
        self.edit.setCompleter(completer)
        # The completer writes the text into the field after it has emitted this signal.
        chosen = completer.activated[str]  # type: ignore[index]
        chosen.connect(lambda _text: QTimer.singleShot(0, self, self._add_typed))
        column = QVBoxLayout()
        column.setSpacing(Spacing.XS)
        column.addWidget(self._box)
        column.addWidget(self.edit)
        self.row.addLayout(column)
        self._box.hide()

    @property
    def field(self) -> QWidget:
        return self.edit

    def set_suggestions(self, texts: Mapping[str, str]) -> None:
        """The suggestions' texts by value."""
        self._texts = dict(texts)
        self._suggestions.setStringList(list(texts.values()))
        self._rebuild_tokens()

    def value(self) -> Any:  # noqa: ANN401
        values = [*self._values, *self._typed()]
        return values if values or self._filled_in == [] else None

    def values(self) -> list[str]:
        return self.value() or []

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self._filled_in = value
        self._values = list(value or ())
        self.edit.clear()
        self._rebuild_tokens()
        self.changed.emit()

    def text_of(self, value: str) -> str:
        return self._texts.get(value, value)

    def summary(self) -> str:
        values = self.values()
        texts = ", ".join(shortened(self.text_of(each), 24) for each in values[:_SUMMARY_TOKENS])
        more = len(values) - _SUMMARY_TOKENS
        return _("{texts} and {more} more").format(texts=texts, more=more) if more > 0 else texts

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._handles(event):
                return True
        elif watched is self.edit and _focus_left(event):
            self._add_typed()
        return super().eventFilter(watched, event)

    def _handles(self, event: QKeyEvent) -> bool:
        """Enter adds the typed text; without a text it goes to the form."""
        text = self.edit.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma) and text.strip():
            self._add_typed()
            return True
        if event.key() == Qt.Key.Key_Backspace and not text and self._values:
            self._remove(len(self._values) - 1)
            return True
        return False

    def _typed(self) -> list[str]:
        """What is typed or pasted and not in the list: one text, or several with separators."""
        texts = (each.strip() for each in _SEPARATORS.split(self.edit.text()))
        values = dict.fromkeys(self._value_of(each) for each in texts if each)
        return [each for each in values if each not in self._values]

    def _value_of(self, text: str) -> str:
        folded = text.casefold()
        for value, suggestion in self._texts.items():
            if folded in (value.casefold(), suggestion.casefold()):
                return value
        return text

    def _add_typed(self) -> None:
        """Add what is typed to the list, and clear the field."""
        typed = self._typed()
        self.edit.clear()
        if typed:
            self._values += typed
            self._rebuild_tokens()
            self.changed.emit()

    def _remove(self, index: int) -> None:
        del self._values[index]
        self._rebuild_tokens()
        self.edit.setFocus()
        self.changed.emit()

    def _rebuild_tokens(self) -> None:
        for token in self.tokens:
            self._flow.removeWidget(token)
            token.deleteLater()
        self.tokens = []
        for index, value in enumerate(self._values):
            token = QToolButton(self._box)
            token.setProperty("kind", "token")
            text = self.text_of(value)
            token.setText(in_menu(shortened(text, _TOKEN_CHARACTERS)) or _("(empty text)"))
            token.setIcon(self._icons.icon("x"))
            token.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            token.setLayoutDirection(_opposite(self.layoutDirection()))
            token.setAccessibleName(_("Remove {text}").format(text=text))
            token.setToolTip(
                _("Remove {text} ({value})").format(text=text, value=value)
                if text != value
                else _("Remove {text}").format(text=text)
            )
            token.clicked.connect(lambda _checked=False, index=index: self._remove(index))
            self._flow.addWidget(token)
            token.show()
            self.tokens.append(token)
        self._box.setVisible(bool(self.tokens))
        self._box.updateGeometry()


def _focus_left(event: QEvent) -> bool:
    """Whether the focus goes to another widget than the suggestions."""
    if not isinstance(event, QFocusEvent):
        return False
    return event.lostFocus() and event.reason() not in _FOCUS_STAYS


def _opposite(direction: Qt.LayoutDirection) -> Qt.LayoutDirection:
    """The direction that puts the icon after the text."""
    right = Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight if direction == right else right
