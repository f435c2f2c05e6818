"""One page of Settings, made of rows: a label, a control, and a line below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QMargins, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    heading,
    muted_label,
    plain_label,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind

Options = Sequence[tuple[object, str]]
"""The values of a choice, and their words."""

_SHOWN_OPTIONS = 14
_LEAST_CHARACTERS = 16


class SettingsPage(QWidget):
    """`note_of` says why a setting can't be changed; its row is locked and shows that."""

    chosen = Signal(str, object)
    """The user chose a value for the setting of this name."""

    def __init__(
        self, title: str, theme: Theme, icons: Icons, note_of: Callable[[str], str]
    ) -> None:
        super().__init__()
        self.title = title
        self._icons = icons
        self._note_of = note_of
        self._setters: dict[str, Callable[[object], None]] = {}
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, Spacing.L)
        self.rows.setSpacing(Spacing.XL)
        self._theme = theme
        self._head = plain_label(title)
        self.rows.addWidget(self._head)
        self._update_font()
        theme.changed.connect(self._update_font)

    def add_segments(self, name: str, label: str, options: Options, hint: str = "") -> None:
        """A choice of a few, all of them visible."""
        segments = Segments(
            [Segment(value, text, f"{label}: {text}") for value, text in options], self
        )
        segments.setAccessibleName(label)
        segments.changed.connect(lambda: self.chosen.emit(name, segments.value()))
        self._setters[name] = segments.set_value
        self._add(name, label, segments, hint)

    def add_choice(self, name: str, label: str, options: Options, hint: str = "") -> CalmComboBox:
        """A choice in a list. A value that isn't one of the options is added to them."""
        combo = CalmComboBox(self)
        combo.setMaxVisibleItems(_SHOWN_OPTIONS)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.setMinimumWidth(combo.fontMetrics().averageCharWidth() * _LEAST_CHARACTERS)
        for value, text in options:
            combo.addItem(text, value)
        combo.activated.connect(lambda index: self.chosen.emit(name, combo.itemData(index)))
        self._setters[name] = partial(_set_combo, combo)
        self._add(name, label, combo, hint)
        return combo

    def add_switch(self, name: str, text: str, hint: str = "") -> None:
        """A setting that is on or off."""
        switch = QCheckBox(text, self)
        switch.toggled.connect(lambda on: self.chosen.emit(name, on))
        self._setters[name] = lambda value: switch.setChecked(bool(value))
        self._add(name, "", switch, hint)

    def add_facts(self, title: str, facts: Sequence[str]) -> list[ElidedLabel]:
        """Rows that are only read; the labels are for their values, in the order of `facts`."""
        form = QFormLayout()
        form.setHorizontalSpacing(Spacing.L)
        form.setVerticalSpacing(Spacing.XS)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        labels = []
        for name in facts:
            labels.append(ElidedLabel(self, selectable=True))
            form.addRow(muted_label(name), labels[-1])
        rows = self._column()
        rows.addWidget(heading(title))
        rows.addLayout(form)
        return labels

    def add_button(self, text: str, on_click: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked: on_click())
        set_kind(button, "secondary")
        self.rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return button

    def show_values(self, values: Mapping[str, object]) -> None:
        """Show these values, without emitting `chosen`."""
        with QSignalBlocker(self):
            for name, set_value in self._setters.items():
                if name in values:
                    set_value(values[name])

    def _update_font(self) -> None:
        self._head.setFont(self._theme.font(TextSize.TITLE, bold=True))

    def _add(self, name: str, label: str, control: QWidget, hint: str) -> None:
        note = FieldNote(control, self._icons, hint=hint)
        reason = self._note_of(name)
        if reason:
            control.setEnabled(False)
            note.show_note(reason, Tone.NEUTRAL, "lock")
        line = QHBoxLayout()
        line.setSpacing(Spacing.L)
        if label:
            title = QLabel(label, self)
            title.setBuddy(control)
            control.setAccessibleName(label)
            line.addWidget(title, 1)
            line.addWidget(control)
        else:
            line.addWidget(control, 1)
            indent = QMargins(self.fontMetrics().height() + Spacing.S, 0, 0, 0)
            note.setContentsMargins(indent)  # below the text, not below the box
        rows = self._column()
        rows.addLayout(line)
        rows.addWidget(note)

    def _column(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(Spacing.XS)
        rows.setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
        self.rows.addLayout(rows)
        return rows


def _set_combo(combo: CalmComboBox, value: object) -> None:
    index = combo.findData(value)
    if index < 0:
        combo.addItem(str(value), value)
        index = combo.count() - 1
    combo.setCurrentIndex(index)
