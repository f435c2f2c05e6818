"""Help, Check for updates: the dialog, and the quiet check once a day."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.release import Installation, Release, UpdateError
from seam_portal_desktop.services.updates import UpdateService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.help.update_dialog import UpdateDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import relative

_TASK = "updates"
_AFTER_START_S = 20.0
_LOOK_EVERY_S = 60 * 60.0
_OFFERED_FOR_S = 60.0
# Files that can be started as they are; the user unpacks an archive.
_STARTS = (".exe", ".dmg", ".AppImage")
_ADVICE = {
    Installation.PACKAGE: _(
        "This program was installed by your system’s package manager. Install "
        "the new version with it, or ask whoever manages this computer."
    ),
    Installation.SOURCE: _(
        "This program runs from its source code. Get the new version as you got this one."
    ),
}

_log = logging.getLogger(__name__)


class UpdateController(QObject):
    """`after_start`: how many seconds after the start the first daily check may run."""

    def __init__(
        self,
        window: MainWindow,
        updates: UpdateService,
        clock: Clock,
        downloads: Path,
        scope: TaskScope,
        *,
        after_start: float = _AFTER_START_S,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._updates = updates
        self._clock = clock
        self._downloads = downloads
        self._scope = scope
        self._found: Release | None = None
        self._dialog: UpdateDialog | None = None
        window.actions_.check_updates.triggered.connect(lambda _checked: self.open())
        if not updates.obstacle:
            scope.start(self._check_daily(after_start), name="daily update check")

    def open(self) -> None:
        """Show the dialog with what is known. It checks only when the user presses the button."""
        if self._dialog is not None:
            self._dialog.activateWindow()
            return
        updates, window = self._updates, self._window
        dialog = self._dialog = UpdateDialog(
            window.theme,
            window.icons,
            window,
            version=updates.version,
            host=updates.host,
            checks_daily=updates.checks_daily,
            daily_note=updates.daily_note,
        )
        if updates.obstacle:
            dialog.show_off(updates.obstacle)
        elif self._found is not None:
            self._show_found(dialog, self._found)
        else:
            dialog.show_idle(self._last_check())
        dialog.check_requested.connect(lambda: self._start(self._check(dialog)))
        dialog.download_requested.connect(lambda: self._start(self._download(dialog)))
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        dialog.daily.toggled.connect(lambda on: self._scope.start(self._set_daily(dialog, on)))
        dialog.open_requested.connect(self._open_file)
        dialog.show_folder_requested.connect(lambda file: self._open_file(file.parent))
        dialog.finished.connect(self._on_finished)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _start(self, work: object) -> None:
        self._scope.start(work, name=_TASK)  # type: ignore[arg-type]

    def _on_finished(self) -> None:
        self._scope.cancel(_TASK)
        self._dialog = None

    async def _check(self, dialog: UpdateDialog) -> None:
        dialog.show_checking()
        try:
            self._found = await self._updates.check()
        except asyncio.CancelledError:
            self._show_stopped(dialog)
            raise
        except UpdateError as error:
            dialog.show_error(error)
        else:
            if self._found is None:
                dialog.show_current()
            else:
                self._show_found(dialog, self._found)

    async def _download(self, dialog: UpdateDialog) -> None:
        release = self._found
        if release is None:
            return
        dialog.show_downloading()
        try:
            file = await self._updates.download(release, self._downloads, dialog.show_progress)
        except asyncio.CancelledError:
            self._show_stopped(dialog)
            raise
        except UpdateError as error:
            dialog.show_error(error)
        else:
            dialog.show_downloaded(file, can_open=file.name.endswith(_STARTS))

    async def _set_daily(self, dialog: UpdateDialog, on: bool) -> None:  # noqa: FBT001
        try:
            await self._updates.set_checks_daily(on)
        except UserFacingError as error:
            if dialog is self._dialog:
                dialog.show_error(error)

    def _show_stopped(self, dialog: UpdateDialog) -> None:
        if dialog is self._dialog:  # else it is closed, and may be deleted
            dialog.show_stopped()

    def _show_found(self, dialog: UpdateDialog, release: Release) -> None:
        installation = self._updates.installation
        dialog.show_available(
            release,
            can_download=installation.takes_downloads,
            advice=_ADVICE.get(installation, ""),
        )

    def _last_check(self) -> str:
        last = self._updates.last_check
        if last is None:
            return ""
        when = relative(last.at, self._clock())
        return (
            _("The last check, {when}, failed: {problem}.").format(when=when, problem=last.problem)
            if last.problem
            else (_("Last checked {when}.").format(when=when))
        )

    def _open_file(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._window.status_area.show_message(
                _("Nothing could be started to open it."), tone=Tone.WARNING
            )

    async def _check_daily(self, after_start: float) -> None:
        """Check once a day; look every hour whether a check is due."""
        await asyncio.sleep(after_start)
        while True:
            if self._updates.is_due and self._dialog is None:
                await self._check_quietly()
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _check_quietly(self) -> None:
        """Check without a dialog. `UpdateService.last_check` keeps a failure, for the dialog."""
        try:
            self._found = await self._updates.check()
        except UpdateError as error:
            _log.info("The daily check for updates failed: %s", error.details())
            return
        if self._found is not None:
            self._window.status_area.show_message(
                _("Version {version} is available.").format(version=self._found.version),
                tone=Tone.INFO,
                icon="download",
                seconds=_OFFERED_FOR_S,
                action=StatusAction(_("Show"), self.open),
            )
