"""The sheet of keyboard shortcuts. It is made from the window's actions each time it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QMenu,
    QMenuBar,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.table import TABLE_KEYS
from seam_portal_desktop.ui.shell.command_list import Command, CommandDelegate, CommandModel
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG, FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

_ELSEWHERE = (
    (_("Press the main button of a dialog"), "Ctrl+Return"),
    (_("Go from the preview back to the list"), "F6"),
)
"""Keys that aren't actions, beside those of the table."""


class ShortcutSheet(QWidget):
    """A filter and the shortcuts, in the groups of the menus."""

    def __init__(self, menus: QMenuBar, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._menus = menus
        self._theme = theme
        self._icons = icons
        self._groups: list[_Group] = []
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(_("Search shortcuts"))
        self.filter.setAccessibleName(_("Search shortcuts"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._filter)
        self._no_match = muted_label(_("No shortcut matches."), parent=self)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(Spacing.M)
        self.rows.addWidget(self.filter)
        self.rows.addWidget(self._no_match)
        self.rows.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._groups:
            self._fill()

    def _fill(self) -> None:
        groups = [
            (menu_action.text().replace("&", ""), list(_commands_of(menu_action.menu())))
            for menu_action in self._menus.actions()
        ]
        groups.append((_("In the list"), self._commands(TABLE_KEYS)))
        groups.append((_("Elsewhere"), self._commands(_ELSEWHERE)))
        for title, commands in groups:
            if commands:
                group = _Group(title, commands, self._theme, self._icons)
                self._groups.append(group)
                self.rows.insertWidget(self.rows.count() - 1, group)
        self._filter("")

    def _commands(self, keys: Sequence[tuple[str, str]]) -> list[Command]:
        return [
            Command(QAction(text, self), text, _native(QKeySequence(each)), enabled=True)
            for text, each in keys
        ]

    def _filter(self, query: str) -> None:
        shown = [group.filter(query) for group in self._groups]
        self._no_match.setVisible(not any(shown))


class _Group(QWidget):
    def __init__(self, title: str, commands: Sequence[Command], theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._model = CommandModel(self)
        self._model.set_commands(commands)
        self._list = QListView(self)
        self._list.setAccessibleName(title)
        self._list.setModel(self._model)
        self._list.setItemDelegate(CommandDelegate(theme, icons, self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.viewport().setAutoFillBackground(False)
        self._list.setUniformItemSizes(True)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Spacing.XS)
        rows.addWidget(heading(title))
        rows.addWidget(self._list)

    def filter(self, query: str) -> bool:
        """Show only what matches; hide the group without any. Returns whether there is one."""
        self._model.set_query(query)
        found = self._model.rowCount()
        self.setVisible(found > 0)
        self._list.setFixedHeight(max(1, found) * max(1, self._list.sizeHintForRow(0)))
        return found > 0


class ShortcutsDialog(FormDialog):
    """The sheet by itself. Open it with open()."""

    width_in_characters = 72
    grows = False

    def __init__(
        self, menus: QMenuBar, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.set_submit(_("Close"), loud=False)
        self.dismiss_button.hide()
        sheet = ShortcutSheet(menus, theme, icons)
        # Outside of the body, so that it stays while the rest scrolls.
        self.header.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, 0)
        self.header.addWidget(sheet.filter)
        self.body.addWidget(sheet)
        room = self.screen().availableGeometry().height() - 2 * Spacing.XL
        self.resize(self.width(), min(LARGEST_DIALOG.height(), room))
        sheet.filter.setFocus()


def _commands_of(menu: object) -> Iterator[Command]:
    """The actions of a menu and its submenus that have a shortcut."""
    if not isinstance(menu, QMenu):
        return
    for action in menu.actions():
        if action.menu() is not None:
            yield from _commands_of(action.menu())
        elif action.shortcuts():
            text = re.sub(r"&(.)", r"\1", action.text())
            keys = reduce(
                lambda one, other: _("{one} or {other}").format(one=one, other=other),
                map(_native, action.shortcuts()),
            )
            yield Command(action, text, keys, enabled=True)


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
