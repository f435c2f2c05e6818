"""Where pop-ups are shown: cards over the portal's page, the newest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from seam_portal_desktop.ui.preview.popups.popup_card import PopupCard
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.popups.popup_page import PopupPage

_VEIL = 0.6
_WIDE_CHARACTERS = 70


class PopupStack(QWidget):
    """Covers what it lies over while there are pop-ups, and is not to be seen otherwise."""

    close_requested = Signal(object)  # ChildView
    external_link_requested = Signal(object)  # Secret: an address, for the system browser

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._cards = QStackedWidget()
        self._margins = QVBoxLayout(self)
        self._margins.addWidget(self._cards)
        self.setAccessibleName("Pop-ups")
        theme.changed.connect(self.update)
        self.hide()

    def add(self, child: PopupPage) -> None:
        """Show a pop-up on top of the others. It gets the focus if the page below had it."""
        card = PopupCard(child, self._theme, self._icons)
        card.close_requested.connect(lambda: self.close_requested.emit(child))
        card.external_link_requested.connect(self.external_link_requested)
        below = self.parentWidget()
        focused = QApplication.focusWidget()
        self._cards.addWidget(card)
        self._show_last()
        if below is not None and focused is not None and below.isAncestorOf(focused):
            child.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self, child: PopupPage) -> None:
        """Take a pop-up's card away. Its widget stays the child's to destroy."""
        for card in self._all():
            if card.child is child:
                child.widget.setParent(None)
                self._cards.removeWidget(card)
                card.hide()
                card.deleteLater()
        self._show_last()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() > self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        margin = Spacing.XL if wide else Spacing.S
        self._margins.setContentsMargins(margin, margin, margin, margin)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        veil = self._theme.role(QPalette.ColorRole.Window)
        veil.setAlphaF(_VEIL)
        painter = QPainter(self)
        painter.fillRect(self.rect(), veil)
        painter.end()

    def _all(self) -> list[PopupCard]:
        cards = (self._cards.widget(at) for at in range(self._cards.count()))
        return [card for card in cards if isinstance(card, PopupCard)]

    def _show_last(self) -> None:
        cards = self._all()
        for number, card in enumerate(cards, start=1):
            card.set_number(number, len(cards))
        self.setVisible(bool(cards))
        if cards:
            self._cards.setCurrentWidget(cards[-1])
            self.raise_()
            announce(self, cards[-1].accessibleName())
