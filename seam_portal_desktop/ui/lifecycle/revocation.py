"""Revokes links, and finds links that were revoked elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.revocation import Reconciliation, RevocationTarget
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.lifecycle.revoke_dialog import RevokeDialog
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.form_parts import short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_REVOKE = "revoke"
_RECONCILE = "reconcile"


class RevocationController(QObject):
    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        clock: Clock,
        scope: TaskScope,
        *,
        on_unreachable: Callable[[], None],
    ) -> None:
        """`on_unreachable` is called when Seam could not be asked without the user's asking."""
        super().__init__(window)
        self._window = window
        self._service = services.revocation
        self._workspaces = services.workspaces
        self._clock = clock
        self._scope = scope
        self._on_unreachable = on_unreachable

        def revoke_selected() -> None:
            portal = selection.only()
            if portal is not None:
                self.revoke(portal)

        window.actions_.revoke.triggered.connect(lambda _: revoke_selected())
        window.actions_.reconcile.triggered.connect(lambda _: self.reconcile())

    def revoke(self, portal: PortalRecord) -> None:
        """Find the link's session, show it, and end it if the user agrees."""
        connection = self._workspaces.current
        if connection is None:
            return
        window = self._window
        dialog = RevokeDialog(portal, window.theme, window.icons, window)
        dialog.strip.set_workspace(connection.label, portal.workspace_kind, demo=window.is_demo)
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_REVOKE))
        dialog.finished.connect(dialog.deleteLater)
        dialog.set_busy(busy=True, text=_("Looking for the link’s session in Seam…"))
        dialog.open()
        self._scope.start(self._find(dialog, connection, portal), name=_REVOKE)

    def reconcile(self) -> None:
        """Compare the live links with Seam's sessions, and show the result."""
        connection = self._workspaces.current
        if connection is not None:
            self._scope.start(self._reconcile(connection), name=_RECONCILE)

    def reconcile_quietly(self) -> None:
        """The same, but show only links that were revoked."""
        connection = self._workspaces.current
        if connection is not None:
            self._scope.start(self._reconcile_quietly(connection), name=_RECONCILE)

    async def _find(
        self, dialog: RevokeDialog, connection: WorkspaceConnection, portal: PortalRecord
    ) -> None:
        try:
            found = await self._service.find(connection, portal.portal_id)
        except asyncio.CancelledError:
            dialog.set_busy(False)
            dialog.reject()
            raise
        except UserFacingError as error:
            dialog.show_error(error)
            return
        if isinstance(found, RevocationTarget):
            dialog.revoke_requested.connect(
                lambda: self._scope.start(self._revoke(dialog, connection, found), name=_REVOKE)
            )
            dialog.show_target(found, self._clock())
            return
        dialog.set_busy(False)
        self._close_dialog(
            dialog, found, _("The link for {key} was revoked already, not from here.")
        )

    async def _revoke(
        self, dialog: RevokeDialog, connection: WorkspaceConnection, target: RevocationTarget
    ) -> None:
        dialog.set_busy(busy=True, text=_("Revoking the link…"))
        try:
            portal = await self._service.revoke(connection, target)
        except asyncio.CancelledError:
            dialog.set_busy(False)
            dialog.show_error(
                UserFacingError(
                    _("Cancelled before Seam answered."),
                    _(
                        "The link may be revoked all the same. Revoke it again: that does no harm "
                        "and shows whether it is gone."
                    ),
                )
            )
            raise
        except UserFacingError as error:
            dialog.show_error(error)
        else:
            dialog.set_busy(False)
            self._close_dialog(dialog, portal, _("The link for {key} is revoked."))

    def _close_dialog(self, dialog: RevokeDialog, portal: PortalRecord, message: str) -> None:
        dialog.accept()
        if portal.status(self._clock()) is PortalStatus.EXPIRED:
            message = _("The link for {key} has expired.")
        key = short_key(portal.customer_key)
        self._window.status_area.show_message(message.format(key=key))

    async def _reconcile(self, connection: WorkspaceConnection) -> None:
        status_area = self._window.status_area
        status_area.show_progress(_("Comparing the live links with Seam…"))
        try:
            result = await self._service.reconcile(connection)
        finally:
            status_area.end_progress()
        if result.revoked:
            self._show_revoked(result)
        else:
            status_area.show_message(_alive_text(result), tone=Tone.SUCCESS)

    async def _reconcile_quietly(self, connection: WorkspaceConnection) -> None:
        try:
            result = await self._service.reconcile(connection)
        except UserFacingError:
            self._on_unreachable()
            return  # the user didn't ask for it; `reconcile` shows why it can't be done
        if result.revoked:
            self._show_revoked(result)

    def _show_revoked(self, result: Reconciliation) -> None:
        count = len(result.revoked)
        if count == 1:
            key = short_key(result.revoked[0].customer_key)
            text = _("The link for {key} was revoked elsewhere.").format(key=key)
        else:
            text = ngettext(
                "{count} link was revoked elsewhere.",
                "{count} links were revoked elsewhere.",
                count,
            ).format(count=QLocale().toString(count))
        self._window.status_area.show_message(text, tone=Tone.WARNING)


def _alive_text(result: Reconciliation) -> str:
    if not result.checked and not result.unidentified:
        return _("No link is alive at the moment.")
    number = QLocale().toString(result.checked)
    if not result.unidentified:
        return ngettext(
            "The one live link is alive in Seam.",
            "All {count} live links are alive in Seam.",
            result.checked,
        ).format(count=number)
    text = ngettext(
        "The one live link that can be checked is alive in Seam.",
        "All {count} live links that can be checked are alive in Seam.",
        result.checked,
    ).format(count=number)
    rest = ngettext(
        "{count} can’t be told apart there.",
        "{count} can’t be told apart there.",
        result.unidentified,
    ).format(count=QLocale().toString(result.unidentified))
    return f"{text} {rest}"
