"""The parts of the main window that one controller needs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from seam_portal_desktop.ui.portal.panel import PortalPanel
from seam_portal_desktop.ui.shell.actions import WindowActions
from seam_portal_desktop.ui.shell.status_area import StatusArea
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from seam_portal_desktop.ui.workspaces.switcher import WorkspaceSwitcher


class SmallWindow(QWidget):
    is_demo = False

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.icons = Icons(theme)
        self.actions_ = WindowActions(self.icons, self)
        self.portal = PortalPanel(theme, self.icons, QWidget(), QWidget())
        self.status_area = StatusArea(theme, self.icons)
        self.switcher = WorkspaceSwitcher(theme, self.icons)
        for widget in (self.portal, self.status_area, self.switcher):
            widget.setParent(self)
            widget.hide()
