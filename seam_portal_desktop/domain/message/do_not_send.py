"""Addresses and domains that links are never sent to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from seam_portal_desktop.domain.message.recipients.addresses import address_key, domain_key

MOST_REASON = 300
MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True, repr=False)
class DoNotSend:
    """An entry of a workspace's do-not-send list.

    `target` is an address, or a domain without an @ that stands for all its addresses. `reason` is
    the user's own text, `by` the OS user. `at` is aware, in UTC.
    """

    target: str
    reason: str
    by: str
    at: datetime

    @property
    def key(self) -> str:
        """The same for every way to write the target."""
        return target_key(self.target)


def target_key(target: str) -> str:
    return address_key(target) if "@" in target else domain_key(f"@{target}")


class DoNotSendList:
    """The entries of one workspace, to look addresses up."""

    def __init__(self, entries: Iterable[DoNotSend] = ()) -> None:
        self._by_key: Mapping[str, DoNotSend] = {each.key: each for each in entries}

    def entry_of(self, address: str) -> DoNotSend | None:
        """The entry that forbids `address`: its own, else its domain's or that of one above."""
        own = self._by_key.get(address_key(address))
        if own is not None or not self._by_key:
            return own
        labels = domain_key(address).split(".")
        for at in range(len(labels)):
            entry = self._by_key.get(".".join(labels[at:]))
            if entry is not None:
                return entry
        return None


NOTHING_FORBIDDEN = DoNotSendList()
