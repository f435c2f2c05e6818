"""Time as something handed in, so that expiry can be tested."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns now as an aware datetime in UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)
