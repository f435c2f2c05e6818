"""Many links in the window: workspaces, the list, the palette, the layout."""

from __future__ import annotations

import itertools
import json

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.sandbox.server import SandboxServer
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.portal.delete_dialog import DeletePortalsDialog
from seam_portal_desktop.ui.portals.model import COLUMNS
from seam_portal_desktop.ui.portals.pane import PaneState
from seam_portal_desktop.ui.shell.command_palette import CommandPalette
from seam_portal_desktop.ui.workspaces.remove_dialog import RemoveWorkspaceDialog
from tests.support.program import (
    CREATE,
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
from tests.support.sandboxes import running_sandbox
from tests.support.seam_answers import workspace_answer
from tests.support.until import until

pytestmark = pytest.mark.anyio

OTHER_WORKSPACE = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def other_sandbox():
    with running_sandbox() as server:
        server.state.workspace_id = OTHER_WORKSPACE
        server.state.workspace_name = "Acme Stays"
        yield server


async def connect_both(program: Program, other: SandboxServer) -> None:
    """Connect two workspaces and create a link in each; `other` is the current one."""
    await program.connect(name="First")
    await program.create("harbor-hotel")
    await program.connect(other.api_key, endpoint=other.endpoint, name="Second")
    await until(lambda: program.keys() == [], "the list is the other workspace's")
    await program.create("old-mill")


def labels(program: Program) -> list[str]:
    return [known.label for known in program.session.services.workspaces.connections]


def switch_to(program: Program, label: str) -> None:
    actions = program.window.switcher.switches.actions()
    (action,) = [one for one in actions if label in one.text()]
    action.trigger()


async def test_each_workspace_has_its_own_links_and_credential(tmp_path, sandbox, other_sandbox):
    keyring = SessionSecretStore()
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await connect_both(program, other_sandbox)
        assert program.window.windowTitle().startswith("Second")

        switch_to(program, "First")
        await until(lambda: program.keys() == ["harbor-hotel"], "the first one's links are listed")
        assert program.window.windowTitle().startswith("First")
        await program.create("casa-verde")

    assert [p.customer_key for p in sandbox.state.portals()] == ["harbor-hotel", "casa-verde"]
    assert [p.customer_key for p in other_sandbox.state.portals()] == ["old-mill"]

    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        assert program.keys() == ["casa-verde", "harbor-hotel"]
        assert sorted(labels(program)) == ["First", "Second"]


async def test_removing_a_workspace_deletes_its_credential_and_keeps_its_rows(
    tmp_path, sandbox, other_sandbox
):
    keyring = SessionSecretStore()
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await connect_both(program, other_sandbox)
        second = program.session.services.workspaces.current.connection_id
        credential = f"credential/{second}"
        assert await keyring.get(credential) is not None

        program.window.actions_.remove_workspace.trigger()
        dialog = await program.dialog(RemoveWorkspaceDialog)
        press_enter(dialog)
        await until(lambda: is_gone(dialog), "Enter keeps the workspace")
        assert sorted(labels(program)) == ["First", "Second"]

        program.window.actions_.remove_workspace.trigger()
        dialog = await program.dialog(RemoveWorkspaceDialog)
        dialog.submit_button.click()
        await until(lambda: labels(program) == ["First"], "the workspace is gone")
        await until(lambda: program.keys() == ["harbor-hotel"], "the next one is shown")
        assert await keyring.get(credential) is None

        await program.connect(other_sandbox.api_key, endpoint=other_sandbox.endpoint)
        await until(lambda: program.keys() == ["old-mill"], "its rows are back")


async def test_removing_the_last_workspace_shows_the_welcome_page(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.window.actions_.remove_workspace.trigger()
        (await program.dialog(RemoveWorkspaceDialog)).submit_button.click()
        await until(
            lambda: program.window.pane.state is PaneState.NO_WORKSPACE, "the welcome is back"
        )
        await until(lambda: not program.window.actions_.copy_link.isEnabled(), "no link is at hand")
        assert program.selected() == []
        assert not program.window.actions_.new_portal.isEnabled()
        assert not shows(program.window.portal, "harbor-hotel")


async def test_production_is_named_where_a_link_can_be_made(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        sandbox.faults.next_answer(
            status=200,
            body=workspace_answer(is_sandbox=False, workspace_id=OTHER_WORKSPACE),
            path="/workspaces/get",
        )
        dialog = await program.check_credential()
        assert dialog.submit_button.text() == "Save PRODUCTION workspace"
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "the workspace is saved")
        await program.settled()
        assert shows(program.window.strip, "PRODUCTION")
        new = await program.open_create("harbor-hotel")
        assert new.windowTitle() == "New portal in PRODUCTION"
        assert new.submit_button.text() == "Create in PRODUCTION"


async def test_search_filter_and_sort_change_the_list(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        for key in ("harbor-hotel", "casa-verde", "old-mill"):
            await program.create(key)
        sandbox.faults.next_answer(status=403, path=CREATE)
        (await program.fail_to_create("no-rights")).dismiss_button.click()
        assert program.keys() == ["no-rights", "old-mill", "casa-verde", "harbor-hotel"]

        program.window.actions_.focus_search.trigger()
        type_into(program.window.search_box, "ARB")
        await until(lambda: program.keys() == ["harbor-hotel"], "the search finds it")
        type_into(program.window.search_box, "nobody")
        await until_shows(program.window.pane, "Nothing matches")
        press(program.window.pane, "Clear search and filters")
        await until(lambda: len(program.rows()) == 4, "everything is back")
        assert program.window.search_box.text() == ""

        bar = program.window.pane.filter_bar
        bar.chip(frozenset({PortalStatus.ACTIVE})).click()
        await until(lambda: len(program.rows()) == 3, "the active ones are shown")
        type_into(program.window.search_box, "status:failed")
        await until(lambda: program.keys() == ["no-rights"], "a typed status wins")
        bar.chip(frozenset()).click()
        await until(lambda: len(program.rows()) == 4, "a chip takes it back")
        assert program.window.search_box.text() == ""

        header = program.window.pane.table.horizontalHeader()
        section = COLUMNS.index(PortalColumn.CUSTOMER_KEY)
        where = QPoint(header.sectionViewportPosition(section) + 10, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
        alphabetical = ["casa-verde", "harbor-hotel", "no-rights", "old-mill"]
        await until(
            lambda: program.keys() in (alphabetical, alphabetical[::-1]), "the keys are sorted"
        )
        first = program.keys()
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
        await until(lambda: program.keys() == first[::-1], "the order is turned round")


async def test_a_new_row_is_shown_even_if_search_and_filter_would_hide_it(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        type_into(program.window.search_box, "harbor")
        await until(lambda: program.window.pane.query("").text == "harbor", "it is searched")
        await program.create("old-mill")
        assert program.window.search_box.text() == ""


async def test_a_new_row_is_selected_although_the_list_is_refreshed_meanwhile(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.controller.creation.created.connect(lambda _id: program.controller.list.refresh())
        await program.create("old-mill")


async def test_deleted_rows_can_be_restored_until_the_program_closes(tmp_path, sandbox):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        for key in ("harbor-hotel", "casa-verde", "old-mill"):
            await program.create(key)
        table = program.window.pane.table
        table.selectAll()
        await until(lambda: len(program.selected()) == 3, "all are selected")
        await until_shows(program.window.portal, "3 portals selected")
        QTest.keyClick(table, Qt.Key.Key_Delete)
        question = await program.dialog(DeletePortalsDialog)
        assert shows(question, "3 of their links are alive in Seam")
        question.dismiss_button.click()
        await until(lambda: is_gone(question), "it is closed")
        assert len(program.rows()) == 3

        QTest.keyClick(table, Qt.Key.Key_Delete)
        (await program.dialog(DeletePortalsDialog)).submit_button.click()
        await until_shows(program.window.pane, "No portals yet")
        assert program.selected() == []
        await until_shows(program.window.status_area, "Undo")
        press(program.window.status_area, "Undo")
        await until(lambda: len(program.rows()) == 3, "they are back")

        await program.select("old-mill")
        program.window.actions_.delete.trigger()
        (await program.dialog(DeletePortalsDialog)).submit_button.click()
        await until_shows(program.window.status_area, "Deleted 1 portal")
        table.selectAll()
        await until_shows(program.window.portal, "2 portals selected")
        program.window.actions_.delete.trigger()
        (await program.dialog(DeletePortalsDialog)).submit_button.click()
        await until_shows(program.window.status_area, "Deleted 2 portals")
        for _ in range(2):  # as a user who presses Ctrl+Z twice
            program.window.actions_.undo_delete.trigger()
        await until(lambda: len(program.rows()) == 3, "both are back")
        assert not program.window.actions_.undo_delete.isEnabled()

        await program.select("casa-verde")
        program.window.actions_.delete.trigger()
        (await program.dialog(DeletePortalsDialog)).submit_button.click()
        await until(lambda: program.keys() == ["old-mill", "harbor-hotel"], "one is gone")

    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        assert program.keys() == ["old-mill", "harbor-hotel"]


async def test_the_palette_runs_the_typed_command(tmp_path, sandbox, other_sandbox):
    async with open_program(tmp_path, sandbox) as program:
        await connect_both(program, other_sandbox)
        program.window.activateWindow()
        await until(program.window.isActiveWindow, "the window has the keyboard")
        QTest.keyClick(program.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = await program.dialog(CommandPalette)
        field = palette.findChild(QLineEdit)
        QTest.keyClicks(field, "new port")
        press_enter(field)
        dialog = await program.dialog(NewPortalDialog)
        assert not palette.isVisible()
        dialog.dismiss_button.click()
        await until(lambda: is_gone(dialog) and program.window.isActiveWindow(), "it is closed")

        QTest.keyClick(program.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, "first")
        press_enter(field)
        await until(lambda: program.keys() == ["harbor-hotel"], "it switched the workspace")


async def test_the_window_layout_is_restored(tmp_path, sandbox):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
        window = program.window
        window.setGeometry(QRect(20, 30, 1180, 560))
        window._columns.setSizes([520, 660])
        header = window.pane.table.horizontalHeader()
        sent = COLUMNS.index(PortalColumn.SENT)
        header.moveSection(header.visualIndex(sent), 0)
        header.resizeSection(sent, 137)
        header.setSortIndicator(sent, Qt.SortOrder.AscendingOrder)
        await program.settled()
        left = (
            window.geometry(),
            window._columns.sizes(),
            window.pane.table.columns.sort_order(),
        )
        assert left[1][0] != 600, "the splitter moved"

    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        window = program.window
        header = window.pane.table.horizontalHeader()
        assert left == (
            window.geometry(),
            window._columns.sizes(),
            window.pane.table.columns.sort_order(),
        )
        assert header.visualIndex(sent) == 0
        assert header.sectionSize(sent) == 137


async def test_an_unreadable_layout_is_ignored(tmp_path, sandbox):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
    preferences = tmp_path / "preferences.json"
    kept = json.loads(preferences.read_text("utf-8"))
    rubbish = itertools.cycle(("not base64", "AAAA", "/w==", ""))
    kept["window"] = dict(zip(kept["window"], rubbish, strict=False))
    preferences.write_text(json.dumps(kept), "utf-8")
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        assert program.keys() == ["harbor-hotel"]
        assert program.window.isVisible()
        assert min(program.window._columns.sizes()) > 0


async def test_a_safe_preview_changes_nothing_in_the_list(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        record = await program.create("harbor-hotel")
        services = program.session.services
        await program.settled()
        updates = []
        program.controller.list.updated.connect(lambda: updates.append(program.keys()))
        link = await services.safe_previews.open_safe(services.workspaces.current, record.portal_id)
        assert link.is_safe_preview
        await services.safe_previews.close_safe(link.portal.portal_id)
        assert updates == []
        await services.portals.mark_previewed(record.portal_id)
        assert updates == [["harbor-hotel"]]


async def test_rows_that_are_passed_by_are_not_read(tmp_path, sandbox, monkeypatch):
    async with connected_program(tmp_path, sandbox) as program:
        for customer_key in ("harbor-hotel", "old-mill", "casa-verde"):
            await program.create(customer_key)
        await program.settled()
        timeline = program.session.services.timeline
        read, entries = [], timeline.entries

        async def note_entries(portal_id):
            read.append(portal_id)
            return await entries(portal_id)

        monkeypatch.setattr(timeline, "entries", note_entries)
        for customer_key in ("old-mill", "harbor-hotel"):
            program.window.pane.table.select(program.row(customer_key).portal_id)
        await until(lambda: read, "the last portal is read")
        await program.settled()
        assert read == [program.row("harbor-hotel").portal_id]
