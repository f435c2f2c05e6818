"""A PostgreSQL server that hangs, and two programs on one ledger.

The server's processes are stopped: they accept what is sent to them and answer nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.server import connection
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import LedgerError, LinkKeptError
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.ledger_data import NOW, WORKSPACE, answer, requested

pytestmark = pytest.mark.anyio
SILENT = "The ledger’s database doesn’t answer"
IN_USE = "Another program uses this ledger"
PORTAL = "11111111-1111-4111-8111-111111111111"
ROOT = Path(__file__).parents[3]
HANGS = 60
"""Seconds after which a test that waits for the stopped server is ended."""

HOLD = """
import asyncio, sys
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.domain.clock import system_clock

async def main():
    store = UrlCipher(SessionSecretStore())
    ledger = SqlLedger(sys.argv[1], store, system_clock, os_user="ada")
    await ledger.open()
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await ledger.close()

asyncio.run(main())
"""


@pytest.fixture
def url(postgresql):
    return postgresql.new_database()


@pytest.fixture
def store():
    return SessionSecretStore()


@pytest.fixture
def make(url, store, tmp_path):
    def make() -> SqlLedger:
        folder = tmp_path / "unsaved-links"
        return SqlLedger(url, UrlCipher(store), lambda: NOW, os_user="eve", kept_links=folder)

    return make


@pytest.fixture
async def ledger(make):
    ledger = make()
    await ledger.open()
    yield ledger
    await ledger.close()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 1.0)


async def refused(work) -> LedgerError:
    async with asyncio.timeout(HANGS):
        with pytest.raises(LedgerError) as caught:
            await work
    assert caught.value.__context__ is None, "the driver's error quotes the address"
    return caught.value


@contextlib.contextmanager
def holder(url: str):
    """Another process that has the ledger."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "open\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def end_sessions(url: str) -> None:
    """What a restart of the server or of a firewall does to the connections."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        admin.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


async def test_calls_to_a_silent_server_end_with_a_sentence(postgresql, ledger, impatient):
    await ledger.record_intent(requested(PORTAL), PortalRequest())
    with postgresql.frozen():
        query = PortalQuery(WORKSPACE)
        # The calls that wait behind the first one don't have its time once more each.
        began = time.monotonic()
        works = [ledger.find(query, now=NOW) for _ in range(20)]
        errors = await asyncio.gather(*map(refused, works))
        write = await refused(ledger.record_intent(requested("p2"), PortalRequest()))
        assert time.monotonic() - began < 20 * connection.ANSWER_SECONDS
    for error in (*errors, write):
        assert (error.title, error.can_retry) == (SILENT, True)
    assert (await ledger.get(PORTAL)).portal_id == PORTAL, "it is used again when it answers"


async def test_a_first_connection_to_a_silent_server_is_given_up(postgresql, make, monkeypatch):
    monkeypatch.setattr(connection, "_CLIENT_SETTINGS", {"connect_timeout": 2})
    ledger = make()
    with postgresql.frozen():
        error = await refused(ledger.open())
        assert (error.title, error.can_retry) == (SILENT, True)
    await ledger.open()
    await ledger.close()


async def test_a_cancelled_read_of_a_silent_server_does_not_stop_the_program(postgresql, ledger):
    """`Connection.cancel` of the driver held every thread for ten minutes."""
    with postgresql.frozen():
        reading = asyncio.create_task(ledger.find(PortalQuery(WORKSPACE), now=NOW))
        await asyncio.sleep(0.1)  # it runs in the thread now
        others = threading.Event()
        reading.cancel()
        await asyncio.wait([reading])
        threading.Thread(target=others.set).start()
        assert await asyncio.to_thread(others.wait, HANGS)
        async with asyncio.timeout(HANGS):
            error = await refused(ledger.find(PortalQuery(WORKSPACE), now=NOW))
        assert error.title == SILENT
    assert (await ledger.find(PortalQuery(WORKSPACE), now=NOW)).total == 0


async def test_a_cancel_never_hits_the_next_statement(ledger):
    for _ in range(50):
        slow = asyncio.create_task(
            ledger._thread.read(lambda raw: raw.execute(text("SELECT pg_sleep(7)")).all())
        )
        await asyncio.sleep(0.01)
        slow.cancel()
        assert (await ledger.find(PortalQuery(WORKSPACE), now=NOW)).total == 0
        await asyncio.wait([slow])


async def test_a_slow_statement_and_a_lock_have_their_own_sentences(ledger, url):
    await ledger.record_intent(requested(PORTAL), PortalRequest())

    def work(raw):
        raw.execute(text("SET LOCAL statement_timeout = '50ms'"))
        raw.execute(text("SELECT pg_sleep(20)"))

    assert (
        await refused(ledger._thread.read(work))
    ).title == "The ledger’s database takes too long"

    engine = create_engine(url)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE portals"))
        error = await refused(ledger.mark_revoked(PORTAL, NOW))
    engine.dispose()
    assert error.title == "The ledger’s tables are locked"
    await ledger.mark_revoked(PORTAL, NOW)


async def test_a_link_that_the_server_did_not_save_is_saved_by_the_next_run(
    postgresql, make, store, impatient, tmp_path
):
    ledger = make()
    await ledger.open()
    await ledger.record_intent(requested(PORTAL), PortalRequest())
    with postgresql.frozen():
        async with asyncio.timeout(HANGS):
            with pytest.raises(LinkKeptError, match="doesn’t answer"):
                await ledger.record_created(PORTAL, answer())
        (kept,) = (tmp_path / "unsaved-links").iterdir()
        assert answer().customer_portal.url.reveal() not in kept.read_text()
        async with asyncio.timeout(5):  # what a user is told about the end of the program
            await ledger.close()
    again = make()
    await again.open()
    record = await again.get(PORTAL)
    assert record.outcome is Outcome.CREATED
    assert record.expires_at == answer().customer_portal.expires_at
    assert (await again.url_of(PORTAL)).reveal() == answer().customer_portal.url.reveal()
    assert not list((tmp_path / "unsaved-links").iterdir())
    await again.close()


async def test_a_link_whose_save_arrived_without_an_answer_is_saved_once(ledger, monkeypatch):
    await ledger.record_intent(requested(PORTAL), PortalRequest())
    write = ledger._thread.write

    async def lose_the_answer(work, **options):
        await write(work, **options)
        raise LedgerError(SILENT, "")

    monkeypatch.setattr(ledger._thread, "write", lose_the_answer)
    with pytest.raises(LinkKeptError):
        await ledger.record_created(PORTAL, answer())
    monkeypatch.undo()
    assert (await ledger.record_created(PORTAL, answer())).outcome is Outcome.CREATED
    kinds = [event.kind for event in await ledger.events_of(PORTAL)]
    assert kinds.count("created") == 1


async def test_closing_does_not_wait_for_a_server_that_is_connected_to(postgresql, make):
    ledger = make()
    with postgresql.frozen():
        opening = asyncio.create_task(ledger.open())
        await asyncio.sleep(0.1)
        opening.cancel()
        await asyncio.wait([opening])
        async with asyncio.timeout(5):
            await ledger.close()


async def test_a_second_program_is_refused_with_who_has_it(url, make):
    ledger = make()
    with holder(url) as first:
        error = await refused(ledger.open())
        assert (error.title, error.can_retry) == (IN_USE, True)
        assert error.message.startswith("ada has it open on ")
        assert f"(process {first.pid}), since " in error.message
        first.communicate("\n")
        await ledger.open()
    await ledger.close()


async def test_a_killed_program_does_not_keep_the_ledger(url, make):
    with holder(url) as first:
        first.kill()
        first.wait()
        ledger = make()
        await ledger.open()
        await ledger.close()


async def test_two_schemas_of_a_database_are_two_ledgers(url, store):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        admin.execute(text("CREATE SCHEMA eve"))
    engine.dispose()
    own = SqlLedger(f"{url}&options=-csearch_path%3Deve", UrlCipher(store), lambda: NOW)
    with holder(url):
        await own.open()
        await own.close()


async def test_a_lost_connection_is_made_again_with_its_lock(url, ledger):
    end_sessions(url)
    assert (await ledger.find(PortalQuery(WORKSPACE), now=NOW)).total == 0
    other = SqlLedger(url, UrlCipher(SessionSecretStore()), lambda: NOW)
    assert (await refused(other.open())).title == IN_USE
    await other.close()


async def test_nothing_is_written_once_another_program_has_the_ledger(url, ledger):
    await ledger.record_intent(requested(PORTAL), PortalRequest())
    end_sessions(url)
    with holder(url):
        assert (await refused(ledger.mark_revoked(PORTAL, NOW))).title == IN_USE
        assert (await refused(ledger.get(PORTAL))).title == IN_USE
    assert (await ledger.get(PORTAL)).revoked_at is None


async def test_an_earlier_connection_of_this_program_is_ended(make, ledger):
    """The server may still have it, for instance after the network was cut."""
    again = make()
    await again.open()
    assert (await again.find(PortalQuery(WORKSPACE), now=NOW)).total == 0
    await again.close()


@pytest.mark.usefixtures("impatient")
async def test_a_server_that_falls_silent_while_kept_links_are_saved(
    postgresql, make, tmp_path, caplog, monkeypatch
):
    """The start waits for one call, not for one call for each link."""
    links = [f"11111111-1111-4111-8111-11111111111{number}" for number in range(4)]
    ledger = make()
    await ledger.open()
    for portal_id in links:
        await ledger.record_intent(requested(portal_id), PortalRequest())
    with postgresql.frozen():
        async with asyncio.timeout(HANGS):
            for portal_id in links:
                with pytest.raises(LinkKeptError):
                    await ledger.record_created(portal_id, answer())
        await ledger.close()
    again = make()
    with contextlib.ExitStack() as silence:
        opened = again._thread.open

        async def open_then_fall_silent(work):
            await opened(work)
            silence.enter_context(postgresql.frozen())

        monkeypatch.setattr(again._thread, "open", open_then_fall_silent)
        began = time.monotonic()
        async with asyncio.timeout(HANGS):
            await again.open()
        assert time.monotonic() - began < len(links) * connection.ANSWER_SECONDS
        await again.close()
    assert caplog.text.count("A kept link is still not saved") == len(links)
    assert len(list((tmp_path / "unsaved-links").iterdir())) == len(links)
    again = make()
    await again.open()
    assert [(await again.get(each)).outcome for each in links] == [Outcome.CREATED] * len(links)
    await again.close()
