"""What is on each page of Settings, and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import QTimeZone, Signal
from PySide6.QtWidgets import QPushButton

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.settings.page import SettingsPage
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative

_SECONDS = (
    (10, _("10 seconds")),
    (30, _("30 seconds")),
    (60, _("1 minute")),
    (120, _("2 minutes")),
    (300, _("5 minutes")),
    (600, _("10 minutes")),
)
_REGIONS = (
    *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/"),
    *("Europe/", "Indian/", "Pacific/"),
)

NoteOf = Callable[[str], str]


class UpdateFacts(NamedTuple):
    """Texts, in the order of the page's rows."""

    version: str
    channel: str
    server: str
    last_check: str


class LedgerFacts(NamedTuple):
    """Texts; an empty `folder` is for a ledger on a server."""

    place: str
    size: str
    links: str
    folder: str


class GeneralPage(SettingsPage):
    def __init__(self, theme: Theme, icons: Icons, note_of: NoteOf) -> None:
        super().__init__(_("General"), theme, icons, note_of)
        self.add_segments(
            "appearance",
            _("Appearance"),
            (("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))),
        )
        self.add_choice(
            "language",
            _("Language"),
            (("system", _("System")), ("en", _("English"))),
            _("The program is in English only for now."),
        )
        self.add_choice(
            "first_view",
            _("Portals shown at the start"),
            (
                ("all", _("All")),
                ("active", _("Active")),
                ("expiring", _("Expiring")),
                ("expired", _("Expired")),
                ("attention", _("Needs attention")),
                ("revoked", _("Revoked")),
            ),
        )
        self.add_switch(
            "notifications",
            _("Show in the task bar when work ends"),
            _(
                "For instance when a portal is created or links are renewed, or when that fails, "
                "while you use another program."
            ),
        )
        self.add_switch(
            "reminder_notifications",
            _("Show reminders as notifications of the desktop"),
            _("When links end soon, or messages weren’t sent. They name nobody."),
        )
        self.rows.addStretch(1)


class TimesPage(SettingsPage):
    def __init__(self, theme: Theme, icons: Icons, note_of: NoteOf) -> None:
        super().__init__(_("Dates and times"), theme, icons, note_of)
        own = bytes(QTimeZone.systemTimeZoneId().data()).decode()
        zones = [bytes(each.data()).decode() for each in QTimeZone.availableTimeZoneIds()]
        self.add_choice(
            "time_zone",
            _("Time zone"),
            [
                ("system", _("System ({zone_text})").format(zone_text=_zone_text(own))),
                ("UTC", "UTC"),
                *((zone, _zone_text(zone)) for zone in sorted(zones) if zone.startswith(_REGIONS)),
            ],
            _("For every time that the program shows, and for times that you type."),
        )
        self.add_segments(
            "date_style",
            _("Dates"),
            (("system", _("System")), ("iso", "2026-12-31")),
        )
        self.add_segments(
            "time_style",
            _("Times"),
            (("relative", _("In 6 days")), ("absolute", _("Date and time"))),
            _("In the list and in the portal. The pointer on a time shows all of it."),
        )
        self._example = muted_label(wrap=True)
        self.rows.addWidget(self._example)
        self.rows.addStretch(1)

    def show_example(self) -> None:
        """Show how times are written now."""
        now = datetime.now(UTC)
        earlier = now - timedelta(hours=2)
        self._example.setText(
            _("Example: {earlier} · {earlier_2}").format(
                earlier=relative(earlier, now), earlier_2=absolute(earlier)
            )
        )


class PreviewPage(SettingsPage):
    def __init__(self, theme: Theme, icons: Icons, note_of: NoteOf) -> None:
        super().__init__(_("Preview"), theme, icons, note_of)
        self.add_choice(
            "preview_device",
            _("Device at the start"),
            (
                ("last", _("As you left it")),
                ("fit", _("Fit")),
                ("phone", _("Phone")),
                ("tablet", _("Tablet")),
                ("desktop", _("Desktop")),
            ),
        )
        self.add_segments(
            "preview_mode",
            _("Open portals as"),
            (("safe", _("Safe preview")), ("live", _("Live link"))),
            _(
                "A safe preview is a read-only copy. A click in a live link acts on the customer’s "
                "real doors. It counts from the next portal that you select."
            ),
        )
        self.add_switch(
            "software_rendering",
            _("Software rendering"),
            _(
                "For a preview that stays black or crashes. It takes effect when the program is "
                "restarted."
            ),
        )
        self.rows.addStretch(1)


class LinksPage(SettingsPage):
    """The clipboard and the ledger."""

    folder_requested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, note_of: NoteOf) -> None:
        super().__init__(_("Links and ledger"), theme, icons, note_of)
        self._seconds = self.add_choice(
            "clipboard_seconds",
            _("Clear a copied link from the clipboard after"),
            _SECONDS,
            _("Whoever has the link is inside the customer’s doors."),
        )
        self.add_switch(
            "undo_sending",
            _("Wait 10 seconds before a message is sent"),
            _("So that you can take it back."),
        )
        self._place, self._size, self._links = self.add_facts(
            _("Ledger"), (_("Place"), _("Size"), _("Links kept"))
        )
        self._note = muted_label(note_of("ledger_url"), wrap=True)
        self._note.setVisible(bool(self._note.text()))
        self.rows.addWidget(self._note)
        self._folder = ""
        self._open: QPushButton = self.add_button(
            _("Open folder"), lambda: self.folder_requested.emit(self._folder)
        )
        self._open.hide()
        self.rows.addStretch(1)

    def show_values(self, values: Mapping[str, object]) -> None:
        seconds = values["clipboard_seconds"]
        if self._seconds.findData(seconds) < 0:  # the policy may want any number
            self._seconds.addItem(_("{seconds} seconds").format(seconds=seconds), seconds)
        super().show_values(values)

    def show_ledger(self, facts: LedgerFacts) -> None:
        self._folder = facts.folder
        self._place.set_full_text(facts.place)
        self._size.set_full_text(facts.size)
        self._links.set_full_text(facts.links)
        self._open.setVisible(bool(facts.folder))


class UpdatesPage(SettingsPage):
    check_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, note_of: NoteOf) -> None:
        super().__init__(_("Updates"), theme, icons, note_of)
        self.add_switch(
            "daily_update_check",
            _("Check for updates once a day"),
            _(
                "It asks the server below, and tells it nothing but that somebody asks. You decide "
                "about the download."
            ),
        )
        self._values = self.add_facts(
            _("This program"), (_("Version"), _("Releases"), _("Server"), _("Last check"))
        )
        self._check = self.add_button(_("Check for updates…"), self.check_requested.emit)
        set_kind(self._check, "secondary")
        self.rows.addStretch(1)

    def show_updates(self, facts: UpdateFacts) -> None:
        for label, text in zip(self._values, facts, strict=True):
            label.set_full_text(text)


def _zone_text(zone: str) -> str:
    return zone.replace("_", " ")
