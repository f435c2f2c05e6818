"""The kinds of customer data as tables with columns, made from the request's types. No Qt.

A field that is added to a type becomes a column without a change here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from seam_portal_desktop.domain.request.steps import ROWS_A_STEP, Steps

if TYPE_CHECKING:
    from msgspec import inspect as shape

    from seam_portal_desktop.domain.request.problems import Problem

Row = Mapping[str, Any]
"""One resource as JSON has it. A row is never changed, only replaced."""

ColumnPath = tuple[str, ...]


class Cell(StrEnum):
    """The type of a column's cells."""

    TEXT = "text"
    LIST = "list"
    MOMENT = "moment"
    TIME = "time"
    WHOLE = "whole"
    NUMBER = "number"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Column:
    """``path`` leads from the row to the value. A ``required`` column has a value in every row. A
    ``nullable`` one can be null, which asks Seam to remove the value."""

    path: ColumnPath
    cell: Cell
    required: bool
    nullable: bool

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """``name`` is the field of customer_data (``rooms``), ``key`` the field with a row's key."""

    name: str
    key: str
    columns: tuple[Column, ...]

    def column_with(self, path: str) -> Column | None:
        """The column that the dotted `path` inside a row belongs to."""
        for column in self.columns:
            if path == column.dotted or path.startswith(f"{column.dotted}."):
                return column
        return None

    @property
    def has_metadata(self) -> bool:
        return any(column.cell is Cell.METADATA for column in self.columns)


@cache
def resource_kinds() -> tuple[ResourceKind, ...]:
    """All lists of customer_data, in the contract's order."""
    from msgspec import inspect as shape

    from seam_portal_desktop.domain.request import CustomerData, resource_keys

    fields = cast(shape.StructType, shape.type_info(CustomerData)).fields
    types = {field.encode_name: field.type for field in fields}
    kinds = []
    for name, key in resource_keys().items():
        row = cast(shape.VarTupleType, types[name]).item_type
        columns = _columns(cast(shape.StructType, row), (), required=True)
        kinds.append(ResourceKind(name, key, tuple(sorted(columns, key=partial(_rank, key=key)))))
    return tuple(kinds)


def _rank(column: Column, key: str) -> int:
    """The order of the columns: key, name, times, other keys, the rest, lists, metadata."""
    first = {(key,): 0, ("name",): 1}
    if column.path in first:
        return first[column.path]
    if column.path[-1].endswith("_key"):
        return 3
    return {Cell.MOMENT: 2, Cell.LIST: 5, Cell.METADATA: 6}.get(column.cell, 4)


def _columns(row: shape.StructType, above: ColumnPath, *, required: bool) -> Iterator[Column]:
    from msgspec import inspect as shape

    for field in row.fields:
        path = (*above, field.encode_name)
        needed = required and field.required
        if isinstance(field.type, shape.StructType):
            yield from _columns(field.type, path, required=needed)
            continue
        options = field.type.types if isinstance(field.type, shape.UnionType) else (field.type,)
        nullable = any(isinstance(each, shape.NoneType) for each in options)
        yield Column(path, _cell(options), needed, nullable)


def _cell(options: tuple[shape.Type, ...]) -> Cell:
    from msgspec import inspect as shape

    for option in options:
        match option:
            case shape.DictType():
                return Cell.METADATA
            case shape.VarTupleType():
                return Cell.LIST
            case shape.FloatType():
                return Cell.NUMBER
            case shape.StrType():
                return _text_cells().get(option.pattern or "", Cell.TEXT)
    if any(isinstance(option, shape.IntType) for option in options):
        return Cell.WHOLE
    raise NotImplementedError(options)


@cache
def _text_cells() -> dict[str, Cell]:
    from msgspec import inspect as shape

    from seam_portal_desktop.domain.request import base

    cells = {}
    for annotated, cell in ((base.Timestamp, Cell.MOMENT), (base.TimeOfDay, Cell.TIME)):
        cells[cast(shape.StrType, shape.type_info(annotated)).pattern or ""] = cell
    return cells


class _Missing:
    """The type of MISSING, which stands for no value. None is a value."""

    def __bool__(self) -> bool:
        return False


MISSING = _Missing()


def value_at(row: Row, path: ColumnPath) -> Any:  # noqa: ANN401 - any JSON value
    """The row's value, or MISSING."""
    node: Any = row
    for name in path:
        if not isinstance(node, Mapping) or name not in node:
            return MISSING
        node = node[name]
    return node


def with_value(row: Row, path: ColumnPath, value: Any) -> Row:  # noqa: ANN401
    """A copy of `row` with the value set. MISSING removes it, and objects that become empty."""
    name, *rest = path
    changed = dict(row)
    if rest:
        inner = changed.get(name)
        below = with_value(inner if isinstance(inner, Mapping) else {}, tuple(rest), value)
        if below or value is not MISSING:
            changed[name] = below
        elif name in changed and value_at(row, path) is not MISSING:
            del changed[name]
    elif value is MISSING:
        changed.pop(name, None)
    else:
        changed[name] = value
    return changed


def row_problems(kind: ResourceKind, row: Row) -> Mapping[str, str]:
    """What breaks the contract in a row: the reason by the column's dotted path."""
    from seam_portal_desktop.domain.request.problems import check_against_contract

    wire = {"customer_data": {"customer_key": "k", kind.name: [row]}}
    start = f"customer_data.{kind.name}.0."
    reasons = {}
    # Of several reasons for a column the first one counts.
    for problem in reversed(check_against_contract(wire).problems):
        path = problem.path.removeprefix(start)
        column = kind.column_with(path)
        reasons[column.dotted if column else path] = problem.reason
    return reasons


def cell_problems(
    problems: Iterable[Problem], kind: ResourceKind
) -> Steps[Mapping[tuple[int, str], Problem]]:
    """The problems of the rows of `kind` by row and by the column's dotted path.

    A problem of a whole row is at its key. Of several for a cell, the first error counts, else the
    first warning.
    """
    start = f"customer_data.{kind.name}."
    found: dict[tuple[int, str], Problem] = {}
    for number, problem in enumerate(problems, 1):
        if number % ROWS_A_STEP == 0:
            yield None
        row, _unused, inside = problem.path.removeprefix(start).partition(".")
        if not problem.path.startswith(start) or not row.isdecimal():
            continue
        column = kind.column_with(inside)
        cell = (int(row), column.dotted if column else kind.key)
        if cell not in found or (problem.level == "error" and found[cell].level != "error"):
            found[cell] = problem
    return found
