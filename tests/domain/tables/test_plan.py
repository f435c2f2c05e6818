"""What an import will do: counts, problems, and cells that are pasted over rows."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.tables.columns.sheet_converter import convert
from seam_portal_desktop.domain.tables.conversion import ConversionContext
from seam_portal_desktop.domain.tables.guess import (
    best_mapping,
    guess_mapping,
    headless_mapping,
)
from seam_portal_desktop.domain.tables.merge import MergeMode
from seam_portal_desktop.domain.tables.plan import (
    ImportChoices,
    ImportPlan,
    plan_import,
    problem_table,
)
from seam_portal_desktop.domain.tables.sheet import ReadingCancelledError
from seam_portal_desktop.domain.tables.text_table import read_pasted, read_text

KINDS = {kind.name: kind for kind in resource_kinds()}
GUESTS = KINDS["guests"]
CONTEXT = ConversionContext("Europe/Berlin")
ANN = {"guest_key": "g-1", "name": "Ann", "email_address": "ann@example.com"}
BEN = {"guest_key": "g-2", "name": "Ben", "email_address": "ben@example.com"}
CLEO = {"guest_key": "g-3", "name": "Cleo", "email_address": "cleo@example.com"}


def plan(text: str, existing=(), choices: ImportChoices | None = None) -> ImportPlan:
    sheet = read_text(text)
    mapping = guess_mapping(sheet, GUESTS)
    converted = convert(sheet, mapping, {}, CONTEXT)
    return plan_import(existing, sheet, mapping, converted, choices or ImportChoices())


def pasted(text: str, existing, at: int, first_column: int = 0) -> ImportPlan:
    sheet = read_pasted(text)
    mapping = headless_mapping(sheet, GUESTS, GUESTS.columns[first_column:])
    converted = convert(sheet, mapping, {}, CONTEXT)
    return plan_import(existing, sheet, mapping, converted, ImportChoices(place_at=at))


def test_blank_lines_are_no_rows():
    found = plan("guest_key,name\ng-1,Ann\n\n,\ng-2,Ben\n")
    assert (found.taken, found.result.added) == (2, 2)
    assert [row["guest_key"] for row in found.result.rows] == ["g-1", "g-2"]


@pytest.mark.parametrize("mode", [MergeMode.UPDATE, MergeMode.REPLACE])
def test_rows_that_contradict_each_other_are_problems(mode):
    found = plan("guest_key,name\ng-1,Ann\ng-2,Ben\ng-1,Anna\n", choices=ImportChoices(mode=mode))
    assert [(cell.line, cell.column) for cell in found.refused] == [(2, 0), (4, 0)]
    assert "Line 4" in found.refused[0].reason
    assert found.taken == 1
    assert [row["guest_key"] for row in found.result.rows] == ["g-2"]


def test_a_row_that_is_too_long_and_one_that_is_short():
    found = plan(
        "guest_key,name,email\ng-1,Ann,a@example.com\ng-2,Smith, John,b@example.com\ng-3,Cleo\n"
    )
    assert [cell.line for cell in found.refused] == [3]
    assert found.short == [4]
    assert [row["guest_key"] for row in found.result.rows] == ["g-1", "g-3"]


def test_the_problems_as_a_table_have_the_cells_of_the_file():
    sheet = read_text("guest_key,name\ng-1,Ann\ng-2,Smith, John\n")
    mapping = guess_mapping(sheet, GUESTS)
    converted = convert(sheet, mapping, {}, CONTEXT)
    found = plan_import((), sheet, mapping, converted, ImportChoices())
    titles, rows = problem_table(sheet, mapping, found.refused)
    assert titles == ["guest_key", "name", "", "Line", "What is wrong"]
    assert rows[0][:4] == ("g-2", "Smith", " John", 3)
    assert "cells" in str(rows[0][4])


def test_pasted_cells_keep_their_places():
    """A blank line says nothing about the row below it, a blank cell empties the one below it."""
    found = pasted("a@example.com\n\nc@example.com", [ANN, BEN, CLEO], 0, first_column=2)
    assert [row["email_address"] for row in found.result.rows] == [
        "a@example.com",
        "ben@example.com",
        "c@example.com",
    ]
    assert [row["name"] for row in found.result.rows] == ["Ann", "Ben", "Cleo"]
    assert (found.result.updated, found.result.unchanged, found.result.added) == (2, 1, 0)

    found = pasted("Anna\t\nBenno\tbenno@example.com", [ANN, BEN], 0, first_column=1)
    assert "email_address" not in found.result.rows[0]
    assert found.result.changed[0] == {"name", "email_address"}


def test_pasted_cells_go_on_behind_the_last_row():
    found = pasted("g-2\tBenjamin\ng-4\tDan", [ANN, BEN], 1)
    assert [row["name"] for row in found.result.rows] == ["Ann", "Benjamin", "Dan"]
    assert found.result.rows[1]["email_address"] == "ben@example.com"
    assert (found.result.updated, found.result.added, found.result.unchanged) == (1, 1, 1)


def test_a_pasted_row_with_a_refused_cell_leaves_the_row_below_it():
    found = pasted("Anna\tnot an address\nBenno\tbenno@example.com", [ANN, BEN], 0, first_column=1)
    assert [cell.line for cell in found.refused] == [1]
    assert found.result.rows[0] == ANN
    assert found.result.rows[1]["name"] == "Benno"


def test_the_kind_with_the_most_known_titles_is_found():
    sheet = read_text(
        "Reservation key,Guest key,Check-in,Check-out\nr-1,g-1,2026-04-03,2026-04-05\n"
    )
    kinds = [KINDS["rooms"], KINDS["guests"], KINDS["reservations"]]
    assert best_mapping(sheet, kinds).kind.name == "reservations"


def test_a_plan_can_be_cancelled():
    def cancel(_done: int, _total: int) -> None:
        raise ReadingCancelledError

    sheet = read_text("guest_key,name\ng-1,Ann\n")
    mapping = guess_mapping(sheet, GUESTS)
    converted = convert(sheet, mapping, {}, CONTEXT)
    with pytest.raises(ReadingCancelledError):
        plan_import((), sheet, mapping, converted, ImportChoices(), progress=cancel)
