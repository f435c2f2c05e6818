"""Which column of a sheet is which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.request.resources import Column, ResourceKind


class Match(StrEnum):
    """Why a column goes where it goes."""

    EXACT = "exact"
    SYNONYM = "synonym"
    ALIKE = "alike"
    REMEMBERED = "remembered"
    CHOSEN = "chosen"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """A field of the resource, or one field of its metadata."""

    column: Column
    metadata_field: str | None = None


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """``target`` is None for a column that is left out. ``must_ask`` says that the user has to
    choose, for instance because another column goes to the same field."""

    title: str
    samples: tuple[str, ...]
    target: ColumnTarget | None
    match: Match
    must_ask: bool = False


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """``heading`` is the index of the row with the titles; None if there is none. The data begin
    in the row after it. ``columns`` has an entry for each column of the sheet."""

    kind: ResourceKind
    heading: int | None
    columns: Sequence[MappedColumn]

    @property
    def is_complete(self) -> bool:
        """Whether nothing has to be asked."""
        return not any(column.must_ask for column in self.columns)
