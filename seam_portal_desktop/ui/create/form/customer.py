"""The customer's key, the one field that every request needs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.customers import KeyCheck, KnownCustomer, KnownCustomers
from seam_portal_desktop.domain.tables.checks.keys import key_findings, visible
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.customer.customer_list import (
    CustomerCompleter,
    CustomerDelegate,
    CustomerModel,
    CustomerPopup,
)
from seam_portal_desktop.ui.create.customer.key_hint import KeyHint
from seam_portal_desktop.ui.create.form.controls import OriginalText
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.create.form.settings import CUSTOMER_KEY
from seam_portal_desktop.ui.toolkit.form_parts import (
    KEY_CHARACTERS,
    FieldNote,
    heading,
    short_key,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_ROWS_SHOWN = 6
_MOST_ROWS = 50
_SEARCH_DELAY_MS = 250
_BUTTON_PADDING = 5
"""The space before a link button's text."""


class CustomerSection(FormSection):
    """The customer's key, chosen from the known customers or typed.

    `search_requested` carries the key once typing pauses. The controller looks it up, and calls
    set_remote_customers() and show_check().
    """

    search_requested = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._original = OriginalText()
        self._known = KnownCustomers()
        self._clock: Clock | None = None
        self._remote: dict[str, None] = {}
        self._typed: str | None = None
        self._check: KeyCheck | None = None
        self._dismissed: str | None = None
        title = heading(_("Customer key"), self)
        self.key = QLineEdit(self)
        self.key.setObjectName("customerKey")
        self.key.setAccessibleName(_("Customer key"))
        self.key.setPlaceholderText("harbor-hotel")
        title.setBuddy(self.key)
        self._customers = CustomerModel(self)
        completer = CustomerCompleter(self._customers, self)
        completer.setMaxVisibleItems(_ROWS_SHOWN)
        self._popup = popup = CustomerPopup()
        completer.setPopup(popup)
        popup.setItemDelegate(CustomerDelegate(icons, popup))  # after the completer set its own
        popup.installEventFilter(self)
        self.key.setCompleter(completer)
        self.key.installEventFilter(self)
        self._list_action = self.key.addAction(
            icons.icon("chevron-down", Tone.NEUTRAL), QLineEdit.ActionPosition.TrailingPosition
        )
        self._list_action.setText(_("Known customers"))
        self._list_action.setToolTip(_("Known customers (Down)"))
        self._list_action.triggered.connect(self._open_list)
        self.note = FieldNote(self.key, icons, hint=_("The ID your system uses for this customer."))
        self.clean_button = self._make_clean_button()
        self.hint = KeyHint(icons, self)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        for widget in (title, self.key, self.note):
            column.addWidget(widget)
        column.addLayout(self._below_note())
        column.addWidget(self.hint)
        self.key.textEdited.connect(self._on_typed)
        self.key.textChanged.connect(self._on_edited)
        self.hint.key_chosen.connect(self._choose)
        self.hint.dismissed.connect(self.dismiss_hint)
        self.setFocusProxy(self.key)
        self._search_delay = QTimer(self)
        self._search_delay.setSingleShot(True)
        self._search_delay.setInterval(_SEARCH_DELAY_MS)
        self._search_delay.timeout.connect(lambda: self.search_requested.emit(self.customer_key()))

        self._update_note_soon = QTimer(self)
        self._update_note_soon.setSingleShot(True)
        self._update_note_soon.timeout.connect(self._on_list_closed)

    @property
    def is_typing(self) -> bool:
        """The key was changed a moment ago."""
        return self._search_delay.isActive()

    def set_customers(self, known: KnownCustomers, clock: Clock) -> None:
        """The customers of the ledger. Times are shown relative to `clock`."""
        self._known, self._clock = known, clock
        self._update_list()
        if self.note.tone is not Tone.DANGER:  # an answer that comes late keeps Seam's refusal
            self._update_note()

    def set_remote_customers(self, keys: Sequence[str]) -> None:
        """Add the customers that Seam found for the last `search_requested`."""
        self._remote = dict.fromkeys(keys)
        self._update_list()
        if self.note.tone is not Tone.DANGER:
            self._update_note()
        is_typing = self.key.hasFocus() and self._typed and self._typed == self.key.text()
        if is_typing and keys and not self.key.isReadOnly() and not self._is_known():
            self.key.completer().complete()

    def show_check(self, check: KeyCheck) -> None:
        """Show what is known about a key, unless another one is typed by now."""
        if check.key == self.customer_key() != self._dismissed:
            self._check = check
            self._update_note()

    def unsent(self) -> str:
        return self.key.text()

    def restore_unsent(self, entered: str) -> None:
        self.key.setText(entered)

    def restore_hint(self) -> None:
        """Take the hint back from another view of the request."""
        self._column.addWidget(self.hint)

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
        self._list_action.setDisabled(locked)
        self.hint.set_locked(locked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        popup = self._popup
        if watched is popup and event.type() == QEvent.Type.Hide:
            self._update_note_soon.start()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        # Enter while customers are shown but none is selected goes to the form. Qt would only
        # close the list.
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if watched is popup and is_enter and not popup.currentIndex().isValid():
            popup.hide()
            QCoreApplication.sendEvent(self.key, event)
            return True
        if watched is self.key and event.key() == Qt.Key.Key_Down and not popup.isVisible():
            self._open_list()
            return True
        return super().eventFilter(watched, event)

    def _open_list(self) -> None:
        """Show the customers that match what is in the field, else the last ones."""
        if self.key.isReadOnly():
            return
        self.key.setFocus()
        text = self.key.text()
        if not self._matching(text):
            text = ""
        self._typed = text
        self._update_list()
        self.key.completer().setCompletionPrefix(text.strip())
        self.key.completer().complete()

    def _matching(self, text: str) -> list[KnownCustomer]:
        """The customers to offer for `text`; none if it is the only one's key."""
        wanted = text.strip().casefold()
        found = self._known.matching(wanted, _MOST_ROWS)
        for key in self._remote:
            if len(found) == _MOST_ROWS:
                break
            if self._known.get(key) is None and wanted in key.casefold():
                found.append(KnownCustomer(key, is_here=False))
        return [] if [each.customer_key for each in found] == [text.strip()] else found

    def _update_list(self, *, is_typing: bool = False) -> None:
        if self._clock is None:
            return
        # A row that is being chosen stays where it is.
        is_choosing = self._popup.isVisible() and self._popup.currentIndex().isValid()
        if is_choosing and not is_typing:
            return
        text = self.key.text() if self._typed is None else self._typed
        self._customers.set_customers(self._matching(text), self._clock())

    def _is_known(self) -> bool:
        key = self.customer_key()
        return self._known.get(key) is not None or key in self._remote

    def _on_typed(self, text: str) -> None:
        # Before the completer looks for `text`. A row that is chosen with the arrows isn't typed.
        self._typed = text
        self._update_list(is_typing=True)

    def _on_edited(self) -> None:
        self._search_delay.start()
        self._update_note()
        self.changed.emit()

    def _on_list_closed(self) -> None:
        if self._check is not None and self.note.tone is not Tone.DANGER:
            self._update_note()

    def _below_note(self) -> QHBoxLayout:
        """The button, where the note's text begins."""
        row = QHBoxLayout()
        row.addSpacing(self.fontMetrics().height() + Spacing.XS - _BUTTON_PADDING)
        row.addWidget(self.clean_button)
        row.addStretch(1)
        return row

    def _make_clean_button(self) -> QPushButton:
        button = QPushButton(_("Clean up the key"), self)
        button.setObjectName("cleanKey")
        button.setAutoDefault(False)
        set_kind(button, "link")
        button.clicked.connect(self._clean)
        button.hide()
        return button

    def _clean(self) -> None:
        """Replace the key by the cleaned one. Undo brings it back."""
        findings = key_findings(self.customer_key())
        if findings is not None and findings.cleaned is not None:
            self.key.setFocus()  # before the button hides
            self.key.selectAll()
            self.key.insert(findings.cleaned)

    def _choose(self, key: str) -> None:
        self.key.setText(key)
        self.key.setFocus()

    def dismiss_hint(self) -> None:
        """Say no more about the key that is typed."""
        self._dismissed = self.customer_key()
        self._check = None
        self._update_note()
        self.key.setFocus()

    def _update_note(self) -> None:
        """Warn of spaces, and of a known key that differs in capitals only. Show what is known."""
        typed, key = self.key.text(), self.customer_key()
        other = self._known.in_other_capitals(key)
        if self._check is not None and self._check.key != key:
            self._check = None
        findings = key_findings(key)
        self.clean_button.setVisible(findings is not None and findings.cleaned is not None)
        self.clean_button.setDisabled(self.key.isReadOnly())
        if typed and not key:
            self.note.show_note(_("A key needs more than spaces."), Tone.WARNING)
        elif findings is not None:
            shown = _("The key is {key}").format(key=short_key(visible(key), KEY_CHARACTERS))
            self.note.show_note("\n".join((*findings.sentences, shown)), Tone.WARNING)
        elif typed.strip(" ") != key:
            self.note.show_note(
                _(
                    "The spaces, tabs and line breaks around the key will be left out: {short_key}"
                ).format(short_key=short_key(key, KEY_CHARACTERS)),
                Tone.INFO,
            )
        elif typed != key:
            self.note.show_note(
                _("The spaces around the key will be left out: {short_key}").format(
                    short_key=short_key(key, KEY_CHARACTERS)
                ),
                Tone.INFO,
            )
        elif other is not None and self._check is None and not self._is_known():
            self.note.show_note(
                _(
                    "You have used {short_key} before. Keys that differ in "
                    "capitals are different customers."
                ).format(short_key=short_key(other, KEY_CHARACTERS)),
                Tone.WARNING,
            )
        else:
            self.note.clear()
        # While customers are listed, one of them may be meant. Then the key isn't called new.
        is_listing = self._popup.isVisible() and not (self._check and self._check.links)
        if self._check is None or self._clock is None or is_listing:
            self.hint.clear()
            return
        self.hint.show_check(self._check, self._clock())
        if self.note.tone is None:
            self.note.hide()
            self.key.setAccessibleDescription(self.hint.text)
