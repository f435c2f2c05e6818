"""A line above the content with a notice that holds for a while."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton, IconView, TintedFrame
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone


class Banner(TintedFrame):
    """Icon and text on the tone's tint, across the window.

    The ``button`` is shown if it has a text.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        text: str,
        icon: str = "info",
        tone: Tone = Tone.INFO,
        button: str = "",
        closable: bool = False,
    ) -> None:
        super().__init__(theme, tone, parent)
        self.button = QPushButton(button)
        if not button:
            self.button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.XS, Spacing.M, Spacing.XS)
        row.setSpacing(Spacing.S)
        row.addWidget(IconView(icons.icon(icon, tone)))
        row.addWidget(plain_label(text, wrap=True), 1)
        row.addWidget(self.button)
        if closable:
            close = IconButton(icons.icon("x"), _("Close this notice"))
            close.clicked.connect(self.hide)
            row.addWidget(close)
        self.setAccessibleName(text)
