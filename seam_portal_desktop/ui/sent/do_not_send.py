"""Opens the do-not-send list and changes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.do_not_send import DoNotSend
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.sending.do_not_send import DoNotSendRefusedError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.sent.do_not_send_dialog import DoNotSendDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_TASK = "do-not-send list"

Change = Callable[[], Awaitable[object]]


class DoNotSendController(QObject):
    def __init__(self, window: MainWindow, services: AppServices, scope: TaskScope) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._listed = services.sending.do_not_send
        self._scope = scope
        window.actions_.do_not_send.triggered.connect(lambda _: self.open())

    def open(self, *, on_closed: Callable[[], None] | None = None) -> None:
        """Open the list of the current workspace."""
        current = self._services.workspaces.current
        if current is None:
            return
        workspace_id = current.workspace.workspace_id
        window, listed = self._window, self._listed
        dialog = DoNotSendDialog(window.theme, window.icons, window)

        def start(change: Change, after: Callable[[], object]) -> None:
            self._scope.start(self._change(dialog, workspace_id, change, after), name=_TASK)

        def on_remove(entry: DoNotSend) -> None:
            start(lambda: listed.remove(workspace_id, entry.target), lambda: dialog.fill(entry))

        dialog.add_requested.connect(
            lambda target, reason: start(
                lambda: listed.add(workspace_id, target, reason), dialog.clear_fields
            )
        )
        dialog.remove_requested.connect(on_remove)
        dialog.remove_unreadable_requested.connect(
            lambda: start(lambda: listed.remove_unreadable(workspace_id), dialog.target.setFocus)
        )
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        dialog.cancel_requested.connect(lambda: dialog.set_busy(False))
        dialog.finished.connect(lambda _result: self._scope.cancel(_TASK))
        if on_closed is not None:
            dialog.finished.connect(lambda _result: on_closed())
        dialog.finished.connect(dialog.deleteLater)
        dialog.set_busy(busy=True, text=_("Reading the list…"))
        start(_no_change, lambda: None)
        dialog.open()

    async def _change(
        self,
        dialog: DoNotSendDialog,
        workspace_id: str,
        change: Change,
        after: Callable[[], object],
    ) -> None:
        """Make the change, and show the list as it is then."""
        try:
            await change()
            listed = await self._listed.read(workspace_id)
        except DoNotSendRefusedError as error:
            dialog.show_refusal(error)
            return
        except UserFacingError as error:
            dialog.show_error(error)
            return
        dialog.set_busy(busy=False)
        dialog.show_list(listed)
        after()


async def _no_change() -> None:
    """The list is only read."""
