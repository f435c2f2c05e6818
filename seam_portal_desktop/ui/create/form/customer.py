"""Whose portal it is: the one field that every request needs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.form.controls import KeptText
from seam_portal_desktop.ui.create.form.draft import CUSTOMER_KEY, RequestDraft
from seam_portal_desktop.ui.create.form.section import FormSection
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading, isolate, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone

_COMPLETIONS_SHOWN = 8
_KEY_CHARACTERS = 60
_SEARCHED_AFTER_MS = 250


class CustomerSection(FormSection):
    """The customer's key, completed from the ledger and from what Seam knows.

    `search_wanted` carries what was typed once typing pauses; whoever can ask Seam about it
    answers with set_remote_customers(), or not at all.
    """

    search_wanted = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = KeptText()
        self._local: list[str] = []
        self._remote: list[str] = []
        self._known: dict[str, str] = {}
        self._exact: frozenset[str] = frozenset()
        title = heading("Customer key", self)
        self.key = QLineEdit(self)
        self.key.setObjectName("customerKey")
        self.key.setAccessibleName("Customer key")
        self.key.setPlaceholderText("harbor-hotel")
        title.setBuddy(self.key)
        self._keys = QStringListModel(self)
        completer = QCompleter(self._keys, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_COMPLETIONS_SHOWN)
        self._popup = popup = QListView()
        popup.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        popup.setAccessibleName("Known customer keys")
        completer.setPopup(popup)
        popup.installEventFilter(self)
        self.key.setCompleter(completer)
        self.note = FieldNote(
            self.key, icons, hint="Your own id for this customer, as your systems have it."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        for widget in (title, self.key, self.note):
            column.addWidget(widget)
        self.key.textChanged.connect(self._edited)
        self.setFocusProxy(self.key)
        self._search = QTimer(self)
        self._search.setSingleShot(True)
        self._search.setInterval(_SEARCHED_AFTER_MS)
        self._search.timeout.connect(lambda: self.search_wanted.emit(self.customer_key()))
        self.key.textEdited.connect(lambda _text: self._search.start())

    def set_customer_keys(self, keys: Sequence[str]) -> None:
        self._local = list(keys)
        self._offer()

    def set_remote_customers(self, keys: Sequence[str]) -> None:
        """Offer what Seam found for the latest search as well."""
        self._remote = list(keys)
        self._offer()
        asked = self.key.hasFocus() and self.customer_key() and not self.key.isReadOnly()
        if asked and self._remote and self.customer_key() not in self._exact:
            self.key.completer().complete()

    def customer_key(self) -> str:
        """The key without spaces around it, unless a filled-in request has them."""
        text = self.key.text()
        return self._kept.take(text, text.strip()) or ""

    def read(self, draft: RequestDraft) -> None:
        draft.put(CUSTOMER_KEY, self.customer_key() or None)

    def fill(self, draft: RequestDraft) -> None:
        key = draft.get(CUSTOMER_KEY)
        self.key.setText(key or "")
        self._kept.give(key, self.key.text())
        self._explain()

    def show_error(self, path: str, reason: str) -> QWidget | None:
        if path not in {CUSTOMER_KEY, "customer_data", "customer_key"}:
            return None
        self.note.show_error(reason)
        return self.key

    def clear_errors(self) -> None:
        self._explain()

    def lock(self, locked: bool) -> None:  # noqa: FBT001
        self.key.setReadOnly(locked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Enter while completions are offered but none is chosen is meant for the form. Qt would
        # only close the list.
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

    def _offer(self) -> None:
        keys = list(dict.fromkeys([*self._local, *self._remote]))
        # Only our own keys are warned about: Seam's list holds just what was searched for.
        self._known = {key.casefold(): key for key in reversed(self._local)}
        self._exact = frozenset(keys)
        self._keys.setStringList(keys)
        if self.note.tone is not Tone.DANGER:  # an answer that comes late keeps Seam's refusal
            self._explain()

    def _edited(self) -> None:
        self._explain()
        self.changed.emit()

    def _explain(self) -> None:
        """Say what is surprising about the key as it stands, and nothing when nothing is."""
        typed, key = self.key.text(), self.customer_key()
        known = self._known.get(key.casefold())
        if typed and not key:
            self.note.show_note("A key needs more than spaces.", Tone.WARNING)
        elif known is not None and key not in self._exact:
            self.note.show_note(
                f"You have used {_quoted(known)} before. Keys that differ in capitals are "
                "different customers.",
                Tone.WARNING,
            )
        elif typed != key:
            self.note.show_note(
                f"The spaces around the key will be left out: {_quoted(key)}",
                Tone.INFO,
            )
        else:
            self.note.clear()


def _quoted(key: str) -> str:
    return isolate(shortened(key, _KEY_CHARACTERS))
