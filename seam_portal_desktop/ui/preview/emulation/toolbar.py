"""The row of buttons above the preview: device, zoom, light or dark, comparison, frame."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QEvent, QPoint, QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QRadioButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.preview.emulation.settings import Scheme
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

_MOST_PERCENT = "000 %"


class _Names(IntEnum):
    """Whose names are shown."""

    NONE = 0
    CHOSEN = 1
    DEVICES = 2
    ALL = 3


class PreviewToolbar(QWidget):
    """Buttons for the preview's actions, with their names if there is room for all of these.

    With less room only the devices have names, then only the chosen device, then none. Buttons
    without room are in the menu at the end.

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
        self._widths: list[list[int]] = []  # of each part, for each _Names
        self._devices: list[QRadioButton] = []
        compare = [actions.compare_devices, actions.compare_language, actions.compare_off]
        self._languages = QMenu(self)
        self._languages.triggered.connect(lambda action: self.language_chosen.emit(action.data()))
        self._zoom = QToolButton()
        self._zoom.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._zoom.setMenu(_menu(self, actions.for_zoom()))
        self._zoom.setToolTip(_("Zoom"))
        set_kind(self._zoom, "quiet")
        self._scheme = self._menu_button(
            "sun-moon", _("Light or dark page"), _menu(self, list(actions.schemes.values()))
        )
        self._scheme.setText(_("Light or dark"))
        self._compare = self._menu_button("columns-2", _("Side by side"), _menu(self, compare))
        self._compare.setText(_("Side by side"))
        self._more = self._menu_button("ellipsis", _("More for this preview"), QMenu(self))
        self._more.menu().aboutToShow.connect(self._fill_more)
        self._checks = QHBoxLayout()
        self._checks.setSpacing(Spacing.XS)

        # If there is too little room, the last parts are hidden first.
        self._parts: list[tuple[QWidget, Sequence[QAction]]] = [
            (self._device_choice(), list(actions.devices.values())),
            (self._button(actions.turn), [actions.turn]),
            (self._zoom, actions.for_zoom()),
            (self._scheme, list(actions.schemes.values())),
            (self._compare, compare),
            (self._button(actions.embed), [actions.embed]),
        ]
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.S, Spacing.XS, Spacing.S, Spacing.XS)
        row.setSpacing(Spacing.XS)
        for part, _unused in self._parts:
            row.addWidget(part)
        row.addStretch(1)
        row.addLayout(self._checks)
        row.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Preview toolbar"))
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
        self._zoom.setAccessibleName(_("Zoom, {text}").format(text=text))
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
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._update_zoom_width()
            self._widths = []

    def _update_layout(self) -> None:
        """Show as many names as there is room for, and hide from the end what doesn't fit.

        A hidden part's actions are in the menu.
        """
        if self._is_updating_layout:
            return
        self._is_updating_layout = True
        room = self.width() - self.minimumSizeHint().width() - Spacing.S
        if not self._widths:
            for names in _Names:
                self._show_names(names)
                if names is _Names.CHOSEN:  # the widest of all
                    self._devices[-1].setText(self._names_of_devices()[-1])
                widths = [part.sizeHint().width() + Spacing.XS for part, _ in self._parts]
                self._widths.append(widths)
        names = next((n for n in reversed(_Names) if sum(self._widths[n]) <= room), _Names.NONE)
        self._show_names(names)
        for (part, _unused), width in zip(self._parts, self._widths[names], strict=True):
            room -= width
            part.setVisible(room >= 0)
        self._is_updating_layout = False

    def _names_of_devices(self) -> list[str]:
        return [action.iconText() for action in self._actions.devices.values()]

    def _show_names(self, names: _Names) -> None:
        for choice, name in zip(self._devices, self._names_of_devices(), strict=True):
            is_named = names >= _Names.DEVICES or (names and choice.isChecked())
            choice.setText(name if is_named else "")
        for part, _unused in self._parts:
            if isinstance(part, IconButton):
                part.show_text(shown=names is _Names.ALL)

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
        self._scheme.set_icon_and_name(
            self._icons.icon(icon), _("Light or dark page: {text}").format(text=text)
        )

    def _update_zoom_width(self) -> None:
        # Always as wide as the longest text, so that the other buttons don't move.
        margins = self._zoom.sizeHint().width() - self.fontMetrics().horizontalAdvance(
            self._zoom.text()
        )
        widest = self.fontMetrics().horizontalAdvance(_MOST_PERCENT)
        self._zoom.setMinimumWidth(widest + margins)

    def _device_choice(self) -> QFrame:
        """Radio buttons, so that a screen reader says that they exclude each other."""
        frame = QFrame()
        set_kind(frame, "segments")
        frame.setAccessibleName(_("Device"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for action in self._actions.devices.values():
            choice = QRadioButton()
            choice.setIcon(action.icon())
            choice.setAccessibleName(action.iconText())
            choice.setAccessibleDescription(action.text())
            choice.setToolTip(action.text())
            choice.setChecked(action.isChecked())
            set_kind(choice, "device")
            choice.clicked.connect(action.trigger)
            action.toggled.connect(choice.setChecked)
            choice.toggled.connect(lambda _: self._update_layout())
            self._devices.append(choice)
            row.addWidget(choice)
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
