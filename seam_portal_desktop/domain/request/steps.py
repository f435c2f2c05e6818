"""Long computations in steps, so that a caller on the GUI thread can handle events in between.

A thread wouldn't do: while it computes, each call of the GUI thread into Python waits for it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, MutableSequence, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

Steps = Generator[None, None, T]
"""Yields between steps of a few milliseconds, and returns the result. A short computation is one
step: it never yields."""

ROWS_A_STEP = 200
_SORTED_A_STEP = 2_000
_FREED_A_STEP = 2_000


def finish(steps: Steps[T]) -> T:
    """Do all steps at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def sort_steps(items: Sequence[T], key: Callable[[T], Any]) -> Steps[list[T]]:
    """`items` sorted by `key`, those with the same key in their order."""
    if len(items) <= _SORTED_A_STEP:
        return sorted(items, key=key)
    runs = []
    for start in range(0, len(items), _SORTED_A_STEP):
        runs.append(sorted(items[start : start + _SORTED_A_STEP], key=key))
        yield None
    merged: list[T] = []
    for item in heapq.merge(*runs, key=key):
        merged.append(item)
        if len(merged) % ROWS_A_STEP == 0:
            yield None
    return merged


def free_steps(items: MutableSequence[Any]) -> Steps[None]:
    """Remove all of `items`. To free a hundred thousand objects at once takes a tenth of a second.

    It helps only if nothing else refers to them.
    """
    while len(items) > _FREED_A_STEP:
        del items[-_FREED_A_STEP:]
        yield None
    items.clear()
