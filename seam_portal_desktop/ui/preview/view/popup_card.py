"""A card that shows one pop-up: its number, its address, its page and a button to close it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from seam_portal_desktop.domain.preview.load_failure import LoadFailure
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.view.address_bar import AddressBar
from seam_portal_desktop.ui.preview.view.message_page import MessagePage
from seam_portal_desktop.ui.preview.view.states import failure_content
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.popups.popup_page import PopupPage
    from seam_portal_desktop.ui.preview.security.addresses import MaskedAddress

_NO_ADDRESS = _("written by the portal, without an address")


class PopupCard(QFrame):
    """Shows `popup`. The page can't draw over the two lines at the top."""

    external_link_requested = Signal(object)  # Secret: the address, for the system browser

    def __init__(
        self, popup: PopupPage, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.popup = popup
        self._number_text = ""
        self._masked_address: MaskedAddress | None = None
        self._has_no_address = False
        set_kind(self, "card")
        self._title = ElidedLabel()
        close = IconButton(icons.icon("x"), _("Close pop-up"))
        close.clicked.connect(popup.close)
        self._address_bar = AddressBar(theme, icons)
        self._message = MessagePage(theme, icons)
        self._stack = QStackedWidget()
        self._stack.addWidget(popup.widget)
        self._stack.addWidget(self._message)

        head = QHBoxLayout()
        head.setContentsMargins(Spacing.M, Spacing.S, Spacing.S, 0)
        head.setSpacing(Spacing.S)
        head.addWidget(IconView(icons.icon("layers")))
        head.addWidget(self._title, 1)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        # The page has square corners and the card round ones. The margin keeps them apart.
        layout.setContentsMargins(1, 1, 1, RADIUS)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._address_bar)
        layout.addWidget(self._stack, 1)

        self._address_bar.set_usable(reload=True, open_externally=False)
        self._address_bar.reload_requested.connect(popup.reload)
        self._address_bar.stop_requested.connect(popup.stop)
        self._address_bar.open_requested.connect(self._open_externally)
        self._message.action_chosen.connect(popup.reload)
        popup.loading_changed.connect(self._on_loading_changed)
        popup.address_changed.connect(self._on_address_changed)
        popup.failed.connect(self._on_failed)
        popup.loaded.connect(self._on_loaded)

    def set_number(self, number: int, of: int) -> None:
        """Show that this is pop-up `number` (from 1) of `of`."""
        self._number_text = (
            _("Pop-up {number} of {of}").format(number=number, of=of) if of > 1 else _("Pop-up")
        )
        self._update_title()

    def _update_title(self) -> None:
        number = self._number_text
        title = f"{number} · {_NO_ADDRESS}" if self._has_no_address else number
        self._title.set_full_text(title)
        self.setAccessibleName(title)

    def _on_loading_changed(self, loading: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._address_bar.set_loading(loading=loading)

    def _on_address_changed(self, address: MaskedAddress | None) -> None:
        self._masked_address = address
        self._address_bar.set_address(address)
        self._address_bar.set_usable(
            reload=True, open_externally=self.popup.external_address is not None
        )

    def _on_failed(self, failure: LoadFailure) -> None:
        content = failure_content(failure)
        self._message.show_content(
            replace(content, title=_about_page(content.title), text=_about_page(content.text))
        )
        self._stack.setCurrentWidget(self._message)

    def _on_loaded(self) -> None:
        self._stack.setCurrentWidget(self.popup.widget)
        self._has_no_address = self._masked_address is None
        self._update_title()

    def _open_externally(self) -> None:
        address = self.popup.external_address
        if address is not None:
            self.external_link_requested.emit(address)


def _about_page(text: str) -> str:
    """`text` without "The portal": a pop-up often shows a page of another site."""
    return text.replace(_("The portal"), _("The page"))
