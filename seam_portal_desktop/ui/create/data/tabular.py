"""Rows out of a spreadsheet: pasted, or a CSV file. No Qt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seam_portal_desktop.ui.create.data.cells import metadata_value, read_cell
from seam_portal_desktop.ui.create.data.resources import (
    MISSING,
    Cell,
    Column,
    ResourceKind,
    Row,
    value_at,
    with_value,
)
from seam_portal_desktop.ui.create.data.verticals import VERTICALS

_DELIMITERS = ",;\t|"
_NOT_IN_NAMES = re.compile(r"[\W_]+")

Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """Where a spreadsheet's column goes: a column of the kind, or one field of its metadata."""

    column: Column
    metadata_field: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """``unknown`` are the headers that name no column, whose cells were left out."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = ()


def parse_pasted(text: str) -> Table:
    """What a spreadsheet puts on the clipboard: tabs and lines, quotes where a cell has them."""
    return _parse(text, "\t")


def parse_csv(text: str) -> Table:
    """A CSV file with commas, semicolons, tabs or bars, whichever its first line has most of."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    return _parse(text.lstrip("\ufeff"), delimiter)


def decode_csv(data: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, else what Excel on Windows writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def match_header(cells: Sequence[str], kind: ResourceKind) -> list[ColumnTarget | None] | None:
    """Where each of `cells` goes if they are a header; None if they look like data."""
    names = _names(kind)
    targets = [_target(cell, kind, names) for cell in cells]
    titled = sum(1 for cell in cells if cell.strip())
    known = sum(1 for target in targets if target is not None)
    return targets if known and 2 * known >= titled else None


def import_table(table: Table, kind: ResourceKind, columns: Sequence[Column]) -> Imported:
    """Rows of `kind`. Without a header the cells go to `columns` in their order."""
    if not table:
        return Imported(())
    targets = match_header(table[0], kind)
    if targets is None:
        return Imported(tuple(_rows(table, [ColumnTarget(column) for column in columns])))
    unknown = tuple(
        cell.strip()
        for cell, target in zip(table[0], targets, strict=True)
        if target is None and cell.strip()
    )
    return Imported(tuple(_rows(table[1:], targets)), unknown)


def _parse(text: str, delimiter: str) -> Table:
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    return [row for row in lines if any(cell.strip() for cell in row)]


def _rows(table: Table, targets: Sequence[ColumnTarget | None]) -> Iterable[Row]:
    for cells in table:
        row: Row = {}
        for target, cell in zip(targets, cells, strict=False):
            if target is not None:
                row = _put(row, target, cell)
        if row:
            yield row


def _put(row: Row, target: ColumnTarget, text: str) -> Row:
    column = target.column
    if target.metadata_field is None:
        value = read_cell(column.cell, text)
        return row if value is MISSING else with_value(row, column.path, value)
    if not text.strip():
        return row
    metadata = value_at(row, column.path) or {}
    return with_value(row, column.path, {**metadata, target.metadata_field: metadata_value(text)})


def _target(cell: str, kind: ResourceKind, names: dict[str, Column]) -> ColumnTarget | None:
    column = names.get(_normal(cell))
    if column is not None:
        return ColumnTarget(column)
    head, separator, field = cell.strip().partition(":" if ":" in cell else ".")
    metadata = next((each for each in kind.columns if each.cell is Cell.METADATA), None)
    is_field = separator and field.strip() and _normal(head) in {"metadata", "custommetadata"}
    return ColumnTarget(metadata, field.strip()) if is_field and metadata is not None else None


def _names(kind: ResourceKind) -> dict[str, Column]:
    """Every way to name a column: its path, its last part, and each vertical's words."""
    names: dict[str, Column] = {}
    for column in kind.columns:
        words = [column.dotted, column.path[-1]]
        words += [vertical.column(column.path) for vertical in VERTICALS]
        if column.path == (kind.key,):
            words += ["key", "id"]
        for word in words:
            names.setdefault(_normal(word), column)
    return names


def _normal(name: str) -> str:
    return _NOT_IN_NAMES.sub("", name).casefold()
