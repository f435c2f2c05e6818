"""Cancels stays and removes people and places, after one question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.ui.lifecycle.removal.dialog import RemoveDataDialog
    from seam_portal_desktop.ui.lifecycle.removal.question_dialog import RemovalQuestionDialog
    from seam_portal_desktop.ui.lifecycle.removal.wording import RemovalEntry

_SENT = "sent for a customer"


class RemoveDataController(QObject):
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
        window.actions_.remove_data.triggered.connect(lambda _: self.open(selection.only()))

    def open(self, like: PortalRecord | None) -> None:
        """Open the dialog; with `like`, for that portal's customer."""
        connection = self._services.workspaces.current
        if connection is None:
            return
        from seam_portal_desktop.ui.lifecycle.removal.dialog import RemoveDataDialog

        dialog = RemoveDataDialog(self._window.theme, self._window.icons, self._window)
        dialog.set_workspace(connection.label, connection.workspace.kind, demo=self._window.is_demo)
        if like is not None:
            dialog.customer.key.setText(like.customer_key)
        dialog.customer.search_requested.connect(
            lambda _key: self._scope.start(self._show_sent(dialog, connection), name=_SENT)
        )
        dialog.review_requested.connect(lambda found: self._ask(dialog, connection, found))
        dialog.finished.connect(lambda _result: self._scope.cancel(_SENT))
        dialog.finished.connect(dialog.deleteLater)
        prepared = self._scope.start(self._prepare(dialog, connection))
        dialog.finished.connect(lambda _result: prepared.cancel())
        dialog.open()

    async def _prepare(self, dialog: RemoveDataDialog, connection: WorkspaceConnection) -> None:
        customers = self._services.customers
        known = await customers.known(connection.workspace.workspace_id)
        dialog.customer.set_customers(known, customers.clock)

    async def _show_sent(self, dialog: RemoveDataDialog, connection: WorkspaceConnection) -> None:
        key = dialog.customer.customer_key()
        workspace_id = connection.workspace.workspace_id
        try:
            sent = await self._services.customer_data.sent_for(workspace_id, key) if key else ()
        except UserFacingError as error:
            sent = ()
            dialog.show_error(error)
        dialog.show_sent(sent)

    def _ask(
        self,
        dialog: RemoveDataDialog,
        connection: WorkspaceConnection,
        entries: Sequence[RemovalEntry],
    ) -> None:
        from seam_portal_desktop.ui.lifecycle.removal.question_dialog import RemovalQuestionDialog
        from seam_portal_desktop.ui.lifecycle.removal.wording import warnings

        question = RemovalQuestionDialog(
            entries, warnings(entries, dialog.model.sent), dialog.theme, dialog.icons, dialog
        )
        kind = connection.workspace.kind
        question.set_workspace(connection.label, kind, demo=self._window.is_demo)
        question.remove_requested.connect(
            lambda: self._scope.start(self._remove(dialog, question, connection))
        )
        question.finished.connect(question.deleteLater)
        question.pause_submit()  # for the second press on the button that led here
        question.open()

    async def _remove(
        self,
        dialog: RemoveDataDialog,
        question: RemovalQuestionDialog,
        connection: WorkspaceConnection,
    ) -> None:
        from seam_portal_desktop.domain.removal.words import things_text

        question.set_busy(busy=True, text=_("Asking Seam to remove the data…"))
        run = self._services.customer_data.removal(
            connection, question.to_remove, dialog.customer.customer_key()
        )
        question.cancel_requested.connect(run.stop)
        summary = await run.run()
        dialog.drop(summary.removed)
        if summary.rest:
            question.show_result(summary)
            return
        question.set_busy(False)
        question.accept()
        dialog.accept()
        self._window.status_area.show_message(
            _("Seam accepted the removal of {things}.").format(
                things=things_text(each.group for each in summary.removed)
            )
        )
        for error in summary.errors:
            self._window.status_area.show_error(error)
