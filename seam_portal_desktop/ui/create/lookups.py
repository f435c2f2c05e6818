"""Offers profiles, providers and customers of the workspace in the New portal dialog."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.lookups import LookupService
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile

_SEARCH = "search customers"
_LISTS = "look up lists"
_MOST_CUSTOMERS = 2000
_START_AFTER_SECONDS = 0.1


class LookupsController(QObject):
    """Fills `dialog`, and lives as long as the dialog.

    What Seam refuses isn't offered. A new search cancels the last one.
    """

    def __init__(
        self,
        dialog: NewPortalDialog,
        lookups: LookupService,
        connection: WorkspaceConnection,
        scope: TaskScope,
    ) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._lookups = lookups
        self._connection = connection
        self._scope = scope
        dialog.customer.search_requested.connect(self._search)
        dialog.finished.connect(self._on_finished)
        # A customer may have been created since the last dialog.
        lookups.clear_customers(connection)
        scope.start(self._look_up(), name=_LISTS)

    def _search(self, text: str) -> None:
        # It comes with a delay, perhaps after the dialog was closed.
        if self._dialog.isVisible():
            self._scope.start(self._find(text), name=_SEARCH)

    def _on_finished(self) -> None:
        self._scope.cancel(_SEARCH)
        self._scope.cancel(_LISTS)

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

    async def _find(self, text: str) -> None:
        """Show the customers that match, after each page of them."""
        keys: list[str] = []
        cursor: str | None = None
        while True:
            page = await self._lookups.customers(self._connection, text, cursor)
            keys += page.customer_keys
            self._dialog.customer.set_remote_customers(keys)
            cursor = page.next_page_cursor
            if cursor is None or not page.customer_keys or len(keys) >= _MOST_CUSTOMERS:
                return
