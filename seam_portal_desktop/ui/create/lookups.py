"""Offers profiles, providers and customers of the workspace in the New portal dialog."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.customers import KnownCustomers
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.customers import CustomerService
from seam_portal_desktop.services.lookups import LookupService
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile

_SEARCH = "search customers"
_LISTS = "look up lists"
_CUSTOMERS = "read customers"
_START_AFTER_SECONDS = 0.1


class LookupsController(QObject):
    """Fills `dialog`, and lives as long as the dialog.

    What Seam refuses isn't offered. A new search cancels the last one.
    """

    def __init__(
        self,
        dialog: NewPortalDialog,
        lookups: LookupService,
        customers: CustomerService,
        connection: WorkspaceConnection,
        scope: TaskScope,
    ) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._lookups = lookups
        self._customers = customers
        self._connection = connection
        self._scope = scope
        self._known: KnownCustomers | None = None
        dialog.customer.search_requested.connect(self._search)
        dialog.finished.connect(self._on_finished)
        # A customer may have been created since the last dialog.
        lookups.clear_customers(connection)
        self._reading = scope.start(self._read_customers(), name=_CUSTOMERS)
        scope.start(self._look_up(), name=_LISTS)

    def _search(self, key: str) -> None:
        # It comes with a delay, perhaps after the dialog was closed.
        if self._dialog.isVisible():
            self._scope.start(self._find(key), name=_SEARCH)

    def _on_finished(self) -> None:
        for name in (_SEARCH, _CUSTOMERS, _LISTS):
            self._scope.cancel(name)

    async def _read_customers(self) -> None:
        await asyncio.sleep(_START_AFTER_SECONDS)  # see _look_up
        try:
            known = await self._customers.known(self._connection.workspace.workspace_id)
        except LedgerError:
            return  # then nothing is offered, and nothing is said about the key
        self._known = known
        section = self._dialog.customer
        section.set_customers(known, self._customers.clock)
        if not section.is_typing:
            self._show_links(section.customer_key())

    async def _look_up(self) -> None:
        # The dialog is painted first, and a portal that is created at once doesn't wait for lists.
        await asyncio.sleep(_START_AFTER_SECONDS)
        profiles = await self._lookups.customization_profiles(self._connection)
        if profiles:
            self._dialog.appearance.set_profiles(profiles)
        providers = await self._lookups.device_providers(self._connection)
        if providers:
            self._dialog.features.set_providers(providers)
        # Last and together: they come from other servers, and each may take long.
        await asyncio.gather(*(self._show_logo(profile) for profile in profiles))

    async def _show_logo(self, profile: CustomizationProfile) -> None:
        if profile.logo_url:
            logo = await self._lookups.profile_logo(self._connection, profile.logo_url)
            if logo is not None:
                self._dialog.appearance.profile.set_logo(profile.customization_profile_id, logo)

    async def _find(self, key: str) -> None:
        """Show the customers that match, and what is known about `key`.

        A key is called new only after the ledger has answered, and Seam's list has or can't.
        """
        section = self._dialog.customer
        found: Sequence[str] = ()

        def on_found(keys: Sequence[str]) -> None:
            nonlocal found
            found = keys
            section.set_remote_customers(keys)

        self._show_links(key)
        seam_answered = await self._customers.search(self._connection, key, on_found)
        await asyncio.wait({self._reading})
        if self._known is not None:
            check = await self._customers.check_new(
                self._connection, self._known, key, found, seam_answered=seam_answered
            )
            if check is not None:
                section.show_check(check)

    def _show_links(self, key: str) -> None:
        """Show the customer's active links. Only the ledger knows them."""
        check = self._customers.check_known(self._known, key) if self._known is not None else None
        if check is not None:
            self._dialog.customer.show_check(check)
