"""What led to an error, for libraries that wrap one error in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

_O = TypeVar("_O", bound=BaseException)


def find(error: BaseException, kind: type[_O]) -> _O | None:
    """The first error of `kind` in the chain."""
    return next((each for each in chain(error) if isinstance(each, kind)), None)


def chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and all that led to it; happy-eyeballs connecting collects its failures in groups."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting.extend(each.exceptions)
        waiting.extend(cause for cause in (each.__cause__, each.__context__) if cause is not None)
