"""The emulation settings of the one or two previews, which the toolbar's actions change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.preview.emulation.host_page import FrameSize
from seam_portal_desktop.ui.preview.emulation.settings import (
    DeviceKind,
    EmulationSettings,
    Scheme,
    zoomed_in,
    zoomed_out,
)


class ComparisonKind(StrEnum):
    """OFF closes the second preview; DEVICES is the same link on a phone and on a desktop."""

    OFF = "off"
    DEVICES = "devices"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the user wants beside the portal. `locale` is one of Seam's, with LANGUAGE only."""

    kind: ComparisonKind
    portal_id: str
    locale: str | None = None


class ComparisonSettings(QObject):
    """The settings of view 0 and view 1; the second is in use only while two portals are shown.

    An action changes both views' settings, so that the pages can be compared. While the same link
    is shown on two devices (`devices_differ`), the actions for device, turning, size and zoom
    change only the chosen view's settings.
    """

    changed = Signal()

    def __init__(self, actions: PreviewActions, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._settings = [EmulationSettings(), EmulationSettings()]
        self._scales = [1.0, 1.0]
        self._chosen = 0
        self.devices_differ = False
        for kind, action in actions.devices.items():
            action.triggered.connect(lambda _=False, kind=kind: self.set_kind(kind))
        for scheme, action in actions.schemes.items():
            action.triggered.connect(lambda _=False, scheme=scheme: self.set_scheme(scheme))
        actions.turn.triggered.connect(self.set_turned)
        actions.zoom_in.triggered.connect(lambda: self.set_zoom(zoomed_in(self.scale)))
        actions.zoom_out.triggered.connect(lambda: self.set_zoom(zoomed_out(self.scale)))
        actions.fit_width.triggered.connect(lambda: self.set_zoom(None))
        actions.fit_whole.triggered.connect(lambda: self.set_zoom(None, whole=True))
        actions.full_size.triggered.connect(lambda: self.set_zoom(1.0))
        actions.embed.triggered.connect(self.set_embedded)
        self._update_actions()

    @property
    def chosen(self) -> int:
        """The index of the view that had the focus last."""
        return self._chosen

    @property
    def settings(self) -> EmulationSettings:
        """The settings of the chosen view."""
        return self._settings[self._chosen]

    @property
    def scale(self) -> float:
        """The size of a CSS pixel on the screen in the chosen view."""
        return self._scales[self._chosen]

    def settings_of(self, view: int) -> EmulationSettings:
        return self._settings[view]

    def set_scale(self, view: int, scale: float) -> None:
        """Set the scale that a view really uses. It depends on the view's size."""
        self._scales[view] = scale

    def choose(self, view: int) -> None:
        """Make `view` the chosen one, because it has the focus now."""
        if view != self._chosen:
            self._chosen = view
            self._update_actions()

    def restore(self, settings: EmulationSettings) -> None:
        """Set both views' settings."""
        self._settings = [settings, settings]
        self._update_actions()

    def compare_devices(self) -> None:
        """Show a phone in the first view, a desktop in the second."""
        self.devices_differ = True
        self._settings = [
            replace(settings, kind=kind, turned=False, zoom=None, whole=False)
            for settings, kind in zip(
                self._settings, (DeviceKind.PHONE, DeviceKind.DESKTOP), strict=True
            )
        ]
        self._update_actions()

    def compare_alike(self) -> None:
        """Give both views the first one's settings."""
        self.devices_differ = False
        self._settings[1] = self._settings[0]
        self._chosen = 0
        self._update_actions()

    def set_kind(self, kind: DeviceKind) -> None:
        self._change_device(kind=kind, turned=False, zoom=None, whole=False)

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._change_device(turned=turned)

    def set_custom_size(self, width: int, height: int) -> None:
        self._change_device(custom_width=width, custom_height=height, turned=False)

    def set_zoom(self, zoom: float | None, *, whole: bool = False) -> None:
        self._change_device(zoom=zoom, whole=whole)

    def set_scheme(self, scheme: Scheme) -> None:
        self._change(scheme=scheme)

    def set_embedded(self, embedded: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._change(embedded=embedded)

    def set_frame(self, frame: FrameSize) -> None:
        self._change(frame=frame)

    def _change_device(self, **changes: object) -> None:
        if self.devices_differ:
            self._settings[self._chosen] = replace(self.settings, **changes)  # type: ignore[arg-type]
            self._update_actions()
        else:
            self._change(**changes)

    def _change(self, **changes: object) -> None:
        self._settings = [replace(settings, **changes) for settings in self._settings]  # type: ignore[arg-type]
        self._update_actions()

    def _update_actions(self) -> None:
        settings, actions = self.settings, self._actions
        actions.devices[settings.kind].setChecked(True)
        actions.schemes[settings.scheme].setChecked(True)
        actions.turn.setEnabled(settings.device is not None)
        actions.turn.setChecked(settings.turned)
        actions.fit_whole.setEnabled(settings.device is not None)
        actions.embed.setChecked(settings.embedded)
        self.changed.emit()
