"""The view that one run saves for the next: geometry, splitters, columns, preview settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

from seam_portal_desktop.domain.preferences import is_whole

_FARTHEST = 100_000
"""Pixels. Screens beside each other give negative and large coordinates."""


class ViewState:
    """Saves and restores parts of the window, each by its name, as values of JSON.

    `saved` is what the last run's `save` returned, or what became of it in the file. Qt's own
    states (`QHeaderView.saveState` and such) are not used: Qt crashes or hangs with damaged ones.
    ``dropped`` are the titles of the parts whose state was unusable.
    """

    def __init__(self, saved: Mapping[str, Any]) -> None:
        self._saved = saved
        self._parts: dict[str, Callable[[], Any]] = {}
        self.dropped: list[str] = []

    def add(
        self, name: str, title: str, save: Callable[[], Any], restore: Callable[[Any], bool]
    ) -> None:
        """Restore a part now, if the last run saved it, and let `save` save it.

        `restore` gets any value. It returns False, without a change, if it can't use it.
        """
        self._parts[name] = save
        if name in self._saved and not restore(self._saved[name]):
            self.dropped.append(title)

    def save(self) -> dict[str, Any]:
        """The state of all parts by name, for the preferences."""
        return {name: save() for name, save in self._parts.items()}


def geometry_of(window: QMainWindow) -> dict[str, Any]:
    """Place and size of the window when it isn't maximised, with its frame's corner."""
    place = window.normalGeometry()
    corner = place.topLeft() - (window.geometry().topLeft() - window.frameGeometry().topLeft())
    return {
        "x": corner.x(),
        "y": corner.y(),
        "width": place.width(),
        "height": place.height(),
        "maximized": window.isMaximized() or window.isFullScreen(),
    }


def restore_geometry(window: QMainWindow, state: object) -> bool:
    """Apply `geometry_of` of an earlier run, on the screens that there are now."""
    if not isinstance(state, dict) or not isinstance(state.get("maximized"), bool):
        return False
    x, y, width, height = (state.get(name) for name in ("x", "y", "width", "height"))
    if not (is_whole(x, -_FARTHEST, _FARTHEST) and is_whole(y, -_FARTHEST, _FARTHEST)):
        return False
    if not (is_whole(width, 1, _FARTHEST) and is_whole(height, 1, _FARTHEST)):
        return False
    place = QRect(x, y, width, height)
    areas = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if areas:
        area = max(areas, key=lambda each: _overlap(each, place))
        place.setSize(place.size().boundedTo(area.size()))
        place.moveLeft(max(area.left(), min(place.left(), area.right() - place.width() + 1)))
        place.moveTop(max(area.top(), min(place.top(), area.bottom() - place.height() + 1)))
    window.resize(place.size())
    window.move(place.topLeft())
    if state["maximized"]:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
    return True


def restore_sizes(splitter: QSplitter, state: object) -> bool:
    """Apply the splitter's sizes of an earlier run, one for each of its widgets."""
    if not isinstance(state, list) or len(state) != splitter.count():
        return False
    if not all(is_whole(size, 1, _FARTHEST) for size in state):
        return False
    splitter.setSizes(state)
    return True


def _overlap(area: QRect, place: QRect) -> int:
    common = area.intersected(place)
    return max(0, common.width()) * max(0, common.height())
