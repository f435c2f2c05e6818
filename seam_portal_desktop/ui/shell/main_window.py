"""The main window: its layout, and the connections between its widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from seam_portal_desktop.runtime import DISPLAY_NAME
from seam_portal_desktop.ui.shell.view_state import (
    ViewState,
    geometry_of,
    restore_geometry,
    restore_sizes,
)
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from seam_portal_desktop.domain.clock import Clock
    from seam_portal_desktop.domain.workspace import WorkspaceConnection
    from seam_portal_desktop.ui.portal.panel import DetailPanel
    from seam_portal_desktop.ui.portals.filter_bar import SearchBox
    from seam_portal_desktop.ui.portals.pane import PortalsPane
    from seam_portal_desktop.ui.preview.pane import PreviewPane
    from seam_portal_desktop.ui.shell.actions import WindowActions
    from seam_portal_desktop.ui.shell.status_area import StatusArea
    from seam_portal_desktop.ui.toolkit.icons import Icons
    from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip
    from seam_portal_desktop.ui.workspaces.switcher import WorkspaceSwitcher

_FIRST_SIZE = (1280, 800)
_SMALLEST_SIZE = (720, 480)
_COLUMNS = [700, 540]
_LIST_AND_DETAIL = [430, 230]


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
    detail: DetailPanel
    preview: PreviewPane
    actions_: WindowActions

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
        self._list_and_detail = QSplitter(Qt.Orientation.Vertical)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._has_workspace = has_workspace
        # How large the parts are while both are visible.
        self._shown_sizes = {self._columns: _COLUMNS, self._list_and_detail: _LIST_AND_DETAIL}
        self._is_second_wanted = {self._columns: True, self._list_and_detail: True}
        self._menus = [
            self.menuBar().addMenu(title) for title in ("&Workspace", "&Portal", "&View", "&Help")
        ]
        self._make_layout()
        self.view_state.add(
            "geometry",
            "the window’s size",
            partial(geometry_of, self),
            partial(restore_geometry, self),
        )
        for name, splitter in (
            ("list_and_detail", self._list_and_detail),
            ("columns", self._columns),
        ):
            self.view_state.add(
                name,
                "the sizes of the window’s parts",
                partial(self._sizes_of, splitter),
                partial(self._restore_sizes, splitter),
            )

    def add_list(self, clock: Clock) -> None:
        """Add the workspace strip, the bar above the list, and the list."""
        from PySide6.QtCore import QLocale
        from PySide6.QtWidgets import QPushButton, QSizePolicy

        from seam_portal_desktop.ui.portals.filter_bar import SearchBox
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
        self.new_button = QPushButton(icons.icon("plus", on_solid=True), "New portal")
        set_kind(self.new_button, "primary")
        self.pane = PortalsPane(theme, icons, clock)
        columns = self.pane.table.columns
        self.view_state.add(
            "table", "the list’s columns", columns.save_state, columns.restore_state
        )

        bar = QHBoxLayout()
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
        head.addLayout(bar)
        self._head.setMinimumHeight(0)
        _fill_slot(self._list_and_detail, 0, self.pane)

    def complete(self, clock: Clock) -> None:
        """Add the status area, the detail panel, the preview, the actions and the menus."""
        from seam_portal_desktop.ui.portal.panel import DetailPanel
        from seam_portal_desktop.ui.preview.pane import PreviewPane
        from seam_portal_desktop.ui.shell.actions import WindowActions
        from seam_portal_desktop.ui.shell.status_area import StatusArea

        self.status_area = StatusArea(self.theme, self.icons)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.status_area)
        self._foot.setMinimumHeight(0)
        self.actions_ = WindowActions(self.icons, self)
        self.detail = DetailPanel(self.theme, self.icons)
        self.preview = PreviewPane(self.theme, self.icons, clock=clock)
        self.view_state.add(
            "preview",
            "how previews are shown",
            self.preview.view_state,
            self.preview.restore_view,
        )
        self.actions_.preview_groups = self.preview.preview_actions.for_menus()
        _fill_slot(self._list_and_detail, 1, self.detail)
        _fill_slot(self._columns, 1, self.preview)
        self._update_layout()
        self.actions_.fill_menus(
            *self._menus, fill_columns=self.pane.table.columns.fill_menu, is_demo=self.is_demo
        )
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
        self._has_workspace = current is not None
        self._update_layout()
        self.new_button.setEnabled(self._has_workspace)
        self.search_box.setEnabled(self._has_workspace)

    def show_preview(self) -> None:
        """Show the preview, also if the user hid it, and give it the focus."""
        self.actions_.toggle_preview.setChecked(True)
        self.preview.setFocus()

    def show_detail(self) -> None:
        """Show the detail panel, also if the user hid it."""
        self.actions_.toggle_detail.setChecked(True)

    def raise_to_front(self) -> None:
        """Show the window above all others, also when it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.can_close())

    def show_closing(self, text: str) -> None:
        """Disable the window and show why it stays until the program has ended."""
        self.setEnabled(False)
        self.status_area.show_progress(text, over_messages=True)
        self.show()

    def _make_layout(self) -> None:
        self.resize(*_FIRST_SIZE)
        for splitter, first, second, sizes in (
            (self._list_and_detail, _empty_slot(), QWidget(), _LIST_AND_DETAIL),
            (self._columns, self._list_and_detail, _empty_slot(), _COLUMNS),
        ):
            splitter.addWidget(first)
            splitter.addWidget(second)
            splitter.setChildrenCollapsible(False)
            splitter.setStretchFactor(0, 1)
            splitter.setSizes(sizes)
        self._update_layout()
        line = self.fontMetrics().height()
        strip = line + 2 * Spacing.XS if self._has_workspace and not self.is_demo else 0
        # The heights of what is added here later, so that nothing moves then.
        self._head.setMinimumHeight(strip + line + 4 * Spacing.S)
        self._foot.setMinimumHeight(line + 2 * Spacing.S + 1)
        self._columns.setStretchFactor(1, 1)
        content = QHBoxLayout()
        content.setContentsMargins(Spacing.M, 0, Spacing.M, Spacing.S)
        content.addWidget(self._columns)

        rows = QVBoxLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._head)
        rows.addLayout(content, 1)
        rows.addWidget(self._foot)
        central = QWidget()
        central.setLayout(rows)
        self.setCentralWidget(central)

    def _connect_signals(self) -> None:
        from PySide6.QtGui import QKeySequence

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
        self.pane.table.activated_portal.connect(lambda _id: self.preview.setFocus())
        self.pane.table.delete_requested.connect(actions.delete.trigger)
        self.preview.back_requested.connect(self.pane.table.setFocus)
        self.search_box.down_pressed.connect(self.pane.table.setFocus)
        actions.focus_search.triggered.connect(self._focus_search)
        for action, splitter in (
            (actions.toggle_preview, self._columns),
            (actions.toggle_detail, self._list_and_detail),
        ):
            action.setChecked(True)
            action.toggled.connect(partial(self._set_second_wanted, splitter))
        actions.quit.triggered.connect(self.close)

    def _update_layout(self) -> None:
        """Show detail and preview if there is a workspace and the user didn't hide them."""
        is_useful = self._has_workspace or self.is_demo
        for splitter in self._shown_sizes:
            self._shown_sizes[splitter] = self._sizes_of(splitter)
            second = splitter.widget(1)
            if second is not None:
                second.setVisible(is_useful and self._is_second_wanted[splitter])
            if not splitter.sizes()[1]:
                splitter.setSizes(self._shown_sizes[splitter])

    def _sizes_of(self, splitter: QSplitter) -> list[int]:
        """The parts' sizes; while one is hidden, those that they had before."""
        sizes = splitter.sizes()
        is_laid_out = self.testAttribute(Qt.WidgetAttribute.WA_WState_Created)
        return sizes if is_laid_out and all(sizes) else self._shown_sizes[splitter]

    def _restore_sizes(self, splitter: QSplitter, state: object) -> bool:
        if not restore_sizes(splitter, state):
            return False
        self._shown_sizes[splitter] = list(state)  # type: ignore[call-overload]
        return True

    def _set_second_wanted(self, splitter: QSplitter, wanted: bool) -> None:  # noqa: FBT001 - a slot
        self._is_second_wanted[splitter] = wanted
        self._update_layout()

    def _focus_search(self) -> None:
        self.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_box.selectAll()


def _empty_slot() -> QWidget:
    """A blank area, where `_fill_slot` puts a widget later."""
    slot = QWidget()
    slot.setAutoFillBackground(True)
    slot.setBackgroundRole(QPalette.ColorRole.Base)
    return slot


def _fill_slot(splitter: QSplitter, index: int, widget: QWidget) -> None:
    sizes = splitter.sizes()
    slot = splitter.replaceWidget(index, widget)
    if slot is not None:
        splitter.setStretchFactor(index, slot.sizePolicy().horizontalStretch())
        splitter.setSizes(sizes)
        slot.deleteLater()
