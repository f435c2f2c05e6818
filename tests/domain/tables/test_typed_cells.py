"""What is said about a typed text with more than one meaning, and names of months and weekdays."""

from __future__ import annotations

import pytest
from babel import Locale

from seam_portal_desktop.domain.request.resources import Cell
from seam_portal_desktop.domain.tables.cells import cell_question, parse_cell, parse_instant
from seam_portal_desktop.domain.tables.values.month_names import month_number, weekday_number

ZONE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("cell", "text", "question"),
    [
        (Cell.MOMENT, "03/04/2026 15:00", "3 April or 4 March? Type 2026-04-03 15:00."),
        (Cell.MOMENT, "2026-03-14", "The time is missing. Type 2026-03-14 15:00."),
        (
            Cell.MOMENT,
            "2026-10-25 02:30",
            "Clocks are changed then. Type 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00.",
        ),
        (Cell.MOMENT, "2026-02-30 15:00", "There is no such day."),
        (Cell.MOMENT, "01/01/1904 15:00", "Days before 1970 aren’t taken."),
        (Cell.MOMENT, "tomorrow", "This is no date; write it as 2026-03-14 15:00."),
        (Cell.TIME, "9.3", "09:30 or 09:18? Type the time that is meant."),
        (Cell.TIME, "0.5", "00:50, 12:00 or 00:30? Type the time that is meant."),
        (Cell.TIME, "1500", "Is 1500 a time? Type 15:00."),
        (Cell.TIME, "99999", "99999 is no time. Type one such as 15:00."),
    ],
)
def test_a_text_with_several_meanings_stays_and_is_asked_about(cell, text, question):
    assert parse_cell(cell, text, ZONE) == text
    assert cell_question(cell, text, ZONE) == question


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell.MOMENT, "14/03/2026 15:00"),
        (Cell.MOMENT, ""),
        (Cell.TIME, "15:00"),
        (Cell.TEXT, "03/04/2026"),
        (Cell.LIST, "9.3"),
    ],
)
def test_what_is_clear_is_not_asked_about(cell, text):
    assert cell_question(cell, text, ZONE) is None


def test_a_time_in_an_unknown_zone_is_no_value():
    text = "2026-03-14 15:00"
    assert parse_cell(Cell.MOMENT, text, "Nowhere/Land") == text
    assert "Nowhere/Land" in (cell_question(Cell.MOMENT, text, "Nowhere/Land") or "")


def test_only_a_timestamp_with_a_zone_is_an_instant():
    assert parse_instant("2026-03-14") is None
    assert parse_instant("2026-03-14T15:00:00") is None
    assert parse_instant("x") is None
    moment = parse_instant("2026-03-14t15:00:00z")
    assert moment is not None
    assert moment.isoformat() == "2026-03-14T15:00:00+00:00"


@pytest.mark.parametrize("language", ["en", "pt", "fr", "it", "es", "de", "nl", "el", "pl", "ru"])
def test_the_names_of_months_and_weekdays_are_those_of_cldr(language):
    locale = Locale(language)
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for month, name in locale.months[context][width].items():
                assert month_number(name.rstrip(".")) == month
            for weekday, name in locale.days[context][width].items():
                assert weekday_number(name.rstrip(".")) == weekday


@pytest.mark.parametrize(
    "text",
    [
        *(
            "14-Mrz-26 15:00",
            "14 de mar. de 2026 15:00",
            "14 août 2026 15:00",
            "14 sept. 2026 15:00",
        ),
        *("1er mars 2026 15:00", "sob., 14 marca 2026 15:00", "samedi 14 mars 2026 à 15h00"),
        *("sábado, 14 de marzo de 2026, 15:00", "Σάβ, 14 Μαρ 2026 15:00", "сб, 14 мар. 2026 15:00"),
    ],
)
def test_dates_in_other_languages_are_read(text):
    assert parse_cell(Cell.MOMENT, text, ZONE).startswith("2026-0")
