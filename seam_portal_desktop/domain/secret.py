"""Text that is never shown by accident."""

from __future__ import annotations

from typing import NoReturn

MASK = "••••••••"


class Secret:
    """A credential, token or portal URL, readable only through `reveal`.

    ``str()``, ``repr()`` and f-strings give a mask and pickling is refused, so that no log line
    and no crash report holds the text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Call it only where the text leaves the program."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # loads OpenSSL, and nothing is compared at start

        # An encoding error would quote the text.
        mine = self._text.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(mine, other._text.encode("utf-8", "surrogatepass"))

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret can't be pickled.")
