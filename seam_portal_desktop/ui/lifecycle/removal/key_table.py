"""The table of what can be removed: what was sent for the customer, and keys that were added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.portal.query import fold
from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.removal.sent import SentResource
from seam_portal_desktop.domain.tables.checks.keys import NO_KEYS, KnownKeys, key_findings
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.lifecycle.removal.wording import RemovalEntry, moment_text
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone

_Index = QModelIndex | QPersistentModelIndex

_ROWS_SHOWN = 6
_KIND, _KEY, _NAME, _STARTS, _ENDS = range(5)
_TITLES = (_("Kind"), _("Key"), _("Name"), _("Starts"), _("Ends"))
_WIDTHS = {_KIND: 21, _KEY: 22, _NAME: 27, _STARTS: 22}


class RemovalModel(QAbstractTableModel):
    """Rows with a check box. A ticked row is shown whatever the filter is. `ticked_changed` follows
    every change of what is ticked."""

    ticked_changed = Signal()

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unknown_icon = icons.icon("triangle-alert", Tone.WARNING)
        self._sent: dict[RemovalKey, SentResource] = {}
        self._by_key: dict[str, RemovalKey] = {}
        self._known: dict[str, KnownKeys] = {}
        self._added: dict[RemovalKey, None] = {}
        self._ticked: dict[RemovalKey, None] = {}
        self._filter = ""
        self._searched: dict[RemovalKey, str] = {}
        self._entries: dict[RemovalKey, RemovalEntry] = {}
        """Of all keys that were shown: with thousands of keys it takes long to look at each."""
        self._rows: list[RemovalEntry] = []

    @property
    def sent(self) -> Mapping[RemovalKey, SentResource]:
        return self._sent

    def set_sent(self, sent: Sequence[SentResource]) -> None:
        """Offer these. Added keys stay; ticks at what was offered before are removed."""
        self._sent = {each.removal: each for each in sent}
        self._by_key = {each.key: each for each in self._sent}
        kinds = {each.kind for each in self._sent}
        self._known = {
            kind: KnownKeys(each.key for each in self._sent if each.kind == kind) for kind in kinds
        }
        self._searched.clear()
        self._entries.clear()
        self._ticked = {each: None for each in self._ticked if each in self._added}
        self._rebuild()

    def set_filter(self, text: str) -> None:
        self._filter = fold(text.strip())
        self._rebuild()

    def add(self, removals: Iterable[RemovalKey]) -> None:
        """Tick these. Those that aren't offered become rows above the others."""
        for removal in removals:
            self._added[removal] = None
            self._ticked[removal] = None
        self._rebuild()

    def remove(self, removals: Iterable[RemovalKey]) -> None:
        """Take these out of the table."""
        gone = set(removals)
        for entries in (self._sent, self._added, self._ticked):
            for removal in gone & entries.keys():
                del entries[removal]
        self._entries.clear()
        self._rebuild()

    def clean_up(self) -> None:
        """Replace ticked keys that have unusual characters by the keys that are meant."""
        for entry in self.ticked():
            if entry.findings is not None and entry.findings.cleaned is not None:
                cleaned = RemovalKey(entry.removal.kind, entry.findings.cleaned)
                del self._added[entry.removal]
                del self._ticked[entry.removal]
                self._added[cleaned] = self._ticked[cleaned] = None
        self._rebuild()

    def ticked(self) -> Sequence[RemovalEntry]:
        return [self._entry(each) for each in self._ticked]

    def toggle(self, rows: Sequence[int]) -> None:
        """Tick these rows, or remove the ticks if all of them have one."""
        found = [self._rows[row].removal for row in rows]
        self._set_ticked(found, ticked=not all(each in self._ticked for each in found))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - as in Qt
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() == _KIND:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        entry, column = self._rows[index.row()], index.column()
        is_unknown = column == _NAME and bool(entry.unknown_text)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(entry, column)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(_text(entry, column))
            case Qt.ItemDataRole.CheckStateRole if column == _KIND:
                is_ticked = entry.removal in self._ticked
                return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.DecorationRole if is_unknown:
                return self._unknown_icon
        return None

    def setData(
        self,
        index: _Index,
        value: Any,  # noqa: ANN401 - as in Qt
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        is_ticked = Qt.CheckState(value) is Qt.CheckState.Checked
        self._set_ticked([self._rows[index.row()].removal], ticked=is_ticked)
        return True

    def _entry(self, removal: RemovalKey) -> RemovalEntry:
        entry = self._entries.get(removal)
        if entry is None:
            entry = self._entries[removal] = self._new_entry(removal)
        return entry

    def _new_entry(self, removal: RemovalKey) -> RemovalEntry:
        sent = self._sent.get(removal)
        if sent is not None:
            return RemovalEntry(removal, sent)
        findings = key_findings(removal.key, self._known.get(removal.kind, NO_KEYS))
        return RemovalEntry(removal, None, self._by_key.get(removal.key), findings)

    def _set_ticked(self, removals: Sequence[RemovalKey], *, ticked: bool) -> None:
        for removal in removals:
            if ticked:
                self._ticked[removal] = None
            else:
                self._ticked.pop(removal, None)
        # The rows stay where they are, also those that the filter would hide now.
        if self._rows:
            self.dataChanged.emit(self.index(0, _KIND), self.index(len(self._rows) - 1, _KIND))
        self.ticked_changed.emit()

    def _rebuild(self) -> None:
        self.beginResetModel()
        order = [*(each for each in self._added if each not in self._sent), *self._sent]
        entries = [self._entry(each) for each in order]
        self._rows = [each for each in entries if each.removal in self._ticked or self._has(each)]
        self.endResetModel()
        self.ticked_changed.emit()

    def _has(self, entry: RemovalEntry) -> bool:
        """Whether the row has the filter's text."""
        if not self._filter:
            return True
        if entry.removal not in self._searched:
            texts = [_text(entry, column) for column in range(len(_TITLES))]
            self._searched[entry.removal] = fold("\n".join(texts))
        return self._filter in self._searched[entry.removal]


def _text(entry: RemovalEntry, column: int) -> str:
    if column == _KIND:
        return entry.kind_text
    if column == _KEY:
        return entry.key_text
    if column == _NAME:
        return entry.unknown_text or entry.name
    if entry.sent is None:
        return ""
    return moment_text(entry.sent.ends_at if column == _ENDS else entry.sent.starts_at)


class RemovalTable(QTableView):
    """Space ticks the selected rows. `empty` is shown while there are none."""

    def __init__(self, model: RemovalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setAccessibleName(_("What can be removed"))
        self.setProperty("kind", "sheet")
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        height = self.fontMetrics().height() + Spacing.M
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.empty = muted_label(wrap=True, parent=self.viewport())
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QVBoxLayout(self.viewport())
        inside.addWidget(self.empty)
        model.modelReset.connect(self._show_empty)
        self.setMinimumHeight(height * (_ROWS_SHOWN + 1))
        character = self.fontMetrics().averageCharWidth()
        for column, characters in _WIDTHS.items():
            self.setColumnWidth(column, character * characters)

    def _show_empty(self) -> None:
        self.empty.setVisible(self._model.rowCount() == 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._model.toggle([index.row() for index in self.selectionModel().selectedRows()])
            return
        super().keyPressEvent(event)
