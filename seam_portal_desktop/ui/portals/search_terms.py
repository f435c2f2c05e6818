"""Parses the text of the search box into words, `status:` words and `tag:` words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seam_portal_desktop.domain.portal.record import PortalStatus

_PREFIX = "status:"
_TAG_PREFIX = "tag:"
_WORD = re.compile(r'tag:"[^"]*"?|\S+', re.IGNORECASE)

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
    """`text` to look for, `statuses` to keep (empty: all), `unknown` status words as typed, and the
    starts of `tags` that a customer must have."""

    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    unknown: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()


def parse_search(typed: str) -> SearchTerms:
    """Parse `typed`: 'harbor status:active status:expiring', or 'status:active,expiring'. Also
    'tag:vip tag:north', or 'tag:vip,north', and 'tag:"long stay"'.

    The start of a status, such as 'status:exp', neither filters nor is unknown: it is still typed.
    """
    words: list[str] = []
    statuses: frozenset[PortalStatus] = frozenset()
    unknown: list[str] = []
    tags: set[str] = set()
    for word in _WORD.findall(typed):
        if word.casefold().startswith(_TAG_PREFIX):
            starts = word[len(_TAG_PREFIX) :].replace('"', "").split(",")
            tags.update(" ".join(start.split()) for start in starts)
            continue
        if not word.casefold().startswith(_PREFIX):
            words.append(word)
            continue
        for name in word[len(_PREFIX) :].split(","):
            found = _STATUSES.get(name.casefold())
            if found is not None:
                statuses |= found
            elif not any(known.startswith(name.casefold()) for known in _STATUSES):
                unknown.append(name)
    return SearchTerms(" ".join(words), statuses, tuple(unknown), frozenset(tags - {""}))


def without_statuses(typed: str) -> str:
    """`typed` without its status words."""
    return " ".join(word for word in typed.split() if not word.casefold().startswith(_PREFIX))


def explain_unknown(terms: SearchTerms) -> str:
    """A sentence about the unknown status words; '' without any."""
    if not terms.unknown:
        return ""
    names = ", ".join(f"“{name}”" for name in terms.unknown)
    return f"There is no status {names}. Known are {', '.join(sorted(_STATUSES))}."
