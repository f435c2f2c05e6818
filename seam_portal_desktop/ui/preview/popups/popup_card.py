"""One pop-up as a card: which it is, where it is, the page, and a way to close it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from seam_portal_desktop.domain.preview.load_failure import LoadFailure
from seam_portal_desktop.ui.preview.view.address_bar import AddressBar
from seam_portal_desktop.ui.preview.view.message_page import MessagePage
from seam_portal_desktop.ui.preview.view.states import failure_content
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.popups.popup_page import PopupPage
    from seam_portal_desktop.ui.preview.security.request_policy import MaskedAddress

_UNADDRESSED = "written by the portal, without an address"


class PopupCard(QFrame):
    """Shows `child`, which somebody else ends. A page can't draw over the two lines at the top."""

    close_requested = Signal()
    external_link_requested = Signal(object)  # Secret: the address, for the system browser

    def __init__(
        self, child: PopupPage, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._child = child
        self._words = ""
        self._address_now: MaskedAddress | None = None
        self._is_unaddressed = False
        set_kind(self, "card")
        self._title = ElidedLabel()
        close = IconButton(icons.icon("x"), "Close pop-up")
        close.clicked.connect(self.close_requested)
        self._address = AddressBar(theme, icons)
        self._state = MessagePage(theme, icons)
        self._place = QStackedWidget()
        self._place.addWidget(child.widget)
        self._place.addWidget(self._state)

        head = QHBoxLayout()
        head.setContentsMargins(Spacing.M, Spacing.S, Spacing.S, 0)
        head.setSpacing(Spacing.S)
        head.addWidget(IconView(icons.icon("layers")))
        head.addWidget(self._title, 1)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        # The page is square and the card is not: they must not meet at the lower corners.
        layout.setContentsMargins(1, 1, 1, RADIUS)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._address)
        layout.addWidget(self._place, 1)

        self._address.set_usable(reload=True, open_externally=False)
        self._address.reload_requested.connect(child.reload)
        self._address.stop_requested.connect(child.stop)
        self._address.open_requested.connect(self._open_externally)
        self._state.action_chosen.connect(child.reload)
        child.loading_changed.connect(self._follow_loading)
        child.address_changed.connect(self._follow_address)
        child.failed.connect(self._show_failure)
        child.shown.connect(self._show_page)

    @property
    def child(self) -> PopupPage:
        return self._child

    def set_number(self, number: int, of: int) -> None:
        """Which pop-up this is, counted from 1."""
        self._words = f"Pop-up {number} of {of}" if of > 1 else "Pop-up"
        self._name()

    def _name(self) -> None:
        words = f"{self._words} · {_UNADDRESSED}" if self._is_unaddressed else self._words
        self._title.set_full_text(words)
        self.setAccessibleName(words)

    def _follow_loading(self, loading: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._address.set_loading(loading=loading)

    def _follow_address(self, address: MaskedAddress | None) -> None:
        self._address_now = address
        self._address.set_address(address)
        self._address.set_usable(
            reload=True, open_externally=self._child.external_address is not None
        )

    def _show_failure(self, failure: LoadFailure) -> None:
        content = failure_content(failure)
        self._state.show_content(
            replace(content, title=_of_page(content.title), text=_of_page(content.text))
        )
        self._place.setCurrentWidget(self._state)

    def _show_page(self) -> None:
        self._place.setCurrentWidget(self._child.widget)
        self._is_unaddressed = self._address_now is None
        self._name()

    def _open_externally(self) -> None:
        address = self._child.external_address
        if address is not None:
            self.external_link_requested.emit(address)


def _of_page(words: str) -> str:
    """A pop-up's page is often somebody else's."""
    return words.replace("The portal", "The page")
