"""Which domains recipients may have. The policy needs this early, so it imports nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_INTERNAL_ENDINGS = frozenset(
    {
        *("local", "localhost", "localdomain", "internal", "intranet", "private", "lan", "home"),
        *("corp", "test", "invalid", "arpa", "onion", "alt"),
    }
)
"""Last parts of domains that the internet's mail never reaches (RFC 6761, 6762, 8375, ICANN)."""


@dataclass(frozen=True, slots=True)
class RecipientRules:
    """What the organisation fixes for recipients.

    Domains are A-labels, or ``*.domain`` for all names below one. `allowed` is None without a
    limit. `internal` are those that mail may go to although the internet doesn't have them. `note`
    says who fixed `allowed`, for people.
    """

    allowed: tuple[str, ...] | None = None
    internal: tuple[str, ...] = ()
    note: str = ""

    def allows(self, domain: str) -> bool:
        """Whether messages may go to `domain`, in A-labels."""
        return self.allowed is None or matches_host(domain, self.allowed)

    def allows_internal(self, domain: str) -> bool:
        return matches_host(domain, self.internal)


ANY_RECIPIENT = RecipientRules()


def matches_host(name: str, patterns: Sequence[str]) -> bool:
    """Whether `name` is one of `patterns`, or is below one that begins with ``*.``."""
    return any(
        name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern
        for pattern in patterns
    )


def is_internal(domain: str) -> bool:
    """Whether the internet's mail can't reach `domain`, in A-labels."""
    first, _dot, _rest = domain.partition(".")
    last = domain.rpartition(".")[2]
    return first == domain or last in _INTERNAL_ENDINGS or last.isdecimal()
