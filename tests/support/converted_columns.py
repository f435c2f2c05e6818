"""Columns of a table that are converted in tests of values."""

from __future__ import annotations

from seam_portal_desktop.domain.request.resources import (
    ResourceKind,
    resource_kinds,
    value_at,
)
from seam_portal_desktop.domain.tables.columns.sheet_converter import convert
from seam_portal_desktop.domain.tables.conversion import (
    ConversionContext,
    ConvertedRows,
    Topic,
)
from seam_portal_desktop.domain.tables.mapping import (
    ColumnTarget,
    MappedColumn,
    Match,
    SheetMapping,
)
from seam_portal_desktop.domain.tables.sheet import CellValue, Sheet

KINDS = {kind.name: kind for kind in resource_kinds()}
BERLIN = ConversionContext("Europe/Berlin", region="DE")


def mapped(kind: ResourceKind, names: list[str]) -> SheetMapping:
    """A mapping without a heading. ``custom_metadata.x`` is the metadata field x."""
    columns = []
    for name in names:
        column = kind.column_with(name)
        field = None
        if column is not None and name != column.dotted:
            field = name.removeprefix(f"{column.dotted}.")
        target = None if column is None else ColumnTarget(column, field)
        columns.append(MappedColumn(name, (), target, Match.CHOSEN))
    return SheetMapping(kind, None, columns)


def converted(
    path: str,
    cells: list[CellValue],
    answers: dict[Topic, str] | None = None,
    context: ConversionContext = BERLIN,
    kind: str = "",
) -> ConvertedRows:
    """One column."""
    if not kind:
        kind = next(name for name, each in KINDS.items() if each.column_with(path))
    sheet = Sheet([[cell] for cell in cells], range(1, len(cells) + 1))
    given = {(0, topic): value for topic, value in (answers or {}).items()}
    return convert(sheet, mapped(KINDS[kind], [path]), given, context)


def values(path: str, result: ConvertedRows) -> list[object]:
    return [value_at(row.row, tuple(path.split("."))) for row in result.rows]


def asked(result: ConvertedRows) -> list[Topic]:
    return [question.topic for question in result.questions]
