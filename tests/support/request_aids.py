"""A New portal dialog with its controller, presets, lookups and ledger."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.adapters.files.presets import FilePresetStore
from seam_portal_desktop.adapters.files.user_files import read_file
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.ports import FetchImage, PreferencesData, SeamGateway
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.lookups import LookupService
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.services.presets import PresetService
from seam_portal_desktop.ui.create.controller import CreateController, RequestAids
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.presets.controller import PresetsController
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE
from tests.support.sqlite_ledger import sqlite_ledger
from tests.support.until import until


async def no_image(_: str) -> bytes | None:
    """A FetchImage without images."""
    return None


class CurrentWorkspace:
    """The part of WorkspaceService that the controller uses."""

    def __init__(self, endpoint: str) -> None:
        self.current = WorkspaceConnection(
            "1", "Acme Stays", endpoint, CredentialKind.API_KEY, FAKE_WORKSPACE
        )


class Creation:
    """`failures` are the exceptions of tasks; there must be none."""

    def __init__(
        self,
        theme: Theme,
        gateway: SeamGateway,
        folder: Path,
        endpoint: str = "https://x.example",
        fetch_image: FetchImage = no_image,
    ) -> None:
        # As in runtime.py: widgets that a worker thread collects are destroyed in that thread.
        gc.collect()
        gc.disable()
        self.failures: list[BaseException] = []
        self.window = QWidget()
        self.scope = TaskScope(self.failures.append)
        self.data = PreferencesData()
        self.saves = 0
        self.presets = PresetService(
            FilePresetStore(folder / "presets", resource("presets")), self.data, self._save
        )

        async def gateway_of(_: object) -> SeamGateway:
            return gateway

        self.lookups = LookupService(gateway_of, fetch_image)
        ledger = self._ledger = sqlite_ledger(folder, lambda: FAKE_NOW)
        portals: asyncio.Future[PortalService] = asyncio.get_running_loop().create_future()
        portals.set_result(PortalService(ledger, gateway_of, lambda: FAKE_NOW, "tester"))
        workspaces: Any = CurrentWorkspace(endpoint)
        self.presenter = CreateController(
            portals, workspaces, theme, Icons(theme), self.scope, self.window, is_demo=False
        )
        self.presenter.offer(RequestAids(self.presets, self.lookups, read_file))

    async def open(self, *, like: str | None = None) -> NewPortalDialog:
        """The dialog, once its presets are there."""
        await self._ledger.open()
        self.presenter.open(like=like)
        dialog = self.window.findChildren(NewPortalDialog)[-1]
        bar = presets_of(dialog).bar
        await until(lambda: bar.box.count() > 1)
        await until(lambda: not self.scope.is_running("prepare form"))
        return dialog

    async def close(self) -> None:
        for dialog in self.window.findChildren(NewPortalDialog):
            dialog.set_busy(False)
            dialog.reject()
        await self.scope.close()
        await self._ledger.close()
        shiboken6.delete(self.window)
        gc.enable()
        assert self.failures == []

    async def _save(self) -> None:
        self.saves += 1


def presets_of(dialog: NewPortalDialog) -> PresetsController:
    presenter = dialog.findChild(PresetsController)
    assert presenter is not None
    return presenter
