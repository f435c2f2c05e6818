"""Addresses and domains that links are never sent to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seam_portal_desktop.domain.message.recipients.addresses import (
    address_key,
    check_address,
    domain_key,
)
from seam_portal_desktop.domain.message.recipients.rules import RecipientRules
from seam_portal_desktop.texts import _

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
    """The entries of one workspace, the oldest first, to look addresses up. `unreadable` counts
    those that can't be decrypted now."""

    def __init__(self, entries: Iterable[DoNotSend] = (), *, unreadable: int = 0) -> None:
        self._by_key: Mapping[str, DoNotSend] = {each.key: each for each in entries}
        self.unreadable = unreadable

    @property
    def entries(self) -> Sequence[DoNotSend]:
        return tuple(self._by_key.values())

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


def read_target(text: str, rules: RecipientRules) -> tuple[str, str]:
    """What was typed as an address, or as a domain with or without an @ before it, and why it can't
    be used. One of both is empty."""
    typed = text.strip()
    is_domain = "@" not in typed.removeprefix("@")
    name = typed.removeprefix("@").removeprefix("*.")
    checked = check_address(f"anybody@{name}" if is_domain else typed, rules)
    problem = next((each.sentence for each in checked.findings if not checked.address), "")
    if not is_domain:
        return checked.address, problem
    if problem:
        return "", _("Type an address such as ann@example.com, or a domain such as example.com.")
    return checked.address.partition("@")[2], ""
