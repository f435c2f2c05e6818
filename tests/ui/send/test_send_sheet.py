"""The Send… sheet alone: what it shows, and what a press of its button does."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem, GateKind, GateLevel
from seam_portal_desktop.domain.message.recipients.parsing import parse_recipients
from seam_portal_desktop.domain.message.sender import MailAccount, SenderIdentity
from seam_portal_desktop.domain.message.template import (
    MessageTemplate,
    RenderedMessage,
    TemplateError,
    TemplatePart,
)
from seam_portal_desktop.ui.send.message_pane import MessageForm, ShownMessage
from seam_portal_desktop.ui.send.recipient_field import RecipientField
from seam_portal_desktop.ui.send.sheet import SendSheet
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.portal_rows import created

TOKEN = "seam_cst_not_a_real_token"
TEXT = f"Your portal: https://portal.example.com/portals/1?token={TOKEN}"
RENDERED = RenderedMessage("Your portal is ready", TEXT)
OPS = SenderIdentity(
    "ops", "ws", MailAddress("ops@acme.example", "Acme"), MailAccount("mail.example", 465)
)
TEMPLATE = MessageTemplate("t", "Portal link", "en-US", "Your portal", "{{ url }}")
NEW = GateItem(
    GateKind.NEW_RECIPIENT,
    GateLevel.ASK,
    "ann@example.com was never used for this customer.",
    GateFix.EDIT_RECIPIENTS,
)
UNSEEN = GateItem(
    GateKind.NEVER_PREVIEWED, GateLevel.ASK, "Nobody has looked at it yet.", GateFix.PREVIEW
)
REVOKED = GateItem(GateKind.REVOKED, GateLevel.BLOCK, "The link is revoked.", GateFix.RENEW)


@pytest.fixture
def sheet(theme, qtbot):
    portal = created("one", "harbor-hotel")
    sheet = SendSheet([portal], theme, Icons(theme), remove_profile=lambda delete: delete())
    qtbot.addWidget(sheet)
    sheet.fields.set_parse(parse_recipients)
    sheet.fields.set_senders([OPS], "")
    sheet.fields.set_templates([TEMPLATE], "t")
    sheet.fields.to.set_text("Ann <ann@example.com>")
    sheet.message.show_message(ShownMessage(RENDERED, forms=((MessageForm.TEXT, TEXT),)))
    sheet.set_gate([], ready=1)
    sheet.open()
    yield sheet
    sheet.set_busy(False)
    sheet.reject()


@pytest.fixture
def sent(sheet):
    presses: list[bool] = []
    sheet.send_requested.connect(lambda: presses.append(True))
    return presses


def press(sheet: SendSheet) -> None:
    """Ctrl+Enter in the field that has the focus."""
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_button_says_what_it_will_do(sheet):
    assert sheet.submit_button.text() == "Send to ann@example.com"
    sheet.fields.to.set_text("ann@example.com; Bo <bo@example.com>\ncy@example.com")
    sheet.set_gate([], ready=1)
    assert sheet.submit_button.text() == "Send to 3 people"
    sheet.fields.set_channel(SendChannel.EML)
    assert sheet.submit_button.text() == "Save draft…"
    sheet.fields.to.set_text("r&d@example.com")
    sheet.fields.set_channel(SendChannel.SMTP)
    assert sheet.submit_button.text() == "Send to r&&d@example.com"


def test_a_double_click_sends_once(sheet, sent):
    QTest.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    assert sent == [True]


def test_a_held_key_sends_nothing_and_a_second_press_neither(sheet, sent):
    repeat = QKeyEvent(
        QEvent.Type.KeyPress,
        Qt.Key.Key_Return,
        Qt.KeyboardModifier.ControlModifier,
        "\r",
        autorep=True,
    )
    QApplication.sendEvent(sheet, repeat)
    QApplication.sendEvent(sheet.fields.to.edit, repeat)
    assert sent == []
    press(sheet)
    press(sheet)
    QApplication.sendEvent(sheet, repeat)
    assert sent == [True]


def test_enter_in_the_recipients_sends(sheet, sent):
    QTest.keyClick(sheet.fields.to.edit, Qt.Key.Key_Return)
    assert sent == [True]


def test_what_blocks_disables_the_button_and_names_the_reason(sheet, sent):
    sheet.set_gate([REVOKED], ready=0)
    assert not sheet.submit_button.isEnabled()
    assert sheet.submit_button.accessibleDescription() == "The link is revoked."
    press(sheet)
    assert sent == []
    asked: list[GateItem] = []
    sheet.fix_requested.connect(asked.append)
    button = next(
        each for each in sheet.gate_list.findChildren(QPushButton) if each.text() == "Renew…"
    )
    button.click()
    assert asked == [REVOKED]


def test_a_new_recipient_is_confirmed_by_a_second_press(sheet, sent):
    sheet.set_gate([NEW], ready=1)
    press(sheet)
    assert sent == []
    assert sheet.submit_button.text() == "Yes, send to ann@example.com"
    press(sheet)  # of a double press
    assert sent == []
    sheet.submit_button.pause.stop()
    press(sheet)
    assert sent == [True]


def test_other_warnings_want_a_reason(sheet, sent):
    sheet.set_gate([UNSEEN], ready=1)
    press(sheet)
    assert sent == []
    assert sheet.gate_list.reason.hasFocus()
    QTest.keyClicks(sheet.gate_list.reason, "She waits at the door")
    press(sheet)
    assert sent == [True]
    assert sheet.gate_list.reason_text() == "She waits at the door"


def test_without_a_message_nothing_is_sent(sheet, sent):
    error = TemplateError("A name is unknown.", "Remove it.", part=TemplatePart.HTML, line=12)
    sheet.message.show_error(error)
    sheet.set_gate([], ready=0)
    assert not sheet.submit_button.isEnabled()
    press(sheet)
    assert sent == []


def test_several_in_sight_of_each_other_move_to_bcc(sheet):
    sheet.fields.to.set_text("ann@example.com, bo@example.com")
    item = GateItem(GateKind.MANY_VISIBLE, GateLevel.ASK, "They see each other.", GateFix.USE_BCC)
    sheet.set_gate([item], ready=1)
    sheet.gate_list.findChildren(QPushButton)[0].click()
    recipients = sheet.fields.recipients()
    assert not recipients.to
    assert [each.address for each in recipients.bcc] == ["ann@example.com", "bo@example.com"]


def test_a_forbidden_channel_says_so(sheet):
    sheet.fields.forbid_channels({SendChannel.SMS: "Your organisation doesn’t allow it."})
    at = sheet.fields.channel_box.findData(SendChannel.SMS.value)
    assert "not allowed" in sheet.fields.channel_box.itemText(at)
    item = sheet.fields.channel_box.model().item(at)
    assert not item.isEnabled()
    assert item.toolTip() == "Your organisation doesn’t allow it."


def test_the_sender_is_chosen_where_there_are_several(sheet):
    assert sheet.fields.identity is OPS
    assert not sheet.fields.sender_box.isVisible()
    desk = replace(OPS, sender_id="desk", mail=MailAddress("desk@acme.example"))
    sheet.fields.set_senders([OPS, desk], "desk")
    assert sheet.fields.sender_box.isVisible()
    assert sheet.fields.identity is desk


def test_the_token_is_in_the_message_only(sheet):
    assert TOKEN not in sheet.windowTitle()
    for child in sheet.findChildren(QPushButton):
        assert TOKEN not in f"{child.text()} {child.toolTip()} {child.accessibleName()}"
    assert TOKEN not in sheet.message.accessibleName()


@pytest.fixture
def field(theme, qtbot):
    field = RecipientField("To", Icons(theme), offers=True)
    qtbot.addWidget(field)
    field.set_parse(parse_recipients)
    field.set_suggestions([MailAddress("ann@example.com", "Ann"), MailAddress("bo@example.com")])
    field.show()
    return field


def test_a_pasted_list_is_read_with_its_line_breaks(field):
    QApplication.clipboard().setText("Ann <ann@example.com>\nbo@example.com;cy@example.com")
    field.edit.paste()
    assert [each.address for each in field.parsed.addresses] == [
        "ann@example.com",
        "bo@example.com",
        "cy@example.com",
    ]


def test_a_mistyped_domain_is_corrected_with_one_click(field):
    field.set_text("bo@example.com, ann@gmail.con")
    assert field.use_suggestion.isVisible()
    field.use_suggestion.click()
    assert field.text() == "bo@example.com, ann@gmail.com"
    assert not field.use_suggestion.isVisible()


def test_the_last_recipient_is_completed(field):
    field.edit.setText("cy@example.com, an")
    completer = field.edit.completer()
    completer.setCompletionPrefix(completer.splitPath(field.text())[0])
    assert completer.currentCompletion() == "cy@example.com, Ann <ann@example.com>"


def test_an_empty_field_offers_the_known_recipients(field):
    offers = [each for each in field.findChildren(QPushButton) if "@" in each.text()]
    assert [each.text() for each in offers if each.isVisible()] == [
        "Ann <ann@example.com>",
        "bo@example.com",
    ]
    offers[0].click()
    assert field.text() == "Ann <ann@example.com>"
    assert not offers[0].isVisible()


def test_a_sheet_that_is_gone_has_nothing_to_do_with_the_theme(theme, qtbot):
    portal = created("one", "harbor-hotel")
    gone = SendSheet([portal], theme, Icons(theme), remove_profile=lambda delete: delete())
    shiboken6.delete(gone)
    with qtbot.captureExceptions() as raised:
        theme.changed.emit()
    assert raised == []
