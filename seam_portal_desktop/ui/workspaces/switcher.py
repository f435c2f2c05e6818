"""The toolbar's button that shows the current workspace and switches to another one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QFont,
    QFontMetrics,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    Qt,
)
from PySide6.QtWidgets import (
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, isolate, one_line, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import visual_rect
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme
from seam_portal_desktop.ui.workspaces.environment import (
    LABEL_CHARACTERS,
    Environment,
    badge_size,
    environment_of,
    paint_badge,
)

_MENU_CHARACTERS = 40
_SHORTCUTS = 9


class WorkspaceSwitcher(QToolButton):
    """Shows the current workspace and a menu of all of them.

    ``switches`` has one action for each workspace, in the menu's order. `switched` and
    `remove_requested` carry a connection_id. The controller asks before it removes a workspace.
    """

    switched = Signal(str)
    connect_requested = Signal()
    remove_requested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._demo = False
        self._connections: list[WorkspaceConnection] = []
        self._session_only: frozenset[str] = frozenset()
        self._current: WorkspaceConnection | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.setMenu(menu)
        self.switches = QActionGroup(self)
        theme.changed.connect(self.update)
        self.set_connections([], None, frozenset())

    def set_demo(self, demo: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Show every workspace as DEMO."""
        if demo == self._demo:
            return
        self._demo = demo
        self.set_connections(
            self._connections,
            self._current.connection_id if self._current else None,
            self._session_only,
        )

    def set_connections(
        self,
        connections: Sequence[WorkspaceConnection],
        current_id: str | None,
        session_only_ids: Collection[str],
    ) -> None:
        self._connections = list(connections)
        self._session_only = frozenset(session_only_ids)
        self._current = next(
            (known for known in connections if known.connection_id == current_id), None
        )
        self._fill_menu()
        self._update_texts()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics, bold = self._fonts()
        width = bold.horizontalAdvance(self._label(LABEL_CHARACTERS)) + 2 * metrics.ascent()
        width += 3 * Spacing.S + Spacing.XS
        environment = self._environment()
        if environment is not None:
            width += Spacing.S + badge_size(bold, environment).width()
        return QSize(width + 2, metrics.height() + 2 * Spacing.S)

    def minimumSizeHint(self) -> QSize:
        metrics, bold = self._fonts()
        missing = bold.horizontalAdvance(self._label(LABEL_CHARACTERS))
        few = min(missing, metrics.averageCharWidth() * 6)
        return QSize(self.sizeHint().width() - missing + few, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        metrics, bold = self._fonts()
        side = metrics.ascent()
        left, right = int(Spacing.S), self.width() - Spacing.S - side
        environment = self._environment()
        self._paint_icon(painter, "building-2" if environment else "plug", left, side)
        left += side + Spacing.S
        self._paint_icon(painter, "chevron-down", right, side)
        right -= Spacing.XS
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        if environment is not None:
            pill = badge_size(bold, environment)
            box = QRect(
                right - pill.width(),
                (self.height() - pill.height()) // 2,
                pill.width(),
                pill.height(),
            )
            paint_badge(painter, self._mirrored(box), self, environment, self._theme, self._icons)
            right -= pill.width() + Spacing.S
        painter.setPen(self._theme.role(QPalette.ColorRole.WindowText))
        box = self._mirrored(QRect(left, 0, max(0, right - left), self.height()))
        text = bold.elidedText(self._name(), Qt.TextElideMode.ElideMiddle, box.width())
        side_flag = self._alignment()
        painter.drawText(box, side_flag | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        pressed, hovered, focused = self.isDown(), self.underMouse(), self.hasFocus()
        if not (pressed or hovered or focused):
            return
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(self._theme.focus(), 2) if focused else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(
            self._theme.selection()
            if pressed
            else self._theme.hover()
            if hovered
            else Qt.GlobalColor.transparent
        )
        painter.drawRoundedRect(box, RADIUS, RADIUS)

    def _paint_icon(self, painter: QPainter, icon: str, left: int, side: int) -> None:
        box = self._mirrored(QRect(left, (self.height() - side) // 2, side, side))
        self._icons.icon(icon).paint(painter, box)

    def _mirrored(self, box: QRect) -> QRect:
        return visual_rect(self.layoutDirection(), self.rect(), box)

    def _alignment(self) -> Qt.AlignmentFlag:
        # By the window's direction, not the text's: the label starts at its icon.
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignAbsolute

    def _fonts(self) -> tuple[QFontMetrics, QFontMetrics]:
        font = QFont(self.font())
        font.setBold(True)
        return self.fontMetrics(), QFontMetrics(font)

    def _environment(self) -> Environment | None:
        if self._current is None:
            return None
        return environment_of(self._current.workspace.kind, demo=self._demo)

    def _name(self) -> str:
        return one_line(self._current.label) if self._current else _("No workspace")

    def _label(self, characters: int) -> str:
        return shortened(self._name(), characters)

    def _update_texts(self) -> None:
        self.setText(self._name())
        environment = self._environment()
        if self._current is None or environment is None:
            self.setToolTip(_("Connect a workspace to begin."))
            self.setAccessibleDescription("")
            self.setAccessibleName(_("Workspace: none connected"))
            return
        lines = [f"{isolate(self._name())} · {environment.word}", environment.meaning]
        if self._current.workspace.name != self._current.label:
            lines.insert(
                1, _("In Seam: {workspace}").format(workspace=isolate(self._current.workspace.name))
            )
        if self._current.connection_id in self._session_only:
            lines.append(_("Its key is kept for this run only."))
        self.setToolTip(_rich_text(*lines))
        self.setAccessibleDescription("\n".join(lines))
        self.setAccessibleName(
            _("Workspace: {value}, {word}").format(value=self._name(), word=environment.word)
        )

    def _fill_menu(self) -> None:
        menu = self.menu()
        for action in self.switches.actions():
            self.switches.removeAction(action)
            self.removeAction(action)
        # The menu owns the actions: clear() deletes them and their shortcuts.
        menu.clear()
        for index, connection in enumerate(self._connections):
            action = self._add_connection(menu, connection)
            if index < _SHORTCUTS:
                action.setShortcut(QKeySequence(f"Ctrl+{index + 1}"))
        if self._connections:
            menu.addSeparator()
        menu.addAction(
            self._icons.icon("plus"), _("Connect a workspace…"), self.connect_requested.emit
        )
        if self._current is not None:
            current = self._current
            name = in_menu(isolate(self._label(_MENU_CHARACTERS)))
            menu.addAction(
                self._icons.icon("trash-2"),
                _("Remove “{name}”…").format(name=name),
                lambda: self.remove_requested.emit(current.connection_id),
            )

    def _add_connection(self, menu: QMenu, connection: WorkspaceConnection) -> QAction:
        environment = environment_of(connection.workspace.kind, demo=self._demo)
        name = shortened(connection.label, _MENU_CHARACTERS)
        text = f"{in_menu(isolate(name))} · {environment.word}"
        if connection.connection_id in self._session_only:
            text = f"{text} · {_('this run only')}"
        action = menu.addAction(self._icons.icon(environment.icon, environment.tone), text)
        action.setData(connection.connection_id)
        action.setToolTip(_rich_text(connection.label))
        action.setCheckable(True)
        action.setChecked(connection is self._current)
        # Qt draws an icon in place of the check mark.
        action.setIconVisibleInMenu(not action.isChecked())
        action.triggered.connect(lambda: self._switch(connection.connection_id))
        self.switches.addAction(action)
        self.addAction(action)
        return action

    def _switch(self, connection_id: str) -> None:
        if self._current is None or connection_id != self._current.connection_id:
            self.switched.emit(connection_id)


def _rich_text(*lines: str) -> str:
    """Plain lines as escaped rich text: Qt reads a label that looks like HTML as HTML."""
    return Qt.convertFromPlainText("\n".join(lines), Qt.WhiteSpaceMode.WhiteSpaceNormal)
