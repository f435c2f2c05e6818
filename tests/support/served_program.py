"""The bootstrap's Program object in the test's event loop, after the first paint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from seam_portal_desktop.adapters.files.graphics_choice import FileGraphicsChoice
from seam_portal_desktop.bootstrap.program import OpenedAddresses, Program
from seam_portal_desktop.bootstrap.session import SessionMode
from seam_portal_desktop.diagnostics import Diagnostics
from seam_portal_desktop.options import Options
from seam_portal_desktop.paths import app_paths
from seam_portal_desktop.ui.help.graphics_controller import GraphicsFailure
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.single_instance import InstanceLock


@dataclass(frozen=True)
class Served:
    """The first window, and the event that ends the program."""

    window: MainWindow
    stop: asyncio.Event


@asynccontextmanager
async def serving(
    app: QApplication,
    data_dir: Path,
    mode: SessionMode,
    *,
    lock: InstanceLock | None = None,
    addresses: OpenedAddresses | None = None,
) -> AsyncIterator[Served]:
    """Run the program until the block ends."""
    graphics = FileGraphicsChoice(data_dir)
    paths = app_paths(data_dir)
    program = Program(app, paths, Options(), graphics, lock=lock, addresses=addresses)
    program._theme.install()
    session = program._session(mode)
    session.window.show()
    session.add_list()
    session.complete()
    stop = asyncio.Event()
    diagnostics = Diagnostics(paths.log)
    diagnostics.start()
    failure = GraphicsFailure(app)
    served = asyncio.create_task(program._serve(session, stop, failure, diagnostics))
    try:
        yield Served(session.window, stop)
    finally:
        stop.set()
        await served
        diagnostics.close()
        program._theme.deleteLater()
        app.setStyleSheet("")
