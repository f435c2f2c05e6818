"""The model and the delegate of the palette's rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QIcon,
    QKeySequence,
    QPainter,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from shiboken6 import isValid

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.actions import SYNONYMS
from seam_portal_desktop.ui.shell.command_match import PIECE_SCORE, SYNONYM_SCORE, match
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, TextSize, Theme, Tone

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_FOUND_SCORE = (SYNONYM_SCORE + PIECE_SCORE) // 2


@dataclass(frozen=True, slots=True)
class Command:
    """A row for an action; `positions` are the indexes of the letters that matched. `reason` says
    why it can't be run, if that is known."""

    action: QAction
    text: str
    keys: str
    enabled: bool
    positions: tuple[int, ...] = ()
    reason: str = ""

    def accessible_text(self) -> str:
        state = "" if self.enabled else self.reason or _("not available now")
        return ", ".join(part for part in (self.text, self.keys, state) if part)


class CommandModel(QAbstractListModel):
    """The commands that match the query, the best first, disabled ones at the end.

    What was found for the query in the ledger comes after the actions that have it as a word, and
    before those that only have its letters.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: list[Command] = []
        self._found: list[Command] = []
        self._query = ""
        self._shown: list[Command] = []

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """List these actions with their present texts, shortcuts and states."""
        self.set_commands([_command(action) for action in actions if _is_listed(action)])

    def set_commands(self, commands: Sequence[Command]) -> None:
        self._all = list(commands)
        self._found = []
        self.set_query("")

    def set_found(self, actions: Sequence[QAction]) -> None:
        """List these as well, in their order. The data of each is the part that the query found."""
        self._found = [_command(action) for action in actions]
        self._update()

    def row_of(self, action: QAction) -> int | None:
        """The row of an action that can be run, or None."""
        rows = range(self.enabled_count())
        return next((row for row in rows if self._shown[row].action is action), None)

    def set_query(self, query: str) -> None:
        """List what matches; of what was found for the query before, what this one finds too."""
        self._query = query
        self._found = [one for one in self._found if isValid(one.action) and _is_in(query, one)]
        self._update()

    def _update(self) -> None:
        query = self._query
        matches = [
            (found.score, replace(one, positions=found.positions))
            for one in self._all
            if (
                found := match(
                    query, one.text, SYNONYMS.get(one.action.objectName() or one.text, "")
                )
            )
            is not None
        ]
        matches += [
            (_FOUND_SCORE, replace(one, positions=_positions(query, one))) for one in self._found
        ]
        matches.sort(key=lambda pair: (not pair[1].enabled, -pair[0]))
        self.beginResetModel()
        self._shown = [command for _, command in matches]
        self.endResetModel()

    def command(self, row: int) -> Command | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def enabled_count(self) -> int:
        """How many rows can be run; they are the first ones."""
        return sum(command.enabled for command in self._shown)

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        command = self.command(index.row())
        if command is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return command.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return command.accessible_text()
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        command = self.command(index.row())
        if command is None or not command.enabled:
            return Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )


class CommandDelegate(QStyledItemDelegate):
    """Paints icon, text with the matched letters highlighted, and the shortcut as a key cap."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        return QSize(0, option.fontMetrics.height() + 2 * Spacing.S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        command = model.command(index.row()) if isinstance(model, CommandModel) else None
        if command is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and command.enabled
        back = self._theme.selection() if selected else self._theme.role(QPalette.ColorRole.Base)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(back)
            painter.drawRoundedRect(QRectF(option.rect), RADIUS, RADIUS)
        line = option.rect.adjusted(Spacing.S, 0, -Spacing.S, 0)
        direction = option.direction
        side = option.fontMetrics.height()
        square = QRect(line.left(), line.center().y() - side // 2, side, side)
        mode = QIcon.Mode.Normal if command.enabled else QIcon.Mode.Disabled
        self._icon(command).paint(
            painter, QStyle.visualRect(direction, line, square), Qt.AlignmentFlag.AlignCenter, mode
        )
        box = line.adjusted(side + Spacing.S, 0, 0, 0)
        if command.keys:
            cap = self._paint_key_cap(painter, option, line, command)
            box.setRight(box.right() - cap - Spacing.M)
        self._paint_text(painter, option, QStyle.visualRect(direction, line, box), command, back)
        painter.restore()

    def _icon(self, command: Command) -> QIcon:
        if command.action.isCheckable() and command.action.isChecked():
            return self._icons.icon("check", Tone.ACCENT)
        icon = command.action.icon()
        return self._icons.icon("chevron-right") if icon.isNull() else icon

    def _paint_key_cap(
        self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, command: Command
    ) -> int:
        """Paint the shortcut at the end of `line`; returns its width."""
        painter.setFont(self._theme.font(TextSize.SMALL))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(command.keys) + 2 * Spacing.S
        height = metrics.height() + Spacing.XS
        cap = QRect(line.right() - width, line.center().y() - height // 2, width, height)
        cap = QStyle.visualRect(option.direction, line, cap)
        painter.setBrush(self._theme.role(QPalette.ColorRole.Window))
        painter.setPen(QPen(self._theme.border()))
        painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), Spacing.XS, Spacing.XS)
        painter.setPen(self._text_color(command))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, command.keys)
        return width

    def _paint_text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        box: QRect,
        command: Command,
        back: QColor,
    ) -> None:
        metrics = option.fontMetrics
        text = f"{command.text} · {command.reason}" if command.reason else command.text
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        layout = QTextLayout(shown, option.font)
        if command.enabled:
            layout.setFormats([self._highlight(position, back) for position in command.positions])
        layout.beginLayout()
        layout.createLine().setLineWidth(box.width())
        layout.endLayout()
        painter.setPen(self._text_color(command))
        top = box.center().y() - layout.boundingRect().height() / 2
        left = box.left()
        if option.direction == Qt.LayoutDirection.RightToLeft:
            left = box.right() - round(layout.lineAt(0).naturalTextWidth())
        layout.draw(painter, QPointF(left, top))

    def _highlight(self, position: int, back: QColor) -> QTextLayout.FormatRange:
        text_format = QTextCharFormat()
        text_format.setForeground(self._theme.color_on(Tone.ACCENT, back))
        text_format.setFontWeight(QFont.Weight.Bold)
        highlight = QTextLayout.FormatRange()
        highlight.start, highlight.length, highlight.format = position, 1, text_format
        return highlight

    def _text_color(self, command: Command) -> QColor:
        role = QPalette.ColorRole.Text if command.enabled else QPalette.ColorRole.PlaceholderText
        return self._theme.role(role)


def _is_listed(action: QAction) -> bool:
    return (
        isValid(action)
        and action.isVisible()
        and not action.isSeparator()
        and bool(action.text().strip())
    )


def _is_in(query: str, one: Command) -> bool:
    found = match(query, str(one.action.data()))
    return bool(query.strip()) and found is not None and found.score >= PIECE_SCORE


def _positions(query: str, one: Command) -> tuple[int, ...]:
    """The letters that match in the part of the text that was found."""
    part = str(one.action.data())
    found, start = match(query, part), one.text.find(part)
    if found is None or start < 0:
        return ()
    return tuple(start + position for position in found.positions)


def _command(action: QAction) -> Command:
    text = re.sub(r"&(.)", r"\1", action.text())
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    enabled = action.isEnabled()
    return Command(action, text, keys, enabled, reason="" if enabled else action.statusTip())
