"""The command palette: every action of the program, and portals, by name, with Ctrl/Cmd+K."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt
from PySide6.QtGui import (
    QAction,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.command_list import CommandDelegate, CommandModel
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

_ROWS_SHOWN = 10
_WIDTH_CHARACTERS = 84
_OVERLAY_ALPHA = 0.6
_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_ROWS_SHOWN,
    Qt.Key.Key_PageDown: _ROWS_SHOWN,
}
_CLOSES_OR_RUNS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CommandPalette(QWidget):
    """A search field and a list of actions over the window that is its parent.

    The action is triggered after the palette has closed and the focus is back where it was.
    `open` closes an open palette. `search` is called with what is typed, and '' for nothing; its
    answer is `set_found`.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._theme = theme
        self.search: Callable[[str], None] = lambda typed: self.set_found(typed, [])
        self._actions: list[QAction] = []
        self._is_searching = False
        self._was_moved = False
        self._focus_before: QWidget | None = None
        self._model = CommandModel(self)
        self.setAccessibleName(_("Command palette"))
        self._card = QFrame(self)
        set_kind(self._card, "card")
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Type a command or a customer"))
        self._field.setAccessibleName(_("Command or customer"))
        self._field.addAction(
            icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition
        ).setText(_("Search"))
        self._field.installEventFilter(self)
        self._field.textChanged.connect(self._filter)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(CommandDelegate(theme, icons, self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(_("Commands"))
        self._list.entered.connect(self._list.setCurrentIndex)
        self._list.clicked.connect(self._run)
        self._no_match = plain_label()
        self._no_match.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._hint.set_full_text(_("↑ ↓ to choose · Enter to run · Esc to leave"))
        for label in (self._no_match, self._hint):
            set_kind(label, "muted")
        rows = QVBoxLayout(self._card)
        rows.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.S)
        rows.setSpacing(Spacing.S)
        for widget in (self._field, self._list, self._no_match, self._hint):
            rows.addWidget(widget)
        parent.installEventFilter(self)
        theme.changed.connect(self.update)
        self.hide()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """Offer these. Each `open` reads their present texts, shortcuts and states."""
        self._actions = list(actions)

    def set_found(self, typed: str, actions: Sequence[QAction]) -> None:
        """Offer also what was found for `typed`, unless the text is another one by now."""
        if typed != self._field.text().strip():
            return
        before = self._model.command(self._list.currentIndex().row())
        self._is_searching = False
        self._model.set_found(actions)
        row = self._model.row_of(before.action) if before is not None and self._was_moved else None
        self._show_rows(row or 0)

    def open(self) -> None:
        if self.isVisible():
            self.close_palette()
            return
        self._focus_before = QApplication.focusWidget()
        self._actions = [action for action in self._actions if isValid(action)]
        self._model.set_actions(self._actions)
        self._field.setText("")
        self._filter("")
        self.raise_()
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_palette(self) -> None:
        """Close without running anything."""
        if self.isHidden():
            return
        self.hide()
        self.search("")
        if self._focus_before is not None and isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focus_before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._update_layout()
        elif watched is self._field and isinstance(event, QKeyEvent):
            handled = event.key() in _MOVES or event.key() in _CLOSES_OR_RUNS
            if handled and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if handled and event.type() == QEvent.Type.KeyPress:
                self._on_key(event.key())
                return True
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, next_: bool) -> bool:  # noqa: ARG002, FBT001 - Qt's signature
        # Tab must not move the focus to a control below the palette.
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        overlay = self._theme.role(QPalette.ColorRole.Window)
        overlay.setAlphaF(_OVERLAY_ALPHA)
        painter = QPainter(self)
        painter.fillRect(self.rect(), overlay)
        painter.end()

    def _on_key(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in _MOVES:
            self._move(_MOVES[Qt.Key(key)])
        else:
            self._run(self._list.currentIndex())

    def _move(self, steps: int) -> None:
        count = self._model.enabled_count()
        if count == 0:
            return
        row = self._list.currentIndex().row() + steps
        # One step past an end goes to the other end; a page stops at the end.
        row = row % count if abs(steps) == 1 else max(0, min(row, count - 1))
        self._was_moved = True
        self._select(row)

    def _select(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(row))
        command = self._model.command(row)
        if command is not None:
            announce(
                self._field,
                _("{accessible_text}, {row} of {row_count}").format(
                    accessible_text=command.accessible_text(),
                    row=row + 1,
                    row_count=self._model.rowCount(),
                ),
            )

    def _filter(self, query: str) -> None:
        typed = query.strip()
        self._was_moved = False
        self._is_searching = bool(typed)
        self._model.set_query(query)
        self._show_rows(0)
        self.search(typed)

    def _show_rows(self, current: int) -> None:
        found = self._model.rowCount() > 0
        self._no_match.setText(_("Searching…") if self._is_searching else _("Nothing matches"))
        self._list.setVisible(found)
        self._no_match.setVisible(not found)
        self._update_layout()
        if self._model.enabled_count():
            self._select(current)
        elif not found:
            announce(self._field, self._no_match.text())

    def _run(self, index: QModelIndex) -> None:
        command = self._model.command(index.row())
        if command is None or not command.enabled:
            return
        self.close_palette()
        if isValid(command.action):
            command.action.trigger()

    def _update_layout(self) -> None:
        """Place the card in the upper middle, as tall as its rows but inside the window."""
        self.setGeometry(self._window.rect())
        width = self.fontMetrics().averageCharWidth() * _WIDTH_CHARACTERS
        width = min(width, self.width() - 2 * Spacing.L)
        top = min(Spacing.XL * 3, self.height() // 8)
        row = max(self._list.sizeHintForRow(0), 0)
        self._list.setFixedHeight(row * min(_ROWS_SHOWN, max(1, self._model.rowCount())))
        space = self.height() - top - Spacing.L
        missing = self._card.sizeHint().height() - space
        if missing > 0:
            self._list.setFixedHeight(max(row, self._list.height() - missing))
        self._card.setGeometry(
            QRect((self.width() - width) // 2, top, width, self._card.sizeHint().height())
        )
