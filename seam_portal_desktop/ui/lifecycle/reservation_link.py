"""Creates links that open at one reservation."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.ui.create.controller import finish_creation, show_slow_ledger
from seam_portal_desktop.ui.portal.link_actions import LinkActionsController
from seam_portal_desktop.ui.portals.controller import PortalListController
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import CustomerData
    from seam_portal_desktop.ui.lifecycle.reservation_link_dialog import ReservationLinkDialog

_TASK = "create reservation link"


class ReservationLinkController(QObject):
    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        portal_list: PortalListController,
        links: LinkActionsController,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._list = portal_list
        self._links = links
        self._scope = scope
        window.actions_.reservation_link.triggered.connect(lambda _: self.open(selection.only()))

    def open(self, like: PortalRecord | None) -> None:
        """Open the dialog; with `like`, fill it with that portal's customer and reservation."""
        self._open(lambda dialog, connection: self._prepare(dialog, connection, like))

    def open_for(self, customer_key: str, reservation_key: str) -> None:
        """Open the dialog with these keys; either may be empty."""

        async def prepare(dialog: ReservationLinkDialog, connection: WorkspaceConnection) -> None:
            await self._show_customers(dialog, connection)
            dialog.set_known_keys(customer_key, [reservation_key] if reservation_key else [])

        self._open(prepare)

    def _open(
        self,
        prepare: Callable[
            [ReservationLinkDialog, WorkspaceConnection], Coroutine[None, None, None]
        ],
    ) -> None:
        connection = self._services.workspaces.current
        if connection is None:
            return
        from seam_portal_desktop.ui.lifecycle.reservation_link_dialog import ReservationLinkDialog

        dialog = ReservationLinkDialog(self._window.theme, self._window.icons, self._window)
        dialog.set_workspace(connection.label, connection.workspace.kind, demo=self._window.is_demo)
        dialog.create_requested.connect(
            lambda: self._scope.start(self._create(dialog, connection), name=_TASK)
        )
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        dialog.finished.connect(dialog.deleteLater)
        prepared = self._scope.start(prepare(dialog, connection))
        dialog.finished.connect(lambda _result: prepared.cancel())
        dialog.open()

    async def _prepare(
        self,
        dialog: ReservationLinkDialog,
        connection: WorkspaceConnection,
        like: PortalRecord | None,
    ) -> None:
        await self._show_customers(dialog, connection)
        reservations: list[str] = []
        if like is not None:
            data = await self._services.customer_data.sent_with(like.portal_id)
            reservations = _reservations(data)
        dialog.set_known_keys(like.customer_key if like else "", reservations)

    async def _show_customers(
        self, dialog: ReservationLinkDialog, connection: WorkspaceConnection
    ) -> None:
        customers = self._services.customers
        known = await customers.known(connection.workspace.workspace_id)
        dialog.customer.set_customers(known, customers.clock)

    async def _create(self, dialog: ReservationLinkDialog, connection: WorkspaceConnection) -> None:
        dialog.set_busy(True)
        link = self._services.creation.create_reservation_link(
            connection,
            dialog.customer.customer_key(),
            dialog.reservation_key(),
            on_slow_ledger=partial(show_slow_ledger, dialog),
        )
        record = await finish_creation(dialog, link, self._links.offer_to_save)
        if record is not None:
            self._list.select(record.portal_id)


def _reservations(data: CustomerData) -> list[str]:
    from msgspec import UNSET

    if data.reservations is UNSET:
        return []
    return [reservation.reservation_key for reservation in data.reservations]
