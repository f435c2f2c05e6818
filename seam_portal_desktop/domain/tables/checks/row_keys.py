"""The findings about all keys in the rows of a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from seam_portal_desktop.domain.request.resources import Column, ResourceKind, Row, resource_kinds
from seam_portal_desktop.domain.request.steps import ROWS_A_STEP, Steps, free_steps
from seam_portal_desktop.domain.tables.checks.keys import (
    KeyFindings,
    KnownKeys,
    key_findings,
    new_key_findings,
)

CellPlace = tuple[str, int, str]
"""The kind, the row's index, and the column's dotted path."""


def is_key(column: Column) -> bool:
    """Whether the cells of `column` have keys: one, or a list of them."""
    return column.path[-1].endswith(("_key", "_keys"))


def with_clean_keys(value: object, known: Mapping[str, str | None]) -> object:
    """A key, or a list of keys, with each one replaced by its cleaned form in `known`."""
    if isinstance(value, str):
        return known.get(value) or value
    if isinstance(value, list):
        return [with_clean_keys(each, known) for each in value]
    return value


def findings_in_rows(
    rows: Mapping[str, Sequence[Row]],
) -> Steps[dict[CellPlace, dict[str, KeyFindings]]]:
    """What is wrong with the keys in `rows`, which are by kind: for each cell, by key."""
    kinds = {kind.key: kind.name for kind in resource_kinds()} | {"parent_site_key": "sites"}
    own: dict[str, list[str]] = defaultdict(list)
    referred: dict[str, list[str]] = defaultdict(list)
    cells = []
    for kind in resource_kinds():
        for row, name, keys in _keys(kind, rows.get(kind.name) or ()):
            target = kinds.get(name.removesuffix("s") if name.endswith("_keys") else name, name)
            (own if name == kind.key else referred)[target] += keys
            cells.append(((kind.name, row, name), target, name == kind.key, keys))
            if len(cells) % ROWS_A_STEP == 0:
                yield None
    known = {}
    for target in {*own, *referred}:
        known[target] = yield from KnownKeys.in_steps(own[target], referred[target])
    found: dict[CellPlace, dict[str, KeyFindings]] = {}
    for number, (place, target, is_own, keys) in enumerate(cells, 1):
        if number % ROWS_A_STEP == 0:
            yield None
        find = new_key_findings if is_own else key_findings
        for key in keys:
            findings = find(key, known[target])
            if findings is not None:
                found.setdefault(place, {})[key] = findings
    yield from free_steps(cells)
    return found


def _keys(kind: ResourceKind, rows: Sequence[Row]) -> Iterator[tuple[int, str, list[str]]]:
    """The keys in each cell: the row's index, the column's name, the keys."""
    names = {column.path[0] for column in kind.columns if is_key(column)}
    for index, row in enumerate(rows):
        for name, value in row.items():
            if name not in names:
                continue
            if isinstance(value, str):
                yield index, name, [value]
            elif isinstance(value, list):
                yield index, name, [each for each in value if isinstance(each, str)]
