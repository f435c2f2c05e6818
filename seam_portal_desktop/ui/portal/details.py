"""The page with what is known about one portal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.preview.report import Attachment
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.customer.customer_line import CustomerLine
from seam_portal_desktop.ui.portal.entry_lists import AttachmentList
from seam_portal_desktop.ui.portal.link_row import LinkRow
from seam_portal_desktop.ui.portal.preview_result import PreviewResult
from seam_portal_desktop.ui.portal.sections import DetailSection, Facts
from seam_portal_desktop.ui.portal.wording import dates, sent_line
from seam_portal_desktop.ui.portals.delivery_style import delivery_lines, delivery_style
from seam_portal_desktop.ui.portals.row_text import note_text
from seam_portal_desktop.ui.portals.status_style import StatusStyle
from seam_portal_desktop.ui.toolkit.form_parts import muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import (
    ElidedLabel,
    IconButton,
    IconView,
    copy_text,
)
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind


class PortalDetails(QWidget):
    """Our name for the customer, the link, how it was sent, the last preview's result, dates,
    settings and attachments."""

    def __init__(
        self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, reveal_seconds: float
    ) -> None:
        super().__init__(parent)
        self.customer = CustomerLine(icons)
        self.link = LinkRow(icons, reveal_seconds=reveal_seconds)
        self.result = PreviewResult(theme, icons)
        self._sent = _SentLine(icons)
        self.undo_sent = self._sent.undo
        self._dates = Facts()
        self._request = Facts()
        self.attachments = AttachmentList(icons)
        self._attachments_section = DetailSection(icons, _("Attachments"), self.attachments)
        self._dates_section = DetailSection(icons, _("Dates"), self._dates)
        self._request_section = DetailSection(icons, _("Settings"), self._request)
        self._request_id = _RequestId(icons)
        self._make_layout()
        self.clear()

    def clear(self) -> None:
        """Hide the attachments and the request, which are read after the row."""
        self.attachments.clear()
        self._attachments_section.hide()
        self._request_section.hide()

    def show_portal(self, portal: PortalRecord, now: datetime) -> None:
        self.customer.show_customer(portal)
        self.link.setVisible(portal.has_readable_url)
        self.link.set_host(portal.url_host)
        self._sent.show_sent(portal, now)
        self._dates.set_rows(dates(portal, now))
        self._request_id.set_id(portal.seam_request_id)

    def set_attachments(self, items: Sequence[Attachment], now: datetime) -> None:
        self.attachments.set_attachments(items, now)
        self._attachments_section.setVisible(bool(items))

    def set_request_summary(self, rows: Sequence[tuple[str, str]]) -> None:
        self._request.set_rows([(name, value, "") for name, value in rows])
        self._request_section.setVisible(bool(rows))

    def tab_order(self) -> list[QWidget]:
        """The widgets in the order of the Tab key, which is reading order."""
        return [
            *self.customer.tab_order(),
            *self.link.tab_order(),
            self.result.again,
            self.undo_sent,
            self._dates_section.header,
            self._request_section.header,
            self._attachments_section.header,
            self._request_id.copy,
        ]

    def _make_layout(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        rows.setSpacing(Spacing.S)
        for widget in (
            self.customer,
            self.link,
            self.result,
            self._sent,
            self._dates_section,
            self._request_section,
            self._attachments_section,
            self._request_id,
        ):
            rows.addWidget(widget)
        rows.addStretch(1)


_SENT_STYLE = StatusStyle("send", _("Sent"), Tone.SUCCESS)


class _SentLine(QWidget):
    """When, how and by whom the link was sent, the note, and a button that undoes the mark."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._text = plain_label(wrap=True)
        self._note = muted_label(wrap=True)
        self.undo = QPushButton(_("Undo"))
        set_kind(self.undo, "link")
        self.undo.setAccessibleName(_("Undo mark as sent"))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._text)
        texts.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        top = Qt.AlignmentFlag.AlignTop
        self._icons = icons
        self._icon = IconView(icons.icon("send", Tone.SUCCESS))
        row.addWidget(self._icon, 0, top)
        row.addLayout(texts, 1)
        row.addWidget(self.undo, 0, top)

    def show_sent(self, portal: PortalRecord, now: datetime) -> None:
        """When it was sent, and what became of the newest sending."""
        newest = delivery_lines(portal)
        style = delivery_style(portal) or _SENT_STYLE
        self._icon.set_icon(self._icons.icon(style.icon, style.tone))
        self.setVisible(portal.sent is not None or bool(newest))
        self.undo.setVisible(portal.sent is not None)
        lines = newest if portal.sent is None else [note_text(portal.sent), *newest]
        text = _("Not marked as sent") if portal.sent is None else sent_line(portal.sent, now)
        self._text.setText(text)
        note = "\n".join(line for line in lines if line)
        self._note.setText(note)
        self._note.setVisible(bool(note))


class _RequestId(QWidget):
    """The request id, which Seam's support asks for."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._id = ElidedLabel(selectable=True)
        self.copy = IconButton(icons.icon("copy"), _("Copy the request id for Seam's support"))
        self.copy.clicked.connect(self._copy)
        name = muted_label(_("Seam request id"))
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
        copy_text(self._id.full_text())
        self.copy.setIcon(self._icons.icon("check", Tone.SUCCESS))
