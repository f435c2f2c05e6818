"""Filters, saved filters and grouping in the real window: by menu, by chips, by words, by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.portal.record import Channel, CustomerPortal, Sent
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.portals.filters.chip import RemovableChip
from seam_portal_desktop.ui.portals.filters.dates_dialog import DatesDialog
from seam_portal_desktop.ui.portals.filters.name_dialog import FilterNameDialog
from seam_portal_desktop.ui.portals.model import COLUMNS
from tests.support.ledger_data import requested
from tests.support.program import (
    connected_program,
    is_gone,
    open_program,
    press,
    press_enter,
    type_into,
    until_shows,
    visible_children,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio

_SPOKEN = Qt.ItemDataRole.AccessibleTextRole
DAY = timedelta(days=1)


async def add(
    program, portal_id: str, key: str, *, age: timedelta = timedelta(0), **fields
) -> None:
    """A created portal that is `age` old."""
    services = program.session.services
    workspace = services.workspaces.current.workspace
    at = program.controller.selection._clock() - age
    sent = fields.pop("sent", False)
    await services.ledger.record_intent(
        requested(
            portal_id,
            key,
            workspace_id=workspace.workspace_id,
            workspace_kind=workspace.kind,
            requested_at=at,
            **fields,
        ),
        PortalRequest(),
    )
    portal = CustomerPortal(
        Secret(f"https://portal.example/{portal_id}"), key, workspace.workspace_id, at, at + 7 * DAY
    )
    await services.ledger.record_created(portal_id, CreatedPortal(portal, "r"))
    if sent:
        await services.ledger.mark_sent(portal_id, Sent(at, "ada", Channel.EMAIL, ""))


async def four_portals(program) -> None:
    await add(program, "old", "harbor-hotel", age=6.5 * DAY, created_by="ada", preset="Hotels")
    await add(program, "mill", "old-mill", age=2 * DAY, created_by="ben", sent=True)
    await add(program, "new", "harbor-hotel", age=DAY / 24, created_by="ben", preset="Hotels")
    await add(program, "casa", "casa-verde", age=40 * DAY, created_by="ada", sent=True)
    await until(lambda: len(program.rows()) == 4, "all are listed")


def ids(program) -> list[str]:
    return [row.portal_id for row in program.rows()]


async def lists(program, *portal_ids: str) -> None:
    try:
        await until(lambda: ids(program) == list(portal_ids), "the list has these rows")
    except AssertionError:
        raise AssertionError(f"{ids(program)} instead of {portal_ids}") from None
    await program.settled()


def chips(program) -> dict[str, RemovableChip]:
    bar = program.window.pane.filter_bar
    found = visible_children(bar, RemovableChip)
    return {without_isolates(chip.accessibleName()): chip for chip in found}


def without_isolates(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def action_of(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


async def choose(program, *texts: str) -> None:
    """Choose in the open menu, kind by kind, once the names have come."""
    menu = program.window.pane.filter_bar._menu
    for text in texts[:-1]:
        menu = action_of(menu, text).menu()
    last = texts[-1]
    await until(lambda: last in [action.text() for action in menu.actions()], f"there is {last}")
    action_of(menu, last).trigger()
    for each in program.window.findChildren(QMenu):
        each.close()


async def test_filters_are_chosen_in_a_menu_and_removed_by_their_chips(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await four_portals(program)
        bar, actions = program.window.pane.filter_bar, program.window.actions_
        actions.add_filter.trigger()
        await choose(program, "Sent", "Not sent")
        await lists(program, "new", "old")
        assert [*chips(program)] == ["Sent: no"]
        await until(
            lambda: bar.chip(frozenset()).accessibleName() == "All, 2 portals", "they are counted"
        )

        bar.add_button.click()
        await choose(program, "Created by", "ben")
        await lists(program, "new")
        chips(program)["Created by: ben"].click()
        await choose(program, "ada")
        await lists(program, "new", "old")
        assert [*chips(program)] == ["Sent: no", "Created by: ben, ada"]

        services = program.session.services
        await services.portals.mark_sent("old", None, "")
        await lists(program, "new")
        await services.portals.undo_sent("old")
        await lists(program, "new", "old")

        chip = chips(program)["Created by: ben, ada"]
        cross = QPoint(chip.width() - 12, chip.height() // 2)
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=cross)
        assert [*chips(program)] == ["Sent: no"]
        chips(program)["Sent: no"].setFocus()
        QTest.keyClick(chips(program)["Sent: no"], Qt.Key.Key_Delete)
        await lists(program, "new", "mill", "old", "casa")
        assert program.window.focusWidget() is bar.add_button


async def test_words_of_the_search_box_filter_like_chips(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await four_portals(program)
        box = program.window.search_box
        program.window.pane.filter_bar.open_menu()
        await choose(program, "Sent", "Sent")
        await lists(program, "mill", "casa")
        type_into(box, "harbor created:7d sent:no preset:hotels")
        await lists(program, "new", "old")
        assert [*chips(program)] == ["Sent: no", "Created: last 7 days", "Preset: hotels"]

        chips(program)["Created: last 7 days"].click()
        await choose(program, "Today")
        await until(lambda: box.text() == "harbor sent:no preset:hotels", "a chip wins")
        assert [*chips(program)] == ["Sent: no", "Preset: hotels", "Created: today"]

        type_into(box, "sent:maybe")
        await until(lambda: "isn’t a filter" in box.accessibleDescription(), "it is explained")
        type_into(box, "nobody preview:problems")
        await until_shows(program.window.pane, "Nothing matches")
        press(program.window.pane, "Clear search and filters")
        await lists(program, "new", "mill", "old", "casa")
        assert (box.text(), chips(program)) == ("", {})


async def test_todays_portals_are_others_tomorrow(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await add(program, "a", "harbor-hotel")
        pane, now = program.window.pane, program.controller.selection._clock()
        type_into(program.window.search_box, "created:today")
        await until(lambda: [*chips(program)] == ["Created: today"], "it is filtered")
        await lists(program, "a")
        pane._clock = lambda: now + DAY
        pane.model.times_passed.emit()  # as each minute
        await until_shows(pane, "Nothing matches")


async def test_days_can_be_chosen_in_a_dialog(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await four_portals(program)
        program.window.pane.filter_bar.open_menu()
        await choose(program, "Created", "Choose days…")
        dialog = await program.dialog(DatesDialog)
        dialog._first_field.setDate(dialog._last_field.date().addDays(1))
        dialog.submit_button.click()
        assert "before the first" in dialog._last_field.accessibleDescription()
        dialog._first.click()
        dialog._last_field.setDate(dialog._last_field.date().addDays(-30))
        press_enter(dialog)
        await lists(program, "casa")
        (chip,) = chips(program)
        assert chip.startswith("Created: until ")


async def test_filters_are_saved_for_the_workspace_and_the_next_run(tmp_path, sandbox):
    store = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=store) as program:
        await four_portals(program)
        save = saved_menu(program)["Save this filter…"]
        assert not save.isEnabled(), "nothing is filtered"
        type_into(program.window.search_box, 'status:active,expiring sent:no preset:"hotels" bor')
        await lists(program, "new", "old")
        await until(lambda: "words" in next(iter(saved_menu(program))), "the words are read")
        (personal,) = saved_menu(program).values()
        assert not personal.isEnabled(), "the preferences are readable on the disk"
        assert "not with searched words" in personal.text()
        type_into(program.window.search_box, 'status:active,expiring sent:no preset:"hotels"')
        await until(lambda: "Save this filter…" in saved_menu(program), "nothing personal is left")
        await lists(program, "new", "old")
        saved_menu(program)["Save this filter…"].trigger()
        dialog = await program.dialog(FilterNameDialog)
        type_into(dialog.name_field, "Hotels to do")
        press_enter(dialog.name_field)
        await until(lambda: is_gone(dialog), "it is saved")

    async with open_program(tmp_path, sandbox, secret_store=store) as program:
        await lists(program, "new", "mill", "old", "casa")
        saved_menu(program)["Hotels to do"].trigger()
        await lists(program, "new", "old")
        assert program.window.search_box.text() == ""
        assert [*chips(program)] == ["Sent: no", "Preset: hotels"]
        assert program.window.pane.query("").statuses

        assert saved_menu(program)["Hotels to do"].isChecked()
        saved_menu(program)["Rename “Hotels to do”…"].trigger()
        dialog = await program.dialog(FilterNameDialog)
        type_into(dialog.name_field, "Unsent & new")
        press_enter(dialog.name_field)
        await until(lambda: is_gone(dialog), "it is renamed")
        saved_menu(program)["Delete “Unsent && new”"].trigger()
        await until(lambda: [*saved_menu(program)] == ["Save this filter…"], "it is deleted")
        assert ids(program) == ["new", "old"], "what is shown stays, and can be saved again"


def saved_menu(program) -> dict[str, QAction]:
    """The actions of the menu of saved filters, which isn't open any more."""
    bar = program.window.pane.filter_bar
    bar.saved_button.click()
    (menu,) = [menu for menu in bar.findChildren(QMenu) if menu.isVisible()]
    menu.hide()
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}


async def test_a_customers_portals_are_put_together(tmp_path, sandbox):
    store = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=store) as program:
        await four_portals(program)
        table, actions = program.window.pane.table, program.window.actions_
        table.select("mill")
        actions.group_by_customer.trigger()
        await lists(program, "new", "old", "mill", "casa")
        assert table.selected_ids() == ["mill"]
        spoken = [
            table.model().headerData(row, Qt.Orientation.Vertical, _SPOKEN) for row in (0, 1, 2)
        ]
        assert "newest of 2 portals" in spoken[0]
        assert "older portal" in spoken[1]
        assert "newest" not in spoken[2]
        QTest.keyClicks(table, "casa")
        assert table.selected_ids() == ["casa"]

        await add(program, "again", "casa-verde")
        await lists(program, "again", "casa", "new", "old", "mill")
        assert table.selected_ids() == ["casa"]
        await program.session.services.ledger.delete(["new"])
        await lists(program, "again", "casa", "mill", "old")

    async with open_program(tmp_path, sandbox, secret_store=store) as program:
        await lists(program, "again", "casa", "mill", "old")
        table, actions = program.window.pane.table, program.window.actions_
        assert actions.group_by_customer.isChecked()
        header = table.horizontalHeader()
        section = COLUMNS.index(PortalColumn.EXPIRES)
        where = QPoint(header.sectionViewportPosition(section) + 10, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
        await until(lambda: not actions.group_by_customer.isChecked(), "another order ends it")
        await until(lambda: table.model().group(0) is None, "the rows aren't grouped")


async def test_a_new_portal_knows_its_preset(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await program.open_create("harbor-hotel")
        box = dialog.findChild(object, "preset") or dialog.views.findChild(object, "preset")
        await until(lambda: box.count() > 2, "the presets are listed")
        name = box.itemText(1)
        box.activated.emit(1)
        await until(lambda: box.currentText() == name, "it is chosen")
        press_enter(dialog.customer.key)
        await until(lambda: is_gone(dialog), "the portal is created")
        await program.selected_alone("harbor-hotel")
        assert program.row("harbor-hotel").preset == without_isolates(name)
        assert program.row("harbor-hotel").created_by
