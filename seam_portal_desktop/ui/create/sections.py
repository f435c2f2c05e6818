"""The sections of the New portal form. Each reads, fills and marks the fields that it owns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.create.form import (
    CUSTOMER_KEY,
    FEATURES,
    IS_EMBEDDED,
    LOCALE,
    LOCALES,
    READ_ONLY,
    RequestDraft,
)
from seam_portal_desktop.ui.form_parts import (
    CalmComboBox,
    ClickableLabel,
    FieldNote,
    heading,
    isolate,
    plain_label,
    shortened,
)
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.theme import Space, Tone, set_kind

_COMPLETIONS_SHOWN = 8
_KEY_CHARACTERS = 60


class Section(QWidget):
    """A group of fields. To add one to the dialog, subclass this and list it there.

    ``owned`` names the request's paths that this section writes; `changed` says that the user
    edited one of them.
    """

    changed = Signal()
    owned: Collection[str] = ()

    def read(self, draft: RequestDraft) -> None:
        """Write the section's fields into `draft`."""
        raise NotImplementedError

    def fill(self, draft: RequestDraft) -> None:
        """Show what `draft` says of the section's fields."""
        raise NotImplementedError

    def show_error(self, path: str, reason: str) -> QWidget | None:
        """Show `reason` at the field that `path` names; the field, or None if it isn't here."""
        raise NotImplementedError

    def clear_errors(self) -> None:
        raise NotImplementedError

    def lock(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self.setDisabled(locked)


class CustomerSection(Section):
    """Whose portal it is."""

    owned = (CUSTOMER_KEY,)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        popup.setAccessibleName("Customer keys used before")
        completer.setPopup(popup)
        popup.installEventFilter(self)
        self.key.setCompleter(completer)
        self.note = FieldNote(
            self.key, icons, hint="Your own id for this customer, as your systems have it."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        for widget in (title, self.key, self.note):
            column.addWidget(widget)
        self.key.textChanged.connect(self._edited)
        self.setFocusProxy(self.key)

    def set_customer_keys(self, keys: Sequence[str]) -> None:
        self._known = {key.casefold(): key for key in reversed(keys)}
        self._exact = frozenset(keys)
        self._keys.setStringList(list(keys))
        self._explain()

    def customer_key(self) -> str:
        return self.key.text().strip()

    def read(self, draft: RequestDraft) -> None:
        draft.set(CUSTOMER_KEY, self.customer_key())

    def fill(self, draft: RequestDraft) -> None:
        self.key.setText(draft.get(CUSTOMER_KEY) or "")

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


class FeaturesSection(Section):
    """What the customer can do in the portal."""

    owned = tuple(feature.path for feature in FEATURES)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._notes: dict[str, FieldNote] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS + Space.XS // 2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading("What the customer can do", self), 0, 0, 1, 2)
        for row, feature in enumerate(FEATURES):
            box = QCheckBox(feature.title, self)
            box.setObjectName(f"feature_{feature.name}")
            box.setChecked(True)
            says = ClickableLabel(feature.gives, self)
            set_kind(says, "muted")
            says.clicked.connect(box.click)
            note = FieldNote(box, icons, description=feature.gives)
            box.toggled.connect(self._edited)
            grid.addWidget(box, 2 * row + 1, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(says, 2 * row + 1, 1)
            grid.addWidget(note, 2 * row + 2, 0, 1, 2)
            self.boxes[feature.name] = box
            self._notes[feature.name] = note
        self.note = FieldNote(self, icons)
        grid.addWidget(self.note, 2 * len(FEATURES) + 1, 0, 1, 2)

    def titles_width(self) -> int:
        """How wide the column of titles is, for a section below to line up with."""
        return max(box.sizeHint().width() for box in self.boxes.values())

    def read(self, draft: RequestDraft) -> None:
        for feature in FEATURES:
            draft.switch(feature.path, on=not self.boxes[feature.name].isChecked())

    def fill(self, draft: RequestDraft) -> None:
        for feature in FEATURES:
            self.boxes[feature.name].setChecked(not draft.get(feature.path))

    def show_error(self, path: str, reason: str) -> QWidget | None:
        for feature in FEATURES:
            if path in {feature.path, feature.parent}:
                self._notes[feature.name].show_error(reason)
                return self.boxes[feature.name]
        if path == "features":
            self.note.show_error(reason)
            return self.boxes[FEATURES[0].name]
        return None

    def clear_errors(self) -> None:
        for note in self._notes.values():
            note.clear()
        self._explain()

    def _edited(self) -> None:
        self._explain()
        self.changed.emit()

    def _explain(self) -> None:
        if any(box.isChecked() for box in self.boxes.values()):
            self.note.clear()
        else:
            self.note.show_note("The customer will find an empty portal.", Tone.WARNING)


class PresentationSection(Section):
    """How the portal is shown: language, place, and whether anything can be changed in it."""

    owned = (LOCALE, IS_EMBEDDED, READ_ONLY)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.locale_box = CalmComboBox(self)
        self.locale_box.setObjectName("locale")
        self.locale_box.setAccessibleName("Language")
        self.locale_box.addItem("Customer’s browser decides", None)
        for locale, name in LOCALES:
            self.locale_box.addItem(name, locale)
        self.standalone = QRadioButton("A page of its own", self)
        self.standalone.setObjectName("standalone")
        self.standalone.setChecked(True)
        self.embedded = QRadioButton("Embedded in your site", self)
        self.embedded.setObjectName("embedded")
        self._place = QButtonGroup(self)
        self._place.addButton(self.standalone)
        self._place.addButton(self.embedded)
        self.read_only = QCheckBox("Read-only", self)
        self.read_only.setObjectName("readOnly")
        says = "Look around, but change nothing."
        explained = ClickableLabel(says, self)
        set_kind(explained, "muted")
        explained.clicked.connect(self.read_only.click)
        self._fields: dict[str, QWidget] = {
            LOCALE: self.locale_box,
            IS_EMBEDDED: self.embedded,
            READ_ONLY: self.read_only,
        }
        self._notes = {
            LOCALE: FieldNote(self.locale_box, icons),
            IS_EMBEDDED: FieldNote(self.embedded, icons),
            READ_ONLY: FieldNote(self.read_only, icons, description=says),
        }

        places = QHBoxLayout()
        places.setSpacing(Space.L)
        places.addWidget(self.standalone)
        places.addWidget(self.embedded)
        places.addStretch(1)
        access = QHBoxLayout()
        access.setSpacing(Space.L)
        access.addWidget(self.read_only)
        access.addWidget(explained, 1)
        language = QHBoxLayout()
        language.addWidget(self.locale_box)
        language.addStretch(1)
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS + Space.XS // 2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading("How the customer sees it", self), 0, 0, 1, 2)
        rows = (
            ("Language", language, LOCALE),
            ("Opens as", places, IS_EMBEDDED),
            ("Access", access, READ_ONLY),
        )
        for row, (label, controls, path) in enumerate(rows):
            grid.addWidget(plain_label(label, parent=self), 2 * row + 1, 0)
            grid.addLayout(controls, 2 * row + 1, 1)
            grid.addWidget(self._notes[path], 2 * row + 2, 1)
        self.locale_box.currentIndexChanged.connect(self.changed)
        self.embedded.toggled.connect(self.changed)
        self.read_only.toggled.connect(self.changed)

    def set_titles_width(self, width: int) -> None:
        self._grid.setColumnMinimumWidth(0, width)

    def read(self, draft: RequestDraft) -> None:
        locale = self.locale_box.currentData()
        if locale is None:
            draft.omit(LOCALE)
        else:
            draft.set(LOCALE, locale)
        draft.switch(IS_EMBEDDED, on=self.embedded.isChecked())
        draft.switch(READ_ONLY, on=self.read_only.isChecked())

    def fill(self, draft: RequestDraft) -> None:
        self.locale_box.setCurrentIndex(max(0, self.locale_box.findData(draft.get(LOCALE))))
        embedded = bool(draft.get(IS_EMBEDDED))
        (self.embedded if embedded else self.standalone).setChecked(True)
        self.read_only.setChecked(bool(draft.get(READ_ONLY)))

    def show_error(self, path: str, reason: str) -> QWidget | None:
        note = self._notes.get(path)
        if note is None:
            return None
        note.show_error(reason)
        return self._fields[path]

    def clear_errors(self) -> None:
        for note in self._notes.values():
            note.clear()


def _quoted(key: str) -> str:
    return isolate(shortened(key, _KEY_CHARACTERS))
