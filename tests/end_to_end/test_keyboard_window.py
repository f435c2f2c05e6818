"""The list by keyboard alone, and how many keys the most frequent jobs take."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.portal.query import RecordPage
from seam_portal_desktop.domain.portal.record import Outcome, PortalStatus
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.ui.bulk.mark_sent_dialog import MarkSentDialog
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.portals.model import PortalTableModel
from tests.support.program import Program, connected_program, is_gone, press, shows
from tests.support.until import until

pytestmark = pytest.mark.anyio

Key = Qt.Key


class Keyboard:
    """Presses keys where the focus is. ``presses`` counts them; typed texts aren't counted."""

    def __init__(self, program: Program) -> None:
        self._window = program.window
        self.presses = 0

    async def ready(self) -> None:
        """Wait until the front window gets keys, as a window manager would see to."""
        front = self._front()
        front.activateWindow()
        await until(front.isActiveWindow, "keys arrive")

    def press(self, keys: str) -> None:
        self.presses += 1
        combination = QKeySequence(keys)[0]
        QTest.keyClick(self._focus(), combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        QTest.keyClicks(self._focus(), text)

    def _front(self) -> QWidget:
        return QApplication.activeModalWidget() or self._window

    def _focus(self) -> QWidget:
        return self._front().focusWidget() or self._front()


async def make(program: Program, *keys: str) -> None:
    for key in keys:
        made = await program.create(key)
        await program.session.services.portals.mark_previewed(made.portal_id)
    await until(lambda: all(program.row(key).previewed_at for key in keys), "they are previewed")


def has_focus(widget: QWidget) -> bool:
    return widget.window().focusWidget() is widget


async def test_yesterdays_link_takes_three_keys(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel", "old-mill", "casa-verde")
        expected = await program.session.services.portals.url_of(
            program.row("harbor-hotel").portal_id
        )
        QGuiApplication.clipboard().clear()
        keyboard = Keyboard(program)
        await keyboard.ready()
        keyboard.press("Ctrl+F")
        keyboard.type("harb")
        keyboard.press("Return")
        await program.selected_alone("harbor-hotel")
        await until(program.window.actions_.copy_link.isEnabled, "the link can be copied")
        keyboard.press("Ctrl+Shift+C")
        await until(lambda: "Link copied" in program.message(), "it is copied")
        assert QGuiApplication.clipboard().text() == expected.reveal()
        assert keyboard.presses == 3


async def test_five_expired_links_are_renewed_and_marked_in_six_actions(tmp_path, sandbox):
    keys = ("harbor-hotel", "old-mill", "casa-verde", "blue-door", "lighthouse")
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("still-active")
        sandbox.state.portal_lifetime = timedelta(seconds=1)
        await make(program, *keys)
        sandbox.state.portal_lifetime = timedelta(days=7)
        expired = {row.portal_id for row in program.rows() if row.customer_key in keys}
        await until(
            lambda: all(
                row.status(system_clock()) is PortalStatus.EXPIRED
                for row in program.rows()
                if row.portal_id in expired
            ),
            "they have expired",
        )
        keyboard = Keyboard(program)
        await keyboard.ready()
        keyboard.press("Ctrl+F")
        keyboard.type("status:expired")
        keyboard.press("Down")
        await until(lambda: has_focus(program.window.pane.table), "the list has the focus")
        keyboard.press("Ctrl+A")
        await until(
            lambda: program.window.actions_.renew.text() == "Renew 5 links", "they are selected"
        )
        keyboard.press("Ctrl+E")
        await until(
            lambda: {row.renewed_from for row in program.selected()} == expired,
            "the new ones are selected",
        )
        await until(
            lambda: program.window.actions_.mark_sent.text() == "Mark 5 as sent…",
            "the actions are theirs",
        )
        keyboard.press("Ctrl+Shift+Return")
        dialog = await program.dialog(MarkSentDialog)
        await keyboard.ready()
        keyboard.press("Return")
        await until(lambda: is_gone(dialog), "they are marked")
        assert all(row.sent for row in program.selected())
        assert len(program.selected()) == 5
        assert keyboard.presses == 6


async def test_from_the_search_box_to_the_portal_and_back(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel", "harbor-inn", "old-mill")
        window, table = program.window, program.window.pane.table
        keyboard = Keyboard(program)
        await keyboard.ready()
        keyboard.press("Ctrl+F")
        keyboard.type("harbor")
        keyboard.press("Down")
        await program.selected_alone("harbor-inn")
        assert has_focus(table)
        keyboard.press("Down")
        await program.selected_alone("harbor-hotel")
        keyboard.press("Shift+Up")
        await until(lambda: len(program.selected()) == 2, "both are selected")
        keyboard.press("Escape")
        await program.selected_alone("harbor-inn")
        assert has_focus(table), "the first Escape leaves one row"
        keyboard.press("Escape")
        assert has_focus(window.search_box)
        assert window.search_box.selectedText() == "harbor"
        keyboard.press("Return")
        await until(lambda: has_focus(table), "Enter goes there as well")
        opened = []
        table.activated_portal.connect(opened.append)
        keyboard.press("Return")
        assert opened == [program.row("harbor-inn").portal_id]
        assert not has_focus(table)


async def test_enter_opens_one_of_many_also_in_a_narrow_window(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel", "old-mill", "casa-verde")
        window, table = program.window, program.window.pane.table
        window.resize(1000, 700)
        window.show_list()
        await until(table.isVisible, "the list has the window")
        keyboard = Keyboard(program)
        await keyboard.ready()
        keyboard.press("Home")
        keyboard.press("Ctrl+A")
        await until(window.action_bar.isVisible, "the bar is shown")
        assert table.isVisible()
        keyboard.press("Return")
        await program.selected_alone("casa-verde")
        await until(window.portal.isVisible, "its page is shown")
        assert not table.isVisible()
        await until(lambda: shows(window.portal, "casa-verde"), "the window follows")
        table.selectAll()
        await until(table.isVisible, "many have no page")


async def test_a_search_without_a_result_keeps_the_focus(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel")
        keyboard = Keyboard(program)
        await keyboard.ready()
        keyboard.press("Ctrl+F")
        keyboard.type("nobody")
        keyboard.press("Down")
        await until(lambda: not program.rows(), "nothing is found")
        await program.settled()
        assert has_focus(program.window.search_box)


async def test_the_list_moves_as_lists_do(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "a-1", "b-2", "b-3", "c-4")
        table = program.window.pane.table
        keyboard = Keyboard(program)
        await keyboard.ready()
        await program.select("b-3")
        table.setFocus()

        async def expect(*keys: str) -> None:
            await until(
                lambda: [row.customer_key for row in program.selected()] == list(keys),
                f"{keys} are selected",
            )

        keyboard.press("End")
        await expect("a-1")
        keyboard.press("Home")
        await expect("c-4")
        keyboard.press("PgDown")
        await expect("a-1")
        keyboard.press("PgUp")
        await expect("c-4")
        keyboard.press("Ctrl+Down")
        keyboard.press("Ctrl+Down")
        await expect("c-4")
        keyboard.press("Ctrl+Space")
        await expect("c-4", "b-2")
        keyboard.type("b")  # from b-2 on, and then from the top
        await expect("b-3")
        keyboard.press("Shift+End")
        await expect("b-3", "b-2", "a-1")
        keyboard.press("Ctrl+A")
        await expect("c-4", "b-3", "b-2", "a-1")
        await until(program.window.action_bar.isVisible, "the bar is shown")
        keyboard.press("Tab")
        focused = program.window.focusWidget()
        assert focused in program.window.action_bar.buttons, "the bar comes after the table"
        assert focused.accessibleName() == "Send 4 links"
        copy = next(
            each
            for each in program.window.action_bar.buttons
            if each.accessibleName() == "Copy 4 links"
        )
        copy.setFocus()
        keyboard.press("Return")
        await until(lambda: "4 links copied" in program.message(), "Enter presses it")
        assert has_focus(table)


async def test_typing_what_is_not_loaded_offers_the_search(tmp_path, sandbox, monkeypatch):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel", "old-mill")
        keyboard = Keyboard(program)
        await keyboard.ready()
        program.window.pane.table.setFocus()
        keyboard.type("z")
        assert "begins with" not in program.message(), "all rows are loaded"
        monkeypatch.setattr(PortalTableModel, "total", 5000)
        program.window.pane.table.typed_in_vain.emit("old")
        assert "None of the first 2 rows begins with" in program.message()
        assert "The search looks through all 5000." in program.message()
        press(program.window.status_area, "Search")
        await until(lambda: program.keys() == ["old-mill"], "it is found")
        assert has_focus(program.window.search_box)


def palette_rows(program: Program) -> list[str]:
    palette = program.controller._palette
    model = palette._model
    return [model.command(row).text for row in range(model.rowCount())]


async def test_the_palette_opens_a_portal_and_begins_a_new_one(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel", "harbor-inn", "old-mill")
        mill = program.row("old-mill")
        await program.session.services.portals.mark_sent(mill.portal_id, None, "harbor")
        program.window.search_box.setText("old")
        await until(lambda: program.keys() == ["old-mill"], "the others are hidden")
        keyboard = Keyboard(program)
        await keyboard.ready()
        opened: list[str] = []
        program.window.pane.table.activated_portal.connect(opened.append)
        keyboard.press("Ctrl+K")
        keyboard.type("harbor-h")
        await until(
            lambda: palette_rows(program)[:1] == ["Open harbor-hotel · Active"], "it is found"
        )
        assert palette_rows(program)[1] == "New portal for harbor-hotel"
        keyboard.press("Return")
        await program.selected_alone("harbor-hotel")
        assert opened == [program.row("harbor-hotel").portal_id]
        assert keyboard.presses == 2

        keyboard.press("Ctrl+K")
        keyboard.type("harbor-")
        await until(lambda: len(palette_rows(program)) >= 4, "both are found")
        assert palette_rows(program)[:4] == [
            "Open harbor-inn · Active",
            "Open harbor-hotel · Active",
            "New portal for harbor-inn",
            "New portal for harbor-hotel",
        ]
        for _ in range(3):
            keyboard.press("Down")
        keyboard.press("Return")
        dialog = await program.dialog(NewPortalDialog)
        await until(
            lambda: dialog.customer.customer_key() == "harbor-hotel", "the customer is filled in"
        )
        dialog.reject()


async def test_only_the_last_of_several_searches_of_the_palette_is_read(
    tmp_path, sandbox, monkeypatch
):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel")
        ledger, asked = program.session.services.ledger, []
        find = ledger.find

        async def recorded(query, **options):
            asked.append(query.text)
            return await find(query, **options)

        monkeypatch.setattr(ledger, "find", recorded)
        keyboard = Keyboard(program)
        await keyboard.ready()
        keyboard.press("Ctrl+K")
        keyboard.type("harbor")
        await until(lambda: "Open harbor-hotel · Active" in palette_rows(program), "it is found")
        assert asked == ["harbor"]
        keyboard.press("Escape")
        assert not program.controller.scope.is_running("find for the palette")


async def test_a_link_is_copied_with_the_portal_hidden_by_keys(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await make(program, "harbor-hotel")
        await program.select("harbor-hotel")
        keyboard = Keyboard(program)
        await keyboard.ready()
        program.window.pane.table.setFocus()
        keyboard.press("F9")
        await until(lambda: not program.window.portal.isVisible(), "the portal is hidden")
        keyboard.press("Ctrl+Shift+C")
        await until(lambda: "Link copied" in program.message(), "it is copied")


async def test_end_goes_to_the_last_row_although_it_is_not_loaded(tmp_path, sandbox, monkeypatch):
    monkeypatch.setattr("seam_portal_desktop.ui.portals.controller.PAGE_ROWS", 25)
    async with connected_program(tmp_path, sandbox) as program:
        made = await program.create("harbor-hotel")
        ledger, table = program.session.services.ledger, program.window.pane.table
        for number in range(60):
            row = replace(
                made,
                portal_id=f"p{number}",
                customer_key=f"customer-{number}",
                outcome=Outcome.REQUESTED,
                requested_at=made.requested_at + timedelta(minutes=number + 1),
                created_at=None,
                expires_at=None,
                has_url=False,
            )
            await ledger.record_intent(row, PortalRequest())
        program.window.pane.model.set_page(RecordPage((), 0, 0))
        program.window.actions_.refresh.trigger()
        await until(lambda: len(program.rows()) == 25, "the first page is loaded")
        await program.settled()
        keyboard = Keyboard(program)
        await keyboard.ready()
        table.setFocus()
        keyboard.press("Home")
        keyboard.press("End")
        await program.selected_alone("harbor-hotel")
        assert len(program.rows()) == 61
        assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
