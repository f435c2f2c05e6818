"""The panel under the table: the selected portal's data, and the form that marks it as sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.preview.report import Attachment, PreviewReport, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.portal.cards import Placeholder
from seam_portal_desktop.ui.portal.details import PortalDetails
from seam_portal_desktop.ui.portal.send_step import SendStep
from seam_portal_desktop.ui.portal.wording import StepAction, preview_line
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

REVEAL_SECONDS = 30.0


class DetailPanel(QWidget):
    """Shows a portal and emits what the user wants to do with it; signals carry its id first.

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

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        reveal_seconds: float = REVEAL_SECONDS,
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._portal: PortalRecord | None = None
        self._is_usable = False
        self._report: PreviewReport | None = None
        self.setAccessibleName("Portal details")

        self._placeholder = Placeholder()
        self.send_step = SendStep(
            theme,
            icons,
            on_copy=self.copy_requested.emit,
            on_mark_sent=self.mark_sent_requested.emit,
            on_preview=self.preview_requested.emit,
            on_preview_again=self.preview_again_requested.emit,
        )
        self.details = PortalDetails(theme, icons, self.send_step, reveal_seconds=reveal_seconds)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.details)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(self._scroll)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._stack)
        for before, after in pairwise(self.details.tab_order()):
            QWidget.setTabOrder(before, after)
        self._connect_signals()
        self._show_nothing()

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
            self.details.clear()
            self._scroll.verticalScrollBar().setValue(0)
        self._portal = portal
        self._is_usable = portal.is_live(now) and portal.has_readable_url
        self.details.show_portal(portal, now)
        self.send_step.set_portal(portal, is_usable=self._is_usable)
        self._show_result(now)
        self._stack.setCurrentWidget(self._scroll)

    def show_many(self, count: int) -> None:
        """Show that `count` portals are selected."""
        self._show_placeholder(
            f"{QLocale().toString(count)} portals selected",
            "Select one for details. Renew, Export and Delete take all of them.",
        )

    def set_url(self, portal_id: str, url: Secret) -> None:
        """Show the link, unless another portal is shown by now."""
        if self._shows(portal_id):
            self.details.link.set_url(url)

    def set_timeline(self, portal_id: str, entries: Sequence[TimelineEntry], now: datetime) -> None:
        """Show what happened to the portal, unless another one is shown by now."""
        if self._shows(portal_id):
            self.details.set_timeline(entries, now)

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
        # A link that was shown when the user hid the panel isn't seen yet.
        if not link.is_revealed or self.isVisible():
            link.toggle()
        return True

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 30, height * 13)

    def minimumSizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 16, height * 6)

    def _connect_signals(self) -> None:
        details, link, step_buttons = (
            self.details,
            self.details.link,
            self.details.next_step.buttons,
        )
        link.reveal_requested.connect(lambda: self._emit(self.reveal_requested))
        link.copy.clicked.connect(self.send_step.copy_link)
        link.send.clicked.connect(self.send_step.mark_as_sent)
        for button, signal in (
            (details.undo_sent, self.undo_sent_requested),
            (details.result.again, self.preview_again_requested),
            (step_buttons[StepAction.CHECK_OUTCOME], self.check_outcome_requested),
            (step_buttons[StepAction.CREATE_AGAIN], self.create_again_requested),
            (step_buttons[StepAction.RENEW], self.renew_requested),
            (step_buttons[StepAction.SHOW_NEWER], self.newer_requested),
        ):
            button.clicked.connect(lambda _=False, signal=signal: self._emit(signal))
        self.send_step.opened.connect(self._on_step_opened)
        self.send_step.closed.connect(self._update_send_step)

    def _shows(self, portal_id: str) -> bool:
        return self._portal is not None and self._portal.portal_id == portal_id

    def _show_nothing(self) -> None:
        self._show_placeholder(
            "No portal selected",
            "Select one in the table to see its link, its dates and its settings.",
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

    def _on_step_opened(self, widget: QWidget) -> None:
        self._update_send_step()
        # Its position is known once the layout is updated.
        QTimer.singleShot(0, widget, lambda: self._scroll.ensureWidgetVisible(widget))

    def _update_send_step(self) -> None:
        self.details.link.set_copy_primary(self.send_step.isHidden())
        # An open strip shows the preview's result itself.
        has_result = self._portal is not None and self._portal.preview_verdict is not None
        self.details.result.setVisible(has_result and not self.send_step.strip_is_open())

    def _emit(self, signal: SignalInstance) -> None:
        if self._portal is not None:
            signal.emit(self._portal.portal_id)
