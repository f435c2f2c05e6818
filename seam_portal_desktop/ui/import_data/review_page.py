"""The page that says what the import will do, before it does anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.request.resources import Column
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.domain.tables.conversion import RefusedCell
from seam_portal_desktop.domain.tables.merge import MergeMode, MergeResult
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.import_data.table_models import PreviewModel, ProblemsModel
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    heading,
    isolate,
    muted_label,
    number,
    plain_label,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import Badge, announce
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_PREVIEW_ROWS = 7
_PROBLEM_ROWS = 4
_MOST_PROBLEM_WIDTH = 40
_COLUMN_CHARACTERS = 34
_LINES_NAMED = 8
_NAME_CHARACTERS = 40
_WIDTHS_BY = 20
"""The rows that decide how wide a column is."""


class ReviewPage(QWidget):
    """`merge_chosen` follows a choice of how the rows join those that are there. `leave_out`
    decides about the rows with refused cells."""

    merge_chosen = Signal()
    save_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self.mode = Segments(
            [
                Segment(
                    MergeMode.UPDATE,
                    _("Add and update"),
                    _("Add and update"),
                    _("A row whose key is there changes that row. Other rows are added."),
                ),
                Segment(
                    MergeMode.ADD,
                    _("Add all"),
                    _("Add all"),
                    _("Each row becomes a new row, also with a key that is there."),
                ),
                Segment(
                    MergeMode.REPLACE,
                    _("Replace"),
                    _("Replace"),
                    _("The rows that are there are removed first."),
                ),
            ],
            self,
        )
        self._empty_choice = QWidget(self)
        self.empty_box = CalmComboBox(self._empty_choice)
        self.empty_box.setObjectName("importEmptyCells")
        self.empty_box.setAccessibleName(_("An empty cell of the file"))
        self.empty_box.addItem(_("Leaves the value as it is"), "leave")
        self.empty_box.addItem(_("Empties the value"), "empty")
        self._empty_label = plain_label(self.empty_box.accessibleName(), parent=self._empty_choice)
        self._empty_label.setBuddy(self.empty_box)
        self.counts = _Counts(theme, icons, self)
        self.problems = ProblemsCard(icons, self)
        self.problems.save_button.clicked.connect(self.save_requested)
        self._title = heading(_("What is added or changed"), self)
        self._legend = muted_label(
            _("New values have a tint. All of it can be undone."), parent=self
        )
        self.model = PreviewModel(theme, self)
        self.table = _table(self.model, _PREVIEW_ROWS, self)
        self.table.setObjectName("importPreview")
        self.table.setAccessibleName(_("What is added or changed"))
        self.mode.changed.connect(self.merge_chosen)
        self.empty_box.activated.connect(lambda _at: self.merge_chosen.emit())
        self.short_note = FieldNote(self.table, icons)
        self._make_layout()

    @property
    def clears_empty(self) -> bool:
        """Whether an empty cell empties the value that is there."""
        return bool(self.empty_box.currentData() == "empty")

    def set_columns(self, columns: Sequence[Column], vertical: Vertical) -> None:
        self.model.set_columns(columns, vertical)

    def set_existing(self, count: int) -> None:
        """How many rows are there before; without any there is nothing to choose."""
        self.mode.setVisible(count > 0)
        self._update_empty_choice()

    def set_problems(
        self,
        refused: Sequence[RefusedCell],
        short: Sequence[int],
        sheet: Sheet,
        titles: Sequence[str],
    ) -> None:
        """`short` are the lines of rows that end before the last title."""
        self.problems.set_problems(refused, sheet, titles)
        if not short:
            self.short_note.clear()
            return
        lines = ", ".join(map(number, short[:_LINES_NAMED]))
        lines = _("{lines}…").format(lines=lines) if len(short) > _LINES_NAMED else lines
        self.short_note.show_note(
            ngettext(
                "{count} row has fewer cells than there are titles (line {lines}). What is missing "
                "counts as empty.",
                "{count} rows have fewer cells than there are titles (lines {lines}). What is "
                "missing counts as empty.",
                len(short),
            ).format(count=number(len(short)), lines=lines),
            Tone.WARNING,
        )

    def set_result(
        self,
        result: MergeResult,
        shown: Sequence[int],
        notes: Mapping[int, Mapping[str, str]],
    ) -> None:
        """`shown` are the indexes of the rows that are added or changed."""
        self._update_empty_choice()
        self.counts.set_result(result)
        self.model.set_rows(result.rows, shown, result.changed, notes)
        self._title.setVisible(bool(shown))
        self._legend.setVisible(bool(shown))
        self.table.setVisible(bool(shown))
        _fit_columns(self.table)

    def _update_empty_choice(self) -> None:
        is_wanted = not self.mode.isHidden() and self.mode.value() is MergeMode.UPDATE
        self._empty_choice.setVisible(is_wanted)

    def _make_layout(self) -> None:
        empty = QHBoxLayout(self._empty_choice)
        empty.setContentsMargins(0, 0, 0, 0)
        empty.setSpacing(Spacing.S)
        empty.addWidget(self._empty_label)
        empty.addWidget(self.empty_box)
        choices = FlowLayout(spacing=Spacing.M)
        choices.addWidget(self.mode)
        choices.addWidget(self._empty_choice)
        about = QHBoxLayout()
        about.setSpacing(Spacing.M)
        about.addWidget(self._title)
        about.addStretch(1)
        about.addWidget(self._legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.M)
        column.addLayout(choices)
        column.addWidget(self.counts)
        column.addWidget(self.problems)
        column.addWidget(self.short_note)
        column.addLayout(about)
        column.addWidget(self.table, 1)


class ProblemsCard(QFrame):
    """The refused cells, and what becomes of their rows."""

    leave_out_chosen = Signal()

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        set_kind(self, "banner", Tone.WARNING)
        self.model = ProblemsModel(self)
        self.table = _table(self.model, _PROBLEM_ROWS, self)
        self.table.setObjectName("importProblems")
        self.table.setAccessibleName(_("Cells that can’t be taken"))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.note = FieldNote(self.table, icons)
        self.leave_out = QCheckBox(self)
        self.leave_out.setObjectName("importLeaveOut")
        self.leave_out.clicked.connect(self.leave_out_chosen)
        self.save_button = QPushButton(icons.icon("download"), _("Save problems…"), self)
        self.save_button.setObjectName("importSaveProblems")
        self.save_button.setAutoDefault(False)
        self.saved_note = muted_label(parent=self)
        row = QHBoxLayout()
        row.setSpacing(Spacing.M)
        row.addWidget(self.leave_out)
        row.addStretch(1)
        row.addWidget(self.saved_note)
        row.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        column.setSpacing(Spacing.S)
        column.addWidget(self.note)
        column.addWidget(self.table)
        column.addLayout(row)
        self.hide()

    def set_problems(
        self, refused: Sequence[RefusedCell], sheet: Sheet, titles: Sequence[str]
    ) -> None:
        if refused == self.model.refused and sheet is self.model.sheet:
            return
        rows = len({cell.row for cell in refused})
        self.setVisible(bool(refused))
        self.leave_out.setChecked(False)
        self.saved_note.clear()
        self.model.set_problems(refused, sheet, titles)
        self.note.show_note(
            ngettext(
                "{count} cell can’t be taken as it is. Correct the file and import it again, or "
                "leave its row out.",
                "{count} cells can’t be taken as they are. Correct the file and import it again, "
                "or leave their rows out.",
                len(refused),
            ).format(count=number(len(refused))),
            Tone.WARNING,
        )
        self.leave_out.setText(
            ngettext("Leave out this row", "Leave out these {count} rows", rows).format(
                count=number(rows)
            )
        )
        _fit_columns(self.table, _MOST_PROBLEM_WIDTH)
        _set_height(self.table, min(len(refused), _PROBLEM_ROWS))
        self.table.setMaximumHeight(self.table.minimumHeight())

    def show_saved(self, name: str) -> None:
        text = _("Saved as {name}.").format(name=isolate(shortened(name, _NAME_CHARACTERS)))
        self.saved_note.setText(text)
        announce(self, text)


class _Counts(QWidget):
    """What becomes of the rows, each with its number."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._flow = FlowLayout(self, Spacing.S)
        self.badges = [Badge(theme, icons, self) for _each in range(4)]
        for badge in self.badges:
            self._flow.addWidget(badge)

    def set_result(self, result: MergeResult) -> None:
        added = ngettext("{count} row is added", "{count} rows are added", result.added)
        updated = ngettext("{count} row changes", "{count} rows change", result.updated)
        unchanged = ngettext(
            "{count} row stays as it is", "{count} rows stay as they are", result.unchanged
        )
        removed = ngettext("{count} row is removed", "{count} rows are removed", result.removed)
        for badge, icon, text, count, tone in zip(
            self.badges,
            ("plus", "pencil", "check", "trash-2"),
            (added, updated, unchanged, removed),
            (result.added, result.updated, result.unchanged, result.removed),
            (Tone.SUCCESS, Tone.ACCENT, Tone.NEUTRAL, Tone.DANGER),
            strict=True,
        ):
            badge.set_state(icon, text.format(count=number(count)), tone if count else Tone.NEUTRAL)
        self.updateGeometry()


def _table(model: QAbstractItemModel, rows: int, parent: QWidget) -> QTableView:
    """A read-only table that shows `rows` lines."""
    table = QTableView(parent)
    table.setModel(model)
    table.setProperty("kind", "sheet")
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setCornerButtonEnabled(False)
    header = table.verticalHeader()
    header.setDefaultSectionSize(table.fontMetrics().height() + Spacing.M)
    header.setSectionResizeMode(header.ResizeMode.Fixed)
    header.setHighlightSections(False)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
    )
    table.horizontalHeader().setResizeContentsPrecision(_WIDTHS_BY)
    _set_height(table, rows)
    return table


def _set_height(table: QTableView, rows: int) -> None:
    line = table.verticalHeader().defaultSectionSize()
    height = line * rows + table.horizontalHeader().sizeHint().height() + Spacing.XS
    table.setMinimumHeight(height)


def _fit_columns(table: QTableView, most: int = _COLUMN_CHARACTERS) -> None:
    """Make each column as wide as its first texts, up to `most` characters."""
    widest = table.fontMetrics().averageCharWidth() * most
    for at in range(table.model().columnCount()):
        wanted = max(table.sizeHintForColumn(at), table.horizontalHeader().sectionSizeHint(at))
        table.setColumnWidth(at, min(wanted + Spacing.S, widest))
