"""A line above the content with a notice that holds for a while."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton, IconView, TintedFrame
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone


class Banner(TintedFrame):
    """Icon and text on the tone's tint, across the window. The button emits `action_triggered`."""

    action_triggered = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        text: str,
        icon: str = "info",
        tone: Tone = Tone.INFO,
        button: str | None = None,
        closable: bool = False,
    ) -> None:
        super().__init__(theme, tone, parent)
        self._text = plain_label(text, wrap=True)

        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.XS, Spacing.M, Spacing.XS)
        row.setSpacing(Spacing.S)
        row.addWidget(IconView(icons.icon(icon, tone)))
        row.addWidget(self._text, 1)
        if button is not None:
            push = QPushButton(button)
            push.clicked.connect(self.action_triggered)
            row.addWidget(push)
        if closable:
            close = IconButton(icons.icon("x"), "Close this notice")
            close.clicked.connect(self.hide)
            row.addWidget(close)
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._text.text()
