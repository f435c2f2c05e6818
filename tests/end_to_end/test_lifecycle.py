"""Links are renewed, revoked, reconciled and exported; customer data is updated."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LinkUnreadableError
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord, PortalStatus
from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.services.portal.export import ExportFormat
from seam_portal_desktop.ui.import_data.dialog import ImportDialog, ImportStep
from seam_portal_desktop.ui.lifecycle.export_dialog import ExportDialog
from seam_portal_desktop.ui.lifecycle.reservation_link_dialog import ReservationLinkDialog
from seam_portal_desktop.ui.lifecycle.revoke_dialog import RevokeDialog
from seam_portal_desktop.ui.lifecycle.update_data_dialog import UpdateDataDialog
from tests.support.exported_tables import csv_lines, unpacked, workbook_lines
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    CREATE,
    Program,
    connected_program,
    is_gone,
    is_live,
    links_of,
    open_program,
    press,
    safe_previews_of,
    shows,
    type_into,
    until_error,
    until_shows,
    visible_texts,
)
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

HOTEL = {
    "customer_key": "harbor-hotel",
    "rooms": [{"room_key": "12", "name": "Zoë’s room"}],
    "reservations": [
        {
            "reservation_key": "R-1",
            "starts_at": "2030-01-01T15:00:00Z",
            "ends_at": "2030-01-03T10:00:00Z",
            "room_keys": ["12"],
        }
    ],
}


def status_of(portal: PortalRecord) -> PortalStatus:
    return portal.status(system_clock())


def only(program: Program) -> PortalRecord:
    (row,) = program.rows()
    return row


async def test_an_expired_link_is_renewed_in_one_go(tmp_path, sandbox):
    sandbox.state.portal_lifetime = timedelta(seconds=2)
    async with connected_program(tmp_path, sandbox) as program:
        old = await program.create("harbor-hotel")
        await until_shows(program.window.portal, "This link has expired")
        sandbox.state.portal_lifetime = timedelta(days=7)

        press(program.window.portal, "Renew link")

        await until(lambda: len(program.rows()) == 2, "the new link is in the list")
        await until(lambda: [row.renewed_from for row in program.selected()] == [old.portal_id])
        assert status_of(program.selected()[0]) is PortalStatus.ACTIVE
        await until(lambda: program.message().startswith("New link for"), "it is said")
        first, second = sandbox.state.requests(CREATE)
        assert first.body == second.body

        program.window.pane.table.select(old.portal_id)
        await until_shows(program.window.portal, "A newer link has taken its place")
        await until_shows(program.window.portal, "Renewed by a new link")
        press(program.window.portal, "Show the newer link")
        await until(lambda: [row.renewed_from for row in program.selected()] == [old.portal_id])


async def test_many_links_are_renewed_within_seams_rate_limit(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        for key in ("a", "b", "c"):
            await program.create(key)
        program.window.pane.table.selectAll()
        await until(lambda: len(program.selected()) == 3)
        renew = program.window.actions_.renew
        await until(lambda: renew.text() == "Renew 3 links")
        sandbox.faults.next_answer(status=429, headers={"Retry-After": "1"}, path=CREATE)

        renew.trigger()

        await until(lambda: "Seam asks to wait 1 s" in program.message(), "it waits")
        assert shows(program.window.status_area, "Stop")
        await until(lambda: "3 links renewed" in program.message(), "all of them are renewed")
        await until(lambda: len(program.rows()) == 6)
        assert (
            sorted(row.renewed_from is None for row in program.rows()) == [False] * 3 + [True] * 3
        )
        assert {status_of(row) for row in program.rows()} == {PortalStatus.ACTIVE}


async def test_failed_renewals_are_listed_with_their_reasons(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        for key in ("a", "b"):
            await program.create(key)
        program.window.pane.table.selectAll()
        await until(lambda: len(program.selected()) == 2)
        error = {"type": "invalid_input", "message": "No such profile"}
        sandbox.faults.next_answer(status=400, body={"error": error, "ok": False}, path=CREATE)
        program.window.actions_.renew.trigger()
        error = await until(program.error, "the summary is shown")
        assert "1 of 2 links could not be renewed" in error.title
        assert "No such profile" in error.message
        press(program.window.status_area, "Try these again")
        await until(lambda: len(program.rows()) == 5, "the failed one is tried again")
        assert sum(status_of(row) is PortalStatus.FAILED for row in program.rows()) == 1


async def test_duplicate_opens_the_dialog_filled(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.window.actions_.duplicate.trigger()
        await until(program.dialogs, "the dialog is open")
        (dialog,) = program.dialogs()
        await until(lambda: dialog.customer.customer_key() == "harbor-hotel", "it is filled")
        dialog.reject()


async def open_revoke(program: Program) -> RevokeDialog:
    await until(program.window.actions_.revoke.isEnabled, "the link can be revoked")
    program.window.actions_.revoke.trigger()
    dialog = await program.dialog(RevokeDialog)
    await until(
        lambda: dialog.submit_button.isEnabled() or dialog.error_card.error is not None,
        "Seam was asked",
    )
    return dialog


async def test_a_revoked_link_is_shown_as_revoked_by_its_page(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        portal = await program.create("harbor-hotel")
        await until(lambda: program.window.preview.is_loaded, "the page is painted")
        live_url = await program.session.services.portals.url_of(portal.portal_id)
        target = replace(program.previewed[-1], url=live_url)

        dialog = await open_revoke(program)
        (session,), (safe_preview,) = links_of(sandbox), safe_previews_of(sandbox)
        assert shows(dialog, session.client_session_id)
        assert shows(dialog, "the token in the link")
        assert "Revoke link for" in dialog.submit_button.text()
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "it is revoked")

        assert session.revoked_at is not None
        await until(lambda: not is_live(sandbox, safe_preview), "its safe preview is revoked")
        await until(lambda: status_of(only(program)) is PortalStatus.REVOKED)
        assert not program.window.actions_.revoke.isEnabled()
        await until_shows(program.window.portal, "This link was revoked")
        program.window.actions_.preview_window.trigger()
        await until_shows(program.window.preview, "This link was revoked")

        # The customer's link shows the same:
        program.window.preview.show_portal(target)
        await until_shows(program.window.preview, "This link no longer opens")


async def test_enter_keeps_the_link(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        dialog = await open_revoke(program)
        QTest.keyClick(QGuiApplication.focusWindow() or dialog, Qt.Key.Key_Return)
        await until(lambda: is_gone(dialog), "the dialog is closed")
        assert status_of(only(program)) is PortalStatus.ACTIVE
        assert sandbox.state.requests("/client_sessions/revoke") == []


async def test_an_ambiguous_session_is_never_revoked(tmp_path, sandbox, monkeypatch):
    async with connected_program(tmp_path, sandbox) as program:
        await program.settled()  # the comparison with Seam's list would find the link's session
        await program.create("harbor-hotel")
        (mine,) = sandbox.state.portals()
        sandbox.state.create_portal(
            "harbor-hotel", {}, created_at=mine.created_at, expires_at=mine.expires_at
        )

        async def unreadable(_portal_id: str):
            raise LinkUnreadableError("The key is gone", "It is not here.")

        monkeypatch.setattr(program.session.ledger, "url_of", unreadable)
        dialog = await open_revoke(program)
        assert shows(dialog, "This link can't be told apart from others")
        assert any("Seam Console" in text for text in visible_texts(dialog))
        assert not dialog.submit_button.isEnabled()
        dialog.submit()
        dialog.reject()
        assert sandbox.state.requests("/client_sessions/revoke") == []
        assert len(sandbox.state.live_sessions()) == 2
        assert status_of(only(program)) is PortalStatus.ACTIVE


def let_an_hour_pass(sandbox) -> None:
    """A list that lacks a link proves nothing about a new one."""
    sandbox.state.clock = lambda: system_clock() + timedelta(hours=1)


async def test_a_link_revoked_elsewhere_is_marked_on_demand_and_at_start(tmp_path, sandbox):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("casa-verde")
        await program.create("harbor-hotel")
        program.window.actions_.reconcile.trigger()
        await until(lambda: "All 2 live links are alive" in program.message())
        casa_verde, harbor_hotel = sandbox.state.portals()
        sandbox.state.revoke(harbor_hotel)
        let_an_hour_pass(sandbox)

        program.window.actions_.reconcile.trigger()
        await until(lambda: "was revoked elsewhere" in program.message(), "it is missed")
        await until(lambda: status_of(program.row("harbor-hotel")) is PortalStatus.REVOKED)
        assert status_of(program.row("casa-verde")) is PortalStatus.ACTIVE

    sandbox.state.revoke(casa_verde)
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await until(
            lambda: status_of(program.row("casa-verde")) is PortalStatus.REVOKED,
            "it is missed at the start",
        )
        await program.select("casa-verde")
        await until_shows(program.window.portal, "Found revoked elsewhere")


async def test_a_refused_list_is_silent_at_the_start(tmp_path, sandbox):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
    sandbox.faults.next_answer(status=403, path="/client_sessions/list")
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await until(
            lambda: (
                sandbox.state.requests("/client_sessions/list")
                and not program.controller.scope.is_running("reconcile")
            ),
            "Seam was asked",
        )
        assert program.error() is None
        assert status_of(only(program)) is PortalStatus.ACTIVE


async def test_a_reservation_link_is_made(tmp_path, sandbox):
    sandbox.state.push_data(HOTEL)
    async with connected_program(tmp_path, sandbox) as program:
        program.window.actions_.reservation_link.trigger()
        dialog = await program.dialog(ReservationLinkDialog)
        assert not dialog.submit_button.isEnabled()
        type_into(dialog.customer.key, "harbor-hotel")
        type_into(dialog.reservation, "R-1")
        QTest.keyClick(dialog.reservation, Qt.Key.Key_Return)
        await until(lambda: is_gone(dialog), "the link is made")
        await until(lambda: [row.kind for row in program.selected()] != [])
        assert only(program).kind is PortalKind.RESERVATION_DEEP_LINK
        model = program.window.pane.model
        spoken = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
        assert spoken == "Customer: harbor-hotel, reservation link"
        await until_shows(program.window.portal, "reservation R-1")
        assert shows(program.window.portal, "Reservation link")


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (405, "doesn't give this workspace links to single reservations"),
        (403, "This API key may not do this"),
        (401, "did not accept the API key"),
        (404, "did not find"),
    ],
)
async def test_a_refused_reservation_link_shows_why(tmp_path, sandbox, status, title):
    route = "/customers/reservations/create_deep_link"
    async with connected_program(tmp_path, sandbox) as program:
        if status != 404:
            sandbox.faults.next_answer(status=status, path=route)
        program.window.actions_.reservation_link.trigger()
        dialog = await program.dialog(ReservationLinkDialog)
        type_into(dialog.customer.key, "nobody")
        type_into(dialog.reservation, "R-1")
        dialog.submit_button.click()
        error = await until_error(dialog)
        assert title in error.title
        dialog.reject()
        await until(lambda: len(program.rows()) == 1, "the try is in the list")
        assert status_of(only(program)) is PortalStatus.FAILED
        assert not program.window.actions_.renew.isEnabled()


async def test_a_revoked_key_ends_a_run_of_reservation_links(tmp_path, sandbox):
    sandbox.state.push_data(HOTEL)
    route = "/customers/reservations/create_deep_link"
    async with connected_program(tmp_path, sandbox) as program:
        connection = program.session.services.workspaces.current
        for _ in range(4):
            await program.session.services.creation.create_reservation_link(
                connection, "harbor-hotel", "R-1"
            )
        await until(lambda: len(program.rows()) == 4)
        program.window.pane.table.selectAll()
        await until(lambda: program.window.actions_.renew.text() == "Renew 4 links")
        object.__setattr__(sandbox._credentials, "api_key", "seam_test_not_a_real_new_key")
        program.window.actions_.renew.trigger()
        await until(program.error, "the run has ended")
        assert "Seam did not accept the API key" in program.error().message
        assert "3 were not tried" in program.error().message
        assert len(sandbox.state.requests(route)) == 5


async def test_customer_data_is_updated_without_a_link(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        program.window.actions_.update_data.trigger()
        dialog = await program.dialog(UpdateDataDialog)
        await until(lambda: dialog.customer.customer_key() == "harbor-hotel", "it is filled")
        dialog.fill(decode_request(json.dumps({"customer_data": HOTEL})).customer_data)
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "the data is sent")
        (request,) = sandbox.state.requests("/customers/push_data")
        assert request.body == HOTEL
        assert len(sandbox.state.portals()) == 1
        await until(lambda: "has taken the data of" in program.message(), "it is said")


async def test_customer_data_is_imported_from_a_file_and_sent(tmp_path, sandbox):
    path = tmp_path / "rooms.csv"
    path.write_text("room_key,name\n007,Attic\n12,Cellar\n", "utf-8")
    async with connected_program(tmp_path / "data", sandbox) as program:
        program.window.actions_.update_data.trigger()
        dialog = await program.dialog(UpdateDataDialog)
        type_into(dialog.customer.key, "harbor-hotel")
        dialog.data.kinds.set_current_kind("rooms")
        dialog.data.toolbar.file_chosen.emit(str(path))
        (imported,) = dialog.findChildren(ImportDialog)
        await until(imported.submit_button.isEnabled, "the file is read")
        assert imported.step is ImportStep.REVIEW
        imported.submit_button.click()
        await until(lambda: len(dialog.data.model.rows("rooms")) == 2, "the rows are there")
        await until(dialog.submit_button.isEnabled)
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "the data is sent")
        (request,) = sandbox.state.requests("/customers/push_data")
        rooms = [(each["room_key"], each["name"]) for each in request.body["rooms"]]
        assert rooms == [("007", "Attic"), ("12", "Cellar")]


async def test_data_that_seam_would_refuse_is_not_sent(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        program.window.actions_.update_data.trigger()
        dialog = await program.dialog(UpdateDataDialog)
        type_into(dialog.customer.key, "harbor-hotel")
        dialog.data.kinds.set_current_kind("rooms")
        dialog.data.table.apply_rows("add a room", [{"room_key": "12"}], {})
        dialog.submit_button.click()
        await until(dialog.data.note.label.text, "the table shows the problem")
        assert sandbox.state.requests("/customers/push_data") == []
        dialog.reject()


@pytest.mark.parametrize("file_format", ExportFormat)
async def test_the_list_is_exported_to_a_file(tmp_path, sandbox, file_format):
    async with connected_program(tmp_path / "data", sandbox) as program:
        assert not program.window.actions_.export_portals.isEnabled()
        await program.create("=harbor-hotel")
        press(program.window.portal, "Copy link")
        press(program.window.portal, "Copy anyway")
        await until_shows(program.window.portal, "Link copied")
        program.window.actions_.export_portals.trigger()
        dialog = await program.dialog(ExportDialog)
        dialog.formats[file_format].click()
        dialog.submit_button.click()
        chooser = await program.dialog(QFileDialog)
        target = tmp_path / f"out.{file_format.value}"
        chooser.selectFile(str(target))
        chooser.accept()
        await until(lambda: is_gone(dialog), "the file is written")
        content = target.read_bytes()
        assert b"seam_cst" not in unpacked(content)
        if file_format is ExportFormat.JSON:
            assert b'"customer_key": "=harbor-hotel"' in content
            return
        is_csv = file_format is ExportFormat.CSV
        found = csv_lines(content) if is_csv else workbook_lines(content)
        assert [line["event"] for line in found] == ["requested", "created", "copied"]
        assert {line["customer_key"] for line in found} == {
            "'=harbor-hotel" if is_csv else "=harbor-hotel"
        }


async def test_a_file_that_cannot_be_written_shows_an_error(tmp_path, sandbox):
    async with connected_program(tmp_path / "data", sandbox) as program:
        await program.create("harbor-hotel")
        program.window.actions_.export_portals.trigger()
        dialog = await program.dialog(ExportDialog)
        program.controller.scope.start(
            program.controller.export._write(dialog, [], tmp_path / "gone" / "x.csv")
        )
        error = await until_error(dialog)
        assert "could not be written" in error.title
        dialog.reject()


async def test_the_enabled_actions_depend_on_the_selection(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        actions = program.window.actions_
        assert not actions.reconcile.isEnabled()
        assert not actions.reservation_link.isEnabled()
        await program.connect()
        assert actions.reconcile.isEnabled()
        assert not actions.renew.isEnabled()
        assert not actions.revoke.isEnabled()
        await program.create("a")
        await program.create("b")
        assert actions.renew.isEnabled()
        assert actions.revoke.isEnabled()
        program.window.pane.table.selectAll()
        await until(lambda: len(program.selected()) == 2)
        await until(lambda: actions.revoke.text() == "Revoke 2 links…", "the actions follow")
        assert not actions.duplicate.isEnabled()
        assert actions.renew.text() == "Renew 2 links"


async def test_the_new_portal_dialog_opens_the_reservation_link_dialog(tmp_path, sandbox):
    sandbox.state.push_data(HOTEL)
    async with connected_program(tmp_path, sandbox) as program:
        dialog = await program.open_create("harbor-hotel")
        section = dialog.opens_at
        dialog.form.fold(section).header.click()
        section.mode.control.segments.button("deep_link").click()
        section.deep_link.fill("reservation", "R-1")
        await until(section.reservation_link.isVisible, "it is offered")
        section.reservation_link.click()
        link = await program.dialog(ReservationLinkDialog)
        await until(lambda: link.reservation_key() == "R-1", "the typed key is filled in")
        assert link.customer.customer_key() == "harbor-hotel"
        link.submit_button.click()
        await until(lambda: is_gone(link), "the link is made")
        await until(
            lambda: [row.kind for row in program.rows()] == [PortalKind.RESERVATION_DEEP_LINK]
        )


async def test_a_selection_during_closing_starts_nothing(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        await program.create("old-mill")
        # The table reports a selection in the next turn of the event loop, during closing.
        program.window.pane.table.selectRow(1)
