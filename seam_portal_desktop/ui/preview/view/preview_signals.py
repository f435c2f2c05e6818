"""What every preview reports to the rest of the program."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class PreviewSignals(QWidget):
    """The signals of the preview pane, which its one or two previews emit themselves.

    `failed` carries a FailureKind's value, or "expired" for a link whose time is over and
    "invalid" for one that must not be opened.
    """

    rendered = Signal(str)  # portal_id: the page is completely loaded and really painted
    failed = Signal(str, str)  # portal_id, kind
    open_externally_requested = Signal(str)  # portal_id: the user confirmed it
    external_link_requested = Signal(object)  # Secret: an address for the system browser
    new_link_requested = Signal(str)  # portal_id whose customer needs a new link
    live_requested = Signal(str)  # portal_id: the user confirmed it
    safe_requested = Signal(str)  # portal_id
    notice = Signal(str)  # something was refused; for the status area
    back_requested = Signal()
