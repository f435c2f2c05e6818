"""The measure of a busy computer, on a busy one."""

from __future__ import annotations

import multiprocessing
import os

from seam_portal_desktop.domain.preview.page_checks import BUSY_SHARE
from seam_portal_desktop.ui.preview.checks.processor_meter import ProcessorMeter

WAIT_MS = 20_000


def spin() -> None:
    while True:
        pass


def test_a_busy_computer_is_seen(qtbot):
    context = multiprocessing.get_context("spawn")
    busy = [context.Process(target=spin, daemon=True) for _ in range(3 * (os.cpu_count() or 1))]
    for process in busy:
        process.start()
    meter = ProcessorMeter()
    try:
        assert meter.facts is None  # nothing was measured yet
        qtbot.waitUntil(
            lambda: meter.facts is not None and meter.facts.share < BUSY_SHARE, timeout=WAIT_MS
        )
    finally:
        meter.stop()
        for process in busy:
            process.kill()
            process.join()


def test_it_ends_when_it_is_stopped(qtbot):
    meter = ProcessorMeter()
    qtbot.waitUntil(lambda: meter.facts is not None, timeout=WAIT_MS)
    meter.stop()
    thread = meter._thread
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=WAIT_MS)
    assert 0 < meter.facts.share <= 1
    assert meter.facts.task_time.total_seconds() > 0
