"""Text from files and from the clipboard becomes the same cells again, or is refused by line."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.tables.sheet import Sheet, TableRefusedError
from seam_portal_desktop.domain.tables.text_table import (
    MAX_CELL,
    read_pasted,
    read_text,
    sniff_separator,
    write_pasted,
)

# Every character but NUL and halves of pairs, and more often those that matter to a table.
_CELLS = st.text(
    st.one_of(
        st.sampled_from("\t\r\n\"',;| \u2028\u2029\u0085\x0b\x0c\x1c\ufeff="),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=8,
)
_TABLES = st.lists(st.lists(_CELLS, min_size=1, max_size=5), max_size=6)


def _rows(sheet: Sheet) -> list[list[object]]:
    return [list(row) for row in sheet.rows]


def _without_empty_end(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    return rows


@given(_TABLES, st.sampled_from(",;\t|"), st.sampled_from(["\r\n", "\n", "\r"]))
def test_what_pythons_csv_writes_comes_back(
    table: list[list[str]], separator: str, line_end: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows(table)
    sheet = read_text(text.getvalue(), separator)
    assert _rows(sheet) == _without_empty_end(table)
    ends = re.compile(r"\r\n|\r|\n")
    heights = [1 + len(ends.findall("\x1f".join(row))) for row in table]
    assert list(sheet.lines) == [1 + sum(heights[:row]) for row in range(len(sheet.rows))]


@given(_TABLES)
def test_what_is_copied_is_pasted_again(table: list[list[str]]) -> None:
    pasted = _rows(read_pasted(write_pasted(table)))
    expected = _without_empty_end(table)
    assert [row or [""] for row in pasted] == [row or [""] for row in expected]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('s-1\t"Lake\ns-2\tHill', [["s-1", '"Lake'], ["s-2", "Hill"]]),
        ('"The Nest" cottage\t1', [['"The Nest" cottage', "1"]]),
        ("a@x.com\r\n\r\nc@x.com" + "\r\n" * 1000, [["a@x.com"], [], ["c@x.com"]]),
        ("a\u2028b\u2029c\x0bd\x0ce\u0085f", [["a\u2028b\u2029c\x0bd\x0ce\u0085f"]]),
    ],
)
def test_pasted_text(text: str, rows: list[list[str]]) -> None:
    assert _rows(read_pasted(text)) == rows


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n"c,d\ne,f', "Line 2"),
        ('a,b\n1,2\n"c"x,d', "Line 3"),
        ("a,b\n\n1,\0", "Line 3"),
        ("a,b\n1," + "x" * (MAX_CELL + 1), "Line 2"),
    ],
)
def test_a_refused_file_names_its_line(text: str, line: str) -> None:
    with pytest.raises(TableRefusedError, match=line):
        read_text(text)


def test_a_cell_of_140000_characters_is_taken() -> None:
    assert read_text("a," + "x" * 140_000).rows[0][1] == "x" * 140_000


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("sep=;\na,b;c", ";"),
        ("Key;Name;Price\na;b;1,5\nc;d;2,5", ";"),
        ("A title, with a comma\n\na|b\nc|d\ne|f", "|"),
        ('"a;b",c\n"d;e",f', ","),
        ("Name\nAnn", ","),
    ],
)
def test_the_separator_fits_most_rows(text: str, separator: str) -> None:
    assert sniff_separator(text) == separator
