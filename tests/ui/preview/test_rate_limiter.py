"""How often a page may do something."""

from __future__ import annotations

from seam_portal_desktop.ui.preview.limits.limits import Counted, PageLimits, Rate
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter, TokenBucket


def test_a_bucket_is_full_at_first_and_is_refilled_with_time():
    now = [0.0]
    bucket = TokenBucket(Rate(3, 2), clock=lambda: now[0])
    assert [bucket.use() for _ in range(4)] == [True, True, True, False]
    now[0] = 1.0
    assert [bucket.use() for _ in range(3)] == [True, True, False]
    now[0] = 1_000.0
    assert [bucket.use() for _ in range(4)] == [True, True, True, False]


def test_a_page_that_requests_each_second_never_reaches_the_limit():
    now = [0.0]
    bucket = TokenBucket(PageLimits().rates[Counted.REQUEST], clock=lambda: now[0])
    for second in range(20_000):
        now[0] = float(second)
        assert bucket.use()


def test_an_overrun_is_reported_once_and_nothing_more_is_allowed():
    overruns = []
    limiter = RateLimiter(PageLimits(rates={each: Rate(2, 0) for each in Counted}))
    limiter.on_overrun = lambda counted, limit: overruns.append((counted, limit))
    assert [limiter.count(Counted.REQUEST) for _ in range(4)] == [True, True, False, False]
    assert not limiter.count(Counted.MESSAGE)
    assert overruns == [(Counted.REQUEST, 2)]
    limiter.begin()
    assert limiter.count(Counted.REQUEST)


def test_everything_that_is_counted_has_a_limit():
    assert set(PageLimits().rates) == set(Counted)
