"""The values of single cells and columns: read, asked about, or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    ResourceKind,
    resource_kinds,
    value_at,
)
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
    NamePart,
    SheetMapping,
)
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell, Sheet

KINDS = {kind.name: kind for kind in resource_kinds()}
BERLIN = ConversionContext("Europe/Berlin", region="DE")


def mapped(kind: ResourceKind, names: list[str]) -> SheetMapping:
    """A mapping without a heading. ``custom_metadata.x`` is the metadata field x."""
    columns = []
    for name in names:
        column = kind.column_with(name)
        field = None
        if column is not None and name != column.dotted:
            field = name.removeprefix(f"{column.dotted}.")
        target = None if column is None else ColumnTarget(column, field)
        columns.append(MappedColumn(name, (), target, Match.CHOSEN))
    return SheetMapping(kind, None, columns)


def converted(
    path: str,
    cells: list[CellValue],
    answers: dict[Topic, str] | None = None,
    context: ConversionContext = BERLIN,
    kind: str = "",
) -> ConvertedRows:
    """One column."""
    if not kind:
        kind = next(name for name, each in KINDS.items() if each.column_with(path))
    sheet = Sheet([[cell] for cell in cells], range(1, len(cells) + 1))
    given = {(0, topic): value for topic, value in (answers or {}).items()}
    return convert(sheet, mapped(KINDS[kind], [path]), given, context)


def values(path: str, result: ConvertedRows) -> list[object]:
    return [value_at(row.row, tuple(path.split("."))) for row in result.rows]


def asked(result: ConvertedRows) -> list[Topic]:
    return [question.topic for question in result.questions]


WINTER = "2026-03-14T15:00:00+01:00"

MOMENTS = [
    ("14/03/2026 15:00", WINTER),
    ("3/14/2026 15:00", WINTER),
    ("3/14/2026 3:00 PM", WINTER),
    ("3/14/2026 3:00\u202fp.m.", WINTER),
    ("2026-03-14T15:00:00", WINTER),
    ("2026-03-14T15:00", WINTER),
    ("2026-03-14 15:00:00.000", WINTER),
    ("2026-03-14 15:00:00.25", "2026-03-14T15:00:00.250000+01:00"),
    ("2026-03-14T15:00:00Z", "2026-03-14T15:00:00Z"),
    ("2026-03-14T15:00:00.5+05:30", "2026-03-14T15:00:00.5+05:30"),
    ("2026-03-14 15:00 +0530", "2026-03-14T15:00:00+05:30"),
    ("2026-03-14 15:00 UTC", "2026-03-14T15:00:00Z"),
    ("20260314T150000Z", "2026-03-14T15:00:00Z"),
    ("20260314 15:00", WINTER),
    ("14.03.2026 15:00", WINTER),
    ("14.3.2026 15.00", WINTER),
    ("14. 3. 2026 15:00", WINTER),
    ("14.03.26, 15:00 Uhr", WINTER),
    ("14.03.2026 15:00:00", WINTER),
    ("2026/03/14 15:00", WINTER),
    ("2026.03.14 15:00", WINTER),
    ("14-Mar-26 15:00", WINTER),
    ("14MAR26 15:00", WINTER),
    ("Mar 14, 2026 3 PM", WINTER),
    ("Sat, March 14th, 2026 at 3:00 PM", WINTER),
    ("14 mars 2026 15h00", WINTER),
    ("14. März 2026 um 15:00 Uhr", WINTER),
    ("14 de marzo de 2026, 3:00 p. m.", WINTER),
    ("14 марта 2026 г., 15:00", WINTER),
    ("14 Μαρτίου 2026, 3:00 μ.μ.", WINTER),
    ("14 marca 2026 15:00", WINTER),
    ("14 mrt 2026 15:00", WINTER),
    ("2026-Mar-14 15:00", WINTER),
    ("٢٠٢٦-٠٣-١٤ ١٥:٠٠", WINTER),
    ("\u200e2026-03-14\u00a015:00\ufeff", WINTER),
    ("46095.625", WINTER),
    ("46095,625", WINTER),
    (46095.625, WINTER),
    (datetime(2026, 3, 14, 15), WINTER),  # noqa: DTZ001 - as spreadsheets have it
    ("2026-03-14 24:00", "2026-03-15T00:00:00+01:00"),
    ("2026-03-14T24:00Z", "2026-03-15T00:00:00Z"),
    ("12/31/2026 12:30 AM", "2026-12-31T00:30:00+01:00"),
    ("12/31/2026 12:30 pm", "2026-12-31T12:30:00+01:00"),
    ("03/03/2026 15:00", "2026-03-03T15:00:00+01:00"),
    ("2026-07-01 15:00", "2026-07-01T15:00:00+02:00"),
    ("Sat Mar 14 2026 15:00:00 GMT+0100 (Central European Standard Time)", WINTER),
    ("Sat, 14 Mar 2026 15:00:00 +0100", WINTER),
    ("2026年3月14日 下午3:00", WINTER),
    ("14/03/2026 3:00 μ.μ.", WINTER),
    ("2026-03-14 15:00 GMT+1", WINTER),
    (46095.99999999, "2026-03-15T00:00:00+01:00"),
    ("2026-03-14 00:00", "2026-03-14T00:00:00+01:00"),
]


@pytest.mark.parametrize(("cell", "value"), MOMENTS)
def test_a_date_is_read(cell, value):
    result = converted("starts_at", [cell])
    assert result.refused == []
    assert values("starts_at", result) == [value]
    assert set(asked(result)) <= {Topic.TIME_ZONE}


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "tomorrow",
            "2026-02-30 15:00",
            "31.02.2026 15:00",
            "14.13.2026",
            "13/13/2026",
            "14 Foo 2026",
        ),
        *("2026", "3.14", "2026-03-14 25:00", "2026-03-14 24:01", "2026-03-14 15", "14 Mar 15:00"),
        *("3/14/2026 13:00 PM", "3/14/2026 0:30 AM", "2026-03-14 15:00 EST", "15:00", "1773500400"),
        *(
            "Mon, March 14th, 2026 at 3:00 PM",
            "2026-03-14 15:00 +25:00",
            "2026/14/03",
            "0000-00-00",
        ),
        *(
            True,
            2026,
            1e300,
            float("nan"),
            time(15),
            timedelta(1),
            ErrorCell("#N/A"),
            "#N/A",
            "####",
        ),
    ],
)
def test_what_is_no_date_is_refused_with_its_line(cell):
    result = converted("starts_at", ["2026-03-14T15:00:00Z", cell])
    assert [(each.row, each.column, each.line) for each in result.refused] == [(1, 0, 2)]
    reason = result.refused[0].reason
    assert reason
    assert not reason.endswith(".")
    assert values("starts_at", result)[1] is MISSING


def test_the_order_comes_from_the_whole_column():
    cells: list[CellValue] = ["03/04/2026 15:00", "", "14/03/2026 15:00"]
    result = converted("starts_at", cells)
    assert values("starts_at", result) == ["2026-04-03T15:00:00+02:00", MISSING, WINTER]
    assert result.rows[1].emptied == {"starts_at"}
    result = converted("starts_at", ["03/04/2026 15:00", "03/14/2026 15:00"])
    assert values("starts_at", result) == ["2026-03-04T15:00:00+01:00", WINTER]


def test_an_order_that_no_row_shows_is_asked_once():
    cells: list[CellValue] = ["03/04/2026 15:00", "05/06/2026 15:00", "07/07/2026 15:00"]
    result = converted("starts_at", cells)
    (question,) = (each for each in result.questions if each.topic is Topic.DATE_ORDER)
    assert question.default is None
    assert question.examples == ("03/04/2026 15:00", "05/06/2026 15:00")
    assert [each.value for each in question.options] == ["dmy", "mdy"]
    assert question.options[0].label == "day/month/year: 03/04/2026 15:00 is 2026-04-03"
    assert values("starts_at", result)[:2] == [MISSING, MISSING]
    assert result.refused == []
    result = converted("starts_at", cells, {Topic.DATE_ORDER: "mdy"})
    assert values("starts_at", result)[0] == "2026-03-04T15:00:00+01:00"
    assert Topic.DATE_ORDER in asked(result)


def test_rows_that_contradict_each_other_are_asked_about():
    cells: list[CellValue] = ["14/03/2026 15:00", "03/14/2026 15:00"]
    result = converted("starts_at", cells)
    assert Topic.DATE_ORDER in asked(result)
    assert values("starts_at", result) == [MISSING, MISSING]
    result = converted("starts_at", cells, {Topic.DATE_ORDER: "dmy"})
    assert values("starts_at", result) == [WINTER, MISSING]
    assert [each.line for each in result.refused] == [2]


LAKE = SpaceFacts("America/New_York", "15:00", "11:00")


def stay(
    cells: list[CellValue], spaces: dict[str, SpaceFacts], answers: dict[Topic, str] | None = None
) -> ConvertedRows:
    """One reservation: its end, and its spaces."""
    mapping = mapped(KINDS["reservations"], ["ends_at", "space_keys"])
    given = {(0, topic): value for topic, value in (answers or {}).items()}
    return convert(Sheet([cells], [1]), mapping, given, ConversionContext("Europe/Berlin", spaces))


def test_a_time_is_one_at_the_space():
    result = stay(["2026-03-14 15:00", "lake"], {"lake": LAKE})
    assert result.rows[0].row["ends_at"] == "2026-03-14T15:00:00-04:00"
    assert result.questions == []


def test_a_date_alone_gets_the_time_of_the_space():
    result = stay(["2026-03-16", "lake"], {"lake": LAKE})
    assert result.rows[0].row["ends_at"] == "2026-03-16T11:00:00-04:00"
    assert result.rows[0].notes == {"ends_at": "11:00 is the check-out time of lake."}


def test_a_date_alone_without_a_space_is_asked_about():
    result = stay(["2026-03-16", "hill"], {"lake": LAKE})
    assert asked(result) == [Topic.MISSING_TIME]
    assert "ends_at" not in result.rows[0].row
    result = stay(["2026-03-16", "hill"], {"lake": LAKE}, {Topic.MISSING_TIME: "10:00"})
    assert result.rows[0].row["ends_at"] == "2026-03-16T10:00:00+01:00"


def test_spaces_in_two_zones_are_refused():
    spaces = {"lake": LAKE, "hill": SpaceFacts("Europe/Paris", "15:00", "11:00")}
    result = stay(["2026-03-14 15:00", "lake, hill"], spaces)
    assert "different time zones" in result.refused[0].reason
    result = stay(["2026-03-14T15:00Z", "lake, hill"], spaces)
    assert result.rows[0].row["ends_at"] == "2026-03-14T15:00:00Z"


@pytest.mark.parametrize(
    ("typed", "earlier", "later"),
    [
        ("2026-03-29 02:30", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"),
        ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_hours_of_a_change_of_clocks_are_asked_about(typed, earlier, later):
    result = converted("starts_at", [typed])
    (question,) = (each for each in result.questions if each.topic is Topic.CHANGED_CLOCKS)
    assert question.default is None
    assert values("starts_at", result) == [MISSING]
    for answer, value in (("earlier", earlier), ("later", later)):
        result = converted("starts_at", [typed], {Topic.CHANGED_CLOCKS: answer})
        assert values("starts_at", result) == [value]


CHECKIN = "customer_data.default_checkin_time"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *(("15:00", "15:00"), ("9:05", "09:05"), ("15:00:30", "15:00:30"), ("15:00:00", "15:00")),
        *(("3 PM", "15:00"), ("3:00 pm", "15:00"), ("3.30 p.m.", "15:30"), ("12 AM", "00:00")),
        *(
            ("15h00", "15:00"),
            ("15 h 30", "15:30"),
            ("15h", "15:00"),
            ("15:00 hrs", "15:00"),
            ("15 Uhr", "15:00"),
        ),
        *((time(15), "15:00"), (timedelta(hours=9, minutes=30), "09:30"), ("١٥:٠٠", "15:00")),
    ],
)
def test_a_time_of_day_is_read(cell, value):
    result = converted(CHECKIN, [cell])
    assert values(CHECKIN, result) == [value]
    assert result.questions == []


@pytest.mark.parametrize(
    ("cell", "answers"),
    [
        ("9.3", {"clock": "09:30", "hours": "09:18"}),
        ("15.30", {"clock": "15:30", "hours": "15:18"}),
        ("0.5", {"clock": "00:50", "fraction": "12:00", "hours": "00:30"}),
        (0.625, {"fraction": "15:00", "hours": "00:37:30"}),
        ("15", {"clock": "15:00", "hours": "15:00"}),
        ("1500", {"clock": "15:00"}),
    ],
)
def test_a_number_is_never_silently_a_time(cell, answers):
    result = converted(CHECKIN, [cell])
    assert asked(result) == [Topic.CLOCK]
    assert {option.value for option in result.questions[0].options} == set(answers)
    assert result.questions[0].default is None
    assert values(CHECKIN, result) == [MISSING]
    for answer, value in answers.items():
        assert values(CHECKIN, converted(CHECKIN, [cell], {Topic.CLOCK: answer})) == [value]


@pytest.mark.parametrize(
    "cell", ["noon", "24:00", "25:00", "13 PM", "99999", date(2026, 3, 14), True, timedelta(2)]
)
def test_what_is_no_time_of_day_is_refused(cell):
    result = converted(CHECKIN, [cell])
    assert len(result.refused) == 1
    assert result.questions == []


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


def test_a_row_without_spaces_has_those_of_the_row_that_it_changes():
    there = {"reservation_key": "r-1", "space_keys": ["lake"]}
    sheet = Sheet([["r-1", "2026-03-16"]], [1])
    mapping = mapped(KINDS["reservations"], ["reservation_key", "ends_at"])
    context = ConversionContext("Europe/Berlin", {"lake": LAKE})
    for rows, at in (([{}, there], 1), ([{}, there], None)):
        over = context.over(rows, "reservation_key", at)
        (row,) = convert(sheet, mapping, {}, over).rows
        assert row.row["ends_at"] == "2026-03-16T11:00:00-04:00"


def test_dates_that_a_spreadsheet_has_swapped_are_refused():
    """A spreadsheet in English that opens 04/03/2026 and 14/03/2026."""
    result = converted("starts_at", [datetime(2026, 4, 3, 15), "14/03/2026 15:00"])  # noqa: DTZ001
    assert [each.line for each in result.refused] == [1]
    assert values("starts_at", result) == [MISSING, WINTER]


def test_a_typed_date_among_times_is_refused():
    result = converted("starts_at", [datetime(2026, 3, 14, 15), date(2026, 3, 14)])  # noqa: DTZ001
    assert [each.line for each in result.refused] == [2]


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


def test_two_times_are_no_offset():
    for cell in ("14.03.2026 15:00-18:00", "2026-03-14 10:00-12:00", "14.03.2026 10:00 -12"):
        result = converted("starts_at", [cell])
        assert [each.reason for each in result.refused] == [
            "This may be two times, or an offset; write it as 2026-03-14T15:00:00-04:00"
        ]


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


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("UTC", "UTC"),
        ("Berlin", None),
        ("(GMT+01:00) Berlin", None),
        ("../../etc/passwd", None),
    ],
)
def test_the_time_zone_of_a_space_exists(cell, value):
    result = converted("customer_data.time_zone", [cell])
    assert values("customer_data.time_zone", result) == [MISSING if value is None else value]
    assert len(result.refused) == (value is None)


@pytest.mark.parametrize("path", ["name", "guest_key", "email_address", "starts_at", "space_keys"])
def test_a_cell_with_nothing_to_see_is_empty(path):
    for cell in ("\u200b", "\u00a0\ufeff", " \t", ""):
        result = converted(path, [cell])
        assert values(path, result) == [MISSING]
        assert result.rows[0].emptied == {path}
        assert result.refused == []


def test_times_that_an_export_has_added_are_asked_about():
    cells: list[CellValue] = ["2026-03-14 00:00:00", "2026-03-15 00:00:00"]
    result = converted("starts_at", cells)
    question = result.questions[0]
    assert (question.topic, question.default) == (Topic.MISSING_TIME, "00:00")
    assert values("starts_at", result)[0] == "2026-03-14T00:00:00+01:00"
    result = converted("starts_at", cells, {Topic.MISSING_TIME: "15:00"})
    assert values("starts_at", result) == [WINTER, "2026-03-15T15:00:00+01:00"]
    for other in ("2026-03-15 10:00", "2026-03-15T00:00:00Z"):
        assert Topic.MISSING_TIME not in asked(converted("starts_at", [*cells, other]))


def test_a_named_zone_is_refused_in_words():
    (refused,) = converted("starts_at", ["2026-03-14 15:00 EST"]).refused
    assert refused.reason == "The time zone isn’t clear; write the offset, such as +01:00"


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
