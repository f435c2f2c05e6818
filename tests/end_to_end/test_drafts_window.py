"""What is typed in New portal or Update customer data survives whatever ends the dialog."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.sealed_drafts import SealedDrafts
from seam_portal_desktop.ui.create.draft_bar import DraftBar
from seam_portal_desktop.ui.lifecycle.update_data_dialog import UpdateDataDialog
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    Program,
    connected_program,
    is_gone,
    open_program,
    press,
    press_enter,
    shows,
    type_into,
    until_shows,
)
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

Key = Qt.Key
PUSH = "/customers/push_data"


def files(data_dir: Path) -> list[Path]:
    return sorted((data_dir / "drafts").glob("*.draft"))


async def open_update(program: Program) -> UpdateDataDialog:
    program.window.actions_.update_data.trigger()
    return await program.dialog(UpdateDataDialog)


def paste_guests(dialog, count: int) -> None:
    dialog.data.kinds.set_current_kind("guests")
    dialog.data.table.go_to(0, 0)
    QApplication.clipboard().setText("\n".join(f"g-{n}\tGuest {n}" for n in range(count)))
    dialog.data.table.paste()


async def escape(dialog) -> None:
    QTest.keyClick(dialog, Key.Key_Escape)
    await until(lambda: is_gone(dialog))


def guests(dialog) -> int:
    return len(dialog.data.model.rows("guests"))


async def test_300_rows_of_an_update_survive_escape_a_failed_send_and_a_restart(tmp_path, sandbox):
    store = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=store) as program:
        dialog = await open_update(program)
        type_into(dialog.customer.key, "harbor-hotel")
        paste_guests(dialog, 300)
        await escape(dialog)
        await until_shows(program.window.status_area, "Update customer data opens it again")

        dialog = await open_update(program)
        assert (dialog.customer_key(), guests(dialog)) == ("harbor-hotel", 300)
        assert shows(dialog, "Start over")
        sandbox.faults.next_answer(status=403, path=PUSH)
        dialog.submit_button.click()
        await until(lambda: dialog.error_card.error, "it is refused")
        await escape(dialog)
        assert program.window.close()

    async with open_program(tmp_path, sandbox, secret_store=store) as program:
        await until(lambda: not program.controller.scope.is_running("read drafts"))
        new = await program.open_create()
        assert new.customer_key() == "", "a draft is for one of the two dialogs"
        await escape(new)
        dialog = await open_update(program)
        assert (dialog.customer_key(), guests(dialog)) == ("harbor-hotel", 300)
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "it is sent")
        await until(lambda: files(tmp_path) == [], "a sent draft is deleted")
        dialog = await open_update(program)
        assert (dialog.customer_key(), guests(dialog)) == ("", 0)
        await escape(dialog)


async def test_an_update_for_the_selected_customer_opens_that_customer_s_draft(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await open_update(program)
        type_into(dialog.customer.key, "harbor-hotel")
        paste_guests(dialog, 2)
        await escape(dialog)
        await program.create("old-mill")
        dialog = await open_update(program)
        await until(lambda: dialog.customer_key() == "old-mill", "it is filled")
        assert guests(dialog) == 0
        assert shows(dialog, "Open draft for \u2068harbor-hotel\u2069")
        await escape(dialog)
        await program.create("harbor-hotel")
        dialog = await open_update(program)
        assert (dialog.customer_key(), guests(dialog)) == ("harbor-hotel", 2)
        press(dialog, "Start over")
        await until(
            lambda: dialog.customer_key() == "harbor-hotel", "it is filled as for a new one"
        )
        assert guests(dialog) == 0
        dialog.findChild(DraftBar).button.click()
        assert guests(dialog) == 2
        await escape(dialog)


async def test_what_is_typed_is_written_while_the_dialog_is_open(tmp_path, sandbox):
    store = SessionSecretStore()
    before, after = tmp_path / "before", tmp_path / "after"
    async with connected_program(before, sandbox, secret_store=store) as program:
        dialog = await program.open_create("harbor-hotel")
        await until(lambda: files(before), "it is written after a pause")
        shutil.copytree(before, after)  # as a crash would leave it
        await escape(dialog)
        dialog = await program.open_create()
        press(dialog, "Start over")
        await escape(dialog)
        await until(lambda: files(before) == [], "it was started over")

        dialog = await program.open_create("old-mill")
        await until(lambda: files(before))
        press_enter(dialog.customer.key)
        await until(lambda: is_gone(dialog))
        await until(lambda: files(before) == [], "the portal is created")

        dialog = await program.open_create("casa-verde")
        await until(lambda: files(before))
        dialog.customer.key.clear()
        dialog.customer.key.textEdited.emit("")
        await until(lambda: files(before) == [], "nothing is left of it")
        await escape(dialog)
    async with open_program(after, sandbox, secret_store=store) as program:
        await until(lambda: not program.controller.scope.is_running("read drafts"))
        dialog = await program.open_create()
        assert dialog.customer_key() == "harbor-hotel"
        await escape(dialog)


async def test_drafts_that_arrive_late_are_offered_by_the_open_dialog(
    tmp_path, sandbox, monkeypatch
):
    store = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=store) as program:
        await escape(await program.open_create("harbor-hotel"))
    gate, load = asyncio.Event(), SealedDrafts.load

    async def load_late(drafts: SealedDrafts):
        await gate.wait()
        return await load(drafts)

    monkeypatch.setattr(SealedDrafts, "load", load_late)
    async with open_program(tmp_path, sandbox, secret_store=store) as program:
        dialog = await program.open_create("old-mill")
        assert not dialog.findChild(DraftBar).isVisible()
        gate.set()
        await until_shows(dialog, "Open draft for \u2068harbor-hotel\u2069")
        assert dialog.customer_key() == "old-mill", "what is typed stays"
        press(dialog, "Open draft for \u2068harbor-hotel\u2069")
        assert dialog.customer_key() == "harbor-hotel"
        await escape(dialog)
        await until(lambda: len(files(tmp_path)) == 2)


async def test_an_unreadable_draft_is_told_once_and_stops_nobody(tmp_path, sandbox):
    store = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=store) as program:
        await escape(await program.open_create("harbor-hotel"))
        await escape(dialog := await program.open_create())
        assert is_gone(dialog)
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])
    for told in (True, False):
        async with open_program(tmp_path, sandbox, secret_store=store) as program:
            await until(lambda: not program.controller.scope.is_running("read drafts"))
            assert shows(program.window, "1 draft can’t be opened") is told
            dialog = await program.open_create()
            assert dialog.customer_key() == ""
            await escape(dialog)
