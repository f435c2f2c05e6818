"""Addresses of the program's own scheme that macOS hands to the program while it runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.options import portal_id_of_address
from seam_portal_desktop.runtime import Application


class OpenedAddresses(QObject):
    """As `RaiseListener` for second starts: macOS starts no second program, it tells the first.

    The first address may come before there is a window; it stays in `portal_id`.
    """

    raise_requested = Signal()
    portal_requested = Signal(str)

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self.portal_id: str | None = None
        app.address_opened.connect(self._take)

    def _take(self, address: str) -> None:
        self.raise_requested.emit()
        portal_id = portal_id_of_address(address)
        if portal_id is not None:
            self.portal_id = portal_id
            self.portal_requested.emit(portal_id)
