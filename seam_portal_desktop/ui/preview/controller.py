"""Shows the selected portals in the preview: one or two, safe by default, live by choice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalRecord, can_be_compared
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.preview.load_failure import FailureKind
from seam_portal_desktop.domain.preview.report import StoredReport
from seam_portal_desktop.domain.request import Locale
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.comparison_settings import Comparison, ComparisonKind
from seam_portal_desktop.ui.preview.pane import PreviewMessage, PreviewPane
from seam_portal_desktop.ui.preview.preview_slot import PreviewSlot, SlotContext, Viewing
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

LIVE_REFUSED = _("Live previews are turned off.")

_FIRST_SWEEP_WAIT_S = 60.0
_LONGEST_SWEEP_WAIT_S = 900.0
"""The waits before left safe previews are revoked again. The wait doubles each time."""

_OPENS_NOTHING = (FailureKind.LINK_DEAD.value, PreviewMessage.EXPIRED.value)


class PreviewController(QObject):
    """Follows the selection. Nothing is loaded until a portal is selected and the pane is shown.

    `panel` is around the pane, unless that has a window of its own. Previews end when the panel is
    hidden. They stay while another of its pages is shown for the same portal.

    A portal is shown in ``first_mode``. If the user chooses its live link, that lasts while the
    portal stays selected. Two selected live portals are shown beside each other. Two languages of
    one portal are too. Each page has its own safe preview.
    """

    def __init__(
        self,
        pane: PreviewPane,
        panel: QWidget,
        context: SlotContext,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._panel = panel
        self._context = context
        self._services = context.services
        self._scope = scope
        self._selected: tuple[PortalRecord, ...] = ()
        self._pair: frozenset[str] = frozenset()
        self._first = PreviewSlot(pane, context, scope)
        self._second = PreviewSlot(pane, context, scope, is_second=True)
        self.first_mode = PreviewMode.SAFE
        refusal = context.live_refusal
        pane.set_live_allowed(allowed=refusal is None, reason=refusal or "")
        pane.rendered.connect(self._mark_previewed)
        pane.failed.connect(self._on_failed)
        pane.live_requested.connect(self._show_live)
        pane.safe_requested.connect(lambda portal_id: self._show_with(portal_id, PreviewMode.SAFE))
        pane.comparison_requested.connect(self._compare)
        pane.checks.report_ready.connect(
            lambda portal_id, stored: scope.start(self._record_report(portal_id, stored))
        )
        pane.installEventFilter(self)
        panel.installEventFilter(self)

    def show(self, selected: Sequence[PortalRecord]) -> None:
        """Show the selected records as they are now."""
        self._selected = tuple(selected)
        if self._is_put_away():
            return
        if self._pane.isHidden():
            if not (len(selected) == 1 and self._first.still_shows(selected[0])):
                self._show_none(PreviewMessage.EMPTY)
        elif len(selected) == 1:
            self._show_one(selected[0])
        elif can_be_compared(selected, self._context.clock()):
            self._show_two(*selected)
        else:
            self._show_none(PreviewMessage.MANY if selected else PreviewMessage.EMPTY)

    def show_at_once(self, record: PortalRecord) -> None:
        """Show a portal that was just created and selected, without the delay of `show`."""
        if not (self._is_put_away() or self._pane.isHidden()):
            self._selected = (record,)
            self._show_one(record, at_once=True)

    def expect_portal(self) -> None:
        """Make a page beforehand, because the user will probably create a portal."""
        if self._context.obstacle is None:
            self._pane.engine.begin()

    def start_engine(self) -> None:
        """Start the web engine while the program is idle: the first portal is shown sooner."""
        has_workspace = self._services.workspaces.current is not None
        if has_workspace and self._context.obstacle is None:
            self._pane.engine.begin_later()

    def reload(self) -> None:
        self._pane.reload()

    def ask_to_open(self) -> None:
        """Ask in the preview whether to open the live link in the system's browser."""
        self._pane.first.ask_to_open()

    def retry_unreadable(self) -> None:
        """Try again to show a portal whose key the keyring didn't give."""
        viewing = self._first.viewing
        if viewing is not None and viewing.lacks_key:
            self._show_first_again(viewing, viewing.mode)

    def sweep(self) -> None:
        """End the safe previews that earlier runs left, in the current workspace first."""
        self._scope.start(self._sweep(), name="sweep previews")

    def on_workspace_changed(self) -> None:
        self.show(())
        self.sweep()
        self.start_engine()

    async def leave_workspace(self) -> None:
        """End all safe previews, which needs the workspace's credential."""
        self._show_none(PreviewMessage.EMPTY)
        await self._services.safe_previews.aclose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Qt sends these events when the widget itself is hidden or shown, not when its window is
        # minimised.
        if event.type() == QEvent.Type.ShowToParent:
            self.show(self._selected)
        elif event.type() == QEvent.Type.HideToParent and self._is_put_away():
            self._show_none(PreviewMessage.EMPTY)
        return super().eventFilter(watched, event)

    def _is_put_away(self) -> bool:
        return self._panel.isHidden() and self._panel.isAncestorOf(self._pane)

    async def _sweep(self) -> None:
        """Sweep all workspaces, and again later what could not be ended now."""
        workspaces = self._services.workspaces
        wait = _FIRST_SWEEP_WAIT_S
        while True:
            current = workspaces.current
            connections = sorted(workspaces.connections, key=lambda each: each != current)
            swept = await self._services.left_safe_previews.sweep_all(connections)
            if not swept.to_retry:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_SWEEP_WAIT_S)

    def _show_none(self, message: PreviewMessage) -> None:
        self._pair = frozenset()
        self._first.end()
        self._second.end()
        self._pane.show_message(message)

    def _show_one(self, portal: PortalRecord, *, at_once: bool = False) -> None:
        self._pair = frozenset()
        if self._second.viewing is not None and not self._second.shows(portal.portal_id):
            self._close_second()
        if not self._first.still_shows(portal):
            self._close_second()
            self._first.show(portal, self.first_mode, at_once=at_once)

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
        """Show the first portal with another link; a second selected portal stays."""
        second = self._second.viewing if self._pair else None
        self._second.end()
        again = self._first.show(viewing.portal, mode, at_once=True)
        if second is not None:
            self._second.show(second.portal, second.mode, at_once=True)
        return again

    def _compare(self, comparison: Comparison) -> None:
        if comparison.kind is not ComparisonKind.LANGUAGE or comparison.locale is None:
            # The pane has closed the second view already, or shows the first one's link in it.
            self._second.end()
            return
        viewing = self._first.viewing
        if viewing is not None and self._first.shows(comparison.portal_id):
            locale = Locale(comparison.locale)
            self._second.show(viewing.portal, PreviewMode.SAFE, locale=locale, at_once=True)

    def _close_second(self) -> None:
        self._second.end()
        self._pane.close_second()

    def _show_live(self, portal_id: str) -> None:
        if self._context.live_refusal is not None:
            self._pane.notice.emit(self._context.live_refusal)
        else:
            self._show_with(portal_id, PreviewMode.LIVE)

    def _show_with(self, portal_id: str, mode: PreviewMode) -> None:
        first, second = self._first.viewing, self._second.viewing
        if first is not None and self._first.shows(portal_id):
            self._show_first_again(first, mode)
        elif second is not None and self._second.shows(portal_id):
            self._second.show(second.portal, mode, at_once=True)

    def _on_failed(self, portal_id: str, kind: str) -> None:
        if kind not in _OPENS_NOTHING:
            return
        first, second = self._first.viewing, self._second.viewing
        # Two languages of one portal have the same id; the page that isn't loaded has failed.
        if first is not None and self._first.shows(portal_id) and not self._pane.is_loaded:
            if first.may_replace_link:
                self._show_first_again(first, first.mode).was_replaced = True
        elif second is not None and self._second.shows(portal_id) and second.may_replace_link:
            self._second.show(
                second.portal, second.mode, locale=second.locale, at_once=True
            ).was_replaced = True

    def _mark_previewed(self, portal_id: str) -> None:
        for slot in (self._first, self._second):
            viewing = slot.viewing
            if viewing is not None and slot.shows(portal_id):
                viewing.was_replaced = False
                mark = self._services.portals.mark_previewed(portal_id, viewing.mode)
                self._scope.start(mark)
                return

    async def _record_report(self, portal_id: str, stored: StoredReport) -> None:
        # The row may just have been deleted; otherwise the list shows the error.
        with contextlib.suppress(LedgerError):
            await self._services.ledger.record_report(portal_id, stored)
