"""The bar below the list: the actions on several selected rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.model import PortalTableModel
from seam_portal_desktop.ui.portals.table import PortalTable
from seam_portal_desktop.ui.toolkit.form_parts import embolden, number, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind


class ActionBar(QWidget):
    """How many rows are selected, and a button for each action. It is hidden for fewer than two.

    The first actions are buttons as far as they fit, the others are in a menu. The focus returns
    to the table when a button is used, and when the bar is hidden.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        actions: Sequence[QAction],
        table: PortalTable,
        model: PortalTableModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._table = table
        self._model = model
        self._actions = list(actions)
        self.setAccessibleName(_("Actions for the selected portals"))
        # Its buttons follow its width, not the other way round.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.count = plain_label(parent=self)
        embolden(self.count)
        self.buttons = [_ActionButton(action, table, self) for action in self._actions]
        self.more = IconButton(icons.icon("ellipsis"), _("More actions"), self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.more.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.XS, Spacing.S, Spacing.XS)
        row.setSpacing(Spacing.XS)
        row.addWidget(self.count)
        row.addSpacing(Spacing.XS)
        before: QWidget = table
        for button in (*self.buttons, self.more):
            row.addWidget(button)
            QWidget.setTabOrder(before, button)
            before = button
        row.addStretch(1)
        # One change of the selection changes several actions.
        self._arrange_soon = QTimer(self)
        self._arrange_soon.setSingleShot(True)
        self._arrange_soon.setInterval(0)
        self._arrange_soon.timeout.connect(self._arrange)
        for action in self._actions:
            action.changed.connect(self._arrange_soon.start)
        theme.changed.connect(self.update)
        self.hide()

    def show_selected(self, selected: Sequence[PortalRecord]) -> None:
        """Show how many are selected. If more rows match than are loaded, say what is left out."""
        count, model = len(selected), self._model
        if count < 2:
            self._hide()
            return
        text = _("{count} selected").format(count=number(count))
        if count == model.rowCount() < model.total:
            text = _("The first {count} of {total} selected").format(
                count=number(count), total=number(model.total)
            )
        if text != self.count.text() or self.isHidden():
            self.count.setText(text)
            announce(self, text)
        if self.isHidden():
            self.show()
            # The table is lower from now on.
            QTimer.singleShot(0, self._table, self._scroll_to_current)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tint(Tone.ACCENT))
        painter.setPen(self._theme.border())
        painter.drawLine(self.rect().topLeft(), self.rect().topRight())
        painter.end()

    def _scroll_to_current(self) -> None:
        self._table.scrollTo(self._table.currentIndex())

    def _hide(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._menu.close()
        self.hide()

    def _arrange(self) -> None:
        """Show as many buttons as fit, and the other actions in the menu."""
        if self.isHidden():
            return
        gap = Spacing.XS
        used = Spacing.M + Spacing.S + self.count.sizeHint().width() + 2 * gap
        widths = [button.sizeHint().width() + gap for button in self.buttons]
        menu_width = self.more.sizeHint().width() + gap
        fitting = len(widths)
        if used + sum(widths) > self.width():
            while fitting and used + sum(widths[:fitting]) + menu_width > self.width():
                fitting -= 1
        for place, button in enumerate(self.buttons):
            button.setVisible(place < fitting)
        hidden = self._actions[fitting:]
        self.more.setVisible(bool(hidden))
        if self._menu.actions() != hidden:
            self._menu.clear()
            self._menu.addActions(hidden)


class _ActionButton(QPushButton):
    """Shows an action with its short text, and why it can't be done for some portals."""

    def __init__(self, action: QAction, table: PortalTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._action = action
        self._table = table
        set_kind(self, "quiet")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._run)
        action.changed.connect(self._update)
        self._update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not on each desktop Enter presses a button.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Escape:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _run(self) -> None:
        # A dialog gives the focus back to the table, and the button may be disabled then.
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._action.trigger()

    def _update(self) -> None:
        action = self._action
        reason = action.statusTip()
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        name = action.text().removesuffix("…")
        named = f"{name} ({keys})" if keys else name
        self.setIcon(action.icon())
        self.setText(action.iconText())
        self.setToolTip(f"{named}\n{reason}" if reason else named)
        self.setAccessibleName(name)
        self.setAccessibleDescription(reason)
        if self.hasFocus() and not action.isEnabled():
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setEnabled(action.isEnabled())
