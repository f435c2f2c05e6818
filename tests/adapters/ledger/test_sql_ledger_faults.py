"""Failures of the disk, of another program and of this one."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger import failures
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.ledger_data import FAKE_TOKEN, FAKE_URL, NOW, WORKSPACE, answer, requested
from tests.support.tiny_disk import fill, mounted

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "data" / "ledger.sqlite3"


def make(path: Path, store=None, **options) -> SqlLedger:
    return SqlLedger(path, UrlCipher(store or SessionSecretStore()), lambda: NOW, **options)


async def filled(path: Path, store=None) -> None:
    """A closed ledger with one created portal, p1."""
    ledger = make(path, store)
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    await ledger.record_created("p1", answer())
    await ledger.close()


async def rows(ledger: SqlLedger) -> list[str]:
    found = await ledger.find(PortalQuery(WORKSPACE), now=NOW)
    return [portal.portal_id for portal in found.rows]


@pytest.fixture
def after_a_kill(path) -> None:
    """A ledger whose process was killed between an intent and its answer."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "tests/support/crash_between_intent_and_answer.py", path],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout.readline() == b"intent recorded\n"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.usefixtures("after_a_kill")
async def test_killed_between_intent_and_answer(path):
    ledger = make(path)
    await ledger.open()
    portal = await ledger.get("p1")
    assert portal.outcome is Outcome.UNKNOWN
    assert "working link for this customer may exist" in portal.failure.message
    assert await rows(ledger) == ["hidden", "p1"], "a link of the hidden one may exist"
    with pytest.raises(LedgerError):
        await ledger.restore(["deleted"])
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"old-mill" in content
    assert b"grand-hotel" not in content, "a deleted row must not stay in the file"
    await ledger.close()


async def test_no_secret_in_any_file(path):
    ledger = make(path)
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    await ledger.record_created("p1", answer())
    for file in path.parent.iterdir():
        content = file.read_bytes()
        assert FAKE_TOKEN.encode() not in content, file
        assert FAKE_URL.encode() not in content, file
    assert b"harbor-hotel" in path.with_name(path.name + "-wal").read_bytes()
    await ledger.close()


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
async def test_only_the_owner_can_read_the_files(path):
    ledger = make(path)
    before = os.umask(0)
    try:
        await ledger.open()
        await ledger.record_intent(requested(), PortalRequest())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert len(modes) == 4
    assert set(modes.values()) == {0o600}, modes
    await ledger.close()


@pytest.mark.parametrize("damage", ["not a database", "half of it", "a page inside"])
async def test_a_damaged_file_is_set_aside(path, damage):
    await filled(path)
    content = path.read_bytes()
    if damage == "not a database":
        broken = b"junk" * 1000
    elif damage == "half of it":
        broken = content[: len(content) // 2]
    else:
        broken = content[:4096] + b"\xff" * 4096 + content[8192:]
    path.write_bytes(broken)
    path.with_name(path.name + "-wal").write_bytes(b"old journal")

    ledger = make(path)
    await ledger.open()
    kept = path.with_name("ledger.sqlite3.broken-20300301T120000Z")
    assert kept.read_bytes() == broken
    assert kept.name in ledger.notice
    assert await rows(ledger) == ([] if damage == "not a database" else ["p1"])
    await ledger.record_intent(requested("p2"), PortalRequest())
    await ledger.close()

    path.write_bytes(b"junk" * 1000)
    ledger = make(path)
    await ledger.open()
    assert kept.read_bytes() == broken, "an earlier one must not be overwritten"
    assert path.with_name(kept.name + "-2").exists()
    await ledger.close()


async def test_a_newer_schema_is_left_alone(path):
    await filled(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()

    ledger = make(path)
    with pytest.raises(LedgerError, match="newer version"):
        await ledger.open()
    waiting = asyncio.create_task(rows(ledger))
    await asyncio.sleep(0)
    assert not waiting.done(), "a call waits for an `open` that succeeds"
    await ledger.close()
    with pytest.raises(LedgerError, match="isn't open"):
        await waiting
    assert path.read_bytes() == before
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == [path.name, f"{path.name}-known"]


async def test_another_database_is_left_alone(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE something (else_ TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="isn't a ledger"):
        await make(path).open()
    assert path.read_bytes() == before


async def test_locked_by_another_process(path):
    await filled(path)
    ledger = make(path, busy_timeout=0.05)
    await ledger.open()
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="in use by another program") as caught:
        await ledger.mark_previewed("p1", NOW)
    assert caught.value.can_retry
    assert await rows(ledger) == ["p1"], "reading goes on"
    other.rollback()
    other.close()
    assert (await ledger.mark_previewed("p1", NOW)).previewed_at == NOW
    await ledger.close()


async def test_a_write_waits_for_another_process_s_write(path):
    """A write that began as a read would fail here, because its snapshot is out of date."""
    await filled(path)
    ledger = make(path)
    await ledger.open()
    other = sqlite3.connect(path)
    other.execute("UPDATE portals SET sent_by = 'another process'")
    task = asyncio.ensure_future(ledger.mark_previewed("p1", NOW))
    asyncio.get_running_loop().call_later(0.2, other.commit)
    assert (await task).previewed_at == NOW
    other.close()
    await ledger.close()


async def test_locked_while_opening_can_be_tried_again(path):
    await filled(path)
    ledger = make(path, busy_timeout=0.05)
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="in use by another program"):
        await ledger.open()
    other.rollback()
    other.close()
    await ledger.open()
    assert await rows(ledger) == ["p1"]
    await ledger.close()


async def test_a_full_disk(path):
    """SQLite raises SQLITE_FULL for its page limit as it does for ENOSPC."""
    await filled(path)
    ledger = make(path)
    await ledger.open()
    engine = ledger._thread.database._engine
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(LedgerError, match="disk is full") as caught:
        await ledger.record_intent(requested("p2", "x" * 50_000), PortalRequest())
    assert "SQLITE_FULL" in caught.value.technical
    assert await rows(ledger) == ["p1"]
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    await ledger.record_intent(requested("p2"), PortalRequest())
    await ledger.close()


@pytest.fixture
def tiny_disk(tmp_path):
    with mounted(tmp_path / "disk", kilobytes=384) as disk:
        yield disk


async def test_a_really_full_disk(tiny_disk):
    ledger = make(tiny_disk / "data" / "ledger.sqlite3")
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    with pytest.raises(LedgerError, match="disk is full"):
        await ledger.record_intent(requested("p2", "x" * 500_000), PortalRequest())
    assert await rows(ledger) == ["p1"]
    await ledger.close()


async def test_a_disk_that_is_full_at_the_start_is_not_broken(tiny_disk):
    """SQLite can't make its shared memory then, and calls that an I/O error."""
    path = tiny_disk / "data" / "ledger.sqlite3"
    await filled(path)
    fill(tiny_disk)
    ledger = make(path)
    with pytest.raises(LedgerError, match="The disk is full"):
        await ledger.open()
    (tiny_disk / "fill-4096").unlink()
    await ledger.open()
    assert await rows(ledger) == ["p1"]
    await ledger.close()


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_disk_that_is_read_only_at_the_start(is_new, tiny_disk):
    path = tiny_disk / "data" / "ledger.sqlite3"
    if not is_new:
        await filled(path)
    await asyncio.to_thread(
        subprocess.run, ["mount", "-o", "remount,ro", str(tiny_disk)], check=True
    )
    with pytest.raises(LedgerError, match="The disk is read-only"):
        await make(path).open()


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "Your share of the disk is used up"),
        (errno.EROFS, "The disk is read-only"),
        (None, "The disk that holds the ledger failed"),
    ],
)
def test_sqlites_io_error_gets_the_disks_own_reason(code, title):
    def work() -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR | (3 << 8)  # SQLITE_IOERR_WRITE
        error.sqlite_errorname = "SQLITE_IOERR_WRITE"
        raise error

    def disk_error() -> OSError | None:
        return None if code is None else OSError(code, "")

    with pytest.raises(LedgerError, match=title):
        failures.guarded(work, disk_error)


async def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(LedgerError, match="can't be opened"):
        await make(tmp_path / "data" / "ledger.sqlite3").open()


@pytest.fixture
def write_protect():
    """Makes a file read-only, for root too."""
    undo = []

    def protect(path: Path) -> None:
        if os.geteuid() != 0:
            path.chmod(0o400)
            return
        chattr = shutil.which("chattr")
        command = [chattr or "chattr", "+i", str(path)]
        if not chattr or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("root may write everywhere, and this file system has no immutable files")
        undo.append([chattr, "-i", str(path)])

    yield protect
    for command in undo:
        subprocess.run(command, check=True)


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
async def test_a_read_only_file(path, write_protect):
    await filled(path)
    write_protect(path)
    with pytest.raises(LedgerError, match="can't be written"):
        await make(path).open()


async def test_errors_hold_nothing_of_the_row(path):
    name = "q" * 30  # spelt so that it isn't in the source lines that a traceback quotes
    ledger = make(path)
    await ledger.open()
    await ledger.record_intent(requested("p1", name), PortalRequest())
    with pytest.raises(LedgerError) as caught:
        await ledger.record_intent(requested("p1", name), PortalRequest())
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert caught.value.technical == "IntegrityError (SQLITE_CONSTRAINT_PRIMARYKEY)"
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.details()
    assert name not in shown
    await ledger.close()


async def test_a_write_is_finished_after_its_caller_was_cancelled(path):
    ledger = make(path)
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    for call in (
        ledger.record_intent(requested("p2"), PortalRequest()),
        ledger.record_created("p1", answer()),
    ):
        task = asyncio.ensure_future(call)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await ledger.close()
    ledger = make(path)
    await ledger.open()
    assert (await ledger.get("p1")).outcome is Outcome.CREATED
    assert (await ledger.get("p2")).outcome is Outcome.UNKNOWN
    await ledger.close()


async def test_a_cancelled_search_is_stopped(path):
    """An endless query ends when its caller is cancelled, and the next call doesn't wait for it."""
    ledger = make(path)
    await ledger.open()
    loop = asyncio.get_running_loop()
    running = asyncio.Event()

    def endless() -> None:
        with ledger._thread.database.read() as connection:
            connection.connection.dbapi_connection.create_function(
                "tell", 0, lambda: loop.call_soon_threadsafe(running.set) and None
            )
            connection.exec_driver_sql(
                "WITH RECURSIVE n(x) AS (SELECT tell() UNION ALL SELECT 1 FROM n) "
                "SELECT count(*) FROM n"
            )

    task = asyncio.ensure_future(ledger._thread.run(endless, abandonable=True))
    await running.wait()
    task.cancel()
    assert await asyncio.wait_for(rows(ledger), 30) == []
    await ledger.close()


async def test_closing_does_not_wait_for_a_keyring_that_no_link_needs(path):
    class Prompting(SessionSecretStore):
        async def set(self, name, secret):
            await asyncio.Event().wait()

    ledger = make(path, Prompting())
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    await asyncio.sleep(0)
    await asyncio.wait_for(ledger.close(), 30)


async def test_paging_through_ten_thousand_rows(path):
    ledger = make(path)
    await ledger.open()
    await ledger.record_intent(requested("seed", "seed", workspace_id="other"), PortalRequest())
    with sqlite3.connect(path) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(portals)")]
        columns = ", ".join(
            {
                "portal_id": "printf('%05d', value)",
                "workspace_id": f"'{WORKSPACE}'",
                "search_text": "printf('guest %d', value)",
                # All are equal, so only the tie-breakers decide the order.
            }.get(name, name)
            for name in names
        )
        connection.execute(
            "WITH RECURSIVE numbers(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers "
            f"WHERE value < 10000) INSERT INTO portals SELECT {columns} FROM portals, numbers"
        )
    connection.close()

    query = PortalQuery(WORKSPACE)
    seen = []
    for offset in range(0, 10_000, 700):
        page = await ledger.find(query, now=NOW, offset=offset, limit=700)
        assert (page.offset, page.total) == (offset, 10_000)
        seen += [portal.portal_id for portal in page.rows]
    assert seen == [f"{number:05}" for number in range(1, 10_001)]
    found = await ledger.find(PortalQuery(WORKSPACE, text="GUEST 999"), now=NOW)
    assert found.total == 11
    await ledger.close()
