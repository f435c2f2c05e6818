"""The first table of an HTML text, such as spreadsheets put on the clipboard."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta

from seam_portal_desktop.domain.tables.html_tokens import (
    Attributes,
    HtmlToken,
    TokenKind,
    html_tokens,
)
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell, Sheet
from seam_portal_desktop.domain.tables.text_table import MAX_CELL, refused_line, without_empty_end
from seam_portal_desktop.texts import _

MAX_HTML = 30_000_000
"""Characters."""

MAX_COLUMNS = 2_000

ERROR_TEXTS = frozenset(
    [
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#ERROR!",
    ]
)
"""What spreadsheets show for a formula without a result."""

_COLLAPSED = re.compile(r"[ \t\r\n\f]+")
_WRAPPED = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_SHORTENED = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d+|#+", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:E[+-]?\d+)?", re.IGNORECASE)
# The letter for years in the languages of LibreOffice. Words and colours aside.
_DATE_FORMAT = re.compile("([YJA\u00c9\u00c5RV\u0413\u0395])\\1", re.IGNORECASE)
_WORDS = re.compile(r'\[[^\]]*\]|"[^"]*"')
_ERROR = re.compile(r"Err:\d{3}")
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's clock has no zone
_FIRST_MARCH_1900, _YEAR_10000 = 61, 2_958_466
_EXACT = 1e15
"""Spreadsheets keep 15 digits of a number."""
_SPAN = re.compile(r"\d{1,9}", re.ASCII)
_SHEETS_DATE, _SHEETS_DATE_TIME, _SHEETS_NUMBER = 5, 7, 3
_UNSEEN = frozenset({"script", "style", "head", "template", "noscript"})
_BLOCKS = frozenset({"p", "div", "li", "tr", "td", "th"})


def read_html(html: str) -> Sheet | None:
    """The rows of the first table, or None if there is none or the text is too long.

    A cell is the text that a browser shows. It is a number or a date where the program that wrote
    the table says so, and the shown text has lost digits or is a date. Raises TableRefusedError.
    """
    if len(html) > MAX_HTML or "<table" not in html.lower():
        return None
    table = _HtmlTable(keeps_spaces='content="LibreOffice' in html)
    for token in html_tokens(html):
        if token.kind is TokenKind.TEXT:
            table.add_text(token.value)
        elif token.kind is TokenKind.START:
            table.start(token)
        else:
            table.end(token.value)
        if table.is_complete:
            break
    if not table.has_started:
        return None
    rows = table.finished_rows()
    return without_empty_end(rows, range(1, len(rows) + 1))


class _HtmlTable:
    """Collects the rows of the first table. Tables inside its cells are text."""

    def __init__(self, *, keeps_spaces: bool) -> None:
        self.has_started = self.is_complete = False
        self._rows: list[tuple[CellValue, ...]] = []
        self._spaces = _WRAPPED if keeps_spaces else _COLLAPSED
        self._tables = 0
        self._unseen: list[str] = []
        self._row: list[CellValue] | None = None
        self._is_hidden = False
        self._cell: list[str] | None = None
        self._attributes: Attributes = {}
        # The row after the last one that a cell above covers, and its value, by column.
        self._covered: dict[int, tuple[int, CellValue]] = {}
        self._row_number = 0
        self._repeated: set[int] = set()

    def start(self, token: HtmlToken) -> None:
        tag = token.value
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag == "table":
            self._tables += 1
            self.has_started = True
        elif self._tables == 1 and tag == "tr":
            self._start_row(token.attributes())
        elif self._tables == 1 and tag in {"td", "th"}:
            self._end_cell()
            if self._row is None:
                self._start_row({})
            self._cell = []
            self._attributes = token.attributes()
        elif self._cell is not None and tag == "br":
            self._cell.append("\n")
        elif self._cell is not None and tag in _BLOCKS:
            self._break_line()

    def end(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag == "table" and self._tables:
            self._tables -= 1
            self.is_complete = not self._tables
        elif self._tables == 1 and tag in {"td", "th"}:
            self._end_cell()
        elif self._tables == 1 and tag == "tr":
            self._end_row()
        elif self._cell is not None and tag in _BLOCKS:
            self._break_line()

    def add_text(self, text: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(self._spaces.sub(" ", text))

    def finished_rows(self) -> list[tuple[CellValue, ...]]:
        self._end_row()
        return self._rows

    def _start_row(self, attributes: Attributes) -> None:
        self._end_row()
        self._row = []
        self._row_number += 1
        self._repeated.clear()
        self._is_hidden = "display:none" in attributes.get("style", "").replace(" ", "")

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None and not self._is_hidden:
            self._fill_covered()
            if all(cell == "" or at in self._repeated for at, cell in enumerate(self._row)):
                # No row of data: a cell reaches below the table.
                self._row = [""] * len(self._row)
            self._rows.append(tuple(self._row))
        self._row = None

    def _break_line(self) -> None:
        """A line break before and after a paragraph, but not at the ends of the cell."""
        if self._cell and self._cell[-1] != "\n":
            self._cell.append("\n")

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        # A line break ends the last line; it doesn't begin another.
        text = "".join(self._cell).replace("\xa0", " ")
        if "\n" in text:
            text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n")
        else:
            text = text.strip(" ")
        self._cell = None
        if len(text) > MAX_CELL:
            raise refused_line(
                len(self._rows) + 1,
                _("A cell in it has more than {most:,} characters. Nothing was imported.").format(
                    most=MAX_CELL
                ),
            )
        self._fill_covered()
        width = _span(self._attributes, "colspan", MAX_COLUMNS - len(self._row))
        height = _span(self._attributes, "rowspan", 65_536)
        first = len(self._row)
        self._row.append(_value(text, self._attributes))
        self._row.extend([""] * (width - 1))
        if height > 1:
            end = self._row_number + height
            self._covered.update((at, (end, self._row[at])) for at in range(first, len(self._row)))

    def _fill_covered(self) -> None:
        """Where a cell of a row above reaches down, its value counts for this row as well."""
        while self._row is not None:
            at = len(self._row)
            end, value = self._covered.get(at, (0, ""))
            if end <= self._row_number:
                break
            self._repeated.add(at)
            self._row.append(value)


def _span(attributes: Attributes, name: str, most: int) -> int:
    text = attributes.get(name, "").strip()
    return max(1, min(int(text), most)) if text and _SPAN.fullmatch(text) else 1


def _value(text: str, attributes: Attributes) -> CellValue:
    """The cell's value: the shown text, unless the program that wrote it says more."""
    if text in ERROR_TEXTS or _ERROR.fullmatch(text) or attributes.get("x:err"):
        return ErrorCell(text)
    number, is_date, has_clock = _written_number(attributes)
    if number is None:
        return text
    if is_date:
        return _date(number, has_clock=has_clock) or text
    if _SHORTENED.fullmatch(text):
        return int(number) if number.is_integer() and abs(number) < _EXACT else number
    return text


def _written_number(attributes: Attributes) -> tuple[float | None, bool, bool]:
    """The exact number, whether it is a date, and whether with a clock time.

    Excel writes ``x:num``, LibreOffice ``sdval`` and ``sdnum`` (``1033;0;DD/MM/YYYY``), Google
    Sheets JSON in ``data-sheets-value`` and ``data-sheets-numberformat``.
    """
    # Some languages of LibreOffice write a decimal comma.
    number = (attributes.get("sdval") or attributes.get("x:num", "")).replace(",", ".")
    if number and _NUMBER.fullmatch(number):
        form = _WORDS.sub("", attributes.get("sdnum", "").split(";", 2)[-1])
        return float(number), bool(_DATE_FORMAT.search(form)), ":" in form
    if "data-sheets-value" not in attributes:
        return None, False, False
    value = _json(attributes["data-sheets-value"])
    written = value.get("3")
    if value.get("1") == _SHEETS_NUMBER and isinstance(written, int | float):
        kind = _json(attributes.get("data-sheets-numberformat", "")).get("1")
        is_date = kind in {_SHEETS_DATE, _SHEETS_DATE_TIME}
        return float(written), is_date, kind == _SHEETS_DATE_TIME
    return None, False, False


def _json(text: str) -> dict[str, object]:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _date(number: float, *, has_clock: bool) -> date | datetime | None:
    """The day with this number, or None where spreadsheets don't agree on it (before March 1900)
    or Python has none."""
    if not _FIRST_MARCH_1900 <= number < _YEAR_10000:
        return None
    moment = _FIRST_DAY + timedelta(seconds=round(number * 86_400))
    return moment if has_clock or moment.time() != datetime.min.time() else moment.date()
