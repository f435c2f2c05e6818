"""The probe that other tests rely on: what it must see, and what it must forgive."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
import weakref
from datetime import timedelta

import pytest
from PySide6.QtCore import QTimer

from tests.support import responsive
from tests.support.responsive import measured_slow_down, window_answers

COMPETITORS = 4
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="works on Linux only")


def compute(seconds):
    """Use that much of a processor, however long it takes to get it."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.fixture(autouse=True)
def usual_speed(monkeypatch):
    """These tests know their times, so the machine counts as neither slow nor fast."""
    monkeypatch.setattr(responsive, "measured_slow_down", lambda: 1.0)


def run_on_the_loop(qtbot, work):
    done = []
    QTimer.singleShot(10, lambda: done.append(work()))
    qtbot.waitUntil(lambda: bool(done))


def test_an_idle_loop_answers(qtbot):
    with window_answers() as watch:
        run_on_the_loop(qtbot, lambda: None)
    assert watch.longest < 0.1


@pytest.mark.parametrize("work", [time.sleep, compute], ids=["waits in a call", "computes"])
def test_a_busy_thread_is_caught_with_where_it_was(qtbot, work):
    # Python lets another thread look only now and then while this one computes.
    seen = "run_on_the_loop" if work is time.sleep else r"(run_on_the_loop|\(no sample\))"
    message = rf"did not answer for [1-9]\d\d ms(.|\n)*{seen}"
    with pytest.raises(AssertionError, match=message), window_answers():
        run_on_the_loop(qtbot, lambda: work(0.19))


def test_one_gap_may_be_half_as_long_again_but_not_two(qtbot):
    def wait(times):
        for _ in range(times):
            run_on_the_loop(qtbot, lambda: time.sleep(0.12))

    with window_answers():
        wait(times=1)
    with pytest.raises(AssertionError, match="did not answer"), window_answers():
        wait(times=2)


@pytest.mark.parametrize("slow_downs", [[1.8], [1.0, 1.8]], ids=["before", "since"])
def test_a_slow_machine_gets_more_time(qtbot, monkeypatch, slow_downs):
    measured = iter([*slow_downs, *slow_downs[-1:]])
    monkeypatch.setattr(responsive, "measured_slow_down", lambda: next(measured))
    with window_answers():
        for _ in range(2):
            run_on_the_loop(qtbot, lambda: time.sleep(0.13))


def test_a_block_of_three_limits_fails_on_the_slowest_machine(qtbot, monkeypatch):
    monkeypatch.setattr(responsive, "_REFERENCE_S", 1e-9)
    monkeypatch.setattr(responsive, "measured_slow_down", measured_slow_down)
    assert measured_slow_down() == 2
    with pytest.raises(AssertionError, match="did not answer for 3"), window_answers():
        run_on_the_loop(qtbot, lambda: time.sleep(0.31))


def test_a_fast_machine_gets_no_less_time(monkeypatch):
    monkeypatch.setattr(responsive, "_REFERENCE_S", 1e9)
    assert measured_slow_down() == 1


def test_a_stack_is_taken_without_holding_what_is_in_it(qtbot):
    """A painter that is held outlives its painting, and ends in the wrong thread."""

    class Held:
        pass

    kept: list[weakref.ref[Held]] = []

    def hold() -> None:
        held = Held()
        kept.append(weakref.ref(held))
        time.sleep(0.05)

    with window_answers() as watch:
        run_on_the_loop(qtbot, hold)
        assert kept[0]() is None
    assert "in hold" in watch.where


def test_a_block_that_ends_in_a_gap_is_caught():
    short = timedelta(milliseconds=20)
    with pytest.raises(AssertionError, match="did not answer"), window_answers(within=short):
        time.sleep(0.05)


def test_a_failure_inside_the_block_is_raised():
    def too_long_and_wrong():
        with window_answers(within=timedelta(milliseconds=1)):
            time.sleep(0.01)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        too_long_and_wrong()


@pytest.fixture
def crowded():
    """The number of a processor that others want, too."""
    allowed = os.sched_getaffinity(0)
    one = min(allowed)
    script = f"import os\nos.sched_setaffinity(0, {{{one}}})\nprint(flush=True)\nwhile True: pass"
    rivals = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        for _ in range(COMPETITORS)
    ]
    try:
        for rival in rivals:
            rival.stdout.readline()
        yield one
    finally:
        os.sched_setaffinity(0, allowed)
        for rival in rivals:
            rival.kill()
            rival.wait()
            rival.stdout.close()


@linux
def test_a_processor_taken_by_others_is_forgiven(qtbot, crowded):
    os.sched_setaffinity(0, {crowded})
    with window_answers() as watch:
        run_on_the_loop(qtbot, lambda: compute(0.06))
    assert watch.longest_wall > 0.12


@linux
def test_a_processor_taken_from_who_is_waited_for_is_mostly_forgiven(qtbot, crowded):
    asked, done = threading.Event(), threading.Event()

    def compute_when_asked():
        os.sched_setaffinity(threading.get_native_id(), {crowded})
        asked.wait()
        end = time.thread_time() + 0.06
        while time.thread_time() < end:
            hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000)  # lets other Python threads run
        done.set()
        asked.clear()
        asked.wait()

    def ask_and_wait():
        asked.set()
        done.wait()

    other = threading.Thread(target=compute_when_asked)
    other.start()
    with window_answers(within=timedelta(seconds=20)) as watch:
        run_on_the_loop(qtbot, ask_and_wait)
    asked.set()
    other.join()
    # What the other was kept from before it was first looked at is not known.
    assert watch.longest_wall > 0.12
    assert watch.longest < watch.longest_wall / 2


@linux
def test_what_the_thread_computes_itself_is_not_forgiven_on_a_crowded_machine(qtbot, crowded):
    os.sched_setaffinity(0, {crowded})
    with pytest.raises(AssertionError, match="did not answer"), window_answers():
        run_on_the_loop(qtbot, lambda: compute(0.19))
