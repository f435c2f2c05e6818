"""Settings in the whole program: at once, in the next run, in the demo, and under a policy."""

from __future__ import annotations

import asyncio
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.bootstrap.open_session import OpenSession
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.domain.policy import parse_policy
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.domain.preferences import PreferencesData, Settings
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.services.updates import NO_SOURCE
from seam_portal_desktop.ui.help.guide import GuideWindow
from seam_portal_desktop.ui.preview.emulation.settings import DeviceKind
from seam_portal_desktop.ui.settings.dialog import SettingsDialog
from seam_portal_desktop.ui.settings.shortcuts import ShortcutsDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from seam_portal_desktop.ui.toolkit.times import set_time_style
from tests.support.program import (
    Program,
    button,
    connected_program,
    is_gone,
    open_program,
    press,
    shows,
    visible_children,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio
SOURCE = "/etc/seam-portal-desktop/policy.json"
ISO = "20??-??-?? ??:??"


@pytest.fixture(autouse=True)
def _default_time_style():
    yield
    set_time_style(Settings())


async def open_settings(program: Program, page: int = 0) -> SettingsDialog:
    program.window.actions_.settings.trigger()
    dialog = await program.dialog(SettingsDialog)
    dialog._list.setCurrentRow(page)
    return dialog


async def close(dialog: SettingsDialog) -> None:
    press(dialog, "Close")
    await until(lambda: is_gone(dialog), "Settings is closed")


def is_iso(text: str) -> bool:
    return len(text) == len(ISO) and text[4] == text[7] == "-" and text[13] == ":"


async def test_choices_count_at_once_and_in_the_next_run(tmp_path, sandbox, qapp):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        window = program.window
        dialog = await open_settings(program)
        press(dialog, "Appearance: Dark")
        assert window.theme.is_dark
        assert dialog.palette().window().color().lightness() < 64
        dialog._list.setCurrentRow(1)
        press(dialog, "Dates: 2026-12-31")
        press(dialog, "Times: Date and time")
        expires = window.pane.model.texts(0)[3]
        assert is_iso(expires), expires
        await until(lambda: shows(window.portal, f"Expires {expires}"), "the panel follows")
        dialog._list.setCurrentRow(2)
        dialog.chosen.emit("preview_device", "phone")
        assert window.preview.comparison_settings.settings.kind is DeviceKind.PHONE
        dialog._list.setCurrentRow(3)
        dialog.chosen.emit("clipboard_seconds", 120)
        dialog.chosen.emit("first_view", "active")
        await close(dialog)
        assert program.controller.clipboard.clear_after_s == 120

    async with open_program(tmp_path, sandbox) as program:
        window = program.window
        assert window.theme.is_dark
        assert is_iso(window.pane.model.texts(0)[3])
        assert window.preview.comparison_settings.settings.kind is DeviceKind.PHONE
        assert window.pane.filter_bar.statuses() == {PortalStatus.ACTIVE}
        assert program.controller.clipboard.clear_after_s == 120
        dialog = await open_settings(program)
        press(dialog, "Reset to defaults")
        assert not window.theme.is_dark
        assert not is_iso(window.pane.model.texts(0)[3])
        assert button(dialog, "Appearance: System").isChecked()
        await close(dialog)
    stored = JsonPreferences(AppPaths(tmp_path).preferences).load()
    assert stored.options["settings"] == {}


async def test_the_mode_of_previews_counts_from_the_next_portal(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        previews = program.controller.previews
        dialog = await open_settings(program, 2)
        press(dialog, "Open portals as: Live link")
        assert previews.first_mode is PreviewMode.LIVE
        press(dialog, "Open portals as: Safe preview")
        assert previews.first_mode is PreviewMode.SAFE
        await close(dialog)


async def test_software_rendering_is_the_action_of_the_window(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        dialog = await open_settings(program, 2)
        switch = button(dialog, "Software rendering")
        switch.click()
        assert program.window.actions_.software_rendering.isChecked()
        await close(dialog)
        dialog = await open_settings(program, 2)
        assert button(dialog, "Software rendering").isChecked()
        await close(dialog)


async def test_a_policy_decides_and_the_users_choice_is_kept(tmp_path, sandbox):
    stored = {"appearance": "light", "preview_mode": "live", "date_style": "iso"}
    preferences = JsonPreferences(AppPaths(tmp_path).preferences)
    await preferences.save(PreferencesData(options={"settings": stored}))
    policy = parse_policy(
        {"appearance": "dark", "live_preview": False, "update_channel": "off"}, SOURCE
    )
    async with open_program(tmp_path, sandbox, policy=policy) as program:
        window = program.window
        assert window.theme.is_dark
        dialog = await open_settings(program)
        assert shows(dialog, f"Set by your organisation ({SOURCE}).")
        assert not button(dialog, "Appearance: Light").isEnabled()
        dialog._list.setCurrentRow(2)
        assert not button(dialog, "Open portals as: Live link").isEnabled()
        dialog._list.setCurrentRow(4)
        (daily,) = visible_children(dialog, QCheckBox)
        assert not daily.isEnabled()
        assert shows(dialog, f"Set by your organisation ({SOURCE}).")
        dialog.chosen.emit("time_style", "absolute")
        await close(dialog)
    options = JsonPreferences(AppPaths(tmp_path).preferences).load().options
    assert options["settings"] == {**stored, "time_style": "absolute"}


async def test_the_policy_keeps_previews_safe_whatever_was_chosen(tmp_path, sandbox):
    preferences = JsonPreferences(AppPaths(tmp_path).preferences)
    await preferences.save(PreferencesData(options={"settings": {"preview_mode": "live"}}))
    async with open_program(tmp_path, sandbox, pages=True) as program:
        assert program.controller.previews.first_mode is PreviewMode.LIVE
    policy = parse_policy({"live_preview": False}, SOURCE)
    async with open_program(tmp_path, sandbox, policy=policy, pages=True) as program:
        assert program.controller.previews.first_mode is PreviewMode.SAFE


async def test_the_ledger_page_says_what_is_kept_and_where(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await program.create("casa-verde")
        dialog = await open_settings(program, 3)
        await until(lambda: shows(dialog, "2, of which 2 can be used now"), "it is counted")
        assert shows(dialog, str(AppPaths(tmp_path).ledger))
        assert button(dialog, "Open folder").isEnabled()
        await close(dialog)


async def test_a_failure_to_save_is_shown_in_the_dialog(tmp_path, sandbox, monkeypatch):
    async with open_program(tmp_path, sandbox) as program:
        dialog = await open_settings(program)
        monkeypatch.setattr(
            "seam_portal_desktop.adapters.files.preferences.replace_file",
            lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")),
        )
        press(dialog, "Appearance: Dark")
        await until(lambda: dialog.error_card.error, "the error is shown")
        assert dialog.error_card.error.title == "The disk is full"
        assert program.window.theme.is_dark, "it counts for this run"
        monkeypatch.undo()
        await close(dialog)


async def test_the_demo_has_the_users_settings_and_changes_them(tmp_path, qapp):
    paths = AppPaths(tmp_path)
    await JsonPreferences(paths.preferences).save(
        PreferencesData(options={"settings": {"appearance": "dark"}})
    )
    theme = Theme(qapp)
    theme.install()
    session = Session(SessionMode.DEMO, paths.demo, theme, Icons(theme))
    assert theme.is_dark
    session.window.show()
    session.add_list()
    session.complete()
    opened = OpenSession(session)
    await opened.open()
    try:
        session.window.actions_.settings.trigger()
        await until(lambda: visible_children(session.window, SettingsDialog), "it is open")
        (dialog,) = visible_children(session.window, SettingsDialog)
        press(dialog, "Appearance: Light")
        own = paths.preferences
        await until(lambda: "light" in own.read_text("utf-8"), "the user's own file is changed")
        dialog.accept()
    finally:
        await opened.close()
        theme.deleteLater()
        qapp.setStyleSheet("")
    assert json.loads(own.read_text("utf-8"))["options"] == {"settings": {"appearance": "light"}}


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_task_bar_shows_that_work_ended_elsewhere(tmp_path, sandbox, monkeypatch, wanted):
    alerted: list[object] = []
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await open_settings(program)
        dialog.chosen.emit("notifications", wanted)
        await close(dialog)
        monkeypatch.setattr(QApplication, "alert", lambda window, *_: alerted.append(window))
        state = Qt.ApplicationState.ApplicationActive
        monkeypatch.setattr(
            "seam_portal_desktop.ui.toolkit.busy_bar.QGuiApplication.applicationState",
            lambda: state,
        )
        await program.create("harbor-hotel")
        assert alerted == [], "the program is used"
        state = Qt.ApplicationState.ApplicationInactive
        await program.create("casa-verde")
        assert bool(alerted) is wanted
        assert set(alerted) <= {program.window}


async def test_help_opens_the_shortcuts_and_the_guide(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        actions = program.window.actions_
        actions.shortcuts.trigger()
        sheet = await program.dialog(ShortcutsDialog)
        press(sheet, "Close")
        await until(lambda: is_gone(sheet), "the sheet is closed")
        for _ in range(2):
            actions.user_guide.trigger()
            guide = await program.dialog(GuideWindow)
            assert guide.page.toPlainText().startswith("Your first link")
            actions.user_guide.trigger()
            await asyncio.sleep(0)
            assert visible_children(program.window, GuideWindow) == [guide]
            guide.close()
            await until(lambda: not visible_children(program.window, GuideWindow), "it is closed")


async def test_a_fixed_channel_does_not_lock_the_daily_check(tmp_path, sandbox):
    policy = parse_policy({"update_channel": "stable"}, SOURCE)
    async with open_program(tmp_path, sandbox, policy=policy) as program:
        dialog = await open_settings(program, 4)
        assert shows(dialog, "Stable (set by your organisation)")
        assert shows(dialog, NO_SOURCE), "the build has no server"
        assert not shows(dialog, f"Set by your organisation ({SOURCE}).")
        await close(dialog)
