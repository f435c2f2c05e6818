"""How much a previewed page may take before it is stopped, each figure with its reason. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Rate:
    """What may come at once, and what may come on top of it each second for ever."""

    at_once: int
    per_second: float


class Counted(StrEnum):
    """What is counted; the value is how the user is told of it, after "More than 100"."""

    REQUEST = "requests"
    NAVIGATION = "loads by the page itself"
    MESSAGE = "messages"
    WISH = "questions to the browser"


def _rates() -> dict[Counted, Rate]:
    return {
        # A heavy page with every image of a customer's hundred units makes some hundreds; one that
        # polls asks about once a second. 10,000 pending ones cost the window half a second to end.
        Counted.REQUEST: Rate(2_000, 10),
        # A sign-in hops five to ten times; people click at most about once a second.
        Counted.NAVIGATION: Rate(30, 1),
        # A page in a script without end logs some ten thousand a second, and what this process
        # hasn't read yet piles up in its memory (measured: 70 MB a second).
        Counted.MESSAGE: Rate(2_000, 50),
        # New windows, permissions, downloads: each is refused with a word, and costs a call.
        Counted.WISH: Rate(100, 1),
    }


@dataclass(frozen=True, slots=True)
class PageLimits:
    """`hang_after`: how long a page may be silent before the user is asked."""

    hang_after: timedelta = timedelta(seconds=10)
    # A portal's page takes about 100 MB and the heaviest public ones 500; two previews side by
    # side must fit beside other programs on a machine with 8 GB.
    renderer_bytes: int = 1_024 * MEGABYTE
    # What the page makes this process hold for it: blobs, canvases, unread messages. Starting the
    # engine takes some 120 MB, a window of 4K with its buffers as much again.
    own_growth_bytes: int = 512 * MEGABYTE
    # Frames, at one time. A portal has two or three; each costs the window's thread about 2 ms when
    # it comes and most of one when the page ends.
    frames: int = 60
    # The window's thread idles at a few percent while an animation of 4K plays.
    busy_share: float = 0.75
    busy_for: timedelta = timedelta(seconds=5)
    rates: dict[Counted, Rate] = field(default_factory=_rates)


class Allowance:
    """A store of tokens that fills up again with time."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._left = float(rate.at_once)
        self._since = clock()

    def take(self) -> bool:
        """Use one up; False when there is none left."""
        if self._left < 1:
            now = self._clock()
            grown = self._left + (now - self._since) * self._rate.per_second
            self._left = min(grown, float(self._rate.at_once))
            self._since = now
            if self._left < 1:
                return False
        self._left -= 1
        return True
