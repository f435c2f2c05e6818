"""A portal is looked at without touching anything, in the real program and the real engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWebEngineWidgets import QWebEngineView

from seam_portal_desktop.domain.portal_request import (
    PortalRequest,
    decode_request,
)
from seam_portal_desktop.domain.preview import PreviewMode
from tests.support.click_everything import ask, click_everything
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    Program,
    alive,
    links_of,
    open_program,
    twins_of,
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
    """Create a portal as the dialog does, and wait until its preview is there."""
    workspace = program.session.workspaces.current
    portal = await program.session.portals.create(workspace, request)
    program.presenter.creation.created.emit(portal.portal_id)
    await program.selected_alone(portal.customer_key)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    return portal.portal_id


def page_of(program: Program):
    return program.window.preview.findChild(QWebEngineView).page()


@pytest.mark.parametrize("mode", PreviewMode)
async def test_every_control_of_every_section_is_clicked(tmp_path, sandbox, mode):
    sandbox.state.push_data(INN)
    async with open_program(tmp_path, sandbox, pages=True) as program:
        await program.connect()
        portal_id = await show(program, ALL_ALLOWED)
        if mode is PreviewMode.LIVE:
            program.window.preview.live_requested.emit(portal_id)
            await until(lambda: program.previewed[-1].mode is mode and page_is_ready(program))
        (link,), (twin,) = links_of(sandbox), twins_of(sandbox)
        page = page_of(program)
        shown = {PreviewMode.SAFE: twin, PreviewMode.LIVE: link}[mode]
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
        refused = await forge(page, portal_of=twin)
        assert refused == 403
        assert sandbox.state.mutations() == []
    assert (alive(sandbox, link), alive(sandbox, twin)) == (True, False)


def page_is_ready(program: Program) -> bool:
    return program.window.preview.is_loaded


async def forge(page, portal_of) -> int:
    """The status that an action gets which the page itself doesn't offer."""
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
