"""A key that is nearly a known one, and a customer who has a link already, in the whole window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    Program,
    connected_program,
    is_gone,
    links_of,
    press,
    press_enter,
    type_into,
    until_shows,
)
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


async def selected_is(program: Program, portal_id: str) -> None:
    await until(lambda: [each.portal_id for each in program.selected()] == [portal_id])


async def test_a_mistyped_key_makes_no_second_customer(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("seaview-lodge")
        dialog = await program.open_create("seaveiw-lodge")
        await until_shows(dialog, "New customer. Did you mean")
        press(dialog, "Use \u2068seaview-lodge\u2069")
        await until_shows(dialog, "has an active link, expires")
        press_enter(dialog.customer.key)
        await until(lambda: is_gone(dialog))
        made = [link.customer_key for link in links_of(sandbox)]
        assert made == ["seaview-lodge"] * 2


async def test_open_that_one_shows_a_row_that_the_search_hid(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        first = await program.create("seaview-lodge")
        await program.create("old-mill")
        type_into(program.window.search_box, "old")
        await until(lambda: program.keys() == ["old-mill"])
        dialog = await program.open_create("seaview-lodge")
        await until_shows(dialog, "has an active link, expires")
        press(dialog, "Open that one")
        await until(lambda: is_gone(dialog))
        await selected_is(program, first.portal_id)
        assert sorted(program.keys()) == ["old-mill", "seaview-lodge"]
        assert len(links_of(sandbox)) == 2


async def test_renew_it_renews_that_link(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        first = await program.create("seaview-lodge")
        dialog = await program.open_create("seaview-lodge")
        await until_shows(dialog, "has an active link, expires")
        press(dialog, "Renew it")
        await until(lambda: len(links_of(sandbox)) == 2)
        assert is_gone(dialog)
        await until(lambda: [each.renewed_from for each in program.selected()] == [first.portal_id])


async def test_make_another_leaves_the_dialog_as_it_is(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("seaview-lodge")
        dialog = await program.open_create("seaview-lodge")
        await until_shows(dialog, "has an active link, expires")
        press(dialog, "Make another")
        assert not dialog.customer.hint.isVisible()
        QTest.keyClick(dialog.customer.key, Qt.Key.Key_Return)
        await until(lambda: is_gone(dialog))
        assert len(links_of(sandbox)) == 2


async def test_the_open_portal_of_a_customer_is_added_with_its_link(tmp_path, sandbox):
    """It was made elsewhere: this ledger doesn't know it."""
    sandbox.state.push_data({"customer_key": "seaview-lodge"})
    made = sandbox.state.create_portal("seaview-lodge", {})
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await program.open_create("seaview-lodge")
        await until_shows(dialog, "Seam knows")
        assert links_of(sandbox) == [made]
        press(dialog, "Use that one")
        await until(lambda: is_gone(dialog))
        await program.selected_alone("seaview-lodge")
        portal = program.row("seaview-lodge")
        url = await program.session.services.portals.url_of(portal.portal_id)
        assert url.reveal() == sandbox.state.url_of(made)
        assert links_of(sandbox) == [made], "nothing new was made"
        dialog = await program.open_create("seaview-lodge")
        await until_shows(dialog, "has an active link, expires")
        dialog.reject()


async def test_where_there_is_no_open_portal_seam_makes_one_and_that_is_said(tmp_path, sandbox):
    sandbox.state.push_data({"customer_key": "seaview-lodge"})
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await program.open_create("seaview-lodge")
        await until_shows(dialog, "If it has none, it makes one.")
        press(dialog, "Use that one")
        await until(lambda: is_gone(dialog))
        await until_shows(program.window.status_area, "Seam had no open portal for")
        await program.selected_alone("seaview-lodge")
        assert len(links_of(sandbox)) == 1


async def test_a_route_that_vanished_creates_nothing_and_the_dialog_goes_on(tmp_path, sandbox):
    sandbox.state.push_data({"customer_key": "seaview-lodge"})
    path = "/seam/customer/v1/customers/open_portal"
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await program.open_create("seaview-lodge")
        await until_shows(dialog, "Seam knows")
        body = {"error": {"type": "not_found", "message": "Not found"}, "ok": False}
        sandbox.faults.next_answer(status=404, body=body, path=path)
        press(dialog, "Use that one")
        await until_shows(dialog, "doesn’t give this workspace open portals again")
        assert not dialog.customer.hint.isVisible()
        assert program.keys() == []
        press_enter(dialog.customer.key)
        await until(lambda: is_gone(dialog))
        await program.selected_alone("seaview-lodge")
