from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.domain.ports import Preferences
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.services.workspaces import CredentialVault, WorkspaceService
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.workspaces.connect_dialog import ConnectWorkspaceDialog
from seam_portal_desktop.ui.workspaces.controller import WorkspacesController
from tests.support.fake_gateway import FakeGateway
from tests.support.services import KEY, CountingStore
from tests.support.small_window import SmallWindow
from tests.support.until import until

pytestmark = pytest.mark.anyio


class StuckDisk(Preferences):
    """Preferences whose file is never written to the end."""

    notice = None

    def __init__(self) -> None:
        self.writing = asyncio.Event()

    def load(self) -> PreferencesData:
        return PreferencesData()

    async def save(self, _data: PreferencesData) -> None:
        self.writing.set()
        await asyncio.Event().wait()


async def test_the_window_follows_a_workspace_that_was_cancelled_too_late(theme, qtbot):
    window = SmallWindow(theme)
    qtbot.addWidget(window)
    window.show()
    disk = StuckDisk()
    workspaces = WorkspaceService(
        disk, disk.load(), CredentialVault(CountingStore()), lambda *_: FakeGateway()
    )
    failures: list[BaseException] = []
    scope = TaskScope(failures.append)

    async def leave_workspace() -> None:
        pass

    controller = WorkspacesController(window, workspaces, scope, leave_workspace)
    names: list[str | None] = []
    controller.changed.connect(
        lambda: names.append(workspaces.current and workspaces.current.workspace.name)
    )

    controller.connect_workspace()
    dialog = window.findChild(ConnectWorkspaceDialog)
    dialog.credential.edit.setText(KEY.secret.reveal())
    dialog.submit_button.click()
    await until(dialog.workspace_card.isVisible, "the key was checked")
    dialog.submit_button.click()
    await disk.writing.wait()
    dialog.reject()
    await until(lambda: names, "the window is names")

    assert names == ["Acme Stays"]
    assert failures == []
    dialog.reject()
    await scope.close()
