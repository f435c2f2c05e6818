"""Pasted cells without titles: each row goes over the row that is there."""

from __future__ import annotations

from collections.abc import Sequence

from seam_portal_desktop.domain.request.resources import MISSING, Row, value_at, with_value
from seam_portal_desktop.domain.tables.conversion import ConvertedRow
from seam_portal_desktop.domain.tables.mapping import ColumnTarget, SheetMapping
from seam_portal_desktop.domain.tables.merge import MergeResult
from seam_portal_desktop.domain.tables.sheet import Sheet


def place_rows(
    rows: Sequence[Row],
    at: int,
    sheet: Sheet,
    mapping: SheetMapping,
    converted: Sequence[ConvertedRow],
    *,
    left_out: frozenset[int],
) -> MergeResult:
    """Put the rows of `sheet` over `rows` from the index `at` on, and behind their end.

    A blank cell empties the one below it. A row that ends earlier, or is blank, says nothing about
    the cells below it. `left_out` are the lines whose rows aren't taken: the rows that are there
    stay as they are.
    """
    by_line = {each.line: each.row for each in converted}
    placed = list(rows)
    changed: dict[int, frozenset[str]] = {}
    added = updated = 0
    for index in range(mapping.first_row, len(sheet.rows)):
        to = at + index - mapping.first_row
        is_new = to >= len(rows)
        line = sheet.lines[index]
        before: Row = {} if is_new else placed[to]
        row = before
        if line not in left_out:
            targets = mapping.columns[: len(sheet.rows[index])]
            for target in (each.target for each in targets):
                if target is not None:
                    row = _with_cell(row, target, by_line.get(line, {}))
        differing = frozenset(
            each.target.column.dotted
            for each in mapping.columns
            if each.target is not None
            and value_at(row, each.target.column.path) != value_at(before, each.target.column.path)
        )
        if is_new:
            placed.append(row)
            added += 1
        else:
            placed[to] = row
            updated += bool(differing)
        if differing:
            changed[to] = differing
    return MergeResult(
        rows=placed,
        added=added,
        updated=updated,
        unchanged=len(rows) - updated,
        removed=0,
        changed=changed,
    )


def _with_cell(row: Row, target: ColumnTarget, new: Row) -> Row:
    path = target.column.path
    value = value_at(new, path)
    if target.metadata_field is None:
        return with_value(row, path, value)
    old = value_at(row, path) or {}
    others = {name: each for name, each in old.items() if name != target.metadata_field}
    field = value_at(value, (target.metadata_field,)) if value is not MISSING else MISSING
    if field is not MISSING:
        others[target.metadata_field] = field
    return with_value(row, path, others or MISSING)
