"""What holds for all cells, whatever is in them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Cell,
    Row,
    resource_kinds,
    row_problems,
    value_at,
)
from seam_portal_desktop.domain.tables.cells import cell_question, format_cell, parse_cell
from seam_portal_desktop.domain.tables.columns.sheet_converter import convert
from seam_portal_desktop.domain.tables.conversion import (
    ConversionContext,
    ConvertedRows,
    SpaceFacts,
    Topic,
)
from seam_portal_desktop.domain.tables.mapping import (
    ColumnTarget,
    MappedColumn,
    Match,
    SheetMapping,
)
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell, Sheet

KINDS = {kind.name: kind for kind in resource_kinds()}
TYPED = {Cell.MOMENT, Cell.TIME, Cell.WHOLE, Cell.NUMBER}
ZONE = "Europe/Berlin"

ANY_TEXT = st.text(max_size=40)
# Texts that are nearly something.
PIECES = st.sampled_from(
    [
        *"0123456789 .,:;-/+TZ'\"@<>=(){}#\n\t\u200b\u00a0\u0663",
        *("14/03/2026", "03/04/26", "2026-03-14", "15:00", "24:00", "3 PM", "Mar", "août", "E+11"),
        *("+49", "00", "true", "NO", "mailto:", "ext. ", "ann@example.com", '{"a": ', "null"),
        *("a = b", "46095", ".625", "UTC", "+02:00", "9.3", "1.234"),
    ]
)
NEAR_TEXT = st.lists(PIECES, max_size=6).map("".join)
CELLS: st.SearchStrategy[CellValue] = st.one_of(
    st.none(),
    ANY_TEXT,
    NEAR_TEXT,
    st.booleans(),
    st.integers(),
    st.integers(0, 60_000),
    st.floats(),
    st.floats(0, 60_000),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.times(),
    st.timedeltas(),
    st.builds(ErrorCell, ANY_TEXT),
)
TARGETS = {
    name: [
        *(ColumnTarget(column) for column in kind.columns),
        *(
            ColumnTarget(column, field)
            for column in kind.columns
            if column.cell is Cell.METADATA
            for field in ("floor", "a.b")
        ),
    ]
    for name, kind in KINDS.items()
}
CONTEXT = ConversionContext(
    ZONE,
    {
        "1": SpaceFacts("America/New_York", "15:00", "11:00"),
        "2": SpaceFacts("Asia/Kolkata"),
        "a": SpaceFacts("Nowhere/Land", "x", ""),
        "b": SpaceFacts(None, "16:00", None),
    },
    "DE",
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Sheet, SheetMapping]:
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    targets = draw(st.lists(st.sampled_from([None, *TARGETS[kind.name]]), min_size=1, max_size=6))
    columns = [MappedColumn("T", (), target, Match.CHOSEN) for target in targets]
    rows = draw(st.lists(st.lists(CELLS, max_size=len(columns) + 1), max_size=5))
    heading = draw(st.sampled_from([None, 0])) if rows else None
    return Sheet(rows, range(1, len(rows) + 1)), SheetMapping(kind, heading, columns)


def answered(sheet: Sheet, mapping: SheetMapping) -> ConvertedRows:
    """The result after all questions got their first answer."""
    answers: dict[tuple[int, Topic], str] = {}
    while True:
        result = convert(sheet, mapping, answers, CONTEXT)
        open_questions = {
            (each.column, each.topic): each.default or each.options[0].value
            for each in result.questions
            if (each.column, each.topic) not in answers
        }
        if not open_questions:
            return result
        answers |= open_questions


@settings(max_examples=400, deadline=None, database=None)
@given(sheets())
def test_any_sheet_ends_right_asked_or_refused(drawn):
    sheet, mapping = drawn
    result = answered(sheet, mapping)
    typed = {column.dotted for column in mapping.kind.columns if column.cell in TYPED}
    refused = {(cell.row, cell.column) for cell in result.refused}
    by_line = {each.line: each for each in result.rows}
    for each in result.rows:
        problems = row_problems(mapping.kind, each.row)
        # A missing value is no wrong one.
        wrong = {name for name in typed & problems.keys() if _has_value(each.row, name)}
        assert not wrong, (each.row, problems)
    for row in range(mapping.first_row, len(sheet.rows)):
        converted = by_line.get(sheet.lines[row])
        if converted is None:
            assert any(at == row for at, _column in refused)
            continue
        for index, (column, cell) in enumerate(zip(mapping.columns, sheet.rows[row], strict=False)):
            if column.target is None or (row, index) in refused:
                continue
            path = column.target.column.path
            if column.target.metadata_field is not None:
                path = (*path, column.target.metadata_field)
            # A cell that is neither refused nor empty has a value.
            is_there = value_at(converted.row, path) is not MISSING
            assert is_there or ".".join(path) in converted.emptied, (cell, column.target)


def _has_value(row: Row, dotted: str) -> bool:
    return value_at(row, tuple(dotted.split("."))) is not MISSING


@settings(max_examples=300, deadline=None, database=None)
@given(st.sampled_from(list(Cell)), st.one_of(ANY_TEXT, NEAR_TEXT))
def test_a_typed_cell_keeps_what_it_got(cell, text):
    """What is read is read the same again, and what isn't clear stays as it was typed."""
    value = parse_cell(cell, text, ZONE)
    assert parse_cell(cell, format_cell(cell, value), ZONE) == value
    question = cell_question(cell, text, ZONE)
    if question is not None:
        assert value == text.strip()
        assert question.endswith(".")


CLEAN_TEXT = st.text(max_size=30).map(str.strip).filter(bool)
METADATA_NAMES = st.text(max_size=10)


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.one_of(
        st.tuples(st.just(Cell.TEXT), CLEAN_TEXT),
        st.tuples(st.just(Cell.LIST), st.lists(st.text(max_size=10), min_size=1, max_size=4)),
        st.tuples(
            st.just(Cell.METADATA),
            st.dictionaries(
                METADATA_NAMES, st.one_of(st.text(max_size=30), st.booleans(), st.none())
            ),
        ),
        st.tuples(st.just(Cell.WHOLE), st.integers(-(10**15) + 1, 10**15 - 1)),
        st.tuples(
            st.just(Cell.NUMBER),
            st.one_of(st.integers(-180, 180), st.floats(allow_nan=False, allow_infinity=False)),
        ),
        st.tuples(
            st.just(Cell.TIME),
            st.times().map(lambda each: each.strftime("%H:%M:%S" if each.second else "%H:%M")),
        ),
        st.tuples(
            st.just(Cell.MOMENT),
            st.datetimes(
                datetime(1, 1, 3),  # noqa: DTZ001 - hypothesis adds the zone
                datetime(9999, 12, 29),  # noqa: DTZ001
                timezones=st.integers(-1439, 1439).map(
                    lambda minutes: timezone(timedelta(minutes=minutes))
                ),
            ).map(datetime.isoformat),
        ),
    )
)
def test_a_value_returns_from_its_text(drawn):
    cell, value = drawn
    read = parse_cell(cell, format_cell(cell, value), ZONE)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("moment", ["2026-03-14t15:00:00z", "2026-12-31T23:59:60Z"])
def test_a_moment_of_the_contract_stays_as_it_is(moment):
    assert parse_cell(Cell.MOMENT, moment, ZONE) == moment


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_a_time_is_the_one_on_the_clocks_of_its_zone(local, zone):
    from zoneinfo import ZoneInfo

    local = local.replace(microsecond=0)
    value = parse_cell(Cell.MOMENT, f"{local:%Y-%m-%d %H:%M:%S}", zone)
    moment = local.replace(tzinfo=ZoneInfo(zone))
    is_changed = moment.utcoffset() != moment.replace(fold=1).utcoffset()
    if is_changed:
        assert value == f"{local:%Y-%m-%d %H:%M:%S}"
        assert cell_question(Cell.MOMENT, value, zone)
    else:
        read = datetime.fromisoformat(value)
        assert read == moment
        assert read.replace(tzinfo=None) == local


LOCALE_SCRIPT = """
import locale, sys
locale.setlocale(locale.LC_ALL, "")
from seam_portal_desktop.domain.request.resources import Cell
from seam_portal_desktop.domain.tables.cells import parse_cell
for text in sys.argv[1:]:
    print(parse_cell(Cell.MOMENT, text, "America/New_York"), parse_cell(Cell.TIME, "3 PM", ""))
"""


@pytest.mark.parametrize("language", ["C.UTF-8", "de_DE.UTF-8", "ja_JP.UTF-8"])
def test_neither_the_locale_nor_the_computers_zone_matters(language):
    texts = ["3/14/2026 3:00 PM", "14 mars 2026 15:00", "14-Mar-26 15:00", "14.03.2026 15:00"]
    # A locale that isn't installed would be an error of setlocale(), so LC_TIME alone is set.
    script = LOCALE_SCRIPT.replace("locale.LC_ALL", "locale.LC_TIME")
    script = script.replace('"")\nfrom', '"C")\nfrom') if not installed(language) else script
    done = subprocess.run(
        [sys.executable, "-c", script, *texts],
        env={**os.environ, "LC_ALL": language, "TZ": "Asia/Tokyo", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:-1] == ["2026-03-14T15:00:00-04:00 15:00"] * len(texts)


def installed(language: str) -> bool:
    import locale

    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, language)
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_TIME, before)
    return True


def test_cancelling_ends_the_conversion():
    from seam_portal_desktop.domain.tables.sheet import ReadingCancelledError

    kind = KINDS["guests"]
    column = kind.column_with("name")
    assert column is not None
    mapping = SheetMapping(kind, None, [MappedColumn("", (), ColumnTarget(column), Match.CHOSEN)])
    sheet = Sheet([["x"]] * 5_000, range(1, 5_001))
    reports = []

    def progress(done: int, total: int) -> None:
        reports.append((done, total))
        if done >= 2_000:
            raise ReadingCancelledError

    with pytest.raises(ReadingCancelledError):
        convert(sheet, mapping, {}, ConversionContext(ZONE), progress)
    assert [done for done, _total in reports] == [0, 500, 1000, 1500, 2000]
