"""The update dialog's states, and its controller."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QProgressBar

from seam_portal_desktop.domain.policy import UNMANAGED, parse_policy
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.release import Installation, Release, UpdateError
from seam_portal_desktop.services.updates import UpdateService
from seam_portal_desktop.ui.help import update_controller
from seam_portal_desktop.ui.help.update_controller import UpdateController
from seam_portal_desktop.ui.help.update_dialog import UpdateDialog
from seam_portal_desktop.ui.shell.actions import WindowActions
from seam_portal_desktop.ui.shell.status_area import StatusArea
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from tests.support.portal_rows import SettableClock
from tests.support.program import button, press, shows, until_shows, visible_children, visible_texts
from tests.support.until import until

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTES = ("Quicker", "<b>Not markup</b>", "مرحبا 👩‍💻 " + "long " * 60)
RELEASE = Release("2.0.0", date(2026, 2, 1), NOTES, {})
OFFLINE = UpdateError("The update server can’t be reached", "Check the network connection.")


class Source:
    host = "updates.example"

    def __init__(self) -> None:
        self.release = RELEASE
        self.error: UpdateError | None = None
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def newest(self, channel):
        self.asked += 1
        await self.gate.wait()
        if self.error:
            raise self.error
        return self.release

    async def download(self, release, folder, on_progress):
        on_progress(5_000_000, 10_000_000)
        await self.gate.wait()
        if self.error:
            raise self.error
        return folder / "program-2.0.0-setup.exe"


class Updates:
    """The controller of a bare window; `dialog` is the open dialog."""

    def __init__(self, theme, window, tmp_path) -> None:
        self.icons = Icons(theme)
        window.theme, window.icons = theme, self.icons
        window.status_area = StatusArea(theme, self.icons, window)
        window.status_area.show()
        window.actions_ = WindowActions(self.icons, window)
        self.window = window
        self.source = Source()
        self.clock = SettableClock(NOW)
        self.data = PreferencesData()
        self.failures: list[BaseException] = []
        self.scope = TaskScope(self.failures.append)
        self.downloads = tmp_path

    def start(self, *, policy=UNMANAGED, installation=Installation.INSTALLER, daily=False):
        if daily:
            self.data.options["updates"] = {"daily": True}

        async def save() -> None:
            pass

        self.service = UpdateService(
            self.source,
            installation,
            "1.0.0",
            policy=policy,
            data=self.data,
            save_preferences=save,
            clock=self.clock,
        )
        self.controller = UpdateController(
            self.window, self.service, self.clock, self.downloads, self.scope, after_start=0
        )

    async def open(self) -> UpdateDialog:
        self.window.actions_.check_updates.trigger()
        return (await until(lambda: visible_children(self.window, UpdateDialog)))[0]


@pytest.fixture
async def updates(theme, qtbot, tmp_path):
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    updates = Updates(theme, window, tmp_path)
    yield updates
    await updates.scope.close()
    assert not updates.failures


@pytest.fixture
def opened(monkeypatch):
    """What the desktop was asked to open."""
    asked: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()) or True
    )
    return asked


async def test_from_the_question_to_the_file(updates, opened):
    updates.start()
    dialog = await updates.open()
    assert updates.source.asked == 0, "opening asks nobody"
    assert shows(dialog, "Is there a version newer than 1.0.0?")
    assert shows(dialog, "Asks updates.example")

    updates.source.gate.clear()
    press(dialog, "Check now")
    await until(lambda: dialog.is_busy)
    assert not dialog.daily.isEnabled()
    updates.source.gate.set()
    await until_shows(dialog, "Version 2.0.0 is available")
    assert shows(dialog, "<b>Not markup</b>"), "as text"

    updates.source.gate.clear()
    press(dialog, "Download")
    await until_shows(dialog, "5.0 of 10.0 MB")
    assert dialog.findChild(QProgressBar).value() == 500
    updates.source.gate.set()
    await until_shows(dialog, "The new version is downloaded")
    assert opened == [], "nothing is opened by itself"
    file = updates.downloads / "program-2.0.0-setup.exe"
    assert str(file) in visible_texts(dialog)
    press(dialog, "Open installer")
    press(dialog, "Show in folder")
    assert opened == [str(file), str(file.parent)]


async def test_nothing_newer(updates):
    updates.source.release = Release("1.0.0", date(2026, 1, 1), (), {})
    updates.start()
    dialog = await updates.open()
    press(dialog, "Check now")
    await until_shows(dialog, "This is the newest version")
    assert button(dialog, "Check again").isEnabled()


async def test_a_failure_is_shown_kept_and_can_be_tried_again(updates):
    updates.source.error = OFFLINE
    updates.start()
    dialog = await updates.open()
    press(dialog, "Check now")
    await until(lambda: dialog.error_card.error is OFFLINE)
    dialog.reject()
    updates.clock.now += timedelta(hours=3)
    dialog = await updates.open()
    assert shows(dialog, "The last check, 3 h ago, failed: The update server can’t be reached.")
    updates.source.error = None
    press(dialog, "Check now")
    await until_shows(dialog, "Version 2.0.0 is available")


async def test_a_download_that_fails_can_be_tried_again(updates):
    updates.start()
    dialog = await updates.open()
    press(dialog, "Check now")
    await until_shows(dialog, "Version 2.0.0 is available")
    updates.source.error = OFFLINE
    press(dialog, "Download")
    await until(lambda: dialog.error_card.error is OFFLINE)
    assert not visible_children(dialog, QProgressBar)
    updates.source.error = None
    press(dialog, "Download")
    await until_shows(dialog, "The new version is downloaded")


async def test_waiting_can_be_cancelled(updates):
    updates.source.gate.clear()
    updates.start()
    dialog = await updates.open()
    press(dialog, "Check now")
    await until(lambda: dialog.is_busy)
    press(dialog, "Cancel")
    await until(lambda: not dialog.is_busy)
    assert button(dialog, "Check now").isEnabled()


@pytest.mark.parametrize(
    ("installation", "advice"),
    [(Installation.PACKAGE, "package manager"), (Installation.SOURCE, "source code")],
)
async def test_a_version_that_others_install_is_only_shown(updates, installation, advice):
    updates.start(installation=installation)
    dialog = await updates.open()
    press(dialog, "Check now")
    await until_shows(dialog, "Version 2.0.0 is available")
    assert shows(dialog, advice)
    assert not dialog.submit_button.isVisible()


async def test_the_policy_turns_it_off(updates):
    updates.start(policy=parse_policy({"update_channel": "off"}, "policy.json"), daily=True)
    dialog = await updates.open()
    assert shows(dialog, "Updates are off")
    assert shows(dialog, "Fixed by your organisation (policy.json).")
    assert not dialog.submit_button.isVisible()
    assert not dialog.daily.isEnabled()
    assert not updates.scope.is_running("daily update check")
    assert updates.source.asked == 0


async def test_the_user_can_turn_the_daily_check_off(updates):
    updates.start()
    dialog = await updates.open()
    assert not dialog.daily.isChecked()
    dialog.daily.click()
    await until(lambda: updates.service.checks_daily)
    dialog.daily.click()
    await until(lambda: not updates.service.checks_daily)


async def test_the_daily_check_only_shows_a_message(updates):
    updates.start(daily=True)
    message = updates.window.status_area.text
    await until(lambda: message.full_text() == "Version 2.0.0 is available.")
    assert not visible_children(updates.window, UpdateDialog)
    press(updates.window.status_area, "Show")
    dialog = (await until(lambda: visible_children(updates.window, UpdateDialog)))[0]
    assert shows(dialog, "Version 2.0.0 is available")
    assert updates.source.asked == 1


async def test_nothing_is_checked_before_it_is_due(updates, monkeypatch):
    looked: list[bool] = []
    monkeypatch.setattr(UpdateService, "is_due", property(lambda _: bool(looked.append(True))))
    monkeypatch.setattr(update_controller, "_LOOK_EVERY_S", 0)
    updates.start(daily=True)
    await until(lambda: len(looked) > 3)
    assert updates.source.asked == 0


async def test_a_failed_daily_check_shows_no_message(updates):
    updates.source.error = OFFLINE
    updates.start(daily=True)
    await until(lambda: updates.service.last_check)
    assert updates.window.status_area.text.full_text() == ""
    assert updates.window.status_area.errors.current() is None


async def test_the_action_raises_a_dialog_that_is_open(updates):
    updates.start()
    await updates.open()
    updates.window.actions_.check_updates.trigger()
    assert len(visible_children(updates.window, UpdateDialog)) == 1


@pytest.mark.parametrize("points", [1, 2])
async def test_it_fits_a_small_screen_at_twice_the_text(theme, qtbot, qapp, points):
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(before.pointSizeF() * points)
    qapp.setFont(larger)
    try:
        facts = SimpleNamespace(version="1.0.0", host="updates.example", checks_daily=True)
        dialog = UpdateDialog(theme, Icons(theme), **vars(facts))
        qtbot.addWidget(dialog)
        dialog.show_available(RELEASE, can_download=True)
        dialog.open()
        assert dialog.width() <= 1024
        assert dialog.height() <= 768
        assert dialog.submit_button.isVisible()
    finally:
        qapp.setFont(before)


def test_a_fixed_daily_check_is_locked_and_stays_so(theme, qtbot):
    dialog = UpdateDialog(
        theme,
        Icons(theme),
        version="1.0.0",
        host="updates.example",
        checks_daily=True,
        daily_note="Set by your organisation (policy.json).",
    )
    qtbot.addWidget(dialog)
    dialog.open()
    assert shows(dialog, "Set by your organisation (policy.json).")
    dialog.show_checking()
    dialog.show_current()
    assert dialog.daily.isChecked()
    assert not dialog.daily.isEnabled()
