"""A page's message boxes: dismissed and counted, and too many end the page. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable

DIALOG_LIMIT = 20


class DialogCount:
    """`say` gets the notice; `flooded` is called once, at the twentieth box since `forget`."""

    def __init__(self, say: Callable[[], None], flooded: Callable[[], None]) -> None:
        self._say = say
        self._flooded = flooded
        self._count = 0

    def one_more(self) -> None:
        self._count += 1
        self._say()
        if self._count == DIALOG_LIMIT:
            self._flooded()

    def forget(self) -> None:
        """The page begins anew."""
        self._count = 0
