"""A workspace with more client sessions than fit into one ordinary answer: links can be ended."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.ui.lifecycle.revoke_dialog import RevokeDialog
from tests.support.http_server import ScriptedServer
from tests.support.long_lists import send_sessions
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    connected_program,
    is_gone,
    is_live,
    links_of,
    safe_previews_of,
)
from tests.support.responsive import window_answers
from tests.support.seam_answers import api_key_credential
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


async def test_a_link_among_15_000_sessions_is_revoked(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        for _ in range(15_000):
            sandbox.state.create_portal("harbor-hotel", {})

        program.window.actions_.revoke.trigger()
        dialog = await program.dialog(RevokeDialog)
        await until(dialog.submit_button.isEnabled, "the session is found")
        dialog.submit_button.click()
        await until(lambda: is_gone(dialog), "it is revoked")

        made = links_of(sandbox)[0]
        assert not is_live(sandbox, made)


async def test_a_read_only_copy_among_15_000_sessions_is_ended(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        for _ in range(15_000):
            sandbox.state.create_portal("app-user", {})
        await program.create("harbor-hotel")
        await until(lambda: program.window.preview.is_loaded, "the page is painted")
        (copy,) = safe_previews_of(sandbox)
        assert is_live(sandbox, copy)
        program.window.pane.table.clearSelection()
        await until(lambda: not is_live(sandbox, copy), "the copy is ended")


async def test_the_window_answers_while_100_000_sessions_are_read():
    with ScriptedServer(default=send_sessions(100_000)) as server:
        gateway = create_gateway(server.url, api_key_credential)
        server.reply(send_sessions(1))
        await gateway.list_client_sessions()  # imports the HTTP library, in a thread
        with window_answers():
            found = await gateway.list_client_sessions(
                keep=lambda session: session.customer_key == "app-user-000000099999"
            )
        await gateway.aclose()
    assert len(found) == 1
