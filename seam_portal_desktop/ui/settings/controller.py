"""Opens Settings, puts what is chosen into effect at once, and saves it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.policy_values import UpdateChannel
from seam_portal_desktop.domain.preferences import Settings
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.services.settings import SettingsService
from seam_portal_desktop.services.updates import UpdateService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.controller import PortalController
from seam_portal_desktop.ui.preview.controller import PreviewController
from seam_portal_desktop.ui.send.controller import UNDO_SECONDS, SendController
from seam_portal_desktop.ui.settings.dialog import SettingsDialog
from seam_portal_desktop.ui.settings.pages import LedgerFacts, UpdateFacts
from seam_portal_desktop.ui.settings.shortcuts import ShortcutsDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from seam_portal_desktop.ui.toolkit.busy_bar import set_attention_wanted
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import set_time_style, short

_TIMES = ("time_zone", "date_style", "time_style")
_CHANNELS = {
    UpdateChannel.STABLE: _("Stable"),
    UpdateChannel.BETA: _("Beta"),
    UpdateChannel.OFF: _("None"),
}

_NOT_YET = _("This can be set when the ledger is open.")

_log = logging.getLogger(__name__)

CollectLedgerFacts = Callable[[], Awaitable[LedgerFacts]]


class SettingsController(QObject):
    """The theme and the times are in effect already (see `Session`); it follows their changes.

    ``updates`` is made after the ledger is open.
    """

    updates: UpdateService | None = None

    def __init__(
        self,
        window: MainWindow,
        settings: SettingsService,
        policy: Policy,
        clipboard: SecretClipboard,
        previews: PreviewController,
        portal: PortalController,
        sending: SendController,
        *,
        save: Callable[[], Awaitable[None]],
        collect_ledger_facts: CollectLedgerFacts,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._policy = policy
        self._clipboard = clipboard
        self._previews = previews
        self._portal = portal
        self._sending = sending
        self._save = save
        self._collect_ledger_facts = collect_ledger_facts
        self._scope = scope
        self._dialog: SettingsDialog | None = None
        actions = window.actions_
        actions.settings.triggered.connect(lambda _: self.open())
        actions.shortcuts.triggered.connect(lambda _: self._show_shortcuts())
        self._apply_quiet(settings.current)
        settings.subscribe(self._apply)

    def open(self) -> None:
        if self._dialog is not None:
            self._dialog.activateWindow()
            return
        window = self._window
        dialog = self._dialog = SettingsDialog(
            window.theme, window.icons, window, menus=window.menuBar(), note_of=self._note
        )
        dialog.show_values(self._values())
        dialog.updates.show_updates(self._update_facts())
        dialog.chosen.connect(self._choose)
        dialog.reset_requested.connect(self._reset)
        dialog.links.folder_requested.connect(self._open_folder)
        dialog.updates.check_requested.connect(dialog.accept)
        dialog.updates.check_requested.connect(window.actions_.check_updates.trigger)
        dialog.finished.connect(self._on_finished)
        dialog.open()
        self._scope.start(self._show_ledger(dialog), name="ledger facts")

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._scope.cancel("ledger facts")
            self._dialog.deleteLater()
            self._dialog = None

    def _show_shortcuts(self) -> None:
        window = self._window
        ShortcutsDialog(window.menuBar(), window.theme, window.icons, window).open()

    def _values(self) -> Mapping[str, object]:
        return {
            **asdict(self._settings.current),
            "software_rendering": self._window.actions_.software_rendering.isChecked(),
            "daily_update_check": self.updates is not None and self.updates.checks_daily,
        }

    def _note(self, name: str) -> str:
        """Why this setting can't be changed, or an empty text."""
        if name == "daily_update_check":
            if self._policy.updates_note and not self._policy.problems:
                return self._policy.setting_note("update_channel")
            return self.updates.daily_note if self.updates is not None else _NOT_YET
        if name == "preview_mode" and self._policy.live_note:
            return self._policy.setting_note("live_preview") or self._policy.live_note
        return self._policy.setting_note(name)

    def _choose(self, name: str, value: object) -> None:
        if name == "software_rendering":
            self._window.actions_.software_rendering.setChecked(bool(value))
        elif name == "daily_update_check":
            if self.updates is not None:
                self._scope.start(self.updates.set_checks_daily(bool(value)))
        else:
            self._settings.choose(**{name: value})
            self._save_soon()

    def _reset(self) -> None:
        self._settings.reset()
        self._save_soon()
        if not self._note("software_rendering"):
            self._window.actions_.software_rendering.setChecked(False)
        if self.updates is not None and not self._note("daily_update_check"):
            self._scope.start(self.updates.set_checks_daily(False))
        if self._dialog is not None:
            self._dialog.show_values({**self._values(), "daily_update_check": False})

    def _save_soon(self) -> None:
        self._scope.start(self._save_now())

    async def _save_now(self) -> None:
        try:
            await self._save()
        except UserFacingError as error:
            if self._dialog is None:
                raise
            self._dialog.show_error(error)

    def _apply(self, before: Settings, now: Settings) -> None:
        changed = {name for name, value in asdict(now).items() if value != getattr(before, name)}
        if "appearance" in changed:
            self._window.theme.set_appearance(now.appearance)
        if changed.intersection(_TIMES):
            self._show_times(now)
        if "preview_device" in changed:
            self._window.preview.show_device(now.preview_device)
        self._apply_quiet(now)

    def _apply_quiet(self, settings: Settings) -> None:
        """What nobody sees at once."""
        set_attention_wanted(settings.notifications)
        self._clipboard.clear_after_s = settings.clipboard_seconds
        self._sending.undo_seconds = UNDO_SECONDS if settings.undo_sending else 0
        is_live = settings.preview_mode == "live" and not self._policy.live_note
        self._previews.first_mode = PreviewMode.LIVE if is_live else PreviewMode.SAFE

    def _show_times(self, settings: Settings) -> None:
        """Write all times that are shown in another way."""
        set_time_style(settings)
        pane = self._window.pane
        pane.model.format_times_again()
        pane.table.columns.fit()
        self._portal.show_again()
        self._window.preview.checks.fill_panel()
        if self._dialog is not None:
            self._dialog.times.show_example()
            self._dialog.updates.show_updates(self._update_facts())

    def _update_facts(self) -> UpdateFacts:
        updates = self.updates
        if updates is None:
            return UpdateFacts("…", "…", "…", "…")
        last = updates.last_check
        checked = short(last.at) if last is not None else _("Never")
        if last is not None and last.problem:
            checked = _("{checked}. It failed: {problem}").format(
                checked=checked, problem=last.problem
            )
        channel = _CHANNELS[updates.channel]
        is_fixed = bool(self._policy.setting_note("update_channel"))
        return UpdateFacts(
            updates.version,
            _("{channel} (set by your organisation)").format(channel=channel)
            if is_fixed
            else channel,
            updates.host or _("None"),
            checked,
        )

    async def _show_ledger(self, dialog: SettingsDialog) -> None:
        try:
            facts = await self._collect_ledger_facts()
        except LedgerError as error:
            _log.info("The ledger's facts could not be read: %s", error.details())
            return
        if dialog is self._dialog:
            dialog.links.show_ledger(facts)

    def _open_folder(self, folder: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(folder)):
            self._window.status_area.show_message(
                _("Nothing could be started to open it."), tone=Tone.WARNING
            )
