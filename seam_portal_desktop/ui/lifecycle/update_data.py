"""Sends customer data to Seam."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.draft import DraftKind, KeptDraft
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.data_import import add_import
from seam_portal_desktop.ui.create.problem_rows import ProblemRowsController
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.form_parts import short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import CustomerData
    from seam_portal_desktop.ui.create.drafts import DraftsController
    from seam_portal_desktop.ui.lifecycle.update_data_dialog import UpdateDataDialog

_TASK = "push data"
_FILL = "fill update dialog"


class UpdateDataController(QObject):
    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._scope = scope
        self._open_drafts: DraftsController | None = None
        window.actions_.update_data.triggered.connect(lambda _: self.open(selection.only()))

    def save_open_draft(self) -> None:
        """Save what is entered in the dialog that is open."""
        if self._open_drafts is not None:
            self._open_drafts.save_now()

    def open(self, like: PortalRecord | None) -> None:
        """Open the dialog with the newest draft; with `like`, with a draft for that customer or
        with the data that was sent for that portal."""
        connection = self._services.workspaces.current
        if connection is None:
            return
        from seam_portal_desktop.ui.lifecycle.update_data_dialog import UpdateDataDialog

        dialog = UpdateDataDialog(
            self._window.theme,
            self._window.icons,
            self._window,
            clock=self._services.customers.clock,
        )
        dialog.set_workspace(connection.label, connection.workspace.kind, demo=self._window.is_demo)
        dialog.update_requested.connect(
            lambda data: self._scope.start(self._push(dialog, connection, data), name=_TASK)
        )
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        add_import(dialog, dialog.data, self._services, self._scope)
        ProblemRowsController(
            dialog, dialog.problems, dialog.data, self._services.customer_data, self._scope
        )
        dialog.finished.connect(dialog.deleteLater)
        drafts = self._add_drafts(dialog, connection, like)
        if drafts.restore_newest(like.customer_key if like is not None else None) is not None:
            like = None
        self._scope.start(self._prepare(dialog, connection, like), name=_FILL)
        dialog.open()

    def _add_drafts(
        self, dialog: UpdateDataDialog, connection: WorkspaceConnection, like: PortalRecord | None
    ) -> DraftsController:
        from seam_portal_desktop.ui.create.drafts import DraftsController

        def start_over() -> None:
            self._scope.start(self._prepare(dialog, connection, like), name=_FILL)

        workspace_id = connection.workspace.workspace_id
        drafts = self._open_drafts = DraftsController(
            dialog, self._services.drafts, workspace_id, DraftKind.UPDATE_DATA, start_over
        )
        drafts.kept.connect(self._on_draft_kept)
        dialog.finished.connect(self._on_closed)
        return drafts

    def _on_closed(self) -> None:
        self._open_drafts = None
        self._scope.cancel(_FILL)

    def _on_draft_kept(self, draft: KeptDraft) -> None:
        key = short_key(draft.customer_key)
        self._window.status_area.show_message(
            _("Draft for {key} kept. Update customer data opens it again.").format(key=key)
            if draft.customer_key
            else _("Draft kept. Update customer data opens it again."),
            tone=Tone.INFO,
        )

    async def _prepare(
        self, dialog: UpdateDataDialog, connection: WorkspaceConnection, like: PortalRecord | None
    ) -> None:
        if like is not None:
            dialog.fill(await self._services.customer_data.sent_with(like.portal_id))
        customers = self._services.customers
        known = await customers.known(connection.workspace.workspace_id)
        dialog.customer.set_customers(known, customers.clock)

    async def _push(
        self, dialog: UpdateDataDialog, connection: WorkspaceConnection, data: CustomerData
    ) -> None:
        dialog.set_busy(busy=True, text=_("Sending the data to Seam…"))
        try:
            await self._services.customer_data.push(connection, data)
        except asyncio.CancelledError:
            dialog.show_error(
                UserFacingError(
                    _("Cancelled before Seam answered."),
                    _("Some or all of the data may have arrived. Sending it again does no harm."),
                )
            )
            raise
        except UserFacingError as error:
            dialog.show_error(error)
        else:
            dialog.set_busy(False)
            dialog.accept()
            key = short_key(data.customer_key)
            self._window.status_area.show_message(
                _(
                    "Seam has taken the data of {key}. Doors and codes follow only where "
                    "automations are on."
                ).format(key=key)
            )
