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
        self._columns: list[Sequence[Outcome]] = []
        self._known: dict[tuple[int, ...], RowPlaces] = {}

    def add(self, outcomes: Sequence[Outcome]) -> None:
        self._columns.append(outcomes)

    def places(self, index: int, row: Mapping[str, Any]) -> RowPlaces:
        """The places of `row`. One that names no spaces has those of the row that it changes."""
        if not self._context.spaces:
            return _NO_PLACES
        # Equal cells share their list, and the lists live as long as this object.
        lists = tuple([id(outcomes[index]) for outcomes in self._columns])
        places = self._known.get(lists)
        if places is None:
            outcomes = [each[index] for each in self._columns]
            places = self._known[lists] = self._places_at(outcomes)
        return places if places.spaces else self._places_of_changed_row(index, row)

    def _places_at(self, values: Iterable[Any]) -> RowPlaces:
        spaces = self._context.spaces
        lists = (value for value in values if isinstance(value, list | tuple))
        found = {key: spaces[key] for each in lists for key in each if key in spaces}
        if not found:
            return _NO_PLACES
        zones = dict.fromkeys(each.time_zone for each in found.values() if each.time_zone)
        return RowPlaces(found, tuple(zones))

    def _places_of_changed_row(self, index: int, row: Row) -> RowPlaces:
        context = self._context
        if index < len(context.beside):
            changed: Row = context.beside[index]
        elif context.by_key:
            changed = context.by_key.get(row.get(self._key, ""), {})
        else:
            return _NO_PLACES
        return self._places_at([value for name, value in changed.items() if name.endswith("_keys")])
