"""What an import will do to the rows that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from seam_portal_desktop.domain.request.resources import Row
from seam_portal_desktop.domain.tables.conversion import ConvertedRow, ConvertedRows, RefusedCell
from seam_portal_desktop.domain.tables.formulas import REASON_TITLE
from seam_portal_desktop.domain.tables.mapping import SheetMapping
from seam_portal_desktop.domain.tables.merge import MergeMode, MergeResult, merge_rows
from seam_portal_desktop.domain.tables.placing import place_rows
from seam_portal_desktop.domain.tables.row_check import check_rows
from seam_portal_desktop.domain.tables.sheet import CellValue, Progress, Sheet, no_progress
from seam_portal_desktop.texts import _

_LINES_NAMED = 3


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """How the rows join those that are there. ``place_at`` is for cells without titles, which go
    over the rows from that index on; the other choices don't count then."""

    mode: MergeMode = MergeMode.UPDATE
    clear_empty: bool = False
    place_at: int | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``shown`` are the indexes of the rows that are new or differ. ``notes`` say what was added to
    a cell, by the row's index and the dotted path. ``taken`` is the number of rows of the sheet
    that are taken. The rows of the ``refused`` cells aren't, and keys that contradict each other
    are among these cells. ``short`` are the lines of rows with fewer cells than the heading."""

    result: MergeResult
    shown: Sequence[int]
    notes: Mapping[int, Mapping[str, str]]
    refused: Sequence[RefusedCell]
    short: Sequence[int]
    taken: int


def plan_import(
    existing: Sequence[Row],
    sheet: Sheet,
    mapping: SheetMapping,
    converted: ConvertedRows,
    choices: ImportChoices,
    *,
    progress: Progress = no_progress,
) -> ImportPlan:
    """Merge the rows of which no cell is refused with the `existing` ones."""
    cells = len(sheet.rows) * len(mapping.columns)
    progress(0, cells)
    key = mapping.kind.key
    check = check_rows(sheet, mapping)
    problems = _all_refused(converted.refused, check.refused)
    refused = frozenset(cell.line for cell in problems)
    if choices.place_at is not None:
        taken = [each for each in converted.rows if each.line not in refused]
        place = partial(place_rows, existing, choices.place_at, sheet, mapping)
        result = place(taken, left_out=refused)
    else:
        taken = [each for each in converted.rows if each.row and each.line not in refused]
        result = merge_rows(existing, taken, key, choices.mode, clear_empty=choices.clear_empty)
    progress(cells, cells)
    shown = sorted(result.changed)
    contradictions = _contradictions(sheet, mapping, result)
    return ImportPlan(
        result=result,
        shown=shown,
        notes=_notes(taken, result, shown, key),
        refused=_all_refused(problems, contradictions),
        short=[sheet.lines[row] for row in check.short],
        taken=len(taken) - len(contradictions),
    )


def problem_table(
    sheet: Sheet, mapping: SheetMapping, refused: Sequence[RefusedCell]
) -> tuple[list[str], list[Sequence[CellValue]]]:
    """The titles and rows of a file with the rows that aren't taken, as the sheet has them, and
    with their line and what is wrong."""
    titles = [column.title for column in mapping.columns]
    reasons: dict[int, list[str]] = {}
    for cell in refused:
        title = titles[cell.column] if cell.column < len(titles) else ""
        reason = _("{title}: {reason}").format(title=title, reason=cell.reason)
        reasons.setdefault(cell.row, []).append(reason if title else cell.reason)
    width = max([len(titles), *(len(sheet.rows[row]) for row in reasons)])
    titles += [""] * (width - len(titles))
    rows: list[Sequence[CellValue]] = [
        (
            *sheet.rows[row],
            *[None] * (width - len(sheet.rows[row])),
            sheet.lines[row],
            "; ".join(found),
        )
        for row, found in reasons.items()
    ]
    return [*titles, _("Line"), REASON_TITLE], rows


def _all_refused(cells: Sequence[RefusedCell], others: Sequence[RefusedCell]) -> list[RefusedCell]:
    """`cells` and those of the `others` whose row has none among them, in the sheet's order."""
    rows = {cell.row for cell in cells}
    added = (cell for cell in others if cell.row not in rows)
    return sorted((*cells, *added), key=lambda cell: (cell.row, cell.column))


def _contradictions(sheet: Sheet, mapping: SheetMapping, result: MergeResult) -> list[RefusedCell]:
    """The cells with a key that another row has too, with other values."""
    if not result.contradictions:
        return []
    column = next(
        at
        for at, each in enumerate(mapping.columns)
        if each.target is not None and each.target.column.path == (mapping.kind.key,)
    )
    rows = {line: row for row, line in enumerate(sheet.lines)}
    cells = []
    for lines in result.contradictions.values():
        for line in lines:
            others = [str(each) for each in lines if each != line][:_LINES_NAMED]
            reason = _("Line {lines} has the same key and other values").format(
                lines=", ".join(others)
            )
            cells.append(RefusedCell(rows[line], column, line, reason))
    return cells


def _notes(
    taken: Sequence[ConvertedRow], result: MergeResult, shown: Sequence[int], key: str
) -> dict[int, Mapping[str, str]]:
    noted = {each.row.get(key): each.notes for each in taken if each.notes}
    if not noted:
        return {}
    found = {at: noted.get(result.rows[at].get(key)) for at in shown}
    return {at: notes for at, notes in found.items() if notes}
