"""The pages of Settings: what they show, what they emit, and what is locked."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QMainWindow, QRadioButton

from seam_portal_desktop.domain.policy import USER_SETTINGS
from seam_portal_desktop.domain.preferences import SETTING_CHOICES, Settings
from seam_portal_desktop.ui.settings.dialog import SettingsDialog
from seam_portal_desktop.ui.settings.page import SettingsPage
from seam_portal_desktop.ui.settings.pages import LedgerFacts
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.program import button, shows, visible_children

LOCKED = "Set by your organisation (policy.json)."
VALUES = {**asdict(Settings()), "software_rendering": False, "daily_update_check": False}


@pytest.fixture
def open_dialog(theme, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()

    def open_(locked: str = "", **values: object) -> SettingsDialog:
        dialog = SettingsDialog(
            theme,
            Icons(theme),
            window,
            menus=window.menuBar(),
            note_of=lambda name: LOCKED if name == locked else "",
        )
        dialog.show_values({**VALUES, **values})
        dialog.open()
        qtbot.waitExposed(dialog)
        return dialog

    return open_


def go_to(dialog: SettingsDialog, title: str) -> SettingsPage:
    page = next(each for each in dialog.findChildren(SettingsPage) if each.title == title)
    dialog._list.setCurrentItem(dialog._list.findItems(title, Qt.MatchFlag.MatchExactly)[0])
    assert page.isVisible()
    return page


def test_every_setting_is_on_one_page_with_every_choice(open_dialog):
    dialog = open_dialog()
    setters = [name for page in dialog.findChildren(SettingsPage) for name in page._setters]
    assert sorted(setters) == sorted(USER_SETTINGS)
    combos = {combo.accessibleName(): combo for combo in dialog.findChildren(QComboBox)}
    for name, title in (
        ("language", "Language"),
        ("first_view", "Portals shown at the start"),
        ("preview_device", "Device at the start"),
    ):
        combo = combos[title]
        assert tuple(combo.itemData(row) for row in range(combo.count())) == SETTING_CHOICES[name]
    zones = combos["Time zone"]
    assert zones.count() > 300
    assert zones.findData("Europe/Berlin") > 0
    radios = {radio.accessibleName() for radio in dialog.findChildren(QRadioButton)}
    assert {"Appearance: Dark", "Open portals as: Live link", "Dates: 2026-12-31"} <= radios


def test_a_choice_is_emitted_at_once_and_showing_emits_nothing(open_dialog):
    dialog = open_dialog()
    chosen: list[tuple[str, object]] = []
    dialog.chosen.connect(lambda name, value: chosen.append((name, value)))
    button(dialog, "Appearance: Dark").click()
    general = go_to(dialog, "General")
    combo = visible_children(general, QComboBox)[0]
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    visible_children(general, QCheckBox)[0].click()
    assert chosen == [("appearance", "dark"), ("language", "en"), ("notifications", False)]
    dialog.show_values({**VALUES, **asdict(Settings(appearance="light", preview_device="phone"))})
    assert len(chosen) == 3
    assert button(dialog, "Appearance: Light").isChecked()


def test_a_value_of_the_policys_that_is_no_option_is_shown(open_dialog):
    dialog = open_dialog(locked="clipboard_seconds", clipboard_seconds=45)
    links = go_to(dialog, "Links and ledger")
    (combo,) = visible_children(links, QComboBox)
    assert (combo.currentText(), combo.currentData()) == ("45 seconds", 45)
    assert not combo.isEnabled()


@pytest.mark.parametrize("name", USER_SETTINGS)
def test_a_fixed_setting_is_locked_and_says_why(open_dialog, name):
    dialog = open_dialog(locked=name)
    controls = [*dialog.findChildren(QComboBox), *dialog.findChildren(QCheckBox)]
    radios = dialog.findChildren(QRadioButton)
    # Radio buttons are locked with their frame.
    locked = [each for each in controls if not each.isEnabled()]
    locked_groups = {radio.parentWidget() for radio in radios if not radio.isEnabled()}
    assert len(locked) + len(locked_groups) == 1
    titles = [dialog._list.item(row).text() for row in range(dialog._list.count())]
    assert sum(shows(go_to(dialog, title), LOCKED) for title in titles) == 1
    described = [*locked, *locked_groups]
    assert described[0].accessibleDescription() == LOCKED


def test_every_control_has_a_name_and_labels_have_their_controls(open_dialog):
    dialog = open_dialog()
    for control in [*dialog.findChildren(QComboBox), *dialog.findChildren(QRadioButton)]:
        assert control.accessibleName()
    buddies = [label for label in dialog.findChildren(QLabel) if label.buddy() is not None]
    assert {label.text() for label in buddies} >= {"Time zone", "Appearance", "Language"}


def test_pages_are_chosen_by_keyboard_and_keep_the_dialogs_size(open_dialog):
    dialog = open_dialog()
    size = dialog.size()
    shown = []
    for _ in range(dialog._list.count()):
        page = next(each for each in dialog.findChildren(SettingsPage) if each.isVisible())
        shown.append(page.title)
        assert dialog.size() == size
        QTest.keyClick(dialog._list, Qt.Key.Key_Down)
    assert shown == ["General", "Dates and times", "Preview", "Links and ledger", "Updates",
                     "Shortcuts"]  # fmt: skip


def test_ledger_facts_and_folder(open_dialog):
    dialog = open_dialog()
    links = go_to(dialog, "Links and ledger")
    folders: list[str] = []
    dialog.links.folder_requested.connect(folders.append)
    dialog.links.show_ledger(LedgerFacts("/data/ledger.sqlite3", "1 MiB", "12", "/data"))
    assert shows(links, "/data/ledger.sqlite3")
    button(links, "Open folder").click()
    assert folders == ["/data"]
    dialog.links.show_ledger(LedgerFacts("postgresql at db/x", "On the server", "12", ""))
    assert not [each for each in visible_children(links, QLabel) if each.text() == "Open folder"]


def test_the_example_shows_the_style(open_dialog, style):
    dialog = open_dialog()
    style(replace(Settings(), date_style="iso", time_style="absolute", time_zone="UTC"))
    dialog.times.show_example()
    example = dialog.times._example.text()
    assert example.startswith("Example: 20")
    assert example.endswith(" UTC")
