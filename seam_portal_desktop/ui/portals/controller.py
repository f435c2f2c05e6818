"""Fills the table: search, filters, sorting, paging, counts, and what to say when it is empty."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordPage
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.portals import PAGE_ROWS, PortalService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.portals.filter_bar import SearchBox
from seam_portal_desktop.ui.portals.pane import PaneState, PortalsPane
from seam_portal_desktop.ui.portals.search_terms import SearchTerms
from seam_portal_desktop.ui.toolkit.tasks import TaskScope


class PortalListController(QObject):
    """Keeps the pane showing what the ledger holds for the current workspace.

    `refreshed` follows every refresh, after the selection was restored. `portals` is awaited by
    every task, so that what is typed before the ledger is open is answered once it is.
    """

    refreshed = Signal()

    def __init__(
        self,
        pane: PortalsPane,
        search_box: SearchBox,
        portals: asyncio.Future[PortalService],
        workspaces: WorkspaceService,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._search_box = search_box
        self._portals = portals
        self._workspaces = workspaces
        self._scope = scope
        self._to_select: str | None = None
        pane.query_changed.connect(lambda *_: self.refresh())
        pane.statuses_dropped.connect(search_box.drop_statuses)
        search_box.terms_changed.connect(self._search)
        pane.more_wanted.connect(self._fetch_more)
        pane.status_elapsed.connect(self.refresh)
        pane.retry_requested.connect(self.refresh)
        pane.clear_requested.connect(self._clear_filters)

    def refresh(self, *, select: str | None = None) -> None:
        """Read the list again; with `select`, show and select that row even if filters hide it."""
        # Kept until a refresh has come to its end: a later one may preempt this one.
        self._to_select = select or self._to_select
        self._scope.start(self._refresh(), name="refresh")

    def start_over(self) -> None:
        """Another workspace is the current one: its rows, and none of the last one's meanwhile."""
        self._to_select = None
        self._pane.set_page(RecordPage((), 0, 0))
        self._pane.set_counts({})
        self.refresh()

    def replace_rows(self, portals: Iterable[PortalRecord]) -> None:
        """Show changed rows at once; the order and the counts follow with the next refresh."""
        self._pane.update_rows(tuple(portals))

    def _search(self, terms: SearchTerms) -> None:
        self._pane.set_search(terms)
        self.refresh()

    def _clear_filters(self) -> None:
        self._search_box.clear()
        self._pane.clear_filters()
        self.refresh()

    def _query(self) -> PortalQuery | None:
        connection = self._workspaces.current
        if connection is None:
            return None
        return self._pane.query(connection.workspace.workspace_id)

    async def _refresh(self) -> None:
        query = self._query()
        if query is None:
            self._pane.set_state(PaneState.NO_WORKSPACE)
            self.refreshed.emit()
            return
        self._pane.set_state(PaneState.LOADING)
        portals = await self._portals
        select = self._to_select
        try:
            page = await portals.find(query, limit=max(PAGE_ROWS, self._pane.loaded_rows))
            if select is not None and not _holds(page, select):
                self._search_box.clear()
                self._pane.clear_filters()
                query = self._query() or query
                page = await portals.find(query)
            counts = await portals.counts(query.workspace_id, query.text)
        except LedgerError as error:
            self._pane.set_error(error)
            return
        self._pane.set_page(page)
        self._pane.set_counts(counts)
        self._pane.set_state(_state(page, query))
        if select is not None:
            self._pane.select(select)
            self._to_select = None
        self.refreshed.emit()

    def _fetch_more(self, offset: int) -> None:
        self._scope.start(self._append(offset), name="fetch more")

    async def _append(self, offset: int) -> None:
        query = self._query()
        if query is None or self._scope.is_running("refresh"):
            self._pane.give_up_page(offset)
            return
        try:
            page = await (await self._portals).find(query, offset=offset)
        except Exception:
            self._pane.give_up_page(offset)
            raise
        if query == self._query():
            self._pane.append_page(page)


def _holds(page: RecordPage, portal_id: str) -> bool:
    return any(portal.portal_id == portal_id for portal in page.rows)


def _state(page: RecordPage, query: PortalQuery) -> PaneState:
    if page.total:
        return PaneState.READY
    if query.text or query.statuses:
        return PaneState.NO_MATCH
    return PaneState.EMPTY
