"""Sending a link with the Send… sheet, to the sandbox's mailbox."""

from __future__ import annotations

import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryState, SendChannel
from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text
from seam_portal_desktop.domain.message.sender import MailAccount, Security, SenderIdentity, SignIn
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.preview.kinds import CheckLevel, PreviewMode
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.mail.faults import MailFault, SmtpPhase
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from seam_portal_desktop.ui.send.sheet import SendSheet
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.preview_records import stored_report
from tests.support.program import Program, connected_program, is_gone, press, type_into, until_shows
from tests.support.sandboxes import running_sandbox
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


@pytest.fixture
def sandbox():
    with running_sandbox(SandboxConfig(port=0, smtp_port=0)) as server:
        yield server


@asynccontextmanager
async def program_with_sender(
    folder: Path, sandbox: SandboxServer, *, undo_seconds: int = 0
) -> AsyncIterator[tuple[Program, PortalRecord]]:
    """The program with a sender, and a portal whose preview found nothing wrong."""
    async with connected_program(folder, sandbox, pages=False) as program:
        services, mailbox = program.session.services, sandbox.mailbox
        account = MailAccount(
            mailbox.host, mailbox.port, Security.NONE, SignIn.PASSWORD, mailbox.username
        )
        await services.senders.save(
            SenderIdentity("ops", sandbox.workspace_id, MailAddress("ops@acme.example"), account),
            Secret(mailbox.password),
        )
        program.controller.sending.undo_seconds = undo_seconds
        portal = await program.create("harbor-hotel")
        await services.ledger.mark_previewed(portal.portal_id, system_clock(), PreviewMode.LIVE)
        await services.ledger.record_report(portal.portal_id, stored_report(CheckLevel.OK))
        await until(lambda: program.row("harbor-hotel").previewed_at, "it counts as previewed")
        yield program, program.row("harbor-hotel")


async def open_sheet(program: Program) -> SendSheet:
    """Ctrl+Enter, and wait for the message."""
    assert program.window.actions_.send.shortcut().toString() == "Ctrl+Return"
    program.window.actions_.send.trigger()
    sheet = await program.dialog(SendSheet)
    await until(sheet.message.subject.text, "the message is written")
    return sheet


def press_ctrl_enter(sheet: SendSheet) -> None:
    sheet.submit_button.pause.stop()  # as if the user had waited for the time of a double click
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


async def deliveries(program: Program, portal: PortalRecord) -> list[Delivery]:
    return list(await program.session.services.ledger.deliveries.deliveries_of(portal.portal_id))


async def test_a_link_is_sent_with_three_keystrokes_besides_typing(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        QTest.keyClicks(sheet.fields.to.edit, "Ann Miller <ann@example.com>")
        press_ctrl_enter(sheet)
        assert sheet.submit_button.text() == "Yes, send to ann@example.com"
        press_ctrl_enter(sheet)
        await until(lambda: is_gone(sheet), "the sheet is closed")
        await until(sandbox.mailbox.messages, "it arrived")
        (mail,) = sandbox.mailbox.messages()
        assert mail.recipients == ("ann@example.com",)
        message = email.message_from_bytes(mail.raw, policy=email.policy.default)
        url = (await program.session.services.portals.url_of(portal.portal_id)).reveal()
        assert link_for_text(url) in message.get_body(("plain",)).get_content()
        await until(
            lambda: program.message() == "Sent to \u2068ann@example.com\u2069.", "it says so"
        )
        assert program.row("harbor-hotel").sent is not None
        (delivery,) = await deliveries(program, portal)
        assert "never used for this customer" in delivery.content.override_reason

        # She is remembered: the next link needs two keystrokes.
        sheet = await open_sheet(program)
        assert sheet.fields.to.text() == "Ann Miller <ann@example.com>"
        assert [item.kind.value for item in sheet.gate_list.items] == ["already_sent"]


async def test_what_was_undone_never_goes_out(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox, undo_seconds=10) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.to.set_text("ann@example.com")
        press_ctrl_enter(sheet)
        press_ctrl_enter(sheet)
        await until(lambda: is_gone(sheet), "the sheet is closed")
        await until(lambda: "in 10 s" in program.message(), "the countdown is shown")
        press(program.window.status_area, "Undo")
        await until(lambda: "got nothing" in program.message(), "it says that nothing left")
        (delivery,) = await deliveries(program, portal)
        assert delivery.state is DeliveryState.UNDONE
        assert sandbox.mailbox.counters.connections == 0
        assert program.row("harbor-hotel").sent is None


async def test_a_refusal_is_an_error_that_stays(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        sandbox.mailbox.faults.add(
            MailFault(
                SmtpPhase.RCPT, code=550, text="5.1.1 No such user", address="ann@example.com"
            )
        )
        sheet = await open_sheet(program)
        sheet.fields.to.set_text("ann@example.com")
        press_ctrl_enter(sheet)
        press_ctrl_enter(sheet)
        error = await until(program.error, "the refusal is shown")
        assert error.title == "Not sent to \u2068ann@example.com\u2069"
        assert program.row("harbor-hotel").sent is None
        assert sandbox.mailbox.messages() == ()


async def test_a_warning_is_overridden_with_a_reason(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        unseen = await program.create("old-mill")
        sheet = await open_sheet(program)
        sheet.fields.to.set_text("ann@example.com")
        press_ctrl_enter(sheet)
        assert sheet.gate_list.reason.hasFocus()
        type_into(sheet.gate_list.reason, "She waits at the door")
        press_ctrl_enter(sheet)
        press_ctrl_enter(sheet)
        await until(sandbox.mailbox.messages, "it arrived")
        (delivery,) = await deliveries(program, unseen)
        assert delivery.content.override_reason.startswith("She waits at the door")


async def test_what_was_entered_is_there_after_a_look_at_the_preview(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        await program.create("old-mill")
        sheet = await open_sheet(program)
        sheet.fields.to.set_text("ann@example.com")
        await until_shows(sheet, "Nobody has looked at this portal yet.")
        press(sheet, "Preview")
        await until(lambda: is_gone(sheet), "the sheet is closed")
        sheet = await open_sheet(program)
        assert sheet.fields.to.text() == "ann@example.com"


async def test_a_test_goes_to_the_sender_only(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        press(sheet, "Send a test to myself")
        await until(sandbox.mailbox.messages, "it arrived")
        assert sandbox.mailbox.messages()[0].recipients == ("ops@acme.example",)
        assert await deliveries(program, portal) == []
        assert sheet.isVisible()
        sheet.reject()


async def test_several_links_are_sent_at_once_each_to_its_customer(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        for key in ("old-mill", "casa-verde"):
            await program.create(key)
        program.window.pane.table.selectAll()
        await until(lambda: len(program.selected()) == 3, "all are selected")
        program.window.actions_.send.trigger()
        sheet = await program.dialog(SendSheet)
        await until(lambda: sheet.message.has_message, "a message is written")
        keys = [row.customer_key for row in program.selected()]
        for at, key in enumerate(keys[:2]):
            sheet.customers.select(at)
            sheet.fields.to.set_text(f"{key}@example.com")
        # The third has no recipient, and is left out.
        await until(lambda: sheet.submit_button.text() == "Send 2 messages", "two are ready")
        type_into(sheet.gate_list.reason, "They called")
        press_ctrl_enter(sheet)
        assert sheet.submit_button.text() == "Yes, send 2 messages"
        press_ctrl_enter(sheet)
        await until(lambda: is_gone(sheet), "the sheet is closed")
        await until(lambda: len(sandbox.mailbox.messages()) == 2, "both arrived")
        for mail in sandbox.mailbox.messages():
            (address,) = mail.recipients
            made = program.row(address.partition("@")[0])
            url = (await program.session.services.portals.url_of(made.portal_id)).reveal()
            message = email.message_from_bytes(mail.raw, policy=email.policy.default)
            assert link_for_text(url) in message.get_body(("plain",)).get_content()
        await until(lambda: program.message() == "2 messages sent.", "it says so")


async def test_what_is_copied_is_handed_over_and_not_sent(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.set_channel(SendChannel.COPY_HTML)
        assert sheet.submit_button.text() == "Copy the message"
        press_ctrl_enter(sheet)
        await until(lambda: is_gone(sheet), "the sheet is closed")
        url = (await program.session.services.portals.url_of(portal.portal_id)).reveal()
        data = QGuiApplication.clipboard().mimeData()
        assert link_for_text(url) in data.text()
        assert data.hasHtml()
        (delivery,) = await deliveries(program, portal)
        assert delivery.state is DeliveryState.HANDED_OVER
        assert program.row("harbor-hotel").sent is None
        press(program.window.status_area, "It was sent")
        await until(lambda: program.row("harbor-hotel").sent, "it is marked as sent")


async def test_a_channel_without_a_program_for_it_is_taken_back(tmp_path, sandbox, monkeypatch):
    opened: list[str] = []

    def refuse(url) -> bool:
        opened.append(url.toString(url.ComponentFormattingOption.FullyEncoded))
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", refuse)
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.set_channel(SendChannel.MAILTO)
        sheet.fields.to.set_text("ann@example.com")
        press_ctrl_enter(sheet)
        press_ctrl_enter(sheet)
        await until(lambda: opened, "the mail program is asked for")
        assert opened[0].startswith("mailto:ann@example.com?subject=")
        await until(lambda: "No program" in program.message(), "it says so")
        (delivery,) = await deliveries(program, portal)
        assert delivery.state is DeliveryState.UNDONE


@pytest.mark.parametrize(
    ("name", "start"), [("code.png", b"\x89PNG"), ("code.svg", b"<?xml"), ("code.pdf", b"%PDF")]
)
async def test_a_qr_code_is_shown_and_saved(tmp_path, sandbox, monkeypatch, name, start):
    target = tmp_path / name
    monkeypatch.setattr(
        "seam_portal_desktop.ui.send.handover.choose_save_file",
        lambda *arguments, on_cancelled: arguments[4](target),
    )
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        sheet = await open_sheet(program)
        sheet.fields.set_channel(SendChannel.QR_CODE)
        await until(sheet.message._picture.isVisible, "the code is shown")
        press_ctrl_enter(sheet)
        await until(lambda: "QR code saved" in program.message(), "it is saved")
        assert target.read_bytes().startswith(start)
        (delivery,) = await deliveries(program, portal)
        assert delivery.state is DeliveryState.HANDED_OVER


async def test_a_text_message_says_how_many_parts_it_has(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _portal):
        sheet = await open_sheet(program)
        sheet.fields.set_channel(SendChannel.SMS)
        sheet.fields.phone.set_text("Ann <+1 202 555 0100>; nobody")
        await until_shows(sheet, "text message")
        assert [each.address for each in sheet.fields.recipients().to] == ["+1 202 555 0100"]
        assert "no phone number" in sheet.fields.phone.note.label.text()
        assert not sheet.submit_button.isEnabled()
        sheet.fields.phone.set_text("Ann <+1 202 555 0100>")
        assert sheet.submit_button.isEnabled()
