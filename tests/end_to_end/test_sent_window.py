"""After a link was sent: its message is shown, sent again, confirmed and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.message.delivery import DeliveryState, SendChannel
from seam_portal_desktop.ui.portal.panel import PortalTab
from seam_portal_desktop.ui.send.sheet import SendSheet
from seam_portal_desktop.ui.sent.do_not_send_dialog import DoNotSendDialog
from seam_portal_desktop.ui.sent.message_dialog import SentMessageDialog
from tests.support.bounces import ORIGINAL_ID, POSTFIX
from tests.support.deliveries import content, delivery
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import connected_program, is_gone, press, type_into, until_shows
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

MAIL = (
    b"From: Harbor desk <desk@example.com>\r\nTo: Ann <ann@example.com>\r\n"
    b"Subject: Your link\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Here it is: https://portal.example/portals/0?token=seam_cst_fake\r\n"
)


async def with_delivery(program, **fields):
    """A portal with one delivery that an earlier run left. Its activity is shown."""
    portal = await program.create("harbor-hotel")
    made = delivery(
        "d1",
        portal.portal_id,
        **{
            "workspace_id": portal.workspace_id,
            "at": system_clock(),
            "due_at": None,
            "content": content("ann@example.com", message=MAIL),
            **fields,
        },
    )
    await program.session.services.ledger.deliveries.record_deliveries([made])
    program.window.show_portal(PortalTab.ACTIVITY)
    await until(lambda: "Show the message" in offered(program), "its card is shown")
    return made


def offered(program) -> list[str]:
    messages = program.window.portal.activity.messages
    return [each.text() for each in messages.findChildren(QPushButton) if each.isVisible()]


async def state_of(program, made) -> DeliveryState:
    store = program.session.services.ledger.deliveries
    return (await store.deliveries_of(made.portal_id))[0].state


async def test_the_sealed_copy_is_shown_as_it_was_sent(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        await with_delivery(program, state=DeliveryState.SENT)
        press(program.window.portal.activity.messages, "Show the message")
        dialog = await program.dialog(SentMessageDialog)
        await until_shows(dialog, "Your link")
        await until_shows(dialog, "From: Harbor desk <desk@example.com>")
        assert "token=seam_cst_fake" in dialog.message._text.toPlainText()
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "it is closed")


async def test_send_again_opens_the_sheet_with_these_recipients(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        await with_delivery(program, state=DeliveryState.RETURNED)
        press(program.window.portal.activity.messages, "Send again…")
        sheet = await program.dialog(SendSheet)
        await until(lambda: sheet.fields.to.text() == "ann@example.com", "they are filled in")
        assert sheet.fields.channel is SendChannel.SMTP
        sheet.reject()
        await until(lambda: is_gone(sheet), "it is closed")


@pytest.mark.parametrize(
    ("words", "state"),
    [("It was sent", DeliveryState.SENT), ("It wasn’t sent", DeliveryState.UNDONE)],
)
async def test_the_user_says_what_became_of_a_draft(tmp_path, sandbox, words, state):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        fields = {"channel": SendChannel.EML, "state": DeliveryState.HANDED_OVER}
        made = await with_delivery(program, **fields)
        press(program.window.portal.activity.messages, words)
        await until(lambda: words not in offered(program), "it is settled")
        assert await state_of(program, made) is state
        is_sent = program.row("harbor-hotel").sent is not None
        assert is_sent is (state is DeliveryState.SENT)


def drop(program, path) -> bool:
    """Drop the file on the window. False if the window doesn't take it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    taken = True
    for kind in (QDragEnterEvent, QDropEvent):
        position = QPoint(20, 20) if kind is QDragEnterEvent else QPointF(20, 20)
        event = kind(
            position,
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.setAccepted(False)
        QApplication.sendEvent(program.window, event)
        taken = taken and event.isAccepted()
    return taken


async def test_a_returned_mail_that_is_dropped_selects_its_row(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        made = await with_delivery(
            program,
            state=DeliveryState.SENT,
            message_id=ORIGINAL_ID,
            content=content("ann@example.org", message=MAIL),
        )
        await program.create("old-mill")
        await program.select("old-mill")
        mail = tmp_path / "Returned.EML"
        mail.write_text(POSTFIX)
        assert drop(program, mail)
        await until(
            lambda: [each.customer_key for each in program.selected()] == ["harbor-hotel"],
            "its row is selected",
        )
        await until(lambda: "came back" in program.message(), "it says whose mail came back")
        assert "ann@example.org" in program.message()
        assert program.window.portal.tab is PortalTab.ACTIVITY
        assert await state_of(program, made) is DeliveryState.RETURNED


@pytest.mark.parametrize(
    ("name", "mail", "sentence"),
    [
        ("other.eml", b"Subject: Hello\n\nHow are you?\n", "returned mail"),
        ("strange.eml", POSTFIX.encode(), "none of your links"),
        ("outlook.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Outlook"),
        ("empty.eml", b"", ""),
        ("garbage.eml", bytes(range(256)) * 400, ""),
        ("large.eml", b"x" * (10 * 1024 * 1024 + 1), "too large"),
    ],
)
async def test_other_files_get_a_sentence(tmp_path, sandbox, name, mail, sentence):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        path = tmp_path / name
        path.write_bytes(mail)
        assert drop(program, path)
        error = await until(program.error, "it says why")
        assert sentence in f"{error.title} {error.message}"
        assert error.message


async def test_the_do_not_send_list_is_changed_and_counts(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        made = await with_delivery(program, state=DeliveryState.FAILED)
        program.window.actions_.do_not_send.trigger()
        dialog = await program.dialog(DoNotSendDialog)
        await until(lambda: not dialog.is_busy, "the list is read")
        type_into(dialog.target.edit, "two words")
        type_into(dialog.reason.edit, "Left us")
        dialog.submit()
        await until(lambda: "such as" in dialog.target.note.label.text(), "it is refused")
        type_into(dialog.target.edit, "Example.com")
        dialog.submit()
        await until(lambda: dialog.table.rowCount() == 1, "it is on the list")
        texts = [dialog.table.item(0, column).text() for column in range(2)]
        assert texts == ["example.com", "Left us"]
        assert dialog.target.edit.text() == ""

        # It counts for what is tried again.
        outbox = program.session.services.outbox
        await outbox.try_again(made)
        await until(lambda: outbox.pending.total == 0, "nothing waits")
        assert await state_of(program, made) is DeliveryState.FAILED

        dialog.table.selectRow(0)
        dialog.remove.click()
        await until(lambda: dialog.table.rowCount() == 0, "it is removed")
        assert dialog.target.edit.text() == "example.com"  # Add brings it back
        dialog.reject()
        await until(lambda: is_gone(dialog), "it is closed")


async def test_what_waits_can_be_taken_back(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        made = await with_delivery(program, state=DeliveryState.WAITING, due_at=system_clock())
        press(program.window.portal.activity.messages, "Undo")
        await until(lambda: "Undo" not in offered(program), "it is undone")
        assert await state_of(program, made) is DeliveryState.UNDONE


async def test_a_paused_sender_goes_on_from_here(tmp_path, sandbox):
    """Its account is gone, which pauses it again."""
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        outbox = program.session.services.outbox
        made = await with_delivery(program, state=DeliveryState.FAILED)
        await outbox.try_again(replace(made, state=DeliveryState.FAILED))
        await until(lambda: outbox.paused(made.sender_id) is not None, "it is paused")
        await until(lambda: "Resume" in offered(program), "it can go on")
        press(program.window.portal.activity.messages, "Resume")
        await until(lambda: outbox.paused(made.sender_id) is not None, "it is paused again")
