"""The preset bar and its dialogs by themselves: keys, odd names, what can be done to which."""

from __future__ import annotations

import html

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.request.preset import LONGEST_NAME, Preset, PresetVertical
from seam_portal_desktop.ui.create.presets import labels
from seam_portal_desktop.ui.create.presets.manage_dialog import ManagePresetsDialog
from seam_portal_desktop.ui.create.presets.preset_bar import PresetBar
from seam_portal_desktop.ui.create.presets.save_dialog import SavePresetDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Tone

ALT = Qt.KeyboardModifier.AltModifier
ODD = "הנמל & 🏨 <b>x</b> " + "y" * 61


def preset(number: int, name: str = "", *, shipped: bool = False) -> Preset:
    vertical = list(PresetVertical)[number % len(PresetVertical)]
    return Preset(str(number), name or f"Preset {number}", vertical, PortalRequest(), shipped)


@pytest.fixture
def bar(theme, qtbot):
    bar = PresetBar(theme, Icons(theme))
    qtbot.addWidget(bar)
    bar.show()
    bar.activateWindow()
    return bar


@pytest.fixture
def manager(theme, qtbot):
    manager = ManagePresetsDialog(theme, Icons(theme))
    qtbot.addWidget(manager)
    manager.set_presets([preset(1, shipped=True), preset(2), preset(3, ODD)], "2")
    manager.open()
    return manager


def record(signal) -> list[object]:
    found: list[object] = []
    signal.connect(lambda *values: found.append(values if len(values) > 1 else (*values, None)[0]))
    return found


def test_every_vertical_has_an_icon_and_a_title():
    assert set(labels.ICONS) == set(labels.TITLES) == set(PresetVertical)


def test_the_first_nine_have_a_key_each(bar, qtbot):
    bar.set_presets([preset(number) for number in range(1, 12)], None)
    chosen = record(bar.chosen)
    for key in range(Qt.Key.Key_0, Qt.Key.Key_9 + 1):
        qtbot.keyClick(bar.box, Qt.Key(key), ALT)
    assert chosen == ["", *map(str, range(1, 10))]
    assert bar.current_id == ""  # until the controller calls set_current()


def test_a_key_beyond_the_list_chooses_nothing(bar, qtbot):
    bar.set_presets([preset(1)], None)
    chosen = record(bar.chosen)
    qtbot.keyClick(bar.box, Qt.Key.Key_2, ALT)
    assert chosen == []


def test_choosing_the_current_preset_again_emits_chosen(bar, qtbot):
    bar.set_presets([preset(1)], None)
    bar.set_current("1")
    chosen = record(bar.chosen)
    bar.box.setFocus()
    qtbot.keyClick(bar.box, Qt.Key.Key_1, ALT)
    assert chosen == ["1"]


def test_odd_names_break_nothing(bar):
    bar.set_presets([preset(1, ODD)], "1")
    bar.set_current("1", changed=True)
    assert "&&" in bar.update_action.text()
    assert "…" in bar.update_action.text()
    assert html.escape(ODD) in bar.box.toolTip(), "it is shown as it is, not as HTML"
    assert bar.sizeHint().width() < bar.fontMetrics().averageCharWidth() * 100
    bar.box.showPopup()
    bar.grab()
    bar.box.hidePopup()


def test_the_menu_entries_follow_the_current_preset(bar):
    bar.set_presets([preset(1, shipped=True), preset(2)], "1")
    bar.set_current("1", changed=True)
    assert not bar.update_action.isVisible()
    assert bar.default_action.isChecked()
    bar.set_current("2")
    assert bar.update_action.isVisible()
    assert not bar.update_action.isEnabled()
    assert not bar.default_action.isChecked()
    bar.set_current("2", changed=True)
    assert bar.update_action.isEnabled()


def test_a_preset_that_is_gone_is_no_longer_current(bar):
    bar.set_presets([preset(1)], None)
    bar.set_current("1")
    bar.set_presets([preset(2)], None)
    assert bar.current_id == ""


def test_only_own_presets_can_be_renamed_and_deleted(manager):
    assert [manager.rename_button.isEnabled(), manager.delete_button.isEnabled()] == [False, False]
    assert "Comes with the program" in manager.about.text()
    assert not manager.list.item(0).flags() & Qt.ItemFlag.ItemIsEditable
    manager.select("2")
    assert [manager.rename_button.isEnabled(), manager.delete_button.isEnabled()] == [True, True]
    assert manager.default_button.text() == "No longer default"
    assert "New portals in this workspace start from it." in manager.about.text()


def test_renaming_in_place_by_keyboard(manager, qtbot):
    renamed = record(manager.renamed)
    manager.select("2")
    manager.rename_button.click()
    field = manager.list.findChild(QLineEdit)
    assert field.maxLength() == LONGEST_NAME
    field.selectAll()
    qtbot.keyClicks(field, "Ours")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: renamed == [("2", "Ours")])
    assert manager.list.item(1).text() == "Preset 2"  # until it is kept
    assert manager.isVisible()


@pytest.mark.parametrize("typed", ["", "   ", "Preset 2"])
def test_an_empty_or_equal_name_renames_nothing(manager, typed):
    renamed = record(manager.renamed)
    manager.select("2")
    manager.list.currentItem().setText(typed)
    assert renamed == []
    assert manager.list.item(1).text() == "Preset 2"


def test_the_delete_key_deletes_only_what_can_be(manager, qtbot):
    wanted = record(manager.delete_requested)
    manager.activateWindow()
    qtbot.keyClick(manager.list, Qt.Key.Key_Delete)
    manager.select("3")
    qtbot.keyClick(manager.list, Qt.Key.Key_Delete)
    assert wanted == ["3"]


def test_after_a_deletion_its_neighbour_is_current(manager):
    manager.select("3")
    manager.set_presets([preset(1, shipped=True), preset(2)], None)
    manager.show_deleted(ODD)
    assert manager.list.currentRow() == 1
    assert manager.undo_button.isVisibleTo(manager)


def test_broken_files_are_named(manager):
    manager.set_presets([preset(1)], None, ["broken.json"])
    assert manager.error_card.isVisibleTo(manager)
    manager.set_presets([preset(1)], None)
    assert not manager.error_card.isVisibleTo(manager)


def test_without_presets_only_import_is_enabled(manager):
    manager.set_presets([], None)
    assert not manager.export_button.isEnabled()
    assert manager.import_button.isEnabled()


def test_a_refused_name_keeps_what_was_typed(theme, qtbot):
    dialog = SavePresetDialog(theme, Icons(theme), summary="All of it.", vertical="gym")
    qtbot.addWidget(dialog)
    dialog.open()
    saved = record(dialog.save_requested)
    assert dialog.vertical() == "gym"
    qtbot.keyClick(dialog.name_field, Qt.Key.Key_Return)
    assert saved == []
    qtbot.keyClicks(dialog.name_field, "  Ours ")
    qtbot.keyClick(dialog.name_field, Qt.Key.Key_Return)
    assert len(saved) == 1
    dialog.set_busy(True)
    dialog.show_error(UserFacingError("Not saved.", "There is one named Ours already."))
    assert (dialog.name(), dialog.note.tone) == ("Ours", Tone.DANGER)
    qtbot.keyClicks(dialog.name_field, "x")
    assert dialog.note.tone is None
