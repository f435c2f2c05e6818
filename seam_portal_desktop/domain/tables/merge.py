"""How imported rows join the rows that are there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from seam_portal_desktop.domain.request.resources import MISSING, ColumnPath, Row, with_value
from seam_portal_desktop.domain.tables.conversion import ConvertedRow


class MergeMode(StrEnum):
    ADD = "add"
    """Each row becomes a new row, also with a key that is there."""

    UPDATE = "update"
    """A row whose key is there changes that row, the others are added."""

    REPLACE = "replace"
    """The rows that are there are removed."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """``rows`` are all rows afterwards. ``changed`` has the dotted paths of the cells that differ,
    by the row's index in ``rows``; those of an added row are all of its cells.

    ``contradictions`` has the lines of different rows with one key, by that key. None of them is
    taken, except by `MergeMode.ADD`. With `MergeMode.REPLACE` a row with a key that was there
    counts as updated or unchanged, and ``removed`` are the others.
    """

    rows: Sequence[Row]
    added: int
    updated: int
    unchanged: int
    removed: int
    changed: Mapping[int, frozenset[str]]
    contradictions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def merge_rows(
    existing: Sequence[Row],
    imported: Sequence[ConvertedRow],
    key: str,
    mode: MergeMode,
    *,
    clear_empty: bool,
) -> MergeResult:
    """What becomes of `existing` rows. `key` is the field with a row's key.

    Rows without a key are added; `MergeMode.UPDATE` leaves out those that are there already. Rows
    with the same key and the same cells are taken once, but by `MergeMode.ADD`. `clear_empty`: an
    empty cell of a mapped column empties the cell of the row that is there; otherwise it leaves it.
    """
    if mode is MergeMode.ADD:
        rows = [*existing, *(each.row for each in imported)]
        changed = {at: _cells(rows[at]) for at in range(len(existing), len(rows))}
        return MergeResult(rows, len(imported), 0, 0, 0, changed)
    taken, contradictions = _without_repeated(imported, key)
    if mode is MergeMode.REPLACE:
        return _replaced(existing, taken, key, contradictions)
    return _updated(existing, taken, key, contradictions, clear_empty=clear_empty)


def _updated(
    existing: Sequence[Row],
    imported: Sequence[ConvertedRow],
    key: str,
    contradictions: Mapping[str, tuple[int, ...]],
    *,
    clear_empty: bool,
) -> MergeResult:
    rows = list(existing)
    places: dict[str, list[int]] = {}
    keyless: Counter[str] = Counter()
    for at, row in enumerate(existing):
        found = row_key(row, key)
        if found is not None:
            places.setdefault(found, []).append(at)
        else:
            keyless[_canonical(row)] += 1
    changed: dict[int, frozenset[str]] = {}
    added = unchanged = 0
    for each in imported:
        found = row_key(each.row, key)
        if found is None and keyless and keyless[_canonical(each.row)]:
            keyless[_canonical(each.row)] -= 1
            unchanged += 1
            continue
        same_key = places.get(found, ()) if found is not None else ()
        if not same_key:
            changed[len(rows)] = _cells(each.row)
            rows.append(each.row)
            added += 1
            continue
        # Of several rows with one key none may keep what the file has corrected.
        for at in same_key:
            before = rows[at]
            after = _merged(before, each.row)
            if clear_empty:
                for path in each.emptied:
                    after = _without(after, path)
            if after == before:
                unchanged += 1
            else:
                rows[at] = after
                changed[at] = _differences(before, after)
    updated = len(changed) - added
    return MergeResult(rows, added, updated, unchanged, 0, changed, contradictions)


def _replaced(
    existing: Sequence[Row],
    imported: Sequence[ConvertedRow],
    key: str,
    contradictions: Mapping[str, tuple[int, ...]],
) -> MergeResult:
    before: dict[str, Row] = {}
    for row in existing:
        found = row_key(row, key)
        if found is not None:
            before.setdefault(found, row)
    rows = [each.row for each in imported]
    changed: dict[int, frozenset[str]] = {}
    updated = unchanged = 0
    for at, row in enumerate(rows):
        found = row_key(row, key)
        old = before.get(found) if found is not None else None
        if old is None:
            changed[at] = _cells(row)
        elif old == row:
            unchanged += 1
        else:
            updated += 1
            changed[at] = _differences(old, row)
    kept = updated + unchanged
    added, removed = len(rows) - kept, len(existing) - kept
    return MergeResult(rows, added, updated, unchanged, removed, changed, contradictions)


def _canonical(row: Row) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def row_key(row: Row, key: str) -> str | None:
    """The row's key; None if it has none that could be compared."""
    value = row.get(key)
    return value if isinstance(value, str) and value else None


def _without_repeated(
    imported: Sequence[ConvertedRow], key: str
) -> tuple[Sequence[ConvertedRow], Mapping[str, tuple[int, ...]]]:
    """The first of the rows with each key, without those that contradict each other; and these."""
    first: dict[str, ConvertedRow] = {}
    again: list[tuple[str, ConvertedRow]] = []
    for each in imported:
        found = row_key(each.row, key)
        if found is not None and first.setdefault(found, each) is not each:
            again.append((found, each))
    if not again:
        return imported, {}
    lines: dict[str, list[int]] = {}
    different = set()
    for found, each in again:
        lines.setdefault(found, [first[found].line]).append(each.line)
        if each.row != first[found].row or each.emptied != first[found].emptied:
            different.add(found)
    repeated = {id(each) for _key, each in again}
    taken = [
        each
        for each in imported
        if id(each) not in repeated and row_key(each.row, key) not in different
    ]
    return taken, {found: tuple(lines[found]) for found in lines if found in different}


def _merged(before: Row, new: Row) -> Row:
    """`before` with the values of `new`; metadata and other objects are merged by field."""
    after = dict(before)
    for name, value in new.items():
        old = after.get(name)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            after[name] = _merged(old, value)
        else:
            after[name] = value
    return after


def _without(row: Row, path: str) -> Row:
    """`row` without the value at the dotted `path`. A name of metadata may have dots itself."""
    return with_value(row, _names_in(row, path), MISSING)


def _names_in(row: Row, path: str) -> ColumnPath:
    name, dot, rest = path.partition(".")
    if path in row or not dot:
        return (path,)
    inner = row.get(name)
    return (name, *_names_in(inner, rest)) if isinstance(inner, Mapping) else (name, rest)


def _cells(row: Row, start: str = "") -> frozenset[str]:
    """The dotted paths of all values."""
    if not any(isinstance(value, Mapping) for value in row.values()):
        return frozenset(start + name for name in row) if start else frozenset(row)
    paths: set[str] = set()
    for name, value in row.items():
        if isinstance(value, Mapping) and value:
            paths |= _cells(value, f"{start}{name}.")
        else:
            paths.add(f"{start}{name}")
    return frozenset(paths)


def _differences(before: Row, after: Row, start: str = "") -> frozenset[str]:
    """The dotted paths of the values that are in one only, or differ."""
    paths: set[str] = set()
    for name in before.keys() | after.keys():
        old: Any = before.get(name, MISSING)
        new: Any = after.get(name, MISSING)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            paths |= _differences(old, new, f"{start}{name}.")
        elif old is MISSING or new is MISSING or old != new:
            paths.add(f"{start}{name}")
    return frozenset(paths)
