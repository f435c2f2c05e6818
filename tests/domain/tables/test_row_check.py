"""Rows that are no data: notes, groups, sums, titles. None of them becomes a person."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.tables.guess import guess_mapping
from seam_portal_desktop.domain.tables.row_check import check_rows
from seam_portal_desktop.domain.tables.text_table import read_text

KINDS = {kind.name: kind for kind in resource_kinds()}
NOTE = "This row has one value only, as a note or the name of a group has"
TOTAL = "This seems to be the row with the totals"
REPEATED = "This row repeats the titles"
OTHERS = "This row belongs to other titles"


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ("g-1,Ann,a@example.com\nTotal: 1 guest,,", {3: NOTE}),
        ("g-1,Ann,\nTotal,1,\n\nPrinted 2026-03-01,,", {3: TOTAL, 5: NOTE}),
        ("g-1,Ann,\n\nExported by the front desk\nConfidential note", {4: NOTE, 5: NOTE}),
        ("g-1,Ann,\ng-2,Bob,\n\nConfidential", {5: NOTE}),
        ("House A,,\ng-1,Ann,\nHouse B,,\ng-2,Bob,", {2: NOTE, 4: NOTE}),
        ("g-1,Ann,\n* comes late,,", {3: NOTE}),
        ("g-1,Ann,\nKEY,NAME,EMAIL\ng-2,Bob,", {3: REPEATED}),
        ("g-1,Ann,\n\ufeffKey,Name,Email\ng-2,Bob,", {3: REPEATED}),
        ("g-1,Ann,\n\nKey,Email\ng-2,b@example.com", {4: OTHERS, 5: OTHERS}),
        ("g-1,A,\nKey,Email,Name\n,,\ng-2,,B\nKey,Name,Email", {3: OTHERS, 5: OTHERS, 6: REPEATED}),
        # These are people, as far as one can tell.
        ("g-1,,\ng-2,,\ng-3,Ann,", {}),
        ("g-1,Ann,\ng-2,,\n\ng-3,Cy,", {}),
        ("Ann Example,,\nBob Example,,\nCy Example,Cy,", {}),
        ("Guest,Name of a guest,", {}),
    ],
)  # fmt: skip
def test_rows_that_are_no_data_are_refused_with_their_line(
    rows: str, refused: dict[int, str]
) -> None:
    sheet = read_text(f"Key,Name,Email\n{rows}\n")
    mapping = guess_mapping(sheet, KINDS["guests"])
    assert mapping.heading == 0
    found = check_rows(sheet, mapping).refused
    assert {each.line: each.reason for each in found} == refused
