"""The customers that the ledger knows, with their active links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
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
    ``sent_channel`` are of the link that was sent last. ``is_here``: the ledger has a record.
    ``details`` are what we call the customer."""

    customer_key: str
    links: tuple[ActiveLink, ...] = ()
    sent_at: datetime | None = None
    sent_channel: Channel | None = None
    is_here: bool = True
    details: CustomerDetails = NO_DETAILS

    def links_at(self, now: datetime) -> tuple[ActiveLink, ...]:
        """The links that are live at `now`, the newest first."""
        return tuple(link for link in self.links if now < link.expires_at)


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What there is to say about a customer key that was typed.

    A known customer has ``links``. A key without ``links`` is new: ``similar`` is the known key
    that may be meant, with the customer's ``similar_name``. ``seam_answered`` says whether Seam's
    list lacks the key too. ``may_be_open``: Seam knows the customer, so there may be an open portal
    that isn't known here.
    """

    key: str
    links: tuple[ActiveLink, ...] = ()
    similar: str | None = None
    similar_name: str = ""
    seam_answered: bool = True
    may_be_open: bool = False


class KnownCustomers:
    """Customers by key, the most recently used first.

    For thousands of customers it takes some 100 ms to make one, so make it in a thread.
    """

    def __init__(self, customers: Iterable[KnownCustomer] = ()) -> None:
        self._by_key = {each.customer_key: each for each in customers}
        self._customers = tuple(self._by_key.values())
        self._searched = [_searched(each) for each in self._customers]
        self._by_folded = {key.casefold(): key for key in reversed(self._by_key)}
        names = {
            each.details.name: each.customer_key
            for each in reversed(self._customers)
            if each.details.name
        }
        self._look_alikes = LookAlikes(self._by_key, names)

    def get(self, key: str) -> KnownCustomer | None:
        return self._by_key.get(key)

    def matching(self, text: str, limit: int) -> list[KnownCustomer]:
        """The first customers whose key, name or a tag contains `text`, in capitals or not."""
        wanted = text.casefold()
        found: list[KnownCustomer] = []
        for searched, customer in zip(self._searched, self._customers, strict=True):
            if wanted in searched:
                found.append(customer)
                if len(found) == limit:
                    break
        return found

    def tags(self) -> list[str]:
        """Every tag of a customer, by alphabet."""
        tags = {tag for customer in self._customers for tag in customer.details.tags}
        return sorted(tags, key=str.casefold)

    def in_other_capitals(self, key: str) -> str | None:
        """The known key that differs from `key` in capitals only."""
        known = self._by_folded.get(key.casefold())
        return None if known == key else known

    def similar_to(self, key: str) -> str | None:
        """The known key that may be meant by the new `key`, or that has it as its name.

        Takes up to 50 ms: use a thread.
        """
        return self._look_alikes.of(key)


def _searched(customer: KnownCustomer) -> str:
    details = customer.details
    if not (details.name or details.tags):
        return customer.customer_key.casefold()
    return "\n".join((customer.customer_key, details.name, *details.tags)).casefold()
