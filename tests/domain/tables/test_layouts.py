"""The columns of other programs' tables go where they should. See `layouts/README.md`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.tables.guess import guess_mapping
from seam_portal_desktop.domain.tables.mapping import SheetMapping
from seam_portal_desktop.domain.tables.remembered import target_text
from seam_portal_desktop.domain.tables.sheet import Sheet

FOLDER = Path(__file__).parent / "layouts"
KINDS = {kind.name: kind for kind in resource_kinds()}


@dataclass(frozen=True)
class Layout:
    name: str
    kind: str
    titles: list[str]
    expected: list[str]
    rows: list[list[str]]


def read_layouts() -> list[Layout]:
    layouts = []
    for file in sorted(FOLDER.glob("*.txt")):
        for block in file.read_text("utf-8").strip().split("\n\n"):
            name, kind, *lines = block.splitlines()
            cells = [[cell.strip() for cell in line.split("|")] for line in lines]
            titles, expected, *columns = zip(*cells, strict=True)
            layouts.append(
                Layout(
                    f"{file.stem}: {name.removeprefix('= ')}",
                    kind.removeprefix("kind: "),
                    list(titles),
                    list(expected),
                    [list(column) for column in columns],
                )
            )
    return layouts


def mapped(layout: Layout) -> list[str]:
    rows = [layout.titles, *layout.rows]
    sheet = Sheet(rows, list(range(1, len(rows) + 1)))
    mapping = guess_mapping(sheet, KINDS[layout.kind])
    assert mapping.heading == 0
    return shown(mapping)


def shown(mapping: SheetMapping) -> list[str]:
    """The target of each column; with a question mark if it is asked."""
    return [
        (target_text(column.target) if column.target else "") + "?" * column.must_ask
        for column in mapping.columns
    ]


@pytest.mark.parametrize("layout", read_layouts(), ids=lambda layout: layout.name)
def test_each_column_goes_where_it_should(layout):
    assert dict(zip(layout.titles, mapped(layout), strict=True)) == dict(
        zip(layout.titles, layout.expected, strict=True)
    )


@pytest.mark.parametrize("layout", read_layouts(), ids=lambda layout: layout.name)
def test_values_are_no_heading(layout):
    for rows in (layout.rows, [*layout.rows, *layout.rows], [[""], *layout.rows]):
        sheet = Sheet(rows, list(range(1, len(rows) + 1)))
        assert guess_mapping(sheet, KINDS[layout.kind]).heading is None


@pytest.mark.parametrize("layout", read_layouts(), ids=lambda layout: layout.name)
def test_neither_the_order_of_columns_nor_lines_above_matter(layout):
    titles = list(reversed(layout.titles))
    values = [list(reversed(row)) for row in layout.rows]
    for above in ([], [["Report"]], [["Report", "2026-03-01"], [], ["All of them"], [""]]):
        rows = [*above, titles, *values, *values]
        mapping = guess_mapping(Sheet(rows, range(1, len(rows) + 1)), KINDS[layout.kind])
        assert mapping.heading == len(above)
        assert shown(mapping) == list(reversed(layout.expected))
