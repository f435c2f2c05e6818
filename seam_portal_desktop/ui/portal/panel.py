"""The window's right side: one portal with its preview, its details and its activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from itertools import pairwise

from PySide6.QtCore import QLocale, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.message.delivery import Delivery
from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.preview.report import Attachment, PreviewReport, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.cards import NextStepCard, Placeholder
from seam_portal_desktop.ui.portal.deliveries.activity import PortalActivity
from seam_portal_desktop.ui.portal.deliveries.words import OutboxFacts
from seam_portal_desktop.ui.portal.details import PortalDetails
from seam_portal_desktop.ui.portal.header import PortalHeader
from seam_portal_desktop.ui.portal.send_step import SendStep
from seam_portal_desktop.ui.portal.wording import StepAction, next_step, preview_line
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

REVEAL_SECONDS = 30.0


class PortalTab(IntEnum):
    """The pages of a portal, in the order of their tabs."""

    PREVIEW = 0
    DETAILS = 1
    ACTIVITY = 2


_TAB_WORDS = {
    PortalTab.PREVIEW: _("Preview"),
    PortalTab.DETAILS: _("Details"),
    PortalTab.ACTIVITY: _("Activity"),
}


class PortalPanel(QWidget):
    """Shows a portal and emits what the user wants to do with it; signals carry its id first.

    `preview` is the first page; `preview_bar` is beside the tabs while that page is shown. A portal
    without a link that works has no preview, so its details are shown in its place.

    The panel has the link from `set_url` until it is hidden. The user hides it, another portal is
    shown, or `reveal_seconds` have passed.
    """

    reveal_requested = Signal(str)
    copy_requested = Signal(str)
    mark_sent_requested = Signal(str, object, str)
    """portal_id, channel (Channel or None), note"""
    undo_sent_requested = Signal(str)
    preview_requested = Signal(str)
    preview_again_requested = Signal(str)
    check_outcome_requested = Signal(str)
    create_again_requested = Signal(str)
    renew_requested = Signal(str)
    newer_requested = Signal(str)
    back_requested = Signal()
    """The user wants to leave the portal: with the button, or with Escape."""

    tab_changed = Signal(PortalTab)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        preview: QWidget,
        preview_bar: QWidget,
        parent: QWidget | None = None,
        *,
        reveal_seconds: float = REVEAL_SECONDS,
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._portal: PortalRecord | None = None
        self._is_usable = False
        self._report: PreviewReport | None = None
        self._wanted_tab = PortalTab.PREVIEW
        self._is_switching = False
        self._preview = preview
        self._preview_bar = preview_bar
        self.setAccessibleName(_("Portal"))

        self._placeholder = Placeholder()
        self.header = PortalHeader(theme, icons)
        self.next_step = NextStepCard(icons)
        self.send_step = SendStep(
            theme,
            icons,
            on_copy=self.copy_requested.emit,
            on_mark_sent=self.mark_sent_requested.emit,
            on_preview=self.preview_requested.emit,
            on_preview_again=self.preview_again_requested.emit,
        )
        self.tabs = QTabBar()
        set_kind(self.tabs, "tabs")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("Parts of the portal"))
        for tab in PortalTab:
            self.tabs.addTab(_TAB_WORDS[tab])
        self.details = PortalDetails(theme, icons, reveal_seconds=reveal_seconds)
        self.activity = PortalActivity(icons)
        self._pages = QStackedWidget()
        self._pages.setObjectName("pages")
        set_kind(self._pages, "pages")
        self._detail_scroll = _scroll_area(self.details)
        for page in (preview, self._detail_scroll, _scroll_area(self.activity)):
            self._pages.addWidget(page)
        self._in_window = Placeholder()
        self._in_window.set_content(icons, "app-window", _("The preview has its own window"), "")
        self.bring_back = self._in_window.add_button(_("Bring it back"))
        self._make_layout()
        for before, after in pairwise(
            [
                *self.header.tab_order(),
                *self.next_step.buttons.values(),
                *self.send_step.tab_order(),
                self.tabs,
            ]
        ):
            QWidget.setTabOrder(before, after)
        for before, after in pairwise(self.details.tab_order()):
            QWidget.setTabOrder(before, after)
        self._connect_signals()
        self._show_nothing()

    # What the window sets -----------------------------------------------------------------

    @property
    def tab(self) -> PortalTab:
        """The page that is shown now."""
        return PortalTab(self.tabs.currentIndex())

    def show_tab(self, tab: PortalTab) -> None:
        """Show a page, now and for the next portals. A disabled one isn't shown now."""
        self._wanted_tab = tab
        if self.tabs.isTabEnabled(tab):
            self.tabs.setCurrentIndex(tab)

    def set_menu(self, actions: Sequence[QAction]) -> None:
        """Set what the button at the end of the header offers."""
        self.header.set_menu(actions)

    def add_button(self, action: QAction) -> None:
        """Add a button for `action` at the end of the row of tabs."""
        button = IconButton(action.icon(), action.text())
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        self._tab_row.addWidget(button)

    def give_preview(self) -> None:
        """Let another window have the preview and its bar."""
        self._pages.insertWidget(PortalTab.PREVIEW, self._in_window)
        self._pages.setCurrentIndex(self.tab)

    def take_preview(self) -> None:
        """Show the preview and its bar here again."""
        self._pages.removeWidget(self._in_window)
        self._pages.insertWidget(PortalTab.PREVIEW, self._preview)
        self._tab_row.insertWidget(1, self._preview_bar, 1)
        self._pages.setCurrentIndex(self.tab)
        self._preview_bar.setVisible(self.tab is PortalTab.PREVIEW)

    def focus_page(self) -> None:
        """Give the focus to the tabs: there it can be seen, and the next stop is the page."""
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_portal(self, portal: PortalRecord | None, now: datetime) -> None:
        """Show `portal` as it is at `now` (aware, UTC); None for no selection.

        If the same portal is shown again, the question, the strip and a shown link stay open.
        """
        if portal is None:
            self._show_nothing()
            return
        if not self._shows(portal.portal_id):
            self._leave()
            self._report = None
            self._show_picture(b"")
            self.clear_entries()
            self._detail_scroll.verticalScrollBar().setValue(0)
        self._portal = portal
        self._is_usable = portal.is_live(now) and portal.has_readable_url
        self.header.show_portal(portal, now)
        step = next_step(portal, now)
        self.next_step.setVisible(step is not None)
        if step is not None:
            self.next_step.set_step(step)
        self.details.show_portal(portal, now)
        self.send_step.set_portal(portal, is_usable=self._is_usable)
        self._show_result(now)
        hidden = set() if portal.is_live(now) else {PortalTab.PREVIEW}
        self._enable_tabs(set(PortalTab) - hidden)
        self._stack.setCurrentWidget(self._content)

    def show_many(self, count: int, *, has_preview: bool) -> None:
        """Show that `count` portals are selected. `has_preview`: the preview shows them."""
        title = _("{count} portals selected").format(count=QLocale().toString(count))
        if not has_preview:
            self._show_placeholder(
                title, _("The bar below the list has what can be done with them.")
            )
            return
        self._leave()
        self.next_step.hide()
        self.header.show_title(title, _("Their previews are beside each other."))
        self._enable_tabs({PortalTab.PREVIEW})
        self._stack.setCurrentWidget(self._content)

    def set_url(self, portal_id: str, url: Secret) -> None:
        """Show the link, unless another portal is shown by now."""
        if self._shows(portal_id):
            self.details.link.set_url(url)

    def clear_entries(self) -> None:
        """Hide what is read after the row."""
        self.details.clear()
        self.activity.clear()

    def set_timeline(self, portal_id: str, entries: Sequence[TimelineEntry], now: datetime) -> None:
        """Show what happened to the portal, unless another one is shown by now."""
        if self._shows(portal_id):
            self.activity.set_timeline(entries, now)

    def set_deliveries(
        self,
        portal_id: str,
        deliveries: Sequence[Delivery],
        now: datetime,
        outbox: OutboxFacts,
    ) -> None:
        """Show the portal's messages, the oldest first, unless another one is shown by now."""
        if self._shows(portal_id):
            self.activity.set_deliveries(deliveries, now, outbox)

    def set_attachments(self, portal_id: str, items: Sequence[Attachment], now: datetime) -> None:
        """Show the attachments of the portal, unless another one is shown by now."""
        if self._shows(portal_id):
            self.details.set_attachments(items, now)

    def set_report(self, portal_id: str, stored: StoredReport | None, now: datetime) -> None:
        """Show the report of the newest preview, unless another portal is shown by now."""
        if self._shows(portal_id):
            self._report = stored.report if stored is not None else None
            self._show_picture(stored.thumbnail if stored is not None else b"")
            self._show_result(now)

    def reveal_link(self) -> bool:
        """Request the link, or hide it, as the eye button does. False without a usable link."""
        link = self.details.link
        if not self._is_usable:
            return False
        # A shown link isn't seen while another page is shown, or the panel is hidden.
        if not link.is_revealed or link.isVisible():
            link.toggle()
        return True

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 40, height * 30)

    def minimumSizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 22, height * 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    # Inside -------------------------------------------------------------------------------

    def _make_layout(self) -> None:
        self._tab_row = QHBoxLayout()
        self._tab_row.setContentsMargins(Spacing.S, 0, Spacing.S, 0)
        self._tab_row.setSpacing(0)
        self._tab_row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        self._tab_row.addWidget(self._preview_bar, 1)
        self._tab_row.addStretch(0)
        cards = QVBoxLayout()
        cards.setContentsMargins(Spacing.M, 0, Spacing.M, Spacing.S)
        cards.setSpacing(Spacing.S)
        cards.addWidget(self.next_step)
        cards.addWidget(self.send_step)
        self._content = QWidget()
        rows = QVBoxLayout(self._content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.header)
        rows.addLayout(cards)
        rows.addLayout(self._tab_row)
        rows.addWidget(self._pages, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(self._content)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._stack)

    def _connect_signals(self) -> None:
        details, header, step_buttons = self.details, self.header, self.next_step.buttons
        details.link.reveal_requested.connect(lambda: self._emit(self.reveal_requested))
        details.link.copy_requested.connect(self.send_step.copy_link)
        header.copy.clicked.connect(self.send_step.copy_link)
        header.back.clicked.connect(self.back_requested)
        for button, signal in (
            (details.undo_sent, self.undo_sent_requested),
            (details.result.again, self.preview_again_requested),
            (step_buttons[StepAction.CHECK_OUTCOME], self.check_outcome_requested),
            (step_buttons[StepAction.CREATE_AGAIN], self.create_again_requested),
            (step_buttons[StepAction.RENEW], self.renew_requested),
            (step_buttons[StepAction.SHOW_NEWER], self.newer_requested),
        ):
            button.clicked.connect(lambda _=False, signal=signal: self._emit(signal))
        self.send_step.opened.connect(self._update_send_step)
        self.send_step.closed.connect(self._update_send_step)
        self.tabs.currentChanged.connect(self._on_tab_changed)

    def _on_tab_changed(self, index: int) -> None:
        if not self._is_switching:
            self._wanted_tab = PortalTab(index)
        focused = self.window().focusWidget()
        loses_focus = focused is not None and any(
            part.isAncestorOf(focused) for part in (self._pages, self._preview_bar)
        )
        self._pages.setCurrentIndex(index)
        if self._preview_bar.window() is self.window():
            self._preview_bar.setVisible(index == PortalTab.PREVIEW)
        if loses_focus:
            self.focus_page()
        self.tab_changed.emit(PortalTab(index))

    def _enable_tabs(self, enabled: set[PortalTab]) -> None:
        """Show the page that the user wants, or the first enabled one."""
        self._is_switching = True  # this isn't the user's choice for the next portals
        for tab in PortalTab:
            self.tabs.setTabEnabled(tab, tab in enabled)
        self.tabs.setTabToolTip(
            PortalTab.PREVIEW,
            "" if PortalTab.PREVIEW in enabled else _("This portal has no link that opens."),
        )
        self.tabs.setCurrentIndex(self._wanted_tab if self._wanted_tab in enabled else min(enabled))
        self._is_switching = False

    def _shows(self, portal_id: str) -> bool:
        return self._portal is not None and self._portal.portal_id == portal_id

    def _show_nothing(self) -> None:
        self._show_placeholder(
            _("No portal selected"),
            _("Select one in the list to see what its customer sees."),
        )

    def _show_placeholder(self, title: str, text: str) -> None:
        self._leave()
        self._placeholder.set_content(self._icons, "panel-right", title, text)
        self._stack.setCurrentWidget(self._placeholder)

    def _leave(self) -> None:
        """Hide what belongs to the portal that was shown."""
        self.send_step.clear()
        self.details.link.hide_url()
        self._portal = None
        self._is_usable = False

    def _show_result(self, now: datetime) -> None:
        if self._portal is None:
            return
        line = preview_line(self._portal, self._report, now)
        for result in (self.details.result, self.send_step.strip.result):
            result.show_line(line, can_preview=self._is_usable)
        self._update_send_step()

    def _show_picture(self, png: bytes) -> None:
        for result in (self.details.result, self.send_step.strip.result):
            result.show_picture(png)

    def _update_send_step(self) -> None:
        self.header.set_send_primary(self.send_step.isHidden())
        # An open strip shows the preview's result itself.
        has_result = self._portal is not None and self._portal.preview_verdict is not None
        self.details.result.setVisible(has_result and not self.send_step.strip_is_open())

    def _emit(self, signal: SignalInstance) -> None:
        if self._portal is not None:
            signal.emit(self._portal.portal_id)


def _scroll_area(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    for widget in (content, area.viewport()):
        widget.setBackgroundRole(QPalette.ColorRole.Base)
        widget.setAutoFillBackground(True)
    return area
