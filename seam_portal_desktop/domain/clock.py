"""The clock. Code that needs the time gets it as an argument, so that tests can set it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the current time as an aware datetime in UTC."""

_DATE_SPAN_S = 2.0
"""How much later than its `Date` header an answer may have been made. The header has whole
seconds, and servers compute it once a second."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

_SHIFT_TO_REPORT = timedelta(seconds=2)
"""A smaller change is the measurement's own error."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def steady_seconds() -> float:
    """Seconds that nobody can set, and that go on while the computer sleeps."""
    if hasattr(time, "clock_gettime"):
        # Linux's CLOCK_MONOTONIC stands still during sleep, that of macOS doesn't.
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    return time.monotonic()


class SeamClock:
    """Seam's time, measured from the `Date` header of its answers.

    Links expire by Seam's time. Until the first answer it is this computer's time. Later changes
    of this computer's clock don't matter. The difference isn't kept for the next run: the clock
    may have been set meanwhile, and each run asks Seam soon.
    """

    def __init__(
        self, system: Clock = system_clock, steady: Callable[[], float] = steady_seconds
    ) -> None:
        self._system = system
        self.steady = steady
        self._bounds: tuple[float, float] | None = None
        self._offset = 0.0  # of Seam's time to `steady`, in seconds, between the bounds
        self._listeners: list[Callable[[timedelta], None]] = []

    def __call__(self) -> datetime:
        if self._bounds is None:
            return self._system()
        return datetime.fromtimestamp(self.steady() + self._offset, UTC)

    @property
    def is_known(self) -> bool:
        """Whether Seam has answered in this run."""
        return self._bounds is not None

    @property
    def difference(self) -> timedelta:
        """This computer's time minus Seam's; zero until Seam has answered."""
        return self._system() - self() if self.is_known else timedelta()

    def observe(self, date: datetime, sent_at: float, received_at: float) -> None:
        """Take over the `date` of an answer. The other two are `steady` before and after it.

        Seam made the answer between these two. So each answer bounds the difference, and a second
        one narrows the bounds, unless they contradict each other. Then the newer one counts. A time
        that is within the bounds stays as it is, so that later events get later times.
        """
        before = self()
        was_known = self.is_known
        low = date.timestamp() - received_at
        high = date.timestamp() + _DATE_SPAN_S - sent_at
        if self._bounds is not None:
            both = max(low, self._bounds[0]), min(high, self._bounds[1])
            if both[0] <= both[1]:
                low, high = both
        self._bounds = low, high
        self._offset = before.timestamp() - self.steady()
        if not low <= self._offset <= high:
            self._offset = (low + high) / 2
        shift = self() - before
        if not was_known or abs(shift) >= _SHIFT_TO_REPORT:
            for listener in tuple(self._listeners):
                listener(shift)

    def subscribe(self, listener: Callable[[timedelta], None]) -> Callable[[], None]:
        """Call `listener` when the time is known and when it changes by seconds, with the change.

        Returns a function that unsubscribes it.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def rounded_up(left: timedelta) -> timedelta:
    """A remaining time, rounded up to the unit in which it is shown.

    The unit is minutes below one hour, hours up to two days, then days. A link that has 6 days and
    23 hours left has 7 days; it has 6 days only when no more than that is left. What is shown is
    more than what is left by less than one unit. Hours and days are rounded up from whole minutes:
    a link that Seam made seconds ago by a clock that is seconds ahead doesn't have 8 days.
    """
    minutes = max(0, -(-left // _MINUTE))
    if minutes < _HOUR // _MINUTE:
        return minutes * _MINUTE
    whole = left // _MINUTE * _MINUTE
    hours = max(1, -(-whole // _HOUR))
    return hours * _HOUR if whole <= 2 * _DAY else -(-whole // _DAY) * _DAY


def has_seam_time(clock: Clock) -> bool:
    """Whether `clock` gives Seam's time now."""
    return isinstance(clock, SeamClock) and clock.is_known
