"""Sends customer data to Seam without creating a link."""

from __future__ import annotations

from pathlib import Path

from msgspec import UNSET

from seam_portal_desktop.domain.ports import GatewayOf, Ledger, ReadFile
from seam_portal_desktop.domain.request import CustomerData
from seam_portal_desktop.domain.workspace import WorkspaceConnection

_MAX_TABLE_BYTES = 20 * 1024 * 1024


class CustomerDataService:
    """Only adds and changes data: what a customer loses with deleted data can't be restored."""

    def __init__(self, ledger: Ledger, gateway_of: GatewayOf, read_file: ReadFile) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._read_file = read_file

    async def sent_with(self, portal_id: str) -> CustomerData:
        """The data in the portal's request. Raises LedgerError."""
        request = await self._ledger.request_of(portal_id)
        if request.customer_data is UNSET:
            portal = await self._ledger.get(portal_id)
            return CustomerData(customer_key=portal.customer_key)
        return request.customer_data

    async def read_table(self, path: Path) -> bytes:
        """The content of a CSV file of resources. Raises UserFacingError."""
        return await self._read_file(path, _MAX_TABLE_BYTES)

    async def push(self, connection: WorkspaceConnection, data: CustomerData) -> None:
        """Raises SeamError (InvalidRequestError names the fields) or SecretStoreError."""
        gateway = await self._gateway_of(connection)
        await gateway.push_data(data)
