"""Applies the emulation settings to the views, the toolbar and the size panels."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.preview.emulation.comparison_settings import ComparisonSettings
from seam_portal_desktop.ui.preview.emulation.size_panels import SizePanels
from seam_portal_desktop.ui.preview.emulation.toolbar import PreviewToolbar
from seam_portal_desktop.ui.preview.view.comparison_splitter import ComparisonSplitter
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView


class EmulationController(QObject):
    """`splitter` has the one or two previews. The second may be added later."""

    def __init__(
        self,
        settings: ComparisonSettings,
        actions: PreviewActions,
        toolbar: PreviewToolbar,
        size_panels: SizePanels,
        splitter: ComparisonSplitter,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._toolbar = toolbar
        self._size_panels = size_panels
        self._splitter = splitter
        self._views = splitter.views
        splitter.view_made.connect(self.add_view)
        splitter.view_chosen.connect(settings.choose)
        self._actions = actions
        settings.changed.connect(self._apply_settings)
        size_panels.viewport_changed.connect(settings.set_custom_size)
        size_panels.frame_changed.connect(settings.set_frame)
        actions.tools.setVisible(False)
        actions.allow_tools.toggled.connect(actions.tools.setVisible)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def add_view(self, view: PreviewView) -> None:
        """A view was made."""
        index = self._views.index(view)
        viewport = view.page_stack.viewport
        viewport.scale_changed.connect(lambda scale: self._on_scale_changed(index, scale))
        view.page.opened.connect(lambda session: session.zoom_requested.connect(self._zoom))
        view.unframe_requested.connect(lambda: self._settings.set_embedded(False))
        self._apply_settings()

    def _apply_settings(self) -> None:
        settings = self._settings
        self._splitter.set_devices([settings.settings_of(index).device for index in range(2)])
        self._size_panels.set_emulation(settings.settings)
        for index, view in enumerate(self._views):
            view.set_emulation(settings.settings_of(index))
            is_chosen = settings.devices_differ and index == settings.chosen
            view.address_bar.set_chosen(chosen=is_chosen)
        self._toolbar.set_scale(settings.scale)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Choose the view that has the focus, so that the toolbar's actions change it."""
        for index, view in enumerate(self._views):
            if now is not None and view.isAncestorOf(now):
                self._settings.choose(index)

    def _zoom(self, larger: bool) -> None:  # noqa: FBT001 - a signal's argument
        (self._actions.zoom_in if larger else self._actions.zoom_out).trigger()

    def _on_scale_changed(self, index: int, scale: float) -> None:
        self._settings.set_scale(index, scale)
        self._toolbar.set_scale(self._settings.scale)
