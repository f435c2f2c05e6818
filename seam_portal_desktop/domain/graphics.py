"""Whether the program draws with the graphics card or without, remembered from run to run."""

from __future__ import annotations

from typing import Protocol


class GraphicsChoice(Protocol):
    """Kept where it can be read before there is a window, or anything that draws."""

    @property
    def wants_software(self) -> bool:
        """Whether this run should draw without the graphics card."""
        ...

    def check_last_start(self) -> bool:
        """Whether the last run died while its graphics were set up; from then on remembered.

        Only the one running instance may call it, before `begin_start`.
        """
        ...

    def remember(self, *, software: bool) -> None:
        """How the next run should draw."""
        ...

    def begin_start(self) -> None:
        """Graphics are about to be set up, which may end the process without a word."""
        ...

    def end_start(self) -> None:
        """It went well, or the program ends in an orderly way."""
        ...
