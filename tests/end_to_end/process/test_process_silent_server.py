"""The program with a ledger on a PostgreSQL server that hangs, and two programs on one."""

from __future__ import annotations

import os
import signal
import time

import pytest

from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.portal.record import Outcome
from seam_portal_desktop.domain.secret import Secret
from tests.support.drive_program import digest
from tests.support.postgresql import postgresql_server
from tests.support.processes import DRIVER, FILE_KEYRING, start, until
from tests.support.program import (
    CREATE,
    connected_program,
    links_of,
    press_enter,
    shows,
    until_error,
    until_shows,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")
QUIT_SECONDS = 5
"""For what waits for the server. What the end takes anyway, on a busy computer too, is measured."""


@pytest.fixture(scope="module")
def postgresql():
    with postgresql_server() as server:
        yield server


@pytest.fixture
def url(postgresql):
    return postgresql.new_database()


@pytest.fixture
def begin(url, tmp_path, sandbox):
    """Starts the program on the server, with a scenario."""

    def begin(scenario: str, folder: str = "data"):
        return start(
            DRIVER,
            scenario,
            "--data-dir",
            tmp_path / folder,
            home=tmp_path,
            LEDGER_URL=url,
            SANDBOX_ENDPOINT=sandbox.endpoint,
            SANDBOX_KEY=sandbox.api_key,
            PYTHON_KEYRING_BACKEND=FILE_KEYRING,
            TEST_KEYRING_FILE=str(tmp_path / "keyring.json"),
        )

    return begin


def quit_limit(begin) -> float:
    """How long quitting may take, in seconds: the limit, and what it takes with a good server."""
    with begin("stay") as program:
        program.next_message("ready")
        began = time.monotonic()
        program.send_signal(signal.SIGTERM)
        assert program.wait_for_exit().code == 0
        return QUIT_SECONDS + 2 * (time.monotonic() - began)


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT])
def test_quitting_does_not_wait_for_a_server_that_hangs(postgresql, begin, way):
    limit = quit_limit(begin)
    with begin("stay") as program:
        program.next_message("ready")
        with postgresql.frozen():
            program.send_signal(way)
            ended = program.wait_for_exit(within=limit)
            assert (ended.code, ended.err) == (0, "")
            # The next start isn't refused because of the one before, and ends as soon.
            with begin("stay") as second:
                until(lambda: second.handles(signal.SIGTERM), "it runs")
                second.send_signal(signal.SIGTERM)
                ended = second.wait_for_exit(within=limit)
                assert (ended.code, ended.err) == (0, "")
    with begin("stay") as third:
        third.next_message("ready")


def test_a_link_made_while_the_server_hangs_is_there_in_the_next_run(
    postgresql, begin, sandbox, tmp_path
):
    limit = quit_limit(begin)
    sandbox.faults.hold(path=CREATE)
    with begin("ask_and_wait") as program:
        program.next_message("asked")
        until(lambda: sandbox.state.requests(CREATE), "Seam is asked")
        with postgresql.frozen():
            sandbox.faults.clear()
            kept = tmp_path / "data" / "unsaved-links"
            until(lambda: list(kept.glob("*.json")), "the link is kept")
            program.send_signal(signal.SIGTERM)
            ended = program.wait_for_exit(within=limit)
            assert (ended.code, ended.err) == (0, "")
    with begin("find_again") as next_run:
        ended = next_run.wait_for_exit()
    assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])
    (table,) = ended.messages("table")
    (made,) = links_of(sandbox)
    assert table["statuses"] == {"harbor-hotel": "active"}
    assert table["links"] == {"harbor-hotel": digest(sandbox.state.url_of(made))}


def test_a_second_program_on_the_same_ledger_says_who_has_it(begin):
    with begin("stay", "first") as first:
        first.next_message("ready")
        with begin("refused", "second") as second:
            texts = second.next_message("refused")["texts"]
            assert "Another program uses this ledger" in texts
            assert any("has it open on " in text for text in texts)
            first.send_signal(signal.SIGTERM)
            assert first.wait_for_exit().code == 0
            second.write_line("again")
            second.next_message("ready")


@pytest.mark.anyio
async def test_creating_says_that_it_waits_for_the_database_and_asks_seam_nothing(
    postgresql, url, sandbox, tmp_path
):
    policy = Policy(ledger_url=Secret(url))
    async with connected_program(tmp_path, sandbox, policy=policy) as program:
        with postgresql.frozen():
            dialog = await program.open_create("harbor-hotel")
            press_enter(dialog.customer.key)
            await until_shows(dialog, "Waiting for the ledger’s database. Seam hasn’t been asked")
            error = await until_error(dialog)
            assert error.title == "The ledger’s database doesn’t answer"
            assert not dialog.is_busy
        assert sandbox.state.requests(CREATE) == []
        press_enter(dialog.customer.key)
        await program.selected_alone("harbor-hotel")
        assert program.row("harbor-hotel").outcome is Outcome.CREATED
        assert not shows(program.window, "Waiting for the ledger")
