"""Parses the text of the search box into words and `status:` words."""

from __future__ import annotations

from dataclasses import dataclass

from seam_portal_desktop.domain.portal.record import PortalStatus

_PREFIX = "status:"

NEEDS_ATTENTION = frozenset(
    {
        PortalStatus.UNKNOWN,
        PortalStatus.FAILED,
        PortalStatus.REQUESTED,
        PortalStatus.DAMAGED,
    }
)
"""A link may exist that nobody has, a link that was requested doesn't exist, or the ledger's entry
can't be read."""

_STATUSES = {status.value: frozenset({status}) for status in PortalStatus} | {
    "attention": NEEDS_ATTENTION
}


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """`text` to look for, `statuses` to keep (empty: all), `unknown` status words as typed."""

    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    unknown: tuple[str, ...] = ()


def parse_search(typed: str) -> SearchTerms:
    """Parse `typed`: 'harbor status:active status:expiring', or 'status:active,expiring'.

    The start of a status, such as 'status:exp', neither filters nor is unknown: it is still typed.
    """
    words: list[str] = []
    statuses: frozenset[PortalStatus] = frozenset()
    unknown: list[str] = []
    for word in typed.split():
        if not word.casefold().startswith(_PREFIX):
            words.append(word)
            continue
        for name in word[len(_PREFIX) :].split(","):
            found = _STATUSES.get(name.casefold())
            if found is not None:
                statuses |= found
            elif not any(known.startswith(name.casefold()) for known in _STATUSES):
                unknown.append(name)
    return SearchTerms(" ".join(words), statuses, tuple(unknown))


def without_statuses(typed: str) -> str:
    """`typed` without its status words."""
    return " ".join(word for word in typed.split() if not word.casefold().startswith(_PREFIX))


def explain_unknown(terms: SearchTerms) -> str:
    """A sentence about the unknown status words; '' without any."""
    if not terms.unknown:
        return ""
    names = ", ".join(f"“{name}”" for name in terms.unknown)
    return f"There is no status {names}. Known are {', '.join(sorted(_STATUSES))}."
