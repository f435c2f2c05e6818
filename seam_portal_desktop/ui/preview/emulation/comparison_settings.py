"""What the bar's actions make of the screens: which look each has, and what is beside what."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.preview.emulation.settings import (
    DeviceKind,
    EmulationSettings,
    Scheme,
    zoomed_in,
    zoomed_out,
)
from seam_portal_desktop.ui.preview.page.host_page import FrameSize


class ComparisonSettings(QObject):
    """Two looks, of which the second is in use only while two portals are shown.

    The actions change both alike, for only then they can be compared; but where the same link is
    shown on two devices, what is about the device changes the chosen side's alone.
    """

    changed = Signal()

    def __init__(self, actions: PreviewActions, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._both_settings = [EmulationSettings(), EmulationSettings()]
        self._scales = [1.0, 1.0]
        self._side = 0
        self.devices_differ = False
        for kind, action in actions.devices.items():
            action.triggered.connect(lambda _=False, kind=kind: self.set_kind(kind))
        for scheme, action in actions.schemes.items():
            action.triggered.connect(lambda _=False, scheme=scheme: self.set_scheme(scheme))
        actions.turn.triggered.connect(self.set_turned)
        actions.zoom_in.triggered.connect(lambda: self.set_zoom(zoomed_in(self.scale)))
        actions.zoom_out.triggered.connect(lambda: self.set_zoom(zoomed_out(self.scale)))
        actions.zoom_reset.triggered.connect(lambda: self.set_zoom(None))
        actions.embed.triggered.connect(self.set_embedded)
        self._show()

    @property
    def side(self) -> int:
        """The one that was chosen last."""
        return self._side

    @property
    def look(self) -> EmulationSettings:
        """The chosen side's."""
        return self._both_settings[self._side]

    @property
    def scale(self) -> float:
        """The size on the screen of a CSS pixel, on the chosen side."""
        return self._scales[self._side]

    def settings_of(self, side: int) -> EmulationSettings:
        """0 is the first side, 1 the second."""
        return self._both_settings[side]

    def note_scale(self, side: int, scale: float) -> None:
        """What the pane's room made of the zoom."""
        self._scales[side] = scale

    def choose_side(self, side: int) -> None:
        """The user's hands are on that side now."""
        if side != self._side:
            self._side = side
            self._show()

    def restore(self, look: EmulationSettings) -> None:
        """Begin with that look."""
        self._both_settings = [look, look]
        self._show()

    def compare_devices(self) -> None:
        """A phone on the first side, a desktop on the second."""
        self.devices_differ = True
        for side, kind in enumerate((DeviceKind.PHONE, DeviceKind.DESKTOP)):
            self._both_settings[side] = replace(
                self._both_settings[side], kind=kind, turned=False, zoom=None
            )
        self._show()

    def compare_alike(self) -> None:
        """The same conditions on both sides."""
        self.devices_differ = False
        self._both_settings[1] = self._both_settings[0]
        self._side = 0
        self._show()

    def set_kind(self, kind: DeviceKind) -> None:
        self._change_device(kind=kind, turned=False, zoom=None)

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._change_device(turned=turned)

    def set_custom_size(self, width: int, height: int) -> None:
        self._change_device(custom_width=width, custom_height=height, turned=False)

    def set_zoom(self, zoom: float | None) -> None:
        self._change_device(zoom=zoom)

    def set_scheme(self, scheme: Scheme) -> None:
        self._change(scheme=scheme)

    def set_embedded(self, embedded: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._change(embedded=embedded)

    def set_frame(self, frame: FrameSize) -> None:
        self._change(frame=frame)

    def _change_device(self, **what: object) -> None:
        if self.devices_differ:
            self._both_settings[self._side] = replace(self.look, **what)  # type: ignore[arg-type]
            self._show()
        else:
            self._change(**what)

    def _change(self, **what: object) -> None:
        self._both_settings = [replace(look, **what) for look in self._both_settings]  # type: ignore[arg-type]
        self._show()

    def _show(self) -> None:
        look, actions = self.look, self._actions
        actions.devices[look.kind].setChecked(True)
        actions.schemes[look.scheme].setChecked(True)
        actions.turn.setEnabled(look.device is not None)
        actions.turn.setChecked(look.turned)
        actions.embed.setChecked(look.embedded)
        self.changed.emit()
