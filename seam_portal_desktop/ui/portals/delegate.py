"""Paints the cells of the portals table."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.portal.record import Channel, PortalKind, PortalRecord, PortalStatus
from seam_portal_desktop.ui.portals.delivery_style import delivery_style
from seam_portal_desktop.ui.portals.groups import GroupPlace
from seam_portal_desktop.ui.portals.model import COLUMNS, PortalTableModel
from seam_portal_desktop.ui.portals.status_style import LEVEL_STYLE, style_of
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone
from seam_portal_desktop.ui.workspaces.environment import environment_of

_RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft
_BY_TEXT = Qt.LayoutDirection.LayoutDirectionAuto
_BAR = 3
_RING = 2
_CACHED_TEXTS = 4096
_LEAST_NAME = 8
"""The characters of a customer's name below which a part of it says nothing."""

_KEY, _STATUS, _EXPIRES, _PREVIEW, _SENT, _KIND = (
    COLUMNS.index(column)
    for column in (
        PortalColumn.CUSTOMER_KEY,
        PortalColumn.STATUS,
        PortalColumn.EXPIRES,
        PortalColumn.PREVIEW,
        PortalColumn.SENT,
        PortalColumn.WORKSPACE_KIND,
    )
)
_WITH_ICON = (_STATUS, _PREVIEW, _SENT, _KIND)
_ICON_IS_ENOUGH = (_PREVIEW, _SENT)
_SENT_ICONS = {
    Channel.EMAIL: "mail",
    Channel.SMS: "smartphone",
    Channel.CHAT: "message-square",
    Channel.OTHER: "send",
    None: "send",
}


@dataclass(slots=True)
class _RowColors:
    """The colours of a plain, hovered or selected row, or a selected one in an inactive window."""

    background: QColor
    text: QColor
    faded: QColor
    tones: dict[Tone, QColor]


class PortalDelegate(QStyledItemDelegate):
    """Paints text, icon and selection without the style: fast, and the same on every platform.

    The view sets `hovered_row` and `focused_row`; -1 is none.
    """

    def __init__(
        self, model: PortalTableModel, theme: Theme, icons: Icons, view: QTableView
    ) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._theme = theme
        self._icons = icons
        self.hovered_row = -1
        self.focused_row = -1
        self._elided: dict[tuple[str, int, bool], str] = {}
        self._widths: dict[str, int] = {}
        self.set_font_metrics(view.fontMetrics())
        self.update_colors()

    def set_font_metrics(self, metrics: QFontMetrics) -> None:
        """Measure texts with this font from now on."""
        self._metrics = metrics
        self._icon_side = metrics.height()
        self.row_height = metrics.height() + 2 * Spacing.S + 1
        self._baseline = (self.row_height - 1 - metrics.height()) // 2 + metrics.ascent()
        self._icon_top = (self.row_height - 1 - self._icon_side) // 2
        self._elided.clear()
        self._widths.clear()

    def update_colors(self) -> None:
        """Read the colours again, after the scheme or the palette changed."""
        theme = self._theme
        self._row_styles = {
            (False, False): self._row_colors(theme.role(QPalette.ColorRole.Base)),
            (False, True): self._row_colors(theme.hover()),
            (True, False): self._row_colors(theme.selection(active=False)),
            (True, True): self._row_colors(theme.selection()),
        }
        self._hairline = theme.hairline()
        self._accent = theme.focus()

    def width_of(self, column: int, text: str) -> int:
        """The width of a cell that shows all of `text`, in device-independent pixels."""
        icon = self._icon_side + Spacing.S if column in _WITH_ICON else 0
        before = Spacing.M if column == _KEY else Spacing.S
        return self._text_width(text) + icon + before + Spacing.S

    # Qt's methods

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        del option
        return QSize(self._whole_width(index), self.row_height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row, column = index.row(), index.column()
        rect = option.rect
        x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        # Not by `option.state`, for which PySide loads QStyle (see `visual_rect`).
        selected = self._view.selectionModel().isSelected(index)
        highlighted = self._view.isActiveWindow() if selected else row == self.hovered_row
        colors = self._row_styles[selected, highlighted]

        group = self._model.group(row)
        # Not `fillRect`, for which PySide loads the 169 names of QGradient's presets.
        painter.setBackground(colors.background)
        painter.eraseRect(x, y, width, height)
        if group is None or group.is_last:
            painter.setBackground(self._hairline)
            painter.eraseRect(x, y + height - 1, width, 1)

        text = self._model.texts(row)[column]
        status, portal = self._model.status(row), self._model.portal(row)
        icon, color = self._icon_and_color(column, portal, status, colors)
        mirrored = option.direction == _RIGHT_TO_LEFT
        before = Spacing.M if column == _KEY else Spacing.S
        left, space = x + (Spacing.S if mirrored else before), width - before - Spacing.S
        if icon is not None and space >= self._icon_side:
            icon_left = left if not mirrored else x + width - Spacing.S - self._icon_side
            painter.drawPixmap(icon_left, y + self._icon_top, self._pixmap(icon, color, painter))
            icon_width = self._icon_side + Spacing.S
            space -= icon_width
            left += 0 if mirrored else icon_width
        is_older = group is not None and not group.is_first
        if column == _KEY and group is not None and group.size > 1:
            used = self._paint_group(painter, group, left, space, y + self._baseline, colors.faded)
            space -= used
            left += used if mirrored is not is_older else 0
            color = colors.faded if is_older else color
        if column in _ICON_IS_ENOUGH and icon is not None and self._text_width(text) > space:
            space = 0  # a piece of the text would add nothing to the icon
        if column == _KEY and portal.customer_name and space > 0 and not is_older:
            name, baseline = portal.customer_name, y + self._baseline
            used = self._paint_name(painter, name, text, left, space, baseline, colors.faded)
            space -= used
            left += used if mirrored else 0
        if space > 0:
            painter.setPen(color)
            shown = self._elide(text, space, middle=column == _KEY)
            if mirrored:
                left += space - self._text_width(shown)
                # The text's own direction: else '2 h ago' is painted as 'h ago 2'.
                painter.setLayoutDirection(_BY_TEXT)
            painter.drawText(left, y + self._baseline, shown)

        if selected or row == self.focused_row:
            self._paint_marks(painter, rect, column, focused=row == self.focused_row)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if (
            event.type() is QEvent.Type.ToolTip
            and index.isValid()
            and index.column() == _KEY
            and self._is_shown_whole(index, option.rect.width())
        ):
            QToolTip.hideText()
            return True
        return super().helpEvent(event, view, option, index)

    # Parts

    def _paint_name(
        self,
        painter: QPainter,
        name: str,
        key: str,
        left: int,
        space: int,
        baseline: int,
        color: QColor,
    ) -> int:
        """Paint the customer's name after the key. Returns the width that it takes from the key's
        `space`; 0 if too little is left for a name.

        A key that fits isn't cut. A longer one, such as a UUID, leaves half to the name.
        """
        least = min(self._metrics.averageCharWidth() * _LEAST_NAME, self._text_width(name))
        key_space = key_width = self._text_width(key)
        if key_width > space:
            key_space = (space - Spacing.M) // 2
            key_width = self._text_width(self._elide(key, key_space, middle=True))
        start = key_width + Spacing.M
        if space - start < least:
            return 0
        shown = self._elide(name, space - start, middle=False)
        painter.setPen(color)
        mirrored = self._view.layoutDirection() == _RIGHT_TO_LEFT
        x = left + space - start - self._text_width(shown) if mirrored else left + start
        painter.setLayoutDirection(_BY_TEXT)
        painter.drawText(x, baseline, shown)
        painter.setLayoutDirection(self._view.layoutDirection())
        return space - key_space

    def _row_colors(self, background: QColor) -> _RowColors:
        theme = self._theme
        return _RowColors(
            background=background,
            text=theme.role(QPalette.ColorRole.Text),
            faded=theme.color_on(Tone.NEUTRAL, background),
            tones={tone: theme.color_on(tone, background) for tone in Tone},
        )

    def _icon_and_color(
        self, column: int, portal: PortalRecord, status: PortalStatus, colors: _RowColors
    ) -> tuple[str | None, QColor]:
        if column == _STATUS:
            style = style_of(portal, status)
            return style.icon, colors.tones[style.tone]
        if column == _KEY:
            deep = portal.kind is PortalKind.RESERVATION_DEEP_LINK
            return ("calendar-check" if deep else None), colors.text
        if column == _EXPIRES:
            live = status in (PortalStatus.ACTIVE, PortalStatus.EXPIRING)
            return None, colors.text if live else colors.faded
        if column in _ICON_IS_ENOUGH:
            return self._result_style(column, portal, colors)
        if column == _KIND:
            environment = environment_of(portal.workspace_kind, demo=False)
            return environment.icon, colors.tones[environment.tone]
        return None, colors.faded

    def _result_style(
        self, column: int, portal: PortalRecord, colors: _RowColors
    ) -> tuple[str | None, QColor]:
        if column == _SENT:
            newest, sent = delivery_style(portal), portal.sent
            if newest is not None:
                return newest.icon, colors.tones[newest.tone]
            return (_SENT_ICONS[sent.channel] if sent else None), colors.faded
        if portal.preview_verdict is not None:
            style = LEVEL_STYLE[portal.preview_verdict]
            return style.icon, colors.tones[style.tone]
        return ("eye" if portal.previewed_at else None), colors.faded

    def _paint_marks(self, painter: QPainter, rect: QRect, column: int, *, focused: bool) -> None:
        """Paint a bar at the start of a selected row, and a ring around the row with the focus."""
        x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        first, last = self._ends()
        ring = _RING if focused else 0
        if ring:
            painter.fillRect(x, y, width, ring, self._accent)
            painter.fillRect(x, y + height - 1 - ring, width, ring, self._accent)
        mirrored = self._view.layoutDirection() == _RIGHT_TO_LEFT
        for end, thickness, left in ((first, _BAR, not mirrored), (last, ring, mirrored)):
            if column == end and thickness:
                edge = x if left else x + width - thickness
                painter.fillRect(edge, y, thickness, height - 1, self._accent)

    def _ends(self) -> tuple[int, int]:
        """The first and the last column, in reading order, of those that aren't hidden."""
        header = self._view.horizontalHeader()
        order = [header.logicalIndex(position) for position in range(header.count())]
        shown = [section for section in order if not header.isSectionHidden(section)]
        return shown[0], shown[-1]

    def _paint_group(
        self,
        painter: QPainter,
        group: GroupPlace,
        left: int,
        space: int,
        baseline: int,
        color: QColor,
    ) -> int:
        """Paint how many rows the group has at the end of its first one. Returns the width that
        this takes from the `space`, at its end, or for an older row its indent, at the start."""
        if not group.is_first:
            return Spacing.L
        count = self._view.locale().toString(group.size)
        count = f"{count}+" if group.has_more else count
        width = self._text_width(count)
        painter.setPen(color)
        mirrored = self._view.layoutDirection() == _RIGHT_TO_LEFT
        painter.drawText(left if mirrored else left + space - width, baseline, count)
        return width + Spacing.S

    def _pixmap(self, name: str, color: QColor, painter: QPainter) -> QPixmap:
        return self._icons.pixmap(name, color, self._icon_side, painter.device().devicePixelRatio())

    def _elide(self, text: str, space: int, *, middle: bool) -> str:
        if self._text_width(text) <= space:
            return text
        key = (text, space, middle)
        shown = self._elided.get(key)
        if shown is None:
            if len(self._elided) >= _CACHED_TEXTS:
                self._elided.clear()
            mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            shown = self._elided[key] = self._metrics.elidedText(text, mode, space)
        return shown

    def _text_width(self, text: str) -> int:
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) >= _CACHED_TEXTS:
                self._widths.clear()
            width = self._widths[text] = self._metrics.horizontalAdvance(text)
        return width

    def _whole_width(self, index: QModelIndex | QPersistentModelIndex) -> int:
        """The width in which the cell shows all that it has."""
        row, column = index.row(), index.column()
        width = self.width_of(column, self._model.texts(row)[column])
        name = self._model.portal(row).customer_name if column == _KEY else ""
        return width + Spacing.M + self._text_width(name) if name else width

    def _is_shown_whole(self, index: QModelIndex | QPersistentModelIndex, width: int) -> bool:
        has_tags = bool(self._model.portal(index.row()).tags)  # only the tooltip shows them
        return not has_tags and self._whole_width(index) <= width
