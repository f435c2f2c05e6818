"""The status area's Undo goes away when there is nothing to undo, however that came about."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.ui.portal.delete_dialog import DeletePortalsDialog
from tests.support.program import (
    Program,
    button,
    connected_program,
    press,
    shows,
    type_into,
    until_shows,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio


async def delete(program: Program, customer_key: str) -> None:
    await program.select(customer_key)
    program.window.actions_.delete.trigger()
    (await program.dialog(DeletePortalsDialog)).submit_button.click()
    deleted = program.controller.links._deleted
    count = len(deleted)
    await until(lambda: len(deleted) > count, "Undo is offered")
    assert "Deleted 1 portal" in program.message()


async def mark_as_sent(program: Program, customer_key: str) -> None:
    portal = await program.select(customer_key)
    await program.session.services.portals.mark_previewed(portal.portal_id)
    await until(lambda: program.row(customer_key).previewed_at, "it is previewed")
    program.window.actions_.mark_sent.trigger()
    type_into(program.window.portal.send_step.strip.note, "to the front desk")
    press(program.window.portal, "Save")
    await until(lambda: "Marked as sent" in program.message(), "Undo is offered")


async def next_message(program: Program) -> None:
    """The time of the shown message is up."""
    text = program.message()
    program.window.status_area._timer.start(0)
    await until(lambda: program.message() != text, "the message has gone")


async def test_ctrl_z_takes_the_undo_of_a_deletion_away(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await delete(program, "harbor-hotel")
        status = program.window.status_area
        assert shows(status, "Undo")
        program.window.actions_.undo_delete.trigger()
        assert not shows(status, "Undo"), "it can't be undone twice"
        await until(lambda: program.message() == "Portal restored.", "it is back")
        await next_message(program)
        assert program.message() == ""
        assert not shows(status, "Undo")


async def test_a_double_click_on_undo_undoes_one_deletion(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        for key in ("harbor-hotel", "old-mill"):
            await program.create(key)
        await delete(program, "harbor-hotel")
        await delete(program, "old-mill")
        status = program.window.status_area
        interval = QApplication.doubleClickInterval()
        await until(lambda: status._since_replaced.hasExpired(interval), "a click counts")
        undo = button(status, "Undo")
        QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(undo, Qt.MouseButton.LeftButton)
        await until(lambda: program.keys() == ["old-mill"], "the last one is back")
        await until(lambda: program.message() == "Portal restored.", "that is said")
        await next_message(program)
        assert "Deleted 1 portal" in program.message(), "the first one can still be restored"
        assert program.keys() == ["old-mill"]
        program.window.actions_.undo_delete.trigger()
        await until(lambda: len(program.keys()) == 2, "both are back")
        assert not shows(program.window.status_area, "Undo")


async def test_a_portal_that_comes_back_in_another_way_has_no_undo(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        made = await program.create("harbor-hotel")
        await delete(program, "harbor-hotel")
        await program.session.services.ledger.restore([made.portal_id])
        await until(lambda: not shows(program.window.status_area, "Undo"), "Undo has gone")
        assert not program.window.actions_.undo_delete.isEnabled()


async def test_the_panels_undo_takes_that_of_the_message_away(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await mark_as_sent(program, "harbor-hotel")
        status = program.window.status_area
        await until_shows(program.window.portal, "to the front desk")
        press(program.window.portal, "Undo mark as sent")
        assert not shows(status, "Undo")
        await until(lambda: "no longer marked" in program.message(), "it is undone")
        await next_message(program)
        assert program.message() == ""
        assert not shows(status, "Undo")


@pytest.mark.parametrize("way", ["undone", "marked anew", "deleted"])
async def test_undo_of_a_mark_that_is_gone_is_gone(way, tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        made = await program.create("harbor-hotel")
        await mark_as_sent(program, "harbor-hotel")
        program.window.status_area._stop_timer()  # its time isn't what ends it
        services = program.session.services
        if way == "deleted":
            await services.ledger.delete([made.portal_id])
        else:
            await services.portals.undo_sent(made.portal_id)
        if way == "marked anew":
            await services.portals.mark_sent(made.portal_id, None, "by somebody else")
        await until(lambda: not shows(program.window.status_area, "Undo"), "Undo has gone")
        assert "Marked as sent" not in program.message()
