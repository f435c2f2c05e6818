"""Reminds at the start and when a day begins, by a banner and perhaps by the desktop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon
from shiboken6 import isValid

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.settings import SettingsService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.reminders.banner import WORDS, Counts, ReminderBanner, reminder_text
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.times import to_local

_CHECK_EVERY = timedelta(minutes=10)
"""How often the date is compared: a timer until midnight would be wrong after the computer slept
or its clock was set."""

_SHOWN_MS = 10_000


class RemindersController(QObject):
    """Shows one banner for the current workspace. `show_words` filters the list by words."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        settings: SettingsService,
        clock: Clock,
        scope: TaskScope,
        *,
        show_words: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._settings = settings
        self._clock = clock
        self._scope = scope
        self._show_words = show_words
        self._day: date | None = None
        self._banner: ReminderBanner | None = None
        self._tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_EVERY // timedelta(milliseconds=1))
        self._timer.timeout.connect(self._on_time)

    def start(self) -> None:
        """Look now, and at the turn of each day."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Look for new reminders in the current workspace, in place of those that are shown."""
        self._remove_banner()
        self._day = to_local(self._clock()).date()
        self._scope.start(self._look(), name="reminders")

    def close(self) -> None:
        """Take the icon of a notification away."""
        self._timer.stop()
        if self._tray is not None:
            self._tray.hide()

    def _on_time(self) -> None:
        if to_local(self._clock()).date() != self._day:
            self.look()

    async def _look(self) -> None:
        current = self._services.workspaces.current
        if current is None:
            return
        try:
            counts = await self._services.reminders.look(current.workspace.workspace_id)
        except LedgerError:
            return  # the list shows it
        if counts:
            self._show(counts)

    def _show(self, counts: Counts) -> None:
        window = self._window
        self._banner = banner = ReminderBanner(counts, window.theme, window.icons)
        banner.chosen.connect(lambda kind: self._show_words(WORDS[kind]))
        window.banners.addWidget(banner)
        banner.announce()
        if self._settings.current.reminder_notifications:
            self._notify(counts)

    def _notify(self, counts: Counts) -> None:
        """Show a notification where the desktop has them. It names nobody."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.setToolTip("Seam Portal Desktop")
            self._tray.messageClicked.connect(self._raise_window)
            self._tray.activated.connect(lambda _reason: self._raise_window())
        self._tray.show()
        texts = [reminder_text(kind, count) for kind, count in counts.items()]
        self._tray.showMessage(
            _("Portal links"), "\n".join(texts), self._window.windowIcon(), _SHOWN_MS
        )

    def _raise_window(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self._tray is not None:
            self._tray.hide()

    def _remove_banner(self) -> None:
        if self._banner is not None and isValid(self._banner):
            self._banner.hide()
            self._banner.deleteLater()
        self._banner = None
