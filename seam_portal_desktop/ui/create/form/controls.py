"""What a setting is changed with. Each control has a state for 'not sent'."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)

from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.create.form.settings import Setting
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, one_line, shortened

_SAID_CHARACTERS = 32
_PARAGRAPH_LINES = 3
_LINE_CHARACTERS = 60


class Control(QWidget):
    """`changed` says that the user, or set_value(), gave another value."""

    changed = Signal()

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)

    @property
    def field(self) -> QWidget:
        """What takes the focus, and has the errors."""
        raise NotImplementedError

    def value(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The value as JSON holds it; None when the setting is not to be sent."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show `value`. It comes back from value() unchanged for as long as nobody edits it."""
        raise NotImplementedError

    def said(self) -> str:
        """The value in a word or two, empty when it is not sent."""
        raise NotImplementedError


class SegmentsControl(Control):
    """A few options side by side, the first of which leaves the setting to the profile."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        left = Segment(
            None,
            setting.short_unset,
            f"{setting.title}: {setting.unset}",
            f"{setting.unset}: not sent",
            quiet=True,
        )
        options = [
            Segment(value, word, f"{setting.title}: {word}") for value, word in setting.options
        ]
        self.segments = Segments([left, *options], self)
        self.segments.changed.connect(self.changed)
        self.row.addWidget(self.segments)
        self.row.addStretch(1)

    @property
    def field(self) -> QWidget:
        return self.segments.chosen

    def value(self) -> Any:  # noqa: ANN401
        return self.segments.value()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self.segments.set_value(value)

    def said(self) -> str:
        return "" if self.value() is None else self.segments.chosen.text()


class MenuControl(Control):
    """One of many options."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = CalmComboBox(self)
        self.box.setAccessibleName(setting.title)
        self.box.addItem(setting.unset, None)
        for value, word in setting.options:
            self.box.addItem(word, value)
        self.box.currentIndexChanged.connect(self.changed)
        self.row.addWidget(self.box)

    @property
    def field(self) -> QWidget:
        return self.box

    def value(self) -> Any:  # noqa: ANN401
        return self.box.currentData()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def said(self) -> str:
        return "" if self.value() is None else self.box.currentText()


class KeptText:
    """A text between a request and a field that may show it differently.

    What the user didn't touch goes back as it came: an empty text that was sent stays one, though
    an empty field means 'not sent', and spaces around a key stay where they were.
    """

    def __init__(self) -> None:
        self._given: str | None = None
        self._shown = ""

    def give(self, text: str | None, shown: str) -> None:
        """`text` was put into the field, which shows it as `shown`."""
        self._given = text
        self._shown = shown

    def take(self, shown: str, typed: str | None) -> str | None:
        """The text when the field shows `shown`; `typed` is what that means when it's new."""
        return self._given if shown == self._shown else typed


class _TextControl(Control):
    """A text; an empty one is not sent, unless a request was filled in that sends one."""

    edit: QLineEdit | QPlainTextEdit

    def _add(self, edit: QLineEdit | QPlainTextEdit) -> None:
        self._kept = KeptText()
        edit.setAccessibleName(self.setting.title)
        edit.setPlaceholderText(self.setting.unset)
        edit.textChanged.connect(self.changed)
        self.row.addWidget(edit)

    @property
    def field(self) -> QWidget:
        return self.edit

    def value(self) -> Any:  # noqa: ANN401
        text = self._text()
        return self._kept.take(text, text or None)

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self.edit.setPlaceholderText("An empty text is sent" if value == "" else self.setting.unset)
        self._set_text(value or "")
        self._kept.give(value, self._text())

    def said(self) -> str:
        value = self.value()
        return "" if value is None else f"‘{shortened(one_line(value), _SAID_CHARACTERS)}’"

    def _text(self) -> str:
        raise NotImplementedError

    def _set_text(self, text: str) -> None:
        raise NotImplementedError


class LineControl(_TextControl):
    """A text of one line."""

    edit: QLineEdit

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.edit = QLineEdit(self)
        self._add(self.edit)

    def _text(self) -> str:
        return self.edit.text()

    def _set_text(self, text: str) -> None:
        self.edit.setText(text)


class ParagraphControl(_TextControl):
    """A text of several lines."""

    edit: QPlainTextEdit

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.edit = _Paragraph(self)
        self._add(self.edit)

    def _text(self) -> str:
        return self.edit.toPlainText()

    def _set_text(self, text: str) -> None:
        self.edit.setPlainText(text)


class _Paragraph(QPlainTextEdit):
    """A few lines tall; Tab leaves it, and Ctrl+Enter is the form's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._follow_font()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._follow_font()

    def _follow_font(self) -> None:
        metrics = QFontMetrics(self.font())
        margins = self.contentsMargins()
        edges = margins.top() + margins.bottom() + 2 * round(self.document().documentMargin())
        self.setFixedHeight(metrics.lineSpacing() * _PARAGRAPH_LINES + edges)
