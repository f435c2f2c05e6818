"""The dialog to rename, delete, share presets and to choose the default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.presets.labels import TITLES, icon_of
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.errors import ErrorCard
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import (
    NoticeStrip,
    isolate,
    muted_label,
    one_line,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.preset import Preset

_ID_ROLE = Qt.ItemDataRole.UserRole
_MIN_ROWS = 3
_NAME_CHARACTERS = 40
_FILE_FILTER = "Presets (*.json)"


class ManagePresetsDialog(QDialog):
    """Open it with open(). After each signal the controller calls set_presets() or shows an error
    in the ``error_card``; after a deletion it also calls show_deleted().

    The ``undo_button`` is for the last deletion. The signals carry a preset_id; `import_requested`
    and the second text of `export_requested` are paths.
    """

    renamed = Signal(str, str)
    delete_requested = Signal(str)
    default_requested = Signal(str)
    import_requested = Signal(str)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._presets: list[Preset] = []
        self._default_id: str | None = None
        self._is_filling = False
        self.setWindowTitle(_("Presets"))
        self.error_card = ErrorCard(theme, icons, self)
        self.list = QListWidget(self)
        self.list.setObjectName("presets")
        self.list.setAccessibleName(_("Presets"))
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.list.setItemDelegate(_NameDelegate(self.list))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = self.fontMetrics().height()
        self.list.setIconSize(QSize(side, side))
        self.list.setSpacing(Spacing.XS // 2)
        set_kind(self.list, "card")
        self.about = muted_label(wrap=True, parent=self)
        self._undo_strip = NoticeStrip(_("Undo"), self)
        self.undo_button = self._undo_strip.button
        self.undo_button.setObjectName("undoDeletePreset")
        self.rename_button = self._button(_("Rename"), "pencil", self._rename)
        self.default_button = self._button(_("Make default"), "bookmark", self._make_default)
        self.export_button = self._button(_("Export…"), "upload", self._export)
        self.delete_button = self._button(_("Delete"), "trash-2", self._delete)
        self.import_button = self._button(_("Import…"), "download", self._import)
        self.close_button = QPushButton(_("Close"), self)
        self.close_button.clicked.connect(self.accept)
        self._make_layout()
        order_by_layout(self)
        self.list.currentItemChanged.connect(lambda *_: self._update_buttons())
        self.list.itemChanged.connect(self._on_item_changed)
        delete_key = QShortcut(QKeySequence.StandardKey.Delete, self.list)
        delete_key.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete_key.activated.connect(self._delete)
        self.set_presets((), None)

    def set_presets(
        self, presets: Sequence[Preset], default_id: str | None, unreadable: Sequence[str] = ()
    ) -> None:
        """`unreadable` are files in the presets' folder that can't be read as presets."""
        current, row = self._current_id(), self.list.currentRow()
        self._presets, self._default_id = list(presets), default_id
        self._is_filling = True
        self.list.clear()
        for preset in presets:
            item = QListWidgetItem(self._icons.icon(icon_of(preset)), one_line(preset.name))
            item.setData(_ID_ROLE, preset.preset_id)
            item.setToolTip(plain_tooltip(one_line(preset.name)))
            if not preset.shipped:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            texts = [TITLES[preset.vertical.value], _("comes with the program") * preset.shipped]
            is_default = "default" * (preset.preset_id == default_id)
            accessible = ", ".join(filter(None, (preset.name, *texts, is_default)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, accessible)
            self.list.addItem(item)
        self._is_filling = False
        self.error_card.clear()
        ids = [preset.preset_id for preset in presets]
        nearest = max(min(row, len(ids) - 1), 0)
        self.list.setCurrentRow(ids.index(current) if current in ids else nearest)
        if unreadable:
            chooser = ", ".join(one_line(name) for name in unreadable)
            self.error_card.set_error(
                UserFacingError(
                    _("Some presets could not be read."),
                    _("These files stay: {chooser}").format(chooser=chooser),
                )
            )
        self._update_buttons()

    def select(self, preset_id: str) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(_ID_ROLE) == preset_id:
                self.list.setCurrentRow(row)

    def show_deleted(self, name: str) -> None:
        """Offer to undo the deletion of the preset with that name."""
        self._undo_strip.show_text(
            _("{shortened} is deleted.").format(
                shortened=isolate(shortened(name, _NAME_CHARACTERS))
            )
        )

    def hide_undo(self) -> None:
        self._undo_strip.hide()
        self.list.setFocus()

    def _make_layout(self) -> None:
        bar = QWidget(self)
        buttons = FlowLayout(bar, spacing=Spacing.S)
        for button in (
            self.rename_button,
            self.default_button,
            self.export_button,
            self.delete_button,
        ):
            buttons.addWidget(button)
        footer = QHBoxLayout()
        footer.setSpacing(Spacing.M)
        footer.addWidget(self.import_button)
        footer.addStretch(1)
        footer.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, Spacing.L)
        column.setSpacing(Spacing.S)
        for widget in (self.error_card, self.list, self.about, bar, self._undo_strip):
            column.addWidget(widget, 1 if widget is self.list else 0)
        column.addSpacing(Spacing.S)
        column.addLayout(footer)
        metrics = self.fontMetrics()
        self.list.setMinimumHeight(metrics.height() * _MIN_ROWS)
        self.resize(metrics.averageCharWidth() * 92, self.sizeHint().height())
        self.list.setFocus()

    def _button(self, text: str, icon: str, on_click: Callable[[], None]) -> QPushButton:
        button = QPushButton(self._icons.icon(icon), text, self)
        button.setAutoDefault(False)
        button.clicked.connect(on_click)
        return button

    def _current(self) -> Preset | None:
        current = self._current_id()
        return next((each for each in self._presets if each.preset_id == current), None)

    def _current_id(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_ID_ROLE)) if item is not None else ""

    def _update_buttons(self) -> None:
        preset = self._current()
        own = preset is not None and not preset.shipped
        self.rename_button.setEnabled(own)
        self.delete_button.setEnabled(own)
        self.export_button.setEnabled(preset is not None)
        self.default_button.setEnabled(preset is not None)
        is_default = preset is not None and preset.preset_id == self._default_id
        self.default_button.setText(_("No longer default") if is_default else _("Make default"))
        if preset is None:
            self.about.clear()
            return
        texts = [TITLES[preset.vertical.value]]
        texts += [_("Comes with the program: it can’t be renamed or deleted.")] * preset.shipped
        texts += [_("New portals in this workspace start from it.")] * is_default
        self.about.setText(" · ".join(texts))

    def _rename(self) -> None:
        if self.rename_button.isEnabled():
            self.list.editItem(self.list.currentItem())

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        preset = self._current()
        if self._is_filling or preset is None:
            return
        name = item.text().strip()
        self._is_filling = True
        item.setText(one_line(preset.name))  # until it is saved
        self._is_filling = False
        if name and name != preset.name:
            self.renamed.emit(preset.preset_id, name)

    def _delete(self) -> None:
        if self.delete_button.isEnabled():
            self.delete_requested.emit(self._current_id())

    def _make_default(self) -> None:
        preset_id = self._current_id()
        self.default_requested.emit("" if preset_id == self._default_id else preset_id)

    def _import(self) -> None:
        chooser = QFileDialog(self, _("Import a preset"), "", _FILE_FILTER)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.import_requested)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _export(self) -> None:
        preset = self._current()
        if preset is None:
            return
        chooser = QFileDialog(self, _("Export the preset"), "", _FILE_FILTER)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("json")
        chooser.selectFile(f"{_file_name(preset.name)}.json")
        chooser.fileSelected.connect(
            lambda path: self.export_requested.emit(preset.preset_id, path)
        )
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()


class _NameDelegate(QStyledItemDelegate):
    """Limits a new name to the allowed length."""

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:  # type: ignore[override]
        from seam_portal_desktop.domain.request.preset import LONGEST_NAME

        super().setEditorData(editor, index)
        editor.setProperty("maxLength", LONGEST_NAME)


def _file_name(name: str) -> str:
    allowed = "".join(each if each.isalnum() or each in " -_" else "-" for each in name)
    return "-".join(allowed.split()) or "preset"
