"""The page with the messages of a portal and with what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.message.delivery import Delivery
from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.deliveries.delivery_list import DeliveryList
from seam_portal_desktop.ui.portal.deliveries.words import OutboxFacts
from seam_portal_desktop.ui.portal.entry_lists import TimelineList
from seam_portal_desktop.ui.portal.sections import DetailSection
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing


class PortalActivity(QWidget):
    """Messages, if there are any, above the timeline."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = DeliveryList(icons)
        self._messages_section = DetailSection(icons, _("Messages"), self.messages)
        self._timeline = TimelineList(icons)
        self._history = DetailSection(icons, _("History"), self._timeline)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        rows.setSpacing(Spacing.S)
        rows.addWidget(self._messages_section)
        rows.addWidget(self._history)
        rows.addStretch(1)
        QWidget.setTabOrder(self._messages_section.header, self.messages)
        self.clear()

    def clear(self) -> None:
        self.messages.clear()
        self._messages_section.hide()
        self._timeline.clear()
        self._history.hide()

    def set_timeline(self, entries: Sequence[TimelineEntry], now: datetime) -> None:
        self._timeline.set_entries(entries, now)
        self._history.show()

    def set_deliveries(
        self, deliveries: Sequence[Delivery], now: datetime, outbox: OutboxFacts
    ) -> None:
        self.messages.set_deliveries(deliveries, now, outbox)
        self._messages_section.setVisible(bool(deliveries))
