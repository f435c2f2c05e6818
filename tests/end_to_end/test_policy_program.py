"""What a managed policy does to the whole program."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.policy import parse_policy, unreadable_policy
from tests.support.program import (
    connected_program,
    is_gone,
    open_program,
    press,
    press_enter,
    shows,
    type_into,
    until_error,
    until_shows,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio
SOURCE = "/etc/seam-portal-desktop/policy.json"


async def test_a_fixed_endpoint_is_shown_locked_and_used(tmp_path, sandbox):
    policy = parse_policy({"endpoint": sandbox.endpoint}, SOURCE)
    async with open_program(tmp_path, sandbox, policy=policy) as program:
        dialog = await program.open_connect()
        assert dialog.endpoint.isVisible()
        assert dialog.endpoint.edit.isReadOnly()
        assert dialog.endpoint.edit.text() == sandbox.endpoint
        assert shows(dialog, f"Fixed by your organisation ({SOURCE}).")
        type_into(dialog.credential.edit, sandbox.api_key)
        press_enter(dialog.credential.edit)
        await until(dialog.workspace_card.isVisible, "the workspace is checked")
        assert dialog.endpoint.edit.isReadOnly(), "the lock outlives the wait"
        press_enter(dialog.name.edit)
        await until(lambda: is_gone(dialog), "it is connected")
        await program.settled()
        await program.create("harbor-hotel")


async def test_a_workspace_at_another_endpoint_is_not_called_any_more(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        await program.connect()
    asked = len(sandbox.state.portals())
    policy = parse_policy({"endpoint": "https://seam.company.example"}, SOURCE)
    async with open_program(tmp_path, sandbox, policy=policy) as program:
        dialog = await program.open_create("harbor-hotel")
        press_enter(dialog.customer.key)
        error = await until_error(dialog)
        assert error.title == "Your organisation doesn’t allow this endpoint"
        assert len(sandbox.state.portals()) == asked
        assert program.keys() == []
        dialog.reject()


async def test_a_link_to_another_host_is_neither_shown_nor_copied(tmp_path, sandbox, qapp):
    policy = parse_policy({"allowed_hosts": ["portal.company.example"]}, SOURCE)
    qapp.clipboard().setText("before")
    async with connected_program(tmp_path, sandbox, policy=policy) as program:
        await program.create("harbor-hotel")
        await until_shows(program.window.preview, "It leads to 127.0.0.1.")
        assert not program.previewed
        actions = program.window.actions_
        for action in (actions.copy_link, actions.reveal_link):
            action.trigger()
            if action is actions.copy_link:
                press(program.window.portal, "Copy anyway")
            error = await until(program.error, "the error is shown")
            assert error.title == "Your organisation doesn’t allow this link"
            program.window.status_area.errors.dismiss()
        assert qapp.clipboard().text() == "before"
        assert program.row("harbor-hotel").has_url, "nothing of it is lost"


async def test_an_unreadable_policy_is_shown_and_nothing_is_connected(tmp_path, sandbox):
    policy = unreadable_policy(f"{SOURCE}: smtp must be true or false.")

    def nobody_is_asked(endpoint, credential):
        raise AssertionError(endpoint)

    async with open_program(
        tmp_path, sandbox, policy=policy, create_gateway=nobody_is_asked
    ) as program:
        (banner,) = program.banners()
        assert "smtp must be true or false." in banner
        dialog = await program.check_credential()
        assert dialog.error_card.error.title == "Your organisation’s policy can’t be used"
        dialog.reject()


async def test_the_ledger_is_where_the_policy_puts_it(tmp_path, sandbox):
    place = tmp_path / "elsewhere.sqlite3"
    policy = parse_policy({"ledger_url": f"sqlite:///{place}"}, SOURCE)
    for _ in range(2):
        async with open_program(tmp_path / "data", sandbox, policy=policy) as program:
            if not program.keys():
                await program.connect()
                await program.create("harbor-hotel")
            assert program.keys() == ["harbor-hotel"]
    assert place.exists()
    assert not (tmp_path / "data" / "ledger.sqlite3").exists()
