"""Counts what a page does and finds when it is too much. No Qt in here."""

from __future__ import annotations

import time
from collections.abc import Callable

from seam_portal_desktop.ui.preview.limits.limits import Counted, PageLimits, Rate

_LONG_TEXT = 20_000


class TokenBucket:
    """Starts with `rate.at_once` tokens and is refilled with `rate.per_second`."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = float(rate.at_once)
        self._filled_at = clock()

    def use(self, tokens: int = 1) -> bool:
        """Use so many tokens; False when there are fewer."""
        if self._tokens < tokens:
            now = self._clock()
            filled = self._tokens + (now - self._filled_at) * self._rate.per_second
            self._tokens = min(filled, float(self._rate.at_once))
            self._filled_at = now
            if self._tokens < tokens:
                return False
        self._tokens -= tokens
        return True


class RateLimiter:
    """Counts for one page and its pop-ups. `count` is called for each request: it must be fast.

    `on_overrun` is called once, inside the call of `count` that exceeds a limit.
    """

    def __init__(self, limits: PageLimits) -> None:
        self._limits = limits
        self.on_overrun: Callable[[Counted, int], None] = lambda _counted, _limit: None
        self.begin()

    def begin(self) -> None:
        """Start again from zero, for a load that the user wants."""
        self._buckets = {each: TokenBucket(rate) for each, rate in self._limits.rates.items()}
        self._is_overrun = False

    def count(self, counted: Counted, *, length: int = 0) -> bool:
        """Count one, or more if it is long. False if it exceeds the limit, and after that.

        `length` is the number of characters that this process has to copy for it.
        """
        if self._is_overrun:
            return False
        if self._buckets[counted].use(1 + length // _LONG_TEXT):
            return True
        self._is_overrun = True
        self.on_overrun(counted, self._limits.rates[counted].at_once)
        return False
