"""The customer's key, the one field that every request needs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.form.controls import OriginalText
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.create.form.settings import CUSTOMER_KEY
from seam_portal_desktop.ui.toolkit.form_parts import (
    KEY_CHARACTERS,
    FieldNote,
    heading,
    make_completer,
    short_key,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone

_COMPLETIONS_SHOWN = 8
_SEARCH_DELAY_MS = 250


class CustomerSection(FormSection):
    """The customer's key, completed from the ledger and from Seam.

    `search_requested` carries the typed text once typing pauses. The controller looks it up in Seam
    and calls set_remote_customers().
    """

    search_requested = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._original = OriginalText()
        self._local: list[str] = []
        self._remote: list[str] = []
        self._local_by_folded: dict[str, str] = {}
        self._all: frozenset[str] = frozenset()
        title = heading("Customer key", self)
        self.key = QLineEdit(self)
        self.key.setObjectName("customerKey")
        self.key.setAccessibleName("Customer key")
        self.key.setPlaceholderText("harbor-hotel")
        title.setBuddy(self.key)
        self._keys = QStringListModel(self)
        completer = make_completer(self._keys, self)
        completer.setMaxVisibleItems(_COMPLETIONS_SHOWN)
        self._popup = popup = QListView()
        popup.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        popup.setAccessibleName("Known customer keys")
        completer.setPopup(popup)
        popup.installEventFilter(self)
        self.key.setCompleter(completer)
        self.note = FieldNote(self.key, icons, hint="The ID your system uses for this customer.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        for widget in (title, self.key, self.note):
            column.addWidget(widget)
        self.key.textChanged.connect(self._on_edited)
        self.setFocusProxy(self.key)
        self._search_delay = QTimer(self)
        self._search_delay.setSingleShot(True)
        self._search_delay.setInterval(_SEARCH_DELAY_MS)
        self._search_delay.timeout.connect(lambda: self.search_requested.emit(self.customer_key()))
        self.key.textEdited.connect(lambda _text: self._search_delay.start())

    def set_customer_keys(self, keys: Sequence[str]) -> None:
        self._local = list(keys)
        self._update_completions()

    def set_remote_customers(self, keys: Sequence[str]) -> None:
        """Add the customers that Seam found for the last `search_requested`."""
        self._remote = list(keys)
        self._update_completions()
        is_typing = self.key.hasFocus() and self.customer_key() and not self.key.isReadOnly()
        if is_typing and self._remote and self.customer_key() not in self._all:
            self.key.completer().complete()

    def customer_key(self) -> str:
        """The key without spaces around it, unless the request that was filled in has them."""
        text = self.key.text()
        return self._original.value(text, text.strip()) or ""

    def write_to(self, draft: RequestDraft) -> None:
        draft.put(CUSTOMER_KEY, self.customer_key() or None)

    def fill(self, draft: RequestDraft) -> None:
        key = draft.get(CUSTOMER_KEY)
        self.key.setText(key or "")
        self._original.set(key, self.key.text())
        self._update_note()

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        if path not in {CUSTOMER_KEY, "customer_data", "customer_key"}:
            return None
        self.note.show_error(reason)
        return self.key

    def clear_errors(self) -> None:
        self._update_note()

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001
        self.key.setReadOnly(locked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Enter while completions are shown but none is selected goes to the form. Qt would only
        # close the list.
        popup = self._popup
        if (
            watched is popup
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not popup.currentIndex().isValid()
        ):
            popup.hide()
            QCoreApplication.sendEvent(self.key, event)
            return True
        return super().eventFilter(watched, event)

    def _update_completions(self) -> None:
        keys = list(dict.fromkeys([*self._local, *self._remote]))
        # Only the ledger's keys cause a warning: Seam's list has only the search's results.
        self._local_by_folded = {key.casefold(): key for key in reversed(self._local)}
        self._all = frozenset(keys)
        self._keys.setStringList(keys)
        if self.note.tone is not Tone.DANGER:  # an answer that comes late keeps Seam's refusal
            self._update_note()

    def _on_edited(self) -> None:
        self._update_note()
        self.changed.emit()

    def _update_note(self) -> None:
        """Warn of spaces, and of a known key that differs in capitals only."""
        typed, key = self.key.text(), self.customer_key()
        known = self._local_by_folded.get(key.casefold())
        if typed and not key:
            self.note.show_note("A key needs more than spaces.", Tone.WARNING)
        elif known is not None and key not in self._all:
            self.note.show_note(
                f"You have used {short_key(known, KEY_CHARACTERS)} before. Keys that differ in "
                "capitals are different customers.",
                Tone.WARNING,
            )
        elif typed != key:
            self.note.show_note(
                f"The spaces around the key will be left out: {short_key(key, KEY_CHARACTERS)}",
                Tone.INFO,
            )
        else:
            self.note.clear()
