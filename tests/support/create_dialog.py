"""Opens a New portal dialog with its controller, presets, lookups and ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import shiboken6

from seam_portal_desktop.adapters.files.presets import FilePresetStore
from seam_portal_desktop.adapters.files.user_files import write_file
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sealed_drafts import SealedDrafts
from seam_portal_desktop.adapters.tables.file_tables import FileTables
from seam_portal_desktop.adapters.tables.writer import write_table
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.ports import FetchImage, PreferencesData, SeamGateway
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.create import lookups as create_lookups
from seam_portal_desktop.ui.create.controller import CreateController
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.presets.controller import PresetsController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.fake_gateway import FAKE_NOW, FAKE_WORKSPACE
from tests.support.lifecycle import no_image
from tests.support.sending import sending_parts
from tests.support.small_window import SmallWindow
from tests.support.sqlite_ledger import sqlite_ledger
from tests.support.until import until


class FakeWorkspaces:
    """The part of WorkspaceService that AppServices and the dialog use. Counts its ``saves``."""

    def __init__(self, gateway: SeamGateway, endpoint: str) -> None:
        self._gateway = gateway
        self.saves = 0
        self.current = WorkspaceConnection(
            "1", "Acme Stays", endpoint, CredentialKind.API_KEY, FAKE_WORKSPACE
        )

    async def gateway(self, _connection: WorkspaceConnection) -> SeamGateway:
        return self._gateway

    async def save(self) -> None:
        self.saves += 1


class CreateDialogDriver:
    """`failures` are the exceptions of tasks; `close` asserts that there are none."""

    def __init__(
        self,
        theme: Theme,
        gateway: SeamGateway,
        folder: Path,
        endpoint: str = "https://x.example",
        fetch_image: FetchImage = no_image,
    ) -> None:
        self.folder = folder
        self.failures: list[BaseException] = []
        # pytest-qt handles Qt's events between the phases of a test, where no event loop runs.
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(create_lookups, "_START_AFTER_SECONDS", 0)
        self.window = SmallWindow(theme)
        self.scope = TaskScope(self.failures.append)
        self.data = PreferencesData()
        self.workspaces = FakeWorkspaces(gateway, endpoint)
        self.cipher = UrlCipher(SessionSecretStore())
        self._ledger = sqlite_ledger(folder, lambda: FAKE_NOW, cipher=self.cipher)
        self.services = AppServices(
            self._ledger,
            cast(WorkspaceService, self.workspaces),
            lambda: FAKE_NOW,
            "tester",
            preset_store=FilePresetStore(folder / "presets", resource("presets")),
            draft_store=SealedDrafts(folder / "drafts", self.cipher),
            data=self.data,
            fetch_image=fetch_image,
            write_file=write_file,
            table_files=FileTables(),
            write_table=write_table,
            sending=sending_parts(folder),
        )
        self.presets, self.lookups = self.services.presets, self.services.lookups
        self.controller = CreateController(
            cast(MainWindow, self.window),
            self.services,
            offer_to_save=cast(Any, None),
            open_reservation_link=lambda _customer_key, _reservation_key: None,
            scope=self.scope,
        )

    async def open(self, *, like: str | None = None) -> NewPortalDialog:
        """Open the dialog and wait for its presets and customers."""
        await self._ledger.open()
        self.controller.open(like=like)
        dialog = self.window.findChildren(NewPortalDialog)[-1]
        bar = presets_of(dialog).bar
        await until(lambda: bar.box.count() > 1)
        await until(lambda: not self.scope.is_running("prepare form"))
        await until(lambda: not self.scope.is_running("read customers"))
        return dialog

    async def close(self) -> None:
        for dialog in self.window.findChildren(NewPortalDialog):
            dialog.set_busy(False)
            dialog.reject()
        await self.scope.close()
        await self._ledger.close()
        shiboken6.delete(self.window)
        self._patch.undo()
        # A search that began between the phases of a test, where no event loop runs.
        failures = [each for each in self.failures if str(each) != "no running event loop"]
        assert failures == [], repr(failures)


def presets_of(dialog: NewPortalDialog) -> PresetsController:
    controller = dialog.findChild(PresetsController)
    assert controller is not None
    return controller
