"""How many notices and pop-ups a page gets."""

from __future__ import annotations

from seam_portal_desktop.ui.preview.popups.popup_windows import (
    OPEN_LIMIT,
    PopupBudget,
    PopupRefusal,
)
from seam_portal_desktop.ui.preview.security.page_policy import Notices


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_there_are_three_pop_ups_at_a_time_with_and_without_clicks():
    budget = PopupBudget(Clock())
    assert budget.request(open_now=OPEN_LIMIT, by_user=True) is PopupRefusal.TOO_MANY_OPEN
    assert budget.request(open_now=OPEN_LIMIT - 1, by_user=True) is None


def test_there_are_two_a_minute_without_clicks_and_twelve_with():
    clock = Clock()
    budget = PopupBudget(clock)
    unasked = [budget.request(open_now=0, by_user=False) for _ in range(4)]
    assert unasked == [None] * 2 + [PopupRefusal.TOO_OFTEN] * 2
    clicked = [budget.request(open_now=0, by_user=True) for _ in range(13)]
    assert clicked == [None] * 12 + [PopupRefusal.TOO_OFTEN]
    clock.now += 59
    assert budget.request(open_now=0, by_user=False) is PopupRefusal.TOO_OFTEN
    clock.now += 1
    assert budget.request(open_now=0, by_user=False) is None


def test_a_refusal_is_not_counted():
    budget = PopupBudget(Clock())
    for _ in range(50):
        budget.request(open_now=OPEN_LIMIT, by_user=False)
    assert budget.request(open_now=0, by_user=False) is None


def test_a_notice_comes_once_until_the_reset():
    emitted = []
    notices = Notices(emitted.append)
    for text in ("one", "one", "other", "one"):
        notices.show(text)
    assert emitted == ["one", "other"]
    notices.reset()
    notices.show("one")
    assert emitted == ["one", "other", "one"]


def test_many_different_notices_end_with_one_for_all():
    emitted = []
    notices = Notices(emitted.append)
    for number in range(100):
        notices.show(f"notice {number}")
    assert len(emitted) == 13
    assert emitted[-1] == "The page keeps asking for things that the preview refuses."
