"""The one window: layout, menus and what its own controls do to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from seam_portal_desktop.runtime import DISPLAY_NAME
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
    from seam_portal_desktop.ui.shell.banner import Banner
    from seam_portal_desktop.ui.shell.status_area import StatusArea
    from seam_portal_desktop.ui.toolkit.icons import Icons
    from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip
    from seam_portal_desktop.ui.workspaces.switcher import WorkspaceSwitcher

_FIRST_SIZE = (1280, 800)
_SMALLEST_SIZE = (720, 480)
_COLUMNS = [700, 540]
_LIST_AND_DETAIL = [430, 230]


class MainWindow(QMainWindow):
    """Makes the surfaces and puts them together; presenters give them their content.

    It is made in three steps, so that each can be painted before the next one's modules are
    loaded: the constructor makes menu bar and layout with empty places, `add_list` fills those of
    the list's side, `complete` adds the rest.
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

    def __init__(self, theme: Theme, icons: Icons, *, has_workspace: bool, is_demo: bool) -> None:
        super().__init__()
        self.theme = theme
        self.icons = icons
        self.is_demo = is_demo
        self.setWindowTitle(DISPLAY_NAME)
        self.setMinimumSize(*_SMALLEST_SIZE)
        self.may_close: Callable[[], bool] = lambda: True
        self._banners = QVBoxLayout()
        self._head = QWidget()
        self._foot = QWidget()
        self._table_state = b""
        self._preview_state = ""
        self._list_and_detail = QSplitter(Qt.Orientation.Vertical)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._has_workspace = has_workspace
        self._preview_wanted = True
        self._detail_wanted = True
        self._workspace_menu, self._portal_menu, self._view_menu, self._help_menu = (
            self.menuBar().addMenu(title) for title in ("&Workspace", "&Portal", "&View", "&Help")
        )
        self._lay_out()

    def add_list(self, clock: Clock) -> None:
        """Add the strip, the bar above the list, the list and the status area."""
        from PySide6.QtCore import QLocale
        from PySide6.QtWidgets import QPushButton, QSizePolicy

        from seam_portal_desktop.ui.portals.filter_bar import SearchBox
        from seam_portal_desktop.ui.portals.pane import PortalsPane
        from seam_portal_desktop.ui.shell.status_area import StatusArea
        from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip
        from seam_portal_desktop.ui.workspaces.switcher import WorkspaceSwitcher

        self.setLocale(QLocale())  # it may have been settled after the window was made
        theme, icons = self.theme, self.icons
        self.strip = WorkspaceStrip(theme, icons)
        self.switcher = WorkspaceSwitcher(theme, icons)
        self.switcher.set_demo(self.is_demo)
        self.search_box = SearchBox(icons)
        self.search_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.new_button = QPushButton(icons.icon("plus", on_solid=True), "New portal")
        set_kind(self.new_button, "primary")
        self.pane = PortalsPane(theme, icons, clock)
        self.pane.table.restore_state(self._table_state)
        self.status_area = StatusArea(theme, icons)

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
        self._banners.setSpacing(0)
        head.addLayout(self._banners)
        head.addLayout(bar)
        self._head.setMinimumHeight(0)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.status_area)
        self._foot.setMinimumHeight(0)
        self._fill_place(self._list_and_detail, 0, self.pane)

    def complete(self, clock: Clock) -> None:
        """Add the detail panel, the preview, the actions and the menus."""
        from seam_portal_desktop.ui.portal.panel import DetailPanel
        from seam_portal_desktop.ui.preview.pane import PreviewPane
        from seam_portal_desktop.ui.shell.actions import WindowActions

        self.actions_ = WindowActions(self.icons, self)
        self.detail = DetailPanel(self.theme, self.icons)
        self.preview = PreviewPane(self.theme, self.icons, clock=clock)
        self.preview.restore_view(self._preview_state)
        self.actions_.add_studio(self.preview.preview_actions.for_menus())
        self._fill_place(self._list_and_detail, 1, self.detail)
        self._fill_place(self._columns, 1, self.preview)
        self._show_sides()
        self._make_menus()
        self._connect_own_controls()

    def add_banner(self, banner: Banner) -> None:
        """Show a line above the content; several stack."""
        self._banners.addWidget(banner)

    def add_notice(
        self,
        text: str,
        *,
        tone: Tone = Tone.WARNING,
        icon: str = "file-warning",
        closable: bool = True,
    ) -> None:
        """A banner; the user can close it, unless what it says holds until the program ends."""
        from seam_portal_desktop.ui.shell.banner import Banner

        self.add_banner(
            Banner(self.theme, self.icons, text=text, icon=icon, tone=tone, closable=closable)
        )

    def show_workspaces(
        self,
        connections: list[WorkspaceConnection],
        current: WorkspaceConnection | None,
        session_only: frozenset[str],
    ) -> None:
        """Say everywhere which workspace this is."""
        self.switcher.set_connections(
            connections, current.connection_id if current else None, session_only
        )
        if self.is_demo:
            self.strip.hide()  # the demo says what it is in a banner of its own
        else:
            self.strip.setVisible(current is not None)
            if current is not None:
                self.strip.set_workspace(current.label, current.workspace.kind, demo=False)
        self.setWindowTitle(f"{current.label} – {DISPLAY_NAME}" if current else DISPLAY_NAME)
        self._has_workspace = current is not None
        self._show_sides()
        self.new_button.setEnabled(self._has_workspace)
        self.search_box.setEnabled(self._has_workspace)

    def view_state(self) -> dict[str, str]:
        """Geometry, splitters and columns as base64 text by name, for the preferences."""
        state = {
            "geometry": self.saveGeometry(),
            "list_and_detail": self._list_and_detail.saveState(),
            "columns": self._columns.saveState(),
            "table": QByteArray(self.pane.table.save_state()),
            "preview": QByteArray(self.preview.view_state().encode()),
        }
        return {name: data.toBase64().toStdString() for name, data in state.items()}

    def restore_view(self, state: Mapping[str, str]) -> None:
        """Bring back what `view_state` gave; anything unusable is passed over.

        Call it before `add_list`.
        """
        self._kept_splitters = {
            name: data for name, data in state.items() if name in ("list_and_detail", "columns")
        }
        for name, apply in (
            ("geometry", self.restoreGeometry),
            ("list_and_detail", self._list_and_detail.restoreState),
            ("columns", self._columns.restoreState),
            ("table", self._keep_table_state),
            ("preview", self._keep_preview_state),
        ):
            data = QByteArray.fromBase64(state.get(name, "").encode("ascii", "replace"))
            if not data.isEmpty():
                apply(data)

    def raise_to_front(self) -> None:
        """Show the window wherever it is, also when it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay when `may_close`, which the session sets and which then says why, is against it."""
        event.setAccepted(self.may_close())

    def stay_for(self, text: str) -> None:
        """Be seen until the program has ended, and say why; nothing else can be done any more."""
        self.setEnabled(False)
        self.status_area.show_progress(text)
        self.show()

    def _lay_out(self) -> None:
        self.resize(*_FIRST_SIZE)
        for splitter, first, second, sizes in (
            (self._list_and_detail, _place(), QWidget(), _LIST_AND_DETAIL),
            (self._columns, self._list_and_detail, _place(), _COLUMNS),
        ):
            splitter.addWidget(first)
            splitter.addWidget(second)
            splitter.setChildrenCollapsible(False)
            splitter.setStretchFactor(0, 1)
            splitter.setSizes(sizes)
        self._show_sides()
        line = self.fontMetrics().height()
        strip = line + 2 * Spacing.XS if self._has_workspace and not self.is_demo else 0
        # What the controls of `add_list` will need, so that nothing moves when they come.
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

    def _fill_place(self, splitter: QSplitter, index: int, surface: QWidget) -> None:
        sizes = splitter.sizes()
        place = splitter.replaceWidget(index, surface)
        if place is not None:
            splitter.setStretchFactor(index, place.sizePolicy().horizontalStretch())
            splitter.setSizes(sizes)
            place.deleteLater()

    def _keep_table_state(self, state: QByteArray) -> None:
        self._table_state = bytes(state.data())

    def _keep_preview_state(self, state: QByteArray) -> None:
        self._preview_state = bytes(state.data()).decode("utf-8", "replace")

    def _make_menus(self) -> None:
        actions = self.actions_
        workspace = self._workspace_menu
        workspace.addActions([actions.new_portal, actions.connect_workspace])
        workspace.addAction(actions.remove_workspace)
        workspace.addSeparator()
        workspace.addAction(actions.leave_demo if self.is_demo else actions.try_demo)
        workspace.addSeparator()
        workspace.addAction(actions.quit)
        self._portal_menu.addActions(actions.for_portals())
        self._portal_menu.addAction(actions.undo_delete)
        view = self._view_menu
        view.addActions([actions.focus_search, actions.refresh])
        view.addSeparator()
        view.addActions([actions.toggle_detail, actions.toggle_preview])
        preview = view.addMenu("Preview")
        for group in actions.studio:
            preview.addActions(group)
            preview.addSeparator()
        columns = view.addMenu("Columns")
        columns.aboutToShow.connect(lambda: self._fill_columns(columns))
        view.addAction(actions.software_rendering)
        view.addSeparator()
        view.addAction(actions.command_palette)
        self._help_menu.addActions(actions.for_help())

    def _connect_own_controls(self) -> None:
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
        self.pane.table.copy_requested.connect(actions.copy_link.trigger)
        self.pane.table.delete_requested.connect(actions.delete.trigger)
        self.preview.back_requested.connect(self.pane.table.setFocus)
        self.search_box.went_down.connect(self.pane.table.setFocus)
        actions.focus_search.triggered.connect(self._focus_search)
        for action, want in (
            (actions.toggle_preview, self._want_preview),
            (actions.toggle_detail, self._want_detail),
        ):
            action.setChecked(True)
            action.toggled.connect(want)
        actions.quit.triggered.connect(self.close)

    def _show_sides(self) -> None:
        """Detail and preview have a place once there is a workspace, unless the user hid them."""
        for splitter, wanted, sizes in (
            (self._columns, self._preview_wanted, _COLUMNS),
            (self._list_and_detail, self._detail_wanted, _LIST_AND_DETAIL),
        ):
            side = splitter.widget(1)
            if side is not None:
                side.setVisible(wanted and (self._has_workspace or self.is_demo))
            if not splitter.sizes()[1]:
                splitter.setSizes(sizes)

    def _want_preview(self, wanted: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._preview_wanted = wanted
        self._show_sides()

    def _want_detail(self, wanted: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._detail_wanted = wanted
        self._show_sides()

    def _fill_columns(self, menu: QMenu) -> None:
        menu.clear()
        self.pane.table.columns.fill_menu(menu)

    def _focus_search(self) -> None:
        self.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_box.selectAll()


def _place() -> QWidget:
    """What is painted where a surface will be."""
    place = QWidget()
    place.setAutoFillBackground(True)
    place.setBackgroundRole(QPalette.ColorRole.Base)
    return place
