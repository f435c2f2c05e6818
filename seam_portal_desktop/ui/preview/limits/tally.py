"""What a page asks for, counted while it lives. Called for each request: it must cost nothing."""

from __future__ import annotations

from collections.abc import Callable

from seam_portal_desktop.ui.preview.limits.limits import Allowance, Counted, PageLimits


class PageTally:
    """Calls `on_overrun` once, from inside the call that was one too many."""

    def __init__(self, limits: PageLimits) -> None:
        self._limits = limits
        self.on_overrun: Callable[[Counted, int], None] = _ignore
        self._allowances: dict[Counted, Allowance] = {}
        self.overrun = False
        self.begin()

    def begin(self) -> None:
        """A load that the user wants: what came before is forgotten."""
        self._allowances = {what: Allowance(rate) for what, rate in self._limits.rates.items()}
        self.overrun = False

    def count(self, what: Counted) -> bool:
        """False when it is too much; also for everything that comes after that."""
        if self.overrun:
            return False
        if self._allowances[what].take():
            return True
        self.overrun = True
        self.on_overrun(what, self._limits.rates[what].at_once)
        return False


def _ignore(_what: Counted, _limit: int) -> None:
    """Nobody listens yet."""
