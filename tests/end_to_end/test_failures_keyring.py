"""Keyrings that fail: the program works for this run, shows so and stores no secret elsewhere."""

from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.adapters.keyring import errors as keyring_errors
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.bootstrap.session import SessionMode
from seam_portal_desktop.domain.errors import SecretStoreError
from tests.support.program import (
    connected_program,
    is_gone,
    open_program,
    press,
    press_enter,
    shows,
    until_error,
    until_shows,
)
from tests.support.until import until

pytestmark = pytest.mark.anyio

ABSENT = keyring_errors.absent("linux", "NoKeyringError")
LOCKED = keyring_errors.locked("linux", "KeyringLocked")
DENIED = keyring_errors.denied("linux", "PromptDismissedException")
TOO_LONG = keyring_errors.too_long("OverflowError")


class FailingStore(SessionSecretStore):
    """A keyring that raises `error` until it is None."""

    def __init__(self, error: SecretStoreError | None) -> None:
        super().__init__()
        self.error = error

    async def get(self, name):
        self._refuse()
        return await super().get(name)

    async def set(self, name, secret):
        self._refuse()
        await super().set(name, secret)

    async def delete(self, name):
        self._refuse()
        await super().delete(name)

    def _refuse(self) -> None:
        if self.error is not None:
            raise self.error


class SlowKeyStore(SessionSecretStore):
    """A keyring that prompts for the ledger's key, and waits until `answered` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = asyncio.Event()

    async def set(self, name, secret):
        if name.startswith("ledger-key/"):
            await self.answered.wait()
        await super().set(name, secret)


async def offer_to_save(program):
    """The connect dialog after the keyring failed."""
    dialog = await program.check_credential()
    press_enter(dialog.name.edit)
    await until_error(dialog)
    return dialog


async def connect_for_this_run(program):
    dialog = await offer_to_save(program)
    press(dialog, "Keep until I quit")
    await until(lambda: is_gone(dialog), "the workspace is connected")
    await program.settled()


def files_with(directory, *secrets):
    return [
        path
        for path in directory.rglob("*")
        if path.is_file() and any(secret.encode() in path.read_bytes() for secret in secrets)
    ]


async def test_without_a_keyring_the_main_job_works_for_this_run(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        dialog = await offer_to_save(program)
        assert shows(dialog, ABSENT.title)
        assert program.session.services.workspaces.connections == []
        press(dialog, "Keep until I quit")
        await until(lambda: is_gone(dialog), "the workspace is connected")
        await program.settled()

        portal = await program.create("harbor-hotel")
        url = sandbox.state.url_of(sandbox.state.portals()[0])
        assert (await program.session.services.portals.url_of(portal.portal_id)).reveal() == url
        assert any(ABSENT.title in banner for banner in program.banners()), program.banners()
        await until_shows(program.window.status_area, "Links are kept until you quit")

    assert files_with(tmp_path, sandbox.api_key, url, url.partition("token=")[2]) == []

    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        workspaces = program.session.services.workspaces
        assert workspaces.connections == [], "it was for the first run only"
        await connect_for_this_run(program)
        assert program.keys() == ["harbor-hotel"]
        await program.select("harbor-hotel")
        preview = program.window.preview
        await until_shows(preview, "This link can’t be read here")
        assert shows(preview, "It was made while the keyring was unavailable")
        await until_shows(program.window.portal, "The link is lost here")
        assert shows(program.window.portal, "Renew link")


async def test_a_keyring_that_came_back_does_not_have_the_links_of_a_run_without_it(
    tmp_path, sandbox
):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        await program.create("harbor-hotel")
    async with connected_program(tmp_path, sandbox) as program:
        await program.select("harbor-hotel")
        await until_shows(program.window.preview, "was not kept")
        assert program.banners() == []
        await until_shows(program.window.status_area, "All links saved")


async def test_a_keyring_that_is_unlocked_later_can_still_keep_the_links(tmp_path, sandbox):
    keyring = FailingStore(LOCKED)
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await connect_for_this_run(program)
        await program.create("harbor-hotel")
        (banner,) = program.banners()
        assert LOCKED.title in banner

        press(program.window, "Try again")
        await until(lambda: not program.controller.scope.is_running("check keyring"), "it tried")
        assert len(program.banners()) == 1, "it is still locked"

        keyring.error = None
        press(program.window, "Try again")
        await until(lambda: program.banners() == [], "the banner is gone")
        await until_shows(program.window.status_area, "All links saved")
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        row = await program.select("harbor-hotel")
        url = await program.session.services.portals.url_of(row.portal_id)
        assert url.reveal() == sandbox.state.url_of(sandbox.state.portals()[0])


async def test_a_locked_link_can_be_shown_once_the_keyring_is_unlocked(tmp_path, sandbox):
    keyring = FailingStore(None)
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")
    keyring.error = LOCKED
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        row = await program.select("harbor-hotel")
        await until_shows(program.window.preview, LOCKED.title)
        assert program.previewed == []
        keyring.error = None
        press(program.window, "Try again")
        await until(lambda: program.previewed, "its page is opened")
        assert program.previewed[0].portal_id == row.portal_id
        scope = program.controller.scope
        await until(lambda: not scope.is_running("open preview"))
        program.controller.previews.retry_unreadable()
        assert not scope.is_running("open preview"), "a page with a readable link is not reloaded"


async def test_connecting_again_keeps_a_credential_that_was_for_one_run_only(tmp_path, sandbox):
    keyring = FailingStore(ABSENT)
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await connect_for_this_run(program)
        await program.create("harbor-hotel")
        keyring.error = None
        dialog = await program.check_credential()
        press_enter(dialog.name.edit)
        await until(lambda: is_gone(dialog), "this time it is kept")
        assert len(program.session.services.workspaces.connections) == 1
        assert program.session.services.workspaces.session_only == frozenset()
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        assert program.keys() == ["harbor-hotel"]
        await program.create("old-mill")


@pytest.mark.parametrize(
    "error", [ABSENT, LOCKED, DENIED, TOO_LONG], ids=["absent", "locked", "denied", "too long"]
)
async def test_each_keyring_failure_is_explained_and_offers_a_next_step(error, tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(error)) as program:
        dialog = await offer_to_save(program)
        assert shows(dialog, error.title)
        assert shows(dialog, error.message)
        assert program.session.services.workspaces.connections == []
        press(dialog, "Keep until I quit")
        await until(lambda: is_gone(dialog), "the workspace is connected")
        await program.settled()
        await program.create("harbor-hotel")
        await until_shows(program.window.status_area, "Links are kept until you quit")


def test_the_four_failures_have_four_messages():
    errors = (ABSENT, LOCKED, DENIED, TOO_LONG)
    assert len({error.title for error in errors}) == 4
    assert len({error.message for error in errors}) == 4


async def test_try_again_saves_once_the_keyring_is_there(tmp_path, sandbox):
    keyring = FailingStore(LOCKED)
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        dialog = await offer_to_save(program)
        keyring.error = None
        press(dialog, "Try again")
        await until(lambda: is_gone(dialog), "it is saved")
        await program.settled()
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        await program.create("harbor-hotel")


async def test_a_credential_missing_from_the_keyring_is_explained(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox) as program:
        await program.connect(name="Acme")
    async with open_program(tmp_path, sandbox, secret_store=SessionSecretStore()) as program:
        dialog = await program.fail_to_create("harbor-hotel")
        title = "The credential for Acme is no longer in the keyring."
        assert dialog.error_card.error.title == title
        assert program.rows() == []
        dialog.dismiss_button.click()
        await program.connect(name="Acme")
        await program.create("harbor-hotel")
        assert len(program.session.services.workspaces.connections) == 1


async def test_a_workspace_is_removed_although_its_credential_cannot_be_deleted(tmp_path, sandbox):
    keyring = FailingStore(None)
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        keyring.error = DENIED
        program.window.actions_.remove_workspace.trigger()
        await until(program.dialogs)
        (dialog,) = program.dialogs()
        dialog.submit_button.click()
        await until(program.error, "the error is shown")
        assert "still in the keyring" in program.error().title
        assert program.error().message.startswith(DENIED.title)
        assert program.session.services.workspaces.connections == []
        keyring.error = None
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        assert program.session.services.workspaces.connections == []


async def test_the_demo_asks_before_credentials_of_this_run_are_lost(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, secret_store=FailingStore(ABSENT)) as program:
        await connect_for_this_run(program)
        program.window.actions_.try_demo.trigger()
        assert not program.session.other_mode.done()
        assert shows(program.window.status_area, "kept until you quit")
        press(program.window.status_area, "Enter the demo")
        assert program.session.other_mode.result() is SessionMode.DEMO


async def test_the_demo_is_entered_at_once_when_nothing_ends_with_it(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        program.window.actions_.try_demo.trigger()
        assert program.session.other_mode.result() is SessionMode.DEMO


async def test_the_window_stays_open_while_a_link_waits_for_the_keyring(tmp_path, sandbox):
    keyring = SlowKeyStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        dialog = await program.open_create("harbor-hotel")
        press_enter(dialog.customer.key)
        await until(lambda: program.session.services.creation.is_saving, "Seam has answered")
        closing = asyncio.create_task(program.session.close())
        await until(
            lambda: "Saving a link" in program.message(), "the status area shows the reason"
        )
        assert program.window.isVisible()
        assert not program.window.isEnabled()
        assert not closing.done()
        keyring.answered.set()
        await closing
    async with open_program(tmp_path, sandbox, secret_store=keyring) as program:
        row = program.row("harbor-hotel")
        url = await program.session.services.portals.url_of(row.portal_id)
        assert url.reveal() == sandbox.state.url_of(sandbox.state.portals()[0])


async def test_the_window_closes_at_once_when_no_link_waits(tmp_path, sandbox):
    keyring = SlowKeyStore()
    async with connected_program(tmp_path, sandbox, secret_store=keyring) as program:
        closing = asyncio.create_task(program.session.close())
        await asyncio.sleep(0)
        assert not program.window.isVisible()
        await closing
