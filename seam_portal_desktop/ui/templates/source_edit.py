"""The editor for one text of a template: completes names, and marks the line of an error."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QKeyEvent,
    QStandardItem,
    QStandardItemModel,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QTextEdit, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_NAME = Qt.ItemDataRole.UserRole
_WORD = re.compile(r"[\w.]*$")
_INSIDE = re.compile(r"\{([{%])(?:(?![}%]\}).)*$")
"""From the last braces that aren't closed."""

_AFTER_BAR = re.compile(r"\|\s*\w*$")
_WIDTH_IN_CHARACTERS = 64
_KEYS_OF_POPUP = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
)


class SourceEdit(QPlainTextEdit):
    """Jinja source. `{{` and a space, or Ctrl+Space, offer the names; after a bar, the filters.

    `lines` is its height for a short text; None for one that takes the room that there is.
    """

    def __init__(
        self, theme: Theme, name: str, parent: QWidget | None = None, *, lines: int | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = lines
        self._error_line: int | None = None
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self._names = QStandardItemModel(self)
        self._filters = QStandardItemModel(self)
        self._completer = QCompleter(self)
        self._completer.setWidget(self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setCompletionRole(_NAME)
        self._completer.activated.connect(self._insert)
        popup = self.popup
        popup.setTextElideMode(Qt.TextElideMode.ElideRight)
        popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        popup.setAccessibleName(_("What can be used"))
        set_kind(popup, "popup")
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def popup(self) -> QListView:
        """The list of what can be completed."""
        return cast(QListView, self._completer.popup())

    def source(self) -> str:
        """The text. Qt's own method would make plain spaces of no-break spaces."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def set_source(self, text: str, *, can_undo: bool) -> None:
        """Replace the text. With `can_undo` the user can get the earlier one back."""
        if text == self.source():
            return
        if not can_undo:
            self.setPlainText(text)
            return
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def set_words(self, names: Mapping[str, str], filters: Sequence[str]) -> None:
        """What is offered: names with what they stand for, and filters."""
        self._names.clear()
        for name, meaning in names.items():
            item = QStandardItem(f"{name}  –  {meaning}")
            item.setData(name, _NAME)
            self._names.appendRow(item)
        self._filters.clear()
        for name in filters:
            item = QStandardItem(name)
            item.setData(name, _NAME)
            self._filters.appendRow(item)

    def set_error_line(self, line: int | None) -> None:
        """Mark this line, counted from 1; None marks none."""
        self._error_line = line
        block = self.document().findBlockByNumber(line - 1) if line is not None else None
        if block is None or not block.isValid():
            self.setExtraSelections([])
            return
        mark = QTextEdit.ExtraSelection()
        mark.format.setBackground(self._theme.tint(Tone.DANGER))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # noqa: FBT003
        mark.cursor = QTextCursor(block)
        self.setExtraSelections([mark])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.popup.isVisible() and event.key() in _KEYS_OF_POPUP:
            event.ignore()  # the popup takes it
            return
        # macOS has its own search at Command+Space, which is Qt's Control there.
        control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
        is_asked = event.key() == Qt.Key.Key_Space and bool(event.modifiers() & control)
        if not is_asked:
            before = self.document().revision()
            super().keyPressEvent(event)
            if self.document().revision() == before:
                self.popup.hide()
                return
        self._offer(is_asked=is_asked)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() * 6)

    def _before(self) -> str:
        """The line up to the cursor."""
        cursor = self.textCursor()
        return cursor.block().text()[: cursor.positionInBlock()]

    def _offer(self, *, is_asked: bool) -> None:
        before = self._before()
        inside = _INSIDE.search(before)
        word = self._word(before)
        is_new = before.endswith("{{ ")
        if self.isReadOnly() or not (is_asked or (inside and (word or is_new))):
            self.popup.hide()
            return
        model = self._filters if inside and _AFTER_BAR.search(before) else self._names
        if self._completer.model() is not model:
            self._completer.setModel(model)
        self._completer.setCompletionPrefix(word)
        count = self._completer.completionCount()
        if not count or (count == 1 and self._completer.currentCompletion() == word):
            self.popup.hide()
            return
        self.popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
        rect = self.cursorRect()
        rect.translate(self.viewport().pos())
        rect.setWidth(self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS)
        self._completer.complete(rect)

    @staticmethod
    def _word(before: str) -> str:
        found = _WORD.search(before)
        return found[0] if found else ""

    def _insert(self, name: str) -> None:
        """Put the name in place of the typed word, and add the braces that are missing."""
        before = self._before()
        word, inside = self._word(before), _INSIDE.search(before)
        cursor = self.textCursor()
        after = cursor.block().text()[cursor.positionInBlock() :]
        text = name
        if inside is None:
            text = f"{{{{ {name} }}}}"
        elif inside[1] == "{":
            start = " " if before.removesuffix(word).endswith("{{") else ""
            is_closed = "}}" in after.partition("{{")[0]
            text = f"{start}{name}" if is_closed else f"{start}{name} }}}}"
        cursor.movePosition(
            QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(word)
        )
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def _apply_theme(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        size = QFont()
        if size.pixelSize() > 0:
            font.setPixelSize(size.pixelSize())
        else:
            font.setPointSizeF(size.pointSizeF())
        self.setFont(font)
        if self._lines is not None:
            self._set_height(self._lines)
        self.set_error_line(self._error_line)

    def _set_height(self, lines: int) -> None:
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 2 * Spacing.M)
