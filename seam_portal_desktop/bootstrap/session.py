"""The window of one data directory, which is painted before the rest is loaded."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.domain.clock import SeamClock
from seam_portal_desktop.domain.preferences import read_settings
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.services.settings import SettingsService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.bootstrap.first_rows import FirstRows
    from seam_portal_desktop.domain.policy import Policy
    from seam_portal_desktop.domain.portal.record import PortalRecord
    from seam_portal_desktop.domain.workspace import WorkspaceConnection

_DEMO_BANNER = _(
    "Demo: a stand-in for Seam runs on this computer. The customers are made up, nothing is sent "
    "anywhere, and all of it is gone when you leave."
)
UNREADABLE_POLICY = _(
    "Your organisation’s policy can’t be used, so the program connects to nothing. Ask whoever "
    "manages this computer to put it right."
)


class SessionMode(Enum):
    REAL = auto()
    DEMO = auto()


class Session:
    """The window and the data that it can show without waiting. `OpenSession` adds the rest.

    Show the ``window``, which has its menu bar and empty panes, then call `add_list` and
    `complete`. Qt may paint after each of these steps. This class doesn't import asyncio. It reads
    only one file, the small preferences, before there is a window. ``clock`` is the one clock of
    everything that depends on Seam's time. In the demo the user has the same ``settings``.
    """

    policy: Policy

    def __init__(self, mode: SessionMode, paths: AppPaths, theme: Theme, icons: Icons) -> None:
        self.mode = mode
        self.paths = paths
        self.clock = SeamClock()
        if mode is SessionMode.DEMO:
            import shutil

            # The links of an earlier demo ended with its sandbox.
            shutil.rmtree(paths.data_dir, ignore_errors=True)
        self.preferences = JsonPreferences(paths.preferences)
        self.data = self.preferences.load()
        stored = self.data.options.get("settings")
        if paths.own_preferences is not None:
            stored = JsonPreferences(paths.own_preferences).read_option("settings")
        self.settings = SettingsService(read_settings(stored))
        theme.set_appearance(self.settings.current.appearance)
        self.window = MainWindow(
            theme,
            icons,
            self.data.window,
            has_workspace=self._current() is not None,
            is_demo=mode is SessionMode.DEMO,
        )
        self._first_rows: FirstRows | None = None

    def add_list(self, policy: Policy | None = None) -> None:
        """Add the list, the workspaces' names and the notices, and read the first rows.

        Without a `policy` nothing is managed.
        """
        if policy is None:
            from seam_portal_desktop.domain.policy import UNMANAGED

            policy = UNMANAGED
        current = self._current()
        self.policy = policy.for_demo() if self.mode is SessionMode.DEMO else policy
        if current is not None and self.policy.ledger_url is None:
            from seam_portal_desktop.bootstrap.first_rows import FirstRows

            workspace_id = current.workspace.workspace_id
            self._first_rows = FirstRows(self.paths.ledger, workspace_id)
            self._first_rows.arrived.connect(self._show_rows)
        from seam_portal_desktop.ui.portals.pane import PaneState
        from seam_portal_desktop.ui.toolkit.times import set_time_style

        self.settings.set_policy(self.policy)
        settings = self.settings.current
        self.window.theme.set_appearance(settings.appearance)
        set_time_style(settings)
        self.window.add_list(self.clock)
        self.window.pane.filter_bar.show_first_view(settings.first_view)
        if self.mode is SessionMode.DEMO:
            self.window.add_notice(_DEMO_BANNER, tone=Tone.INFO, icon="graduation-cap")
        if policy.problems:
            notice = f"{UNREADABLE_POLICY} {' '.join(policy.problems)}"
            self.window.add_notice(notice, tone=Tone.DANGER, icon="shield-alert", closable=False)
        if self.preferences.notice:
            self.window.add_notice(self.preferences.notice)
        self.window.show_workspaces(self.data.connections, current, frozenset())
        has_list = current is not None or self.mode is SessionMode.DEMO
        self.window.pane.set_state(PaneState.LOADING if has_list else PaneState.NO_WORKSPACE)
        if has_list:
            self.window.pane.table.setFocus()

    def complete(self) -> None:
        """Add the rest of the window."""
        self.window.complete(self.clock)
        self.window.preview.show_device(self.settings.current.preview_device)

    def cancel_first_rows(self) -> None:
        """Call it before the list's controller shows rows."""
        if self._first_rows is not None:
            self._first_rows.cancel()

    def _show_rows(self, rows: tuple[PortalRecord, ...]) -> None:
        from seam_portal_desktop.domain.portal.query import RecordPage, grouped
        from seam_portal_desktop.ui.portals.pane import PaneState

        pane = self.window.pane
        if pane.shows_newest_first():
            by_customer = pane.table.columns.by_customer
            shown = tuple(grouped(rows)) if by_customer else rows
            pane.model.set_page(RecordPage(shown, 0, len(rows)), by_customer=by_customer)
            pane.set_state(PaneState.READY)

    def _current(self) -> WorkspaceConnection | None:
        current = self.data.current_connection_id
        return next((each for each in self.data.connections if each.connection_id == current), None)
