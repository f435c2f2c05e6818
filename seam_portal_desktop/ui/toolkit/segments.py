"""A few options side by side on one track, of which one is selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QRadioButton, QSizePolicy, QWidget


@dataclass(frozen=True, slots=True)
class Segment:
    """A ``quiet`` one is not highlighted when it is selected."""

    value: Any
    text: str
    accessible_name: str
    tooltip: str = ""
    quiet: bool = False


class Segments(QFrame):
    """Radio buttons that look like one control: Tab goes to the selected one, arrows select."""

    changed = Signal()

    def __init__(self, segments: Sequence[Segment], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._buttons: list[tuple[Any, QRadioButton]] = []
        for segment in segments:
            button = QRadioButton(segment.text, self)
            button.setProperty("kind", "segment")
            button.setProperty("tone", "" if segment.quiet else "accent")
            button.setAccessibleName(segment.accessible_name)
            button.setToolTip(segment.tooltip)
            row.addWidget(button)
            self._buttons.append((segment.value, button))
        self._buttons[0][1].setChecked(True)
        for _, button in self._buttons:
            button.toggled.connect(self._on_toggled)

    @property
    def checked_button(self) -> QRadioButton:
        return next(button for _, button in self._buttons if button.isChecked())

    def button(self, value: Any) -> QRadioButton:  # noqa: ANN401 - any value can be an option
        return next(button for each, button in self._buttons if each == value)

    def value(self) -> Any:  # noqa: ANN401
        return next(value for value, button in self._buttons if button.isChecked())

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        self.button(value).setChecked(True)

    def _on_toggled(self, checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        if checked:
            self.changed.emit()
