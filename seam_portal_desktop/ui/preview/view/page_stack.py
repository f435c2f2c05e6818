"""The web view, and the cover over it until the page has painted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from seam_portal_desktop.ui.preview.view.message_page import MessagePage, Skeleton
from seam_portal_desktop.ui.preview.view.states import MessageContent
from seam_portal_desktop.ui.preview.view.viewport import Viewport
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme


class PageStack(QWidget):
    """Covers the web view instead of hiding it, because a hidden web view never paints.

    The ``viewport`` holds the page. The ``message_page`` is one of the covers.
    """

    focus_lost = Signal()
    """A button of the message had the focus and is hidden now."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._skeleton = Skeleton(theme)
        self.message_page = MessagePage(theme, icons)
        self._cover = QStackedWidget()
        self._cover.addWidget(self.message_page)
        self._cover.addWidget(self._skeleton)
        self._cover.setAutoFillBackground(True)
        self._cover.setBackgroundRole(QPalette.ColorRole.Base)
        self.viewport = Viewport(theme)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.viewport, 0, 0)
        self._layout.addWidget(self._cover, 0, 0)

    def set_page(self, page: QWidget) -> None:
        """Show a page, under the cover."""
        self.viewport.set_page(page)
        self._cover.raise_()

    def add_overlay(self, widget: QWidget) -> None:
        """Add a widget that lies over the page when it shows and raises itself."""
        self._layout.addWidget(widget, 0, 0)

    def show_skeleton(self) -> None:
        if not (self._cover.isVisible() and self._cover.currentWidget() is self._skeleton):
            self._skeleton.start()
        self._show(self._skeleton)

    def show_content(self, content: MessageContent) -> None:
        self.message_page.show_content(content)
        self._show(self.message_page)

    def show_page(self) -> None:
        """Hide the cover."""
        had_focus = self._has_focus()
        self._cover.hide()
        if had_focus:
            self.focus_lost.emit()

    def _has_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self._cover.isAncestorOf(focused)

    def _show(self, cover: QWidget) -> None:
        had_focus = self._has_focus()
        self._cover.setCurrentWidget(cover)
        self._cover.show()
        self._cover.raise_()
        if had_focus and cover is self._skeleton:
            self.focus_lost.emit()
