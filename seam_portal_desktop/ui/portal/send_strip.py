"""The strip that marks a link as sent: channel and note."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.portal.record import Channel
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.preview_result import PreviewResult
from seam_portal_desktop.ui.portal.wording import CHANNEL_WORDS
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import paint_icon_and_text
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, Tone, set_kind

NOTE_LENGTH = 500
_CHANNEL_ICONS = {
    Channel.EMAIL: "mail",
    Channel.SMS: "smartphone",
    Channel.CHAT: "message-square",
    Channel.OTHER: "ellipsis",
}


class SendStrip(QFrame):
    """An optional channel and an optional note; Enter saves from everywhere, Escape cancels."""

    save_requested = Signal(object, str)
    """channel (Channel or None), note"""
    cancelled = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self.setAccessibleName(_("Mark as sent"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.channels = ChannelPicker(theme, icons)
        self.note = QLineEdit()
        self.note.setObjectName("sentNote")
        self.note.setMaxLength(NOTE_LENGTH)
        self.note.setPlaceholderText(_("Note, such as who it went to (optional)"))
        self.note.setAccessibleName(_("Note, optional"))
        self.save = QPushButton(_("Save"))
        set_kind(self.save, "primary")
        self.save.clicked.connect(self._save)
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(self.cancelled)

        note_row = QHBoxLayout()
        note_row.setSpacing(Spacing.S)
        note_row.addWidget(self.note, 1)
        note_row.addWidget(self.save)
        note_row.addWidget(self.cancel)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        rows.setSpacing(Spacing.S)
        self.result = PreviewResult(theme, icons)
        rows.addWidget(self.result)
        rows.addWidget(self.channels)
        rows.addLayout(note_row)

    def fill(self, channel: Channel | None = None, note: str = "") -> None:
        """Set channel and note, and give the channel the focus."""
        self.channels.set_channel(channel)
        self.note.setText(note)
        buttons = self.channels.buttons()
        chosen = next((button for button in buttons if button.isChecked()), buttons[0])
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def tab_order(self) -> list[QWidget]:
        return [self.result.again, *self.channels.buttons(), self.note, self.save, self.cancel]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.cancel.hasFocus():
                self.cancelled.emit()
            else:
                self._save()
        else:
            super().keyPressEvent(event)

    def _save(self) -> None:
        self.save_requested.emit(self.channels.channel(), self.note.text().strip())


class ChannelPicker(QWidget):
    """At most one channel; a click on the checked one unchecks it."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("How it was sent, optional"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._buttons: dict[Channel, _ChannelButton] = {}
        row = FlowLayout(self, Spacing.XS)
        row.addWidget(plain_label(_("Sent by")))
        for channel in Channel:
            icon, check = icons.icon(_CHANNEL_ICONS[channel]), icons.icon("check", Tone.ACCENT)
            button = _ChannelButton(theme, icon, check, CHANNEL_WORDS[channel])
            self._buttons[channel] = button
            self._group.addButton(button)
            row.addWidget(button)
        self._group.buttonClicked.connect(self._uncheck_others)

    def channel(self) -> Channel | None:
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)

    def set_channel(self, channel: Channel | None) -> None:
        for key, button in self._buttons.items():
            button.setChecked(key is channel)

    def buttons(self) -> list[QAbstractButton]:
        return list(self._buttons.values())

    def _uncheck_others(self, clicked: QAbstractButton) -> None:
        for button in self._buttons.values():
            if button is not clicked:
                button.setChecked(False)


class _ChannelButton(QAbstractButton):
    """A checked one is filled and has a check mark, to differ from one with a focus ring."""

    def __init__(self, theme: Theme, icon: QIcon, check: QIcon, word: str) -> None:
        super().__init__()
        self._theme = theme
        self._check = check
        self.setText(word)
        self.setIcon(icon)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + metrics.height() + Spacing.XS
        return QSize(width + 2 * Spacing.S, metrics.height() + Spacing.M)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # On some desktops Enter presses a button, and here it would take the channel away.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        checked, accent = self.isChecked(), self._theme.color(Tone.ACCENT)
        if checked:
            painter.setBrush(self._theme.selection())
        elif self.underMouse():
            painter.setBrush(self._theme.hover())
        line = 2 if self.hasFocus() else 1
        painter.setPen(QPen(accent if checked or self.hasFocus() else self._theme.border(), line))
        box = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.setPen(self.palette().text().color())
        icon = self._check if checked else self.icon()
        paint_icon_and_text(painter, self, icon, self.fontMetrics().height(), self.text())
        painter.end()
