"""The head of a portal: its key, its state, and the buttons that hand its link out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.wording import dates, summary_line
from seam_portal_desktop.ui.portals.row_text import tooltip
from seam_portal_desktop.ui.portals.status_style import spoken_status, style_of
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import Badge, ElidedLabel, IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind

_STACKED = QBoxLayout.Direction.TopToBottom


class PortalHeader(QWidget):
    """Key, name and status, then a line of summary with the buttons beside it; one line if there is
    room.

    ``back`` is shown while the portal has a page of its own. ``copy`` and ``send`` are shown while
    they can be used.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sent = False
        self._send_is_primary = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.back = IconButton(icons.icon("arrow-left"), _("Back to the list"))
        self.back.hide()
        self._key = ElidedLabel(selectable=True)
        self._name = ElidedLabel(selectable=True)
        set_kind(self._name, "muted")
        self._status = Badge(theme, icons)
        self._link_kind = Badge(theme, icons)
        self._link_kind.set_state("calendar-check", _("Reservation link"), Tone.INFO)
        self._summary = ElidedLabel(mode=Qt.TextElideMode.ElideRight, selectable=True)
        set_kind(self._summary, "muted")
        self.copy = QPushButton(_("Copy link"))
        self.send = QPushButton(_("Send…"))
        set_kind(self.copy, "secondary")
        self.more = IconButton(icons.icon("ellipsis"), _("More for this portal"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._make_layout()
        theme.changed.connect(self._update_font)
        self._update_font()
        self._update_send()

    def set_menu(self, actions: Sequence[QAction]) -> None:
        """Set what the button at the end offers."""
        menu = QMenu(self)
        menu.addActions(list(actions))
        self.more.setMenu(menu)

    def show_portal(self, portal: PortalRecord, now: datetime) -> None:
        self._key.set_full_text(portal.customer_key)
        self._name.set_full_text(portal.customer_name)
        self._name.setVisible(bool(portal.customer_name))
        status = portal.status(now)
        style = style_of(portal, status)
        self._status.show()
        self._status.set_state(style.icon, spoken_status(portal, status), style.tone)
        hover = tooltip(portal, PortalColumn.STATUS, status) or ""
        self._status.setToolTip(hover)
        self._status.setAccessibleDescription(html.unescape(hover.replace("<br>", "\n")))
        self._link_kind.setVisible(portal.kind is PortalKind.RESERVATION_DEEP_LINK)
        exact = "\n".join(f"{name}: {moment}" for name, _, moment in dates(portal, now))
        self._summary.set_full_text(summary_line(portal, now), hover=exact)
        usable = portal.is_live(now) and portal.has_readable_url
        self._sent = portal.sent is not None
        self.copy.setVisible(usable)
        self.send.setVisible(usable)
        self._update_send()
        self._update_layout()

    def show_title(self, title: str, text: str) -> None:
        """Show a title and a line of text for what isn't a single portal."""
        self._key.set_full_text(title)
        self._summary.set_full_text(text)
        for widget in (self._name, self._status, self._link_kind, self.copy, self.send):
            widget.hide()

    def set_send_primary(self, primary: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Whether 'Send…' is the primary button; never for a link that was sent."""
        self._send_is_primary = primary
        self._update_send()

    def tab_order(self) -> list[QWidget]:
        return [self.back, self._key, self._name, self._summary, self.copy, self.send, self.more]

    def _make_layout(self) -> None:
        self._title = title = QHBoxLayout()
        title.setSpacing(Spacing.S)
        title.addWidget(self.back)
        title.addWidget(self._key)
        title.addWidget(self._name)
        title.addWidget(self._status)
        title.addWidget(self._link_kind)
        title.addStretch(1)
        self._line = line = QHBoxLayout()
        line.setSpacing(Spacing.S)
        line.addWidget(self._summary, 1)
        for button in (self.copy, self.send, self.more):
            line.addWidget(button)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        self._rows.setSpacing(Spacing.XS)
        self._rows.addLayout(title)
        self._rows.addLayout(line, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def _update_layout(self) -> None:
        needed = self._title.sizeHint().width() + self._line.sizeHint().width()
        has_room = needed + Spacing.L + Spacing.S + 2 * Spacing.M <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if has_room else _STACKED
        if self._rows.direction() != direction:
            self._rows.setDirection(direction)
            self._rows.setSpacing(Spacing.L if has_room else Spacing.XS)

    def _update_send(self) -> None:
        kind = "primary" if self._send_is_primary and not self._sent else "secondary"
        if self.send.property("kind") != kind:
            set_kind(self.send, kind)

    def _update_font(self) -> None:
        self._key.setFont(self._theme.font(TextSize.TITLE, bold=True))
