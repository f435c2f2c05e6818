"""The panel's content for one portal: what is shown, without what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord
from seam_portal_desktop.domain.preview.report import Attachment
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.portal.attachment_list import AttachmentList
from seam_portal_desktop.ui.portal.cards import NextStepCard
from seam_portal_desktop.ui.portal.link_row import LinkRow
from seam_portal_desktop.ui.portal.preview_result import PreviewResult
from seam_portal_desktop.ui.portal.sections import DetailSection, Facts
from seam_portal_desktop.ui.portal.timeline_list import TimelineList
from seam_portal_desktop.ui.portal.wording import dates, next_step, sent_line, timeline
from seam_portal_desktop.ui.portals.status_style import STATUS_STYLE
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import Badge, ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind


class PortalDetails(QWidget):
    """Key and states, link, one line of history, then the parts that fold."""

    undo_sent_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        reveal_seconds: float,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._key = ElidedLabel(selectable=True)
        self._status = Badge(theme, icons)
        self._kind = Badge(theme, icons)
        self._opens_at = Badge(theme, icons)
        self._opens_at.set_state("calendar-check", "Reservation link", Tone.INFO)
        self.link = LinkRow(icons, reveal_seconds=reveal_seconds)
        self.next_step = NextStepCard(icons)
        self.result = PreviewResult(theme, icons)
        self._story = plain_label(wrap=True)
        set_kind(self._story, "muted")
        self._sent = _SentLine(icons)
        self._sent.undo.clicked.connect(self.undo_sent_requested)
        self._dates = Facts()
        self._asked = Facts()
        self._history = TimelineList(icons)
        self._history_section = DetailSection(icons, "Story", self._history)
        self.evidence = AttachmentList(icons)
        self._evidence_section = DetailSection(icons, "Evidence", self.evidence)
        self._dates_section = DetailSection(icons, "Dates", self._dates)
        self._asked_section = DetailSection(icons, "What was asked for", self._asked)
        self._request_id = _RequestId(icons)
        self.inserted = QVBoxLayout()
        """Between the link and its history: what is asked in place."""
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.set_request_summary(())
        self.set_timeline((), None)
        self.set_attachments((), None)

    def show_portal(self, portal: PortalRecord, now: datetime) -> None:
        self._key.set_full_text(portal.customer_key)
        style = STATUS_STYLE[portal.status(now)]
        self._status.set_state(style.icon, style.word, style.tone)
        if portal.workspace_kind is WorkspaceKind.PRODUCTION:
            self._kind.set_state("factory", "Production", Tone.PRODUCTION)
        else:
            self._kind.set_state("flask-conical", "Sandbox", Tone.SANDBOX)
        self._opens_at.setVisible(portal.kind is PortalKind.RESERVATION_DEEP_LINK)
        sent = portal.sent is not None
        self.link.setVisible(portal.has_url)
        self.link.set_state(portal.url_host, live=portal.is_live(now), sent=sent)
        step = next_step(portal, now)
        self.next_step.setVisible(step is not None)
        if step is not None:
            self.next_step.set_step(step)
        rows = dates(portal, now)
        self._story.setText(timeline(portal, now))
        self._story.setToolTip("\n".join(f"{name}: {exact}" for name, _, exact in rows))
        self._sent.show_sent(portal, now)
        self._dates.set_rows(rows)
        self._request_id.set_id(portal.seam_request_id)

    def set_timeline(self, entries: Sequence[TimelineEntry], now: datetime | None) -> None:
        """What happened so far; nothing while it is being read."""
        self._history_section.setVisible(now is not None)
        if now is not None:
            self._history.set_entries(entries, now)

    def set_attachments(self, items: Sequence[Attachment], now: datetime | None) -> None:
        """What is attached; nothing while it is being read."""
        self._evidence_section.setVisible(bool(items))
        if now is not None:
            self.evidence.set_items(items, now)

    def set_request_summary(self, rows: Sequence[tuple[str, str]]) -> None:
        self._asked.set_rows([(name, value, "") for name, value in rows])
        self._asked_section.setVisible(bool(rows))

    def stops(self, inserted: Sequence[QWidget]) -> list[QWidget]:
        """What the Tab key visits, in reading order; `inserted` is what stands in `inserted`."""
        return [
            self._key,
            *self.link.stops(),
            *self.next_step.stops(),
            self.result.again,
            *inserted,
            self._sent.undo,
            self._history_section.header,
            self._evidence_section.header,
            self._dates_section.header,
            self._asked_section.header,
            self._request_id.copy,
        ]

    def _lay_out(self) -> None:
        head = FlowLayout()
        for widget in (self._key, self._status, self._opens_at, self._kind):
            head.addWidget(widget)
        self.inserted.setContentsMargins(0, 0, 0, 0)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.L, Spacing.M, Spacing.L, Spacing.M)
        rows.setSpacing(Spacing.S)
        rows.addLayout(head)
        rows.addWidget(self.link)
        rows.addWidget(self.next_step)
        rows.addWidget(self.result)
        rows.addLayout(self.inserted)
        rows.addWidget(self._story)
        rows.addWidget(self._sent)
        rows.addWidget(self._history_section)
        rows.addWidget(self._evidence_section)
        rows.addWidget(self._dates_section)
        rows.addWidget(self._asked_section)
        rows.addWidget(self._request_id)
        rows.addStretch(1)

    def _restyle(self) -> None:
        self._key.setFont(self._theme.font(TextSize.TITLE, bold=True))


class _SentLine(QWidget):
    """That it was sent, how and by whom, with the note and the way back."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._text = plain_label(wrap=True)
        self._note = plain_label(wrap=True)
        set_kind(self._note, "muted")
        self.undo = QPushButton("Undo")
        set_kind(self.undo, "link")
        self.undo.setAccessibleName("Undo mark as sent")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._text)
        texts.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(IconView(icons.icon("send", Tone.SUCCESS)), 0, top)
        row.addLayout(texts, 1)
        row.addWidget(self.undo, 0, top)

    def show_sent(self, portal: PortalRecord, now: datetime) -> None:
        self.setVisible(portal.sent is not None)
        if portal.sent is not None:
            self._text.setText(sent_line(portal.sent, now))
            self._note.setText(portal.sent.note)
            self._note.setVisible(bool(portal.sent.note))


class _RequestId(QWidget):
    """The id that Seam's support asks for."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._id = ElidedLabel(selectable=True)
        self.copy = IconButton(icons.icon("copy"), "Copy the request id for Seam's support")
        self.copy.clicked.connect(self._copy)
        name = plain_label("Seam request id")
        set_kind(name, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        row.addWidget(name)
        row.addWidget(self._id)
        row.addWidget(self.copy)
        row.addStretch(1)

    def set_id(self, seam_request_id: str | None) -> None:
        self.setVisible(seam_request_id is not None)
        if seam_request_id != self._id.full_text():
            self._id.set_full_text(seam_request_id or "")
            self.copy.setIcon(self._icons.icon("copy"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._id.full_text())
        self.copy.setIcon(self._icons.icon("check", Tone.SUCCESS))
