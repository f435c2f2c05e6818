"""How imported rows join the rows that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.request.resources import Row


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
    by the row's index in ``rows``; those of an added row are all of its cells."""

    rows: Sequence[Row]
    added: int
    updated: int
    unchanged: int
    removed: int
    changed: Mapping[int, frozenset[str]]
