"""The spaces of each row, from which a stay takes its zone and its times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seam_portal_desktop.domain.request.resources import Row
from seam_portal_desktop.domain.tables.conversion import ConversionContext, SpaceFacts
from seam_portal_desktop.domain.tables.values.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """The spaces of a row that the request has, by key. ``zones`` has the names of their zones,
    each once."""

    spaces: Mapping[str, SpaceFacts]
    zones: tuple[str, ...]


_NO_PLACES = RowPlaces({}, ())


class PlaceFinder:
    """Gets the columns with keys of places by add(). Other places count as well if a space has the
    same key."""

    def __init__(self, context: ConversionContext, key: str) -> None:
        self._context = context
        self._key = key
        self._columns: dict[str, Sequence[Outcome]] = {}

    def add(self, name: str, outcomes: Sequence[Outcome]) -> None:
        self._columns[name] = outcomes

    def places(self, rows: Sequence[Row]) -> Sequence[RowPlaces]:
        """The places of each row, also those that it keeps from the row that it changes."""
        context = self._context
        if not context.spaces or not (self._columns or context.beside or context.by_key):
            return [_NO_PLACES] * len(rows)
        lists = list(zip(*self._columns.values(), strict=True)) or [()] * len(rows)
        if context.beside or context.by_key:
            return [
                self._places_at([*lists[index], *self._kept(index, row)])
                for index, row in enumerate(rows)
            ]
        # Equal cells share their list, and the lists live as long as this object.
        known: dict[tuple[int, ...], RowPlaces] = {}
        found = []
        for each in lists:
            ids = tuple(map(id, each))
            places = known.get(ids)
            if places is None:
                places = known[ids] = self._places_at(each)
            found.append(places)
        return found

    def _places_at(self, values: Iterable[Any]) -> RowPlaces:
        spaces = self._context.spaces
        keys = (key for value in values if isinstance(value, list | tuple) for key in value)
        found = {key: spaces[key] for key in keys if isinstance(key, str) and key in spaces}
        if not found:
            return _NO_PLACES
        zones = dict.fromkeys(each.time_zone for each in found.values() if each.time_zone)
        return RowPlaces(found, tuple(zones))

    def _kept(self, index: int, row: Row) -> list[Any]:
        """The lists of the changed row that no column of the sheet replaces."""
        context = self._context
        if index < len(context.beside):
            changed: Row = context.beside[index]
            replaced = set(self._columns)
        else:
            # Whether an empty cell clears the list is chosen later; until then it is kept.
            changed = context.by_key.get(row.get(self._key, ""), {})
            replaced = set(self._columns) & row.keys()
        return [
            value
            for name, value in changed.items()
            if name.endswith("_keys") and name not in replaced
        ]
