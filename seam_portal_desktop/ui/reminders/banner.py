"""The line above the list that reminds of portals."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from seam_portal_desktop.domain.portal.reminders import ReminderKind
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import number
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton, IconView, TintedFrame, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

Counts = Mapping[ReminderKind, int]

WORDS = {
    ReminderKind.NOT_SENT: "sent:failed",
    ReminderKind.RETURNED: "sent:returned",
    ReminderKind.UNCONFIRMED: "sent:unconfirmed",
    ReminderKind.TODAY: "status:expiring",
    ReminderKind.SOON: "status:active,expiring expires:3d",
    ReminderKind.OVER: "status:expired sent:yes expires:-3d",
}
"""What is searched for to see the portals of a kind, and others like them."""


def reminder_text(kind: ReminderKind, count: int) -> str:
    match kind:
        case ReminderKind.NOT_SENT:
            text = ngettext("1 message wasn’t sent", "{count} messages weren’t sent", count)
        case ReminderKind.RETURNED:
            text = ngettext("1 message came back", "{count} messages came back", count)
        case ReminderKind.UNCONFIRMED:
            text = ngettext(
                "1 message may not have been sent", "{count} messages may not have been sent", count
            )
        case ReminderKind.TODAY:
            text = ngettext(
                "1 link ends within 24 hours", "{count} links end within 24 hours", count
            )
        case ReminderKind.SOON:
            text = ngettext("1 link ends within 3 days", "{count} links end within 3 days", count)
        case ReminderKind.OVER:
            text = ngettext("1 sent link has ended", "{count} sent links have ended", count)
    return text.format(count=number(count))


class ReminderBanner(TintedFrame):
    """A button for each kind in `counts`; `chosen` is emitted with its kind."""

    chosen = Signal(object)

    def __init__(
        self, counts: Counts, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, Tone.WARNING, parent)
        texts = [reminder_text(kind, counts[kind]) for kind in ReminderKind if kind in counts]
        self.setAccessibleName(_("Reminder: {texts}.").format(texts=", ".join(texts)))
        kinds = QWidget(self)
        flow = FlowLayout(kinds, spacing=Spacing.L)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.XS, Spacing.M, Spacing.XS)
        row.setSpacing(Spacing.S)
        row.addWidget(IconView(icons.icon("clock", Tone.WARNING)))
        row.addWidget(kinds, 1)
        for kind in ReminderKind:
            if kind in counts:
                button = QPushButton(reminder_text(kind, counts[kind]), kinds)
                set_kind(button, "link")
                button.clicked.connect(lambda _checked, kind=kind: self.chosen.emit(kind))
                flow.addWidget(button)
        close = IconButton(icons.icon("x"), _("Close this reminder"))
        close.clicked.connect(self.hide)
        row.addWidget(close)

    def announce(self) -> None:
        """Have assistive technology read it."""
        announce(self, self.accessibleName())
