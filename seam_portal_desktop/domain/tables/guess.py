"""Decides which column of a sheet is which field, and what has to be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from seam_portal_desktop.domain.request.resources import Cell, Column, ResourceKind
from seam_portal_desktop.domain.tables.mapping import (
    ColumnTarget,
    MappedColumn,
    Match,
    NamePart,
    SheetMapping,
    conflicts,
)
from seam_portal_desktop.domain.tables.remembered import RememberedMapping
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.domain.tables.titles.contents import (
    ColumnContents,
    column_contents,
    has_part,
)
from seam_portal_desktop.domain.tables.titles.heading import MOST_COLUMNS, find_heading, row_titles
from seam_portal_desktop.domain.tables.titles.targets import title_target

_CLEARLY_BETTER = 2
"""So many more columns have to be known."""

_MOST_COMPARED_TITLES = 200
"""In how many columns typing errors are looked for."""


def guess_mapping(
    sheet: Sheet, kind: ResourceKind, remembered: Sequence[RememberedMapping] = ()
) -> SheetMapping:
    """The heading of `sheet` and where each of its columns goes.

    A `remembered` mapping for the same titles counts more than any guess. Only the first rows are
    looked at. Without a heading every column has to be asked about.
    """

    def is_remembered(titles: Sequence[str]) -> bool:
        return any(each.fits(kind, titles) for each in remembered)

    return _guess(sheet, kind, find_heading(sheet, kind, is_remembered), remembered)


def best_mapping(
    sheet: Sheet, kinds: Sequence[ResourceKind], remembered: Sequence[RememberedMapping] = ()
) -> SheetMapping:
    """The mapping of the kind that the titles of `sheet` fit best; of equals the first one."""
    return max((guess_mapping(sheet, kind, remembered) for kind in kinds), key=_fitness)


def better_kind(
    sheet: Sheet, mapping: SheetMapping, kinds: Sequence[ResourceKind]
) -> ResourceKind | None:
    """The kind that the titles fit clearly better than that of `mapping`, if there is one."""
    best = best_mapping(sheet, kinds)
    is_better = _fitness(best)[0] >= _fitness(mapping)[0] + _CLEARLY_BETTER
    return best.kind if is_better else None


def _fitness(mapping: SheetMapping) -> tuple[int, int]:
    """How many columns are surely fields of the kind, and minus the fields that are missing."""
    sure = sum(column.target is not None and not column.must_ask for column in mapping.columns)
    return sure, -len(mapping.missing)


def with_heading(
    sheet: Sheet,
    mapping: SheetMapping,
    heading: int | None,
    remembered: Sequence[RememberedMapping] = (),
) -> SheetMapping:
    """The mapping anew, with the titles in the row that the user says, or with none."""
    return _guess(sheet, mapping.kind, heading, remembered)


def headless_mapping(sheet: Sheet, kind: ResourceKind, columns: Sequence[Column]) -> SheetMapping:
    """All rows are data, and go to `columns` in their order: for cells pasted over a table.

    More columns in the sheet have to be asked about.
    """
    contents = column_contents(sheet, 0, _width(sheet))
    targets = [ColumnTarget(column) for column in columns[: len(contents)]]
    mapped = [
        MappedColumn("", found.samples, target, Match.CHOSEN)
        for found, target in zip(contents, targets, strict=False)
    ]
    mapped += [
        MappedColumn("", found.samples, None, Match.NONE, must_ask=bool(found.texts))
        for found in contents[len(targets) :]
    ]
    return SheetMapping(kind, None, tuple(mapped))


@dataclass(frozen=True, slots=True)
class _Guess:
    """A column before it is compared with the others."""

    title: str
    contents: ColumnContents
    target: ColumnTarget | None = None
    match: Match = Match.NONE
    must_ask: bool = False
    is_vague: bool = False

    @property
    def is_weak(self) -> bool:
        return self.is_vague or self.match is Match.ALIKE

    def is_name(self, *, part: bool) -> bool:
        target = self.target
        return (
            target is not None
            and target.column.path == ("name",)
            and (target.part is not None) == part
        )

    def left_out(self) -> _Guess:
        return replace(self, target=None, match=Match.NONE, must_ask=False, is_vague=False)


def _guess(
    sheet: Sheet,
    kind: ResourceKind,
    heading: int | None,
    remembered: Sequence[RememberedMapping],
) -> SheetMapping:
    contents = column_contents(sheet, 0 if heading is None else heading + 1, _width(sheet))
    if heading is None:
        return SheetMapping(kind, None, tuple(_asked(each) for each in contents))
    titles = list(row_titles(sheet.rows[heading]))
    memory = next((each for each in remembered if each.fits(kind, titles)), None)
    titles += [""] * (len(contents) - len(titles))
    guesses = [
        _remembered(title, found, kind, memory) if memory else _guess_column(title, found, kind, at)
        for at, (title, found) in enumerate(zip(titles, contents, strict=True))
    ]
    if memory is None:
        for step in (_without_weak, _with_names(sheet, heading + 1), _with_places_asked):
            guesses = step(guesses)
    columns = [
        MappedColumn(
            guess.title,
            guess.contents.samples,
            guess.target,
            guess.match,
            must_ask=guess.must_ask or guess.is_vague,
        )
        for guess in guesses
    ]
    shared = conflicts(columns)
    return SheetMapping(
        kind,
        heading,
        tuple(
            replace(column, must_ask=column.must_ask or at in shared)
            for at, column in enumerate(columns)
        ),
        is_unconfirmed=memory is not None and not memory.is_confirmed,
    )


def _width(sheet: Sheet) -> int:
    return min(max(map(len, sheet.rows), default=0), MOST_COLUMNS)


def _asked(contents: ColumnContents) -> MappedColumn:
    return MappedColumn("", contents.samples, None, Match.NONE, must_ask=bool(contents.texts))


def _remembered(
    title: str, contents: ColumnContents, kind: ResourceKind, memory: RememberedMapping
) -> _Guess:
    if not title:
        return _Guess(title, contents)
    target = memory.target_of(title, kind)
    return _Guess(title, contents, target, Match.REMEMBERED)


def _guess_column(title: str, contents: ColumnContents, kind: ResourceKind, at: int) -> _Guess:
    guess = _Guess(title, contents)
    found = title_target(title, kind, may_be_alike=at < _MOST_COMPARED_TITLES)
    if found.target is None:
        return guess
    named = replace(guess, target=found.target, match=found.match, is_vague=found.is_vague)
    column = found.target.column
    if column.cell is Cell.MOMENT and found.is_vague:
        # 'Check-in time' may be both in one. A clock time beside the date has no field: whoever
        # imports it has to know that it is left out.
        is_clock_time = contents.texts and not contents.have_dates
        return replace(guess, must_ask=True) if is_clock_time else named
    if found.is_person:
        return _with_person_decided(named, kind)
    if found.is_contact:
        column = _contact_column(contents, kind) or column
        target, is_vague = ColumnTarget(column), not contents.texts
        named = replace(named, target=target, match=Match.ALIKE, is_vague=is_vague)
    if contents.contradict(column):
        if named.match is Match.ALIKE:
            return guess
        return replace(named, must_ask=named.match is Match.SYNONYM or column.cell is Cell.LIST)
    return named


def _contact_column(contents: ColumnContents, kind: ResourceKind) -> Column | None:
    """What a title such as 'Contact' names: the first of the columns that the cells fit."""
    names = ("email_address", "phone_number")
    columns = (each for name in names for each in kind.columns if each.path == (name,))
    return next((each for each in columns if not contents.contradict(each)), None)


def _with_person_decided(guess: _Guess, kind: ResourceKind) -> _Guess:
    """A title such as 'Guest' is of keys or of names: the cells tell which, or it is asked."""
    name = next(column for column in kind.columns if column.path == ("name",))
    is_name = guess.target is not None and guess.target.column == name
    if guess.contents.are_names:
        return replace(guess, target=ColumnTarget(name))
    return replace(guess, is_vague=is_name or not guess.contents.are_keys)


def _without_weak(guesses: Sequence[_Guess]) -> list[_Guess]:
    """Weak guesses are dropped where another column has the field by a better reason."""
    strong = [each.target for each in guesses if each.target and not each.is_weak]
    return [
        guess.left_out()
        if guess.is_weak and guess.target and any(map(guess.target.overlaps, strong))
        else guess
        for guess in guesses
    ]


def _with_names(sheet: Sheet, first_row: int) -> Callable[[Sequence[_Guess]], list[_Guess]]:
    """'Name' beside 'First name' is a last name or the whole one: the cells tell which."""

    def decide(guesses: Sequence[_Guess]) -> list[_Guess]:
        decided = list(guesses)
        wholes = [at for at, guess in enumerate(decided) if guess.is_name(part=False)]
        parts = {
            guess.target.part: at
            for at, guess in enumerate(decided)
            if guess.target and guess.is_name(part=True)
        }
        are_single = len(wholes) == 1 and len(parts) == sum(
            guess.is_name(part=True) for guess in decided
        )
        if not are_single or not parts:
            return decided
        (whole,) = wholes
        contained = [has_part(sheet, first_row, whole, at) for at in parts.values()]
        others = {NamePart.FIRST, NamePart.LAST} - parts.keys()
        if all(contained):
            for at in parts.values():
                decided[at] = decided[at].left_out()
        elif len(others) == 1 and contained == [False]:
            target = decided[whole].target
            if target is not None:
                decided[whole] = replace(
                    decided[whole],
                    target=replace(target, part=others.pop()),
                    match=Match.ALIKE,
                )
        return decided

    return decide


def _with_places_asked(guesses: Sequence[_Guess]) -> list[_Guess]:
    """Guessed columns with two kinds of places are asked about: a hotel isn't all of its rooms."""
    places = {
        guess.target.column.path
        for guess in guesses
        if guess.target and guess.target.column.cell is Cell.LIST
    }
    if len(places) < 2:  # noqa: PLR2004 - one kind needs no question
        return list(guesses)
    return [
        replace(guess, must_ask=True)
        if guess.target and guess.target.column.cell is Cell.LIST and guess.match is not Match.EXACT
        else guess
        for guess in guesses
    ]
