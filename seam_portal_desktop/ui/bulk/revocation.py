"""Revokes the links of several selected portals."""

from __future__ import annotations

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.revocation_run import (
    RevocationProgress,
    RevocationRun,
    RevocationSummary,
)
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.bulk.revoke_many_dialog import RevokeManyDialog
from seam_portal_desktop.ui.portals.selection import SelectionController, revocable
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.form_parts import number, short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope


class ManyRevocationsController(QObject):
    """Asks once, then revokes one link after the other. RevocationController takes a single one."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._selection = selection
        self._clock = clock
        self._scope = scope
        window.actions_.revoke.triggered.connect(lambda _: self.revoke_selected())

    def revoke_selected(self) -> None:
        """Ask whether to revoke the selected links, if there are several."""
        connection = self._services.workspaces.current
        selected = self._selection.records()
        found = revocable(selected, self._clock())
        if connection is None or len(selected) < 2 or not found.portals:
            return
        window = self._window
        dialog = RevokeManyDialog(
            found.portals, found.reason, self._clock(), window.theme, window.icons, window
        )
        kind = connection.workspace.kind
        dialog.strip.set_workspace(connection.label, kind, demo=window.is_demo)
        dialog.revoke_requested.connect(
            lambda: self._scope.start(self._revoke(dialog, connection), name="revoke many")
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _revoke(self, dialog: RevokeManyDialog, connection: WorkspaceConnection) -> None:
        def show_progress(progress: RevocationProgress) -> None:
            dialog.set_waiting_text(_progress_text(progress))

        run = RevocationRun(self._services.revocation, connection, dialog.to_revoke, show_progress)
        dialog.set_busy(busy=True, text=_("Revoking the links…"))
        dialog.cancel_requested.connect(run.stop)
        summary = await run.run()
        if summary.failed or summary.not_tried:
            dialog.show_result(summary)
            return
        dialog.set_busy(False)
        dialog.accept()
        self._window.status_area.show_message(_result_text(summary))


def _progress_text(progress: RevocationProgress) -> str:
    key = short_key(progress.customer_key)
    place = _("{number} of {total}").format(
        number=number(progress.number), total=number(progress.total)
    )
    if progress.waiting:
        return _("Seam asks to wait {waiting} s. Then: {key}, {place}").format(
            waiting=number(progress.waiting), key=key, place=place
        )
    return _("Revoking the link for {key}, {place}").format(key=key, place=place)


def _result_text(summary: RevocationSummary) -> str:
    revoked, ended = len(summary.revoked), len(summary.ended)
    text = ngettext("1 link is revoked.", "{count} links are revoked.", revoked).format(
        count=number(revoked)
    )
    if ended == 1:
        text += _(" 1 had ended already.")
    elif ended:
        text += _(" {ended} had ended already.").format(ended=number(ended))
    return text
