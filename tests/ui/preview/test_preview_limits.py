"""How much of its wishes a page may voice, and how many pop-ups it gets."""

from __future__ import annotations

from seam_portal_desktop.ui.preview.popups.popup_budget import MOST_OPEN, Grant, PopupBudget
from seam_portal_desktop.ui.preview.security.dialogs import DIALOG_LIMIT, DialogCount
from seam_portal_desktop.ui.preview.security.notices import Notices


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_three_pop_ups_at_a_time_whoever_wants_them():
    budget = PopupBudget(Clock())
    assert budget.ask(is_open=MOST_OPEN, by_hand=True) is Grant.TOO_MANY_OPEN
    assert budget.ask(is_open=MOST_OPEN - 1, by_hand=True) is Grant.YES


def test_two_a_minute_without_a_hand_and_twelve_with():
    clock = Clock()
    budget = PopupBudget(clock)
    unasked = [budget.ask(is_open=0, by_hand=False) for _ in range(4)]
    assert unasked == [Grant.YES] * 2 + [Grant.TOO_OFTEN] * 2
    by_hand = [budget.ask(is_open=0, by_hand=True) for _ in range(13)]
    assert by_hand == [Grant.YES] * 12 + [Grant.TOO_OFTEN]
    clock.now += 59
    assert budget.ask(is_open=0, by_hand=False) is Grant.TOO_OFTEN
    clock.now += 1
    assert budget.ask(is_open=0, by_hand=False) is Grant.YES


def test_a_refusal_is_not_counted():
    budget = PopupBudget(Clock())
    for _ in range(50):
        budget.ask(is_open=MOST_OPEN, by_hand=False)
    assert budget.ask(is_open=0, by_hand=False) is Grant.YES


def test_a_notice_comes_once_until_the_page_begins_anew():
    said = []
    notices = Notices(said.append)
    for text in ("one", "one", "other", "one"):
        notices.say(text)
    assert said == ["one", "other"]
    notices.forget()
    notices.say("one")
    assert said == ["one", "other", "one"]


def test_many_different_notices_end_in_one_for_all():
    said = []
    notices = Notices(said.append)
    for number in range(100):
        notices.say(f"wish {number}")
    assert len(said) == 13
    assert said[-1] == "The page keeps asking for things that the preview refuses."


def test_too_many_message_boxes_end_the_page_once():
    said, flooded = [], []
    count = DialogCount(lambda: said.append(1), lambda: flooded.append(1))
    for _ in range(DIALOG_LIMIT - 1):
        count.one_more()
    assert flooded == []
    for _ in range(DIALOG_LIMIT):
        count.one_more()
    assert flooded == [1]
    count.forget()
    for _ in range(DIALOG_LIMIT):
        count.one_more()
    assert flooded == [1, 1]
