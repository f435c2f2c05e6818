"""Connecting, switching and removing workspaces."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.credential import Credential
from seam_portal_desktop.domain.errors import SecretStoreError, UserFacingError
from seam_portal_desktop.domain.workspace import Workspace
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.workspaces.connect_dialog import ConnectWorkspaceDialog
from seam_portal_desktop.ui.workspaces.remove_dialog import RemoveWorkspaceDialog


class WorkspacesController(QObject):
    """`leave_workspace` is awaited before a workspace's credential is removed."""

    changed = Signal()
    """Other workspaces are connected, or another one is the current one."""

    def __init__(
        self,
        window: MainWindow,
        workspaces: WorkspaceService,
        scope: TaskScope,
        leave_workspace: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = window.theme
        self._icons = window.icons
        self._status_area = window.status_area
        self._workspaces = workspaces
        self._scope = scope
        self._leave_workspace = leave_workspace
        window.actions_.connect_workspace.triggered.connect(lambda _: self.connect_workspace())
        window.actions_.remove_workspace.triggered.connect(lambda _: self._remove_current())
        window.switcher.switched.connect(self.switch)
        window.switcher.remove_requested.connect(self.remove)

    def connect_workspace(self) -> None:
        """Open the dialog. It stays open until a workspace is connected or the user closes it."""
        dialog = ConnectWorkspaceDialog(self._theme, self._icons, self._window)
        policy = self._workspaces.policy
        if policy.endpoint is not None:
            dialog.fix_endpoint(policy.endpoint, policy.endpoint_note)
        checked: list[tuple[str, Credential, Workspace]] = []

        async def check(endpoint: str, credential: Credential) -> None:
            dialog.set_busy(True)
            try:
                workspace = await self._workspaces.check(endpoint, credential)
            except UserFacingError as error:
                dialog.show_error(error)
                return
            checked[:] = [(endpoint, credential, workspace)]
            dialog.show_workspace(workspace)

        async def save(label: str, *, for_this_run_only: bool) -> None:
            endpoint, credential, workspace = checked[0]
            dialog.set_busy(True)
            try:
                await self._workspaces.connect(
                    label, endpoint, credential, workspace, for_this_run_only=for_this_run_only
                )
            except asyncio.CancelledError:
                self.changed.emit()  # it may be connected by now
                raise
            except SecretStoreError as error:
                dialog.show_keyring_problem(error)
                return
            except UserFacingError as error:
                self._status_area.show_error(error)
            dialog.set_busy(False)
            dialog.accept()
            self._status_area.show_message(
                _("{label} is connected.").format(label=label or workspace.name)
            )
            self.changed.emit()

        def start(work: object, *arguments: object, **options: object) -> None:
            self._scope.start(work(*arguments, **options), name="connect workspace")  # type: ignore[operator]

        dialog.check_requested.connect(lambda *checked_now: start(check, *checked_now))
        dialog.save_requested.connect(lambda label: start(save, label, for_this_run_only=False))
        dialog.save_for_this_run_requested.connect(
            lambda label: start(save, label, for_this_run_only=True)
        )
        dialog.cancel_requested.connect(lambda: self._cancel(dialog))
        dialog.finished.connect(lambda: self._scope.cancel("connect workspace"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def switch(self, connection_id: str) -> None:
        self._scope.start(self._switch(connection_id), name="switch workspace")

    def remove(self, connection_id: str) -> None:
        """Ask, then remove the workspace and its credential."""
        connection = next(
            known for known in self._workspaces.connections if known.connection_id == connection_id
        )
        dialog = RemoveWorkspaceDialog(connection, self._theme, self._icons, self._window)
        dialog.accepted.connect(lambda: self._scope.start(self._remove(connection_id)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove_current(self) -> None:
        current = self._workspaces.current
        if current is not None:
            self.remove(current.connection_id)

    def _cancel(self, dialog: ConnectWorkspaceDialog) -> None:
        self._scope.cancel("connect workspace")
        dialog.set_busy(False)

    async def _switch(self, connection_id: str) -> None:
        try:
            await self._workspaces.switch(connection_id)
        except UserFacingError as error:
            self._status_area.show_error(error)
        self.changed.emit()

    async def _remove(self, connection_id: str) -> None:
        await self._leave_workspace()
        try:
            problem = await self._workspaces.remove(connection_id)
        except UserFacingError as error:
            self._status_area.show_error(error)
        else:
            if problem is not None:
                self._status_area.show_error(_credential_not_removed(problem))
            else:
                self._status_area.show_message(
                    _("The workspace and its credential are removed."), tone=Tone.INFO
                )
        self.changed.emit()


def _credential_not_removed(problem: SecretStoreError) -> UserFacingError:
    return UserFacingError(
        _("The workspace is removed, but its credential is still in the keyring."),
        _(
            "{problem}. Delete the entry of Seam Portal Desktop with your system’s password "
            "manager, or revoke the credential in the Seam Console."
        ).format(problem=problem.title),
        technical=problem.technical,
    )
