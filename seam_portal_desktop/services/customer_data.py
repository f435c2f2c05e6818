"""Sends customer data to Seam without creating a link, and finds what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec import UNSET

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import RequestUnreadableError
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.ports import GatewayOf, Ledger, WriteTable
from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.removal.sent import SentResource, sent_resources
from seam_portal_desktop.domain.request import CustomerData
from seam_portal_desktop.domain.tables.problem_rows import ProblemRows
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.data_removal import RemovalActivity, RemovalRun

_MOST_REQUESTS = 200
"""How many of a customer's requests are read, the newest first."""

_MOST_RECORDS = 5000
"""How many records are looked through for them."""

_MOST_WITH_ACTIVITY = 20
"""How many of a customer's portals get a removal in their activity, the newest first."""


class CustomerDataService:
    """Adds, changes and removes data."""

    def __init__(
        self, ledger: Ledger, gateway_of: GatewayOf, write_table: WriteTable, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._write_table = write_table
        self._clock = clock

    async def sent_with(self, portal_id: str) -> CustomerData:
        """The data in the portal's request. Raises LedgerError."""
        request = await self._ledger.request_of(portal_id)
        if request.customer_data is UNSET:
            portal = await self._ledger.get(portal_id)
            return CustomerData(customer_key=portal.customer_key)
        return request.customer_data

    async def sent_for(self, workspace_id: str, customer_key: str) -> Sequence[SentResource]:
        """What was sent with the customer's last portals, and can be removed. Requests that can't
        be read are left out. Raises LedgerError."""
        found = []
        for portal_id in await self._portals_of(workspace_id, customer_key):
            try:
                request = await self._ledger.request_of(portal_id)
            except RequestUnreadableError:
                continue
            if request.customer_data is not UNSET:
                found.append(request.customer_data)
        return await asyncio.to_thread(sent_resources, found)

    async def _portals_of(self, workspace_id: str, customer_key: str) -> Sequence[str]:
        query = PortalQuery(workspace_id, text=customer_key)
        found: list[str] = []
        offset, total = 0, 1
        while offset < min(total, _MOST_RECORDS) and len(found) < _MOST_REQUESTS:
            page = await self._ledger.find(query, now=self._clock(), offset=offset)
            offset, total = offset + max(1, len(page.rows)), page.total
            # The text is also found in longer keys and in notes.
            found += [each.portal_id for each in page.rows if each.customer_key == customer_key]
        return found[:_MOST_REQUESTS]

    async def save_problems(self, target: Path, rows: ProblemRows, separator: str) -> None:
        """Write rows with what is wrong with them. Raises UserFacingError."""
        await self._write_table(target, rows.titles, rows, separator)

    async def push(self, connection: WorkspaceConnection, data: CustomerData) -> None:
        """Raises SeamError (InvalidRequestError names the fields) or SecretStoreError."""
        gateway = await self._gateway_of(connection)
        await gateway.push_data(data)

    def removal(
        self,
        connection: WorkspaceConnection,
        removals: Sequence[RemovalKey],
        customer_key: str = "",
    ) -> RemovalRun:
        """A run that removes these from the workspace; it isn't started. It will be in the activity
        of the customer's newest portals."""

        async def find_portals() -> Sequence[str]:
            if not customer_key:
                return ()
            found = await self._portals_of(connection.workspace.workspace_id, customer_key)
            return found[:_MOST_WITH_ACTIVITY]

        activity = RemovalActivity(self._ledger, self._clock, find_portals)
        return RemovalRun(self._gateway_of, connection, removals, activity)
