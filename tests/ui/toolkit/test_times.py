"""Relative times: what is left is rounded up, what is past is rounded down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seam_portal_desktop.ui.toolkit.times import relative

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
