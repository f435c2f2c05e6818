"""Countdowns of Undo and later tries: what sleep and clocks do to them."""

from __future__ import annotations

import asyncio
import time

import pytest

from seam_portal_desktop.services.sending.queue.timetable import Timetable
from tests.support.deliveries import delivery
from tests.support.until import until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def due():
    return []


def ids(due) -> list[str]:
    return [each.delivery_id for each in due]


async def test_a_countdown_stands_still_while_the_program_is_stopped(due):
    """SIGSTOP or a sleeping computer: nobody could have pressed Undo meanwhile."""
    table = Timetable(due.extend)
    table.count_down(delivery(), 2.0)
    await asyncio.sleep(0)
    time.sleep(2.5)  # noqa: ASYNC251 - the event loop stands still, as when it is stopped
    await until(lambda: table.left("d1") < 2.0)
    assert table.left("d1") >= 1.0
    assert due == []
    table.remove("d1")
    assert table.counting == 0


async def test_it_is_due_when_its_countdown_ends(due):
    table = Timetable(due.extend)
    table.count_down(delivery("d1"), 0.05)
    table.count_down(delivery("d2"), 60.0)
    await until(lambda: due)
    assert ids(due) == ["d1"]
    assert table.counting == 1
    table.stop()


async def test_later_tries_go_by_a_clock_that_sleep_does_not_stop(due):
    now = 100.0
    table = Timetable(due.extend, steady=lambda: now, longest_nap=0.01)
    table.wait(delivery("d1"), 3600.0)
    table.wait(delivery("d2"), 60.0)
    now += 61.0
    await until(lambda: due)
    assert ids(due) == ["d2"]
    now += 3600.0
    await until(lambda: len(due) > 1)
    assert ids(due) == ["d2", "d1"]
    assert not table.has("d1")
