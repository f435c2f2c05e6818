"""Rows from and for a spreadsheet: the clipboard's format, and CSV files. No Qt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Cell,
    Column,
    ResourceKind,
    Row,
    value_at,
    with_value,
)
from seam_portal_desktop.domain.request.verticals import VERTICALS
from seam_portal_desktop.domain.tables.cells import parse_cell
from seam_portal_desktop.domain.tables.mapping import ColumnTarget
from seam_portal_desktop.domain.tables.values.lists import quoted
from seam_portal_desktop.domain.tables.values.metadata import read_metadata_value
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.times import zone_name

_DELIMITERS = ",;\t|"
_NOT_IN_NAMES = re.compile(r"[\W_]+")

Table = list[list[str]]

# More would block the window for longer than 100 ms.
MAX_ROWS = 5_000
MAX_CHARACTERS = 1_000_000
MAX_CELL = 10_000


class TableTooLargeError(ValueError):
    """The table isn't taken. The text is the reason, for people."""


@dataclass(frozen=True, slots=True)
class ImportedRows:
    """``unknown`` are the headers without a column. Their cells are not in the rows."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = ()


def parse_pasted(text: str) -> Table:
    """Parse what a spreadsheet puts on the clipboard: tabs between cells, quotes where needed.

    Raises TableTooLargeError.
    """
    return _parse_lines(text, "\t")


def parse_csv(data: bytes) -> Table:
    """Parse a CSV file. The delimiter is the one that its first line has most of.

    Raises TableTooLargeError.
    """
    text = _decode_csv(data)
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    return _parse_lines(text.lstrip("\ufeff"), delimiter)


def format_copied(rows: Iterable[Iterable[str]]) -> str:
    """The clipboard's format, which parse_pasted() reads."""
    return "\n".join("\t".join(map(_copied_cell, row)) for row in rows)


def match_header(cells: Sequence[str], kind: ResourceKind) -> list[ColumnTarget | None] | None:
    """The target of each cell if `cells` are a header; None if they look like data."""
    names = _names(kind)
    targets = [_find_target(cell, kind, names) for cell in cells]
    titled = sum(1 for cell in cells if cell.strip())
    known = sum(1 for target in targets if target is not None)
    return targets if known and 2 * known >= titled else None


def import_table(table: Table, kind: ResourceKind, columns: Sequence[Column]) -> ImportedRows:
    """The rows in `table`. Without a header the cells go to `columns` in their order."""
    if not table:
        return ImportedRows(())
    targets = match_header(table[0], kind)
    if targets is None:
        return ImportedRows(tuple(_rows(table, [ColumnTarget(column) for column in columns])))
    unknown = tuple(
        cell.strip()
        for cell, target in zip(table[0], targets, strict=True)
        if target is None and cell.strip()
    )
    return ImportedRows(tuple(_rows(table[1:], targets)), unknown)


def _decode_csv(data: bytes) -> str:
    """UTF-8, UTF-16 with a byte order mark, else cp1252, which Excel on Windows writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _parse_lines(text: str, delimiter: str) -> Table:
    if len(text) > MAX_CHARACTERS:
        raise _too_large(
            ngettext("{count} character", "{count} characters", len(text)).format(
                count=f"{len(text):,}"
            )
        )
    lines = text.splitlines(keepends=True)
    if len(lines) > MAX_ROWS:
        raise _too_large(
            ngettext("{count} line", "{count} lines", len(lines)).format(count=f"{len(lines):,}")
        )
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:  # a cell over the module's own limit
        rows = [[text]]
    if any(len(cell) > MAX_CELL for row in rows for cell in row):
        raise TableTooLargeError(
            _(
                "A cell has more than {max_cell:,} characters. Nothing was changed. Is this a "
                "table?"
            ).format(max_cell=MAX_CELL)
        )
    return [row for row in rows if any(cell.strip() for cell in row)]


def _too_large(size: str) -> TableTooLargeError:
    return TableTooLargeError(
        _(
            "This has {size}. At a time, {max_characters:,} characters in {max_rows:,} lines can "
            "be taken. Nothing was changed. Take a part of it first."
        ).format(size=size, max_characters=MAX_CHARACTERS, max_rows=MAX_ROWS)
    )


def _rows(table: Table, targets: Sequence[ColumnTarget | None]) -> Iterable[Row]:
    for cells in table:
        row: Row = {}
        for target, cell in zip(targets, cells, strict=False):
            if target is not None:
                row = _with_cell(row, target, cell)
        if row:
            yield row


def _with_cell(row: Row, target: ColumnTarget, text: str) -> Row:
    column = target.column
    if target.metadata_field is None:
        value = parse_cell(column.cell, text, zone_name())
        return row if value is MISSING else with_value(row, column.path, value)
    if not text.strip():
        return row
    metadata = value_at(row, column.path) or {}
    return with_value(
        row, column.path, {**metadata, target.metadata_field: read_metadata_value(text)}
    )


def _find_target(cell: str, kind: ResourceKind, names: dict[str, Column]) -> ColumnTarget | None:
    column = names.get(_normalized(cell))
    if column is not None:
        return ColumnTarget(column)
    head, separator, field = cell.strip().partition(":" if ":" in cell else ".")
    metadata = next((each for each in kind.columns if each.cell is Cell.METADATA), None)
    is_field = separator and field.strip() and _normalized(head) in {"metadata", "custommetadata"}
    return ColumnTarget(metadata, field.strip()) if is_field and metadata is not None else None


def _names(kind: ResourceKind) -> dict[str, Column]:
    """The columns by every name: path, last part of the path, and each vertical's title."""
    names: dict[str, Column] = {}
    for column in kind.columns:
        titles = [column.dotted, column.path[-1]]
        titles += [vertical.column(column.path) for vertical in VERTICALS]
        if column.path == (kind.key,):
            titles += ["key", "id"]
        for title in titles:
            names.setdefault(_normalized(title), column)
    return names


def _normalized(name: str) -> str:
    return _NOT_IN_NAMES.sub("", name).casefold()


def _copied_cell(text: str) -> str:
    return quoted(text) if any(each in text for each in '\t\n\r"') else text
