"""Cell values as text, and typed or pasted text as cell values. No widgets.

Text that can't be parsed stays text, so that it can be shown and corrected.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from seam_portal_desktop.domain.request.resources import MISSING, Cell
from seam_portal_desktop.ui.toolkit.times import from_local, to_local

_SEPARATORS = re.compile(r"[;\n]")
_NEEDS_QUOTES = re.compile(r'[,;"\r\n]')
_TIME_FORMATS = ("%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H.%M")
_DATE_FORMATS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M",
    "%d.%m.%Y %H:%M",
)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_YES, _NO = {"yes", "true"}, {"no", "false"}
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def format_cell(cell: Cell, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """The value as text, empty when there is none. parse_cell() returns the value again, except for
    texts with spaces around them."""
    if value is MISSING or value is None:
        return ""
    match cell:
        case Cell.LIST if isinstance(value, list):
            return _format_list(map(str, value))
        case Cell.METADATA if isinstance(value, Mapping):
            return "; ".join(f"{name} = {format_metadata(each)}" for name, each in value.items())
        case _:
            return value if isinstance(value, str) else str(value)


def parse_cell(cell: Cell, text: str) -> Any:  # noqa: ANN401
    """The value of `text`; MISSING for an empty one."""
    text = text.strip()
    return _PARSERS[cell](text) if text else MISSING


def format_metadata(value: str | bool | None) -> str:  # noqa: FBT001 - the contract's own union
    """A metadata value as text. None asks Seam to remove the field."""
    if value is None:
        return "(remove)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _parse_metadata(text: str) -> Any:  # noqa: ANN401
    """``floor = 2; pets = yes`` as a mapping; anything else stays text."""
    found = {}
    for part in filter(str.strip, _SEPARATORS.split(text)):
        name, separator, value = part.partition("=")
        if not separator:
            return text
        found[name.strip()] = parse_metadata_value(value)
    return found


def parse_metadata_value(text: str) -> str | bool | None:
    text = text.strip()
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    return None if text == format_metadata(None) else text


def parse_local_time(value: str) -> datetime | None:
    """A request's timestamp in the user's time zone; None when `value` is no timestamp."""
    try:
        return to_local(datetime.fromisoformat(value.upper()))
    except (ValueError, OverflowError, OSError):
        return None


def _format_list(values: Iterable[str]) -> str:
    return ", ".join(quoted(each) if _NEEDS_QUOTES.search(each) else each for each in values)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _parse_list(text: str) -> Any:  # noqa: ANN401
    plain = text if '"' in text else _SEPARATORS.sub(",", text)
    try:
        rows = list(csv.reader([plain], skipinitialspace=True, strict=True))
    except csv.Error:
        return text
    return [each.strip() for each in rows[0] if each.strip()] or MISSING


def _parse_moment(text: str) -> str:
    if _INSTANT.fullmatch(text):
        return _rfc3339(text)
    for pattern in _DATE_FORMATS:
        try:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            continue
        try:
            return from_local(moment).isoformat()
        except (OverflowError, OSError):
            return text
    return text


def _rfc3339(text: str) -> str:
    """`text`, which has a zone, with the T and the seconds of RFC 3339."""
    text = f"{text[:10]}T{text[11:]}".replace(" ", "")
    return text if text[16:17] == ":" else f"{text[:16]}:00{text[16:]}"


def _parse_time(text: str) -> str:
    if re.fullmatch(r"\d\d?:\d\d(:\d\d)?", text, re.ASCII):
        return text.zfill(len(text) + (text[1] == ":"))
    for pattern in _TIME_FORMATS:
        try:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - only the time is used
        except ValueError:
            continue
        return f"{moment:%H:%M}"
    return text


def _parse_whole(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _parse_number(text: str) -> Any:  # noqa: ANN401
    point = text.replace(",", ".", 1)
    if _WHOLE.fullmatch(text):
        return int(text)
    if re.fullmatch(r"-?\d*\.?\d+([eE][+-]?\d{1,2})?", point, re.ASCII):
        return float(point)
    return text


_PARSERS: Mapping[Cell, Callable[[str], Any]] = {
    Cell.TEXT: str,
    Cell.LIST: _parse_list,
    Cell.MOMENT: _parse_moment,
    Cell.TIME: _parse_time,
    Cell.WHOLE: _parse_whole,
    Cell.NUMBER: _parse_number,
    Cell.METADATA: _parse_metadata,
}
