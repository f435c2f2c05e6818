"""What changes while the Send… sheet is open never lets a link go to another one, or unseen."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.message.address import Recipients
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    SendChannel,
)
from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text
from seam_portal_desktop.sandbox.server import SandboxConfig
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.reminders.banner import WORDS, ReminderBanner
from seam_portal_desktop.ui.send.sheet import SendSheet
from tests.end_to_end.test_send_window import (
    deliveries,
    open_sheet,
    press_ctrl_enter,
    program_with_sender,
)
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import Program, is_gone, type_into
from tests.support.sandboxes import running_sandbox
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


@pytest.fixture
def sandbox():
    with running_sandbox(SandboxConfig(port=0, smtp_port=0)) as server:
        yield server


@contextmanager
def another_program(program: Program):
    """What is written meanwhile isn't noticed here, as if another program had written it."""
    with QSignalBlocker(program.controller):
        yield


async def open_many(program: Program) -> SendSheet:
    program.window.pane.table.selectAll()
    await until(lambda: len(program.selected()) > 1, "all are selected")
    program.window.actions_.send.trigger()
    return await program.dialog(SendSheet)


async def test_a_row_that_is_chosen_while_the_sheet_loads_is_the_one_that_is_filled_in(
    tmp_path, sandbox, monkeypatch
):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        await program.create("old-mill")
        sending, may_load = program.session.services.sending, asyncio.Event()
        facts_of = sending.facts_of

        async def slow(portal):
            await may_load.wait()
            return await facts_of(portal)

        monkeypatch.setattr(sending, "facts_of", slow)
        sheet = await open_many(program)
        sheet.fields.to.set_text("first@example.com")
        sheet.customers.select(1)
        assert sheet.fields.to.text() == ""
        sheet.fields.to.set_text("second@example.com")
        may_load.set()
        await until(lambda: sheet.message.has_message, "a message is written")
        assert sheet.fields.to.text() == "second@example.com"
        model = sheet.customers.model()
        people = [model.index(row, 1).data() for row in range(2)]
        assert people == ["first@example.com", "second@example.com"]
        sheet.reject()


async def test_a_change_is_read_although_another_row_is_chosen_at_once(
    tmp_path, sandbox, monkeypatch
):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        await program.create("old-mill")
        sheet = await open_many(program)
        await until(lambda: sheet.message.has_message, "a message is written")
        sending, may_load = program.session.services.sending, asyncio.Event()
        facts_of = sending.facts_of

        async def slow(portal):
            await may_load.wait()
            return await facts_of(portal)

        monkeypatch.setattr(sending, "facts_of", slow)
        ledger = program.session.services.ledger
        for portal in sheet.portals:
            await ledger.mark_revoked(portal.portal_id, system_clock())
            sheet.customers.select(1)
            sheet.customers.select(0)
        may_load.set()
        model = sheet.customers.model()
        await until(
            lambda: all(
                "revoked" in (sheet.customers.model().index(row, 2).data(3) or "")
                for row in range(2)
            ),
            "both rows say that their links are revoked",
        )
        assert model.rowCount() == 2
        assert not sheet.submit_button.isEnabled()
        sheet.reject()


async def test_what_another_program_sent_meanwhile_is_asked_about(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.to.set_text("ann@example.com")
        press_ctrl_enter(sheet)
        with another_program(program):
            theirs = Delivery(
                "theirs",
                portal.portal_id,
                portal.workspace_id,
                SendChannel.SMTP,
                DeliveryState.HANDED_OVER,
                at=system_clock(),
                by="somebody else",
                content=DeliveryContent(Recipients(sheet.fields.recipients().to)),
            )
            await program.session.services.outbox.hand_over(theirs)
            await program.session.services.outbox.confirm(theirs, was_sent=True)
        press_ctrl_enter(sheet)
        await until(lambda: not sheet.is_busy, "it looked again")
        kinds = [item.kind.value for item in sheet.gate_list.items]
        assert len(kinds) == 2
        assert sheet.isVisible()
        assert [each.delivery_id for each in await deliveries(program, portal)] == ["theirs"]
        assert sandbox.mailbox.messages() == ()
        sheet.reject()


async def test_a_deleted_portal_has_no_message_any_more(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.to.set_text("ann@example.com")
        await program.session.services.ledger.delete([portal.portal_id])
        await until(lambda: not sheet.submit_button.isEnabled(), "it can't be sent")
        await until(lambda: not sheet.message.has_message, "no message is shown")
        sheet.reject()


async def test_a_recipient_from_outside_is_not_filled_in(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        program.session.services.recipients.suggest_from_outside(
            portal.portal_id, "mallory@example.com"
        )
        sheet = await open_sheet(program)
        assert sheet.fields.to.text() == ""
        sheet.reject()


async def test_an_address_from_outside_opens_nothing_over_the_sheet(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        sheet = await open_sheet(program)
        program.session.show_address("seam-portals://new?customer_key=old-mill&to=m@example.com")
        assert QApplication.activeModalWidget() is sheet
        assert program.window.findChildren(NewPortalDialog) == []
        assert "Close this dialog first" in program.message()
        sheet.reject()


async def test_reminders_of_another_workspace_vanish(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):

        def banners() -> list[ReminderBanner]:
            return [
                each for each in program.window.findChildren(ReminderBanner) if each.isVisible()
            ]

        program.session._reminders._show({next(iter(WORDS)): 1})
        await until(banners, "a reminder is shown")
        program.controller.workspaces.changed.emit()
        await until(lambda: not banners(), "it is gone")


async def test_a_recipient_that_was_just_typed_is_checked_before_anything_is_sent(
    tmp_path, sandbox
):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        await program.create("old-mill")
        sheet = await open_many(program)
        await until(lambda: sheet.message.has_message, "a message is written")
        sheet.fields.to.set_text("ann@example.com")
        await until(lambda: sheet.submit_button.text() == "Send 1 message", "one is ready")
        type_into(sheet.gate_list.reason, "She called")
        press_ctrl_enter(sheet)
        sheet.customers.select(1)
        sheet.fields.to.set_text("bo@example.com")
        press_ctrl_enter(sheet)
        press_ctrl_enter(sheet)
        await until(lambda: not sheet.is_busy, "it looked again")
        assert not is_gone(sheet)
        assert sheet.submit_button.text() == "Send 2 messages"
        assert sandbox.mailbox.counters.connections == 0
        sheet.reject()


async def test_what_was_cancelled_while_it_was_saved_is_not_sent(tmp_path, sandbox, monkeypatch):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.to.set_text("ann@example.com")
        press_ctrl_enter(sheet)
        sending, may_go_on = program.session.services.sending, asyncio.Event()
        look_again = sending.look_again

        async def slow(facts):
            await may_go_on.wait()
            return await look_again(facts)

        monkeypatch.setattr(sending, "look_again", slow)
        press_ctrl_enter(sheet)
        assert sheet.is_busy
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        may_go_on.set()
        await until(lambda: not sheet.is_busy, "it is cancelled")
        assert sheet.isVisible()
        assert await deliveries(program, portal) == []
        sheet.reject()


async def test_a_link_that_is_copied_from_the_message_is_cleared_like_any_other(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.set_channel(SendChannel.MAILTO)
        link = await program.session.services.portals.url_of(portal.portal_id)
        url = link_for_text(link.reveal())
        text = sheet.message._text
        await until(lambda: text.isVisible() and url in text.toPlainText(), "the text is shown")
        text.selectAll()
        QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert url in QGuiApplication.clipboard().text()
        program.controller.clipboard.clear_if_ours()
        assert url not in QGuiApplication.clipboard().text()
        sheet.reject()
