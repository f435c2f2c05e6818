"""The main job: connect, create, preview, copy, mark as sent, find it in the next run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.portal.record import Channel, PortalStatus
from seam_portal_desktop.ui.create.form.controls import MenuControl, SegmentsControl
from tests.support.click_everything import ask
from tests.support.dialog_driver import choose
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    connected_program,
    is_live,
    links_of,
    open_program,
    press,
    press_enter,
    safe_previews_of,
    shows,
    type_into,
    until_shows,
)
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


async def test_a_link_is_created_previewed_sent_and_found_by_the_next_run(tmp_path, sandbox):
    keyring = SessionSecretStore()
    clipboard = QGuiApplication.clipboard()
    async with open_program(tmp_path, sandbox, secret_store=keyring, pages=True) as program:
        detail, preview = program.window.portal, program.window.preview
        assert shows(program.window.pane, "Connect a workspace")

        await program.connect()
        assert shows(program.window.pane, "No portals yet")

        portal = await program.create("harbor-hotel")
        assert portal.status(system_clock()) is PortalStatus.ACTIVE
        (made,) = links_of(sandbox)
        url = sandbox.state.url_of(made)

        await until(lambda: preview.is_loaded, "the page is painted")
        assert await ask(program.page(), "document.documentElement.dataset.portalReady") == "true"
        (safe_preview,) = safe_previews_of(sandbox)
        assert await ask(program.page(), "location.href") == sandbox.state.url_of(safe_preview)
        await until(lambda: program.row("harbor-hotel").previewed_at, "it counts as previewed")

        press(detail, "Copy link")
        await until(lambda: clipboard.text() == url, "the link is on the clipboard")
        await until(lambda: "Clipboard clears in 60 s" in program.message(), "the message is shown")
        program.controller.clipboard._timer.start(0)  # time is up
        await until(lambda: clipboard.text() == "", "the link is off the clipboard")

        program.window.actions_.mark_sent.trigger()
        press(detail, "Email")
        note = detail.findChild(QLineEdit, "sentNote")
        QTest.keyClicks(note, "to the front desk")
        press_enter(note)
        await until(lambda: program.row("harbor-hotel").sent, "it is marked as sent")
        assert shows(detail, "to the front desk")

        press(detail, "Undo mark as sent")
        await until(lambda: program.row("harbor-hotel").sent is None, "the mark is taken back")
        program.window.actions_.mark_sent.trigger()
        type_into(note, "to the night porter")
        press(detail, "Chat")
        press(detail, "Save")
        await until(lambda: program.row("harbor-hotel").sent, "it is marked as sent again")
        program.controller.clipboard.clear_if_ours()

    assert url not in clipboard.text()
    assert (is_live(sandbox, made), is_live(sandbox, safe_preview)) == (True, False)
    async with open_program(tmp_path, sandbox, secret_store=keyring, pages=True) as program:
        assert program.keys() == ["harbor-hotel"]
        assert program.previewed == [], "no page is opened before the user selects a row"
        row = await program.select("harbor-hotel")
        assert (row.sent.channel, row.sent.note) == (Channel.CHAT, "to the night porter")
        press(program.window.portal, "Show the link")
        await until_shows(program.window.portal, url)
        program.window.actions_.show_preview.trigger()
        await until(lambda: program.window.preview.is_loaded, "the page is painted again")


async def test_a_personal_access_token_connects_the_workspace_that_it_names(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        await program.connect(
            sandbox.personal_access_token, workspace_id=sandbox.workspace_id, name="By token"
        )
        await program.create("harbor-hotel")
        sent = sandbox.state.requests("/customers/create_portal")[-1].headers
        assert sent["authorization"] == f"Bearer {sandbox.personal_access_token}"
        assert sent["seam-workspace"] == sandbox.workspace_id
        assert program.window.windowTitle().startswith("By token")


async def test_copying_a_link_without_a_preview_asks_once(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        press(program.window.portal, "Copy link")
        assert QGuiApplication.clipboard().text() == ""
        assert not program.dialogs()
        press(program.window.portal, "Copy anyway")
        await until(lambda: QGuiApplication.clipboard().text(), "the link is copied")
        QGuiApplication.clipboard().clear()
        press(program.window.portal, "Copy link")
        await until(lambda: QGuiApplication.clipboard().text(), "no second question")


async def test_closing_removes_a_copied_link_from_the_clipboard(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.window.portal.copy_requested.emit(program.row("harbor-hotel").portal_id)
        await until(lambda: QGuiApplication.clipboard().text(), "the link is copied")
    assert QGuiApplication.clipboard().text() == ""


async def test_the_dialogs_settings_are_sent_to_seam(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await program.open_create("  harbor-hotel ")
        for section in (dialog.features, dialog.appearance):
            fold = dialog.form.fold(section)
            fold.header.click()
            await until(fold.content.isVisible, "the section is unfolded")
        for path, value in (
            ("features.organize.exclude", True),
            ("is_embedded", True),
            ("read_only", True),
        ):
            dialog.findChild(SegmentsControl, path).segments.button(value).click()
        choose(dialog.findChild(MenuControl, "locale").box, "pl-PL")
        QTest.keyClick(dialog.customer.key, Qt.Key.Key_Return)
        await program.selected_alone("harbor-hotel")
        body = sandbox.state.requests("/customers/create_portal")[-1].body
        assert body == {
            "customer_data": {"customer_key": "harbor-hotel"},
            "features": {"organize": {"exclude": True}},
            "locale": "pl-PL",
            "is_embedded": True,
            "read_only": True,
        }
        detail = program.window.portal
        await until_shows(detail, "Settings")

        program.window.actions_.duplicate.trigger()
        again = await program.dialog(type(dialog))
        await until(lambda: again.wire().get("read_only") is True, "the form is filled")
        press_enter(again.customer.key)
        await until(lambda: len(program.rows()) == 2, "a second link is made")
        assert sandbox.state.requests("/customers/create_portal")[-1].body == body
