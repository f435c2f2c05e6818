"""Settings: a list of pages at the left, the chosen page at the right. A change counts at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QListWidget,
    QMenuBar,
    QPushButton,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.settings.page import SettingsPage
from seam_portal_desktop.ui.settings.pages import (
    GeneralPage,
    LinksPage,
    NoteOf,
    PreviewPage,
    TimesPage,
    UpdatesPage,
)
from seam_portal_desktop.ui.settings.shortcuts import ShortcutSheet
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG, FormDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

_LINES = 34
"""The height of the dialog, in lines of text. It is the same for all pages."""


class SettingsDialog(FormDialog):
    """`note_of` says why a setting can't be changed. Open it with open() after `show_values`."""

    chosen = Signal(str, object)
    reset_requested = Signal()
    grows = False
    width_in_characters = 120

    def __init__(
        self, theme: Theme, icons: Icons, parent: QWidget, *, menus: QMenuBar, note_of: NoteOf
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Settings"))
        self.set_submit(_("Close"), loud=False)
        self.dismiss_button.hide()
        self.times = TimesPage(theme, icons, note_of)
        self.links = LinksPage(theme, icons, note_of)
        self.updates = UpdatesPage(theme, icons, note_of)
        shortcuts = SettingsPage(_("Shortcuts"), theme, icons, note_of)
        shortcuts.rows.addWidget(ShortcutSheet(menus, theme, icons), 1)
        self._pages = (
            GeneralPage(theme, icons, note_of),
            self.times,
            PreviewPage(theme, icons, note_of),
            self.links,
            self.updates,
            shortcuts,
        )
        self._list = QListWidget(self)
        set_kind(self._list, "contents")
        self._list.setAccessibleName(_("Pages"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        for page in self._pages:
            page.chosen.connect(self.chosen)
            self.body.addWidget(page, 1)
            self._list.addItem(page.title)
        self._list.currentRowChanged.connect(self._show_page)
        self._list.setCurrentRow(0)
        self._add_reset()
        self._make_layout()
        self._list.setFocus()

    def show_values(self, values: Mapping[str, object]) -> None:
        """Show these values by the settings' names; nothing is emitted."""
        for page in self._pages:
            page.show_values(values)
        self.times.show_example()

    def _show_page(self, row: int) -> None:
        for index, page in enumerate(self._pages):
            page.setVisible(index == row)
        self.show_top()

    def _add_reset(self) -> None:
        reset = QPushButton(_("Reset to defaults"), self)
        reset.setAutoDefault(False)
        set_kind(reset, "quiet")
        reset.clicked.connect(self.reset_requested)
        self._button_box.addButton(reset, QDialogButtonBox.ButtonRole.ResetRole)

    def _make_layout(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)
        self._list.setFixedWidth(self._list.sizeHintForColumn(0) + 2 * Spacing.XL)
        both = QWidget(self)
        columns = QHBoxLayout(both)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        cast("QLayout", self.layout()).replaceWidget(self.body_scroll, both)
        columns.addWidget(self._list)
        columns.addWidget(self.body_scroll, 1)
        both.setAutoFillBackground(True)
        both.setBackgroundRole(QPalette.ColorRole.Base)
        height = self.fontMetrics().lineSpacing() * _LINES
        screen = self.screen().availableGeometry().size() - QSize(0, 2 * Spacing.XL)
        self.resize(QSize(self.width(), height).boundedTo(LARGEST_DIALOG).boundedTo(screen))
