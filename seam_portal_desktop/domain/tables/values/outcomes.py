"""What becomes of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """The cell isn't taken. ``reason`` is one sentence without a full stop."""

    reason: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with something that people are told about it, as a whole sentence."""

    value: Any
    note: str


class _Waiting:
    """The type of WAITING, which stands for a value that depends on an open question."""


WAITING = _Waiting()

Outcome = Any
"""The value, MISSING for an empty cell, WAITING, a Refusal or a Noted value."""
