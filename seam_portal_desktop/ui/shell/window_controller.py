"""Joins the window's actions to the presenters, and the presenters to each other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import ProbeTls
from seam_portal_desktop.services.lifecycle import LifecycleServices
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.services.safe_preview import SafePreviewService
from seam_portal_desktop.services.updates import UpdateService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.create.controller import CreateController
from seam_portal_desktop.ui.help.controller import HelpController, HelpSources
from seam_portal_desktop.ui.help.update_controller import UpdateController
from seam_portal_desktop.ui.lifecycle.controller import LifecycleController
from seam_portal_desktop.ui.portal.attachments import AttachmentsController
from seam_portal_desktop.ui.portal.link_actions import LinkActionsController
from seam_portal_desktop.ui.portal.report_controller import ReportController, ask_with
from seam_portal_desktop.ui.portals.addressed_portal import AddressedPortalController
from seam_portal_desktop.ui.portals.controller import PortalListController
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.preview.controller import LIVE_REFUSED, PreviewController
from seam_portal_desktop.ui.preview.preview_slot import PreviewUse
from seam_portal_desktop.ui.shell.command_palette import CommandPalette
from seam_portal_desktop.ui.shell.keyring_status import (
    FindKeyringProblem,
    KeyringStatus,
    StoreKeyNow,
)
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.workspaces.controller import WorkspacesController

_log = logging.getLogger(__name__)


class WindowController(QObject):
    """Everything that the window does. `close` ends its tasks; the window may go then.

    `preview_obstacle` says why no page may be opened in this process, if that is so; `policy` is
    what the organisation allows.
    """

    def __init__(
        self,
        window: MainWindow,
        portals: asyncio.Future[PortalService],
        previews: asyncio.Future[SafePreviewService],
        workspaces: WorkspaceService,
        clock: Clock,
        preview_obstacle: str | None,
        policy: Policy = UNMANAGED,
    ) -> None:
        super().__init__(window)
        self.policy = policy
        self._window = window
        self._workspaces = workspaces
        self._portals = portals
        self._clock = clock
        self._scope = TaskScope(self.report)
        self.clipboard = SecretClipboard(QGuiApplication.clipboard(), self)
        theme, icons, scope = window.theme, window.icons, self._scope
        self.list = PortalListController(
            window.pane, window.search_box, portals, workspaces, scope, self
        )
        refusal = f"{LIVE_REFUSED} {policy.live_note}" if policy.live_note else None
        window.preview.set_live_allowed(allowed=refusal is None, reason=refusal or "")
        window.preview.checks.allows_host = policy.allows_host
        use = PreviewUse(portals, previews, workspaces, clock, preview_obstacle, refusal)
        self.previews = PreviewController(window.preview, use, scope, self)
        self.selection = SelectionController(
            window.pane,
            window.detail,
            self.previews,
            window.actions_,
            portals,
            clock,
            scope,
            self,
        )
        self.reports = ReportController(window.detail, previews, clock, scope, self)
        self.portal_actions = LinkActionsController(
            window, self.clipboard, portals, workspaces, clock, scope
        )
        self.creation = CreateController(
            portals, workspaces, theme, icons, scope, window, is_demo=window.is_demo
        )
        self.workspaces = WorkspacesController(
            workspaces, window.status_area, theme, icons, scope, window
        )
        self.addressed = AddressedPortalController(
            portals, workspaces, self.list, window.status_area, scope, self
        )
        self._palette: CommandPalette | None = None
        self.workspaces.before_removal = self.previews.leave_workspace
        self._connect_presenters()
        self._connect_actions()
        self.show_workspaces()

    def start(self) -> None:
        """Begin showing the list."""
        self.list.refresh()
        self.previews.sweep()
        self.previews.start_engine()

    def watch_keeping(self, find_out: FindKeyringProblem, keep_now: StoreKeyNow) -> None:
        """Say whether the links made in this run can be read later."""
        keeping = KeyringStatus(self._window, find_out, keep_now, self._scope)
        keeping.check()
        self.workspaces.changed.connect(keeping.check_again)
        keeping.kept.connect(self.previews.read_again)

    def offer_lifecycle(self, life: asyncio.Future[LifecycleServices]) -> None:
        """Put renewing, revoking and the rest of a link's later life to work."""
        lifecycle = self.lifecycle = LifecycleController(
            self._window,
            self._portals,
            life,
            self._workspaces,
            self.selection,
            self._clock,
            self._scope,
        )
        lifecycle.created.connect(lambda portal_id: self.list.refresh(select=portal_id))
        lifecycle.portal_changed.connect(self._show_changed)
        lifecycle.list_changed.connect(self.list.refresh)
        lifecycle.not_saved.connect(self.portal_actions.offer_to_save)
        self.creation.reservation_link_wanted.connect(lifecycle.reservation_link.open_for)
        lifecycle.duplicate_wanted.connect(lambda portal_id: self.creation.open(like=portal_id))
        self.portal_actions.timeline_changed.connect(lifecycle.refresh_timeline)
        self.previews.timeline_changed.connect(lifecycle.refresh_timeline)
        self.workspaces.changed.connect(lifecycle.workspace_changed)
        self._window.preview.new_link_requested.connect(lifecycle.replace_link)
        lifecycle.workspace_changed()
        evidence = AttachmentsController(self._window, life, self._clock, self._scope)
        self.selection.shown.connect(evidence.show)

    def offer_tls_probe(self, probe: ProbeTls) -> None:
        """Let the preview's checks look at certificates."""
        self._window.preview.checks.ask_tls = ask_with(probe, self._scope)

    def offer_help(self, sources: HelpSources) -> None:
        """Put the Help menu to work."""
        HelpController(self._window, sources, self._clock, self._scope)

    def offer_updates(self, updates: UpdateService, downloads: Path) -> None:
        """Put the updates to work; `downloads` is where files go."""
        UpdateController(self._window, updates, self._clock, downloads, self._scope)

    async def close(self) -> None:
        """Cancel what still runs and take a copied link off the clipboard.

        The twins of safe previews are the preview service's to end, afterwards.
        """
        # What is cancelled now, or was on its way through a timer, has nothing left to refresh.
        window = self._window
        for source in (
            window.pane,
            window.pane.table,
            window.search_box,
            window.switcher,
            window.detail,
            window.preview,
            self.list,
            self.previews,
            self.selection,
            self.portal_actions,
            self.creation,
            self.workspaces,
        ):
            source.blockSignals(True)  # noqa: FBT003 - Qt's signature
        await self._scope.close()
        self.clipboard.clear_if_ours()

    def report(self, error: BaseException) -> None:
        """Show what a task failed with; a failure that isn't the user's to solve is a bug."""
        if isinstance(error, UserFacingError):
            self._window.status_area.show_error(error)
            return
        _log.error("A task failed", exc_info=error)
        self._window.status_area.show_error(
            UserFacingError(
                "Something went wrong inside the program.",
                "What you did may not have taken effect. The log says more; "
                "Help, Copy diagnostics says where it is.",
                technical=type(error).__name__,
            )
        )

    def _connect_presenters(self) -> None:
        window = self._window
        self.list.refreshed.connect(self.selection.show)
        self.list.refreshed.connect(self.previews.drop_prepared)
        self.previews.row_changed.connect(self._show_row)
        self.selection.shown.connect(self.reports.show)
        self.previews.beside_failed.connect(window.status_area.show_error)
        self.portal_actions.portal_changed.connect(self._show_changed)
        self.portal_actions.list_changed.connect(self.list.refresh)
        self.creation.opened.connect(self.previews.expect_portal)
        self.creation.created.connect(self.previews.prepare)
        self.creation.created.connect(lambda portal_id: self.list.refresh(select=portal_id))
        self.creation.settled.connect(self.list.refresh)
        self.creation.not_saved.connect(self.portal_actions.offer_to_save)
        self.addressed.switched.connect(self.workspaces.changed)
        self.workspaces.changed.connect(self.show_workspaces)
        self.workspaces.changed.connect(self.previews.workspace_changed)
        self.workspaces.changed.connect(self.list.start_over)
        window.switcher.switched.connect(self.workspaces.switch)
        window.switcher.remove_requested.connect(self.workspaces.remove)
        window.detail.create_again_requested.connect(
            lambda portal_id: self.creation.open(like=portal_id)
        )
        window.detail.preview_requested.connect(lambda _id: self._show_preview())
        window.detail.preview_again_requested.connect(lambda _id: self._preview_again())
        window.preview.open_externally_requested.connect(self.portal_actions.open_in_browser)
        window.preview.external_link_requested.connect(self.portal_actions.open_address)
        window.preview.notice.connect(
            lambda text: window.status_area.show_message(text, tone=Tone.INFO)
        )

    def _connect_actions(self) -> None:
        window, actions = self._window, self._window.actions_
        actions.new_portal.triggered.connect(lambda _checked: self.creation.open())
        actions.connect_workspace.triggered.connect(self.workspaces.connect_workspace)
        actions.remove_workspace.triggered.connect(self._remove_current)
        actions.copy_link.triggered.connect(window.detail.copy_link)
        actions.mark_sent.triggered.connect(window.detail.mark_as_sent)
        actions.reveal_link.triggered.connect(window.detail.reveal_link)
        actions.undo_sent.triggered.connect(self._with_selected(self.portal_actions.undo_sent))
        actions.check_outcome.triggered.connect(
            self._with_selected(self.portal_actions.check_outcome)
        )
        actions.duplicate.triggered.connect(
            self._with_selected(lambda portal_id: self.creation.open(like=portal_id))
        )
        actions.delete.triggered.connect(self._delete_selected)
        actions.undo_delete.triggered.connect(self.portal_actions.undo_delete)
        actions.reload_preview.triggered.connect(window.preview.reload)
        actions.open_in_browser.triggered.connect(window.preview.ask_to_open)
        actions.refresh.triggered.connect(lambda _checked: self.list.refresh())
        actions.command_palette.triggered.connect(self._open_palette)

    def _with_selected(self, act: Callable[[str], None]) -> Callable[[], None]:
        def run() -> None:
            selected = self.selection.selected()
            if len(selected) == 1:
                act(selected[0].portal_id)

        return run

    def _delete_selected(self) -> None:
        selected = self.selection.selected()
        if selected:
            self.portal_actions.delete(selected)

    def _remove_current(self) -> None:
        current = self._workspaces.current
        if current is not None:
            self.workspaces.remove(current.connection_id)

    def _show_row(self, portal: PortalRecord) -> None:
        self.list.replace_rows((portal,))
        self.selection.show()

    def _show_changed(self, portal: PortalRecord) -> None:
        self._show_row(portal)
        self.list.refresh()

    def show_workspaces(self) -> None:
        """Say everywhere which workspace this is, and offer what can be done with it."""
        current = self._workspaces.current
        actions = self._window.actions_
        actions.new_portal.setEnabled(current is not None)
        actions.remove_workspace.setEnabled(current is not None and not self._window.is_demo)
        self._window.show_workspaces(
            self._workspaces.connections, current, self._workspaces.session_only
        )

    def _show_preview(self) -> None:
        self._window.actions_.toggle_preview.setChecked(True)
        self._window.preview.setFocus()

    def _preview_again(self) -> None:
        self._show_preview()
        self._window.preview.reload()

    def _open_palette(self) -> None:
        if self._palette is None:
            self._palette = CommandPalette(self._window.theme, self._window.icons, self._window)
        switches = self._window.switcher.switch_actions()
        self._palette.set_actions([*self._window.actions_.for_palette(), *switches])
        self._palette.open()
