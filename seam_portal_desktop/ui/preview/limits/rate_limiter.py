"""Counts what a page does and finds when it is too much. No Qt in here."""

from __future__ import annotations

import time
from collections.abc import Callable

from seam_portal_desktop.ui.preview.limits.limits import Counted, PageLimits, Rate


class TokenBucket:
    """Starts with `rate.at_once` tokens and is refilled with `rate.per_second`."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = float(rate.at_once)
        self._filled_at = clock()

    def use(self) -> bool:
        """Use one token; False when there is none left."""
        if self._tokens < 1:
            now = self._clock()
            tokens = self._tokens + (now - self._filled_at) * self._rate.per_second
            self._tokens = min(tokens, float(self._rate.at_once))
            self._filled_at = now
            if self._tokens < 1:
                return False
        self._tokens -= 1
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

    def count(self, counted: Counted) -> bool:
        """Count one. False when it exceeds the limit, and for everything after that."""
        if self._is_overrun:
            return False
        if self._buckets[counted].use():
            return True
        self._is_overrun = True
        self.on_overrun(counted, self._limits.rates[counted].at_once)
        return False
