"""Between a cell's value and the text that people type, paste and read. No Qt.

What can't be understood stays as it was typed, so that it can be shown and corrected.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from seam_portal_desktop.ui.create.data.resources import MISSING, Cell

_SEPARATORS = re.compile(r"[;\n]")
_NEEDS_QUOTES = re.compile(r'[,;"\r\n]')
_TIMES = ("%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H.%M")
_MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M")
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_YES, _NO = {"yes", "true"}, {"no", "false"}
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def show_cell(cell: Cell, value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """The value as text, empty when there is none. read_cell() of it gives the value again, but
    for texts with spaces around them."""
    if value is MISSING or value is None:
        return ""
    match cell:
        case Cell.LIST if isinstance(value, list):
            return _join(map(str, value))
        case Cell.METADATA if isinstance(value, Mapping):
            return "; ".join(f"{name} = {show_metadata(each)}" for name, each in value.items())
        case _:
            return value if isinstance(value, str) else str(value)


def read_cell(cell: Cell, text: str) -> Any:  # noqa: ANN401
    """The value that `text` stands for; MISSING for nothing."""
    text = text.strip()
    return _READERS[cell](text) if text else MISSING


def show_metadata(value: str | bool | None) -> str:  # noqa: FBT001 - the contract's own union
    """A metadata value in words; null asks Seam to remove the field."""
    if value is None:
        return "(remove)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def read_metadata(text: str) -> Any:  # noqa: ANN401
    """``floor = 2; pets = yes`` as a mapping; anything else stays text."""
    found = {}
    for part in filter(str.strip, _SEPARATORS.split(text)):
        name, separator, value = part.partition("=")
        if not separator:
            return text
        found[name.strip()] = metadata_value(value)
    return found


def metadata_value(text: str) -> str | bool | None:
    text = text.strip()
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    return None if text == show_metadata(None) else text


def local_moment(value: str) -> datetime | None:
    """A timestamp of a request in the local time zone; None when it is none."""
    try:
        return datetime.fromisoformat(value.upper()).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _join(values: Iterable[str]) -> str:
    return ", ".join(_quoted(each) if _NEEDS_QUOTES.search(each) else each for each in values)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _split(text: str) -> Any:  # noqa: ANN401
    plain = text if '"' in text else _SEPARATORS.sub(",", text)
    try:
        rows = list(csv.reader([plain], skipinitialspace=True, strict=True))
    except csv.Error:
        return text
    return [each.strip() for each in rows[0] if each.strip()] or MISSING


def _moment(text: str) -> str:
    if _INSTANT.fullmatch(text):
        return _rfc3339(text)
    for pattern in _MOMENTS:
        try:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            continue
        try:
            return moment.astimezone().isoformat()
        except (OverflowError, OSError):
            return text
    return text


def _rfc3339(text: str) -> str:
    """`text`, which names its zone, with the T and the seconds that the format wants."""
    text = f"{text[:10]}T{text[11:]}".replace(" ", "")
    return text if text[16:17] == ":" else f"{text[:16]}:00{text[16:]}"


def _time(text: str) -> str:
    if re.fullmatch(r"\d\d?:\d\d(:\d\d)?", text, re.ASCII):
        return text.zfill(len(text) + (text[1] == ":"))
    for pattern in _TIMES:
        try:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - only the time is used
        except ValueError:
            continue
        return f"{moment:%H:%M}"
    return text


def _whole(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _number(text: str) -> Any:  # noqa: ANN401
    point = text.replace(",", ".", 1)
    if _WHOLE.fullmatch(text):
        return int(text)
    if re.fullmatch(r"-?\d*\.?\d+([eE][+-]?\d{1,2})?", point, re.ASCII):
        return float(point)
    return text


_READERS: Mapping[Cell, Callable[[str], Any]] = {
    Cell.TEXT: str,
    Cell.LIST: _split,
    Cell.MOMENT: _moment,
    Cell.TIME: _time,
    Cell.WHOLE: _whole,
    Cell.NUMBER: _number,
    Cell.METADATA: read_metadata,
}
