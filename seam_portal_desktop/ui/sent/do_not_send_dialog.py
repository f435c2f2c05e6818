"""The do-not-send list of a workspace: its entries, and fields for a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.do_not_send import (
    MOST_REASON,
    NOTHING_FORBIDDEN,
    DoNotSend,
    DoNotSendList,
)
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    Field,
    NoticeStrip,
    heading,
    muted_label,
    number,
    one_line,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, short

_SAVING = _("Saving…")
_SHOWN_ROWS = 8
_ADDED = 3
"""The column of the time."""


class DoNotSendDialog(FormDialog):
    """`show_list` fills it. After each request: set_busy(False) with the new list, or
    show_error() or show_refusal()."""

    add_requested = Signal(str, str)
    """What was typed as an address or domain, and the reason."""

    remove_requested = Signal(object)
    """A DoNotSend."""

    remove_unreadable_requested = Signal()

    width_in_characters = 110

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Do-not-send list"))
        self._list = NOTHING_FORBIDDEN
        self._is_confirming = False
        self.body.setSpacing(Spacing.M)
        self.body.addWidget(
            muted_label(
                _(
                    "Links of this workspace are never sent to these addresses, nor to any "
                    "address of these domains."
                ),
                wrap=True,
                parent=self,
            )
        )
        self.unreadable = NoticeStrip("", self)
        self.unreadable.button.clicked.connect(self._on_remove_unreadable)
        self.body.addWidget(self.unreadable)
        self.table = self._make_table()
        self.body.addWidget(self.table)
        self.empty = muted_label(_("Nothing is on the list yet."), parent=self)
        self.body.addWidget(self.empty)
        self.remove = QPushButton(_("Remove"), self)
        self.remove.setAutoDefault(False)
        set_kind(self.remove, "secondary")
        self.remove.clicked.connect(self._on_remove)
        below = QHBoxLayout()
        below.addWidget(self.remove)
        below.addStretch(1)
        self.body.addLayout(below)
        self.body.addWidget(heading(_("Add to the list"), self))
        self.target = Field(_("Address or domain"), icons, self)
        self.target.edit.setPlaceholderText(_("ann@example.com or example.com"))
        self.reason = Field(_("Reason"), icons, self)
        self.reason.edit.setMaxLength(MOST_REASON)
        self.reason.edit.setPlaceholderText(_("Such as: asked us not to write"))
        for field in (self.target, self.reason):
            self.body.addWidget(field)
        self.body.addStretch(1)
        self.set_submit(_("Add"), loud=False)
        self.target.setFocus()
        self._update()

    def show_list(self, listed: DoNotSendList) -> None:
        """Show the entries, the newest first."""
        self._list = listed
        entries = listed.entries[::-1]
        self.table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            texts = (entry.target, entry.reason, entry.by, short(entry.at))
            for column, text in enumerate(texts):
                item = QTableWidgetItem(one_line(text))
                hover = absolute(entry.at) if column == _ADDED else text
                item.setToolTip(plain_tooltip(hover))
                item.setData(Qt.ItemDataRole.UserRole, entry)
                self.table.setItem(row, column, item)
        self.table.clearSelection()
        self._is_confirming = False
        self._update()

    def clear_fields(self) -> None:
        """The entry is added: the next one can be typed."""
        self.target.edit.clear()
        self.reason.edit.clear()
        self.target.setFocus()

    def fill(self, entry: DoNotSend) -> None:
        """Have the fields ready to add a removed entry again."""
        self.target.edit.setText(entry.target)
        self.reason.edit.setText(entry.reason)

    def show_refusal(self, error: UserFacingError) -> None:
        """What was typed can't be an entry."""
        self.set_busy(False)
        self.target.note.show_error(error.message)
        self.target.setFocus()

    def submit(self) -> None:
        if self.is_busy:
            return
        target, reason = self.target.edit.text().strip(), self.reason.edit.text().strip()
        if not target:
            self.target.note.show_error(_("Type an address or a domain."))
            self.target.setFocus()
        elif not reason:
            self.reason.note.show_error(_("Say why nothing is sent to it."))
            self.reason.setFocus()
        else:
            self.set_busy(busy=True, text=_SAVING)
            self.add_requested.emit(target, reason)

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001 - as in the base
        for field in (self.target, self.reason):
            field.set_locked(locked)
        self.unreadable.button.setDisabled(locked)
        self._update()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4, self)
        table.setHorizontalHeaderLabels(
            [_("Address or domain"), _("Reason"), _("Added by"), _("Added")]
        )
        table.setProperty("kind", "sheet")
        table.setAccessibleName(_("Do-not-send list"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        characters = self.fontMetrics().averageCharWidth()
        for column, wanted in ((0, 28), (2, 12), (_ADDED, 20)):
            table.setColumnWidth(column, characters * wanted)
        line = self.fontMetrics().height() + Spacing.M
        table.verticalHeader().setDefaultSectionSize(line)
        table.setMinimumHeight(line * (_SHOWN_ROWS + 1))
        table.itemSelectionChanged.connect(self._update)
        return table

    def _selected(self) -> DoNotSend | None:
        items = self.table.selectedItems()
        found = items[0].data(Qt.ItemDataRole.UserRole) if items else None
        return found if isinstance(found, DoNotSend) else None

    def _on_remove(self) -> None:
        entry = self._selected()
        if entry is not None and not self.is_busy:
            self.set_busy(busy=True, text=_SAVING)
            self.remove_requested.emit(entry)

    def _on_remove_unreadable(self) -> None:
        """The first press asks: the entries may be readable later."""
        if not self._is_confirming:
            self._is_confirming = True
            self._update()
        elif not self.is_busy:
            self.set_busy(busy=True, text=_SAVING)
            self.remove_unreadable_requested.emit()

    def _update(self) -> None:
        count = self._list.unreadable
        has_entries = self.table.rowCount() > 0
        self.table.setVisible(has_entries)
        self.remove.setVisible(has_entries)
        self.remove.setEnabled(self._selected() is not None and not self.is_busy)
        self.empty.setVisible(not has_entries and not count)
        if not count:
            self.unreadable.hide()
            return
        remove = ngettext("Remove it", "Remove them", count)
        confirm = ngettext(
            "Yes, remove {count} entry for ever", "Yes, remove {count} entries for ever", count
        ).format(count=number(count))
        self.unreadable.button.setText(confirm if self._is_confirming else remove)
        if self.unreadable.isHidden():
            self.unreadable.show_text(
                ngettext(
                    "{count} entry can’t be read now, because the keyring doesn’t give its key. "
                    "It may forbid an address that isn’t shown here.",
                    "{count} entries can’t be read now, because the keyring doesn’t give their "
                    "key. They may forbid addresses that aren’t shown here.",
                    count,
                ).format(count=number(count))
            )
