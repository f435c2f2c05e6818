"""A mail server's answers: their code, their text, and the moment at which they came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# The first digit of a code.
_POSITIVE = 2
_TEMPORARY = 4
_PERMANENT = 5

_LONGEST_LINE = 500
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_WAIT = re.compile(
    r"\b(\d{1,5})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b", re.IGNORECASE
)
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_WAIT = 24 * 3600.0

CLOSING = 421
"""The code with which a server ends the connection, in any phase."""


class Phase(StrEnum):
    """What the program was doing at a mail server. BODY is after the answer 354 to DATA."""

    CONNECT = "connect"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    SIGN_IN = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "message"


@dataclass(frozen=True, slots=True, repr=False)
class ServerAnswer:
    """An answer. `text` is the server's and may name people, so it isn't in the repr."""

    code: int
    text: str = ""

    def __repr__(self) -> str:
        return f"ServerAnswer({self.code})"

    @property
    def is_positive(self) -> bool:
        return self.code // 100 == _POSITIVE

    @property
    def is_temporary(self) -> bool:
        return self.code // 100 == _TEMPORARY

    @property
    def is_permanent(self) -> bool:
        return self.code // 100 == _PERMANENT

    @property
    def is_refusal(self) -> bool:
        return self.is_temporary or self.is_permanent

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463), such as ``5.7.1``, or empty."""
        found = _ENHANCED.search(self.text)
        return found[1] if found else ""

    @property
    def line(self) -> str:
        """The answer as one line of limited length, without control characters."""
        text = "".join(each if each.isprintable() else " " for each in self.text)
        line = " ".join(f"{self.code} {text}".split())
        return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"

    @property
    def named_wait(self) -> float | None:
        """The seconds after which the server asks to come back, if its text has a time."""
        found = _WAIT.search(self.text)
        if found is None:
            return None
        return min(_LONGEST_WAIT, max(1.0, float(found[1]) * _SECONDS[found[2][0].lower()]))
