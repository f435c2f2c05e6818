"""`until`: waits for a condition in async tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

PATIENCE = 20.0


async def until(
    condition: Callable[[], _T], what: str = "the condition holds", *, within: float = PATIENCE
) -> _T:
    """Run the event loop until `condition` is true; return its value."""
    deadline = time.monotonic() + within
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited in vain until {what}.")
        await asyncio.sleep(0.01)
    return result
