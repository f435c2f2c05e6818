"""The panels below the toolbar for the sizes that users set: the viewport's and the frame's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.settings import DeviceKind, EmulationSettings
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.emulation.embed_panel import EmbedPanel
    from seam_portal_desktop.ui.preview.emulation.size_row import SizeRow


class SizePanels(QWidget):
    """Each panel is made when it is first needed; most users never see them."""

    viewport_changed = Signal(int, int)  # in CSS pixels
    frame_changed = Signal(object)  # FrameSize

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._viewport: SizeRow | None = None
        self._frame: EmbedPanel | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)

    def set_emulation(self, settings: EmulationSettings) -> None:
        """Show the panels that these settings need, and their sizes."""
        is_custom = settings.kind is DeviceKind.CUSTOM
        if is_custom or self._viewport is not None:
            viewport = self._viewport or self._make_viewport()
            viewport.set_size(settings.custom_width, settings.custom_height)
            viewport.setVisible(is_custom)
        if settings.embedded or self._frame is not None:
            frame = self._frame or self._make_frame()
            frame.set_size(settings.frame)
            frame.setVisible(settings.embedded)
        self.setVisible(is_custom or settings.embedded)

    def _make_viewport(self) -> SizeRow:
        from seam_portal_desktop.ui.preview.emulation.size_row import SizeRow

        self._viewport = SizeRow(_("the viewport"))
        self._viewport.setContentsMargins(Spacing.M, Spacing.XS, Spacing.M, Spacing.XS)
        self._viewport.changed.connect(self.viewport_changed)
        self._rows.insertWidget(0, self._viewport, 0, Qt.AlignmentFlag.AlignLeft)
        return self._viewport

    def _make_frame(self) -> EmbedPanel:
        from seam_portal_desktop.ui.preview.emulation.embed_panel import EmbedPanel

        self._frame = EmbedPanel(self._theme, self._icons)
        self._frame.size_changed.connect(self.frame_changed)
        self._rows.addWidget(self._frame)
        return self._frame
