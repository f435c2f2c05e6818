"""Requests with many thousands of rows: the window answers while they are checked and sent."""

from __future__ import annotations

import pytest

from tests.support.dialog_driver import shown_texts
from tests.support.responsive import window_answers

ROWS = 20_000
STAYS = [
    {"reservation_key": str(row), "guest_key": "g", "room_keys": [f"room {row}"]}
    for row in range(ROWS - 1)
]
ALONE = {"reservation_key": "alone", "room_keys": ["room"]}


@pytest.fixture
def large(dialog):
    """A dialog with many rows. A check of them all takes longer than the window may."""
    dialog.customer.key.setText("harbor-hotel")
    dialog.data.model.reset({"reservations": [*STAYS, ALONE]})
    return dialog


def test_the_window_answers_while_many_rows_are_checked(large, qtbot):
    with window_answers() as monitor:
        large.problems.check_soon()
        qtbot.waitUntil(large.problems.isVisible, timeout=60_000)
    assert monitor.longest > 0
    assert any("It names no person" in problem.reason for problem in large.problems.found)


def test_an_edit_ends_the_check_of_what_was_before(large, qtbot):
    large.problems.check_soon()
    qtbot.waitUntil(lambda: large.problems._runner.is_running)
    large.data.model.reset({"reservations": []})
    large.problems.check_soon()
    assert not large.problems._runner.is_running
    qtbot.waitUntil(lambda: not large.problems._delay.isActive())
    assert list(large.problems.found) == []


def test_many_rows_are_checked_before_they_are_sent(large, qtbot):
    with (
        window_answers(),
        qtbot.waitSignal(large.create_requested, timeout=60_000),
    ):
        large.submit_button.click()
        assert large.is_busy
    data = large.request().customer_data
    assert len(data.reservations) == ROWS
    large.data.model.reset({"reservations": [ALONE]})
    large.form.changed.emit()
    assert len(large.request().customer_data.reservations) == 1, "what is shown now"


def test_the_check_before_sending_can_be_cancelled(large, qtbot):
    sent: list[bool] = []
    large.create_requested.connect(lambda: sent.append(True))
    large.submit_button.click()
    large.dismiss_button.click()
    assert not large.is_busy
    assert large.isVisible()
    qtbot.wait(50)  # a step would come within a millisecond
    assert sent == []


def test_so_many_rows_are_not_shown_as_json(large):
    large.views.show_json()
    assert not large.views.is_json
    assert not large.json_view.isVisible()
    assert "too long to show as JSON" in shown_texts(large)
    large.data.model.reset({"reservations": [ALONE]})
    large.views.show_json()
    assert large.views.is_json
