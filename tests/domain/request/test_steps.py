"""Long computations in steps."""

from __future__ import annotations

from itertools import pairwise

from seam_portal_desktop.domain.request.steps import free_steps


def test_many_items_are_freed_some_at_a_time():
    items: list[object] = [object() for _each in range(10_000)]
    left = [len(items)]
    left += (len(items) for _step in free_steps(items))
    assert items == []
    freed = [before - after for before, after in pairwise(left)]
    assert len(freed) > 2
    assert max(freed) < 5_000, "no step frees most of them"


def test_a_few_items_are_freed_at_once():
    items = [1, 2, 3]
    assert list(free_steps(items)) == []
    assert items == []
