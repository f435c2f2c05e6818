"""What the preview shows for a dead link, a failing portal and an unreachable server."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.portal.panel import PortalTab
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    connected_program,
    links_of,
    open_program,
    press,
    shows,
    until_shows,
)
from tests.support.sandboxes import running_sandbox
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


class MovableClock:
    """The sandbox's clock, `ahead` of the real time."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self):
        return system_clock() + self.ahead


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def sandbox(clock):
    with running_sandbox(clock=clock) as server:
        yield server


def revoke(sandbox, _clock):
    (portal,) = links_of(sandbox)
    sandbox.state.revoke(portal)


def expire(_sandbox, clock):
    clock.ahead = timedelta(days=8)


def fail(sandbox, _clock):
    sandbox.page_faults.next_answer(status=500)


def vanish(sandbox, _clock):
    sandbox.stop()


@pytest.mark.parametrize(
    ("happens", "title", "step"),
    [
        (revoke, "This link no longer opens", "Create a new link"),
        (fail, "The portal answered with an error", "Try again"),
        (vanish, "The connection was refused", "Try now"),
    ],
)
async def test_a_page_that_cannot_be_loaded_shows_why_and_a_next_step(  # noqa: PLR0917 - fixtures
    happens, title, step, tmp_path, sandbox, clock
):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        program.controller.previews.first_mode = PreviewMode.LIVE
        preview = program.window.preview
        await program.connect()
        await program.create("harbor-hotel")
        await until(lambda: preview.is_loaded, "the page is painted")

        await asyncio.to_thread(happens, sandbox, clock)
        program.window.actions_.reload_preview.trigger()
        await until_shows(preview, title)
        assert not preview.is_loaded

        press(preview, step)
        if step == "Create a new link":
            dialog = await program.dialog(NewPortalDialog)
            await until(lambda: dialog.customer.customer_key() == "harbor-hotel", "it is filled")
        elif happens is fail:
            await until(lambda: preview.is_loaded, "the page is back")
        else:
            await until_shows(preview, title)
        assert program.error() is None


async def test_a_link_that_expires_meanwhile_shows_its_details(tmp_path, sandbox, clock):
    """Seam's next answer tells the time, and there is nothing to preview any more."""
    async with open_program(tmp_path, sandbox, pages=True) as program:
        await program.connect()
        await program.create("harbor-hotel")
        await until(lambda: program.window.preview.is_loaded, "the page is painted")

        expire(sandbox, clock)
        program.window.actions_.reload_preview.trigger()
        await until_shows(program.window.portal, "This link has expired")
        assert program.window.portal.tab is PortalTab.DETAILS
        assert shows(program.window.portal, "Renew link")


async def test_an_expired_link_is_not_loaded(tmp_path, sandbox):
    sandbox.state.portal_lifetime = timedelta(milliseconds=1)
    async with connected_program(tmp_path, sandbox) as program:
        row = await program.create("harbor-hotel")
        assert row.status(system_clock()) is PortalStatus.EXPIRED
        await until_shows(program.window.portal, "This link has expired")
        assert program.previewed == []
        assert not program.window.actions_.copy_link.isEnabled()
        assert program.window.portal.tab is PortalTab.DETAILS
        # In its own window the preview has to say something.
        program.window.actions_.preview_window.trigger()
        await until_shows(program.window.preview, "This link has expired")


async def test_a_row_without_a_link_shows_that_there_is_no_page(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.next_drop(path="/customers/create_portal", after_effect=True)
        (await program.fail_to_create("harbor-hotel")).dismiss_button.click()
        await program.select("harbor-hotel")
        assert program.window.portal.tab is PortalTab.DETAILS
        assert shows(program.window.portal, "A link may exist")
        assert program.previewed == []
        program.window.actions_.preview_window.trigger()
        await until_shows(program.window.preview, "There is no page to show")
