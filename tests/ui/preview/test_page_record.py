"""A page's record has counts and limited samples, and never quotes the page."""

from __future__ import annotations

import pytest

from seam_portal_desktop.ui.preview.security.page_record import PageRecord


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("Uncaught TypeError: x is null", ["TypeError"]),
        ("Uncaught (in promise) RangeError: seam_cst_not_a_real_token", ["RangeError"]),
        ("Uncaught https://portal.example/?token=not_a_real_token", []),
        ("Uncaught seam_cst_not_a_real_tokenError: x", []),
        (f"Uncaught {'X' * 100}Error: x", []),
        ("TypeError: logged by the page", []),
    ],
)
def test_only_the_class_of_an_uncaught_error_is_kept(message, names):
    record = PageRecord()
    record.console(message, is_error=True)
    assert (record.console_errors, record.error_names) == (1, names)


def test_mixed_content_is_counted_apart():
    record = PageRecord()
    record.console("Mixed Content: the page …", is_error=True)
    record.console("Mixed Content: the page …", is_error=False)
    record.console("Careful", is_error=False)
    assert (record.mixed_blocked, record.mixed_upgraded, record.console_errors) == (1, 1, 0)


def test_nothing_grows_with_the_page():
    record = PageRecord()
    for number in range(10_000):
        record.console(f"Uncaught Bad{'abcdefghij'[number % 10]}Error: {'x' * 500}", is_error=True)
        record.refused(f"http://10.0.0.1/{number}")
    assert record.console_errors == record.held_back_count == 10_000
    assert len(record.error_names) == 4
    assert len(record.held_back) == 500


def test_a_snapshot_stays_when_the_next_load_begins():
    record = PageRecord()
    record.answered("https://portal.example/", 200)
    record.refused("http://10.0.0.1/")
    record.console("Uncaught TypeError: x", is_error=True)
    snapshot = record.snapshot()
    before = record.generation
    record.begin()
    assert (snapshot.status, snapshot.held_back, snapshot.error_names) == (
        200,
        {"http://10.0.0.1/"},
        ["TypeError"],
    )
    assert (record.status, record.held_back, record.error_names) == (None, set(), [])
    assert record.generation == before + 1
