"""Selects the portal that a URL of the program's own scheme names."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.controller import PortalListController
from seam_portal_desktop.ui.shell.status_area import StatusArea
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone


class AddressedPortalController(QObject):
    """Selects a row, and switches to its workspace first."""

    switched = Signal()
    """Another workspace is the current one."""

    def __init__(
        self,
        services: AppServices,
        portal_list: PortalListController,
        status_area: StatusArea,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._portals = services.portals
        self._workspaces = services.workspaces
        self._list = portal_list
        self._status_area = status_area
        self._scope = scope

    def show(self, portal_id: str) -> None:
        """Select the portal. Any web page can name one, so nothing else may be done here."""
        self._scope.start(self._show(portal_id), name="show addressed portal")

    async def _show(self, portal_id: str) -> None:
        portal: PortalRecord | None
        try:
            portal = await self._portals.portal(portal_id)
        except LedgerError:
            portal = None
        if portal is None or portal.kind is PortalKind.SAFE_PREVIEW:
            self._show_message(_("That portal is not in the list on this computer."))
            return
        connection = self._connection_of(portal)
        if connection is None:
            self._show_message(_("That portal belongs to a workspace that is not connected here."))
            return
        if connection != self._workspaces.current:
            await self._workspaces.switch(connection.connection_id)
            self.switched.emit()
        self._list.select(portal_id)

    def _connection_of(self, portal: PortalRecord) -> WorkspaceConnection | None:
        for each in (self._workspaces.current, *self._workspaces.connections):
            if each is not None and each.workspace.workspace_id == portal.workspace_id:
                return each
        return None

    def _show_message(self, text: str) -> None:
        self._status_area.show_message(text, tone=Tone.INFO)
