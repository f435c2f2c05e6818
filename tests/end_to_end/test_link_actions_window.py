"""Copy link, Show link and Mark as sent, whatever else the window shows."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.portal.record import Channel
from tests.support.program import (
    button,
    connected_program,
    open_program,
    press,
    press_enter,
    shows,
    until_shows,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def hidden_panel(tmp_path, sandbox):
    """The program with one selected portal, its panel hidden."""
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await program.select("harbor-hotel")
        program.window.actions_.toggle_portal.setChecked(False)
        await until(lambda: not program.window.portal.isVisible(), "the panel is hidden")
        yield program


async def test_copy_link_asks_in_the_panel_that_was_hidden(tmp_path, sandbox):
    async with hidden_panel(tmp_path, sandbox) as program:
        window = program.window
        window.actions_.copy_link.trigger()
        await until_shows(window.portal, "Copy anyway")
        assert window.portal.isVisible()
        assert window.actions_.toggle_portal.isChecked()
        press(window.portal, "Copy anyway")
        await until(lambda: "Link copied" in program.message(), "the link is copied")
        assert QGuiApplication.clipboard().text().startswith("http://127.0.0.1")

        # The question was answered, so the panel isn't needed again.
        window.actions_.toggle_portal.setChecked(False)
        QGuiApplication.clipboard().clear()
        window.actions_.copy_link.trigger()
        await until(lambda: QGuiApplication.clipboard().text() != "", "it is copied again")
        assert not window.portal.isVisible()


async def test_mark_as_sent_opens_its_form_in_the_panel_that_was_hidden(tmp_path, sandbox):
    async with hidden_panel(tmp_path, sandbox) as program:
        window = program.window
        window.actions_.mark_sent.trigger()
        await until_shows(window.portal, "Send anyway")
        press(window.portal, "Send anyway")
        window.portal.send_step.strip.note.setText("by phone")
        window.actions_.toggle_portal.setChecked(False)
        window.actions_.mark_sent.trigger()
        await until(window.portal.send_step.strip.isVisible, "the form is shown")
        assert window.portal.send_step.strip.note.text() == "by phone"


async def test_show_link_shows_it_in_the_panel_that_was_hidden(tmp_path, sandbox):
    async with hidden_panel(tmp_path, sandbox) as program:
        window = program.window
        link = window.portal.details.link
        window.actions_.reveal_link.trigger()
        await until(lambda: link.is_revealed and link.isVisible(), "the link is shown")
        window.actions_.toggle_portal.setChecked(False)
        window.actions_.reveal_link.trigger()
        assert link.is_revealed
        assert link.isVisible()
        window.actions_.reveal_link.trigger()
        assert not link.is_revealed


async def test_what_can_not_be_done_is_said(tmp_path, sandbox):
    async with hidden_panel(tmp_path, sandbox) as program:
        window = program.window
        portal = program.row("harbor-hotel")
        await program.session.services.portals.mark_sent(portal.portal_id, None, "")
        await until(lambda: program.row("harbor-hotel").sent is not None, "it is marked")
        window.actions_.mark_sent.trigger()
        assert "marked as sent already" in program.message()

        window.pane.table.clearSelection()
        window.pane.table.copy_requested.emit()
        assert "Select one portal first" in program.message()


async def test_why_a_link_can_not_be_copied_is_said(tmp_path, sandbox):
    async with hidden_panel(tmp_path, sandbox) as program:
        window = program.window
        portal = program.row("harbor-hotel")
        await program.session.services.ledger.mark_revoked(
            portal.portal_id, portal.created_at, elsewhere=True
        )
        await until(lambda: program.row("harbor-hotel").revoked_at is not None, "it is revoked")
        window.pane.table.copy_requested.emit()
        assert "This link was revoked" in program.message()
        assert not shows(window.portal, "Copy anyway")


async def test_the_link_of_a_portal_that_was_selected_just_now_is_copied(tmp_path, sandbox):
    """The panel follows the selection a moment later."""
    async with hidden_panel(tmp_path, sandbox) as program:
        window, services = program.window, program.session.services
        await program.create("old-mill")
        window.actions_.toggle_portal.setChecked(True)
        await program.select("harbor-hotel")
        await services.portals.mark_previewed(program.row("old-mill").portal_id)
        await until(lambda: program.row("old-mill").previewed_at is not None, "it is previewed")
        expected = await services.portals.url_of(program.row("old-mill").portal_id)
        row = window.pane.model.row_of(program.row("old-mill").portal_id)
        window.pane.table.selectRow(row)
        window.actions_.copy_link.trigger()
        await until(lambda: "Link copied" in program.message(), "a link is copied")
        assert QGuiApplication.clipboard().text() == expected.reveal()


async def test_a_fresh_link_has_its_seven_days_everywhere(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        made = await program.create("harbor-hotel")
        model = program.window.pane.model
        column = list(PortalColumn).index(PortalColumn.EXPIRES)
        index = model.index(model.row_of(made.portal_id), column)
        assert index.data() == "in 7 days"
        assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Expires: in 7 days"
        await until_shows(program.window.portal, "Expires in 7 days")
        assert not shows(program.window.portal, "6 days")


def strip_of(program):
    return program.window.portal.send_step.strip


def chosen(program) -> list[str]:
    return [one.text() for one in strip_of(program).channels.buttons() if one.isChecked()]


async def open_strip(program, customer_key: str) -> None:
    portal = await program.select(customer_key)
    await program.session.services.portals.mark_previewed(portal.portal_id)
    await until(lambda: program.row(customer_key).previewed_at, "it is previewed")
    program.window.actions_.mark_sent.trigger()
    await until(strip_of(program).isVisible, "the form is shown")


async def test_mark_as_sent_starts_on_the_last_channel_and_enter_saves_it(tmp_path, sandbox):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        for key in ("harbor-hotel", "old-mill", "casa-verde"):
            await program.create(key)
        await open_strip(program, "harbor-hotel")
        assert chosen(program) == []
        press(strip_of(program), "SMS")
        press_enter(strip_of(program).note)
        await until(lambda: program.row("harbor-hotel").sent, "Enter in the note saves")

        await open_strip(program, "old-mill")
        assert chosen(program) == ["SMS"]
        sms = button(strip_of(program), "SMS")
        assert program.window.focusWidget() is sms
        press_enter(sms)
        await until(lambda: program.row("old-mill").sent, "Enter on the channel saves")
        assert program.row("old-mill").sent.channel is Channel.SMS

    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await open_strip(program, "casa-verde")
        assert chosen(program) == ["SMS"], "also in the next run"
        press(strip_of(program), "SMS")
        press_enter(strip_of(program).note)
        await until(lambda: program.row("casa-verde").sent, "it is marked without a channel")
        assert program.row("casa-verde").sent.channel is None
        program.window.actions_.undo_sent.trigger()
        await until(lambda: program.row("casa-verde").sent is None, "that is undone")
        await open_strip(program, "casa-verde")
        assert chosen(program) == [], "the last choice was none"


async def test_each_workspace_has_its_last_channel(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        made = await program.create("harbor-hotel")
        portals = program.session.services.portals
        await portals.mark_sent(made.portal_id, Channel.CHAT, "")
        assert portals.last_channel(made.workspace_id) is Channel.CHAT
        assert portals.last_channel("another-workspace") is None
