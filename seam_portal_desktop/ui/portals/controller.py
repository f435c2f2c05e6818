"""Fills the table: search, filters, sorting, paging, counts, and messages without rows."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery, RecordPage
from seam_portal_desktop.domain.portal.record import PortalKind
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.records import PAGE_ROWS
from seam_portal_desktop.ui.portals.filters.filter_bar import SearchBox
from seam_portal_desktop.ui.portals.filters.saved_filters import SavedFiltersController
from seam_portal_desktop.ui.portals.filters.search_terms import SearchTerms, parse_search
from seam_portal_desktop.ui.portals.pane import PaneState, PortalsPane
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_REFRESH = "refresh"
_FETCH = "fetch more"
_FETCH_REST = "fetch the rest"
_COUNT = "count"
_NAMES = "names for filters"

_MOST_ROWS_TO_END = 10_000
"""More rows than these aren't loaded at once for the End key."""

_MOST_SINGLE_CHANGES = 50
"""Reading a page again is quicker than moving more rows than this one by one."""


class PortalListController(QObject):
    """Shows the current workspace's records of the ledger in the pane."""

    updated = Signal()
    """The rows were read again, or a change was applied to them."""

    def __init__(
        self,
        pane: PortalsPane,
        search_box: SearchBox,
        services: AppServices,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._model = pane.model
        self._search_box = search_box
        self._services = services
        self._scope = scope
        self._has_begun = False
        self._to_select: tuple[str, ...] = ()
        self._wants_first = False
        self._shown_query: PortalQuery | None = None
        self._changes_while_reading: list[LedgerChange] = []
        pane.query_changed.connect(self.refresh)
        pane.words_replaced.connect(lambda kind: search_box.drop_words({kind}))
        search_box.terms_changed.connect(self._search)
        search_box.results_wanted.connect(self._go_to_first)
        self._model.more_wanted.connect(self._load_more)
        self._model.status_elapsed.connect(self._on_status_elapsed)
        pane.table.end_wanted.connect(self._go_to_end)
        pane.retry_requested.connect(self.refresh)
        pane.clear_requested.connect(lambda: self.filter_by(""))
        pane.filter_bar.names_wanted.connect(lambda: scope.start(self._read_names(), name=_NAMES))
        self._saved_filters = SavedFiltersController(
            pane.filter_bar, services.saved_filters, self._workspace_id, pane.terms, scope
        )
        self._saved_filters.chosen.connect(self.filter_by)
        self._model.times_passed.connect(self._on_times_passed)

    def refresh(self, *, select: tuple[str, ...] = ()) -> None:
        """Read the list again; show and select the rows `select` even if filters hide them."""
        self._has_begun = True
        # It stays set until a refresh is complete: a later refresh may cancel this one.
        self._to_select = select or self._to_select
        self._scope.start(self._refresh(), name=_REFRESH)

    def start_over(self) -> None:
        """Remove the rows of another workspace and read those of the current one."""
        self._to_select = ()
        self._model.set_page(RecordPage((), 0, 0))
        self._pane.filter_bar.set_counts({})
        self.refresh()

    def select(self, *portal_ids: str) -> None:
        """Select these rows alone, even if filters hide them or they aren't loaded yet."""
        self._wants_first = False
        if self._scope.is_running(_REFRESH) or not self._pane.table.select(*portal_ids):
            self.refresh(select=portal_ids)

    def on_ledger_change(self, change: LedgerChange) -> None:
        if not self._has_begun:
            return
        records = tuple(
            record for record in change.records if record.kind is not PortalKind.SAFE_PREVIEW
        )
        if not (records or change.removed):
            return  # the list has no safe previews, and each preview creates and ends one
        change = replace(change, records=records)
        if len(change.records) + len(change.removed) > _MOST_SINGLE_CHANGES:
            self.refresh()
            return
        if self._is_reading:
            # What is being read may be older than this change.
            self._changes_while_reading.append(change)
        self._apply((change,))
        self._scope.start(self._count(), name=_COUNT)

    @property
    def _is_reading(self) -> bool:
        return any(map(self._scope.is_running, (_REFRESH, _FETCH, _FETCH_REST)))

    def _apply(self, changes: tuple[LedgerChange, ...]) -> None:
        query = self._query()
        if query is None or self._pane.state is PaneState.ERROR:
            return
        if not all(self._model.apply_change(change, query) for change in changes):
            self.refresh()
        if self._model.rowCount() or not self._scope.is_running(_REFRESH):
            self._show_state(query)
        self.updated.emit()

    def _show_state(self, query: PortalQuery) -> None:
        if self._model.total:
            state = PaneState.READY
        elif query.is_filtered:
            state = PaneState.NO_MATCH
        else:
            state = PaneState.EMPTY
        self._pane.set_state(state)

    def _search(self, terms: SearchTerms) -> None:
        self._pane.set_search(terms)
        self._wants_first = False
        self.refresh()

    def _go_to_first(self) -> None:
        """Go from the search box to the first row, once what was typed is found."""
        self._wants_first = self._scope.is_running(_REFRESH)
        if not self._wants_first:
            self._select_first()

    def _select_first(self) -> None:
        self._wants_first = False
        # Meanwhile the user may have gone elsewhere.
        if self._search_box.hasFocus() and self._model.rowCount():
            self._pane.table.select(self._model.portal(0).portal_id)
            self._pane.table.setFocus()

    def _go_to_end(self) -> None:
        """Load the rest of the list, unless it is very long, and go to its last row."""
        loaded = self._model.rowCount()
        rest = self._model.total - loaded
        if rest > _MOST_ROWS_TO_END or self._scope.is_running(_REFRESH):
            return

        async def load() -> None:
            await self._append(loaded, limit=rest)
            table, rows = self._pane.table, self._model.rowCount()
            # Meanwhile the user may have gone to another row.
            if table.currentIndex().row() == loaded - 1 < rows - 1:
                table.select(self._model.portal(rows - 1).portal_id)

        self._scope.cancel(_FETCH)
        self._scope.start(load(), name=_FETCH_REST)

    def _load_more(self, offset: int) -> None:
        if self._scope.is_running(_FETCH_REST):
            self._model.give_up_page(offset)
        else:
            self._scope.start(self._append(offset, limit=PAGE_ROWS), name=_FETCH)

    def filter_by(self, words: str) -> None:
        """Search and filter by `words` alone."""
        terms = self._show_terms(words)
        if terms.unknown:  # the search box explains them
            self._search_box.show_text(words)
            self._pane.set_search(self._search_box.terms())
        self.refresh()

    def _show_terms(self, words: str) -> SearchTerms:
        terms = parse_search(words)
        self._search_box.show_text(terms.text)
        self._pane.set_terms(terms)
        return terms

    def _on_times_passed(self) -> None:
        """Another day began: filters such as today's portals have other times."""
        query, shown = self._query(), self._shown_query
        if query is not None and shown is not None and query.filters != shown.filters:
            self.refresh()

    def _on_status_elapsed(self) -> None:
        """Time alone changed a status."""
        query = self._query()
        if query is not None and (query.statuses or query.sort is PortalColumn.STATUS):
            self.refresh()  # filter or order have changed
        else:
            self._scope.start(self._count(), name=_COUNT)
            self.updated.emit()

    def _workspace_id(self) -> str | None:
        connection = self._services.workspaces.current
        return None if connection is None else connection.workspace.workspace_id

    def _query(self) -> PortalQuery | None:
        workspace_id = self._workspace_id()
        return None if workspace_id is None else self._pane.query(workspace_id)

    async def _read_names(self) -> None:
        workspace_id = self._workspace_id()
        if workspace_id is not None:
            with contextlib.suppress(LedgerError):  # the list shows the error
                self._pane.filter_bar.set_names(
                    await self._services.ledger.used_names(workspace_id)
                )

    async def _refresh(self) -> None:
        query = self._query()
        if query is None:
            self._pane.set_state(PaneState.NO_WORKSPACE)
            self.updated.emit()
            return
        self._pane.set_state(PaneState.LOADING)
        self._changes_while_reading.clear()
        portals = self._services.portals
        select = self._to_select
        try:
            page = await portals.find(query, limit=max(PAGE_ROWS, self._model.rowCount()))
            if not {row.portal_id for row in page.rows}.issuperset(select):
                self._show_terms("")
                query = self._query() or query
                page = await portals.find(query)
            counts = await portals.counts(query.workspace_id, query.text, query.tags, query.filters)
        except LedgerError as error:
            self._pane.set_error(error)
            return
        self._shown_query = query
        self._model.set_page(page, by_customer=query.by_customer)
        self._pane.filter_bar.set_counts(counts)
        changes = self._changes_while_reading
        is_current = all(self._model.apply_change(change, query) for change in changes)
        self._show_state(query)
        if select:
            self._pane.table.select(*select)
            self._to_select = ()
        elif self._wants_first:
            self._select_first()
        self.updated.emit()
        if not is_current:
            self.refresh()

    async def _count(self) -> None:
        query = self._query()
        if query is None:
            return
        try:
            counts = await self._services.portals.counts(
                query.workspace_id, query.text, query.tags, query.filters
            )
        except LedgerError:
            return  # the next refresh shows the error
        if query == self._query():
            self._pane.filter_bar.set_counts(counts)
            wanted = query.statuses or counts.keys()
            self._model.set_total(sum(counts.get(status, 0) for status in wanted))

    async def _append(self, offset: int, *, limit: int) -> None:
        query = self._query()
        if query is None or self._scope.is_running(_REFRESH):
            self._model.give_up_page(offset)
            return
        self._changes_while_reading.clear()
        try:
            page = await self._services.portals.find(query, offset=offset, limit=limit)
        except Exception:
            self._model.give_up_page(offset)
            raise
        if query == self._query():
            self._model.append_page(page)
            self._apply(tuple(self._changes_while_reading))
