"""The main window: its layout, and the connections between its widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from seam_portal_desktop.runtime import DISPLAY_NAME
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.list_and_portal import ListAndPortal
from seam_portal_desktop.ui.shell.view_state import ViewState, geometry_of, restore_geometry
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from seam_portal_desktop.domain.clock import Clock
    from seam_portal_desktop.domain.portal.record import PortalRecord
    from seam_portal_desktop.domain.workspace import WorkspaceConnection
    from seam_portal_desktop.ui.bulk.action_bar import ActionBar
    from seam_portal_desktop.ui.portal.panel import PortalPanel, PortalTab
    from seam_portal_desktop.ui.portals.filters.filter_bar import SearchBox
    from seam_portal_desktop.ui.portals.pane import PortalsPane
    from seam_portal_desktop.ui.preview.pane import PreviewPane
    from seam_portal_desktop.ui.preview.preview_window import PreviewWindow
    from seam_portal_desktop.ui.shell.actions import WindowActions
    from seam_portal_desktop.ui.shell.status_area import StatusArea
    from seam_portal_desktop.ui.toolkit.icons import Icons
    from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip
    from seam_portal_desktop.ui.workspaces.switcher import WorkspaceSwitcher

_FIRST_SIZE = QSize(1280, 800)
_SMALLEST_SIZE = (720, 480)
_FRAME = QSize(16, 48)
"""How much a window's frame needs at most, for a window that was not shown yet."""


class MainWindow(QMainWindow):
    """Makes the widgets and their layout; controllers set their content.

    It is made in three steps, so that each can be painted before the next one's modules are
    imported. The constructor makes the menu bar and a layout with empty slots. `add_list` adds the
    list and the bars above it. `complete` adds the rest. `view_state` restores each part when it is
    added. `can_close` is called before the window closes. ``banners`` are the lines above the
    content.
    """

    strip: WorkspaceStrip
    switcher: WorkspaceSwitcher
    search_box: SearchBox
    new_button: QPushButton
    pane: PortalsPane
    status_area: StatusArea
    portal: PortalPanel
    preview: PreviewPane
    actions_: WindowActions
    action_bar: ActionBar

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        saved_view: Mapping[str, Any],
        *,
        has_workspace: bool,
        is_demo: bool,
    ) -> None:
        super().__init__()
        self.theme = theme
        self.icons = icons
        self.is_demo = is_demo
        self.setWindowTitle(DISPLAY_NAME)
        self.setMinimumSize(*_SMALLEST_SIZE)
        self.can_close: Callable[[], bool] = lambda: True
        self.view_state = ViewState(saved_view)
        self.banners = QVBoxLayout()
        self._head = QWidget()
        self._foot = QWidget()
        self._columns = ListAndPortal(has_portals=has_workspace or is_demo)
        self._is_complete = False
        self._preview_window: PreviewWindow | None = None
        self._bar = QWidget()  # the switcher, the search box and the button
        self._menus = [
            self.menuBar().addMenu(title)
            for title in (_("&Workspace"), _("&Portal"), _("&View"), _("&Help"))
        ]
        self._make_layout(has_strip=has_workspace and not is_demo)
        self.view_state.add(
            "geometry",
            _("the window’s size"),
            partial(geometry_of, self),
            partial(restore_geometry, self),
        )
        columns = self._columns
        self.view_state.add(
            "columns",
            _("the sizes of the window’s parts"),
            columns.save_sizes,
            columns.restore_sizes,
        )

    def add_list(self, clock: Clock) -> None:
        """Add the workspace strip, the bar above the list, and the list."""
        from PySide6.QtCore import QLocale
        from PySide6.QtWidgets import QPushButton, QSizePolicy

        from seam_portal_desktop.ui.portals.filters.filter_bar import SearchBox
        from seam_portal_desktop.ui.portals.pane import PortalsPane
        from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip
        from seam_portal_desktop.ui.workspaces.switcher import WorkspaceSwitcher

        self.setLocale(QLocale())  # the default may have been set after the window was made
        theme, icons = self.theme, self.icons
        self.strip = WorkspaceStrip(theme, icons)
        self.switcher = WorkspaceSwitcher(theme, icons)
        self.switcher.set_demo(self.is_demo)
        self.search_box = SearchBox(icons)
        self.search_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.new_button = QPushButton(icons.icon("plus", on_solid=True), _("New portal"))
        set_kind(self.new_button, "primary")
        self.pane = PortalsPane(theme, icons, clock)
        columns = self.pane.table.columns
        self.view_state.add(
            "table", _("the list’s columns"), columns.save_state, columns.restore_state
        )

        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        bar.setSpacing(Spacing.M)
        bar.addWidget(self.switcher)
        bar.addWidget(self.search_box, 1)
        bar.addWidget(self.new_button)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self.strip)
        self.banners.setSpacing(0)
        head.addLayout(self.banners)
        head.addWidget(self._bar)
        self._head.setMinimumHeight(0)
        self._columns.set_list(self.pane)

    def complete(self, clock: Clock) -> None:
        """Add the status area, the portal with its preview, the actions and the menus."""
        from seam_portal_desktop.ui.bulk.action_bar import ActionBar
        from seam_portal_desktop.ui.portal.panel import PortalPanel
        from seam_portal_desktop.ui.preview.pane import PreviewPane
        from seam_portal_desktop.ui.shell.actions import WindowActions
        from seam_portal_desktop.ui.shell.status_area import StatusArea
        from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout

        self.status_area = StatusArea(self.theme, self.icons)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.status_area)
        self._foot.setMinimumHeight(0)
        self.actions_ = WindowActions(self.icons, self)
        pane, for_many = self.pane, self.actions_.for_many()
        self.action_bar = ActionBar(self.theme, self.icons, for_many, pane.table, pane.model, pane)
        pane.add_below(self.action_bar)
        self.preview = PreviewPane(self.theme, self.icons, clock=clock)
        self.portal = PortalPanel(self.theme, self.icons, self.preview, self.preview.toolbar)
        for action in (self.actions_.preview_window, self.actions_.focus_mode):
            self.portal.add_button(action)
        self.portal.set_menu(self.actions_.for_portals())
        self.view_state.add(
            "preview",
            _("how previews are shown"),
            self.preview.view_state,
            self.preview.restore_view,
        )
        self.actions_.preview_groups = self.preview.preview_actions.for_menus()
        self._columns.set_portal(self.portal)
        self._is_complete = True
        self._columns.arrange()
        self.actions_.fill_menus(
            *self._menus, fill_columns=self.pane.table.columns.fill_menu, is_demo=self.is_demo
        )
        order_by_layout(cast("QWidget", self.centralWidget()))
        self._connect_signals()

    def add_notice(
        self,
        text: str,
        *,
        tone: Tone = Tone.WARNING,
        icon: str = "file-warning",
        closable: bool = True,
    ) -> None:
        """Add a banner. One that isn't closable stays until the program ends."""
        from seam_portal_desktop.ui.shell.banner import Banner

        self.banners.addWidget(
            Banner(self.theme, self.icons, text=text, icon=icon, tone=tone, closable=closable)
        )

    def show_workspaces(
        self,
        connections: list[WorkspaceConnection],
        current: WorkspaceConnection | None,
        session_only: frozenset[str],
    ) -> None:
        """Show the workspace in title, strip and switcher; without one little is enabled."""
        self.switcher.set_connections(
            connections, current.connection_id if current else None, session_only
        )
        if self.is_demo:
            self.strip.hide()  # the demo has a banner of its own
        else:
            self.strip.setVisible(current is not None)
            if current is not None:
                self.strip.set_workspace(current.label, current.workspace.kind, demo=False)
        self.setWindowTitle(f"{current.label} – {DISPLAY_NAME}" if current else DISPLAY_NAME)
        self._columns.set_has_portals(current is not None or self.is_demo)
        self.new_button.setEnabled(current is not None)
        self.search_box.setEnabled(current is not None)

    def show_portal(self, tab: PortalTab | None = None) -> None:
        """Show the selected portal, also if the user hid it, and perhaps one of its pages."""
        self._activate_from_preview()
        if tab is not None:
            self.portal.show_tab(tab)
        if self._columns.is_narrow():
            self._columns.set_open(True)
        else:
            self.actions_.toggle_portal.setChecked(True)

    def show_new_portal(self) -> None:
        """Show the preview of the portal that was just created, unless the user hid it."""
        from seam_portal_desktop.ui.portal.panel import PortalTab

        self.portal.show_tab(PortalTab.PREVIEW)
        self._columns.set_open(True)

    def open_portal(self) -> None:
        """Show the selected portal and give it the focus."""
        self.show_portal()
        self.portal.focus_page()

    def focus_preview(self) -> None:
        """Show the preview of the selected portal and give it the focus."""
        from seam_portal_desktop.ui.portal.panel import PortalTab

        self.show_portal(PortalTab.PREVIEW)
        if self._preview_window is not None:
            self._preview_window.raise_()
            self._preview_window.activateWindow()
        else:
            self.portal.focus_page()

    def show_list(self) -> None:
        """Leave the portal: end the focus mode, show the list and give it the focus."""
        self.actions_.focus_mode.setChecked(False)
        self._columns.set_open(False)
        self._activate_from_preview()
        self.pane.table.setFocus()

    def on_selection(self, selected: Sequence[PortalRecord]) -> None:
        """There is nothing but the list for no selected portal, and for more than two."""
        if self._preview_window is not None:
            is_one = len(selected) == 1
            self._preview_window.show_title(selected[0].customer_key if is_one else "")
        self.actions_.focus_mode.setEnabled(bool(selected))
        if len(selected) not in (1, 2):
            if self.pane.isHidden():
                self.show_list()
            self._columns.set_open(False)

    def raise_to_front(self) -> None:
        """Show the window above all others, also when it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.can_close())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # The preview's pages end with this window. A minimised window sends a spontaneous event.
        if self._is_complete and not event.spontaneous():
            self.actions_.preview_window.setChecked(False)

    def show_closing(self, text: str) -> None:
        """Disable the window and show why it stays until the program has ended."""
        self.setEnabled(False)
        self.status_area.show_progress(text, over_messages=True)
        self.show()

    def _make_layout(self, *, has_strip: bool) -> None:
        self.resize(_first_size(self))
        self._columns.rearranged.connect(self._on_rearranged)
        line = self.fontMetrics().height()
        strip = line + 2 * Spacing.XS if has_strip else 0
        # The heights of what is added here later, so that nothing moves then.
        self._head.setMinimumHeight(strip + line + 4 * Spacing.S)
        self._foot.setMinimumHeight(line + 2 * Spacing.S + 1)
        rows = QVBoxLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._head)
        rows.addWidget(self._columns, 1)
        rows.addWidget(self._foot)
        central = QWidget()
        central.setLayout(rows)
        self.setCentralWidget(central)

    def _connect_signals(self) -> None:
        from PySide6.QtGui import QKeySequence

        from seam_portal_desktop.ui.portal.panel import PortalTab

        actions = self.actions_
        self.new_button.setToolTip(
            actions.new_portal.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        )
        self.new_button.clicked.connect(actions.new_portal.trigger)
        self.pane.new_requested.connect(actions.new_portal.trigger)
        self.pane.connect_requested.connect(actions.connect_workspace.trigger)
        self.pane.demo_requested.connect(actions.try_demo.trigger)
        self.switcher.connect_requested.connect(actions.connect_workspace.trigger)
        self.pane.table.set_context_actions(actions.for_portals())
        self.pane.table.activated_portal.connect(lambda _id: self.open_portal())
        self.pane.table.focus_requested.connect(actions.focus_mode.trigger)
        self.pane.table.delete_requested.connect(actions.delete.trigger)
        self.preview.back_requested.connect(self.show_list)
        self.portal.back_requested.connect(self.show_list)
        self.portal.header.send.clicked.connect(actions.send.trigger)
        self.pane.table.left.connect(self._focus_search)
        actions.focus_search.triggered.connect(self._focus_search)
        actions.add_filter.triggered.connect(self._open_filters)
        actions.clear_filters.triggered.connect(lambda _: self.pane.clear_requested.emit())
        columns = self.pane.table.columns
        actions.group_by_customer.setChecked(columns.by_customer)
        actions.group_by_customer.toggled.connect(columns.set_by_customer)
        columns.grouping_changed.connect(actions.group_by_customer.setChecked)
        for action, tab in zip(
            (actions.show_preview, actions.show_details, actions.show_activity),
            PortalTab,
            strict=True,
        ):
            action.triggered.connect(lambda _=False, tab=tab: self.show_portal(tab))
        actions.toggle_portal.setChecked(True)
        actions.toggle_portal.toggled.connect(self._columns.set_wanted)
        actions.focus_mode.toggled.connect(self._set_focused)
        actions.preview_window.toggled.connect(self._set_preview_window)
        self.portal.bring_back.clicked.connect(actions.preview_window.trigger)
        self.status_area.focus_lost.connect(self._focus_content)
        self._columns.focus_hidden.connect(self._focus_content)
        actions.quit.triggered.connect(self.close)

    def _on_rearranged(self) -> None:
        """Show what belongs to the parts that are shown now."""
        columns = self._columns
        self.menuBar().setVisible(not columns.is_focused)
        if not self._is_complete:
            return
        focused, has_list = self.focusWidget(), not self.pane.isHidden()
        self._bar.setVisible(has_list)
        self.portal.header.back.setVisible(not has_list)
        if focused is not None and not focused.isVisibleTo(self):
            self._focus_content()

    def _activate_from_preview(self) -> None:
        """A key that was pressed in the preview's own window is about to act in this one."""
        if self._preview_window is not None and self._preview_window.isActiveWindow():
            self.raise_()
            self.activateWindow()

    def _focus_content(self) -> None:
        """Give the focus to what is shown, because the widget that has it is being hidden."""
        if self.pane.isHidden():
            self.portal.focus_page()
        else:
            self.pane.table.setFocus()

    def _set_preview_window(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        from seam_portal_desktop.ui.preview.preview_window import PreviewWindow

        if wanted:
            self.portal.give_preview()
            self._preview_window = PreviewWindow(self.preview, self.actions())
            self._preview_window.closed.connect(
                lambda: self.actions_.preview_window.setChecked(False)
            )
            self._preview_window.show()
        elif self._preview_window is not None:
            window, self._preview_window = self._preview_window, None
            self.portal.take_preview()
            window.deleteLater()

    def _set_focused(self, focused: bool) -> None:  # noqa: FBT001 - a slot
        if focused:
            self.actions_.preview_window.setChecked(False)
        self._columns.set_focused(focused)
        if focused:
            self.portal.focus_page()
        else:
            self.pane.table.setFocus()

    def _open_filters(self) -> None:
        if self.pane.isHidden():
            self.show_list()
        self.pane.filter_bar.open_menu()

    def _focus_search(self) -> None:
        if self.pane.isHidden():
            self.show_list()
        self.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_box.selectAll()


def _first_size(window: QMainWindow) -> QSize:
    """The size of a new window: it fits the screen with its frame."""
    screen = window.screen()
    return _FIRST_SIZE.boundedTo(screen.availableSize() - _FRAME) if screen else _FIRST_SIZE
