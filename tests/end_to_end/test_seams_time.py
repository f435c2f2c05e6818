"""A computer whose clock is wrong, in the whole program: Seam's time decides what has expired."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.clock import SeamClock, steady_seconds, system_clock
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.ui.shell import clock_notice
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
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
from tests.support.sandboxes import running_sandbox
from tests.support.until import until

OTHER_WORKSPACE_ID = "6b3db0c4-6f1e-4c1b-9d55-0d2f6c3b8e18"
pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


@pytest.fixture
def set_computers_clock(monkeypatch):
    """Sets how far the clock of this computer is ahead, for programs opened from then on."""

    def set_clock(ahead: timedelta) -> None:
        def make() -> SeamClock:
            return SeamClock(lambda: system_clock() + ahead, steady_seconds)

        monkeypatch.setattr("seam_portal_desktop.bootstrap.session.SeamClock", make)

    return set_clock


@pytest.fixture
def second_sandbox():
    """Another workspace of Seam."""
    with running_sandbox() as server:
        server.state.workspace_id = OTHER_WORKSPACE_ID
        object.__setattr__(server._credentials, "workspace_id", OTHER_WORKSPACE_ID)
        yield server


def status(program: Program, customer_key: str) -> PortalStatus:
    pane = program.window.pane
    row = pane.model.row_of(program.row(customer_key).portal_id)
    return pane.model.status(row)


@pytest.mark.parametrize("days", [10, -10])
async def test_a_clock_that_is_days_off_expires_no_link(
    days, tmp_path, sandbox, set_computers_clock
):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
        assert program.banners() == []
    set_computers_clock(timedelta(days=days))
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await until(program.banners, "the difference is said")
        (banner,) = program.banners()
        direction = "10 days ahead of" if days > 0 else "10 days behind"
        assert f"This computer’s clock is {direction} Seam’s." in banner
        await program.settled()
        await until(lambda: status(program, "harbor-hotel") is PortalStatus.ACTIVE, "it is alive")
        await program.select("harbor-hotel")
        assert program.window.actions_.copy_link.isEnabled()
        await until_shows(program.window.portal, "Expires in 7 days")
        bar = program.window.pane.filter_bar
        assert not any("Expired" in text and "1" in text for text in visible_texts(bar))
        made = await program.create("casa-verde")
        assert abs(made.requested_at - system_clock()) < timedelta(minutes=1)


async def test_without_seams_time_the_program_says_whose_clock_decides(
    tmp_path, sandbox, set_computers_clock
):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
    set_computers_clock(timedelta(days=10))
    sandbox.faults.hold()
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        assert status(program, "harbor-hotel") is PortalStatus.EXPIRED
        sandbox.faults.next_drop()
        sandbox.faults.release()
        await until(program.banners, "it is said")
        program.controller.clock_notice.update()  # as each minute
        assert "this computer’s clock decides" in program.banners()[0]
        program.window.actions_.reconcile.trigger()
        await until(lambda: status(program, "harbor-hotel") is PortalStatus.ACTIVE, "Seam answered")
        await until(lambda: "10 days ahead" in program.banners()[0], "the difference is said")


async def test_the_banner_follows_this_computers_clock(tmp_path, sandbox, monkeypatch):
    ahead = [timedelta(hours=-3)]

    def make() -> SeamClock:
        return SeamClock(lambda: system_clock() + ahead[0], steady_seconds)

    monkeypatch.setattr("seam_portal_desktop.bootstrap.session.SeamClock", make)
    monkeypatch.setattr(clock_notice, "_COMPARE_EVERY_MS", 10, raising=False)
    async with connected_program(tmp_path, sandbox) as program:
        await until(program.banners, "the difference is said")
        assert "3 hours behind" in program.banners()[0]
        ahead[0] = timedelta()
        await until(lambda: program.banners() == [], "the clock was set")
        ahead[0] = timedelta(days=2)
        await until(program.banners, "the clock was set wrong")
        assert "2 days ahead" in program.banners()[0]


async def leave_copy(program: Program) -> None:
    """Make a read-only copy as a preview does, and forget it as a crash does."""
    services = program.session.services
    connection = services.workspaces.current
    portal = program.row("harbor-hotel")
    await services.safe_previews.open_safe(connection, portal.portal_id)
    services.safe_previews._open.clear()


async def test_a_clock_that_is_ahead_keeps_no_left_copy_alive(
    tmp_path, sandbox, set_computers_clock
):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
        await leave_copy(program)
    (copy,), (link,) = safe_previews_of(sandbox), links_of(sandbox)
    assert is_live(sandbox, copy)
    set_computers_clock(timedelta(days=10))
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await until(lambda: not is_live(sandbox, copy), "it is revoked")
        await program.select("harbor-hotel")
        await until_shows(program.window.portal, "earlier safe preview was revoked")
    assert is_live(sandbox, link)


@pytest.mark.parametrize("minutes", [-10, -6, 6, 10])
async def test_a_link_is_not_denied_by_a_clock_that_is_minutes_off(
    minutes, tmp_path, sandbox, set_computers_clock
):
    set_computers_clock(timedelta(minutes=minutes))
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.next_drop(path="/customers/create_portal", after_effect=True)
        (await program.fail_to_create("harbor-hotel")).dismiss_button.click()
        await program.select("harbor-hotel")
        press(program.window.portal, "Check with Seam")
        title = "A link was probably made, but its address never arrived here."
        await until(lambda: program.message() == title, "Seam's answer is shown")
        assert shows(program.window.portal, "A link may exist")


async def test_left_copies_of_all_workspaces_are_revoked_at_the_start(
    tmp_path, sandbox, second_sandbox
):
    keyring = SessionSecretStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
        await leave_copy(program)
        await program.connect(second_sandbox.api_key, endpoint=second_sandbox.endpoint)
        await program.create("harbor-hotel")
        await leave_copy(program)
    copies = [*safe_previews_of(sandbox), *safe_previews_of(second_sandbox)]
    assert len(copies) == 2
    async with open_program(tmp_path, sandbox, secret_store=keyring):
        await until(
            lambda: not is_live(sandbox, copies[0]) and not is_live(second_sandbox, copies[1]),
            "both are revoked",
        )
