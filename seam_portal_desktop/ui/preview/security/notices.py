"""Quiet notices: each is said once for a page, and a page can't make them many. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable

_MOST = 12


class Notices:
    """Hands texts on to `emit`, each once, until `forget`; after the twelfth one last for all."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit
        self._said: set[str] = set()

    def say(self, text: str) -> None:
        if text in self._said or len(self._said) > _MOST:
            return
        self._said.add(text)
        if len(self._said) > _MOST:
            text = "The page keeps asking for things that the preview refuses."
        self._emit(text)

    def forget(self) -> None:
        """The page begins anew."""
        self._said.clear()
