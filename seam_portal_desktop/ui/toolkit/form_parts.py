"""Text helpers and small widgets that every form is made of."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QLocale, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QFont, QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, align_by_layout, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_NOTE_ICONS = {
    Tone.DANGER: "circle-x",
    Tone.WARNING: "triangle-alert",
    Tone.SUCCESS: "circle-check",
    Tone.INFO: "info",
}


def isolate(text: str) -> str:
    """`text` between FSI and PDI: its writing direction doesn't change the sentence around it."""
    return f"\u2068{text}\u2069"


def one_line(text: str) -> str:
    """`text` with each run of spaces and line breaks replaced by one space."""
    return " ".join(text.split())


def shortened(text: str, characters: int) -> str:
    """`text` on one line, without its middle when it is longer than `characters`.

    Qt doesn't elide buttons and menus.
    """
    text = one_line(text)
    if len(text) <= characters:
        return text
    half = characters // 2
    return f"{text[:half].rstrip()}…{text[-half:].lstrip()}"


KEY_CHARACTERS = 60
"""How much of a customer's key a dialog shows where it has a line of its own."""


def short_key(key: str, characters: int = 40) -> str:
    """A customer's key for a sentence: shortened, and isolated from the direction around it."""
    return isolate(shortened(key, characters))


def number(count: int) -> str:
    """`count` as people write it, for a sentence."""
    return QLocale().toString(count)


def in_menu(text: str) -> str:
    """`text` for a button or a menu, where a single & marks a mnemonic."""
    return text.replace("&", "&&")


def plain_label(text: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A label that never reads its text as markup."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    align_by_layout(label)
    return label


def muted_label(text: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A plain label in the fainter colour of explanations."""
    label = plain_label(text, wrap=wrap, parent=parent)
    set_kind(label, "muted")
    return label


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """The bold line above a group or a field."""
    label = plain_label(text, parent=parent)
    embolden(label)
    return label


def embolden(widget: QWidget) -> None:
    """Make the font bold; its size stays the user's."""
    font = QFont()
    font.setBold(True)
    widget.setFont(font)


def make_completer(texts: QStringListModel, parent: QWidget) -> QCompleter:
    """Completes from texts that contain what was typed, in capitals or not."""
    completer = QCompleter(texts, parent)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    set_kind(cast(QWidget, completer.popup()), "popup")
    return completer


class FieldNote(QWidget):
    """The line under a field: a hint, or an icon and words about what is wrong.

    The text, else `description`, is also the field's accessible description.
    """

    def __init__(
        self, field: QWidget, icons: Icons, *, hint: str = "", description: str = ""
    ) -> None:
        super().__init__(field.parentWidget())
        self._field = field
        self._icons = icons
        self._hint = hint
        self._description = description
        self._tone: Tone | None = None
        self._icon = IconView(parent=self)
        self.label = plain_label(wrap=True, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.XS)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        self.clear()

    @property
    def tone(self) -> Tone | None:
        """DANGER while the field is wrong; None for the hint."""
        return self._tone

    def show_note(self, text: str, tone: Tone, icon: str | None = None) -> None:
        self._tone = tone
        name = icon or _NOTE_ICONS.get(tone)
        self._icon.setVisible(name is not None)
        if name is not None:
            self._icon.set_icon(self._icons.icon(name, tone))
        if tone is Tone.NEUTRAL:
            set_kind(self.label, "muted")
        else:
            set_kind(self.label, "tone", tone)
        self._set_text(text)

    def show_error(self, text: str) -> None:
        self.show_note(text, Tone.DANGER)

    def clear(self) -> None:
        """Show the hint again, if there is one."""
        self._tone = None
        self._icon.hide()
        set_kind(self.label, "muted")
        self._set_text(self._hint)

    def _set_text(self, text: str) -> None:
        self.label.setText(text)
        self._field.setAccessibleDescription(text or self._description)
        wrong = self._tone is Tone.DANGER
        if self._field.property("invalid") != wrong:
            self._field.setProperty("invalid", wrong)
            self._field.style().unpolish(self._field)
            self._field.style().polish(self._field)
        self.setVisible(bool(text))


class Field(QWidget):
    """A title, a line edit and a note. Each change of the text emits `edited`."""

    edited = Signal()

    def __init__(
        self, title: str, icons: Icons, parent: QWidget | None = None, *, hint: str = ""
    ) -> None:
        super().__init__(parent)
        label = heading(title, self)
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(title)
        label.setBuddy(self.edit)
        self.note = FieldNote(self.edit, icons, hint=hint)
        self.line = QHBoxLayout()
        self.line.setSpacing(Spacing.XS)
        self.line.addWidget(self.edit, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addWidget(label)
        column.addLayout(self.line)
        column.addWidget(self.note)
        self.edit.textChanged.connect(self._on_edited)
        self.setFocusProxy(self.edit)

    def problem(self) -> str | None:
        """A sentence for the user about what is wrong with the text; None if it is valid."""
        return None

    def check(self) -> bool:
        """Show the problem, if there is one; True without one."""
        problem = self.problem()
        if problem is not None:
            self.note.show_error(problem)
        return problem is None

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self.edit.setReadOnly(locked)

    def update_note(self) -> None:
        """Update the note while the user types."""
        self.note.clear()

    def _on_edited(self) -> None:
        self.update_note()
        self.edited.emit()


class SecretField(Field):
    """A field whose text is hidden until the user shows it. Only its line edit has the text.

    `show` and `hide` are the words of the button.
    """

    def __init__(
        self,
        title: str,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        show: str,
        hide: str,
        hint: str = "",
    ) -> None:
        super().__init__(title, icons, parent, hint=hint)
        self._icons = icons
        self._names = {False: show, True: hide}
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.reveal = QToolButton(self)
        self.reveal.setCheckable(True)
        set_kind(self.reveal, "quiet")
        self.reveal.toggled.connect(self._reveal)
        self._reveal(revealed=False)
        self.line.addWidget(self.reveal)

    def secret(self) -> Secret:
        return Secret(self.edit.text())

    def is_empty(self) -> bool:
        return not self.edit.text()

    def wipe(self) -> None:
        """Remove the secret, also from the undo history."""
        self.reveal.setChecked(False)
        self.edit.setText("")

    def _reveal(self, revealed: bool) -> None:  # noqa: FBT001 - a slot
        mode = QLineEdit.EchoMode.Normal if revealed else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.reveal.setIcon(self._icons.icon("eye-off" if revealed else "eye"))
        self.reveal.setToolTip(self._names[revealed])
        self.reveal.setAccessibleName(self._names[revealed])


class NoticeStrip(QFrame):
    """A banner with a text and a link-like `button` that acts on it. Hidden at first."""

    def __init__(self, button_text: str, parent: QWidget) -> None:
        super().__init__(parent)
        set_kind(self, "banner", Tone.INFO)
        self._label = plain_label(wrap=True, parent=self)
        self.button = QPushButton(button_text, self)
        self.button.setAutoDefault(False)
        set_kind(self.button, "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show the strip, and have assistive technology read `text`."""
        self._label.setText(text)
        self.show()
        announce(self, text)


class CalmComboBox(QComboBox):
    """A combo box that ignores the wheel: scrolling the form must not change a choice. A text that
    is too long for it ends with … (Qt would cut it off).

    On Linux its accessible name is its value. Only a label beside it can name it.
    """

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        style, part = self.style(), QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        if not option.currentIcon.isNull():
            room -= option.iconSize.width() + Spacing.XS
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room - 2
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        parent = self.parentWidget()
        siblings = parent.children() if parent is not None else []
        if any(isinstance(each, QLabel) and each.buddy() is self for each in siblings):
            return
        label = plain_label(self.accessibleName(), parent=parent)
        label.setBuddy(self)
        label.hide()


class BodyScroll(QScrollArea):
    """A form's body: as tall as its content if the screen is tall enough, else it scrolls."""

    grown = Signal()

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        self.setWidget(content)
        content.installEventFilter(self)

    def wanted_height(self, width: int) -> int:
        """The height in which nothing scrolls, with and without the scroll bar's width.

        Once Qt shows the bar, it keeps it as long as the narrower content needs it.
        """
        bar = self.verticalScrollBar().sizeHint().width()
        return max(self._height(width), self._height(width - bar))

    def _height(self, width: int) -> int:
        if self._content.hasHeightForWidth():
            return self._content.heightForWidth(width)
        return self._content.sizeHint().height()

    def sizeHint(self) -> QSize:
        width = self._content.sizeHint().width()
        return QSize(width, self.wanted_height(max(width, self.viewport().width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._content.minimumSizeHint().width(), self.fontMetrics().height() * 6)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self.grown.emit()
        return False
