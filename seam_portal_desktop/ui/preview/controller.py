"""What the preview shows: safe previews by default, live links by choice, one portal or two."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.preview.load_failure import FailureKind
from seam_portal_desktop.domain.preview.report import PreviewMode, StoredReport
from seam_portal_desktop.domain.request import Locale
from seam_portal_desktop.ui.preview.emulation.comparison_settings import Comparison, ComparisonKind
from seam_portal_desktop.ui.preview.pane import PreviewMessage, PreviewPane
from seam_portal_desktop.ui.preview.preview_slot import PreviewSlot, SlotContext, Viewing
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

LIVE_REFUSED = "Live previews are turned off."

_OPENS_NOTHING = (FailureKind.LINK_DEAD.value, PreviewMessage.EXPIRED.value)


class PreviewController(QObject):
    """Follows the selection. Nothing is loaded until a portal is selected and the pane is shown.

    A portal is shown through a safe preview, unless the user chose its live link; that choice ends
    with the portal's selection. Two selected live portals are shown beside each other, as is a
    portal and itself in another language; each page has a safe preview of its own. ``first_mode``
    is what a portal is shown with before anybody chose.
    """

    def __init__(
        self, pane: PreviewPane, context: SlotContext, scope: TaskScope, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._context = context
        self._services = context.services
        self._scope = scope
        self._selected: tuple[PortalRecord, ...] = ()
        self._pair: frozenset[str] = frozenset()
        self._first = PreviewSlot(pane, context, scope)
        self._second = PreviewSlot(pane, context, scope, is_second=True)
        self.first_mode = PreviewMode.SAFE
        pane.rendered.connect(self._note_previewed)
        pane.failed.connect(self._on_failed)
        pane.live_requested.connect(self._show_live)
        pane.safe_requested.connect(lambda portal_id: self._show_with(portal_id, PreviewMode.SAFE))
        pane.comparison_requested.connect(self._compare)
        pane.report_ready.connect(
            lambda portal_id, stored: scope.start(self._record_report(portal_id, stored))
        )
        pane.installEventFilter(self)

    def show(self, selected: Sequence[PortalRecord]) -> None:
        """Bring the preview in line with the selected rows as they are now."""
        self._selected = tuple(selected)
        if self._pane.isHidden():
            return
        now = self._context.clock()
        if len(selected) == 1:
            self._show_one(selected[0])
        elif len(selected) == 2 and all(portal.is_live(now) for portal in selected):
            self._show_two(*selected)
        else:
            self._show_none(PreviewMessage.MANY if selected else PreviewMessage.EMPTY)

    def show_at_once(self, record: PortalRecord) -> None:
        """Show a portal that was just created and selected, without waiting for more keys."""
        if not self._pane.isHidden():
            self._selected = (record,)
            self._show_one(record, at_once=True)

    def expect_portal(self) -> None:
        """A new portal is about to be asked for."""
        if self._context.obstacle is None:
            self._pane.expect_portal()

    def start_engine(self) -> None:
        """Start the web engine in an idle moment, so that the first portal needn't wait for it."""
        has_workspace = self._services.workspaces.current is not None
        if has_workspace and self._context.obstacle is None and not self._pane.isHidden():
            self._pane.start_engine()

    def read_again(self) -> None:
        """The keyring answers now: try again what it kept from being shown."""
        viewing = self._first.viewing
        if viewing is not None and viewing.misses_key:
            self._show_first_again(viewing, viewing.mode)

    def sweep(self) -> None:
        """End the safe previews that an earlier run left in the current workspace."""
        connection = self._services.workspaces.current
        if connection is not None:
            sweep = self._services.safe_previews.sweep(connection)
            self._scope.start(sweep, name="sweep previews")

    def on_workspace_changed(self) -> None:
        self.show(())
        self.sweep()
        self.start_engine()

    async def leave_workspace(self) -> None:
        """End all safe previews now, while their workspace's credential is still there."""
        self._show_none(PreviewMessage.EMPTY)
        await self._services.safe_previews.aclose()

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
        """Show the first portal with another link; another one that is selected stays beside."""
        beside = self._second.viewing if self._pair else None
        self._second.end()
        again = self._first.show(viewing.portal, mode, at_once=True)
        if beside is not None:
            self._second.show(beside.portal, beside.mode, at_once=True)
        return again

    def _compare(self, comparison: Comparison) -> None:
        if comparison.kind is not ComparisonKind.LANGUAGE or comparison.locale is None:
            # The pane has closed the second page, or put the first one's link there by itself.
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
        viewing = self._first.viewing
        beside = self._second.viewing
        if viewing is not None and self._first.shows(portal_id):
            self._show_first_again(viewing, mode)
        elif beside is not None and self._second.shows(portal_id):
            self._second.show(beside.portal, mode, at_once=True)

    def _on_failed(self, portal_id: str, kind: str) -> None:
        if kind not in _OPENS_NOTHING:
            return
        viewing = self._first.viewing
        # Two languages of one portal have the same id: the page that isn't there any more failed.
        if viewing is not None and self._first.shows(portal_id) and not self._pane.is_loaded:
            if self._first.may_replace_link:
                self._show_first_again(viewing, viewing.mode).was_replaced = True
        elif self._second.shows(portal_id) and self._second.may_replace_link:
            beside = self._second.viewing
            assert beside is not None  # noqa: S101 - it shows something
            self._second.show(
                beside.portal, beside.mode, locale=beside.locale, at_once=True
            ).was_replaced = True

    def _note_previewed(self, portal_id: str) -> None:
        for slot in (self._first, self._second):
            viewing = slot.viewing
            if viewing is not None and slot.shows(portal_id):
                viewing.was_replaced = False
                note = self._services.portals.mark_previewed(portal_id, viewing.mode)
                self._scope.start(note)
                return

    async def _record_report(self, portal_id: str, stored: StoredReport) -> None:
        # The row may just have been deleted; otherwise reading the list says what is wrong.
        with contextlib.suppress(LedgerError):
            await self._services.safe_previews.record_report(portal_id, stored)
