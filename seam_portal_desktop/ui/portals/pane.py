"""The left half of the window: filters, and the table or a message instead of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery
from seam_portal_desktop.paths import resource
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.filters.filter_bar import FilterBar
from seam_portal_desktop.ui.portals.filters.search_terms import (
    FilterKind,
    SearchTerms,
    record_filters,
)
from seam_portal_desktop.ui.portals.model import PortalTableModel
from seam_portal_desktop.ui.portals.table import PortalTable
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.ui.portals.empty_state import ListMessage

_SKELETON_AFTER_MS = 150
_PICTURE = 32
_APP_PICTURE = 96


class PaneState(Enum):
    NO_WORKSPACE = auto()
    LOADING = auto()
    EMPTY = auto()
    NO_MATCH = auto()
    READY = auto()
    ERROR = auto()


class PortalsPane(QWidget):
    """Shows filter chips and the table or a message, and holds the query of the list."""

    query_changed = Signal()
    """A chip or a header was clicked."""

    words_replaced = Signal(FilterKind)
    """A chip replaced words of this kind in the search box, which should remove them."""

    connect_requested = Signal()
    demo_requested = Signal()
    new_requested = Signal()
    clear_requested = Signal()
    retry_requested = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._clock = clock
        self._typed = SearchTerms()
        self._state = PaneState.LOADING
        self.model = PortalTableModel(clock, self)
        # In reading order, which is how the Tab key goes.
        self.filter_bar = FilterBar(theme, icons, self)
        self.table = PortalTable(self.model, theme, icons, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._pages: dict[PaneState, QWidget] = {PaneState.READY: self.table}
        self._skeleton_due = QTimer(self)
        self._skeleton_due.setSingleShot(True)
        self._skeleton_due.setInterval(_SKELETON_AFTER_MS)
        self._skeleton_due.timeout.connect(self._show_skeleton)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._bar = QWidget(self)
        bar = QVBoxLayout(self._bar)
        bar.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        bar.addWidget(self.filter_bar)
        layout.addWidget(self._bar)
        layout.addWidget(self._stack, 1)

        self.filter_bar.changed.connect(self._on_filter_changed)
        self.table.columns.sort_changed.connect(self._emit_query)

    def add_below(self, bar: QWidget) -> None:
        """Add a bar below the table."""
        cast("QVBoxLayout", self.layout()).addWidget(bar)

    # Query

    def query(self, workspace_id: str) -> PortalQuery:
        """Search, filter and order as they are set, for that workspace."""
        columns, bar = self.table.columns, self.filter_bar
        column, descending = columns.sort_order()
        return PortalQuery(
            workspace_id,
            self._typed.text,
            bar.statuses(),
            column,
            descending,
            tags=frozenset(bar.filters().get(FilterKind.TAG, ())),
            filters=record_filters(bar.filters(), self._clock()),
            by_customer=columns.by_customer,
        )

    def terms(self) -> SearchTerms:
        """What the list is searched and filtered by."""
        bar = self.filter_bar
        return SearchTerms(self._typed.text, bar.statuses(), filters=bar.filters())

    def shows_newest_first(self) -> bool:
        """Whether the list has its default order, and no search or filter."""
        newest_first = self.table.columns.sort_order() == (PortalColumn.CREATED, True)
        return newest_first and self.terms() == SearchTerms()

    def set_search(self, typed: SearchTerms) -> None:
        """Set what was typed, without emitting. Typed filters replace those of the chips."""
        replaced = self._typed.kinds | typed.kinds
        self._typed = typed
        if FilterKind.STATUS in replaced:
            self.filter_bar.show_statuses(typed.statuses)
        kept = {
            kind: values
            for kind, values in self.filter_bar.filters().items()
            if kind not in replaced
        }
        self.filter_bar.show_filters({**kept, **typed.filters})
        self.table.start_at_top()

    def set_terms(self, terms: SearchTerms) -> None:
        """Search and filter by these alone, without emitting. The search box has only the text."""
        self._typed = SearchTerms(terms.text)
        self.filter_bar.show_statuses(terms.statuses)
        self.filter_bar.show_filters(terms.filters)
        self.table.start_at_top()

    # State

    @property
    def state(self) -> PaneState:
        return self._state

    def set_error(self, error: UserFacingError) -> None:
        """Show why there are no rows, with a way to try again."""
        page = cast("ListMessage", self._page(PaneState.ERROR))
        page.set_texts(error.title, error.message)
        self.set_state(PaneState.ERROR)

    def set_state(self, state: PaneState) -> None:
        """Show the rows, or a message instead of them.

        While rows are loaded, the old rows stay. Without rows the old message stays for 150 ms.
        """
        self._state = state
        if state is PaneState.LOADING:
            if not self.model.rowCount() and not self._skeleton_due.isActive():
                self._skeleton_due.start()
            return
        self._skeleton_due.stop()
        page = self._page(state)
        self._bar.setVisible(state not in (PaneState.NO_WORKSPACE, PaneState.EMPTY))
        if page is not self._stack.currentWidget():
            self._stack.setCurrentWidget(page)
            if page is not self.table:
                announce(page, f"{page.accessibleName()}. {page.accessibleDescription()}")

    def _on_filter_changed(self, kind: FilterKind) -> None:
        if kind in self._typed.kinds:
            left = {each: self._typed.filters[each] for each in self._typed.filters if each != kind}
            statuses = frozenset() if kind is FilterKind.STATUS else self._typed.statuses
            self._typed = SearchTerms(self._typed.text, statuses, self._typed.unknown, left)
            self.words_replaced.emit(kind)
        self._emit_query()

    def _emit_query(self) -> None:
        self.table.start_at_top()
        self.query_changed.emit()

    def _show_skeleton(self) -> None:
        if self._state is PaneState.LOADING and not self.model.rowCount():
            self._stack.setCurrentWidget(self._page(PaneState.LOADING))
            self._bar.show()

    def _page(self, state: PaneState) -> QWidget:
        """The page of a state. It is made at its first use: most runs show only rows."""
        page = self._pages.get(state)
        if page is None:
            page = self._pages[state] = self._make[state](self)
            self._stack.addWidget(page)
        return page

    def _make_welcome(self) -> QWidget:
        from seam_portal_desktop.ui.portals.empty_state import Illustration, ListMessage

        icon = QIcon(str(resource("app-icon.svg")))
        page = ListMessage(self._theme, Illustration(self._theme, icon, _APP_PICTURE), self)
        page.set_texts(
            "Seam Portal Desktop",
            _(
                "Create a portal link for a customer, see exactly what they will see, and keep "
                "track of every link until it expires."
            ),
            _("The demo runs on this computer alone and sends nothing anywhere."),
        )
        plug = self._icons.icon("plug", on_solid=True)
        page.add_button(_("Connect a workspace"), "primary", self.connect_requested.emit, plug)
        page.add_button(_("Try the demo"), "secondary", self.demo_requested.emit)
        return page

    def _make_empty(self) -> QWidget:
        page = self._state_page("door-open", Tone.ACCENT)
        page.set_texts(
            _("No portals yet"),
            _(
                "A portal link lets one customer into their own doors for seven days. Each link "
                "that you create is listed here."
            ),
        )
        plus = self._icons.icon("plus", on_solid=True)
        page.add_button(_("New portal"), "primary", self.new_requested.emit, plus)
        return page

    def _make_no_match(self) -> QWidget:
        page = self._state_page("search-x", Tone.NEUTRAL)
        page.set_texts(_("Nothing matches"), _("No portal fits both the search and the filters."))
        page.add_button(_("Clear search and filters"), "secondary", self.clear_requested.emit)
        return page

    def _make_error(self) -> QWidget:
        page = self._state_page("circle-x", Tone.DANGER)
        page.add_button(_("Try again"), "secondary", self.retry_requested.emit)
        return page

    def _make_skeleton(self) -> QWidget:
        from seam_portal_desktop.ui.portals.empty_state import SkeletonRows

        return SkeletonRows(self._theme, self.table.verticalHeader().defaultSectionSize, self)

    def _state_page(self, icon: str, tone: Tone) -> ListMessage:
        from seam_portal_desktop.ui.portals.empty_state import Illustration, ListMessage

        picture = Illustration(self._theme, self._icons.icon(icon, tone), _PICTURE, tone)
        return ListMessage(self._theme, picture, self)

    _make: Mapping[PaneState, Callable[[PortalsPane], QWidget]] = {
        PaneState.NO_WORKSPACE: _make_welcome,
        PaneState.EMPTY: _make_empty,
        PaneState.NO_MATCH: _make_no_match,
        PaneState.ERROR: _make_error,
        PaneState.LOADING: _make_skeleton,
    }
