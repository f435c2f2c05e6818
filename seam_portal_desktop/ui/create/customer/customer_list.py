"""The list of known customers under the key field: each key and name with the link below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QCompleter,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seam_portal_desktop.domain.portal.customers import KnownCustomer
from seam_portal_desktop.domain.portal.record import Channel
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import isolate, one_line
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import visual_rect
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone
from seam_portal_desktop.ui.toolkit.times import relative

_LINK_TEXT = Qt.ItemDataRole.UserRole
_HAS_LINK = Qt.ItemDataRole.UserRole + 1
_NAME = Qt.ItemDataRole.UserRole + 2
_LEAST_NAME = 8
"""The characters of a customer's name for which a long key makes room."""

_NO_LINK = _("No active link")
_NOT_HERE = _("No link made here")
_SENT = {
    Channel.EMAIL: _("sent {when} by email"),
    Channel.SMS: _("sent {when} by SMS"),
    Channel.CHAT: _("sent {when} by chat"),
    Channel.OTHER: _("sent {when} another way"),
    None: _("sent {when}"),
}

_Index = QModelIndex | QPersistentModelIndex


def link_text(customer: KnownCustomer, now: datetime) -> str:
    """'Active link, expires in 3 days · sent 2 days ago by email', or that there is none. The
    customer's tags follow."""
    links = customer.links_at(now)
    if links:
        text = _("Active link, expires {expires_at}").format(
            expires_at=relative(links[0].expires_at, now)
        )
    else:
        text = _NO_LINK if customer.is_here else _NOT_HERE
    if customer.sent_at is not None:
        sent = _SENT[customer.sent_channel].format(when=relative(customer.sent_at, now))
        text = f"{text} · {sent}"
    tags = ", ".join(map(isolate, customer.details.tags))
    return f"{text} · {tags}" if tags else text


class CustomerModel(QAbstractListModel):
    """The customers that match what was typed. The completer reads their keys."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._customers: tuple[KnownCustomer, ...] = ()
        self._now: datetime | None = None

    def set_customers(self, customers: Sequence[KnownCustomer], now: datetime) -> None:
        """Show `customers` in this order, with times relative to `now`."""
        self._now = now
        if tuple(customers) == self._customers:
            return
        self.beginResetModel()
        self._customers = tuple(customers)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._customers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._now is None:
            return None
        customer = self._customers[index.row()]
        key, name, value = customer.customer_key, customer.details.name, None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            value = key
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            who = f"{one_line(key)}, {name}" if name else one_line(key)
            value = f"{who}, {link_text(customer, self._now)}"
        elif role == Qt.ItemDataRole.ToolTipRole:
            import html  # only tooltips need it, and it takes time at start

            # Qt would read a key that looks like HTML as HTML.
            value = "<br>".join(f"<span>{html.escape(each)}</span>" for each in (key, name) if each)
        elif role == _LINK_TEXT:
            value = link_text(customer, self._now)
        elif role == _HAS_LINK:
            return bool(customer.links_at(self._now))
        elif role == _NAME:
            value = name
        return value


class CustomerCompleter(QCompleter):
    """Offers all rows of its model, which has only those that match: a name or a tag may match,
    while the key, which is written into the field, doesn't."""

    def splitPath(self, path: str) -> list[str]:
        del path
        return [""]


class CustomerPopup(QListView):
    """The completer's list, with two lines a row."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Known customers"))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)


class CustomerDelegate(QStyledItemDelegate):
    """Paints the key and the name, and below them an icon and words about the link."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del index
        return QSize(0, 2 * option.fontMetrics.height() + 2 * Spacing.XS + Spacing.XS)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        from PySide6.QtWidgets import QStyle  # PySide needs 6 ms to load its enums

        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        text, faded = (
            (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.HighlightedText)
            if chosen
            else (QPalette.ColorRole.Text, QPalette.ColorRole.PlaceholderText)
        )
        metrics, palette = option.fontMetrics, option.palette
        line = metrics.height()
        box = option.rect.adjusted(Spacing.S, Spacing.XS, -Spacing.S, -Spacing.XS)
        upper = QRect(box.left(), box.top(), box.width(), line)
        lower = QRect(box.left(), box.bottom() + 1 - line, box.width(), line)
        self._draw_customer(
            painter, option, index, upper, palette.color(text), palette.color(faded)
        )
        has_link = index.data(_HAS_LINK)
        side = round(metrics.ascent() * 0.95)
        square = QRect(lower.left(), lower.top() + (line - side) // 2, side, side)
        tone = None if chosen else Tone.SUCCESS if has_link else Tone.NEUTRAL
        icon = self._icons.icon("circle-check" if has_link else "circle", tone, on_solid=chosen)
        icon.paint(painter, visual_rect(option.direction, lower, square))
        rest = lower.adjusted(side + Spacing.XS, 0, 0, 0)
        painter.setPen(palette.color(faded))
        self._draw(
            painter,
            visual_rect(option.direction, lower, rest),
            metrics,
            index.data(_LINK_TEXT),
            Qt.TextElideMode.ElideRight,
        )

    def _draw_customer(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: _Index,
        box: QRect,
        text: QColor,
        faded: QColor,
    ) -> None:
        """Draw the key, and after it what there is room for of the name."""
        metrics, middle = option.fontMetrics, Qt.TextElideMode.ElideMiddle
        key, name = one_line(index.data()), index.data(_NAME)
        most = (box.width() - Spacing.M) // 2 if name else box.width()
        whole = metrics.horizontalAdvance(key) + 1
        rest = box.width() - whole - Spacing.M
        least = min(metrics.horizontalAdvance(name), metrics.averageCharWidth() * _LEAST_NAME)
        width = whole if rest >= least else min(whole, most)
        painter.setPen(text)
        first = QRect(box.left(), box.top(), width, box.height())
        self._draw(painter, visual_rect(option.direction, box, first), metrics, key, middle)
        if name:
            painter.setPen(faded)
            second = box.adjusted(width + Spacing.M, 0, 0, 0)
            self._draw(painter, visual_rect(option.direction, box, second), metrics, name, middle)

    @staticmethod
    def _draw(
        painter: QPainter, box: QRect, metrics: QFontMetrics, text: str, mode: Qt.TextElideMode
    ) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        shown = metrics.elidedText(text, mode, box.width())
        painter.drawText(box, flags | Qt.TextFlag.TextSingleLine, shown)
