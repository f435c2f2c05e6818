"""What is wrong with the keys of a table, with the buttons that put it right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.resources import Column, value_at
from seam_portal_desktop.domain.tables.checks.row_keys import with_clean_keys
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.data.cells.pasted_block import place_cells
from seam_portal_desktop.ui.create.data.resource_model import ResourceModel
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import number, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind


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


class KeyCleanupBar(QFrame):
    """Below the table: the findings about the current cell, else how many keys to look at.

    `first_requested` carries the row and the column of the first of them.
    """

    first_requested = Signal(int, int)

    def __init__(self, model: ResourceModel, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._cell: tuple[int, Column] | None = None
        set_kind(self, "banner", Tone.WARNING)
        icon = IconView(parent=self)
        icon.set_icon(icons.icon("triangle-alert", Tone.WARNING))
        self.label = plain_label(wrap=True, parent=self)
        self.clean_button = self._button(_("Clean up this cell"), self._clean_current)
        self.clean_all_button = self._button(_("Clean up all keys"), self._clean_all)
        self.first_button = self._button(_("Go to the first"), self._go_to_first)
        buttons = QWidget(self)
        flow = FlowLayout(buttons, Spacing.M)
        for each in (self.clean_button, self.first_button, self.clean_all_button):
            flow.addWidget(each)
        column = QVBoxLayout()
        column.setSpacing(Spacing.XS)
        column.addWidget(self.label)
        column.addWidget(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.setSpacing(Spacing.S)
        row.addWidget(icon)
        row.addLayout(column, 1)
        model.checked.connect(self._update)
        model.edited.connect(self._update)
        model.modelReset.connect(self._update)
        self.hide()

    def set_cell(self, row: int, column: Column | None) -> None:
        """The cell that is current now."""
        self._cell = None if column is None else (row, column)
        self._update()

    def _button(self, text: str, action: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        set_kind(button, "link")
        button.clicked.connect(action)
        return button

    def _update(self) -> None:
        findings = () if self._cell is None else self._model.key_findings(*self._cell).values()
        unclean = self._model.cells_with_unclean_keys()
        is_current = bool(findings)
        if is_current:
            self.label.setText("\n".join(text for each in findings for text in each.sentences))
        elif unclean:
            self.label.setText(
                ngettext(
                    "1 key in this table isn’t what it looks like.",
                    "{count} keys in this table aren’t what they look like.",
                    len(unclean),
                ).format(count=number(len(unclean)))
            )
        self.clean_button.setVisible(is_current and any(each.cleaned for each in findings))
        self.first_button.setVisible(not is_current)
        self.clean_all_button.setVisible(len(unclean) > int(is_current))
        # The note goes when its button was pressed. The focus goes back to the table before.
        self.setVisible(is_current or bool(unclean))

    def _clean_current(self) -> None:
        if self._cell is not None:
            clean_keys(self._model, [self._cell])

    def _clean_all(self) -> None:
        columns = {column.dotted: column for column in self._model.kind.columns}
        places = self._model.cells_with_unclean_keys()
        clean_keys(self._model, [(row, columns[path]) for _kind, row, path in places])

    def _go_to_first(self) -> None:
        shown = {column.dotted: at for at, column in enumerate(self._model.columns)}
        places = sorted(self._model.cells_with_unclean_keys())
        for _kind, row, path in places:
            if path in shown:
                self.first_requested.emit(row, shown[path])
                return
