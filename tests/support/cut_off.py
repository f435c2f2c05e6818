"""Finds what a window cuts off: widgets outside their parents, and texts without room."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QToolButton,
    QWidget,
)

from seam_portal_desktop.ui.toolkit.labels import ElidedLabel

_ELIDES = (ElidedLabel,)
"""These shorten their own text, and show all of it in a tooltip."""


def cut_off(window: QWidget) -> list[str]:
    """One line for each visible widget that is outside its parent or has no room for its text."""
    return [line for widget in _visible(window) for line in _complaints(widget)]


def _visible(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisibleTo(window) and not widget.isWindow() and widget.window() is window:
            yield widget


def _complaints(widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    assert parent is not None
    # A QSplitter places its parts one pixel too far with a right-to-left layout.
    room = parent.rect().adjusted(-1, -1, 1, 1)
    if not _scrolls(parent) and not room.contains(widget.geometry()):
        yield f"{_named(widget)} at {widget.geometry().getRect()} is outside {parent.size()}"
    text = _text(widget)
    if text and not isinstance(widget, _ELIDES) and _needed(widget, text) > widget.width():
        yield f"{_named(widget)} is {widget.width()} wide and needs {_needed(widget, text)}"


def _scrolls(parent: QWidget) -> bool:
    area = parent.parentWidget()
    return isinstance(area, QAbstractScrollArea) and area.viewport() is parent


def _text(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        is_plain = widget.textFormat() is not Qt.TextFormat.RichText
        return widget.text() if is_plain and not widget.wordWrap() else ""
    if isinstance(widget, QToolButton):
        style = widget.toolButtonStyle()
        return "" if style is Qt.ToolButtonStyle.ToolButtonIconOnly else widget.text()
    if isinstance(widget, QPushButton | QCheckBox | QRadioButton):
        return widget.text()
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _needed(widget: QWidget, text: str) -> int:
    lines = text.replace("&", "").split("\n")
    return max(widget.fontMetrics().horizontalAdvance(line) for line in lines)


def _named(widget: QWidget) -> str:
    words = widget.accessibleName() or widget.objectName() or _text(widget)
    return f"{type(widget).__name__} {words!r}"
