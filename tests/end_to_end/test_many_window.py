"""Several selected portals: the bar below the list, and what its actions do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LinkUnreadableError
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.record import Channel, PortalRecord, PortalStatus
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.ui.bulk.mark_sent_dialog import MarkSentDialog
from seam_portal_desktop.ui.bulk.revoke_many_dialog import RevokeManyDialog
from seam_portal_desktop.ui.lifecycle.export_dialog import ExportDialog
from seam_portal_desktop.ui.lifecycle.renew_again_dialog import RenewAgainDialog
from tests.support.preview_records import stored_report
from tests.support.program import (
    CREATE,
    Program,
    connected_program,
    is_gone,
    press,
    press_enter,
    shows,
    type_into,
    visible_texts,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio

KEYS = ("harbor-hotel", "old-mill", "casa-verde")


async def make(program: Program, *keys: str) -> list[PortalRecord]:
    return [await program.create(key) for key in keys]


async def select(program: Program, *portals: PortalRecord) -> None:
    """Select these rows, and wait until the actions are theirs."""
    wanted = {portal.portal_id for portal in portals}
    assert program.window.pane.table.select(*wanted)
    program.window.pane.table.setFocus()
    bar = program.window.action_bar
    await until(
        lambda: (
            {each.portal_id for each in program.selected()} == wanted
            and bar.isVisible() == (len(wanted) > 1)
            and bar.count.text() == f"{len(wanted)} selected"
        ),
        "they are selected",
    )


def bar_button(program: Program, name: str):
    (found,) = [each for each in program.window.action_bar.buttons if each.accessibleName() == name]
    return found


async def test_the_bar_is_there_while_several_are_selected(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS)
        bar, table = program.window.action_bar, program.window.pane.table
        assert not bar.isVisible()
        await select(program, *portals)
        assert shows(program.window.portal, "3 portals selected")
        assert shows(
            program.window.portal, "The bar below the list has what can be done with them."
        )
        assert bar.geometry().top() >= table.geometry().bottom()
        table.select(portals[0].portal_id)
        await until(lambda: not bar.isVisible(), "one is selected")


async def test_what_does_not_apply_says_why(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS)
        ledger, services = program.session.services.ledger, program.session.services
        await ledger.mark_revoked(portals[0].portal_id, system_clock(), elsewhere=True)
        await services.portals.mark_sent(portals[1].portal_id, None, "")
        await until(lambda: program.row(KEYS[1]).sent, "the list follows")
        await select(program, *portals)

        copy = bar_button(program, "Copy 2 links")
        assert copy.isEnabled()
        assert "1 of 3 has no link that works." in copy.toolTip()
        sent = bar_button(program, "Mark 1 as sent")
        assert sent.accessibleDescription() == (
            "1 of 3 has no link that works. 1 of 3 is marked as sent already."
        )
        assert bar_button(program, "Renew 3 links").accessibleDescription() == ""
        assert bar_button(program, "Revoke 2 links").isEnabled()

        await ledger.mark_revoked(portals[1].portal_id, system_clock(), elsewhere=True)
        await select(program, *portals[:2])
        await until(lambda: bar_button(program, "Copy links"), "both are revoked")
        copy = bar_button(program, "Copy links")
        assert not copy.isEnabled()
        assert copy.accessibleDescription() == "None of them has a link that works."
        program.window.pane.table.copy_requested.emit()  # Ctrl+C in the table
        assert program.message() == "None of them has a link that works."


async def test_links_are_copied_one_a_line_with_their_customers(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portals = [await program.create(key) for key in ("harbor-hotel", "=cmd", "old-mill")]
        service = program.session.services.portals
        urls = {each.portal_id: (await service.url_of(each.portal_id)).reveal() for each in portals}
        await select(program, *portals)
        QTest.mouseClick(bar_button(program, "Copy 3 links"), Qt.MouseButton.LeftButton)
        await until(lambda: "3 links copied" in program.message(), "they are copied")
        assert "Clipboard clears in 60 s." in program.message()
        assert "You haven’t previewed any of them yet." in program.message()
        lines = QGuiApplication.clipboard().text().split("\n")
        assert [line.split("\t") for line in lines] == [
            [f"'{row.customer_key}" if row.customer_key == "=cmd" else row.customer_key, url]
            for row in program.selected()
            if (url := urls[row.portal_id])
        ]
        events_of = program.session.services.ledger.events_of
        scope = program.controller.scope
        await until(lambda: not scope.is_running("copy links"), "it is in the activity")
        for portal in portals:
            kinds = [each.kind for each in await events_of(portal.portal_id)]
            assert EventKind.COPIED in kinds
        program.controller.clipboard.clear_if_ours()
        assert QGuiApplication.clipboard().text() == ""


async def test_a_link_that_can_not_be_read_does_not_keep_the_others(tmp_path, sandbox, monkeypatch):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS)
        ledger = program.session.services.ledger
        url_of = ledger.url_of

        async def unreadable(portal_id: str):
            if portal_id == portals[1].portal_id:
                raise LinkUnreadableError("The key is gone", "It is not here.")
            return await url_of(portal_id)

        monkeypatch.setattr(ledger, "url_of", unreadable)
        await select(program, *portals)
        bar_button(program, "Copy 3 links").click()
        error = await until(program.error, "the failure is shown")
        assert error.title == "1 of 3 links could not be copied."
        assert KEYS[1] in error.message
        lines = QGuiApplication.clipboard().text().split("\n")
        assert sorted(line.split("\t")[0] for line in lines) == sorted((KEYS[0], KEYS[2]))


async def test_a_problem_asks_before_links_are_copied(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS[:2])
        report = stored_report(CheckLevel.PROBLEM)
        await program.session.services.ledger.record_report(portals[0].portal_id, report)
        await until(lambda: program.row(KEYS[0]).preview_verdict, "the list shows it")
        QGuiApplication.clipboard().clear()
        await select(program, *portals)
        program.window.actions_.copy_link.trigger()
        (dialog,) = program.dialogs()
        assert shows(dialog, "The last preview found a problem for 1 of 2 portals.")
        assert any(KEYS[0] in text and "Ελληνικά" in text for text in visible_texts(dialog))
        press(dialog, "Cancel")
        assert QGuiApplication.clipboard().text() == ""
        await until(lambda: is_gone(dialog), "it is closed")
        program.window.actions_.copy_link.trigger()
        press(program.dialogs()[0], "Copy anyway")
        await until(lambda: "2 links copied" in program.message(), "they are copied")


async def test_many_are_marked_at_once_and_undone_at_once(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS)
        await select(program, *portals)
        program.window.activateWindow()
        await until(program.window.isActiveWindow, "shortcuts work")
        QTest.keyClick(
            program.window.pane.table,
            Qt.Key.Key_Return,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
        dialog = await program.dialog(MarkSentDialog)
        assert all(any(key in text for text in visible_texts(dialog)) for key in KEYS)
        assert shows(dialog, "You haven’t previewed any of them yet.")
        press(dialog, "SMS")
        type_into(dialog.note, "to the front desks")
        press_enter(dialog.note)
        await until(lambda: is_gone(dialog), "they are marked")
        assert program.message() == "3 links marked as sent."
        await until(lambda: all(row.sent for row in program.rows()), "the list shows it")
        assert {row.sent.channel for row in program.rows()} == {Channel.SMS}
        assert {row.sent.note for row in program.rows()} == {"to the front desks"}
        assert program.window.focusWidget() is program.window.pane.table

        # One is undone in another way: Undo is for the others.
        service = program.session.services.portals
        await service.undo_sent(portals[0].portal_id)
        await until(lambda: program.row(KEYS[0]).sent is None, "it is undone")
        press(program.window.status_area, "Undo")
        await until(lambda: not any(row.sent for row in program.rows()), "all are undone")
        await until(
            lambda: program.message() == "2 links are no longer marked as sent.", "that is said"
        )
        assert not shows(program.window.status_area, "Undo")


REVOKE = "/client_sessions/revoke"


async def ask_to_revoke(program: Program, portals: list[PortalRecord]) -> RevokeManyDialog:
    await select(program, *portals)
    program.window.actions_.revoke.trigger()
    return await program.dialog(RevokeManyDialog)


def statuses(program: Program) -> set[PortalStatus]:
    return {row.status(system_clock()) for row in program.rows()}


async def test_revoking_many_asks_once_with_the_list(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await ask_to_revoke(program, await make(program, *KEYS))
        assert all(any(key in text for text in visible_texts(dialog)) for key in KEYS)
        assert dialog.submit_button.text() == "Revoke 3 links"
        press_enter(dialog)
        await until(lambda: is_gone(dialog), "Enter keeps them")
        assert sandbox.state.requests(REVOKE) == []

        program.window.actions_.revoke.trigger()
        dialog = await program.dialog(RevokeManyDialog)
        press(dialog, "Revoke 3 links")
        await until(lambda: program.message() == "3 links are revoked.", "that is said")
        assert is_gone(dialog)
        assert statuses(program) == {PortalStatus.REVOKED}
        assert sandbox.state.live_sessions() == []
        await until(lambda: not bar_button(program, "Revoke").isEnabled(), "the bar follows")


async def test_a_partial_failure_is_said_for_each_row(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS)
        dialog = await ask_to_revoke(program, portals)
        sandbox.faults.next_answer(status=500, path=REVOKE)
        press(dialog, "Revoke 3 links")
        error = await until(lambda: dialog.error_card.error, "the result is shown")
        assert error.title == "1 of 3 links could not be revoked."
        assert KEYS[2] in error.message or KEYS[0] in error.message
        texts = visible_texts(dialog)
        assert texts.count("Revoked") == 2
        assert texts.count("Not revoked") == 1
        press(dialog, "Revoke the other link")
        await until(lambda: program.message() == "1 link is revoked.", "it is tried again")
        assert is_gone(dialog)
        assert statuses(program) == {PortalStatus.REVOKED}


async def test_renew_in_the_bar_selects_the_new_ones_and_asks_before_it_renews_them(
    tmp_path, sandbox
):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS)
        await select(program, *portals)
        bar_button(program, "Renew 3 links").click()
        bar_button(program, "Renew 3 links").click()  # a double click
        olds = {portal.portal_id for portal in portals}
        await until(
            lambda: {row.renewed_from for row in program.selected()} == olds, "the new are selected"
        )
        assert len(sandbox.state.requests(CREATE)) == 6
        await until(program.window.action_bar.isVisible, "the bar stays")
        assert program.window.focusWidget() is program.window.pane.table
        bar_button(program, "Renew 3 links").click()
        asked = await program.dialog(RenewAgainDialog)
        assert shows(asked, "All 3 portals were renewed already.")
        press(asked, "Cancel")
        assert len(sandbox.state.requests(CREATE)) == 6


async def test_only_the_selected_portals_are_exported(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portals = await make(program, *KEYS)
        await select(program, *portals[:2])
        bar_button(program, "Export").click()
        dialog = await program.dialog(ExportDialog)
        assert dialog.only_selected.isChecked()
        assert dialog.only_selected.text() == "The 2 selected portals"
        dialog.reject()
