"""A ledger that cannot be opened or fails later: the error is shown with a next step."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.bootstrap.open_session import OpenSession
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.query import RecordPage
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.ui.portal.delete_dialog import DeletePortalsDialog
from seam_portal_desktop.ui.portals.filters.search_terms import NEEDS_ATTENTION
from seam_portal_desktop.ui.portals.pane import PaneState
from seam_portal_desktop.ui.preview.view.page_controller import PageController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.program import (
    connected_program,
    open_program,
    press,
    press_enter,
    shows,
    until_shows,
)
from tests.support.sqlite_ledger import update_row
from tests.support.until import until

pytestmark = pytest.mark.anyio


def window_with_error() -> MainWindow | None:
    """The window with the button that opens the ledger again."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow) and window.isVisible() and shows(window, "Try again"):
            return window
    return None


async def test_a_ledger_that_can_not_be_opened_can_be_tried_again(tmp_path, sandbox):
    in_the_way = AppPaths(tmp_path).ledger
    in_the_way.mkdir()

    async def set_right() -> None:
        window = await until(window_with_error, "the error is shown")
        errors = []
        show = window.pane.set_error
        window.pane.set_error = lambda error: (errors.append(error), show(error))
        press(window.pane, "Try again")
        await until(lambda: errors, "it still can't be opened")
        in_the_way.rmdir()
        press(window.pane, "Try again")

    setting_right = asyncio.create_task(set_right())
    async with open_program(tmp_path, sandbox) as program:
        await setting_right
        await program.connect()
        await program.create("harbor-hotel")


async def test_a_page_that_could_not_be_read_is_asked_for_again(tmp_path, sandbox, monkeypatch):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("old-mill")
        await program.create("harbor-hotel")
        await program.settled()
        pane = program.window.pane
        first, second = program.rows()
        pane.model.set_page(RecordPage((first,), 0, 2))

        async def broken(*_arguments, **_options):
            raise LedgerError("The ledger could not be read.", "The disk is gone.")

        with monkeypatch.context() as disk:
            disk.setattr(program.session.ledger, "find", broken)
            pane.model.fetchMore(QModelIndex())
            await until(program.error, "the error is shown")
        pane.model.fetchMore(QModelIndex())
        await until(lambda: program.rows() == [first, second], "scrolling on reads it")


async def test_the_program_can_be_left_while_its_ledger_can_not_be_opened(tmp_path, qapp):
    AppPaths(tmp_path).ledger.mkdir()
    theme = Theme(qapp)
    theme.install()
    session = Session(SessionMode.REAL, AppPaths(tmp_path), theme, Icons(theme))
    session.window.show()
    session.add_list()
    session.complete()
    open_session = OpenSession(session, secret_store=SessionSecretStore())
    opening = asyncio.create_task(open_session.open())
    await until(window_with_error, "the error is shown")
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await open_session.close()
    theme.deleteLater()
    qapp.setStyleSheet("")


async def test_a_list_that_cannot_be_read_shows_the_error(tmp_path, sandbox, monkeypatch):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")

        async def broken(*_arguments, **_options):
            raise LedgerError("The ledger could not be read.", "The disk does not answer.")

        pane = program.window.pane
        with monkeypatch.context() as disk:
            disk.setattr(program.session.ledger, "find", broken)
            program.window.actions_.refresh.trigger()
            await until(lambda: pane.state is PaneState.ERROR, "the list shows the error")
            assert shows(pane, "The disk does not answer.")
        press(pane, "Try again")
        await until(lambda: pane.state is PaneState.READY, "the rows are back")
        assert program.keys() == ["harbor-hotel"]


async def test_a_damaged_row_is_shown_and_can_be_deleted(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("old-mill")
        await program.create("harbor-hotel")
        await program.settled()
        good, bad = program.row("old-mill"), program.row("harbor-hotel")
        update_row(tmp_path, bad.portal_id, outcome="nonsense")
        program.window.actions_.refresh.trigger()
        needs_attention = program.window.pane.filter_bar.chip(NEEDS_ATTENTION)
        await until(lambda: "1" in needs_attention.accessibleName(), "the damaged row is counted")
        assert program.keys() == ["harbor-hotel", "old-mill"]
        assert program.row("old-mill") == good
        await program.select("harbor-hotel")
        await until_shows(program.window.portal, "This entry is damaged")
        assert not program.window.preview.isVisible()
        actions = program.window.actions_
        assert not actions.copy_link.isEnabled()
        assert not actions.renew.isEnabled()
        actions.delete.trigger()
        press(await program.dialog(DeletePortalsDialog), "Delete from the list")
        await until(lambda: program.keys() == ["old-mill"], "it is deleted")
        await until(actions.undo_delete.isEnabled, "it can be undone")
        actions.undo_delete.trigger()
        await until(lambda: len(program.keys()) == 2, "it is back")
        program.window.pane.filter_bar.chip(NEEDS_ATTENTION).click()
        await until(lambda: program.keys() == ["harbor-hotel"], "the filter knows it")


async def test_a_damaged_file_is_said_and_its_rows_are_listed(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await program.settled()
    path = AppPaths(tmp_path).ledger
    content = bytearray(path.read_bytes())
    content[:100] = bytes(100)
    path.write_bytes(content)
    async with open_program(tmp_path, sandbox) as program:
        said = "The ledger’s file was damaged. Its only portal could be read and is in a new one."
        assert any(said in banner for banner in program.banners())


async def test_a_mark_that_can_not_be_written_keeps_what_was_typed(tmp_path, sandbox, monkeypatch):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        detail = program.window.portal

        async def full(*_arguments):
            raise LedgerError("The ledger could not be written.", "The disk is full.")

        program.window.actions_.mark_sent.trigger()
        press(detail, "Send anyway")
        note = detail.send_step.strip.note
        note.setText("to the front desk")
        with monkeypatch.context() as disk:
            disk.setattr(program.session.ledger, "mark_sent", full)
            press_enter(note)
            await until(program.error, "the error is shown")
            assert program.error().message == "The disk is full."
        assert note.isVisible()
        assert note.text() == "to the front desk"
        press_enter(note)
        await until(lambda: program.row("harbor-hotel").sent, "it is marked now")


async def test_the_previous_page_is_hidden_while_a_link_is_read(tmp_path, sandbox, monkeypatch):
    monkeypatch.setattr(PageController, "_open", lambda _self: None)  # without the engine
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await program.create("old-mill")
        preview = program.window.preview
        program._show_portal = type(preview).show_portal.__get__(preview)
        portal = await program.select("harbor-hotel")
        await until(
            lambda: preview.first.target and preview.first.target.portal_id == portal.portal_id,
            "its page is requested, no longer that of the portal that was created last",
        )
        program.window.actions_.open_in_browser.trigger()
        await until(lambda: shows(preview, "This opens the live link"), "it is asked")

        keyring = asyncio.get_running_loop().create_future()

        async def waiting(_portal_id):
            return await keyring

        monkeypatch.setattr(program.session.ledger, "url_of", waiting)
        assert program.window.pane.table.select(program.row("old-mill").portal_id)
        await program.selected_alone("old-mill")
        await until_shows(program.window.portal, "old-mill")
        await until(
            lambda: not shows(preview, "This opens the live link"), "the previous page is hidden"
        )
        program.window.actions_.open_in_browser.trigger()
        assert not shows(preview, "This opens the live link"), "the link is not read yet"

        keyring.set_exception(LedgerError("The ledger could not be read.", "The disk is gone."))
        await until_shows(preview, "The disk is gone.")
