"""Mappings that the user confirmed, kept by the titles of the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seam_portal_desktop.domain.request.resources import Cell, ResourceKind
from seam_portal_desktop.domain.tables.mapping import ColumnTarget, Match, NamePart, SheetMapping
from seam_portal_desktop.domain.tables.titles.text import LONGEST_TITLE, plain_title

MOST_TITLES = 200
"""The titles of one sheet. The mapping of a wider one isn't remembered."""

MOST_CHARACTERS = 60_000
"""In all titles that are kept or exported together."""

_LEFT_OUT = ""
_LONGEST_TARGET = 300


@dataclass(frozen=True, slots=True)
class RememberedMapping:
    """``targets`` has what each title of a sheet goes to, as `target_text` writes it; empty for a
    column that is left out. ``kind`` is the field of customer_data. One that came with a preset
    isn't confirmed until the user has imported a table with it."""

    kind: str
    targets: Mapping[str, str]
    is_confirmed: bool = True

    def fits(self, kind: ResourceKind, titles: Sequence[str]) -> bool:
        """Whether a sheet has exactly these titles, in any order."""
        return self.kind == kind.name and _plain_titles(self.targets) == _plain_titles(titles)

    def target_of(self, title: str, kind: ResourceKind) -> ColumnTarget | None:
        """None: the column is left out, or its field is no longer there."""
        plain = plain_title(title)
        for each, text in self.targets.items():
            if plain_title(each) == plain:
                return read_target(text, kind)
        return None

    @property
    def characters(self) -> int:
        return sum(len(title) + len(target) for title, target in self.targets.items())

    def is_for_titles_of(self, other: RememberedMapping) -> bool:
        """Whether both are for the same sheets. The newer one counts."""
        return self.kind == other.kind and _plain_titles(self.targets) == _plain_titles(
            other.targets
        )

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "targets": dict(self.targets)}


def remembered_mapping(mapping: SheetMapping) -> RememberedMapping | None:
    """The mapping for the next sheet with these titles.

    None: there is no heading, a title is there twice, something is still asked, it is too large, or
    all titles are Seam's own names, which need no memory.
    """
    titled = [column for column in mapping.columns if column.title]
    titles = [column.title for column in titled]
    plain = Counter(map(plain_title, titles))
    if (
        mapping.heading is None
        or not mapping.is_complete
        or not 0 < len(titles) <= MOST_TITLES
        or len(plain) < len(titles)
        or all(column.match is Match.EXACT for column in titled)
    ):
        return None
    targets = {
        column.title: target_text(column.target) if column.target else _LEFT_OUT
        for column in titled
    }
    remembered = RememberedMapping(mapping.kind.name, targets)
    return remembered if read_remembered(remembered.to_json()) else None


def read_remembered(stored: object) -> RememberedMapping | None:
    """What `to_json` made; None if it is anything else."""
    if not isinstance(stored, dict) or stored.keys() != {"kind", "targets"}:
        return None
    kind, targets = stored["kind"], stored["targets"]
    if not _is_short(kind, LONGEST_TITLE) or not isinstance(targets, dict):
        return None
    are_usable = 0 < len(targets) <= MOST_TITLES and all(
        _is_short(title, LONGEST_TITLE) and title and _is_short(target, _LONGEST_TARGET)
        for title, target in targets.items()
    )
    return RememberedMapping(kind, targets) if are_usable else None


def target_text(target: ColumnTarget) -> str:
    """``email_address``, ``custom_metadata:floor`` or ``name/last``."""
    text = target.column.dotted
    if target.part is not None:
        return f"{text}/{target.part.name.lower()}"
    return text if target.metadata_field is None else f"{text}:{target.metadata_field}"


def read_target(text: str, kind: ResourceKind) -> ColumnTarget | None:
    """The target that `target_text` wrote; None if `kind` has no such field."""
    path, separator, field = text.partition(":")
    path, _slash, part_name = path.partition("/")
    column = next((each for each in kind.columns if each.dotted == path), None)
    if column is None or (separator and column.cell is not Cell.METADATA):
        return None
    part = next((each for each in NamePart if each.name.lower() == part_name), None)
    return ColumnTarget(column, field if separator else None, part)


def _plain_titles(titles: Sequence[str] | Mapping[str, str]) -> list[str]:
    return sorted(plain_title(title) for title in titles if title)


def _is_short(value: object, longest: int) -> bool:
    """Half a surrogate pair can't be written."""
    return (
        isinstance(value, str)
        and len(value) <= longest
        and not any("\ud800" <= each <= "\udfff" for each in value)
    )
