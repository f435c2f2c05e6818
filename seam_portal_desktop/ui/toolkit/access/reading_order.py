"""Gives a screen reader and the Tab key the order in which the widgets are laid out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)


def order_by_layout(top: QWidget) -> None:
    """Sort the widgets in `top` by their layouts, for the Tab key and for assistive technology.

    Qt has both in the order in which widgets were made. A widget that no layout has stays above
    its siblings, and comes last.
    """
    wanted = list(_focusable(top))
    if not wanted:
        return
    # Qt moves nothing behind the last widget of a window, so the first one can't stay there.
    present = next(widget for widget in _chain(top.window()) if widget in wanted)
    QWidget.setTabOrder(present, wanted[0])
    QWidget.setTabOrder(wanted[0], present)
    for before, after in pairwise(wanted):
        QWidget.setTabOrder(before, after)


def _chain(window: QWidget) -> Iterator[QWidget]:
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        yield widget
        widget = widget.nextInFocusChain()


def _focusable(widget: QWidget) -> Iterator[QWidget]:
    for child in _sorted_children(widget):
        # An unchecked radio button isn't a tab stop now, but can become one.
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and child.focusProxy() is None:
            yield child
        yield from _focusable(child)


def _sorted_children(widget: QWidget) -> list[QWidget]:
    """The laid out children of `widget`, after a screen reader was given the same order."""
    if isinstance(widget, QScrollArea):
        return _present([widget.widget()])
    if isinstance(widget, QStackedWidget):
        return _present([widget.widget(index) for index in range(widget.count())])
    if isinstance(widget, QSplitter):
        parts = _present([widget.widget(index) for index in range(widget.count())])
        handles = _present([widget.handle(index) for index in range(1, widget.count())])
        # The handles reach over the parts, so they have to stay above them.
        _raise_all([*parts, *handles])
        return parts
    layout = widget.layout()
    if layout is None or isinstance(widget, QAbstractScrollArea):
        return []
    placed = list(_widgets_of(layout))
    others = [
        child
        for child in widget.children()
        if isinstance(child, QWidget) and not child.isWindow() and child not in placed
    ]
    _raise_all([*placed, *others])
    return placed


def _widgets_of(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=lambda place: cast("tuple[int, ...]", layout.getItemPosition(place)))
    for place in places:
        item = layout.itemAt(place)
        widget = item.widget() if item is not None else None
        inner = item.layout() if item is not None else None
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _widgets_of(inner)


def _raise_all(widgets: Iterable[QWidget]) -> None:
    for widget in widgets:
        widget.raise_()


def _present(widgets: Iterable[QWidget | None]) -> list[QWidget]:
    return [widget for widget in widgets if widget is not None]
