"""Relative times: what is left is rounded up, what is past is rounded down. Zones and styles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QDate, QTimeZone

from seam_portal_desktop.domain.preferences import Settings
from seam_portal_desktop.domain.request.resources import Cell
from seam_portal_desktop.domain.tables.cells import parse_cell, parse_instant
from seam_portal_desktop.ui.toolkit.times import (
    absolute,
    from_local,
    long_date,
    relative,
    relative_and_date,
    set_time_style,
    short,
    time_or_date,
    to_local,
    widest_time,
    zone_name,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def time(days: int = 0, hours: int = 0, minutes: int = 0, seconds: float = 0) -> timedelta:
    return timedelta(days, seconds, hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (time(7), "in 7 days"),
        (time(6, 23, 59, 59.9), "in 7 days"),
        (time(6, 0, 1), "in 7 days"),
        (time(6), "in 6 days"),
        (time(7, 0, 0, 2), "in 7 days"),  # a clock that is seconds ahead
        (time(2, 0, 1), "in 3 days"),
        (time(2), "in 2 days"),
        (time(1, 23, 1), "in 2 days"),
        (time(1, 23), "in 47 h"),
        (time(1), "in 24 h"),
        (time(0, 8, 1), "in 9 h"),
        (time(0, 1, 1), "in 2 h"),
        (time(0, 1), "in 1 h"),
        (time(0, 0, 59, 1), "in 1 h"),
        (time(0, 0, 59), "in 59 min"),
        (time(0, 0, 40, 1), "in 41 min"),
        (time(0, 0, 40), "in 40 min"),
        (time(0, 0, 1), "in 1 min"),
        (time(seconds=59.9), "in less than a minute"),
        (time(seconds=0.001), "in less than a minute"),
    ],
)
def test_a_remaining_time_is_rounded_up_to_its_unit(left, text):
    assert relative(NOW + left, NOW) == text


@pytest.mark.parametrize(
    ("past", "text"),
    [
        (time(), "just now"),
        (time(seconds=59.9), "just now"),
        (time(0, 0, 59, 59), "59 min ago"),
        (time(1, 23, 59), "47 h ago"),
        (time(6, 23), "6 days ago"),
    ],
)
def test_a_past_time_is_rounded_down(past, text):
    assert relative(NOW - past, NOW) == text


def test_the_time_shown_is_never_more_than_one_unit_above_what_is_left():
    units = {"min": time(0, 0, 1), "h": time(0, 1), "days": time(1)}
    left = time(0, 0, 1)
    while left < time(8):
        _, number, unit = relative(NOW + left, NOW).split()
        surplus = int(number) * units[unit] - left
        assert time(0, 0, -1) < surplus < units[unit], left
        left += time(0, 0, 0, 37)


@pytest.fixture
def style():
    """Sets the style by values of Settings; the default comes back afterwards."""
    yield lambda **values: set_time_style(Settings(**values))
    set_time_style(Settings())


def test_iso_dates_in_a_chosen_zone(style):
    style(time_zone="Asia/Tokyo", date_style="iso")
    assert short(NOW) == "2026-11-22 21:00"
    assert absolute(NOW).startswith("2026-11-22 21:00:00 ")
    assert long_date(NOW) == "2026-11-22"
    assert long_date(datetime(2026, 11, 22, 20, tzinfo=UTC)) == "2026-11-23"
    assert long_date(QDate(2026, 11, 22)) == "2026-11-22", "a day alone has no zone"
    assert time_or_date(datetime(2026, 1, 2, 3, 4, tzinfo=UTC), NOW) == "2026-01-02 12:04"
    assert time_or_date(NOW - time(0, 1), NOW) == "20:00"


def test_the_systems_style_in_a_chosen_zone(style):
    style(time_zone="Asia/Tokyo")
    tokyo = short(NOW), absolute(NOW)
    style(time_zone="America/New_York")
    assert (short(NOW), absolute(NOW)) != tokyo
    assert "2026" in long_date(NOW)


def test_dates_in_place_of_relative_times(style):
    style(date_style="iso", time_style="absolute", time_zone="UTC")
    assert relative(NOW - time(2), NOW) == "2026-11-20 12:00"
    assert "2026-11-20 12:00" in relative_and_date(NOW - time(2), NOW)
    assert "·" not in relative_and_date(NOW - time(2), NOW), "the date isn't there twice"
    assert len(widest_time()) == len("2026-11-20 12:00")
    style(date_style="iso", time_zone="UTC")
    assert relative_and_date(NOW - time(2), NOW).replace("\u2068", "").replace("\u2069", "") == (
        "2 days ago · 2026-11-20 12:00"
    )


@pytest.mark.parametrize("zone", ["Nowhere/Atall", "Europe/Berlin/Mitte", "X"])
def test_a_zone_that_the_system_lacks_is_the_systems(style, zone):
    system = absolute(NOW)
    style(time_zone=zone)
    assert absolute(NOW) == system


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-07-01 14:30", "2026-07-01T14:30:00+02:00"),
        ("2026-12-01 14:30", "2026-12-01T14:30:00+01:00"),
        ("2026-03-29 03:30", "2026-03-29T03:30:00+02:00"),  # an hour after clocks were changed
    ],
)
def test_typed_times_are_those_of_the_chosen_zone(style, typed, stored):
    style(time_zone="Europe/Berlin", date_style="iso")
    assert parse_cell(Cell.MOMENT, typed, zone_name()) == stored
    moment = parse_instant(stored)
    assert short(moment) == typed
    assert to_local(from_local(datetime.fromisoformat(typed))).isoformat() == stored


def test_typed_times_are_the_systems_without_a_choice():
    typed = datetime(2026, 7, 1, 14, 30)  # noqa: DTZ001
    assert from_local(typed) == typed.astimezone()
    assert to_local(NOW).utcoffset() == NOW.astimezone().utcoffset()


def test_the_users_zone_has_a_name_that_is_known(style, monkeypatch):
    style(time_zone="America/New_York")
    assert zone_name() == "America/New_York"
    style(time_zone="system")
    monkeypatch.setattr("PySide6.QtCore.QTimeZone.systemTimeZone", lambda: QTimeZone(5 * 3600))
    assert zone_name() == "Etc/GMT-5"
    monkeypatch.setattr("PySide6.QtCore.QTimeZone.systemTimeZone", lambda: QTimeZone(5 * 3600 + 60))
    assert zone_name() == "Etc/UTC"
