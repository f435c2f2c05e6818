"""Connecting a workspace: what is recognised, checked, saved, refused, and never shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.endpoint import DEFAULT_ENDPOINT
from seam_portal_desktop.domain.errors import (
    InvalidRequestError,
    SecretStoreLockedError,
    SecretTooLongError,
    UnauthorizedError,
)
from seam_portal_desktop.domain.workspace import Workspace
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.workspaces.connect_dialog import ConnectWorkspaceDialog

KEY = "seam_test_not_a_real_key"
TOKEN = "seam_at_not_a_real_token"
WORKSPACE_ID = "11111111-2222-3333-4444-555555555555"
SANDBOX = Workspace(WORKSPACE_ID, "Acme sandbox", "Acme", is_sandbox=True)
PRODUCTION = Workspace(WORKSPACE_ID, "Acme Stays", "Acme", is_sandbox=False)
LOCKED = SecretStoreLockedError("The keyring is locked.", "Unlock it and try again.")


@pytest.fixture
def dialog(theme, qtbot):
    dialog = ConnectWorkspaceDialog(theme, Icons(theme))
    qtbot.addWidget(dialog, before_close_func=lambda made: made.set_busy(False))
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


@pytest.fixture
def requests(dialog):
    emitted: list[tuple] = []
    dialog.check_requested.connect(lambda *args: emitted.append(("check", *args)))
    dialog.save_requested.connect(lambda label: emitted.append(("save", label)))
    dialog.save_for_this_run_requested.connect(lambda label: emitted.append(("this run", label)))
    dialog.cancel_requested.connect(lambda: emitted.append(("cancel",)))
    return emitted


def shown_texts(dialog) -> str:
    return "\n".join(
        label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog)
    )


def button(dialog, text: str) -> QPushButton:
    return next(
        found
        for found in dialog.findChildren(QPushButton)
        if found.text() == text and found.isVisibleTo(dialog)
    )


def paste(qtbot, edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    QApplication.clipboard().setText(text)
    qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QApplication.clipboard().clear()


def test_pasting_a_key_and_enter_twice_connects(dialog, requests, qtbot):
    paste(qtbot, dialog.credential.edit, f"  {KEY}\n")
    qtbot.keyClick(dialog.credential.edit, Qt.Key.Key_Return)
    dialog.set_busy(True)
    dialog.show_workspace(SANDBOX)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    (check, endpoint, credential), saved = requests
    assert (check, endpoint) == ("check", DEFAULT_ENDPOINT)
    assert credential.kind is CredentialKind.API_KEY
    assert credential.secret.reveal() == KEY
    assert saved == ("save", "")


@pytest.mark.parametrize(
    ("typed", "tone", "part"),
    [
        ("", None, "Console"),
        ("seam", None, "Console"),
        (KEY, Tone.SUCCESS, "API key:"),
        (TOKEN, Tone.SUCCESS, "Personal access token"),
        ("seam_cst_not_real", Tone.DANGER, "client session token"),
        ("seam_pk_not_real", Tone.DANGER, "publishable key"),
        ("eyNotReal", Tone.DANGER, "JSON Web Token"),
        ("hello world", Tone.DANGER, "one word"),
    ],
)
def test_a_credential_is_recognised_while_it_is_typed(dialog, typed, tone, part):
    dialog.credential.edit.setText(typed)

    assert dialog.credential.note.tone is tone
    assert part in dialog.credential.note.label.text()


def test_what_is_refused_is_never_sent(dialog, requests, qtbot):
    for typed in ("", "seam_cst_not_real", "seam_"):
        dialog.credential.edit.setText(typed)
        dialog.submit()
        assert dialog.credential.note.tone is Tone.DANGER
    assert requests == []


def test_a_token_asks_for_its_workspace_and_a_key_does_not(dialog, requests):
    assert not dialog.workspace_id.isVisible()
    dialog.credential.edit.setText(TOKEN)
    assert dialog.workspace_id.isVisible()
    for wrong in ("", "not-a-uuid"):
        dialog.workspace_id.edit.setText(wrong)
        dialog.submit()
        assert requests == []
        assert dialog.workspace_id.note.tone is Tone.DANGER
        assert QApplication.focusWidget() is dialog.workspace_id.edit
    dialog.workspace_id.edit.setText(f" {WORKSPACE_ID.upper()} ")
    dialog.submit()
    assert requests[0][2].workspace_id == WORKSPACE_ID

    dialog.credential.edit.setText(KEY)
    assert not dialog.workspace_id.isVisible()
    dialog.submit()
    assert requests[1][2].workspace_id is None


def test_the_endpoint_is_advanced_and_must_be_safe(dialog, requests):
    dialog.credential.edit.setText(KEY)
    assert not dialog.endpoint.isVisible()
    dialog.endpoint.edit.setText("http://connect.example.com")
    dialog.submit()
    assert requests == []
    assert dialog.endpoint.isVisible()  # a problem is never hidden
    assert "https://" in dialog.endpoint.note.label.text()
    dialog.endpoint.edit.setText("http://127.0.0.1:8080/")
    dialog.submit()
    assert requests[0][1] == "http://127.0.0.1:8080"


def test_production_is_saved_loudly(dialog):
    dialog.credential.edit.setText(KEY)
    dialog.show_workspace(SANDBOX)
    assert dialog.submit_button.text() == "Save workspace"
    assert dialog.submit_button.property("kind") == "primary"
    dialog.show_workspace(PRODUCTION)
    assert dialog.submit_button.text() == "Save PRODUCTION workspace"
    assert dialog.submit_button.property("kind") == "danger"
    assert dialog.workspace_card.badge.accessibleName() == "PRODUCTION"


def test_a_suspended_workspace_is_pointed_out(dialog):
    dialog.credential.edit.setText(KEY)
    dialog.show_workspace(SANDBOX)
    assert "suspended" not in shown_texts(dialog)
    dialog.show_workspace(Workspace(WORKSPACE_ID, "A", "B", is_sandbox=False, is_suspended=True))
    assert "suspended" in shown_texts(dialog)


@pytest.mark.parametrize("field", ["credential", "workspace_id", "endpoint"])
def test_editing_what_was_checked_asks_for_another_check(dialog, requests, field):
    dialog.credential.edit.setText(TOKEN)
    dialog.workspace_id.edit.setText(WORKSPACE_ID)
    dialog.show_workspace(PRODUCTION)
    getattr(dialog, field).edit.setText(getattr(dialog, field).edit.text() + "1")

    assert dialog.submit_button.text() == "Check"
    assert dialog.submit_button.property("kind") == "primary"
    assert not dialog.workspace_card.isVisible()
    dialog.submit()
    assert ("save", "") not in requests


def test_naming_a_checked_workspace_needs_no_second_check(dialog, requests):
    dialog.credential.edit.setText(KEY)
    dialog.show_workspace(SANDBOX)
    dialog.name.edit.setText("  Our tests ")
    dialog.submit()

    assert requests == [("save", "Our tests")]


def test_an_error_keeps_everything_and_puts_the_focus_on_the_credential(dialog):
    dialog.credential.edit.setText(KEY)
    dialog.name.edit.setText("Mine")
    dialog.set_busy(True)
    dialog.show_error(
        UnauthorizedError("Seam doesn't know this key.", "Paste another.", "req-7", status=401)
    )

    assert not dialog.is_busy
    assert dialog.name.edit.text() == "Mine"
    assert QApplication.focusWidget() is dialog.credential.edit
    assert dialog.credential.edit.selectionLength() == len(KEY)
    assert "req-7" in shown_texts(dialog)


def test_an_error_about_the_workspace_id_is_shown_at_its_field(dialog):
    dialog.credential.edit.setText(TOKEN)
    dialog.workspace_id.edit.setText(WORKSPACE_ID)
    dialog.show_error(
        InvalidRequestError("Another one.", "Check.", fields={"workspace_id": ("Not this.",)})
    )

    assert dialog.workspace_id.note.label.text() == "Not this."
    assert QApplication.focusWidget() is dialog.workspace_id.edit


def test_while_checking_leaving_means_cancelling(dialog, requests, qtbot):
    dialog.credential.edit.setText(KEY)
    dialog.set_busy(True)
    assert dialog.credential.edit.isReadOnly()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert requests == [("cancel",)]
    assert dialog.isVisible()
    assert dialog.credential.edit.text() == KEY


def test_a_locked_keyring_offers_to_try_again_or_this_run_only(dialog, requests, qtbot):
    dialog.credential.edit.setText(KEY)
    dialog.name.edit.setText("Mine")
    dialog.show_workspace(SANDBOX)
    dialog.set_busy(True)
    dialog.show_keyring_problem(LOCKED)
    assert "The keyring is locked." in shown_texts(dialog)
    qtbot.mouseClick(button(dialog, "Try again"), Qt.MouseButton.LeftButton)
    dialog.set_busy(True)
    dialog.show_keyring_problem(LOCKED)
    qtbot.mouseClick(button(dialog, "Keep until I quit"), Qt.MouseButton.LeftButton)

    assert requests == [("save", "Mine"), ("this run", "Mine")]


def test_a_secret_too_long_for_the_keyring_is_not_tried_again(dialog, requests):
    dialog.credential.edit.setText(KEY)
    dialog.show_workspace(SANDBOX)
    dialog.show_keyring_problem(SecretTooLongError("Too long.", "The keyring takes less."))
    assert dialog.submit_button.text() == "Keep until I quit"
    dialog.submit()

    assert requests == [("this run", "")]


def test_the_secret_is_in_the_line_edit_and_nowhere_else(dialog, qtbot):
    dialog.credential.edit.setText(TOKEN)
    dialog.workspace_id.edit.setText(WORKSPACE_ID)
    checks: list[Credential] = []
    dialog.check_requested.connect(lambda _endpoint, credential: checks.append(credential))
    dialog.submit()
    dialog.show_workspace(PRODUCTION)
    dialog.show_keyring_problem(LOCKED)

    assert TOKEN not in repr(checks[0])
    for thing in [dialog, *dialog.findChildren(QObject)]:
        properties = _properties(thing)
        if thing is dialog.credential.edit:
            assert properties.pop("text") == TOKEN
        assert TOKEN not in repr(properties), thing
        assert TOKEN not in repr(thing)


@pytest.mark.parametrize("leave", ["accept", "reject", "close"])
def test_the_secret_is_wiped_with_the_dialog(dialog, qtbot, leave):
    dialog.credential.reveal.click()
    qtbot.keyClicks(dialog.credential.edit, KEY)
    dialog.show_workspace(SANDBOX)
    getattr(dialog, leave)()

    assert not dialog.isVisible()
    assert dialog.credential.edit.text() == ""
    assert dialog.credential.edit.echoMode() is QLineEdit.EchoMode.Password
    dialog.credential.edit.setEchoMode(QLineEdit.EchoMode.Normal)
    dialog.credential.edit.undo()
    assert dialog.credential.edit.text() == ""


def test_the_credential_is_hidden_until_it_is_asked_for(dialog, qtbot):
    dialog.credential.edit.setText(KEY)
    assert KEY not in dialog.credential.edit.displayText()
    dialog.credential.reveal.setFocus()
    qtbot.keyClick(dialog.credential.reveal, Qt.Key.Key_Space)
    assert dialog.credential.edit.displayText() == KEY
    assert dialog.credential.reveal.accessibleName() == "Hide the credential"


def test_hostile_names_do_not_break_the_form(dialog):
    name = "<b>مَلون</b> 🏨 & Söhne " * 40
    dialog.credential.edit.setText(KEY)
    dialog.show_workspace(Workspace(WORKSPACE_ID, name, name, is_sandbox=False))
    dialog.show_keyring_problem(SecretStoreLockedError(name, name))

    for size in (dialog.sizeHint(), dialog.minimumSizeHint()):
        assert size.width() <= 1024
        assert size.height() <= 700


def _properties(thing: QObject) -> dict[str, object]:
    about = thing.metaObject()
    properties = [about.property(index) for index in range(about.propertyCount())]
    # Everything that is or could be turned into text; PySide can't convert every other type.
    names = [each.name() for each in properties if each.typeName() in ("QString", "QVariant")]
    own = [bytes(name).decode() for name in thing.dynamicPropertyNames()]
    names += [name for name in own if not name.startswith(("_q_", "_PySide"))]
    return {name: thing.property(name) for name in names}
