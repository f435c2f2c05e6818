"""Client sessions that count how often they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, ClassVar

from seam_portal_desktop.domain.ports import ClientSession


class CountedSession(ClientSession):
    """``reads`` is the number of attributes that were read of all of them."""

    reads: ClassVar[int] = 0

    def __getattribute__(self, name: str) -> Any:
        CountedSession.reads += 1
        return super().__getattribute__(name)


def counted(sessions: Sequence[ClientSession]) -> list[ClientSession]:
    """Copies of `sessions` that count from zero."""
    names = [field.name for field in fields(ClientSession)]
    made: list[ClientSession] = [
        CountedSession(**{name: getattr(session, name) for name in names}) for session in sessions
    ]
    CountedSession.reads = 0
    return made
