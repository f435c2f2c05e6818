"""What is shown at cells besides their values: errors, warnings, keys, changes. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from seam_portal_desktop.domain.request.resources import ResourceKind, Row, row_problems
from seam_portal_desktop.domain.tables.checks.cell_check import CheckedData
from seam_portal_desktop.domain.tables.checks.keys import KeyFindings
from seam_portal_desktop.domain.tables.checks.row_keys import CellPlace

_MAX_CACHED_CHECKS = 512

NO_FINDINGS: Mapping[str, KeyFindings] = {}


class CellMarks:
    """Marks by kind, row and dotted path. They are of the rows as they were when it was checked, so
    those of edited rows go at once."""

    def __init__(self) -> None:
        self._errors: dict[CellPlace, str] = {}
        self._checked = CheckedData({}, {})
        self._changed: Mapping[int, frozenset[str]] = {}
        self._changed_kind = ""
        self._stale_from: dict[str, int] = {}
        self._stale: set[tuple[str, int]] = set()
        self._checks: dict[int, tuple[Row, Mapping[str, str]]] = {}

    def on_edited(self, kind: str, at: int, removed: int, inserted: int) -> None:
        """Forget the marks that may no longer fit the rows of `kind`."""
        self._errors.clear()
        self._changed = {}
        if removed == inserted == 1:
            self._stale.add((kind, at))
        else:
            self._stale_from[kind] = min(at, self._stale_from.get(kind, at))

    def set_error(self, place: CellPlace, reason: str) -> None:
        self._errors[place] = reason

    def clear_errors(self) -> bool:
        """Whether there was one."""
        had_errors = bool(self._errors)
        self._errors.clear()
        return had_errors

    def set_checked(self, checked: CheckedData) -> None:
        """The results of a check of the rows as they are now."""
        self._checked = checked
        self._stale_from.clear()
        self._stale.clear()

    def set_changed(self, kind: str, changed: Mapping[int, frozenset[str]]) -> None:
        """The cells that an import changed, until the next edit."""
        self._changed_kind, self._changed = kind, changed

    def is_changed(self, place: CellPlace) -> bool:
        kind, row, path = place
        return kind == self._changed_kind and path in self._changed.get(row, ())

    def error(self, place: CellPlace, kind: ResourceKind, row: Row) -> str | None:
        own = self._errors.get(place) or self._problems(kind, row).get(place[2])
        return own or self._checked_reason(place, "error")

    def warning(self, place: CellPlace) -> str | None:
        """One or more sentences, each on a line."""
        texts = [sentence for each in self.keys_at(place).values() for sentence in each.sentences]
        reason = self._checked_reason(place, "warning")
        if reason is not None:
            texts.append(f"{reason}.")
        return "\n".join(texts) or None

    def keys_at(self, place: CellPlace) -> Mapping[str, KeyFindings]:
        """The findings about the keys in that cell, by key."""
        return NO_FINDINGS if self._is_stale(place) else self._checked.keys.get(place, NO_FINDINGS)

    def unclean_places(self, kind: str) -> list[CellPlace]:
        """The cells of `kind` with a key that can be cleaned up."""
        return [
            place
            for place, keys in self._checked.keys.items()
            if place[0] == kind
            and not self._is_stale(place)
            and any(each.cleaned for each in keys.values())
        ]

    def _checked_reason(self, place: CellPlace, level: str) -> str | None:
        problem = self._checked.problems.get(place)
        if problem is None or problem.level != level or self._is_stale(place):
            return None
        return problem.reason

    def _is_stale(self, place: CellPlace) -> bool:
        kind, row, _path = place
        return row >= self._stale_from.get(kind, row + 1) or (kind, row) in self._stale

    def _problems(self, kind: ResourceKind, row: Row) -> Mapping[str, str]:
        cached = self._checks.get(id(row))
        if cached is None or cached[0] is not row:
            if len(self._checks) >= _MAX_CACHED_CHECKS:
                self._checks.clear()
            cached = self._checks[id(row)] = (row, row_problems(kind, row))
        return cached[1]
