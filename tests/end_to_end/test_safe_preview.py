"""Safe previews in the whole program with the real engine: they change nothing at Seam."""

from __future__ import annotations

import json
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.preview.kinds import CheckLevel, PreviewMode
from seam_portal_desktop.domain.request import (
    CustomerData,
    Locale,
    PortalRequest,
    decode_request,
)
from seam_portal_desktop.services.portal.safe_preview import CLOSE_WITHIN
from seam_portal_desktop.ui.preview.emulation.comparison_settings import Comparison, ComparisonKind
from seam_portal_desktop.ui.workspaces.remove_dialog import RemoveWorkspaceDialog
from tests.support.click_everything import ask, click_everything
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.preview_records import stored_report
from tests.support.program import (
    CREATE,
    Program,
    connected_program,
    is_live,
    links_of,
    open_program,
    press,
    safe_previews_of,
    shows,
    until_shows,
    visible_texts,
)
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
INN = {
    "customer_key": "inn",
    "rooms": [{"room_key": "r0", "name": "Blue"}, {"room_key": "r1", "name": "Red"}],
    "guests": [{"guest_key": "g", "name": "Ada Guest"}],
    "reservations": [
        {
            "reservation_key": "now",
            "guest_key": "g",
            "room_keys": ["r0"],
            "starts_at": (TODAY - timedelta(days=1)).isoformat(),
            "ends_at": (TODAY + timedelta(days=3)).isoformat(),
        }
    ],
    "staff_members": [{"staff_member_key": "s1", "name": "Cleo Staff"}],
}
ALL_ALLOWED = decode_request(
    json.dumps(
        {
            "customer_data": {"customer_key": "inn"},
            "features": {
                "connect": {"accepted_providers": ["yale"]},
                "configure": {
                    "allow_access_automation_rule_customization": True,
                    "allow_climate_automation_rule_customization": True,
                    "allow_instant_key_customization": True,
                },
            },
        }
    )
)


async def show(program: Program, request: PortalRequest) -> str:
    """Create a portal as the dialog does, and wait until its page is loaded."""
    workspace = program.session.services.workspaces.current
    portal = await program.session.services.creation.create(workspace, request)
    program.controller.creation.created.emit(portal)
    await program.selected_alone(portal.customer_key)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    return portal.portal_id


@pytest.mark.parametrize("mode", PreviewMode)
async def test_every_control_of_every_section_is_clicked(tmp_path, sandbox, mode):
    sandbox.state.push_data(INN)
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        portal_id = await show(program, ALL_ALLOWED)
        if mode is PreviewMode.LIVE:
            program.window.preview.live_requested.emit(portal_id)
            await until(lambda: program.previewed[-1].mode is mode and page_is_ready(program))
        (link,), (safe_preview,) = links_of(sandbox), safe_previews_of(sandbox)
        page = program.page()
        shown = {PreviewMode.SAFE: safe_preview, PreviewMode.LIVE: link}[mode]
        assert await ask(page, "location.href") == sandbox.state.url_of(shown)
        before = repr(sandbox.state.customer("inn"))

        tried = await click_everything(page)

        assert {"places", "devices", "stays", "staff", "accounts", "automations"} <= {
            *tried["sections"]
        }
        assert tried["clicked"] > 25
        if mode is PreviewMode.LIVE:
            actions = {mutation.action["action"] for mutation in sandbox.state.mutations()}
            assert actions == {
                "add_staff",
                "assign_device",
                "cancel_reservation",
                "connect_account",
                "create_reservation",
                "remove_staff",
                "rename_device",
                "set_automation",
                "set_lock",
            }
            return
        assert sandbox.state.mutations() == []
        assert repr(sandbox.state.customer("inn")) == before
        refused = await forge(page, portal_of=safe_preview)
        assert refused == 403
        assert sandbox.state.mutations() == []
    assert (is_live(sandbox, link), is_live(sandbox, safe_preview)) == (True, False)


def page_is_ready(program: Program) -> bool:
    return program.window.preview.is_loaded


async def forge(page, portal_of) -> int:
    """Send an action that the page does not offer; return the status."""
    action = '{"action": "add_staff", "name": "Mallory"}'
    page.runJavaScript(
        f"fetch('/portals/{portal_of.portal_id}/actions', {{method: 'POST', body: '{action}', "
        "headers: {'Content-Type': 'application/json', Authorization: 'Bearer ' + "
        "new URLSearchParams(location.search).get('token')}})"
        ".then((answer) => { window.forged = answer.status; }); ''"
    )
    statuses: list[int] = []
    while not statuses or statuses[-1] is None:
        statuses.append(await ask(page, "window.forged ?? null"))
    return statuses[-1]


INN_KEY = PortalRequest(customer_data=CustomerData(customer_key="inn"))
OLD_MILL = PortalRequest(customer_data=CustomerData(customer_key="old-mill"))


async def select_nothing(program: Program) -> None:
    program.window.pane.table.clearSelection()
    await until_shows(program.window.portal, "No portal selected")


def last_safe_preview(sandbox):
    return safe_previews_of(sandbox)[-1]


async def test_a_safe_preview_is_revoked_however_its_page_is_closed(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        window = program.window
        await program.connect()
        await show(program, OLD_MILL)
        await show(program, INN_KEY)
        first = safe_previews_of(sandbox)[0]
        await until(lambda: not is_live(sandbox, first), "another portal is shown")

        async def shown_again() -> None:
            await until(
                lambda: is_live(sandbox, last_safe_preview(sandbox)), "it has a safe preview"
            )
            await until(lambda: window.preview.is_loaded, "the page is painted")

        async def ended(why: str) -> None:
            assert last_safe_preview(sandbox).customer_key == "inn"
            await until(lambda: not is_live(sandbox, last_safe_preview(sandbox)), why)

        window.actions_.toggle_portal.setChecked(False)
        await ended("the preview is hidden")
        made = len(safe_previews_of(sandbox))
        await program.select("old-mill")
        await program.select("inn")
        window.actions_.toggle_portal.setChecked(True)
        await until(
            lambda: len(safe_previews_of(sandbox)) == made + 1, "it is made when it is shown"
        )
        await shown_again()

        window.pane.table.clearSelection()
        await ended("nothing is selected")
        assert window.pane.table.select(program.row("inn").portal_id)
        await until(lambda: len(safe_previews_of(sandbox)) == made + 2)
        await shown_again()

        program.window.preview.live_requested.emit(program.row("inn").portal_id)
        await ended("the live link is shown")
        await until(lambda: window.preview.is_loaded, "the live page is painted")
    assert not any(is_live(sandbox, safe_preview) for safe_preview in safe_previews_of(sandbox))
    assert all(is_live(sandbox, link) for link in links_of(sandbox))


async def test_a_live_link_is_shown_on_request_until_another_portal_is_selected(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        await show(program, OLD_MILL)
        portal_id = await show(program, INN_KEY)
        assert [each.mode for each in program.previewed] == [PreviewMode.SAFE] * 2
        assert program.previewed[-1].portal_id == portal_id
        assert program.previewed[-1].request.read_only is True
        await until_shows(program.window.portal, "Previewed (read-only)")

        program.window.preview.live_requested.emit(portal_id)
        await until(lambda: program.previewed[-1].mode is PreviewMode.LIVE, "it is shown")
        assert program.previewed[-1].url == await program.session.services.portals.url_of(portal_id)
        await until_shows(program.window.portal, "Previewed with the live link")
        await program.session.services.portals.mark_sent(portal_id, None, "")
        await program.settled()
        assert program.previewed[-1].mode is PreviewMode.LIVE, "a change of its row does not end it"

        await program.select("old-mill")
        await program.select("inn")
        await until(lambda: program.previewed[-1].portal_id == portal_id)
        await until(lambda: program.previewed[-1].mode is PreviewMode.SAFE, "it is safe again")
        program.window.preview.live_requested.emit(portal_id)
        await until(lambda: program.previewed[-1].mode is PreviewMode.LIVE, "it is shown")
        program.window.preview.safe_requested.emit(portal_id)
        await until(lambda: program.previewed[-1].mode is PreviewMode.SAFE, "back to safe")


async def test_a_reload_keeps_the_safe_preview_and_replaces_a_revoked_one_once(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        preview = program.window.preview
        await program.connect()
        await show(program, INN_KEY)
        program.window.actions_.reload_preview.trigger()
        await until(lambda: not preview.is_loaded, "it loads again")
        await until(lambda: preview.is_loaded, "the page is painted again")
        assert len(safe_previews_of(sandbox)) == 1

        rendered: list[str] = []
        preview.rendered.connect(rendered.append)
        sandbox.state.revoke(last_safe_preview(sandbox))
        program.window.actions_.reload_preview.trigger()
        await until(lambda: len(safe_previews_of(sandbox)) == 2, "a new safe preview is made")
        await until(lambda: len(rendered) == 1, "the page is painted with it")

        sandbox.state.portal_lifetime = timedelta(milliseconds=1)
        sandbox.state.revoke(last_safe_preview(sandbox))
        program.window.actions_.reload_preview.trigger()
        await until_shows(preview, "This link has expired")
        assert len(safe_previews_of(sandbox)) == 3


async def test_a_safe_preview_that_cannot_be_made_shows_why_and_two_next_steps(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        preview = program.window.preview
        await program.connect()
        await show(program, INN_KEY)
        await select_nothing(program)
        for _ in range(2):
            sandbox.faults.next_answer(
                status=403,
                body={"error": {"type": "forbidden", "message": "Not today"}, "ok": False},
                path=CREATE,
            )
        await program.select("inn")
        await until_shows(preview, "The safe preview could not be made")
        assert any("Not today" in text for text in visible_texts(preview)), visible_texts(preview)
        assert shows(preview, "Seam request id: ")
        assert program.keys() == ["inn"], "it is not in the list"
        press(preview, "Preview the live link instead")
        await until(lambda: preview.is_loaded, "the live link is shown")
        assert program.previewed[-1].mode is PreviewMode.LIVE

        program.window.preview.safe_requested.emit(program.row("inn").portal_id)
        await until_shows(preview, "The safe preview could not be made")
        press(preview, "Try again")
        await until(lambda: preview.is_loaded, "the safe preview is shown")
        assert program.previewed[-1].mode is PreviewMode.SAFE
        assert program.error() is None


async def test_a_policy_without_live_previews_is_followed(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        preview = program.window.preview
        previews = program.controller.previews
        previews._first._context = previews._context = replace(
            previews._context, live_refusal="Your company allows no live previews."
        )
        await program.connect()
        portal_id = await show(program, INN_KEY)
        preview.live_requested.emit(portal_id)
        await until(lambda: "allows no live previews" in program.message(), "the reason is shown")
        assert program.previewed[-1].mode is PreviewMode.SAFE
        await select_nothing(program)
        sandbox.faults.next_answer(status=403, path=CREATE)
        await program.select("inn")
        await until_shows(preview, "The safe preview could not be made")
        assert any("allows no live previews" in text for text in visible_texts(preview))
        assert "Preview the live link instead" not in visible_texts(preview)


async def test_moving_through_the_list_makes_a_safe_preview_of_the_last_row_only(tmp_path, sandbox):
    keys = [f"customer-{number}" for number in range(6)]
    async with connected_program(tmp_path, sandbox) as program:
        for key in keys:
            await program.create(key)
        await select_nothing(program)
        program.controller.previews.first_mode = PreviewMode.SAFE
        program.previewed.clear()
        assert safe_previews_of(sandbox) == []
        for key in keys:
            assert program.window.pane.table.select(program.row(key).portal_id)
            await until(partial(shows, program.window.portal, key), "the panel follows")
        await until(lambda: safe_previews_of(sandbox), "the last one has a safe preview")
        await until(lambda: program.previewed, "and shown")
        assert [safe_preview.customer_key for safe_preview in safe_previews_of(sandbox)] == [
            keys[-1]
        ]
        assert [each.customer_key for each in program.previewed] == [keys[-1]]


async def test_a_report_is_recorded_with_its_portal(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        portal = await program.create("inn")
        stored = stored_report(CheckLevel.PROBLEM)
        program.window.preview.checks.report_ready.emit(portal.portal_id, stored)
        await until(
            lambda: program.row("inn").preview_verdict is CheckLevel.PROBLEM, "the row has it"
        )
        assert await program.session.services.ledger.report_of(portal.portal_id) == stored


async def test_switching_the_workspace_revokes_its_safe_previews(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        await show(program, INN_KEY)
        program.window.actions_.remove_workspace.trigger()
        dialog = await program.dialog(RemoveWorkspaceDialog)
        dialog.accept()
        await until(
            lambda: not is_live(sandbox, last_safe_preview(sandbox)), "the safe preview is revoked"
        )
        await until(lambda: program.session.services.workspaces.connections == [], "it is removed")
        assert is_live(sandbox, links_of(sandbox)[0])


async def test_a_refused_revocation_is_shown_and_repeated_at_the_next_start(tmp_path, sandbox):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring, pages=True) as program:
        await show(program, INN_KEY)
        sandbox.faults.next_answer(status=409, path="/client_sessions/revoke")
        left = last_safe_preview(sandbox)
        program.window.actions_.show_activity.trigger()
        program.window.actions_.toggle_portal.setChecked(False)
        await until(lambda: not program.window.preview.first.target, "the preview is closed")
        program.window.actions_.toggle_portal.setChecked(True)
        await until_shows(program.window.portal, "unless the program can revoke it before")
        assert is_live(sandbox, left)
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await until(lambda: not is_live(sandbox, left), "it is ended")
        await program.select("inn")
        await until_shows(program.window.portal, "earlier safe preview was revoked")


async def test_a_slow_seam_does_not_keep_the_window_open(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        await show(program, INN_KEY)
        sandbox.faults.hold(path="/client_sessions/list")
        began = time.monotonic()
        await program.session.close()
        sandbox.faults.release()
        assert time.monotonic() - began < CLOSE_WITHIN.total_seconds() + 2


def shown_beside(program: Program) -> PreviewMode | None:
    second = program.window.preview.second
    return second.target.mode if second is not None and second.target is not None else None


async def test_two_live_portals_are_shown_beside_each_other(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        preview = program.window.preview
        await program.connect()
        await show(program, OLD_MILL)
        await show(program, INN_KEY)
        made = len(safe_previews_of(sandbox))
        program.window.pane.table.selectAll()
        await until(lambda: preview.second is not None and preview.second.is_loaded, "both are")
        inn, mill = safe_previews_of(sandbox)[made - 1 :]
        assert (inn.customer_key, mill.customer_key) == ("inn", "old-mill")
        assert [is_live(sandbox, inn), is_live(sandbox, mill)] == [True, True]
        assert preview.first.target.url.reveal() == sandbox.state.url_of(inn)
        assert preview.second.target.url.reveal() == sandbox.state.url_of(mill)
        await until(lambda: program.row("old-mill").previewed_at, "both count as previewed")

        portal_id = program.row("old-mill").portal_id
        preview.live_requested.emit(portal_id)
        await until(lambda: shown_beside(program) is PreviewMode.LIVE, "one of them is live")
        await until(lambda: not is_live(sandbox, mill), "its safe preview is revoked")
        assert is_live(sandbox, inn)

        preview.close_second()
        assert preview.second is None
        program.controller.selection.update()
        assert preview.second is None, "what was closed stays closed"
        await program.select("old-mill")
        await until(lambda: not is_live(sandbox, inn), "the other safe preview is revoked")
    assert not any(is_live(sandbox, safe_preview) for safe_preview in safe_previews_of(sandbox))


async def test_three_selected_portals_are_too_many(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        for key in ("a", "b", "c"):
            await program.create(key)
        program.window.pane.table.selectAll()
        await until_shows(program.window.portal, "3 portals selected")
        assert [target for target in program.beside if target is not None] == []


async def test_another_language_is_shown_beside_with_its_own_safe_preview(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        preview = program.window.preview
        await program.connect()
        portal_id = await show(program, INN_KEY)
        preview.comparison_requested.emit(
            Comparison(ComparisonKind.LANGUAGE, portal_id, Locale.EL_GR.value)
        )
        await until(lambda: preview.second is not None and preview.second.is_loaded, "it is there")
        plain, greek = safe_previews_of(sandbox)
        assert (plain.request.get("locale"), greek.request.get("locale")) == (None, "el-GR")
        assert await ask(program.page(second=True), "document.documentElement.lang") == "el-GR"

        sandbox.state.revoke(greek)
        preview.second.reload()
        await until(lambda: len(safe_previews_of(sandbox)) == 3, "the dead one is replaced")
        await until(lambda: preview.second is not None and preview.second.is_loaded, "it is back")
        assert safe_previews_of(sandbox)[2].request["locale"] == "el-GR"
        assert is_live(sandbox, plain)

        preview.close_second()
        await until(
            lambda: not is_live(sandbox, safe_previews_of(sandbox)[2]),
            "its safe preview is revoked",
        )
        assert is_live(sandbox, plain)
        assert preview.is_loaded


async def test_a_language_that_cannot_be_loaded_leaves_the_first_page(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        preview = program.window.preview
        await program.connect()
        portal_id = await show(program, INN_KEY)
        sandbox.faults.next_answer(status=403, path=CREATE)
        preview.comparison_requested.emit(
            Comparison(ComparisonKind.LANGUAGE, portal_id, Locale.EL_GR.value)
        )
        assert await until(program.error, "the error is shown")
        assert preview.second is None
        assert preview.is_loaded
        assert is_live(sandbox, last_safe_preview(sandbox))


@asynccontextmanager
async def safe_without_pages(tmp_path, sandbox):
    """The program makes safe previews, and the pane opens no page for them."""
    async with open_program(tmp_path, sandbox) as program:
        program.controller.previews.first_mode = PreviewMode.SAFE
        await program.connect()
        yield program


async def test_a_reservation_link_is_only_shown_live_and_explains_why(tmp_path, sandbox):
    reservation = INN["reservations"][0] | {"reservation_key": "R-1"}
    sandbox.state.push_data(INN | {"reservations": [reservation]})
    async with safe_without_pages(tmp_path, sandbox) as program:
        preview = program.window.preview
        workspace = program.session.services.workspaces.current
        creation = program.session.services.creation
        portal = await creation.create_reservation_link(workspace, "inn", "R-1")
        program.controller.list.select(portal.portal_id)
        await until_shows(preview, "No safe preview for this link")
        assert any("single reservation" in text for text in visible_texts(preview))
        assert program.previewed == []
        press(preview, "Preview the live link instead")
        await until(lambda: program.previewed, "it is shown")
        assert program.previewed[-1].mode is PreviewMode.LIVE
        assert safe_previews_of(sandbox) == []


async def test_a_read_only_link_is_its_own_safe_preview(tmp_path, sandbox):
    async with safe_without_pages(tmp_path, sandbox) as program:
        workspace = program.session.services.workspaces.current
        request = PortalRequest(customer_data=CustomerData(customer_key="inn"), read_only=True)
        portal = await program.session.services.creation.create(workspace, request)
        program.controller.list.select(portal.portal_id)
        await until(lambda: program.previewed, "it is shown")
        assert program.previewed[-1].mode is PreviewMode.SAFE
        (link,) = sandbox.state.portals()
        assert program.previewed[-1].url.reveal() == sandbox.state.url_of(link)
        await select_nothing(program)
    assert is_live(sandbox, link), "the customer’s link stays"


async def test_revoking_a_link_revokes_its_safe_preview_and_a_hidden_preview_makes_none(
    tmp_path, sandbox
):
    async with safe_without_pages(tmp_path, sandbox) as program:
        portal = await program.create("inn")
        await until(lambda: program.previewed, "it is shown")
        (safe_preview,) = safe_previews_of(sandbox)
        workspace = program.session.services.workspaces.current
        revocation = program.session.services.revocation
        target = await revocation.find(workspace, portal.portal_id)
        await revocation.revoke(workspace, target)
        await until(lambda: not is_live(sandbox, safe_preview), "the safe preview is revoked")
        await until_shows(program.window.portal, "This link was revoked")

        program.window.actions_.toggle_portal.setChecked(False)
        await program.create("old-mill")
        await program.settled()
        assert safe_previews_of(sandbox) == [safe_preview]
