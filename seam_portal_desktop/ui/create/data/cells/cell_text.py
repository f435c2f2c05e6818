"""What a cell shows, and what its tooltip says about its value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from seam_portal_desktop.domain.request.resources import Cell, Column, Row, value_at
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.domain.tables.cells import cell_question, format_cell, parse_instant
from seam_portal_desktop.domain.tables.checks.keys import visible
from seam_portal_desktop.domain.tables.checks.row_keys import is_key
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import isolate, shortened
from seam_portal_desktop.ui.toolkit.times import short, zone_name

_SHOWN_CHARACTERS = 400
_TOOLTIP_CHARACTERS = 1_000


def short_zone(name: str) -> str:
    """``Berlin`` for ``Europe/Berlin``."""
    offset = name.removeprefix("Etc/GMT")
    if offset != name and offset[:1] in ("+", "-"):
        # In these names the sign is the other way round.
        return f"UTC{'+' if offset[0] == '-' else '-'}{offset[1:]}"
    return name.rsplit("/", 1)[-1].replace("_", " ")


def column_title(column: Column, vertical: Vertical) -> str:
    title = vertical.column(column.path)
    if column.cell is Cell.MOMENT:
        return _("{title} ({place})").format(title=title, place=short_zone(zone_name()))
    return f"{title} *" if column.required else title


def column_tooltip(column: Column) -> str:
    if column.required:
        return _("{dotted}: required").format(dotted=column.dotted)
    if column.cell is Cell.MOMENT:
        return _(
            "{dotted}: times are those of the row’s space if that has a time zone, else of {zone}"
        ).format(dotted=column.dotted, zone=zone_name())
    return column.dotted


def display_text(row: Row, column: Column, zone: str | None) -> str:
    """On one line. A time is that of clocks in `zone`, else of the user's."""
    value = value_at(row, column.path)
    if value is None:
        return "(null)"
    if column.cell is Cell.MOMENT and isinstance(value, str):
        moment = parse_instant(value)
        if moment is not None:
            return _moment_text(short(moment, zone), zone)
    text = format_cell(column.cell, value)
    # Qt takes long for a very long text, also for one that it cuts.
    if is_key(column):
        return visible(text[: 2 * _SHOWN_CHARACTERS])
    return shortened(text, _SHOWN_CHARACTERS)


def value_tooltip(row: Row, column: Column, zone: str | None) -> str:
    """The value as it is sent. A time with its zone."""
    text = format_cell(column.cell, value_at(row, column.path))
    if len(text) > _TOOLTIP_CHARACTERS:
        return f"{text[:_TOOLTIP_CHARACTERS]}…"
    if column.cell is Cell.MOMENT and parse_instant(text) is not None:
        return _("{time} is sent. Shown in the time of {zone}.").format(
            time=text, zone=zone or zone_name()
        )
    return visible(text) if is_key(column) else text


def typed_text_problem(row: Row, column: Column, zone: str | None) -> str | None:
    """What to type instead of a text that could be meant in two ways; None for any other."""
    value = value_at(row, column.path)
    if column.cell not in (Cell.MOMENT, Cell.TIME) or not isinstance(value, str):
        return None
    return cell_question(column.cell, value, zone or zone_name())


def widest_moment(zones: Iterable[str]) -> str:
    """About the widest text of a time in a column whose rows have spaces in `zones`."""
    moment = datetime(2028, 12, 28, 22, 58, tzinfo=UTC)
    return max((_moment_text(short(moment), each) for each in (None, *zones)), key=len)


def _moment_text(time: str, zone: str | None) -> str:
    if zone is None or zone == zone_name():
        return time
    return _("{time} in {place}").format(time=isolate(time), place=isolate(short_zone(zone)))
