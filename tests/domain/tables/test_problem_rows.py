"""Rows with problems as a table: the reason is beside each row, and an import reads it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from seam_portal_desktop.domain.request.check import check_request
from seam_portal_desktop.domain.request.resources import MISSING, Row, resource_kinds, with_value
from seam_portal_desktop.domain.request.verticals import ANY
from seam_portal_desktop.domain.tables.cells import parse_cell
from seam_portal_desktop.domain.tables.problem_rows import ProblemRows

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KINDS = {kind.name: kind for kind in resource_kinds()}
ROWS: list[dict[str, Any]] = [
    {"reservation_key": "right", "guest_key": "g", "room_keys": ["1"]},
    {"reservation_key": "r", "room_keys": ["2", 'a "b", c'], "custom_metadata": {"floor": "3"}},
    {"reservation_key": "over", "guest_key": "g", "room_keys": ["1"], "ends_at": "2025-01-01"},
]


def table(rows: list[dict[str, Any]], kind: str = "reservations") -> ProblemRows:
    wire = {"customer_data": {"customer_key": "k", kind: rows}}
    problems = [
        each
        for each in check_request(wire, NOW).problems
        if not each.reason.startswith("Not among")
    ]
    return ProblemRows(KINDS[kind], rows, problems, ANY)


def test_the_rows_with_problems_say_what_is_wrong():
    rows = [*ROWS[:2], {**ROWS[2], "ends_at": "2025-01-01T11:00:00Z"}]
    found = table(rows)
    assert found.titles == [
        *("Reservation key", "Ends", "Guest key", "Rooms", "Metadata", "What is wrong"),
    ]
    first, second = found
    assert len(found) == 2
    assert first[0] == "r"
    assert first[-1] == (
        "Reservation key: It names no person; nobody gets in unless Seam knows one for it; "
        "Rooms: This is for 2 places at once; the person gets into all of them"
    )
    assert second[:4] == ["over", "2025-01-01T11:00:00Z", "g", "1"]
    assert second[-1] == "Ends: This is over already, so nobody gets in"


def test_what_breaks_the_contract_is_among_them():
    found = table(ROWS)
    (row,) = found
    assert row[0] == "over"
    assert "A date and time looks like" in str(row[-1])


def test_an_import_reads_the_same_rows_again():
    kind = KINDS["reservations"]
    found = table(ROWS[:2])
    (cells,) = found
    columns = {ANY.column(column.path): column for column in kind.columns}
    row: Row = {}
    for title, cell in zip(found.titles[:-1], cells, strict=False):
        column = columns[title]
        value = parse_cell(column.cell, str(cell), "UTC")
        row = row if value is MISSING else with_value(row, column.path, value)
    assert row == ROWS[1]


def test_numbers_stay_numbers():
    space = {
        "space_key": "s",
        "name": 5,
        "geolocation": {"latitude": 52.5, "longitude": 13},
        "duration_minutes": 90,
    }
    found = table([space], "spaces")
    (row,) = found
    assert {90, 52.5, 13} <= set(row)


def test_a_problem_of_a_row_that_is_gone_is_left_out():
    found = table(ROWS[:2])
    assert len(ProblemRows(KINDS["reservations"], [], found_problems(), ANY)) == 0
    assert len(found) == 1


def found_problems() -> Any:
    wire = {"customer_data": {"customer_key": "k", "reservations": ROWS[1:2]}}
    return check_request(wire, NOW).problems
