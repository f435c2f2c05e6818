"""What a page may ask for, counted."""

from __future__ import annotations

from seam_portal_desktop.ui.preview.limits.limits import Allowance, Counted, PageLimits, Rate
from seam_portal_desktop.ui.preview.limits.tally import PageTally


def test_so_much_at_once_and_a_little_for_ever():
    now = [0.0]
    allowance = Allowance(Rate(3, 2), clock=lambda: now[0])
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 1.0
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    now[0] = 1_000.0
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]


def test_a_page_that_asks_each_second_is_never_too_much():
    now = [0.0]
    limits = PageLimits()
    allowance = Allowance(limits.rates[Counted.REQUEST], clock=lambda: now[0])
    for second in range(20_000):
        now[0] = float(second)
        assert allowance.take()


def test_an_overrun_is_told_once_and_nothing_more_is_allowed():
    told = []
    tally = PageTally(PageLimits(rates={what: Rate(2, 0) for what in Counted}))
    tally.on_overrun = lambda what, limit: told.append((what, limit))
    assert [tally.count(Counted.REQUEST) for _ in range(4)] == [True, True, False, False]
    assert not tally.count(Counted.MESSAGE)
    assert told == [(Counted.REQUEST, 2)]
    tally.begin()
    assert tally.count(Counted.REQUEST)


def test_every_thing_that_is_counted_has_a_limit():
    assert set(PageLimits().rates) == set(Counted)
