"""Adding and changing senders: what is filled in, checked, refused, and never shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.oauth import MICROSOFT
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.providers import guess_account
from seam_portal_desktop.domain.message.recipients.rules import RecipientRules
from seam_portal_desktop.domain.message.sender import (
    MailAccount,
    Pace,
    Security,
    SenderIdentity,
    SignIn,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.senders.dialog import SenderDialog
from seam_portal_desktop.ui.toolkit.icons import Icons

SENDER = SenderIdentity(
    "s1",
    "ws",
    MailAddress("ops@example.com", "Acme Stays"),
    MailAccount(
        "smtp.example.com",
        465,
        Security.TLS,
        username="ops",
        pace=Pace(3, 100, per_minute=20, per_day=400),
    ),
    reply_to=MailAddress("desk@example.com"),
    company="Acme",
    operator="Dana",
    signature="Acme\nStays",
    keep_copy=True,
    own_fields={"help_line": "+1 202 555 0100"},
)


@pytest.fixture
def dialog(theme, qtbot):
    dialog = SenderDialog(
        "ws",
        guess_account,
        (MICROSOFT,),
        theme,
        Icons(theme),
        rules=RecipientRules(internal=("mail.local",)),
    )
    qtbot.addWidget(dialog, before_close_func=lambda made: made.set_busy(False))
    dialog.show_senders((), default_id="", with_secret=frozenset())
    dialog.open()
    return dialog


@pytest.fixture
def checked(dialog):
    emitted: list[tuple] = []
    dialog.check_requested.connect(lambda *args: emitted.append(args))
    return emitted


def type_address(dialog, qtbot, address: str) -> None:
    dialog.address.edit.clear()
    qtbot.keyClicks(dialog.address.edit, address)


def button(dialog, text: str) -> QPushButton:
    return next(
        found
        for found in dialog.findChildren(QPushButton)
        if found.text() == text and found.isVisibleTo(dialog)
    )


def test_an_address_and_a_password_are_enough_where_the_provider_is_known(dialog, checked, qtbot):
    type_address(dialog, qtbot, "ops@gmail.com")
    qtbot.keyClicks(dialog.account.password.edit, "app password")
    qtbot.keyClick(dialog.account.password.edit, Qt.Key.Key_Return)
    ((identity, secret, is_default),) = checked
    assert identity.mail == MailAddress("ops@gmail.com")
    assert identity.workspace_id == "ws"
    assert (identity.account.host, identity.account.username) == ("smtp.gmail.com", "ops@gmail.com")
    assert identity.account.sign_in is SignIn.PASSWORD
    assert secret == Secret("app password")
    assert is_default


def test_microsoft_wants_a_sign_in_and_a_client_id(dialog, checked, qtbot):
    type_address(dialog, qtbot, "ops@outlook.com")
    assert not dialog.account.password.isVisibleTo(dialog)
    dialog.submit()
    assert checked == []
    assert dialog.account.client_id.note.label.text() == "Ask your administrator for it."
    qtbot.keyClicks(dialog.account.client_id.edit, "11111111-2222")
    dialog.submit()
    ((identity, secret, _),) = checked
    assert (identity.account.sign_in, identity.account.provider) == (SignIn.OAUTH, "microsoft")
    assert secret is None


def test_a_typed_server_brings_its_limits_and_chosen_ones_stay(dialog, qtbot):
    account = dialog.account
    qtbot.keyClicks(account.host.edit, "smtp.office365.com")
    account.host.edit.editingFinished.emit()  # the fold is closed, so the field has no focus
    pace = account.account("ops@example.com").pace
    assert (pace.connections, pace.per_minute, pace.per_day) == (3, 30, 10_000)

    account.per_minute.setValue(10)
    account.host.edit.editingFinished.emit()
    assert account.account("ops@example.com").pace.per_minute == 10


def test_a_typed_server_is_not_replaced(dialog, qtbot):
    qtbot.keyClicks(dialog.account.host.edit, "relay.example.com")
    type_address(dialog, qtbot, "ops@gmail.com")
    assert dialog.account.host.edit.text() == "relay.example.com"


def test_a_stored_sender_comes_back_as_it_was(dialog, checked):
    dialog.show_senders([SENDER], default_id="s1", with_secret=frozenset({"s1"}))
    assert dialog.account.password.edit.placeholderText() == "Unchanged"
    dialog.submit()
    mails = replace(SENDER.account, pace=replace(SENDER.account.pace))
    assert checked == [(replace(SENDER, account=mails), None, True)]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "Type the address that recipients see."),
        ("ops", None),
        ("ops@printer.lan", None),
    ],
)
def test_what_is_no_address_is_said_at_the_field(dialog, checked, qtbot, address, sentence):
    type_address(dialog, qtbot, address)
    dialog.submit()
    assert checked == []
    assert dialog.address.edit.hasFocus()
    shown = dialog.address.note.label.text()
    assert shown == sentence if sentence is not None else shown


def test_an_internal_address_that_the_policy_knows_is_one(dialog, checked, qtbot):
    type_address(dialog, qtbot, "ops@mail.local")
    qtbot.keyClicks(dialog.account.host.edit, "mail.local")
    dialog.submit()
    assert len(checked) == 1


def test_nothing_travels_readable_but_on_this_computer(dialog, checked, qtbot):
    type_address(dialog, qtbot, "ops@example.com")
    qtbot.keyClicks(dialog.account.host.edit, "smtp.example.com")
    dialog.account.security.set_value(Security.NONE)
    assert dialog.account.port.value() == 25
    dialog.submit()
    assert checked == []
    assert "only a server on this computer" in dialog.account.security_note.label.text()
    dialog.account.host.edit.setText("127.0.0.1")
    dialog.submit()
    assert len(checked) == 1


@pytest.mark.parametrize("line", ["no colon", "2nd: x", "_hidden: x", ": x"])
def test_a_line_that_is_no_field_is_named(dialog, checked, line):
    dialog.show_senders([SENDER], default_id="", with_secret=frozenset())
    dialog.own_fields.setPlainText(f"desk: 3\n{line}")
    dialog.submit()
    assert checked == []
    assert line in dialog.own_note.label.text()


def test_a_refusal_can_be_saved_all_the_same(dialog, checked, qtbot):
    saved: list[tuple] = []
    dialog.save_requested.connect(lambda *args: saved.append(args))
    dialog.show_senders([SENDER], default_id="s1", with_secret=frozenset())
    dialog.submit()
    dialog.set_busy(True)
    assert dialog.name.edit.isReadOnly()
    dialog.show_check_error(
        MailError("The server refused the password", "Type it again.", trouble=MailTrouble.ACCOUNT)
    )
    assert not dialog.name.edit.isReadOnly()
    qtbot.mouseClick(button(dialog, "Save without checking"), Qt.MouseButton.LeftButton)
    assert [identity for identity, *_ in saved] == [SENDER]


def test_the_password_is_gone_when_the_dialog_is_closed(dialog, qtbot):
    qtbot.keyClicks(dialog.account.password.edit, "app password")
    dialog.reject()
    assert dialog.account.password.edit.text() == ""
    assert not dialog.account.password.edit.isUndoAvailable()
