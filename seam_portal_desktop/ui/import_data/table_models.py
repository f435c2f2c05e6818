"""The models of the import's tables: the file's columns, the rows as they will be, and the refused
cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Cell,
    Column,
    Row,
    value_at,
)
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.domain.tables.conversion import RefusedCell
from seam_portal_desktop.domain.tables.mapping import MappedColumn
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.target_list import TargetList
from seam_portal_desktop.ui.import_data.words import (
    cell_text,
    column_title,
    reason_text,
    sample_text,
)
from seam_portal_desktop.ui.toolkit.form_parts import isolate, number, one_line, shortened
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

Index = QModelIndex | QPersistentModelIndex

FILE, TARGET, REASON = range(3)
"""The columns of ColumnListModel."""

_CELL_CHARACTERS = 300
_DISPLAY = Qt.ItemDataRole.DisplayRole
_TOOLTIP = Qt.ItemDataRole.ToolTipRole
_BACKGROUND = Qt.ItemDataRole.BackgroundRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole
"""As names of this module: looking them up in the enum costs time for each cell."""


class _ReadTable(QAbstractTableModel):
    """A table that is only read, with a title over each column."""

    titles: Sequence[str] = ()

    def row_total(self) -> int:
        raise NotImplementedError

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.row_total()

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        if role == _DISPLAY and orientation == Qt.Orientation.Horizontal:
            return self.titles[section]
        return None


class ColumnListModel(_ReadTable):
    """One row for each column of the file. The delegate reads its `columns` and `question`."""

    titles = (_("In the file"), _("Goes to"), _("Why"))

    def __init__(self, targets: TargetList, parent: QObject) -> None:
        super().__init__(parent)
        self.targets = targets
        self.columns: Sequence[MappedColumn] = ()
        self._questions: Sequence[str] = ()

    def set_columns(self, columns: Sequence[MappedColumn], questions: Sequence[str]) -> None:
        """`questions` say what has to be chosen, or are empty."""
        if len(columns) != len(self.columns):
            self.beginResetModel()
            self.columns, self._questions = columns, questions
            self.endResetModel()
            return
        self.columns, self._questions = columns, questions
        if columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(columns) - 1, REASON))

    def title(self, row: int) -> str:
        return column_title(self.columns[row].title, row)

    def target_text(self, row: int) -> str:
        column = self.columns[row]
        return _("Choose…") if column.must_ask else self.targets.title_of(column.target)

    def question(self, row: int) -> str:
        return self._questions[row]

    def reason(self, row: int) -> str:
        return self._questions[row] or reason_text(self.columns[row])

    def row_total(self) -> int:
        return len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        row = index.row()
        if role == _SPOKEN:
            return _("{title} goes to: {target}. {reason}").format(
                title=self.title(row), target=self.target_text(row), reason=self.reason(row)
            )
        if role not in (_DISPLAY, _TOOLTIP):
            return None
        if index.column() == FILE:
            text = self.title(row)
            if role == _TOOLTIP:
                text = f"{text}\n{sample_text(self.columns[row].samples)}"
        else:
            text = self.target_text(row) if index.column() == TARGET else self.reason(row)
        return plain_tooltip(text) if role == _TOOLTIP else text


class PreviewModel(_ReadTable):
    """Rows that are added or changed, the changed cells with a tint."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: Sequence[Row] = ()
        self._shown: Sequence[int] = ()
        self._changed: Mapping[int, frozenset[str]] = {}
        self._notes: Mapping[int, Mapping[str, str]] = {}
        self._columns: Sequence[Column] = ()

    def set_columns(self, columns: Sequence[Column], vertical: Vertical) -> None:
        self.beginResetModel()
        self._columns = tuple(columns)
        self.titles = [vertical.column(column.path) for column in columns]
        self.endResetModel()

    def set_rows(
        self,
        rows: Sequence[Row],
        shown: Sequence[int],
        changed: Mapping[int, frozenset[str]],
        notes: Mapping[int, Mapping[str, str]],
    ) -> None:
        """`shown` are the indexes in `rows` that the table has. `changed` and `notes` are by the
        index in `rows`, then by dotted path."""
        self.beginResetModel()
        self._rows, self._shown = rows, shown
        self._changed, self._notes = changed, notes
        self.endResetModel()

    def row_total(self) -> int:
        return len(self._shown)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        if role == _DISPLAY and orientation == Qt.Orientation.Vertical:
            return number(self._shown[section] + 1)
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        if role not in (_DISPLAY, _TOOLTIP, _BACKGROUND, _SPOKEN):
            return None
        at, column = self._shown[index.row()], self._columns[index.column()]
        is_changed = column.dotted in self._changed.get(at, ())
        if role == _BACKGROUND:
            return self._theme.tint(Tone.ACCENT) if is_changed else None
        text = shown_value(value_at(self._rows[at], column.path), column.cell)
        if role == _DISPLAY:
            return isolate(text) if text else ""
        note = self._notes.get(at, {}).get(column.dotted, "")
        if role == _TOOLTIP:
            return plain_tooltip("\n".join(part for part in (text, note) if part))
        cell = f"{self.titles[index.column()]}: {text or _('empty')}"
        cell = _("{cell}, new").format(cell=cell) if is_changed else cell
        return f"{cell}. {note}" if note else cell


class ProblemsModel(_ReadTable):
    """The refused cells: line, column, what the file has, and the reason."""

    titles = (_("Line"), _("Column"), _("In the file"), _("What is wrong"))

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.refused: Sequence[RefusedCell] = ()
        self.sheet = Sheet((), ())
        self._columns: Sequence[str] = ()

    def set_problems(
        self, refused: Sequence[RefusedCell], sheet: Sheet, columns: Sequence[str]
    ) -> None:
        """`columns` are the titles of the file's columns."""
        self.beginResetModel()
        self.refused, self.sheet, self._columns = refused, sheet, columns
        self.endResetModel()

    def row_total(self) -> int:
        return len(self.refused)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        if role not in (_DISPLAY, _TOOLTIP, _SPOKEN):
            return None
        cell = self.refused[index.row()]
        text = self._text(cell, index.column())
        if role == _SPOKEN:
            return f"{self.titles[index.column()]}: {text}"
        if role == _TOOLTIP:
            return plain_tooltip(text)
        return isolate(text) if text else ""

    def _text(self, cell: RefusedCell, column: int) -> str:
        if column == 0:
            return number(cell.line)
        if column == 1:
            return self._columns[cell.column] if cell.column < len(self._columns) else ""
        if column == 3:
            return cell.reason
        row = self.sheet.rows[cell.row]
        value = row[cell.column] if cell.column < len(row) else None
        return shortened(cell_text(value), _CELL_CHARACTERS)


def shown_value(value: Any, cell: Cell) -> str:  # noqa: ANN401 - any JSON value
    """A value of a row on one line. A moment is in the clock of its own offset, which is sent."""
    if value is None or value is MISSING:
        return "(null)" if value is None else ""
    if cell is Cell.MOMENT and isinstance(value, str):
        return _moment(value)
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    elif isinstance(value, Mapping):
        value = ", ".join(f"{name}: {_json(each)}" for name, each in value.items())
    return shortened(_json(value), _CELL_CHARACTERS)


def _json(value: Any) -> str:  # noqa: ANN401
    return str(value).lower() if isinstance(value, bool) else one_line(str(value))


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return one_line(text)
    offset = moment.strftime("%z")
    clock = moment.strftime("%Y-%m-%d %H:%M")
    return f"{clock} {offset[:3]}:{offset[3:5]}" if offset else clock
