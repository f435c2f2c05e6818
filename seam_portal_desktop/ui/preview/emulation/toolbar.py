"""The row of buttons above the preview: device, zoom, light or dark, comparison, frame."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.preview.emulation.settings import Scheme
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

_MOST_PERCENT = "000 %"


class PreviewToolbar(QWidget):
    """Buttons for the preview's actions. Buttons without room are in the menu at the end.

    ``more_actions`` are always in that menu. `language_chosen` carries one of Seam's locales to
    compare with.
    """

    language_chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        actions: PreviewActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._actions = actions
        self.more_actions: list[QAction] = []
        self._is_updating_layout = False
        compare = [actions.compare_devices, actions.compare_language, actions.compare_off]
        self._languages = QMenu(self)
        self._languages.triggered.connect(lambda action: self.language_chosen.emit(action.data()))
        self._zoom = QToolButton()
        self._zoom.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._zoom.setMenu(_menu(self, [actions.zoom_in, actions.zoom_out, actions.zoom_reset]))
        self._zoom.setToolTip("Zoom")
        set_kind(self._zoom, "quiet")
        self._scheme = self._menu_button(
            "sun-moon", "Light or dark page", _menu(self, list(actions.schemes.values()))
        )
        self._compare = self._menu_button("columns-2", "Side by side", _menu(self, compare))
        self._more = self._menu_button("ellipsis", "More for this preview", QMenu(self))
        self._more.menu().aboutToShow.connect(self._fill_more)
        self._checks = QHBoxLayout()
        self._checks.setSpacing(Spacing.XS)

        # If there is too little room, the last parts are hidden first.
        self._parts: list[tuple[QWidget, Sequence[QAction]]] = [
            (self._segments(), list(actions.devices.values())),
            (self._button(actions.turn), [actions.turn]),
            (self._zoom, [actions.zoom_in, actions.zoom_out, actions.zoom_reset]),
            (self._scheme, list(actions.schemes.values())),
            (self._compare, compare),
            (self._button(actions.embed), [actions.embed]),
        ]
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.S, Spacing.XS, Spacing.S, Spacing.XS)
        row.setSpacing(Spacing.XS)
        for part, _ in self._parts:
            row.addWidget(part)
        row.addStretch(1)
        row.addLayout(self._checks)
        row.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Preview studio")
        for action in actions.schemes.values():
            action.toggled.connect(self._on_scheme_toggled)
        theme.changed.connect(self.update)
        self.set_scale(1.0)

    def set_checks_button(self, button: QWidget) -> None:
        """Add the checks' button at the right; it is never put into the menu."""
        self._checks.addWidget(button)
        self._update_layout()

    def set_scale(self, scale: float) -> None:
        """Show the size of a CSS pixel on the screen."""
        text = f"{round(scale * 100)} %"
        self._zoom.setText(text)
        self._zoom.setAccessibleName(f"Zoom, {text}")
        self._update_zoom_width()

    def show_languages(self) -> None:
        """Open the list of Seam's languages."""
        self._fill_languages()
        anchor = self._compare if self._compare.isVisible() else self._more
        self._languages.popup(anchor.mapToGlobal(QPoint(0, anchor.height())))

    def minimumSizeHint(self) -> QSize:
        least = self._more.sizeHint()
        checks = self._checks.sizeHint().width()
        return QSize(least.width() + checks + 2 * Spacing.S, least.height() + 2 * Spacing.XS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._update_layout()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_zoom_width()

    def _update_layout(self) -> None:
        """Hide from the end what doesn't fit; a hidden part's actions are in the menu."""
        if self._is_updating_layout:
            return
        self._is_updating_layout = True
        room = self.width() - self.minimumSizeHint().width() - Spacing.S
        for part, _ in self._parts:
            room -= part.sizeHint().width() + Spacing.XS
            part.setVisible(room >= 0)
        self._is_updating_layout = False

    def _fill_more(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for part, actions in self._parts:
            if part.isHidden():
                menu.addActions(actions)
                menu.addSeparator()
        if self.more_actions:
            menu.addActions(self.more_actions)
            menu.addSeparator()
        menu.addAction(self._actions.allow_tools)
        if self._actions.tools.isVisible():
            menu.addAction(self._actions.tools)

    def _fill_languages(self) -> None:
        if self._languages.actions():
            return
        # Imported with the contract's types, which nothing needs before the first preview.
        from PySide6.QtCore import QLocale

        from seam_portal_desktop.domain.request import Locale

        for locale in Locale:
            language = QLocale(locale.value.replace("-", "_"))
            name = language.nativeLanguageName()
            action = self._languages.addAction(f"{name[:1].upper()}{name[1:]} ({locale.value})")
            action.setData(locale.value)

    def _on_scheme_toggled(self, checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        if not checked:
            return
        chosen = next(s for s, action in self._actions.schemes.items() if action.isChecked())
        icon = {Scheme.SYSTEM: "sun-moon", Scheme.LIGHT: "sun", Scheme.DARK: "moon"}[chosen]
        text = self._actions.schemes[chosen].text()
        self._scheme.set_icon_and_name(self._icons.icon(icon), f"Light or dark page: {text}")

    def _update_zoom_width(self) -> None:
        # Always as wide as the longest text, so that the other buttons don't move.
        margins = self._zoom.sizeHint().width() - self.fontMetrics().horizontalAdvance(
            self._zoom.text()
        )
        widest = self.fontMetrics().horizontalAdvance(_MOST_PERCENT)
        self._zoom.setMinimumWidth(widest + margins)

    def _segments(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("kind", "segments")
        row = QHBoxLayout(frame)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for action in self._actions.devices.values():
            button = self._button(action)
            set_kind(button, "segment")
            row.addWidget(button)
        return frame

    def _button(self, action: QAction) -> IconButton:
        button = IconButton(action.icon(), action.text())
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        return button

    def _menu_button(self, icon: str, name: str, menu: QMenu) -> IconButton:
        button = IconButton(self._icons.icon(icon), name)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button


def _menu(owner: QWidget, actions: Sequence[QAction]) -> QMenu:
    menu = QMenu(owner)
    menu.addActions(list(actions))
    return menu
