"""What the preview shows: safe twins by default, live links by choice, one portal or two."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Signal

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.preview.load_failure import FailureKind
from seam_portal_desktop.domain.preview.report import PreviewMode, StoredReport
from seam_portal_desktop.domain.request import Locale
from seam_portal_desktop.ui.preview.emulation.comparison_settings import Comparison, ComparisonKind
from seam_portal_desktop.ui.preview.pane import PreviewMessage, PreviewPane
from seam_portal_desktop.ui.preview.preview_slot import (
    PreviewSlot,
    PreviewUse,
    SafeAnswer,
    Viewing,
)
from seam_portal_desktop.ui.preview.second_slot import SurfaceBeside
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

LIVE_REFUSED = "Live previews are turned off."

_OPENS_NOTHING = (FailureKind.LINK_DEAD.value, PreviewMessage.EXPIRED.value)


class PreviewController(QObject):
    """Follows the selection. Nothing is loaded until a portal is selected and the pane is shown.

    A portal is shown through a read-only twin, unless the user chose its live link; that choice
    ends with the portal's selection. Two live rows are shown beside each other, as is a portal
    and itself in another language; each page has a twin of its own. ``first_mode`` is what a
    portal is shown with before anybody chose.

    `row_changed` carries a Portal as it is after it was looked at; `story_changed` says that
    something was noted that no row tells, and `beside_failed` carries a UserFacingError about a
    second portal.
    """

    row_changed = Signal(object)
    timeline_changed = Signal()
    beside_failed = Signal(object)

    def __init__(
        self, pane: PreviewPane, use: PreviewUse, scope: TaskScope, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._use = use
        self._scope = scope
        self._selected: tuple[PortalRecord, ...] = ()
        self._pair: frozenset[str] = frozenset()
        self._beside = SurfaceBeside(pane, self.beside_failed.emit)
        told = self.timeline_changed.emit
        self._first = PreviewSlot("open preview", pane, use, scope, told)
        self._second = PreviewSlot("open second preview", self._beside, use, scope, told)
        self._prepared: tuple[str, asyncio.Task[SafeAnswer]] | None = None
        self.first_mode = PreviewMode.SAFE
        pane.rendered.connect(self._note_previewed)
        pane.failed.connect(self._follow_failure)
        pane.live_requested.connect(self._show_live)
        pane.safe_requested.connect(self._show_safe)
        pane.comparison_requested.connect(self._compare)
        pane.report_ready.connect(self._keep_report)
        pane.installEventFilter(self)

    def show(self, selected: Sequence[PortalRecord]) -> None:
        """Bring the preview in line with the selected rows as they are now."""
        self._selected = tuple(selected)
        if self._pane.isHidden():
            return
        now = self._use.clock()
        if len(selected) == 1:
            self._show_one(selected[0])
        elif len(selected) == 2 and all(portal.is_live(now) for portal in selected):
            self._show_two(*selected)
        else:
            self._show_none(PreviewMessage.MANY if selected else PreviewMessage.EMPTY)

    def expect_portal(self) -> None:
        """A new portal is about to be asked for."""
        if self._use.obstacle is None:
            self._pane.expect_portal()

    def start_engine(self) -> None:
        """Start the web engine in an idle moment, so that the first portal needn't wait for it."""
        has_workspace = self._use.workspaces.current is not None
        if has_workspace and self._use.obstacle is None and not self._pane.isHidden():
            self._pane.start_engine()

    def prepare(self, portal_id: str) -> None:
        """This portal was just created and will be selected: make its twin meanwhile."""
        self.drop_prepared()
        wanted = self.first_mode is PreviewMode.SAFE and self._use.obstacle is None
        if wanted and not self._pane.isHidden():
            task = self._scope.start(self._first.request_safe_preview(portal_id))
            self._prepared = (portal_id, task)

    def drop_prepared(self) -> None:
        """What was prepared and isn't selected by now won't be."""
        if self._prepared is not None:
            _, task = self._prepared
            self._prepared = None
            self._first.drop(task)

    def read_again(self) -> None:
        """The keyring answers now: try again what it kept from being shown."""
        viewing = self._first.viewing
        if viewing is not None and viewing.misses_key:
            self._show_first_again(viewing, viewing.mode)

    def sweep(self) -> None:
        """End the twins that an earlier run of the program left in the current workspace."""
        connection = self._use.workspaces.current
        if connection is not None:

            async def sweep() -> None:
                if await (await self._use.previews).sweep(connection):
                    self.timeline_changed.emit()

            self._scope.start(sweep(), name="sweep previews")

    def workspace_changed(self) -> None:
        """Another workspace is shown, or none."""
        self.drop_prepared()
        self.show(())
        self.sweep()
        self.start_engine()

    async def leave_workspace(self) -> None:
        """End all twins now, while their workspace's credential is still there."""
        self.drop_prepared()
        self._show_none(PreviewMessage.EMPTY)
        if self._use.previews.done():
            await self._use.previews.result().aclose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Of the pane itself, and not of a window that is minimised for a moment.
        if event.type() == QEvent.Type.HideToParent:
            self._show_none(PreviewMessage.EMPTY)
        elif event.type() == QEvent.Type.ShowToParent:
            self.show(self._selected)
        return super().eventFilter(watched, event)

    def _show_none(self, message: PreviewMessage) -> None:
        self._pair = frozenset()
        self._first.end()
        self._second.end()
        self._pane.show_message(message)

    def _show_one(self, portal: PortalRecord) -> None:
        self._pair = frozenset()
        if self._second.viewing is not None and not self._second.shows(portal.portal_id):
            self._close_second()
        if self._first.still_shows(portal):
            return
        self._close_second()
        prepared = None
        if self._prepared is not None and self._prepared[0] == portal.portal_id:
            prepared = self._prepared[1]
            self._prepared = None
        self._first.show(portal, self.first_mode, prepared=prepared)

    def _show_two(self, one: PortalRecord, two: PortalRecord) -> None:
        pair = frozenset({one.portal_id, two.portal_id})
        if pair == self._pair:
            return  # the user may have closed one of them
        self._pair = pair
        if self._first.still_shows(two):
            one, two = two, one
        if not self._first.still_shows(one):
            self._first.show(one, self.first_mode)
        self._second.show(two, self.first_mode)

    def _show_first_again(self, viewing: Viewing, mode: PreviewMode) -> Viewing:
        """Show the first portal with another link; another one that is selected stays beside."""
        beside = self._second.viewing if self._pair else None
        self._second.end()
        again = self._first.show(viewing.portal, mode, at_once=True)
        if beside is not None:
            self._second.show(beside.portal, beside.mode, at_once=True)
        return again

    def _compare(self, wish: Comparison) -> None:
        if self._beside.is_closing:
            return
        viewing = self._first.viewing
        if wish.kind is ComparisonKind.LANGUAGE and wish.locale is not None:
            if viewing is not None and self._first.shows(wish.portal_id):
                locale = Locale(wish.locale)
                self._second.show(viewing.portal, PreviewMode.SAFE, locale=locale, at_once=True)
        else:
            # The pane has closed the second page, or put the first one's link there by itself.
            self._second.end()

    def _close_second(self) -> None:
        self._second.end()
        self._beside.close()

    def _show_live(self, portal_id: str) -> None:
        if self._use.live_refusal is not None:
            self._pane.notice.emit(self._use.live_refusal)
        else:
            self._show_with(portal_id, PreviewMode.LIVE)

    def _show_safe(self, portal_id: str) -> None:
        self._show_with(portal_id, PreviewMode.SAFE)

    def _show_with(self, portal_id: str, mode: PreviewMode) -> None:
        viewing = self._first.viewing
        beside = self._second.viewing
        if viewing is not None and self._first.shows(portal_id):
            self._show_first_again(viewing, mode)
        elif beside is not None and self._second.shows(portal_id):
            self._second.show(beside.portal, mode, at_once=True)

    def _follow_failure(self, portal_id: str, kind: str) -> None:
        if kind not in _OPENS_NOTHING:
            return
        viewing = self._first.viewing
        # Two languages of one portal have the same id: the page that isn't there any more failed.
        if viewing is not None and self._first.shows(portal_id) and not self._pane.is_loaded:
            if self._first.has_dead_safe_preview:
                self._show_first_again(viewing, viewing.mode).was_replaced = True
        elif self._second.shows(portal_id) and self._second.has_dead_safe_preview:
            beside = self._second.viewing
            assert beside is not None  # noqa: S101 - it shows something
            self._second.show(
                beside.portal, beside.mode, locale=beside.locale, at_once=True
            ).was_replaced = True

    def _note_previewed(self, portal_id: str) -> None:
        for place in (self._first, self._second):
            viewing = place.viewing
            if viewing is not None and place.shows(portal_id):
                viewing.was_replaced = False
                self._scope.start(self._mark_previewed(portal_id, viewing.mode))
                return

    async def _mark_previewed(self, portal_id: str, mode: PreviewMode) -> None:
        self.row_changed.emit(await (await self._use.previews).mark_previewed(portal_id, mode))

    def _keep_report(self, portal_id: str, stored: StoredReport) -> None:
        self._scope.start(self._record_report(portal_id, stored))

    async def _record_report(self, portal_id: str, stored: StoredReport) -> None:
        try:
            portal = await (await self._use.previews).record_report(portal_id, stored)
        except LedgerError:
            return  # the row was just deleted, or reading the list says what is wrong
        self.row_changed.emit(portal)
