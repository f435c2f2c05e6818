"""What is wrong with sending, each with one way to put it right, and the reason to send anyway."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.message.gate.items import (
    GateFix,
    GateItem,
    GateKind,
    GateLevel,
)
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_LONGEST_REASON = 300
_TOP = Qt.AlignmentFlag.AlignTop

_CONFIRMED_BY_PRESS = frozenset({GateKind.NEW_RECIPIENT})
"""A second press of the button is enough for these: nothing is wrong, it is only new."""

_MISSING = frozenset({GateKind.NO_RECIPIENT, GateKind.NO_SENDER})
"""The sheet isn't filled in yet, which is no mistake."""


class GateList(QWidget):
    """One line an item with the button that puts it right. It is hidden while all is well.

    `reason` is wanted as long as `needs_reason`.
    """

    fix_requested = Signal(object)
    """The GateItem whose button was pressed."""

    reason_edited = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.items: tuple[GateItem, ...] = ()
        self._blocks = False
        self.setAccessibleName(_("Before you send"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Spacing.S)
        self._reason_part = QWidget(self)
        self.reason = QLineEdit(self._reason_part)
        self.reason.setObjectName("sendReason")
        self.reason.setMaxLength(_LONGEST_REASON)
        self.reason.setPlaceholderText(_("Such as: the customer asked for it by phone"))
        self.reason.setAccessibleName(_("Reason to send it anyway"))
        self.reason.textChanged.connect(self._on_reason)
        self._reason_note = FieldNote(self.reason, icons)
        label = plain_label(_("Reason to send it anyway"), parent=self._reason_part)
        label.setBuddy(self.reason)
        reason_column = QVBoxLayout(self._reason_part)
        reason_column.setContentsMargins(0, 0, 0, 0)
        reason_column.setSpacing(Spacing.XS)
        for widget in (label, self.reason, self._reason_note):
            reason_column.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(heading(_("Before you send"), self))
        column.addLayout(self._rows)
        column.addWidget(self._reason_part)
        self.hide()

    @property
    def needs_reason(self) -> bool:
        """Whether these items can be overridden, with a reason."""
        return not self._blocks and bool(self._asking() - _CONFIRMED_BY_PRESS)

    @property
    def needs_second_press(self) -> bool:
        return not self._blocks and bool(self._asking() & _CONFIRMED_BY_PRESS)

    @property
    def blocking_sentence(self) -> str:
        """Why nothing can be sent, or ''."""
        if not self._blocks:
            return ""
        blocking = (item.sentence for item in self.items if item.level is GateLevel.BLOCK)
        return next(blocking, "")

    def reason_text(self) -> str:
        return " ".join(self.reason.text().split()) if self.needs_reason else ""

    def set_items(self, items: Sequence[GateItem], *, blocks: bool) -> None:
        """`blocks`: because of them nothing can be sent."""
        if tuple(items) == self.items and blocks == self._blocks:
            return
        self.items, self._blocks = tuple(items), blocks
        while self._rows.count():
            taken = self._rows.takeAt(0)
            row = taken.widget() if taken is not None else None
            if row is not None:
                row.hide()  # until it is deleted
                row.deleteLater()
        for item in self.items:
            self._rows.addWidget(self._make_row(item))
        self._reason_part.setVisible(self.needs_reason)
        self._reason_note.clear()
        self.setVisible(bool(self.items))

    def ask_for_reason(self) -> None:
        """The button was pressed without a reason."""
        self._reason_note.show_error(_("Say why you send it anyway. It is kept with the portal."))
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _asking(self) -> set[GateKind]:
        return {item.kind for item in self.items if item.level is GateLevel.ASK}

    def _make_row(self, item: GateItem) -> QWidget:
        row = QWidget(self)
        icon, tone = _look(item)
        text = plain_label(item.sentence, wrap=True, parent=row)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Spacing.S)
        line.addWidget(IconView(self._icons.icon(icon, tone), row), 0, _TOP)
        line.addWidget(text, 1)
        if item.fix is not None:
            button = QPushButton(item.fix.button_text, row)
            button.setAutoDefault(False)
            set_kind(button, "link")
            button.setAccessibleDescription(item.sentence)
            button.clicked.connect(lambda: self.fix_requested.emit(item))
            line.addWidget(button, 0, _TOP)
            # The field itself is in sight.
            button.setVisible(item.fix is not GateFix.EDIT_RECIPIENTS)
        return row

    def _on_reason(self) -> None:
        self._reason_note.clear()
        self.reason_edited.emit()


def _look(item: GateItem) -> tuple[str, Tone]:
    if item.kind in _MISSING:
        return "info", Tone.INFO
    if item.level is GateLevel.BLOCK:
        return "circle-x", Tone.DANGER
    return "triangle-alert", Tone.WARNING
