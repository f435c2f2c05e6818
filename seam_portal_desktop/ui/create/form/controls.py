"""The controls that change a setting. Each can also show that the setting isn't sent."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.settings import Setting
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, shortened
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments

_SUMMARY_CHARACTERS = 32
_LONGEST_PARAGRAPH = 10_000
_PARAGRAPH_LINES = 3


class Control(QWidget):
    """`changed` follows edits by the user and set_value()."""

    changed = Signal()

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)

    @property
    def field(self) -> QWidget:
        """The widget that gets the focus and shows errors."""
        raise NotImplementedError

    def value(self) -> Any:  # noqa: ANN401 - any JSON value
        """The value as JSON has it; None when the setting is not sent."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show `value`. value() returns it unchanged until the user edits it."""
        raise NotImplementedError

    def summary(self) -> str:
        """The value in a word or two, empty when it is not sent."""
        raise NotImplementedError


class SegmentsControl(Control):
    """A few options side by side. The first one is the workspace's default."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        unset = Segment(
            None,
            setting.short_unset,
            f"{setting.title}: {setting.unset}",
            _("{unset}: not sent").format(unset=setting.unset),
            quiet=True,
        )
        options = [
            Segment(value, text, f"{setting.title}: {text}") for value, text in setting.options
        ]
        self.segments = Segments([unset, *options], self)
        self.segments.changed.connect(self.changed)
        self.row.addWidget(self.segments)
        self.row.addStretch(1)

    @property
    def field(self) -> QWidget:
        return self.segments.checked_button

    def value(self) -> Any:  # noqa: ANN401
        return self.segments.value()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self.segments.set_value(value)

    def summary(self) -> str:
        return "" if self.value() is None else self.segments.checked_button.text()


class MenuControl(Control):
    """One of many options."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = CalmComboBox(self)
        self.box.setAccessibleName(setting.title)
        self.box.addItem(setting.unset, None)
        for value, text in setting.options:
            self.box.addItem(text, value)
        self.box.currentIndexChanged.connect(self.changed)
        self.row.addWidget(self.box)

    @property
    def field(self) -> QWidget:
        return self.box

    def value(self) -> Any:  # noqa: ANN401
        return self.box.currentData()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def summary(self) -> str:
        return "" if self.value() is None else self.box.currentText()


class OriginalText:
    """The text of a request behind a field that may show it differently.

    While the user doesn't edit the field, the original is sent: an empty text stays a text, though
    an empty field means 'not sent', and spaces around a key stay.
    """

    def __init__(self) -> None:
        self._original: str | None = None
        self._shown = ""

    def set(self, original: str | None, shown: str) -> None:
        """The field was filled from `original`, and shows it as `shown`."""
        self._original = original
        self._shown = shown

    def value(self, shown: str, typed: str | None) -> str | None:
        """The original while the field still shows its text, else `typed`."""
        return self._original if shown == self._shown else typed


class _TextControl(Control):
    """An empty text is not sent, unless a request was filled in that sends one."""

    edit: QLineEdit | QPlainTextEdit

    def _add(self, edit: QLineEdit | QPlainTextEdit) -> None:
        self._original = OriginalText()
        edit.setAccessibleName(self.setting.title)
        edit.setPlaceholderText(self.setting.unset)
        edit.textChanged.connect(self.changed)
        self.row.addWidget(edit)

    @property
    def field(self) -> QWidget:
        return self.edit

    def value(self) -> Any:  # noqa: ANN401
        text = self._text()
        return self._original.value(text, text or None)

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self.edit.setPlaceholderText(
            _("An empty text is sent") if value == "" else self.setting.unset
        )
        self._set_text(value or "")
        self._original.set(value, self._text())

    def summary(self) -> str:
        value = self.value()
        return "" if value is None else f"‘{shortened(value, _SUMMARY_CHARACTERS)}’"

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
    """A few lines tall. Tab leaves it; Ctrl+Enter goes to the form.

    It takes no pasted text with which it would have more than _LONGEST_PARAGRAPH characters: Qt
    breaks a long text without spaces into lines so slowly that the window would stand still. A
    longer text from a preset or from JSON isn't broken into lines.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._update_height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_height()

    def insertFromMimeData(self, source: QMimeData) -> None:
        length = len(source.text())
        if self.document().characterCount() + length > _LONGEST_PARAGRAPH:
            number = self.locale().toString
            text = _(
                "The text has {length} characters. This field takes "
                "{longest_paragraph}. Nothing was pasted."
            ).format(length=number(length), longest_paragraph=number(_LONGEST_PARAGRAPH))
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), text, self)
            announce(self, text, urgent=True)
            return
        super().insertFromMimeData(source)

    def setPlainText(self, text: str) -> None:
        mode = QPlainTextEdit.LineWrapMode
        is_long = len(text) > _LONGEST_PARAGRAPH
        self.setLineWrapMode(mode.NoWrap if is_long else mode.WidgetWidth)
        super().setPlainText(text)

    def _update_height(self) -> None:
        metrics = QFontMetrics(self.font())
        margins = self.contentsMargins()
        edges = margins.top() + margins.bottom() + 2 * round(self.document().documentMargin())
        self.setFixedHeight(metrics.lineSpacing() * _PARAGRAPH_LINES + edges)
