"""Typed and pasted cells as values: with the time zones and times of the row's spaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QLocale

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Column,
    ResourceKind,
    Row,
    resource_kinds,
    value_at,
)
from seam_portal_desktop.domain.tables.cells import parse_instant
from seam_portal_desktop.domain.tables.conversion import (
    ConversionContext,
    ConvertedRows,
    SpaceFacts,
)
from seam_portal_desktop.domain.tables.guess import guess_mapping, headless_mapping
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.domain.tables.values.zones import zone_named
from seam_portal_desktop.ui.toolkit.times import zone_name

_FACTS = {
    "time_zone": "time_zone",
    "check_in": "default_checkin_time",
    "check_out": "default_checkout_time",
}


def load_converters() -> None:
    """Import what converts cells, which takes some 100 ms. Call it in a thread."""
    kind = resource_kinds()[0]
    sheet = Sheet([["a", "2026-03-14"]], [1])
    guess_mapping(sheet, kind)
    convert_cells(sheet, kind, kind.columns[:2], [], ConversionContext("Etc/UTC"))


def conversion_context(spaces: Mapping[str, SpaceFacts]) -> ConversionContext:
    """The user's zone and country, and `spaces` by key."""
    return ConversionContext(zone_name(), spaces, region(), _region_name)


def region() -> str:
    """The country of the system's settings, such as ``DE``."""
    return QLocale.territoryToCode(QLocale().territory())


def _region_name(code: str) -> str:
    return QLocale.territoryToString(QLocale.codeToTerritory(code))


def space_facts(rows: Sequence[Row]) -> dict[str, SpaceFacts]:
    """What stays take from the spaces in `rows`, by key. Spaces without such facts are left out."""
    found = {}
    for row in rows:
        key, data = row.get("space_key"), row.get("customer_data")
        if isinstance(key, str) and isinstance(data, Mapping):
            facts = {name: _text(data.get(field)) for name, field in _FACTS.items()}
            if any(facts.values()):
                found[key] = SpaceFacts(**facts)
    return found


def zone_of(row: Row, spaces: Mapping[str, SpaceFacts]) -> str | None:
    """The time zone of the row's spaces; None if they have none that is known, or several."""
    if not spaces:
        return None
    zones = {
        facts.time_zone
        for name, keys in row.items()
        if name.endswith("_keys") and isinstance(keys, list)
        for key in keys
        if isinstance(key, str) and (facts := spaces.get(key)) is not None and facts.time_zone
    }
    name = zones.pop() if len(zones) == 1 else None
    return name if name is not None and zone_named(name) is not None else None


def convert_cells(
    sheet: Sheet,
    kind: ResourceKind,
    columns: Sequence[Column],
    below: Sequence[Row],
    context: ConversionContext,
) -> ConvertedRows | None:
    """The rows of a sheet without a heading, whose columns go to `columns` of `kind`.

    `below` are the rows that they are pasted over: their spaces count for times. None if something
    has to be asked, or a cell isn't taken.
    """
    from seam_portal_desktop.domain.tables.columns.sheet_converter import convert

    mapping = headless_mapping(sheet, kind, columns)
    converted = convert(sheet, mapping, {}, replace(context, beside=below))
    is_asked = any(question.default is None for question in converted.questions)
    return None if converted.refused or is_asked else converted


def convert_moment(
    text: str, row: Row, kind: ResourceKind, column: Column, context: ConversionContext
) -> tuple[str, str] | None:
    """A date or time that is typed into `row`, and what is added to it, in a sentence or "". None
    if the text has no clear value."""
    converted = convert_cells(Sheet([[text]], [1]), kind, [column], [row], context)
    if converted is None:
        return None
    (found,) = converted.rows
    value = value_at(found.row, column.path)
    return None if value is MISSING else (value, found.notes.get(column.dotted, ""))


def moment_for_row(
    value: Any,  # noqa: ANN401 - any JSON value
    above: Row,
    row: Row,
    kind: ResourceKind,
    column: Column,
    context: ConversionContext,
) -> Any:  # noqa: ANN401
    """A time of the row `above` for `row`: the same on the clocks of its space. A time that these
    clocks don't have, or have twice, stays the same moment."""
    zones = [zone_of(each, context.spaces) or context.zone for each in (above, row)]
    zone = zone_named(zones[0])
    moment = parse_instant(value) if isinstance(value, str) else None
    if zones[0] == zones[1] or moment is None or zone is None:
        return value
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        return value
    found = convert_moment(f"{local:%Y-%m-%d %H:%M:%S}", row, kind, column, context)
    return value if found is None else found[0]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
