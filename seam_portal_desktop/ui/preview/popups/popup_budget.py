"""How many pop-ups a page gets. No Qt in here."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

MOST_OPEN = 3
UNASKED_MOST = 2
_WITHIN = timedelta(minutes=1)
ASKED_MOST = 12


class Grant(StrEnum):
    """The answer to one more pop-up."""

    YES = "yes"
    TOO_MANY_OPEN = "too_many_open"
    TOO_OFTEN = "too_often"


class PopupBudget:
    """Three pop-ups at a time; in one minute two without and twelve with the user's hand.

    One click can be stretched: a page that closes and opens pop-ups in turn would keep the user
    from its own close button.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._unasked: deque[float] = deque()
        self._asked: deque[float] = deque()

    def ask(self, *, is_open: int, by_hand: bool) -> Grant:
        """Whether one more may open while `is_open` are. A yes is counted."""
        if is_open >= MOST_OPEN:
            return Grant.TOO_MANY_OPEN
        spent, most = (self._asked, ASKED_MOST) if by_hand else (self._unasked, UNASKED_MOST)
        now = self._now()
        while spent and now - spent[0] >= _WITHIN.total_seconds():
            spent.popleft()
        if len(spent) >= most:
            return Grant.TOO_OFTEN
        spent.append(now)
        return Grant.YES
