"""Renaming, deleting, sharing and choosing the default among presets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.create.presets.words import TITLES, icon_of
from seam_portal_desktop.ui.toolkit.errors import ErrorCard
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import isolate, one_line, plain_label, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.preset import Preset

_ID = Qt.ItemDataRole.UserRole
_FEWEST_ROWS = 3
_NAME_CHARACTERS = 40
_FILES = "Presets (*.json)"


class ManagePresetsDialog(QDialog):
    """Open it with open(). It changes nothing by itself: presenters answer its signals with
    set_presets() or show_error(), and after a deletion with offer_undo().

    Signals carry preset_ids; `import_wanted` and the second text of `export_wanted` are paths.
    """

    renamed = Signal(str, str)
    delete_wanted = Signal(str)
    undo_wanted = Signal()
    default_wanted = Signal(str)
    import_wanted = Signal(str)
    export_wanted = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._presets: list[Preset] = []
        self._default_id: str | None = None
        self._filling = False
        self.setWindowTitle("Presets")
        self.error_card = ErrorCard(theme, icons, self)
        self.list = QListWidget(self)
        self.list.setObjectName("presets")
        self.list.setAccessibleName("Presets")
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.list.setItemDelegate(_NameOnly(self.list))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = self.fontMetrics().height()
        self.list.setIconSize(QSize(side, side))
        self.list.setSpacing(Spacing.XS // 2)
        set_kind(self.list, "card")
        self.about = plain_label(wrap=True, parent=self)
        set_kind(self.about, "muted")
        self._undo_strip, self._undo_text = self._make_undo_strip()
        self.rename_button = self._button("Rename", "pencil", self._rename)
        self.default_button = self._button("Make default", "bookmark", self._make_default)
        self.export_button = self._button("Export…", "upload", self._export)
        self.delete_button = self._button("Delete", "trash-2", self._delete)
        self.import_button = self._button("Import…", "download", self._import)
        self.close_button = QPushButton("Close", self)
        self.close_button.clicked.connect(self.accept)
        self._lay_out()
        self.list.currentItemChanged.connect(lambda *_: self._show_current())
        self.list.itemChanged.connect(self._name_typed)
        delete_key = QShortcut(QKeySequence.StandardKey.Delete, self.list)
        delete_key.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete_key.activated.connect(self._delete)
        self.set_presets((), None)

    def set_presets(
        self, presets: Sequence[Preset], default_id: str | None, unreadable: Sequence[str] = ()
    ) -> None:
        """What there is; `unreadable` are files in the presets' folder that are none."""
        current, row = self._current_id(), self.list.currentRow()
        self._presets, self._default_id = list(presets), default_id
        self._filling = True
        self.list.clear()
        for preset in presets:
            item = QListWidgetItem(self._icons.icon(icon_of(preset)), one_line(preset.name))
            item.setData(_ID, preset.preset_id)
            item.setToolTip(one_line(preset.name))
            if not preset.shipped:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            words = [TITLES[preset.vertical.value], "comes with the program" * preset.shipped]
            is_default = "default" * (preset.preset_id == default_id)
            spoken = ", ".join(filter(None, (preset.name, *words, is_default)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            self.list.addItem(item)
        self._filling = False
        self.error_card.clear()
        places = [preset.preset_id for preset in presets]
        nearest = max(min(row, len(places) - 1), 0)
        self.list.setCurrentRow(places.index(current) if current in places else nearest)
        if unreadable:
            files = ", ".join(one_line(name) for name in unreadable)
            self.show_error(
                UserFacingError("Some presets could not be read.", f"These files stay: {files}")
            )
        self._show_current()

    def select(self, preset_id: str) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(_ID) == preset_id:
                self.list.setCurrentRow(row)

    def offer_undo(self, name: str) -> None:
        """The preset of that name was deleted; it can be brought back until something else is."""
        text = f"{isolate(shortened(name, _NAME_CHARACTERS))} is deleted."
        self._undo_text.setText(text)
        self._undo_strip.show()
        announce(self._undo_strip, text)

    def undone(self) -> None:
        self._undo_strip.hide()
        self.list.setFocus()

    def show_error(self, error: UserFacingError) -> None:
        self.error_card.set_error(error)

    def _lay_out(self) -> None:
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
        self.list.setMinimumHeight(metrics.height() * _FEWEST_ROWS)
        self.resize(metrics.averageCharWidth() * 92, self.sizeHint().height())
        self.list.setFocus()

    def _make_undo_strip(self) -> tuple[QFrame, QLabel]:
        strip = QFrame(self)
        set_kind(strip, "banner", Tone.INFO)
        text = plain_label(wrap=True, parent=strip)
        self.undo_button = QPushButton("Undo", strip)
        self.undo_button.setObjectName("undoDeletePreset")
        self.undo_button.setAutoDefault(False)
        set_kind(self.undo_button, "link")
        self.undo_button.clicked.connect(self.undo_wanted)
        row = QHBoxLayout(strip)
        row.setContentsMargins(Spacing.M, Spacing.XS, Spacing.M, Spacing.XS)
        row.addWidget(text, 1)
        row.addWidget(self.undo_button)
        strip.hide()
        return strip, text

    def _button(self, text: str, icon: str, act: object) -> QPushButton:
        button = QPushButton(self._icons.icon(icon), text, self)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _current(self) -> Preset | None:
        wanted = self._current_id()
        return next((each for each in self._presets if each.preset_id == wanted), None)

    def _current_id(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_ID)) if item is not None else ""

    def _show_current(self) -> None:
        preset = self._current()
        own = preset is not None and not preset.shipped
        self.rename_button.setEnabled(own)
        self.delete_button.setEnabled(own)
        self.export_button.setEnabled(preset is not None)
        self.default_button.setEnabled(preset is not None)
        is_default = preset is not None and preset.preset_id == self._default_id
        self.default_button.setText("No longer default" if is_default else "Make default")
        if preset is None:
            self.about.clear()
            return
        words = [TITLES[preset.vertical.value]]
        words += ["Comes with the program: it can’t be renamed or deleted."] * preset.shipped
        words += ["New portals in this workspace start from it."] * is_default
        self.about.setText(" · ".join(words))

    def _rename(self) -> None:
        if self.rename_button.isEnabled():
            self.list.editItem(self.list.currentItem())

    def _name_typed(self, item: QListWidgetItem) -> None:
        preset = self._current()
        if self._filling or preset is None:
            return
        name = item.text().strip()
        self._filling = True
        item.setText(one_line(preset.name))  # until it is kept
        self._filling = False
        if name and name != preset.name:
            self.renamed.emit(preset.preset_id, name)

    def _delete(self) -> None:
        if self.delete_button.isEnabled():
            self.delete_wanted.emit(self._current_id())

    def _make_default(self) -> None:
        preset_id = self._current_id()
        self.default_wanted.emit("" if preset_id == self._default_id else preset_id)

    def _import(self) -> None:
        files = QFileDialog(self, "Import a preset", "", _FILES)
        files.setFileMode(QFileDialog.FileMode.ExistingFile)
        files.fileSelected.connect(self.import_wanted)
        files.finished.connect(files.deleteLater)
        files.open()

    def _export(self) -> None:
        preset = self._current()
        if preset is None:
            return
        files = QFileDialog(self, "Export the preset", "", _FILES)
        files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        files.setDefaultSuffix("json")
        files.selectFile(f"{_file_name(preset.name)}.json")
        files.fileSelected.connect(lambda path: self.export_wanted.emit(preset.preset_id, path))
        files.finished.connect(files.deleteLater)
        files.open()


class _NameOnly(QStyledItemDelegate):
    """Renaming begins with the whole name selected, and stops at the longest one."""

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:  # type: ignore[override]
        super().setEditorData(editor, index)
        editor.setProperty("maxLength", 80)


def _file_name(name: str) -> str:
    kept = "".join(each if each.isalnum() or each in " -_" else "-" for each in name)
    return "-".join(kept.split()) or "preset"
