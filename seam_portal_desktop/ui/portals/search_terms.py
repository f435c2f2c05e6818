"""What is typed into the search box, taken apart: words, and `status:` tokens."""

from __future__ import annotations

from dataclasses import dataclass

from seam_portal_desktop.domain.portal.record import PortalStatus

TOKEN = "status:"  # noqa: S105 - a word of the search language

NEEDS_ATTENTION = frozenset({PortalStatus.UNKNOWN, PortalStatus.FAILED, PortalStatus.REQUESTED})
"""A link may exist that nobody holds, or one that was wanted doesn't."""

_MEANINGS = {status.value: frozenset({status}) for status in PortalStatus} | {
    "attention": NEEDS_ATTENTION
}


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """`text` to look for, `statuses` to keep (empty: all), `unknown` status words as typed."""

    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    unknown: tuple[str, ...] = ()


def parse_search(typed: str) -> SearchTerms:
    """Read `typed`: 'harbor status:active status:expiring', or 'status:active,expiring'.

    A word that may still become a status, such as 'status:exp', neither filters nor is unknown.
    """
    words: list[str] = []
    statuses: frozenset[PortalStatus] = frozenset()
    unknown: list[str] = []
    for word in typed.split():
        if not word.casefold().startswith(TOKEN):
            words.append(word)
            continue
        for name in word[len(TOKEN) :].split(","):
            meaning = _MEANINGS.get(name.casefold())
            if meaning is not None:
                statuses |= meaning
            elif not any(known.startswith(name.casefold()) for known in _MEANINGS):
                unknown.append(name)
    return SearchTerms(" ".join(words), statuses, tuple(unknown))


def without_statuses(typed: str) -> str:
    """`typed` without its status tokens."""
    return " ".join(word for word in typed.split() if not word.casefold().startswith(TOKEN))


def explain_unknown(terms: SearchTerms) -> str:
    """A sentence about the status words that mean nothing; '' when there are none."""
    if not terms.unknown:
        return ""
    names = ", ".join(f"“{name}”" for name in terms.unknown)
    return f"There is no status {names}. Known are {', '.join(sorted(_MEANINGS))}."
