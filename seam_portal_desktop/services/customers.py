"""Which customers are known, and what there is to say about a key that is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.customers import KeyCheck, KnownCustomers
from seam_portal_desktop.domain.portal.look_alikes import LookAlikes
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.lookups import LookupService

_MOST_CUSTOMERS = 2000
_LEAST_SEARCHED = 3
"""Half a key with fewer characters would find nearly every customer."""


class CustomerService:
    """Knows the ledger's customers, and asks Seam for others where its list answers."""

    def __init__(self, ledger: Ledger, lookups: LookupService, clock: Clock) -> None:
        self._ledger = ledger
        self._lookups = lookups
        self.clock = clock
        self._refuses_open: set[tuple[str, str]] = set()

    async def known(self, workspace_id: str) -> KnownCustomers:
        """The ledger's customers. Raises LedgerError."""
        found = await self._ledger.customers(workspace_id, now=self.clock())
        return await asyncio.to_thread(KnownCustomers, found)

    async def search(
        self,
        connection: WorkspaceConnection,
        text: str,
        on_found: Callable[[Sequence[str]], None],
    ) -> bool:
        """Call `on_found` with all keys so far, after each page of Seam's customers that match.

        Returns whether that is all of them: False after a failure, or when there are too many.
        """
        keys: list[str] = []
        cursor: str | None = None
        while True:
            page = await self._lookups.customers(connection, text, cursor)
            if page is None:
                return False
            keys += page.customer_keys
            on_found(keys)
            cursor = page.next_page_cursor
            if cursor is None or not page.customer_keys:
                return True
            if len(keys) >= _MOST_CUSTOMERS:
                return False

    def check_known(self, known: KnownCustomers, key: str) -> KeyCheck | None:
        """The active links of a key of the ledger; None if it has none."""
        customer = known.get(key)
        links = customer.links_at(self.clock()) if customer is not None else ()
        return KeyCheck(key, links) if links else None

    def offer_no_open_portal(self, connection: WorkspaceConnection) -> None:
        """Seam has refused one, and would refuse others in this run too."""
        self._refuses_open.add((connection.endpoint, connection.workspace.workspace_id))

    async def check_new(
        self,
        connection: WorkspaceConnection,
        known: KnownCustomers,
        key: str,
        found: Sequence[str],
        *,
        seam_answered: bool,
    ) -> KeyCheck | None:
        """What there is to say about a key that the ledger may not know.

        `found` are the keys of Seam's answer to a search for `key`. None: the key is known, and no
        more is to be said.
        """
        customer = known.get(key)
        workspace = (connection.endpoint, connection.workspace.workspace_id)
        if key in found and workspace not in self._refuses_open:
            has_link = customer is not None and customer.links_at(self.clock())
            return None if has_link else KeyCheck(key, may_be_open=True)
        if not key or customer is not None or key in found:
            return None
        similar = await asyncio.to_thread(known.similar_to, key)
        if similar is None and seam_answered:
            # A mistyped key isn't found as a whole. With one mistake, a half of it is right.
            half = len(key) // 2
            near = list(found)
            for part in (key[:half], key[half:]):
                page = None
                if len(part.strip()) >= _LEAST_SEARCHED:
                    page = await self._lookups.customers(connection, part)
                near += page.customer_keys if page is not None else ()
            similar = await asyncio.to_thread(lambda: LookAlikes(near).of(key))
        meant = known.get(similar) if similar is not None else None
        return KeyCheck(
            key,
            similar=similar,
            similar_name=meant.details.name if meant is not None else "",
            seam_answered=seam_answered,
        )
