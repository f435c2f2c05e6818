"""The pop-ups' cards over the portal's page, the newest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.view.popup_card import PopupCard
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.popups.popup_page import PopupPage

_OVERLAY_ALPHA = 0.6
_WIDE_CHARACTERS = 70


class PopupStack(QWidget):
    """Covers its parent while there are pop-ups, and is hidden otherwise."""

    external_link_requested = Signal(object)  # Secret: an address, for the system browser

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._cards = QStackedWidget()
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._cards)
        self.setAccessibleName(_("Pop-ups"))
        theme.changed.connect(self.update)
        self.hide()

    def add(self, popup: PopupPage) -> None:
        """Show a pop-up on top of the others. It gets the focus if the page below had it."""
        card = PopupCard(popup, self._theme, self._icons)
        card.external_link_requested.connect(self.external_link_requested)
        below = self.parentWidget()
        focused = QApplication.focusWidget()
        self._cards.addWidget(card)
        self._show_newest()
        if below is not None and focused is not None and below.isAncestorOf(focused):
            popup.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self, popup: PopupPage) -> None:
        """Remove a pop-up's card. PopupPage destroys its own widget."""
        for card in self.cards():
            if card.popup is popup:
                popup.widget.setParent(None)
                self._cards.removeWidget(card)
                card.hide()
                card.deleteLater()
        self._show_newest()

    def cards(self) -> list[PopupCard]:
        """The cards, the newest last."""
        widgets = (self._cards.widget(index) for index in range(self._cards.count()))
        return [widget for widget in widgets if isinstance(widget, PopupCard)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() > self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        margin = Spacing.XL if wide else Spacing.S
        self._layout.setContentsMargins(margin, margin, margin, margin)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        overlay = self._theme.role(QPalette.ColorRole.Window)
        overlay.setAlphaF(_OVERLAY_ALPHA)
        painter = QPainter(self)
        painter.fillRect(self.rect(), overlay)
        painter.end()

    def _show_newest(self) -> None:
        cards = self.cards()
        for number, card in enumerate(cards, start=1):
            card.set_number(number, len(cards))
        self.setVisible(bool(cards))
        if cards:
            self._cards.setCurrentWidget(cards[-1])
            self.raise_()
            announce(self, cards[-1].accessibleName())
