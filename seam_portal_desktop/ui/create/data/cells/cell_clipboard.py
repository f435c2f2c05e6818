"""Copying, pasting and filling the cells of a table of customer data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, QObject, Signal
from PySide6.QtWidgets import QTableView

from seam_portal_desktop.domain.request.resources import Column, Row
from seam_portal_desktop.domain.tables.conversion import ConvertedRows
from seam_portal_desktop.domain.tables.guess import guess_mapping
from seam_portal_desktop.domain.tables.html_table import read_html
from seam_portal_desktop.domain.tables.sheet import Sheet, TableRefusedError
from seam_portal_desktop.domain.tables.text_table import read_pasted, write_pasted
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.background import BackgroundCall
from seam_portal_desktop.ui.create.data.cells.pasted_block import (
    PlacedCells,
    cells_by_row,
    has_text,
    is_single_cell,
    place_block,
    place_cells,
    repeated_to,
    width,
    without_blank_columns,
)
from seam_portal_desktop.ui.create.data.resource_model import ResourceModel
from seam_portal_desktop.ui.toolkit.form_parts import number
from seam_portal_desktop.ui.toolkit.labels import copy_text

_READ_AT_ONCE = 100_000
"""Characters. More are read in a thread."""

_ROWS_AT_ONCE = 2_000
"""More go to the import, which converts them in a thread."""

_CELLS_AT_ONCE = 50_000


class CellRange(NamedTuple):
    """Indexes; `bottom` and `right` are the last ones inside."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom + 1)

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.rows) * self.width


def selected_ranges(view: QTableView) -> list[CellRange]:
    """The topmost first. There may be a million cells in them."""
    return sorted(
        CellRange(each.top(), each.bottom(), each.left(), each.right())
        for each in view.selectionModel().selection().toList()
    )


class CellClipboard(QObject):
    """`message` carries a result for the user. `import_requested` carries a Sheet, and the row that
    its first row goes to, or None for a sheet with a heading: the import has to ask something."""

    message = Signal(str)
    import_requested = Signal(object, object)

    def __init__(self, view: QTableView, model: ResourceModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._reading = BackgroundCall(self)
        self._reading.done.connect(self._paste_large)
        self._place: tuple[str, int, list[CellRange]] = ("", 0, [])

    def paste(self, data: QMimeData) -> None:
        """Paste a table of other programs (HTML), else tab-separated text, at the selection."""
        html, text = data.html() if data.hasHtml() else "", data.text()
        if len(html) + len(text) > _READ_AT_ONCE:
            self.message.emit(_("Reading what you paste…"))
            self._place = self._current_place()
            self._reading.start(partial(_read, html, text))
        else:
            self._reading.cancel()
            self._paste_read(_read(html, text))

    def copy(self) -> None:
        """Copy the selected cells. Pasted, they have the same values."""
        ranges = self._ranges()
        if not ranges:
            return
        if sum(each.size for each in ranges) > _CELLS_AT_ONCE:
            self.message.emit(_too_many())
            return
        columns = sorted({column for each in ranges for column in range(each.left, each.right + 1)})
        selected: dict[int, list[CellRange]] = {}
        for each in ranges:
            for row in each.rows:
                selected.setdefault(row, []).append(each)
        cells = [
            [
                self._model.edit_text(row, self._model.columns[column])
                if any(each.left <= column <= each.right for each in inside)
                else ""
                for column in columns
            ]
            for row, inside in sorted(selected.items())
        ]
        copy_text(write_pasted(cells))

    def fill_down(self) -> None:
        """Give all selected rows the values of the topmost one. One row gets those above it."""
        rows = self._model.rows(self._model.kind.name)
        cells: dict[int, dict[Column, object]] = {}
        ranges, converter = self._ranges(), self._model.converter
        if sum(each.size for each in ranges) > _CELLS_AT_ONCE:
            self.message.emit(_too_many())
            return
        for each in ranges:
            first = each.top if each.bottom > each.top else each.top - 1
            if not 0 <= first < len(rows):
                continue
            below = range(first + 1, self._last_row(each) + 1)
            old = [rows[row] if row < len(rows) else {} for row in below]
            for column in self._model.columns[each.left : each.right + 1]:
                values = converter.values_below(rows[first], old, self._model.kind, column)
                for row, value in zip(below, values, strict=True):
                    cells.setdefault(row, {})[column] = value
        if not cells:
            self.message.emit(_("Select a cell and those below it first."))
        else:
            self._splice(_("fill down"), place_cells(rows, cells))

    def _current_place(self) -> tuple[str, int, list[CellRange]]:
        """Where a paste goes now: the kind, its number of rows, and what is selected."""
        kind = self._model.kind.name
        return kind, len(self._model.rows(kind)), self._ranges()

    def _paste_large(self, read: Sheet | TableRefusedError) -> None:
        """Paste what was read in a thread, unless it would go beside other rows by now."""
        if self._place == self._current_place():
            self._paste_read(read)
        else:
            self.message.emit(
                _("Nothing was pasted: the table or the selection changed meanwhile. Paste again.")
            )

    def _paste_read(self, read: Sheet | TableRefusedError) -> None:
        if isinstance(read, TableRefusedError):
            self.message.emit(str(read))
        elif not has_text(read):
            self.message.emit(_("Copy cells in a spreadsheet first."))
        else:
            self._paste_sheet(read)

    def _paste_sheet(self, sheet: Sheet) -> None:
        ranges = self._ranges()
        if is_single_cell(sheet):
            # It is text, also if it reads like a title.
            if len(ranges) > 1:
                self._fill(sheet, ranges)
                return
        elif guess_mapping(sheet, self._model.kind).heading is not None:
            self.import_requested.emit(sheet, None)
            return
        rows = self._model.rows(self._model.kind.name)
        top = min((each.top for each in ranges), default=len(rows))
        left = min((each.left for each in ranges), default=0)
        columns = self._model.columns[left:]
        sheet = without_blank_columns(sheet, len(columns))
        if len(ranges) == 1:
            (area,) = ranges
            height = self._last_row(area) - area.top + 1
            if height * area.width > _CELLS_AT_ONCE and len(sheet.rows) < height:
                self.message.emit(_too_many())
                return
            sheet = repeated_to(sheet, height, area.width)
        columns = columns[: width(sheet)]
        is_small = len(sheet.rows) <= _ROWS_AT_ONCE and width(sheet) <= len(columns)
        below = rows[top : top + len(sheet.rows)]
        converted = self._convert(sheet, columns, below) if is_small else None
        if converted is None:
            self._ask(sheet, top, left)
            return
        self._splice(_("paste"), place_block(rows, top, cells_by_row(sheet, columns, converted)))
        self._select(
            CellRange(top, top + len(sheet.rows) - 1, left, left + max(1, width(sheet)) - 1)
        )

    def _fill(self, sheet: Sheet, ranges: Sequence[CellRange]) -> None:
        """Give all cells of several ranges the one value of `sheet`."""
        if sum(each.size for each in ranges) > _CELLS_AT_ONCE:
            self.message.emit(_too_many())
            return
        rows = self._model.rows(self._model.kind.name)
        chosen = sorted({at for each in ranges for at in range(each.left, each.right + 1)})
        columns = [self._model.columns[at] for at in chosen]
        selected = sorted(
            {row for each in ranges for row in range(each.top, self._last_row(each) + 1)}
        )
        wide = Sheet(
            [list(sheet.rows[0]) * len(columns)] * len(selected), range(1, len(selected) + 1)
        )
        below = [rows[row] if row < len(rows) else {} for row in selected]
        converted = self._convert(wide, columns, below)
        if converted is None:
            self.message.emit(
                _("Something has to be asked about this value. Select one block of cells for it.")
            )
            return
        values = dict(zip(selected, cells_by_row(wide, columns, converted), strict=True))
        cells: dict[int, dict[Column, object]] = {}
        for each in ranges:
            for row in range(each.top, self._last_row(each) + 1):
                for column in self._model.columns[each.left : each.right + 1]:
                    cells.setdefault(row, {})[column] = values[row][column]
        self._splice(_("paste"), place_cells(rows, cells))

    def _convert(
        self, sheet: Sheet, columns: Sequence[Column], below: Sequence[Row]
    ) -> ConvertedRows | None:
        return self._model.converter.convert(sheet, self._model.kind, columns, below)

    def _ask(self, sheet: Sheet, top: int, left: int) -> None:
        """Let the import ask about cells that go to the row and the column, which is current."""
        no_update = QItemSelectionModel.SelectionFlag.NoUpdate
        self._view.selectionModel().setCurrentIndex(self._model.index(top, left), no_update)
        self.import_requested.emit(sheet, top)

    def _last_row(self, area: CellRange) -> int:
        """The last row of `area`. The blank row counts only if nothing else is selected."""
        end = len(self._model.rows(self._model.kind.name))
        return area.bottom if area.bottom < end or area.top == area.bottom else end - 1

    def _splice(self, text: str, placed: PlacedCells) -> None:
        self._model.splice(text, placed.at, placed.removed, placed.rows)
        self.message.emit(_result(placed))

    def _ranges(self) -> list[CellRange]:
        """What is selected, else the current cell; the topmost range first."""
        ranges = selected_ranges(self._view)
        current = self._view.currentIndex()
        if not ranges and current.isValid():
            return [CellRange(current.row(), current.row(), current.column(), current.column())]
        return ranges

    def _select(self, area: CellRange) -> None:
        first = self._model.index(area.top, area.left)
        last = self._model.index(area.bottom, area.right)
        flags = QItemSelectionModel.SelectionFlag
        selection = self._view.selectionModel()
        selection.setCurrentIndex(first, flags.NoUpdate)
        selection.select(QItemSelection(first, last), flags.ClearAndSelect)
        self._view.scrollTo(first)


def _read(html: str, text: str) -> Sheet | TableRefusedError:
    try:
        sheet = read_html(html) if html else None
        return read_pasted(text) if sheet is None else sheet
    except TableRefusedError as error:
        return error


def _result(placed: PlacedCells) -> str:
    """What was done, in whole sentences."""
    sentences = []
    if placed.changed:
        sentences.append(
            ngettext("1 row changed.", "{count} rows changed.", placed.changed).format(
                count=number(placed.changed)
            )
        )
    if placed.added:
        sentences.append(
            ngettext("1 row added.", "{count} rows added.", placed.added).format(
                count=number(placed.added)
            )
        )
    if placed.emptied:
        sentences.append(
            ngettext(
                "1 cell was emptied, because what you pasted there is blank. Undo brings it back.",
                "{count} cells were emptied, because what you pasted there is blank. Undo brings "
                "them back.",
                placed.emptied,
            ).format(count=number(placed.emptied))
        )
    if placed.blank:
        sentences.append(
            ngettext(
                "1 blank row keeps its place.",
                "{count} blank rows keep their places.",
                placed.blank,
            ).format(count=number(placed.blank))
        )
    return " ".join(sentences) or _("The cells have these values already.")


def _too_many() -> str:
    return _("Select fewer cells: {most} can be changed at once.").format(
        most=number(_CELLS_AT_ONCE)
    )
