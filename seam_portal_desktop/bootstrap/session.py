"""What a run begins with: one window on one data directory, painted before the rest is loaded."""

from __future__ import annotations

import threading
from enum import Enum, auto
from typing import TYPE_CHECKING

from seam_portal_desktop.adapters.preferences import JsonPreferences
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.main_window import MainWindow
from seam_portal_desktop.ui.portals.pane import PaneState
from seam_portal_desktop.ui.theme import Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.portal import Portal
    from seam_portal_desktop.domain.workspace import WorkspaceConnection

_SNAPSHOT_ROWS = 1000

_DEMO_BANNER = (
    "Demo: a stand-in for Seam runs on this computer. The customers are made up, nothing is sent "
    "anywhere, and all of it is gone when you leave."
)


class SessionMode(Enum):
    REAL = auto()
    DEMO = auto()


class Session:
    """The window and what it can show without waiting. `OpenSession` puts the program behind it.

    Call `show`, let Qt paint, then `complete` and `show_snapshot`. Nothing here imports asyncio
    or waits for a disk; the preferences, a small file, are read before there is a window.
    """

    def __init__(self, mode: SessionMode, paths: AppPaths, theme: Theme, icons: Icons) -> None:
        self.mode = mode
        self.paths = paths
        if mode is SessionMode.DEMO:
            import shutil

            # The demo's links died with the sandbox that made them.
            shutil.rmtree(paths.data_dir, ignore_errors=True)
        self.preferences = JsonPreferences(paths.preferences)
        self.data = self.preferences.load()
        self.window = MainWindow(theme, icons, system_clock, is_demo=mode is SessionMode.DEMO)
        self.window.restore_view(self.data.window)
        self._snapshot: tuple[Portal, ...] | None = None
        self._reader: threading.Thread | None = None

    def show(self) -> None:
        """Show the window with the workspaces' names, and begin to read the rows."""
        current = self._current()
        self.window.show_workspaces(self.data.connections, current, frozenset())
        has_list = current is not None or self.mode is SessionMode.DEMO
        self.window.pane.set_state(PaneState.LOADING if has_list else PaneState.NO_WORKSPACE)
        self.window.show()
        if current is not None and self.window.pane.shows_newest_first():
            workspace_id = current.workspace.workspace_id
            self._reader = threading.Thread(
                target=self._read_snapshot, args=(workspace_id,), name="snapshot", daemon=True
            )
            self._reader.start()

    def complete(self) -> None:
        """Add the rest of the window, and the notices that are known by now."""
        self.window.complete()
        if self.mode is SessionMode.DEMO:
            self.window.add_notice(_DEMO_BANNER, tone=Tone.INFO, icon="graduation-cap")
        if self.preferences.notice:
            self.window.add_notice(self.preferences.notice)

    def show_snapshot(self) -> bool:
        """Show the rows as the last run left them. False while they are still being read."""
        if self._reader is None:
            return True
        if self._reader.is_alive():
            return False
        self._reader = None
        if self._snapshot:
            from seam_portal_desktop.domain.ports import PortalPage

            rows = self._snapshot
            self.window.pane.set_page(PortalPage(rows, 0, len(rows)))
            self.window.pane.set_state(PaneState.READY)
        return True

    def _read_snapshot(self, workspace_id: str) -> None:
        from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot

        self._snapshot = read_snapshot(self.paths.ledger, workspace_id, limit=_SNAPSHOT_ROWS)

    def _current(self) -> WorkspaceConnection | None:
        wanted = self.data.current_connection_id
        return next((one for one in self.data.connections if one.connection_id == wanted), None)
