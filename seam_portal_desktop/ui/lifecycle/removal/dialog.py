"""The dialog in which the user chooses what is removed from Seam."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.removal.keys import RemovalKey, removable_kinds
from seam_portal_desktop.domain.removal.pasted import read_keys
from seam_portal_desktop.domain.removal.sent import SentResource
from seam_portal_desktop.domain.request.verticals import ANY
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.create.workspace_dialog import WorkspaceDialog
from seam_portal_desktop.ui.lifecycle.removal.key_table import RemovalModel, RemovalTable
from seam_portal_desktop.ui.lifecycle.removal.wording import consequences, warnings
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    heading,
    muted_label,
    number,
    plain_label,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_KEY_LINES = 3


class KeyField(QPlainTextEdit):
    """Keys, one on each line. Tab leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        margins = 2 * (int(self.document().documentMargin()) + self.frameWidth()) + Spacing.S
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _KEY_LINES + margins)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste whole lines: keys that are pasted one after the other don't become one."""
        cursor = self.textCursor()
        text = source.text()
        if cursor.atEnd() and not cursor.atBlockStart() and "\n" in text.strip("\r\n"):
            text = f"\n{text}"
        self.insertPlainText(text)


class RemoveDataDialog(WorkspaceDialog):
    """Open it with open(). `review_requested` carries the ticked RemovalEntries. Then the
    controller asks, and calls accept(), or drop() for what is removed."""

    width_in_characters = 128
    texts = (_("Remove customer data"), "")
    production_texts = (_("Remove customer data in PRODUCTION"), "")
    review_requested = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.customer = CustomerSection(icons, self)
        self.model = RemovalModel(icons, self)
        self.kind = CalmComboBox(self)
        self.kind.setObjectName("kindOfKeys")
        self.kind.setAccessibleName(_("Kind of the keys"))
        for name in removable_kinds():
            self.kind.addItem(ANY.one(name), name)
        self.keys = KeyField(self)
        self.keys.setObjectName("keys")
        self.keys.setAccessibleName(_("Keys, one on each line"))
        self.keys.setPlaceholderText(_("Type or paste keys, one on each line"))
        self.add_button = QPushButton(_("Add keys"), self)
        self.add_button.setAutoDefault(False)
        set_kind(self.add_button, "secondary")
        self.keys_note = FieldNote(self.keys, icons)
        self.filter = QLineEdit(self)
        self.filter.setObjectName("filter")
        self.filter.setAccessibleName(_("Filter the table"))
        self.filter.setPlaceholderText(_("Filter by name, key or date"))
        self.filter.setClearButtonEnabled(True)
        self.count = muted_label(parent=self)
        self.table = RemovalTable(self.model, self)
        self.warning = FieldNote(self.table, icons)
        self.clean_button = QPushButton(self)
        self.clean_button.setAutoDefault(False)
        set_kind(self.clean_button, "secondary")
        self.ends = plain_label(wrap=True, parent=self)
        self._make_layout()
        self.add_button.clicked.connect(self._add_keys)
        self.clean_button.clicked.connect(self._clean_up)
        self.keys.textChanged.connect(self._on_typed)
        self.customer.changed.connect(self._on_customer_changed)
        self.filter.textChanged.connect(self._on_filtered)
        self.model.ticked_changed.connect(self._show_ticked)
        self._show_ticked()
        self._show_why_empty()

    def show_sent(self, sent: Sequence[SentResource]) -> None:
        """Offer what was sent for the customer."""
        self.model.set_sent(sent)
        self._show_why_empty()

    def drop(self, removals: Sequence[RemovalKey]) -> None:
        """Take what is removed out of the table."""
        self.model.remove(removals)

    def submit(self) -> None:
        if self.submit_button.isEnabled() and self._add_keys():
            self.review_requested.emit(self.model.ticked())

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        """The dialog doesn't wait; the question after it does."""

    def is_complete(self) -> bool:
        return bool(self.model.ticked() or self.keys.toPlainText().strip())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.table if self.customer.customer_key() else self.customer.key).setFocus()

    def _make_layout(self) -> None:
        legend = muted_label(
            _(
                "Tick what was sent with this customer’s portals, or add keys of your own system. "
                "Seam looks for a key in the whole workspace, also at other customers."
            ),
            wrap=True,
            parent=self,
        )
        kind_label = plain_label(_("Kind"), parent=self)
        kind_label.setBuddy(self.kind)
        left = QVBoxLayout()
        left.setSpacing(Spacing.XS)
        left.addWidget(kind_label)
        left.addWidget(self.kind)
        left.addStretch(1)
        keys_label = plain_label(_("Keys"), parent=self)
        keys_label.setBuddy(self.keys)
        middle = QVBoxLayout()
        middle.setSpacing(Spacing.XS)
        middle.addWidget(keys_label)
        middle.addWidget(self.keys)
        middle.addWidget(self.keys_note)
        right = QVBoxLayout()
        right.setSpacing(Spacing.XS)
        right.addWidget(plain_label(parent=self))  # as high as the labels beside it
        right.addWidget(self.add_button)
        right.addStretch(1)
        add = QHBoxLayout()
        add.setSpacing(Spacing.M)
        add.addLayout(left)
        add.addLayout(middle, 1)
        add.addLayout(right)
        find = QHBoxLayout()
        find.setSpacing(Spacing.M)
        find.addWidget(self.filter, 1)
        find.addWidget(self.count)
        self.body.addWidget(self.customer)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(heading(_("What to remove"), self))
        self.body.addWidget(legend)
        self.body.addLayout(add)
        self.body.addLayout(find)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.ends)
        self.body.addWidget(self.warning)
        self.body.addWidget(self.clean_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _on_customer_changed(self) -> None:
        """What was sent for another customer isn't offered any more."""
        if self.model.sent:
            self.model.set_sent(())
        self.table.empty.setText(_("Looking for what was sent…"))

    def _add_keys(self) -> bool:
        """Move the typed keys to the table. False if there is a problem, which is shown."""
        pasted = read_keys(self.keys.toPlainText())
        if pasted.problem:
            self.keys_note.show_error(pasted.problem)
            self.keys.setFocus()
            return False
        if pasted.keys:
            kind = self.kind.currentData()
            self.model.add(RemovalKey(kind, key) for key in pasted.keys)
            self.keys.clear()
            count = len(pasted.keys)
            text = ngettext("1 key is ticked.", "{count} keys are ticked.", count)
            announce(self.table, text.format(count=number(count)))
            self.table.scrollToTop()
        return True

    def _show_why_empty(self) -> None:
        if self.filter.text().strip():
            text = _("Nothing has this text.")
        elif self.customer.customer_key():
            text = _("Nothing was sent with this customer’s portals. Add keys above.")
        else:
            text = _("Choose a customer to see what was sent, or add keys above.")
        self.table.empty.setText(text)

    def _on_filtered(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_why_empty()

    def _clean_up(self) -> None:
        self.table.setFocus()  # the button may go
        self.model.clean_up()

    def _on_typed(self) -> None:
        self.keys_note.clear()
        self._update_buttons()

    def _show_ticked(self) -> None:
        entries = self.model.ticked()
        total = max(self.model.rowCount(), len(entries))
        self.count.setText(
            _("{count} of {total} ticked").format(count=number(len(entries)), total=number(total))
        )
        self.ends.setText("\n".join(consequences(entries)))
        self.ends.setVisible(bool(entries))
        unclean = sum(
            each.findings is not None and each.findings.cleaned is not None for each in entries
        )
        text = ngettext("Clean up 1 key", "Clean up {count} keys", unclean)
        self.clean_button.setText(text.format(count=number(unclean)))
        self.clean_button.setVisible(bool(unclean))
        lines = warnings(entries, self.model.sent)
        if lines:
            self.warning.show_note("\n".join(lines), Tone.WARNING)
        else:
            self.warning.clear()
        self._update_buttons()

    def _update_buttons(self) -> None:
        count = len(self.model.ticked())
        text = ngettext("Review 1 removal…", "Review {count} removals…", count)
        # The question after it names what ends, and has the red button.
        self.set_submit(text.format(count=number(count)) if count else _("Review…"), loud=False)
        self.submit_button.setEnabled(not self.is_busy and self.is_complete())
        self.add_button.setEnabled(bool(self.keys.toPlainText().strip()))
