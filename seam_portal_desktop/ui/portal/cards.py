"""What stands in the panel for a moment: the next step, and the question before sending."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.ui.portal.wording import StepAction, SuggestedStep
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind


class NextStepCard(QFrame):
    """Why the link can't be handed out, and a button for each thing to do about it."""

    chosen = Signal(StepAction)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._mark = IconView()
        self._title = heading("")
        self._title.setWordWrap(True)
        self._message = plain_label(wrap=True)
        self._buttons = {step: QPushButton(step.value) for step in StepAction}
        buttons = FlowLayout()
        for step, button in self._buttons.items():
            button.clicked.connect(lambda _=False, step=step: self.chosen.emit(step))
            buttons.addWidget(button)
        texts = QVBoxLayout()
        texts.setSpacing(Spacing.XS)
        texts.addWidget(self._title)
        texts.addWidget(self._message)
        texts.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.setSpacing(Spacing.S)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)

    def set_step(self, step: SuggestedStep) -> None:
        set_kind(self, "banner", step.tone)
        self._mark.set_icon(self._icons.icon(step.icon, step.tone))
        self._title.setText(step.title)
        self._message.setText(step.message)
        self.setAccessibleName(step.title)
        self.setAccessibleDescription(step.message)
        for which, button in self._buttons.items():
            button.setVisible(which in step.steps)
            set_kind(button, "primary" if step.steps[:1] == (which,) else "secondary")

    def stops(self) -> list[QWidget]:
        return list(self._buttons.values())


class PreviewQuestion(QFrame):
    """Asked once, in place, before a link that nobody looked at, or that looked wrong, is handed
    out."""

    preview_chosen = Signal()
    anyway_chosen = Signal()
    cancelled = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "banner", Tone.WARNING)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._text = plain_label(wrap=True)
        self.preview = QPushButton("Preview it first")
        set_kind(self.preview, "primary")
        self.preview.clicked.connect(self.preview_chosen)
        self.anyway = QPushButton("Send anyway")
        set_kind(self.anyway, "secondary")
        self.anyway.clicked.connect(self.anyway_chosen)
        buttons = FlowLayout()
        buttons.addWidget(self.preview)
        buttons.addWidget(self.anyway)
        texts = QVBoxLayout()
        texts.setSpacing(Spacing.S)
        texts.addWidget(self._text)
        texts.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.setSpacing(Spacing.S)
        mark = IconView(icons.icon("triangle-alert", Tone.WARNING))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)

    def ask(self, doubt: str, *, anyway: str, again: bool) -> None:
        """Take the focus; `doubt` is why it is asked, `anyway` names what goes on without a
        preview, and `again` says that there was one."""
        self._text.setText(doubt)
        self.setAccessibleName(doubt)
        self.preview.setText("Preview again" if again else "Preview it first")
        self.anyway.setText(anyway)
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def stops(self) -> list[QWidget]:
        return [self.preview, self.anyway]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.anyway if self.anyway.hasFocus() else self.preview).click()
        else:
            super().keyPressEvent(event)


class Placeholder(QWidget):
    """An icon and a sentence in the middle, where there is nothing else to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = IconView()
        self._title = heading("")
        self._text = plain_label(wrap=True)
        set_kind(self._text, "muted")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.L, Spacing.S, Spacing.L, Spacing.S)
        rows.setSpacing(Spacing.XS)
        rows.addStretch(1)
        rows.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            rows.addWidget(label)
        rows.addStretch(1)

    def say(self, icons: Icons, icon: str, title: str, text: str) -> None:
        self._mark.set_icon(icons.icon(icon, Tone.NEUTRAL))
        self._title.setText(title)
        self._text.setText(text)
