"""What is wrong with the current cell, with the buttons that clean up keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.resources import Column, value_at
from seam_portal_desktop.domain.tables.checks.row_keys import with_clean_keys
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.data.cells.pasted_block import place_cells
from seam_portal_desktop.ui.create.data.resource_model import ResourceModel
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, number, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_BUTTON_PADDING = 5
"""The space before a link button's text."""


def clean_keys(model: ResourceModel, cells: list[tuple[int, Column]]) -> None:
    """Clean up the keys in these cells of the kind that is shown, as one undo step."""
    rows = model.rows(model.kind.name)
    new: dict[int, dict[Column, object]] = {}
    for row, column in cells:
        findings = model.key_findings(row, column)
        cleaned = {key: each.cleaned for key, each in findings.items()}
        if row < len(rows) and any(cleaned.values()):
            value = with_clean_keys(value_at(rows[row], column.path), cleaned)
            new.setdefault(row, {})[column] = value
    if new:
        placed = place_cells(rows, new)
        model.splice(_("clean up keys"), placed.at, placed.removed, placed.rows)


class CellBar(QFrame):
    """Below the table: what is wrong with the current cell, else how many keys to look at.

    `first_requested` carries the row and the column of the first of these keys. `note` shows what
    needn't be shown twice.
    """

    first_requested = Signal(int, int)

    def __init__(
        self, model: ResourceModel, note: FieldNote, icons: Icons, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._note = note
        self._icons = icons
        self._cell: tuple[int, Column] | None = None
        self._icon = IconView(parent=self)
        self.label = plain_label(wrap=True, parent=self)
        self.label.setIndent(_BUTTON_PADDING)
        self.clean_button = self._button(_("Clean up this cell"), self._clean_current)
        self.clean_all_button = self._button(_("Clean up all keys"), self._clean_all)
        self.first_button = self._button(_("Go to the first"), self._go_to_first)
        self._buttons = QWidget(self)
        flow = FlowLayout(self._buttons, Spacing.M)
        for each in (self.clean_button, self.first_button, self.clean_all_button):
            flow.addWidget(each)
        column = QVBoxLayout()
        column.setSpacing(Spacing.XS)
        column.addWidget(self.label)
        column.addWidget(self._buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.setSpacing(Spacing.XS)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        model.checked.connect(self._update)
        model.edited.connect(self._update)
        model.modelReset.connect(self._update)
        self.hide()

    def set_cell(self, row: int, column: Column | None) -> None:
        """The cell that is current now."""
        self._cell = None if column is None else (row, column)
        self._update()

    def _button(self, text: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        set_kind(button, "link")
        button.clicked.connect(action)
        return button

    def _update(self) -> None:
        problem, warning = self._current_texts()
        unclean = self._model.cells_with_unclean_keys()
        is_current = bool(problem or warning)
        if is_current:
            self.label.setText("\n".join(each for each in (problem, warning) if each))
        elif unclean:
            self.label.setText(
                ngettext(
                    "1 key in this table isn’t what it looks like.",
                    "{count} keys in this table aren’t what they look like.",
                    len(unclean),
                ).format(count=number(len(unclean)))
            )
        tone = Tone.DANGER if problem else Tone.WARNING
        set_kind(self, "banner", tone)
        self._icon.set_icon(self._icons.icon("circle-x" if problem else "triangle-alert", tone))
        own = self._model.key_findings(*self._cell).values() if self._cell is not None else ()
        is_cleanable = any(each.cleaned for each in own)
        others = len(unclean) > int(is_cleanable)
        self.clean_button.setVisible(is_cleanable)
        self.first_button.setVisible(not is_current)
        self.clean_all_button.setVisible(others and (is_cleanable or not is_current))
        self._buttons.setVisible(bool(unclean) and (is_cleanable or not is_current))
        self.setVisible(is_current or bool(unclean))

    def _current_texts(self) -> tuple[str, str]:
        """The current cell's error and its warnings, each on a line."""
        if self._cell is None:
            return "", ""
        problem = self._model.problem(*self._cell) or ""
        if problem and problem in self._note.label.text():
            problem = ""
        if problem and not problem.endswith((".", "?")):
            problem = f"{problem}."
        return problem, self._model.warning(*self._cell) or ""

    def _clean_current(self) -> None:
        if self._cell is not None:
            clean_keys(self._model, [self._cell])

    def _clean_all(self) -> None:
        columns = {column.dotted: column for column in self._model.kind.columns}
        places = self._model.cells_with_unclean_keys()
        clean_keys(self._model, [(row, columns[path]) for _kind, row, path in places])

    def _go_to_first(self) -> None:
        shown = {column.dotted: at for at, column in enumerate(self._model.columns)}
        for _kind, row, path in sorted(self._model.cells_with_unclean_keys()):
            if path in shown:
                self.first_requested.emit(row, shown[path])
                return
