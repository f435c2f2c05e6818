"""The customers that the ledger knows, with their active links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from seam_portal_desktop.domain.portal.look_alikes import LookAlikes
from seam_portal_desktop.domain.portal.record import Channel


@dataclass(frozen=True, slots=True)
class ActiveLink:
    """A customer's portal whose link is live."""

    portal_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """``links`` were live when the ledger was read, the newest first. ``sent_at`` and
    ``sent_channel`` are of the link that was sent last. ``is_here``: the ledger has a record."""

    customer_key: str
    links: tuple[ActiveLink, ...] = ()
    sent_at: datetime | None = None
    sent_channel: Channel | None = None
    is_here: bool = True

    def links_at(self, now: datetime) -> tuple[ActiveLink, ...]:
        """The links that are live at `now`, the newest first."""
        return tuple(link for link in self.links if now < link.expires_at)


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What there is to say about a customer key that was typed.

    A known customer has ``links``. A key without ``links`` is new: ``similar`` is the known key
    that may be meant, ``seam_answered`` says whether Seam's list lacks the key too.
    ``may_be_open``: Seam knows the customer, so there may be an open portal that isn't known here.
    """

    key: str
    links: tuple[ActiveLink, ...] = ()
    similar: str | None = None
    seam_answered: bool = True
    may_be_open: bool = False


class KnownCustomers:
    """Customers by key, the most recently used first.

    For thousands of customers it takes some 100 ms to make one, so make it in a thread.
    """

    def __init__(self, customers: Iterable[KnownCustomer] = ()) -> None:
        self._by_key = {each.customer_key: each for each in customers}
        self._customers = tuple(self._by_key.values())
        self._folded = [key.casefold() for key in self._by_key]
        self._by_folded = dict(zip(reversed(self._folded), reversed(self._by_key), strict=True))
        self._look_alikes = LookAlikes(self._by_key)

    def get(self, key: str) -> KnownCustomer | None:
        return self._by_key.get(key)

    def matching(self, text: str, limit: int) -> list[KnownCustomer]:
        """The first customers whose key contains `text`, in capitals or not."""
        wanted = text.casefold()
        found: list[KnownCustomer] = []
        for folded, customer in zip(self._folded, self._customers, strict=True):
            if wanted in folded:
                found.append(customer)
                if len(found) == limit:
                    break
        return found

    def in_other_capitals(self, key: str) -> str | None:
        """The known key that differs from `key` in capitals only."""
        known = self._by_folded.get(key.casefold())
        return None if known == key else known

    def similar_to(self, key: str) -> str | None:
        """The known key that may be meant by the new `key`. Takes up to 50 ms: use a thread."""
        return self._look_alikes.of(key)
