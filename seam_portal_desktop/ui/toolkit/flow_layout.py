"""A layout that breaks its row into lines like text."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from seam_portal_desktop.ui.toolkit.labels import visual_rect
from seam_portal_desktop.ui.toolkit.theme import Spacing


class FlowLayout(QLayout):
    """Items side by side at their preferred size, vertically centred in their line.

    An item that is wider than a line gets a line of its own. Lines follow the layout direction.
    The spacing is the same between items and between lines.
    """

    def __init__(self, parent: QWidget | None = None, spacing: int = Spacing.S) -> None:
        super().__init__(parent) if parent is not None else super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return sum(_height(line) for line in lines) + self.spacing() * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:
        items = self._shown()
        widths = [item.sizeHint().width() for item in items]
        return QSize(sum(widths) + self.spacing() * max(0, len(items) - 1), _height(items))

    def minimumSize(self) -> QSize:
        items = self._shown()
        widest = max((item.minimumSize().width() for item in items), default=0)
        return QSize(widest, _height(items))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        top = rect.top()
        for line in self._lines(rect.width()):
            height, left = _height(line), rect.left()
            for item in line:
                size = item.sizeHint()
                size.setWidth(min(size.width(), rect.width()))
                box = QRect(QPoint(left, top + (height - size.height()) // 2), size)
                item.setGeometry(visual_rect(direction, rect, box))
                left += size.width() + self.spacing()
            top += height + self.spacing()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            item_width = item.sizeHint().width()
            if lines and used + self.spacing() + item_width <= width:
                lines[-1].append(item)
                used += self.spacing() + item_width
            else:
                lines.append([item])
                used = item_width
        return lines


def _height(line: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in line), default=0)
