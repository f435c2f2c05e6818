"""From the New portal dialog to a row in the table."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import SeamError, UserFacingError
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.lookups import LookupService
from seam_portal_desktop.services.portals import CANCELLED, LinkNotSavedError, PortalService
from seam_portal_desktop.services.presets import PresetService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.json.code_snippets import ApiTarget
from seam_portal_desktop.ui.create.lookups import LookupsController
from seam_portal_desktop.ui.create.presets.controller import PresetsController
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme

_TASK = "create portal"
_BUG_TITLE = "Something went wrong inside the program."
_LARGEST_CSV = 20 * 1024 * 1024

ReadFile = Callable[[Path, int], Awaitable[bytes]]
"""Reads a whole file of at most so many bytes. Raises UserFacingError."""


@dataclass(frozen=True, slots=True)
class RequestAids:
    """What makes a request quicker to write."""

    presets: PresetService
    lookups: LookupService
    read_file: ReadFile


class CreateController(QObject):
    """`created` carries the portal_id of a new row whose link works. `settled` follows every try,
    whatever came of it. `opened` says that somebody begins to type. `not_saved` carries a
    LinkNotSavedError."""

    opened = Signal()
    created = Signal(str)
    reservation_link_requested = Signal(str, str)  # customer key and reservation key, as typed
    settled = Signal()
    not_saved = Signal(object)

    def __init__(
        self,
        portals: asyncio.Future[PortalService],
        workspaces: WorkspaceService,
        theme: Theme,
        icons: Icons,
        scope: TaskScope,
        window: QWidget,
        *,
        is_demo: bool,
    ) -> None:
        super().__init__(window)
        self._portals = portals
        self._workspaces = workspaces
        self._theme = theme
        self._icons = icons
        self._scope = scope
        self._window = window
        self._is_demo = is_demo
        self._aids: RequestAids | None = None

    def offer(self, aids: RequestAids) -> None:
        """Let every dialog from now on have presets and what Seam knows."""
        self._aids = aids

    def open(self, *, like: str | None = None) -> None:
        """Open the dialog; with `like` (a portal_id) filled with what that portal was asked for."""
        connection = self._workspaces.current
        if connection is None:
            return
        dialog = NewPortalDialog(self._theme, self._icons, self._window)
        dialog.set_workspace(connection.label, connection.workspace.kind, self._is_demo)
        presets = self._add_aids(dialog, connection)
        dialog.json_view.set_target(
            ApiTarget(
                connection.endpoint, connection.credential_kind, connection.workspace.workspace_id
            )
        )
        dialog.create_requested.connect(
            lambda: self._scope.start(self._create(dialog, connection), name=_TASK)
        )
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        dialog.reservation_link_requested.connect(dialog.reject)
        dialog.reservation_link_requested.connect(self.reservation_link_requested)
        dialog.finished.connect(dialog.deleteLater)
        prepared = self._scope.start(
            self._prepare(dialog, connection, like, presets), name="prepare form"
        )
        dialog.finished.connect(lambda _result: prepared.cancel())
        dialog.open()
        self.opened.emit()

    def _add_aids(
        self, dialog: NewPortalDialog, connection: WorkspaceConnection
    ) -> PresetsController | None:
        aids = self._aids
        if aids is None:
            return None

        async def import_csv(path: str) -> None:
            try:
                dialog.data.import_csv(await aids.read_file(Path(path), _LARGEST_CSV))
            except UserFacingError as error:
                dialog.error_card.set_error(error)
                dialog.show_top()

        dialog.data.file_chosen.connect(
            lambda path: self._scope.start(import_csv(path), name="import csv")
        )
        dialog.finished.connect(lambda _result: self._scope.cancel("import csv"))
        LookupsController(dialog, aids.lookups, connection, self._scope)
        return PresetsController(
            dialog,
            aids.presets,
            connection.workspace.workspace_id,
            self._theme,
            self._icons,
            self._scope,
        )

    async def _prepare(
        self,
        dialog: NewPortalDialog,
        connection: WorkspaceConnection,
        like: str | None,
        presets: PresetsController | None,
    ) -> None:
        portals = await self._portals
        if like is not None:
            dialog.fill(await portals.request_of(like))
        if presets is not None:
            await presets.prepare(use_default=like is None)
        dialog.customer.set_customer_keys(
            await portals.customer_keys(connection.workspace.workspace_id)
        )

    async def _create(self, dialog: NewPortalDialog, connection: WorkspaceConnection) -> None:
        dialog.set_busy(True)
        try:
            # The keyring may ask the user first; nothing is written down before it answered.
            await self._workspaces.gateway(connection)
        except asyncio.CancelledError:
            dialog.set_busy(False)
            raise
        except UserFacingError as error:
            dialog.show_error(error)
            return
        try:
            portal = await (await self._portals).create(connection, dialog.request())
        except asyncio.CancelledError:
            dialog.show_unknown_outcome(UserFacingError(CANCELLED.title, CANCELLED.message))
            self.settled.emit()
            raise
        except LinkNotSavedError as error:
            dialog.set_busy(False)
            dialog.accept()
            self.settled.emit()
            self.not_saved.emit(error)
        except UserFacingError as error:
            unknown = isinstance(error, SeamError) and error.outcome_unknown
            show: Callable[[UserFacingError], None] = (
                dialog.show_unknown_outcome if unknown else dialog.show_error
            )
            show(error)
            self.settled.emit()
        except Exception:
            # A bug; the dialog must not wait for ever for what has ended.
            dialog.show_unknown_outcome(UserFacingError(_BUG_TITLE, CANCELLED.message))
            self.settled.emit()
            raise
        else:
            dialog.set_busy(False)
            dialog.accept()
            self.created.emit(portal.portal_id)
