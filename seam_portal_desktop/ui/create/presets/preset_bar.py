"""The line above the form with the preset that the form starts from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPalette, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.presets.labels import MAX_SHORTCUTS, icon_of, shortcut_of
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    in_menu,
    isolate,
    muted_label,
    one_line,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import (
    ElidedLabel,
    IconButton,
    announce,
    plain_tooltip,
)
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.preset import Preset

_HINT_ROLE = Qt.ItemDataRole.UserRole + 1
_MENU_CHARACTERS = 32
_LIST_CHARACTERS = 44


class PresetBar(QWidget):
    """`chosen` carries a preset_id, or an empty text for no preset, also when it is current.

    Alt+1 … Alt+9 choose the first nine, Alt+0 none. The bar changes only when the controller calls
    set_current(). The controller connects the ``undo_button`` and the actions of the ``menu``.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._presets: list[Preset] = []
        self._current: Preset | None = None
        self._default_id: str | None = None
        self._changed = False

        label = muted_label(_("Preset"), parent=self)
        self.box = CalmComboBox(self)
        self.box.setObjectName("preset")
        self.box.setAccessibleName(_("Preset"))
        self.box.setSizeAdjustPolicy(
            CalmComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(18)
        side = self.fontMetrics().height()
        self.box.setIconSize(QSize(side, side))
        self.box.setItemDelegate(_HintDelegate(theme, self.box))
        self.box.activated.connect(self._choose)
        label.setBuddy(self.box)
        self._note = ElidedLabel(self, mode=Qt.TextElideMode.ElideRight)
        set_kind(self._note, "muted")
        self.undo_button = QPushButton(_("Undo"), self)
        self.undo_button.setObjectName("undoPreset")
        self.undo_button.setAutoDefault(False)
        set_kind(self.undo_button, "link")
        self.menu_button = IconButton(icons.icon("ellipsis"), _("More about presets"), self)
        self.menu_button.setObjectName("presetMenu")
        self.menu = self._make_menu()
        self.menu_button.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        for widget in (label, self.box, self.menu_button, self._note, self.undo_button):
            row.addWidget(widget)
        row.addStretch(0)
        for index in range(MAX_SHORTCUTS):
            keys = QShortcut(QKeySequence(shortcut_of(index)), self)
            keys.activated.connect(lambda index=index: self._choose(index + 1))
        none = QShortcut(QKeySequence("Alt+0"), self)
        none.activated.connect(lambda: self._choose(0))
        self.show_message("")
        self.set_presets((), None)

    def set_presets(self, presets: Sequence[Preset], default_id: str | None) -> None:
        """The presets to choose from. New portals start from the one with `default_id`."""
        self._presets, self._default_id = list(presets), default_id
        blocker = QSignalBlocker(self.box)
        self.box.clear()
        self.box.addItem(self._icons.icon("circle-dashed"), _("No preset"), "")
        self.box.setItemData(0, "Alt+0", _HINT_ROLE)
        for index, preset in enumerate(presets):
            name = isolate(shortened(preset.name, _LIST_CHARACTERS))
            self.box.addItem(self._icons.icon(icon_of(preset)), name, preset.preset_id)
            hints = [_("Default")] * (preset.preset_id == default_id) + [shortcut_of(index)]
            self.box.setItemData(index + 1, " · ".join(filter(None, hints)), _HINT_ROLE)
            tooltip = plain_tooltip(one_line(preset.name))
            self.box.setItemData(index + 1, tooltip, Qt.ItemDataRole.ToolTipRole)
        del blocker
        self.set_current(self._current.preset_id if self._current else "")

    def set_current(self, preset_id: str, *, changed: bool = False) -> None:
        """Show the preset of the form. `changed` means that the form differs from it now."""
        index = max(self.box.findData(preset_id), 0) if preset_id else 0
        self._current = self._presets[index - 1] if index else None
        self._changed = changed and self._current is not None
        blocker = QSignalBlocker(self.box)
        self.box.setCurrentIndex(index)
        del blocker
        name = one_line(self._current.name) if self._current else ""
        self.box.setToolTip(plain_tooltip(name))
        if not self.undo_button.isVisibleTo(self):
            self.show_message(_("Changed") if self._changed else "")
        self._update_menu()

    @property
    def current_id(self) -> str:
        return self._current.preset_id if self._current else ""

    def show_message(self, text: str, *, tone: Tone = Tone.NEUTRAL, undo: bool = False) -> None:
        """Show `text` beside the box, with an Undo button if `undo`. An empty text hides it."""
        if text and text != "Changed":
            announce(self.box, text)
        self._note.set_full_text(text)
        self._note.setVisible(bool(text))
        if tone is Tone.NEUTRAL:
            set_kind(self._note, "muted")
        else:
            set_kind(self._note, "tone", tone)
        self.undo_button.setVisible(undo)
        self.undo_button.setAccessibleDescription(text if undo else "")

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        self.save_action = QAction(self._icons.icon("bookmark-plus"), _("Save as preset…"), menu)
        self.update_action = QAction(self._icons.icon("refresh-cw"), "", menu)
        self.default_action = QAction("", menu)
        self.default_action.setCheckable(True)
        self.manage_action = QAction(self._icons.icon("settings"), _("Manage presets…"), menu)
        for action in (self.save_action, self.update_action, self.default_action):
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(self.manage_action)
        return menu

    def _open_menu(self) -> None:
        # With QPushButton.setMenu, styles would draw an arrow beside the icon.
        button = self.menu_button
        self.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _update_menu(self) -> None:
        preset = self._current
        name = isolate(in_menu(shortened(preset.name, _MENU_CHARACTERS))) if preset else ""
        self.update_action.setText(_("Update {name} with these settings").format(name=name))
        own = preset is not None and not preset.shipped
        self.update_action.setVisible(own)
        self.update_action.setEnabled(own and self._changed)
        self.default_action.setText(
            _("Start new portals here from {name}").format(name=name)
            if preset
            else _("No preset by default")
        )
        self.default_action.setChecked(self.current_id == (self._default_id or ""))

    def _choose(self, index: int) -> None:
        if self.isEnabled() and index < self.box.count():
            self.chosen.emit(self.box.itemData(index))


class _HintDelegate(QStyledItemDelegate):
    """Shows at the end of each item the shortcut that chooses it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        hint = option.fontMetrics.horizontalAdvance(index.data(_HINT_ROLE) or "")
        return QSize(size.width() + hint + 2 * Spacing.XL, size.height() + Spacing.XS)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        hint = option.fontMetrics.horizontalAdvance(index.data(_HINT_ROLE) or "")
        room = option.rect.width() - option.decorationSize.width() - hint - 2 * Spacing.XL
        option.text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideMiddle, room)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        role = (
            QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.PlaceholderText
        )
        painter.setPen(option.palette.color(role) if selected else self._theme.role(role))
        area = option.rect.adjusted(Spacing.S, 0, -Spacing.S, 0)
        flags = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, index.data(_HINT_ROLE) or "")
