"""The actions of the preview's toolbar, which menus and the command palette share."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.settings import DEVICES, DeviceKind, Scheme
from seam_portal_desktop.ui.toolkit.icons import Icons


class PreviewActions:
    """QActions by name. Other classes connect them.

    An action's text is complete, for menus and the palette; its `iconText` is short.
    """

    def __init__(self, icons: Icons, owner: QWidget) -> None:
        self._icons = icons
        self._owner = owner
        self._devices = QActionGroup(owner)
        self._schemes = QActionGroup(owner)
        self.devices = {
            kind: self._choice(self._devices, text, icon, short)
            for kind, text, icon, short in (
                (DeviceKind.FIT, _("Preview in the size of the pane"), "maximize", _("Fit")),
                (DeviceKind.PHONE, _on(_("a phone"), DeviceKind.PHONE), "smartphone", _("Phone")),
                (
                    DeviceKind.TABLET,
                    _on(_("a tablet"), DeviceKind.TABLET),
                    "tablet-landscape",
                    _("Tablet"),
                ),
                (
                    DeviceKind.DESKTOP,
                    _on(_("a desktop"), DeviceKind.DESKTOP),
                    "monitor",
                    _("Desktop"),
                ),
                (DeviceKind.CUSTOM, _("Preview at a custom size"), "scaling", _("Custom size")),
            )
        }
        self.turn = self._make(_("Rotate"), "rotate-cw-square", checkable=True)
        self.zoom_in = self._make(_("Zoom the preview in"), "zoom-in", "Ctrl++", "Ctrl+=")
        self.zoom_out = self._make(_("Zoom the preview out"), "zoom-out", "Ctrl+-")
        self.fit_width = self._make(_("Fit the preview’s width"), "maximize", "Ctrl+0")
        self.fit_whole = self._make(_("Fit the whole page"), "scaling")
        self.full_size = self._make(_("Preview at 100 %"), "search")
        self.embed = self._make(_("Preview embedded in a page"), "app-window", checkable=True)
        self.embed.setIconText(_("Embedded"))
        self.compare_devices = self._make(_("Compare phone and desktop"), "columns-2")
        self.compare_language = self._make(_("Compare with another language…"), "languages")
        self.compare_off = self._make(_("Close the second preview"), "x")
        self.schemes = {
            scheme: self._choice(self._schemes, text, icon, text)
            for scheme, text, icon in (
                (Scheme.SYSTEM, _("Page follows the system’s light or dark"), "sun-moon"),
                (Scheme.LIGHT, _("Page prefers light"), "sun"),
                (Scheme.DARK, _("Simulate dark mode"), "moon"),
            )
        }
        self.allow_tools = self._make(
            _("Allow developer tools for previews"), "settings", checkable=True
        )
        self.tools = self._make(_("Developer tools for this preview"), "code-xml")
        self.devices[DeviceKind.FIT].setChecked(True)
        self.schemes[Scheme.SYSTEM].setChecked(True)

    def for_menus(self) -> list[list[QAction]]:
        """All of them, in groups."""
        return [
            [*self.devices.values(), self.turn],
            self.for_zoom(),
            [self.embed, self.compare_devices, self.compare_language, self.compare_off],
            list(self.schemes.values()),
            [self.allow_tools, self.tools],
        ]

    def for_zoom(self) -> list[QAction]:
        return [self.zoom_in, self.zoom_out, self.fit_width, self.fit_whole, self.full_size]

    def _choice(self, group: QActionGroup, text: str, icon: str, short: str) -> QAction:
        action = self._make(text, icon, checkable=True)
        action.setIconText(short)
        group.addAction(action)
        return action

    def _make(self, text: str, icon: str, *keys: str, checkable: bool = False) -> QAction:
        action = QAction(self._icons.icon(icon), text, self._owner)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setCheckable(checkable)
        # Qt draws an icon in place of the check mark.
        action.setIconVisibleInMenu(not checkable)
        self._owner.addAction(action)
        return action


def _on(what: str, kind: DeviceKind) -> str:
    device = DEVICES[kind]
    return _("Preview on {what}, {width} × {height}").format(
        what=what, width=device.width, height=device.height
    )
