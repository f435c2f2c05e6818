"""One setting of the form: title, description, control, and a note below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.form.controls import (
    Control,
    LineControl,
    MenuControl,
    ParagraphControl,
    SegmentsControl,
)
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.profile_control import ProfileControl
from seam_portal_desktop.ui.create.form.settings import ControlKind, Setting
from seam_portal_desktop.ui.create.form.token_list import ListControl
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_CONTROLS_BESIDE = {ControlKind.SEGMENTS, ControlKind.MENU}
_TEXT_CHARACTERS = 26


def _make_control(setting: Setting, theme: Theme, icons: Icons, parent: QWidget) -> Control:
    match setting.control:
        case ControlKind.SEGMENTS:
            return SegmentsControl(setting, parent)
        case ControlKind.MENU:
            return MenuControl(setting, parent)
        case ControlKind.LINE:
            return LineControl(setting, parent)
        case ControlKind.PARAGRAPH:
            return ParagraphControl(setting, parent)
        case ControlKind.LIST:
            return ListControl(setting, icons, parent)
        case ControlKind.PROFILE:
            return ProfileControl(setting, theme, parent)


class SettingRow(QWidget):
    """The texts on the left and the control on the right where there is room, else below them."""

    changed = Signal()

    def __init__(self, setting: Setting, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setting = setting
        self.control = _make_control(setting, theme, icons, self)
        self.control.setObjectName(setting.path)
        title = plain_label(setting.title, wrap=True, parent=self)
        about = muted_label(setting.description, wrap=True, parent=self)
        about.setVisible(bool(setting.description))
        title.setBuddy(self.control.field)
        self._texts = QWidget(self)
        texts = QVBoxLayout(self._texts)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.setSpacing(0)
        texts.addWidget(title)
        texts.addWidget(about)
        self._beside = setting.control in _CONTROLS_BESIDE
        self._line = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._line.setSpacing(Spacing.XS)
        self._line.addWidget(self._texts)
        self._line.addWidget(self.control)
        self.note = FieldNote(self.control.field, icons, description=setting.description)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addLayout(self._line)
        column.addWidget(self.note)
        self.control.changed.connect(self.changed)

    def write_to(self, draft: RequestDraft) -> None:
        draft.put(self.setting.path, self.control.value())

    def fill(self, draft: RequestDraft) -> None:
        self.control.set_value(draft.get(self.setting.path))

    def summary(self) -> str:
        """Such as 'Staff: Off'; empty when the setting has the workspace's default."""
        summary = self.control.summary()
        return f"{self.setting.title}: {summary}" if summary else ""

    def has_path(self, path: str) -> bool:
        """Whether an error at `path` belongs to this setting."""
        return path == self.setting.path or path.startswith(f"{self.setting.path}.")

    def show_error(self, reason: str) -> QWidget:
        self.note.show_error(reason)
        return self.control.field

    def clear_note(self) -> None:
        if self.note.tone is not None:
            self.note.clear()

    def show_warning(self, text: str | None) -> None:
        """Show `text` unless an error is shown; None removes it."""
        if self.note.tone is Tone.DANGER:
            return
        if text is not None:
            self.note.show_note(text, Tone.WARNING)
        elif self.note.tone is Tone.WARNING:
            self.note.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout(event.size().width())

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(self.control.minimumSizeHint().width(), size.height())

    def _update_layout(self, width: int) -> None:
        text = self.fontMetrics().averageCharWidth() * _TEXT_CHARACTERS
        fits = self._beside and text + self.control.sizeHint().width() + Spacing.L <= width
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._line.direction() != direction:
            self._line.setDirection(direction)
        self._line.setSpacing(Spacing.L if fits else Spacing.XS)
        self._line.setStretch(0, 1 if fits else 0)
        side = Qt.AlignmentFlag.AlignVCenter if fits else Qt.AlignmentFlag(0)
        self._line.setAlignment(self.control, side)
