"""Seam's time from the dates of its answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seam_portal_desktop.domain.clock import SeamClock, has_seam_time, steady_seconds, system_clock

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Computer:
    """A computer whose clock is `ahead` of the true time, `seconds` after its start."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead
        self.seconds = 1000.0

    def true_time(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def clock(self) -> SeamClock:
        return SeamClock(lambda: self.true_time() + self.ahead, lambda: self.seconds)

    def ask(self, clock: SeamClock, *, duration: float = 0.2, answered_after: float = 0.1) -> None:
        """One call to Seam. Its date has whole seconds."""
        sent_at = self.seconds
        date = (self.true_time() + timedelta(seconds=answered_after)).replace(microsecond=0)
        self.seconds += duration
        clock.observe(date, sent_at, self.seconds)


@pytest.mark.parametrize("minutes", [-14400, -6, 0, 6, 10, 14400])
def test_seams_time_is_known_from_one_answer(minutes):
    computer = Computer(timedelta(minutes=minutes))
    clock = computer.clock()
    assert (clock.is_known, has_seam_time(clock), clock.difference) == (False, False, timedelta())
    assert clock() == computer.true_time() + computer.ahead, "this computer's time until then"
    computer.ask(clock)
    assert (clock.is_known, has_seam_time(clock)) == (True, True)
    assert abs(clock() - computer.true_time()) <= 1.2 * SECOND
    assert abs(clock.difference - computer.ahead) <= 1.2 * SECOND
    assert clock().tzinfo is UTC


def test_more_answers_make_it_exact():
    computer = Computer(timedelta(hours=3))
    clock = computer.clock()
    for _ in range(60):
        computer.seconds += 0.37
        computer.ask(clock)
    assert abs(clock() - computer.true_time()) <= 0.6 * SECOND


def test_a_right_clock_is_left_alone():
    """A second request has a later time than the first, also if Seam answered between them."""
    computer = Computer()
    clock = computer.clock()
    for _ in range(20):
        computer.seconds += 0.37
        computer.ask(clock)
        assert abs(clock() - computer.true_time()) < timedelta(milliseconds=1)


def test_the_duration_of_a_call_is_taken_into_account():
    computer = Computer()
    clock = computer.clock()
    computer.ask(clock, duration=30, answered_after=1)
    assert abs(clock() - computer.true_time()) <= 16 * SECOND
    computer.ask(clock)
    computer.ask(clock, duration=30, answered_after=29)
    assert abs(clock() - computer.true_time()) <= 1.2 * SECOND, "a slow call makes it no worse"


def test_setting_the_computers_clock_changes_nothing_but_the_difference():
    computer = Computer(timedelta(hours=1))
    clock = computer.clock()
    computer.ask(clock)
    before = clock()
    computer.ahead = timedelta(days=-3)
    assert clock() == before
    assert abs(clock.difference - computer.ahead) <= 1.2 * SECOND


def test_a_contradicting_answer_counts():
    computer = Computer()
    clock = computer.clock()
    computer.ask(clock)
    clock.observe(computer.true_time() + timedelta(hours=1), computer.seconds, computer.seconds)
    assert abs(clock() - computer.true_time() - timedelta(hours=1)) <= 1.2 * SECOND


def test_listeners_get_the_first_time_and_large_changes():
    computer = Computer(timedelta(minutes=10))
    clock = computer.clock()
    shifts: list[timedelta] = []
    unsubscribe = clock.subscribe(shifts.append)
    for _ in range(5):
        computer.ask(clock)
    (shift,) = shifts
    assert abs(shift + timedelta(minutes=10)) <= 1.2 * SECOND
    clock.observe(computer.true_time() + timedelta(hours=1), computer.seconds, computer.seconds)
    assert len(shifts) == 2
    unsubscribe()
    clock.observe(computer.true_time(), computer.seconds, computer.seconds)
    assert len(shifts) == 2


def test_the_systems_clocks_go_on():
    first = steady_seconds()
    assert steady_seconds() >= first
    assert abs(SeamClock()() - system_clock()) < timedelta(minutes=1)
    assert not has_seam_time(system_clock)
