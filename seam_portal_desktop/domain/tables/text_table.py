"""Tables in plain text: files with separators, and what a spreadsheet puts on the clipboard.

Only CR, LF and CRLF end a row. U+2028, U+2029, U+0085, VT and FF stay in their cell.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from seam_portal_desktop.domain.tables.sheet import (
    CellValue,
    Progress,
    Sheet,
    TableRefusedError,
    no_progress,
)
from seam_portal_desktop.texts import _

MAX_CELL = 1_000_000
"""Characters in a cell."""

_SEPARATORS = ",;\t|"
_LINE_END = re.compile(r"\r\n|\r|\n")
_SEP_LINE = re.compile(r'"?sep=([^\w\s"\']|\t)"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_SAMPLE_CHARACTERS = 200_000
_SAMPLE_ROWS = 1_000
_PART = 256 * 1024
_CONSISTENT = 0.9
"""From this share of rows on, a greater number of cells decides."""

_PASTED_CELL = re.compile(
    # A quoted cell, only if its closing quote ends the cell; else the cell as it is.
    r'(?:"((?:[^"]|"")*+)"(?=[\t\r\n]|\Z)|([^\t\r\n]*))(\t|\r\n|\r|\n|\Z)'
)
_QUOTED_CELL = re.compile(r'"((?:[^"]|"")*+)"')
_NEEDS_QUOTES = re.compile(r'[\t\r\n]|\A"')

Cells = tuple[str, ...]


def sniff_separator(text: str) -> str:
    """The character that splits most rows into the same number of cells.

    Quotes are respected. A text in one column has a comma.
    """
    declared = _SEP_LINE.match(text)
    if declared is not None:
        return declared[1]
    sample = _sample(text)
    return max(_SEPARATORS, key=lambda each: _consistency(_parsed_sample(sample, each)))


def read_text(text: str, separator: str | None = None, progress: Progress = no_progress) -> Sheet:
    """The rows of a text file. `separator` is found out if it is None.

    `progress` gets characters. Raises TableRefusedError, which names the line, for an unbalanced
    quote, a NUL or an endless cell.
    """
    text = text.removeprefix("\ufeff")
    _refuse_nul(text)
    declared = _SEP_LINE.match(text)
    first_line = 1
    if declared is not None:
        separator = separator or declared[1]
        text = text[declared.end() :]
        first_line = 2
    if separator is None:
        separator = sniff_separator(text)
    sample = _sample(text)
    quote = _sniff_quote(sample, separator)
    reader = csv.reader(
        _lines(text, progress),
        delimiter=separator,
        quotechar=quote,
        skipinitialspace=_has_spaces_before_quotes(sample, separator, quote),
        strict=True,
    )
    csv.field_size_limit(MAX_CELL)  # of the whole process
    rows: list[Cells] = []
    lines: list[int] = []
    line = first_line
    try:
        # A loop, not list(): other threads run between the rows. Tuples, since Python's garbage
        # collector visits each list again and again, which other threads would notice.
        for cells in reader:
            rows.append(tuple(cells))
            lines.append(line)
            line = first_line + reader.line_num
    except csv.Error as error:
        reason = _cell_too_long() if "field limit" in str(error) else _unbalanced_quote()
        raise refused_line(line, reason) from None
    return without_empty_end(rows, lines)


def read_pasted(text: str) -> Sheet:
    """The rows of a clipboard's plain text, with tabs between the cells.

    A cell is unquoted only if its first and last characters are the quotes; another opening quote
    is a character like any other. Raises TableRefusedError.
    """
    head = text[: MAX_CELL + 1]
    if len(head) > MAX_CELL and not any(end in head for end in "\t\r\n"):
        # At once: a regular expression would keep Python's lock for all of the text.
        raise refused_line(1, _cell_too_long())
    text = text.rstrip("\0")
    _refuse_nul(text)
    text = text.rstrip("\r\n")
    rows: list[Cells] = []
    lines: list[int] = []
    ends = [*_LINE_END.findall(text), ""]
    position = skipped = 0
    for index, plain in enumerate(_LINE_END.split(text) if text else ()):
        if skipped:
            skipped -= 1
            continue
        start = position
        position += len(plain) + len(ends[index])
        cells = _cells_of_line(plain)
        if cells is None:
            cells, position = _quoted_row(text, start)
            # The last row has no line end of its own.
            taken = len(_LINE_END.findall(text, start, position))
            skipped = taken - 1 if position < len(text) else taken
        if max(map(len, cells), default=0) > MAX_CELL:
            raise refused_line(index + 1, _cell_too_long())
        rows.append(cells)
        lines.append(index + 1)
    return without_empty_end(rows, lines)


def _cells_of_line(line: str) -> Cells | None:
    """The cells of a line; None if a quoted cell may go on in the next line, or hold a tab."""
    cells = tuple(line.split("\t")) if line else ()
    if '"' not in line:
        return cells
    unquoted: list[str] = []
    for cell in cells:
        quoted = _QUOTED_CELL.fullmatch(cell)
        if quoted is None and cell.startswith('"'):
            return None
        unquoted.append(cell if quoted is None else quoted[1].replace('""', '"'))
    return tuple(unquoted)


def _quoted_row(text: str, position: int) -> tuple[Cells, int]:
    """The cells of the row that starts there, and where the next row starts."""
    cells: list[str] = []
    while (match := _PASTED_CELL.match(text, position)) is not None:
        quoted, plain, end = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        position = match.end()
        if end != "\t":
            break
    return tuple(cells), position


def write_pasted(rows: Iterable[Iterable[str]]) -> str:
    """A text for the clipboard. `read_pasted` reads the same cells from it."""
    return "\n".join(
        "\t".join(
            '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
            for cell in row
        )
        for row in rows
    )


def without_empty_end(rows: Sequence[Sequence[CellValue]], lines: Sequence[int]) -> Sheet:
    """A sheet of these rows. Those without any cell at the end are left out."""
    end = len(rows)
    while end and not any(cell not in ("", None) for cell in rows[end - 1]):
        end -= 1
    return Sheet(rows[:end], lines[:end])


def refused_line(line: int, reason: str) -> TableRefusedError:
    """The error for a table that isn't taken because of this line. `reason` is for people."""
    return TableRefusedError(_("Line {line} can't be read.").format(line=f"{line:,}"), reason)


def _lines(text: str, progress: Progress) -> Iterator[str]:
    """The lines with their ends, as csv.reader wants them. Without the line ends after the last
    row: those can't belong to a cell, whose closing quote would be missing.

    One part is copied after the other, so that other threads run meanwhile.
    """
    length = len(text)
    while length and text[length - 1] in "\r\n":
        part = text[max(0, length - _PART) : length]
        length -= len(part) - len(part.rstrip("\r\n"))
    start = 0
    while start < length:
        end = _LINE_END.search(text, min(start + _PART, length), length)
        stop = length if end is None else end.end()
        yield from io.StringIO(text[start:stop], newline="")
        start = stop
        progress(start, length)


def _refuse_nul(text: str) -> None:
    position = text.find("\0")
    if position >= 0:
        line = len(_LINE_END.findall(text, 0, position)) + 1
        raise refused_line(
            line,
            _(
                "It holds a NUL character, which no text has. The file may be damaged, or it is no "
                "table. Nothing was imported."
            ),
        )


def _cell_too_long() -> str:
    return _(
        "A cell in it has more than {most:,} characters. A quotation mark that isn't closed makes "
        "such a cell as well. Nothing was imported."
    ).format(most=MAX_CELL)


def _unbalanced_quote() -> str:
    return _(
        "A quotation mark at the start of a cell is not closed at its end. Close it, or write each "
        "quotation mark inside a cell twice. Nothing was imported."
    )


def _sample(text: str) -> str:
    """The first lines, whole."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    sample = text[:_SAMPLE_CHARACTERS]
    return sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample


def _parsed_sample(sample: str, separator: str, quote: str = '"') -> list[list[str]]:
    """The rows that have a cell, as far as they can be read."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator, quotechar=quote)
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(row for row in islice(reader, _SAMPLE_ROWS) if any(row))
    return rows


def _consistency(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How well a separator fits, to compare: the share of rows with the usual number of cells,
    and that number. A few odd rows, such as a title, don't count against it."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return min(count / len(rows), _CONSISTENT), width


def _sniff_quote(sample: str, separator: str) -> str:
    """An apostrophe only where it is around every cell of the first row: it is in names, too."""
    if "'" not in sample or '"' in sample:
        return '"'
    first = next(iter(_parsed_sample(sample, separator, "'")), [])
    written = separator.join(f"'{cell}'" for cell in first)
    return "'" if written in sample.lstrip("\r\n").splitlines()[:1] else '"'


def _has_spaces_before_quotes(sample: str, separator: str, quote: str) -> bool:
    """Whether quoted cells come after a space, as in ``a, "b, c"``."""
    return f"{separator} {quote}" in sample and f"{separator}{quote}" not in sample
