"""Paints the columns of the file, with a field that looks like a combo box."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QTableView,
)

from seam_portal_desktop.domain.tables.mapping import MappedColumn, Match
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.table_models import FILE, TARGET, ColumnListModel, Index
from seam_portal_desktop.ui.import_data.words import sample_text
from seam_portal_desktop.ui.toolkit.form_parts import isolate
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import visual_rect
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_ICONS = {
    Match.EXACT: ("circle-check", Tone.SUCCESS),
    Match.SYNONYM: ("circle-check", Tone.SUCCESS),
    Match.REMEMBERED: ("circle-check", Tone.SUCCESS),
    Match.CHOSEN: ("check", Tone.NEUTRAL),
    Match.ALIKE: ("triangle-alert", Tone.WARNING),
    Match.NONE: ("circle-dashed", Tone.NEUTRAL),
}


class ColumnDelegate(QStyledItemDelegate):
    def __init__(
        self, model: ColumnListModel, theme: Theme, icons: Icons, view: QTableView
    ) -> None:
        super().__init__(view)
        self._model = model
        self._theme = theme
        self._icons = icons
        self._view = view
        # The style sheet's combo box is painted for a combo box only.
        self._combo = QComboBox(view)
        self._combo.hide()
        self._combo.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.row()
        column = self._model.columns[row]
        painter.save()
        self._paint_background(painter, option.rect, index)
        rect = option.rect.adjusted(Spacing.M, Spacing.S, -Spacing.S, -Spacing.S)
        if index.column() == FILE:
            self._paint_title(painter, rect, row, column)
        elif index.column() == TARGET:
            self._paint_field(painter, rect, row, column)
        else:
            self._paint_reason(painter, rect, row, column)
        painter.restore()

    def _paint_background(self, painter: QPainter, rect: QRect, index: Index) -> None:
        is_selected = self._view.selectionModel().isSelected(index) and self._view.hasFocus()
        if is_selected:
            painter.fillRect(rect, self._theme.selection())
        elif self._model.columns[index.row()].must_ask:
            painter.fillRect(rect, self._theme.tint(Tone.WARNING))
        painter.setPen(self._theme.hairline())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_title(self, painter: QPainter, rect: QRect, row: int, column: MappedColumn) -> None:
        is_left_out = column.target is None and not column.must_ask
        text = self._theme.role(QPalette.ColorRole.Text)
        faded = self._theme.role(QPalette.ColorRole.PlaceholderText)
        font = QFont(self._view.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(faded if is_left_out else text)
        half = rect.height() // 2
        upper = QRect(rect.left(), rect.top(), rect.width(), half)
        self._draw_line(painter, upper, isolate(self._model.title(row)))
        painter.setFont(self._view.font())
        painter.setPen(faded)
        samples = sample_text(column.samples) or _("No values")
        self._draw_line(painter, upper.translated(0, half), samples)

    def _paint_field(self, painter: QPainter, rect: QRect, row: int, column: MappedColumn) -> None:
        option = QStyleOptionComboBox()
        option.initFrom(self._combo)
        option.state |= QStyle.StateFlag.State_Enabled
        option.direction = self._view.layoutDirection()
        height = self._combo.sizeHint().height()
        option.rect = QRect(
            rect.left() - Spacing.M + Spacing.XS,
            rect.center().y() - height // 2,
            rect.width() + Spacing.M - Spacing.S,
            height,
        )
        is_current = self._view.currentIndex().row() == row and self._view.hasFocus()
        if is_current:
            option.state |= QStyle.StateFlag.State_HasFocus
        option.frame = True
        option.editable = False
        style = self._combo.style()
        style.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self._combo)
        field = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self._combo,
        )
        role = QPalette.ColorRole.PlaceholderText if column.must_ask else QPalette.ColorRole.Text
        painter.setPen(self._theme.role(role))
        text_rect = field.adjusted(Spacing.XS, 0, -Spacing.XS, 0)
        self._draw_line(painter, text_rect, self._model.target_text(row))

    def _paint_reason(self, painter: QPainter, rect: QRect, row: int, column: MappedColumn) -> None:
        is_asked = bool(self._model.question(row))
        name, tone = ("triangle-alert", Tone.WARNING) if is_asked else _ICONS[column.match]
        side = self._view.fontMetrics().height()
        direction = self._view.layoutDirection()
        square = QRect(rect.left(), rect.center().y() - side // 2, side, side)
        self._icons.icon(name, tone).paint(painter, visual_rect(direction, rect, square))
        if tone is Tone.WARNING:
            painter.setPen(self._theme.color(tone))
        else:
            painter.setPen(self._theme.role(QPalette.ColorRole.PlaceholderText))
        rest = visual_rect(direction, rect, rect.adjusted(side + Spacing.S, 0, 0, 0))
        layout = QTextOption(_start(direction))
        layout.setTextDirection(direction)
        layout.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(
            rest.adjusted(0, -Spacing.XS, 0, Spacing.XS).toRectF(), self._model.reason(row), layout
        )

    def _draw_line(self, painter: QPainter, rect: QRect, text: str) -> None:
        """One line of text where the layout begins, cut if it is too long."""
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(_start(self._view.layoutDirection())), shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, super().sizeHint(option, index).height())


def _start(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    is_left = direction is Qt.LayoutDirection.LeftToRight
    side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
