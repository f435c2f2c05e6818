"""What is only in the program's memory is guarded when the user quits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.bootstrap.session import SessionMode
from seam_portal_desktop.ui.shell.quit_dialog import QuitDialog
from tests.end_to_end.test_failures_keyring import ABSENT, FailingStore, connect_for_this_run
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    Program,
    connected_program,
    is_gone,
    links_of,
    open_program,
    press,
    shows,
    type_into,
    until_shows,
)
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

Key = Qt.Key


async def asked(program: Program) -> QuitDialog:
    """Close the window; it stays, and asks."""
    assert not program.window.close()
    dialog = await program.dialog(QuitDialog)
    assert program.window.isVisible()
    return dialog


async def test_links_without_a_keyring_are_named_before_they_are_lost(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        for key in ("harbor-hotel", "casa-verde"):
            await program.create(key)
        dialog = await asked(program)
        assert shows(dialog, "2 links are lost when you quit")
        assert shows(dialog, "\u2068harbor-hotel\u2069, \u2068casa-verde\u2069")
        assert dialog.dismiss_button.isDefault()

        press(dialog, "Copy links")
        await until_shows(dialog, "2 links copied. Paste them somewhere safe first.")
        lines = QGuiApplication.clipboard().text().splitlines()
        urls = [sandbox.state.url_of(link) for link in links_of(sandbox)]
        assert lines == [f"harbor-hotel\t{urls[0]}", f"casa-verde\t{urls[1]}"]

        QTest.keyClick(dialog, Key.Key_Escape)
        await until(lambda: is_gone(dialog))
        assert program.window.isVisible()
        dialog = await asked(program)
        press(dialog, "Quit and lose them")
        await until(lambda: not program.window.isVisible())


async def test_enter_stays_and_a_deleted_or_revoked_link_is_not_asked_about(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        portal = await program.create("harbor-hotel")
        dialog = await asked(program)
        assert shows(dialog, "1 link is lost when you quit")
        dialog.activateWindow()
        await until(dialog.isActiveWindow)
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
        await until(lambda: is_gone(dialog))
        assert program.window.isVisible()
        await program.session.services.ledger.delete([portal.portal_id])
        assert program.window.close()


async def test_a_keyring_that_takes_the_key_after_all_ends_the_question(tmp_path, sandbox):
    store = FailingStore(ABSENT)
    async with open_program(tmp_path, sandbox, secret_store=store) as program:
        await connect_for_this_run(program)
        await program.create("harbor-hotel")
        store.error = None
        press(program.window, "Try again")
        await until_shows(program.window.status_area, "All links saved")
        assert program.window.close()


async def test_nobody_there_is_not_asked_and_loses_nothing(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        await program.create("harbor-hotel")
        program.session.close_unattended()
        assert program.window.isVisible()
        await until_shows(program.window.status_area, "stayed open")
        assert not program.window.findChildren(QuitDialog)


async def test_links_in_the_keyring_s_care_need_no_question(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        assert program.window.close()


async def leave_draft(program: Program, key: str) -> None:
    dialog = await program.open_create(key)
    QTest.keyClick(dialog.customer.key, Key.Key_Escape)
    await until(lambda: is_gone(dialog))
    await until_shows(program.window.status_area, f"Draft for \u2068{key}\u2069 kept")


async def test_without_a_keyring_a_draft_is_named_at_quitting(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        await leave_draft(program, "harbor-hotel")

        question = await asked(program)
        assert shows(question, "1 draft is lost when you quit")
        assert not question.copy_button.isVisible()
        question.reject()
        await until(lambda: is_gone(question))

        dialog = await program.open_create()
        assert dialog.customer.key.text() == "harbor-hotel"
        type_into(dialog.customer.key, "old-mill")
        program.session.close_unattended()
        assert program.window.isVisible(), "the dialog has a draft"
        dialog.customer.key.clear()
        dialog.reject()
        assert program.window.close()
    assert not (tmp_path / "drafts").exists()


async def test_a_keyring_that_takes_the_key_after_all_keeps_the_drafts_too(tmp_path, sandbox):
    store = FailingStore(ABSENT)
    async with open_program(tmp_path, sandbox, secret_store=store) as program:
        await connect_for_this_run(program)
        await leave_draft(program, "harbor-hotel")
        store.error = None
        press(program.window, "Try again")
        await until_shows(program.window.status_area, "All links saved")
        await until(lambda: not program.session.services.drafts.lost_at_end())
        assert program.window.close()
    async with connected_program(tmp_path, sandbox, secret_store=store) as program:
        dialog = await program.open_create()
        assert dialog.customer.key.text() == "harbor-hotel"


async def test_a_draft_in_the_keyring_s_care_needs_no_question(tmp_path, sandbox):
    store = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=store) as program:
        await leave_draft(program, "harbor-hotel")
        dialog = await program.open_create()
        type_into(dialog.customer.key, "old-mill")
        assert program.window.close(), "while the dialog is open"
    async with open_program(tmp_path, sandbox, secret_store=store) as program:
        dialog = await program.open_create()
        assert dialog.customer.key.text() == "old-mill"


async def test_entering_the_demo_asks_as_quitting_does(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        await leave_draft(program, "harbor-hotel")
        program.window.actions_.try_demo.trigger()
        press(program.window.status_area, "Enter the demo")
        question = await program.dialog(QuitDialog)
        assert shows(question, "1 draft is lost when you enter the demo")
        assert not program.session.other_mode.done()
        press(question, "Enter the demo and lose it")
        await until(program.session.other_mode.done)
        assert program.session.other_mode.result() is SessionMode.DEMO
