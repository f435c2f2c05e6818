"""A renewed link is sent as the old one was, and senders may keep a copy."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

import pytest

from seam_portal_desktop.ui.send.sheet import SendSheet
from tests.end_to_end.test_send_window import (
    deliveries,
    open_sheet,
    press_ctrl_enter,
    program_with_sender,
    sandbox,
)
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import is_gone
from tests.support.until import until

__all__ = ["sandbox"]

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


async def send_to_ann(program, sandbox) -> None:
    sheet = await open_sheet(program)
    sheet.fields.to.set_text("Ann Miller <ann@example.com>")
    press_ctrl_enter(sheet)
    press_ctrl_enter(sheet)
    await until(lambda: is_gone(sheet), "the sheet is closed")
    await until(sandbox.mailbox.messages, "it arrived")
    await until(lambda: program.row("harbor-hotel").sent, "the row says so")


async def test_a_renewed_link_goes_to_whom_the_old_one_went(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, old):
        await send_to_ann(program, sandbox)
        sandbox.mailbox.clear()
        program.window.actions_.renew_and_send.trigger()
        sheet = await program.dialog(SendSheet)
        await until(sheet.message.subject.text, "the message is written")
        assert sheet.fields.to.text() == "Ann Miller <ann@example.com>"
        (new,) = sheet.portals
        assert new.renewed_from == old.portal_id
        (earlier,) = await deliveries(program, old)
        assert sheet.fields.template.name == earlier.template
        assert sandbox.mailbox.messages() == (), "nothing is sent before the press"


async def test_renewing_alone_opens_no_sheet(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, _old):
        await send_to_ann(program, sandbox)
        program.window.actions_.renew.trigger()
        await until(lambda: "New link for" in program.message(), "it is renewed")
        assert program.window.findChildren(SendSheet) == []


async def test_a_sender_gets_a_hidden_copy_if_wanted(tmp_path, sandbox):
    async with program_with_sender(tmp_path, sandbox) as (program, portal):
        senders = program.session.services.senders
        sender = senders.get("ops")
        await senders.save(replace(sender, keep_copy=True))
        await send_to_ann(program, sandbox)
        (mail,) = sandbox.mailbox.messages()
        assert mail.recipients == ("ann@example.com", "ops@acme.example")
        message = email.message_from_bytes(mail.raw, policy=email.policy.default)
        assert "Bcc" not in message
        assert "ops@acme.example" not in str(message["To"]) + str(message["Cc"])
        (delivery,) = await deliveries(program, portal)
        assert [each.address for each in delivery.content.recipients.bcc] == ["ops@acme.example"]
