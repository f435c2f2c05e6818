"""Other values than dates and times, in cells and columns: read, asked about, or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from seam_portal_desktop.domain.request.resources import MISSING
from seam_portal_desktop.domain.tables.columns.sheet_converter import convert
from seam_portal_desktop.domain.tables.conversion import Topic
from seam_portal_desktop.domain.tables.mapping import (
    ColumnTarget,
    MappedColumn,
    Match,
    NamePart,
    SheetMapping,
)
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell, Sheet
from tests.support.converted_columns import BERLIN, KINDS, converted, mapped, values

PHONE, EMAIL = "phone_number", "email_address"
BERLIN_PHONE = "+493023125000"


@pytest.mark.parametrize(
    ("path", "cell", "value"),
    [
        (PHONE, "+49 30 23125 000", BERLIN_PHONE),
        (PHONE, "\u202a+49 (0)30 23125-000\u202c", BERLIN_PHONE),
        (PHONE, "0049 30 23125000", BERLIN_PHONE),
        (PHONE, "tel:+1-202-555-0123", "+12025550123"),
        (PHONE, "'+1 202 555 0123", "+12025550123"),
        (EMAIL, " ann@example.com ", "ann@example.com"),
        (EMAIL, "'ann@example.com';", "ann@example.com"),
        (EMAIL, "Ann <ann@example.com>", "ann@example.com"),
        (EMAIL, '"Ann, B." <mailto:ann@example.com>', "ann@example.com"),
        (EMAIL, "mailto:ann@example.com?subject=Hi", "ann@example.com"),
        (EMAIL, "\u200bann@example.com\u00a0", "ann@example.com"),
        (EMAIL, "zoë@example.com", "zoë@example.com"),
        (EMAIL, "A@x.com", "A@x.com"),
        ("name", "  Zoë ", "Zoë"),
        ("name", "Smith, John", "Smith, John"),
        ("name", 42, "42"),
        ("name", 42.0, "42"),
        ("name", 0.1 + 0.2, "0.3"),
        ("name", date(2026, 3, 14), "2026-03-14"),
        ("name", datetime(2026, 3, 14, 15), "2026-03-14T15:00:00"),  # noqa: DTZ001
        ("name", time(15), "15:00"),
        ("preferred_code", "0042", "0042"),
        ("provider_keys", None, MISSING),
        ("space_keys", "yale, salto_ks", ["yale", "salto_ks"]),
        ("space_keys", 'a;"b, c"\nd', ["a", "b, c", "d"]),
        ("space_keys", 101.0, ["101"]),
        ("guest_key", "a\u200bb\t", "a\u200bb\t"),
        ("duration_minutes", "90", 90),
        ("duration_minutes", 90.0, 90),
        ("duration_minutes", "90,00", 90),
        ("geolocation.latitude", "52,37", 52.37),
        ("geolocation.latitude", "13,405", 13.405),
        ("geolocation.latitude", "−5", -5),
        ("geolocation.latitude", 52.37, 52.37),
        ("custom_metadata.country", "NO", "NO"),
        ("custom_metadata.country", "yes", "yes"),
        ("custom_metadata.country", "true", True),
        ("custom_metadata.country", False, False),
        ("custom_metadata.country", 2.0, "2"),
        ("custom_metadata", '{"floor": 2, "pets": true}', {"floor": "2", "pets": True}),
        ("custom_metadata", "floor = 2; pets = yes", {"floor": "2", "pets": "yes"}),
    ],
)
def test_a_value_is_read(path, cell, value):
    if path == "provider_keys":
        path = "space_keys"
    result = converted(path, [cell])
    assert result.refused == []
    (read,) = values(path, result)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        (PHONE, "4.91512E+11"),
        (PHONE, "4,91512E+11"),
        (PHONE, 491512000000.0),
        (PHONE, "491512000000"),
        (PHONE, "+49 30"),
        (PHONE, "+1 202 555 0123 ext. 4"),
        (PHONE, "+1 202 555 0123 #12"),
        (PHONE, "+1 800 FLOWERS"),
        (PHONE, "+49 30 23125 000 / +49 30 23125 001"),
        (PHONE, "+999 12345678"),
        (PHONE, "unknown"),
        (EMAIL, "ann@example.com; bob@example.com"),
        (EMAIL, "ann@"),
        (EMAIL, "ann@@example.com"),
        (EMAIL, "ann example.com"),
        ("name", 1e17),
        ("name", float("inf")),
        ("preferred_code", "1.23457E+15"),
        ("guest_key", "1.23457E+15"),
        ("space_keys", '"lake'),
        ("duration_minutes", "1.234"),
        ("duration_minutes", "1,5"),
        ("duration_minutes", "0"),
        ("geolocation.latitude", "52.370.216"),
        ("geolocation.latitude", "north"),
        ("geolocation.latitude", True),
        ("custom_metadata", "floor"),
        ("custom_metadata", '{"a": {"b": 1}}'),
        ("custom_metadata", '{"a": 1, "a": 2}'),
        ("custom_metadata.note", "x" * 501),
        ("name", ErrorCell("#N/A")),
        ("name", "#REF!"),
    ],
)
def test_a_wrong_value_is_refused(path, cell):
    result = converted(path, [cell])
    assert len(result.refused) == 1
    assert values(path, result) == [MISSING]
    assert result.questions == []


def test_the_country_of_phone_numbers_is_asked_once():
    cells: list[CellValue] = ["030 23125000", "+1 202 555 0123", 3023125001]
    result = converted(PHONE, cells)
    (question,) = result.questions
    assert (question.topic, question.default) == (Topic.PHONE_REGION, None)
    assert (question.options[0].value, question.options[0].label) == ("DE", "DE (+49)")
    assert values(PHONE, result) == [MISSING, "+12025550123", MISSING]
    result = converted(PHONE, cells, {Topic.PHONE_REGION: "DE"})
    assert values(PHONE, result) == [BERLIN_PHONE, "+12025550123", "+493023125001"]


def test_a_number_with_a_decimal_zero_has_no_digit_more():
    result = converted(PHONE, ["3023125000.0"], {Topic.PHONE_REGION: "DE"})
    assert values(PHONE, result) == [BERLIN_PHONE]


def test_a_number_that_may_begin_with_its_country_is_refused():
    result = converted(PHONE, ["4933000034"], {Topic.PHONE_REGION: "DE"})
    assert "+494933000034 or +4933000034" in result.refused[0].reason


def test_spaces_around_a_key_are_removed_and_said():
    result = converted("guest_key", [" g-1 "])
    assert values("guest_key", result) == ["g-1"]
    assert result.rows[0].notes == {"guest_key": "Spaces around the key were removed."}


def test_parts_of_a_name_are_joined():
    name = KINDS["guests"].column_with("name")
    assert name is not None
    columns = [
        MappedColumn("Surname", (), ColumnTarget(name, part=NamePart.LAST), Match.CHOSEN),
        MappedColumn("First", (), ColumnTarget(name, part=NamePart.FIRST), Match.CHOSEN),
    ]
    sheet = Sheet([["Smith", "John"], ["Álvarez", ""], ["", ""]], [1, 2, 3])
    result = convert(sheet, SheetMapping(KINDS["guests"], None, columns), {}, BERLIN)
    assert [row.row for row in result.rows] == [{"name": "John Smith"}, {"name": "Álvarez"}, {}]
    assert [row.emptied for row in result.rows] == [frozenset(), frozenset(), {"name"}]


def test_a_row_that_is_longer_than_the_heading_is_refused_as_a_whole():
    kind = KINDS["guests"]
    names = ["guest_key", "name", "email_address", "phone_number"]
    mapping = mapped(kind, names)
    heading = ["Key", "Name", "Email address", "Phone"]
    sheet = Sheet([heading, ["g-1", "Smith", " John", "john@example.com", "+493023125000"]], [1, 2])
    extra = MappedColumn("", (), None, Match.NONE)
    result = convert(sheet, SheetMapping(kind, 0, [*mapping.columns, extra]), {}, BERLIN)
    assert [(each.row, each.line) for each in result.refused] == [(1, 2)]
    assert result.rows == []


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("guest_key", "-"),
        ("guest_key", "n/a"),
        ("guest_key", True),
        ("name", "–"),
        ("name", "N/A"),
        ("name", "NULL"),
        ("room_keys", "-"),
        ("room_keys", "r-1, n/a"),
        ("starts_at", "14/03/2569"),
        ("name", ErrorCell("")),
    ],
)
def test_what_stands_for_no_value_is_nobody(path, cell):
    result = converted(path, [cell])
    assert [each.line for each in result.refused] == [1]
    assert not result.rows[0].row


@pytest.mark.parametrize("path", ["guest_key", "preferred_code", "space_keys"])
@pytest.mark.parametrize("cell", [date(2026, 2, 1), time(1, 2)])
def test_a_key_of_which_a_spreadsheet_made_a_date_is_refused(path, cell):
    assert len(converted(path, [cell]).refused) == 1


def test_a_code_that_has_lost_its_zeros_is_refused():
    result = converted("preferred_code", [1234.0, 42.0, "0042"])
    assert values("preferred_code", result) == ["1234", MISSING, "0042"]
    assert [each.line for each in result.refused] == [2]
    assert values("preferred_code", converted("preferred_code", [42.0])) == ["42"]


@pytest.mark.parametrize("path", ["name", "guest_key", "email_address", "starts_at", "space_keys"])
def test_a_cell_with_nothing_to_see_is_empty(path):
    for cell in ("\u200b", "\u00a0\ufeff", " \t", ""):
        result = converted(path, [cell])
        assert values(path, result) == [MISSING]
        assert result.rows[0].emptied == {path}
        assert result.refused == []


@pytest.mark.parametrize(
    ("path", "cell", "value"),
    [
        ("preferred_code", '="0042"', "0042"),
        ("phone_number", "'+493023125000", BERLIN_PHONE),
        ("name", "'=1+1", "=1+1"),
        ("name", "'Tis", "'Tis"),
    ],
)
def test_what_an_export_adds_to_a_text_is_removed(path, cell, value):
    kind = KINDS["bookings"] if path == "preferred_code" else KINDS["guests"]
    mapping = replace(mapped(kind, [path]), heading=0)
    result = convert(Sheet([["Title"], [cell]], [1, 2]), mapping, {}, BERLIN)
    assert values(path, result) == [value]
