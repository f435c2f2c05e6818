"""The panel under the table: one portal whole, and the step of sending its link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.domain.portal.record import Channel, PortalRecord
from seam_portal_desktop.domain.preview.report import Attachment, PreviewReport, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.portal.cards import Placeholder, PreviewQuestion
from seam_portal_desktop.ui.portal.details import PortalDetails
from seam_portal_desktop.ui.portal.send_strip import SendStrip
from seam_portal_desktop.ui.portal.wording import StepAction, preview_doubt, preview_line
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

REVEAL_SECONDS = 30.0


class DetailPanel(QWidget):
    """Shows a portal and asks for what the user wants done with it; every signal names the row.

    The link is there only between `set_url` and the moment it is hidden: by the user, by another
    portal, or after `reveal_seconds`.
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
    attachment_save_requested = Signal(str)  # evidence_id, as in the next one
    attachment_remove_requested = Signal(str)

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
        self._usable = False
        self._report: PreviewReport | None = None
        self._answered: set[tuple[str, str]] = set()
        self._drafts: dict[str, tuple[Channel | None, str]] = {}
        self._go_on: Callable[[], None] | None = None
        self._came_from: QWidget | None = None
        self.setAccessibleName("Portal details")

        self._placeholder = Placeholder()
        self._page = PortalDetails(theme, icons, reveal_seconds=reveal_seconds)
        self._question = PreviewQuestion(icons)
        self._strip = SendStrip(theme, icons)
        for widget in (self._question, self._strip):
            widget.hide()
            self._page.inserted.addWidget(widget)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._page)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(self._scroll)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._stack)
        self._order_tabs()
        self._connect()
        self.show_nothing()

    def show_portal(self, portal: PortalRecord | None, now: datetime) -> None:
        """Show `portal` as it is at `now` (aware, UTC); None for no selection.

        The same portal again, because it changed or time passed, leaves alone what is open.
        """
        if portal is None:
            self.show_nothing()
            return
        if self._portal is None or self._portal.portal_id != portal.portal_id:
            self._leave()
            self._report = None
            self._show_picture(b"")
            self._page.set_request_summary(())
            self._page.set_timeline((), None)
            self._page.set_attachments((), None)
            self._scroll.verticalScrollBar().setValue(0)
        self._portal = portal
        self._usable = portal.is_live(now) and portal.has_url
        self._page.show_portal(portal, now)
        self._show_result(now)
        if not self._usable:
            self._close_question()
            self._close_strip()
        if portal.sent is not None:
            self._drafts.pop(portal.portal_id, None)
            self._close_strip()
        if preview_doubt(portal) is None:
            self._close_question()
        self._stack.setCurrentWidget(self._scroll)

    def show_nothing(self) -> None:
        """Say that nothing is selected."""
        self._leave()
        self._placeholder.say(
            self._icons,
            "panel-right",
            "No portal selected",
            "Select one in the table to see its link, its dates and what was asked for.",
        )
        self._stack.setCurrentWidget(self._placeholder)

    def show_many(self, count: int) -> None:
        """Say that `count` portals are selected: the panel shows one."""
        self._leave()
        self._placeholder.say(
            self._icons,
            "panel-right",
            f"{QLocale().toString(count)} portals selected",
            "Select a single one to see it whole. Renew, Export and Delete take all of them.",
        )
        self._stack.setCurrentWidget(self._placeholder)

    def set_url(self, portal_id: str, url: Secret) -> None:
        """Show the link, unless the user went on to another portal meanwhile."""
        if self._portal is not None and self._portal.portal_id == portal_id:
            self._page.link.set_url(url)

    def hide_url(self) -> None:
        self._page.link.hide_url()

    def set_request_summary(self, rows: Sequence[tuple[str, str]]) -> None:
        """What was asked for the shown portal, as rows of name and value."""
        self._page.set_request_summary(rows)

    def set_timeline(self, portal_id: str, entries: Sequence[TimelineEntry], now: datetime) -> None:
        """What happened to the portal, unless the user went on to another one meanwhile."""
        if self._portal is not None and self._portal.portal_id == portal_id:
            self._page.set_timeline(entries, now)

    def set_attachments(self, portal_id: str, items: Sequence[Attachment], now: datetime) -> None:
        """What is attached to the portal, unless the user went on to another one meanwhile."""
        if self._portal is not None and self._portal.portal_id == portal_id:
            self._page.set_attachments(items, now)

    def set_report(self, portal_id: str, stored: StoredReport | None, now: datetime) -> None:
        """What the portal's newest preview found, unless the user went on to another one."""
        if self._portal is not None and self._portal.portal_id == portal_id:
            self._report = stored.report if stored is not None else None
            self._show_picture(stored.thumbnail if stored is not None else b"")
            self._show_result(now)

    def reveal_link(self) -> None:
        """Ask for the link, or hide it; the eye and the menu do the same."""
        if self._page.link.isVisibleTo(self):
            self._page.link.toggle()

    def copy_link(self) -> None:
        """Ask for the link on the clipboard, after the question about the preview.

        Nothing happens where there is no link to hand out, whatever a menu or a key asks for.
        """
        self._after_preview(self._emit_copy, anyway="Copy anyway")

    def mark_as_sent(self) -> None:
        """Unfold the strip that marks as sent, after the question about the preview."""
        if self._portal is not None and self._portal.sent is None:
            self._after_preview(self._open_strip, anyway="Send anyway")

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 30, height * 13)

    def minimumSizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 16, height * 6)

    def _connect(self) -> None:
        self._page.link.reveal_requested.connect(lambda: self._emit(self.reveal_requested))
        self._page.link.copy_requested.connect(self.copy_link)
        self._page.link.send_requested.connect(self.mark_as_sent)
        self._page.undo_sent_requested.connect(lambda: self._emit(self.undo_sent_requested))
        self._page.next_step.chosen.connect(self._take_step)
        self._page.evidence.save_requested.connect(self.attachment_save_requested)
        self._page.evidence.remove_requested.connect(self.attachment_remove_requested)
        for result in (self._page.result, self._strip.result):
            result.again_requested.connect(lambda: self._emit(self.preview_again_requested))
        self._question.preview_chosen.connect(self._preview_first)
        self._question.anyway_chosen.connect(self._anyway)
        self._question.cancelled.connect(self._close_question)
        self._strip.save_requested.connect(self._save)
        self._strip.cancelled.connect(self._close_strip)

    def _order_tabs(self) -> None:
        stops = self._page.stops([*self._question.stops(), *self._strip.stops()])
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _after_preview(self, go_on: Callable[[], None], *, anyway: str) -> None:
        portal = self._portal
        if portal is None or not self._usable:
            return
        doubt = preview_doubt(portal)
        if doubt is None or (portal.portal_id, doubt) in self._answered:
            go_on()
            return
        self._go_on = go_on
        self._open(self._question)
        self._question.ask(doubt, anyway=anyway, again=portal.preview_verdict is not None)

    def _preview_first(self) -> None:
        seen = self._portal is not None and self._portal.preview_verdict is not None
        self._settle_question()
        self._emit(self.preview_again_requested if seen else self.preview_requested)

    def _anyway(self) -> None:
        go_on = self._go_on
        self._settle_question()
        if go_on is not None:
            go_on()

    def _settle_question(self) -> None:
        if self._portal is not None and (doubt := preview_doubt(self._portal)):
            self._answered.add((self._portal.portal_id, doubt))
        self._close_question()

    def _close_question(self) -> None:
        self._go_on = None
        self._close(self._question)

    def _open_strip(self) -> None:
        if self._portal is not None and self._strip.isHidden():
            self._open(self._strip)
            self._strip.fill(*self._drafts.pop(self._portal.portal_id, (None, "")))
            self._page.result.hide()  # it is in the strip now

    def _save(self, channel: Channel | None, note: str) -> None:
        # The strip stays until the row says that it was sent: what was typed outlives a failure.
        if self._portal is not None:
            self.mark_sent_requested.emit(self._portal.portal_id, channel, note)

    def _close_strip(self) -> None:
        self._close(self._strip)
        self._page.result.setVisible(self._has_result())

    def _has_result(self) -> bool:
        return self._portal is not None and self._portal.preview_verdict is not None

    def _show_result(self, now: datetime) -> None:
        if self._portal is None:
            return
        line = preview_line(self._portal, self._report, now)
        for result in (self._page.result, self._strip.result):
            result.show_line(line, can_look=self._usable)
        self._page.result.setVisible(self._has_result() and self._strip.isHidden())

    def _show_picture(self, png: bytes) -> None:
        for result in (self._page.result, self._strip.result):
            result.show_picture(png)

    def _leave(self) -> None:
        """Put away what belongs to the portal that was shown; a half-written note is kept."""
        if self._portal is not None and not self._strip.isHidden():
            draft = (self._strip.channels.channel(), self._strip.note.text())
            self._drafts[self._portal.portal_id] = draft
        self._close_question()
        self._close_strip()
        self._page.link.hide_url()
        self._portal = None
        self._usable = False

    def _open(self, widget: QWidget) -> None:
        if widget.isHidden():
            self._came_from = QApplication.focusWidget()
        widget.show()
        self._page.link.step_back(back=True)
        # Its place is known once the layout has made room.
        QTimer.singleShot(0, widget, lambda: self._scroll.ensureWidgetVisible(widget))

    def _close(self, widget: QWidget) -> None:
        if widget.isHidden():
            return
        focused = QApplication.focusWidget()
        inside = focused is not None and widget.isAncestorOf(focused)
        widget.hide()
        if inside and self._came_from is not None and isValid(self._came_from):
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None
        self._page.link.step_back(back=False)

    def _take_step(self, step: StepAction) -> None:
        requested = {
            StepAction.CHECK_OUTCOME: self.check_outcome_requested,
            StepAction.CREATE_AGAIN: self.create_again_requested,
            StepAction.RENEW: self.renew_requested,
            StepAction.SHOW_NEWER: self.newer_requested,
        }
        self._emit(requested[step])

    def _emit_copy(self) -> None:
        self._emit(self.copy_requested)

    def _emit(self, signal: SignalInstance) -> None:
        if self._portal is not None:
            signal.emit(self._portal.portal_id)
