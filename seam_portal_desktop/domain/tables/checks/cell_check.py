"""What is probably wrong with the rows of customer data, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from seam_portal_desktop.domain.request.resources import (
    ResourceKind,
    Row,
    cell_problems,
    resource_kinds,
)
from seam_portal_desktop.domain.request.steps import ROWS_A_STEP, Steps, free_steps
from seam_portal_desktop.domain.tables.checks.keys import KeyFindings
from seam_portal_desktop.domain.tables.checks.row_keys import CellPlace, findings_in_rows

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.problems import CheckedRequest, Problem

Rows = Mapping[str, Sequence[Row]]


class CheckedData(NamedTuple):
    """``problems`` and ``keys`` are by the place of the cell, ``keys`` also by key."""

    problems: Mapping[CellPlace, Problem]
    keys: Mapping[CellPlace, Mapping[str, KeyFindings]]


def check_cells(rows: Rows, now: datetime) -> Steps[CheckedData]:
    """Everything that may be wrong with rows by kind, but for what breaks the contract.

    One row that breaks it doesn't hide what is wrong with the others.
    """
    from seam_portal_desktop.domain.request.check import check_steps

    kinds = [kind for kind in resource_kinds() if rows.get(kind.name)]
    data = {kind.name: list(rows[kind.name]) for kind in kinds}
    # The key stands for the customer's, on which none of this depends.
    wire = {"customer_data": {"customer_key": "k", **data}}
    checked = yield from check_steps(wire, now)
    broken: set[tuple[str, int]] = set()
    if checked.request is None:
        for kind in kinds:
            found = yield from cell_problems(checked.problems, kind)
            for row, _path in found:
                data[kind.name][row] = _stand_in(kind, row, rows[kind.name][row])
                broken.add((kind.name, row))
        checked = yield from check_steps(wire, now)
    problems: dict[CellPlace, Problem] = {}
    for kind in kinds:
        found = yield from cell_problems(checked.problems, kind)
        for number, ((row, path), problem) in enumerate(found.items(), 1):
            if number % ROWS_A_STEP == 0:
                yield None
            if (kind.name, row) not in broken:
                problems[kind.name, row, path] = problem
    resources = _resources(checked)
    del checked
    yield from free_steps(resources)
    keys = yield from findings_in_rows(rows)
    return CheckedData(problems, keys)


def _resources(checked: CheckedRequest) -> list[object]:
    """The rows that were made for the check."""
    data = None if checked.request is None else checked.request.customer_data
    values = (getattr(data, kind.name, None) for kind in resource_kinds())
    return [row for rows in values if isinstance(rows, tuple) for row in rows]


def _stand_in(kind: ResourceKind, index: int, row: Row) -> Row:
    """A right row with the key of `row`, so that references to it stay right."""
    key = row.get(kind.key)
    stand_in = {column.path[0]: "-" for column in kind.columns if column.required}
    return {**stand_in, kind.key: key if key and isinstance(key, str) else f"row {index}"}
