"""Dates, times of day and time zones in cells: read, asked about, or refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from seam_portal_desktop.domain.request.resources import MISSING
from seam_portal_desktop.domain.tables.columns.sheet_converter import convert
from seam_portal_desktop.domain.tables.conversion import (
    ConversionContext,
    ConvertedRows,
    SpaceFacts,
    Topic,
)
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell, Sheet
from tests.support.converted_columns import KINDS, asked, converted, mapped, values

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


def test_two_times_are_no_offset():
    for cell in ("14.03.2026 15:00-18:00", "2026-03-14 10:00-12:00", "14.03.2026 10:00 -12"):
        result = converted("starts_at", [cell])
        assert [each.reason for each in result.refused] == [
            "This may be two times, or an offset; write it as 2026-03-14T15:00:00-04:00"
        ]


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
