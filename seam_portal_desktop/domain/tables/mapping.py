"""Which column of a sheet is which field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from seam_portal_desktop.domain.request.resources import Cell, Column, ResourceKind
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.texts import _


class Match(StrEnum):
    """Why a column goes where it goes."""

    EXACT = "exact"
    SYNONYM = "synonym"
    ALIKE = "alike"
    REMEMBERED = "remembered"
    CHOSEN = "chosen"
    NONE = "none"


class NamePart(IntEnum):
    """Which part of a name a column has. A name is its parts in this order, joined by spaces."""

    FIRST = 1
    MIDDLE = 2
    LAST = 3


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """A field of the resource, or one field of its metadata, or one part of its name.

    Several columns may have parts of one name: the value is their cells that aren't empty, in the
    order of the parts, with a space between them.
    """

    column: Column
    metadata_field: str | None = None
    part: NamePart | None = None

    def overlaps(self, other: ColumnTarget) -> bool:
        """Whether two columns with these targets would write the same value."""
        return (
            self.column.path == other.column.path
            and self.metadata_field == other.metadata_field
            and (self.part is None or other.part is None or self.part == other.part)
        )

    def title(self, vertical: Vertical) -> str:
        """The name of the target for people."""
        if self.part is not None:
            return _PART_TITLES[self.part]
        title = vertical.column(self.column.path)
        if self.metadata_field is None:
            return title
        return _("{metadata}: {field}").format(metadata=title, field=self.metadata_field)


_PART_TITLES = {
    NamePart.FIRST: _("First name"),
    NamePart.MIDDLE: _("Middle name"),
    NamePart.LAST: _("Last name"),
}


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """``target`` is None for a column that is left out. ``must_ask`` says that the user has to
    choose, for instance because another column goes to the same field; ``target`` is then the
    best guess. ``samples`` are its first values as text, without empty ones."""

    title: str
    samples: tuple[str, ...]
    target: ColumnTarget | None
    match: Match
    must_ask: bool = False


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """``heading`` is the index of the row with the titles; None if there is none. The data begin
    in the row after it. ``columns`` has an entry for each column of the sheet. ``is_unconfirmed``
    says that it came with a preset, and that this user hasn't seen it yet."""

    kind: ResourceKind
    heading: int | None
    columns: Sequence[MappedColumn]
    is_unconfirmed: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing has to be asked."""
        return not any(column.must_ask for column in self.columns)

    @property
    def first_row(self) -> int:
        """The index of the first row with data."""
        return 0 if self.heading is None else self.heading + 1

    @property
    def is_certain(self) -> bool:
        """Whether the mapping need not be shown: all titles are known, and nothing is asked.

        A single column is shown: its title could be a value.
        """
        titled = [column for column in self.columns if column.title]
        return (
            self.heading is not None
            and not self.is_unconfirmed
            and len(titled) > 1
            and self.is_complete
            and not self.missing
            and all(column.match in _CERTAIN for column in titled)
            and not any(column.samples for column in self.columns if not column.title)
        )

    @property
    def missing(self) -> tuple[Column, ...]:
        """The columns that each row needs and no column of the sheet goes to."""
        taken = {column.target.column.path for column in self.columns if column.target}
        return tuple(
            column for column in self.kind.columns if column.required and column.path not in taken
        )


_CERTAIN = {Match.EXACT, Match.REMEMBERED, Match.CHOSEN}


def possible_targets(kind: ResourceKind, title: str = "") -> tuple[ColumnTarget, ...]:
    """What a column with `title` can be mapped to, in the order of the table's columns."""
    targets: list[ColumnTarget] = []
    for column in kind.columns:
        targets.append(ColumnTarget(column))
        if column.path == ("name",):
            targets += [ColumnTarget(column, part=part) for part in NamePart]
        if column.cell is Cell.METADATA and title.strip():
            targets.append(ColumnTarget(column, title.strip()))
    return tuple(targets)


def conflicts(columns: Sequence[MappedColumn]) -> frozenset[int]:
    """The indexes of the columns that go to the same field as another one."""
    targets = [(index, each.target) for index, each in enumerate(columns) if each.target]
    fields = Counter((target.column.path, target.metadata_field) for _index, target in targets)
    shared = [
        (index, target)
        for index, target in targets
        if fields[target.column.path, target.metadata_field] > 1
    ]
    return frozenset(
        index
        for index, target in shared
        if any(target.overlaps(other) for at, other in shared if at != index)
    )


def with_target(mapping: SheetMapping, column: int, target: ColumnTarget | None) -> SheetMapping:
    """The user's choice for one column; None leaves it out.

    Another column that was guessed to be the same field is left out, since the choice answers
    which one it is. One that the user chose too is asked about, like this one.
    """
    before = conflicts(mapping.columns)
    columns = list(mapping.columns)
    columns[column] = replace(columns[column], target=target, match=Match.CHOSEN, must_ask=False)
    for index, other in enumerate(columns):
        is_guess = index != column and other.match is not Match.CHOSEN
        if target and other.target and is_guess and target.overlaps(other.target):
            columns[index] = replace(other, target=None, match=Match.NONE, must_ask=False)
    after = conflicts(columns)
    return replace(
        mapping,
        columns=tuple(
            replace(each, must_ask=index in after or (each.must_ask and index not in before))
            for index, each in enumerate(columns)
        ),
    )
