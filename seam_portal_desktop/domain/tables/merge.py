"""How imported rows join the rows that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

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
    places, keyless = _places(existing, key)
    changed: dict[int, frozenset[str]] = {}
    added = unchanged = 0
    for each in imported:
        found = row_key(each.row, key)
        if found is None and keyless:
            canonical = _canonical(each.row)
            if keyless[canonical]:
                keyless[canonical] -= 1
                unchanged += 1
                continue
        same_key = places.get(found, ()) if found is not None else ()
        if not same_key:
            changed[len(rows)] = _cells(each.row)
            rows.append(each.row)
            added += 1
            continue
        # Of several rows with one key none may keep what the file has corrected.
        emptied = each.emptied if clear_empty else ()
        for at in same_key:
            before = rows[at]
            if not emptied and each.row.items() <= before.items():
                unchanged += 1
                continue
            after = _merged(before, each.row, emptied)
            differences = _differences(before, after)
            if differences:
                rows[at] = after
                changed[at] = differences
            else:
                unchanged += 1
    updated = len(changed) - added
    return MergeResult(rows, added, updated, unchanged, 0, changed, contradictions)


def _places(existing: Sequence[Row], key: str) -> tuple[dict[str, list[int]], Counter[str]]:
    """Where the rows with each key are, and how often there is each row without a key."""
    places: dict[str, list[int]] = {}
    keyless: Counter[str] = Counter()
    for at, row in enumerate(existing):
        found = row_key(row, key)
        if found is not None:
            places.setdefault(found, []).append(at)
        else:
            keyless[_canonical(row)] += 1
    return places, keyless


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
    """The same text for equal rows. Values of JSON can't be hashed."""
    return repr(sorted((name, _ordered(value)) for name, value in row.items()))


def _ordered(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return sorted((name, _ordered(inner)) for name, inner in value.items())


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


def _merged(before: Row, new: Row, emptied: Iterable[str] = ()) -> Row:
    """`before` with the values of `new`, and without the `emptied` paths. Metadata and other
    objects are merged by field."""
    after = dict(before)
    for name, value in new.items():
        old = after.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            after[name] = _merged(old, value)
        else:
            after[name] = value
    merged: Row = after
    for path in emptied:
        merged = with_value(merged, _names_in(merged, path), MISSING)
    return merged


def _names_in(row: Row, path: str) -> ColumnPath:
    """The names in the dotted `path`. A name of metadata may have dots itself."""
    name, dot, rest = path.partition(".")
    if path in row or not dot:
        return (path,)
    inner = row.get(name)
    return (name, *_names_in(inner, rest)) if isinstance(inner, dict) else (name, rest)


def _cells(row: Row, start: str = "") -> frozenset[str]:
    """The dotted paths of all values."""
    paths: list[str] = []
    for name, value in row.items():
        if isinstance(value, dict) and value:
            paths += _cells(value, f"{start}{name}.")
        else:
            paths.append(f"{start}{name}")
    return _shared(tuple(paths))


@lru_cache(maxsize=4096)
def _shared(paths: tuple[str, ...]) -> frozenset[str]:
    """Most rows of a table have the same cells, and one set for all of them takes little memory."""
    return frozenset(paths)


def _differences(before: Row, after: Row, start: str = "") -> frozenset[str]:
    """The dotted paths of the values that are in one only, or differ."""
    paths = [f"{start}{name}" for name in before if name not in after]
    for name, new in after.items():
        old = before.get(name, MISSING)
        if isinstance(old, dict) and isinstance(new, dict):
            paths += _differences(old, new, f"{start}{name}.")
        elif old is MISSING or old != new:
            paths.append(f"{start}{name}")
    return _shared(tuple(paths))
