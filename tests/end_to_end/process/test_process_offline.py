"""A page's server stops and starts again."""

from __future__ import annotations

from tests.support.page_server import page_server


def test_a_page_is_loaded_again_when_its_server_is_back(start_scenario, sandbox):
    """Another server at the sandbox's port serves the page later."""
    variables = {"SANDBOX_ENDPOINT": sandbox.endpoint, "SANDBOX_KEY": sandbox.api_key}
    port = int(sandbox.endpoint.rpartition(":")[2])
    with start_scenario("come_back_online", **variables) as program:
        program.next_message("keyring")
        program.next_message("online")
        sandbox.stop()
        program.write_line("reload")
        shown = program.next_message("offline")["texts"]
        assert "The connection was refused" in shown
        assert any("Trying again" in text for text in shown)
        with page_server(port=port):
            program.next_message("online")
            assert program.wait_for_exit().code == 0
