"""Joins what happens to links after their creation to the window's actions."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.services.lifecycle import LifecycleServices
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.lifecycle.export import ExportController
from seam_portal_desktop.ui.lifecycle.renewal import RenewalController
from seam_portal_desktop.ui.lifecycle.reservation_link import ReservationLinkController
from seam_portal_desktop.ui.lifecycle.revocation import RevocationController
from seam_portal_desktop.ui.lifecycle.update_data import UpdateDataController
from seam_portal_desktop.ui.portal.timeline_controller import TimelineController
from seam_portal_desktop.ui.portals.selection import SelectionController, renewable
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope


class LifecycleController(QObject):
    """`created` carries the portal_id of a new row, `portal_changed` a row as it is now.

    `list_changed` says that rows came or changed, `not_saved` carries a LinkNotSavedError, and
    `duplicate_wanted` the portal_id of the row that the New portal dialog is to begin with.
    """

    created = Signal(str)
    portal_changed = Signal(object)
    list_changed = Signal()
    not_saved = Signal(object)
    duplicate_wanted = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        portals: asyncio.Future[PortalService],
        life: asyncio.Future[LifecycleServices],
        workspaces: WorkspaceService,
        selection: SelectionController,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._workspaces = workspaces
        self._selection = selection
        self._clock = clock
        self.renewal = RenewalController(
            window.status_area, portals, workspaces, clock, scope, self
        )
        self.revocation = RevocationController(window, life, workspaces, clock, scope)
        self.reservation_link = ReservationLinkController(window, portals, life, workspaces, scope)
        self.customer_data = UpdateDataController(window, portals, life, workspaces, scope)
        self.export = ExportController(window, life, workspaces, clock, scope)
        self.timeline = TimelineController(window.detail, life, clock, scope, self)
        self._connect_presenters()
        self._connect_actions()

    def workspace_changed(self) -> None:
        """Another workspace is shown, or none: offer what fits, and look at its links."""
        actions = self._window.actions_
        has_workspace = self._workspaces.current is not None
        for action in (actions.reconcile, actions.reservation_link, actions.update_data):
            action.setEnabled(has_workspace)
        if has_workspace:
            self.revocation.reconcile_quietly()

    def refresh_timeline(self) -> None:
        """Something happened to the shown portal that its row doesn't tell."""
        self.timeline.show(self._only_selected())

    def replace_link(self, portal_id: str) -> None:
        """The preview's 'new link': the same again for an expired one. What opens nothing for
        another reason may have been revoked on purpose, so the dialog asks."""
        portal = self._only_selected()
        if portal is None or portal.portal_id != portal_id:
            return
        if portal.status(self._clock()) is PortalStatus.EXPIRED:
            self.renewal.renew([portal])
        else:
            self.duplicate_wanted.emit(portal_id)

    def _connect_presenters(self) -> None:
        self._selection.shown.connect(self.timeline.show)
        for source in (self.renewal, self.reservation_link):
            source.created.connect(self.created)
            source.not_saved.connect(self.not_saved)
        self.renewal.list_changed.connect(self.list_changed)
        self.reservation_link.settled.connect(self.list_changed)
        self.revocation.portal_changed.connect(self.portal_changed)
        self.revocation.list_changed.connect(self.list_changed)
        detail = self._window.detail
        detail.renew_requested.connect(lambda _id: self._renew_selected())
        detail.newer_requested.connect(lambda _id: self._show_newer())

    def _connect_actions(self) -> None:
        actions = self._window.actions_
        actions.renew.triggered.connect(lambda _checked: self._renew_selected())
        actions.revoke.triggered.connect(lambda _checked: self._revoke_selected())
        actions.reconcile.triggered.connect(lambda _checked: self.revocation.reconcile())
        actions.reservation_link.triggered.connect(
            lambda _checked: self.reservation_link.open(self._only_selected())
        )
        actions.update_data.triggered.connect(
            lambda _checked: self.customer_data.open(self._only_selected())
        )
        actions.export_portals.triggered.connect(
            lambda _checked: self.export.open(self._selection.selected())
        )

    def _only_selected(self) -> PortalRecord | None:
        selected = self._selection.selected()
        return selected[0] if len(selected) == 1 else None

    def _renew_selected(self) -> None:
        self.renewal.renew(renewable(self._selection.selected()))

    def _revoke_selected(self) -> None:
        portal = self._only_selected()
        if portal is not None:
            self.revocation.revoke(portal)

    def _show_newer(self) -> None:
        portal = self._only_selected()
        if portal is not None and portal.renewed_to is not None:
            self.created.emit(portal.renewed_to)
