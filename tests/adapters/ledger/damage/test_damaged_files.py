"""What can be read of a damaged file is saved, and what is missing is said."""

from __future__ import annotations

import random
import shutil

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.damage.pages import DamagedFile
from seam_portal_desktop.adapters.ledger.rows import HEAD
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.message.do_not_send import DoNotSend
from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel, PortalStatus, Sent
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.deliveries import content as message_content
from tests.support.deliveries import delivery, without_message
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE, answer, requested
from tests.support.preview_records import an_attachment, stored_report
from tests.support.sqlite_ledger import ledger_file, sqlite_ledger

pytestmark = pytest.mark.anyio

PAGE = 4096
NUMBER = 120
PICTURE = bytes(range(256)) * 150
NOTE = "for the desk"
DETAILS = CustomerDetails("Harbor Hotel", ("vip",))
LONG_MESSAGE = random.Random(1).randbytes(20_000)
DELIVERY = delivery("d1", "p7", content=message_content(message=LONG_MESSAGE))
FORBIDDEN = DoNotSend("ann@hotel.example", "Asked us not to write", "ada", NOW)


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
def store():
    return SessionSecretStore()


@pytest.fixture(scope="module")
async def original(tmp_path_factory, store):
    """The folder of a closed ledger with NUMBER portals, and one with all kinds of entries."""
    folder = tmp_path_factory.mktemp("original")
    ledger = sqlite_ledger(folder, lambda: NOW, cipher=UrlCipher(store))
    await ledger.open()
    for number in range(NUMBER):
        await ledger.record_intent(requested(f"p{number}", f"hotel-{number}"), PortalRequest())
        await ledger.record_created(f"p{number}", answer())
    await ledger.mark_sent("p7", Sent(NOW, "ada", Channel.SMS, NOTE))
    await ledger.record_report("p7", stored_report())
    await ledger.attach(an_attachment(portal_id="p7"), PICTURE)
    await ledger.set_customer_details(WORKSPACE, "hotel-7", DETAILS)
    await ledger.do_not_send.add(WORKSPACE, FORBIDDEN)
    await ledger.deliveries.record_deliveries([DELIVERY])
    await ledger.close()
    return folder


@pytest.fixture
def folder(original, tmp_path):
    shutil.copytree(original, tmp_path / "data")
    return tmp_path / "data"


def reopened(folder, store) -> SqlLedger:
    return SqlLedger(ledger_file(folder), UrlCipher(store), lambda: NOW)


def change(folder, at: int, content: bytes) -> bytes:
    """Overwrite a part of the file. Returns the whole file as it is then."""
    path = ledger_file(folder)
    whole = bytearray(path.read_bytes())
    whole[at : at + len(content)] = content
    path.write_bytes(whole)
    return bytes(whole)


def pages_of_type(folder, kind: int) -> list[int]:
    """The numbers from 0 of the pages of this type, but for the first page."""
    content = ledger_file(folder).read_bytes()
    return [number for number in range(1, len(content) // PAGE) if content[number * PAGE] == kind]


async def all_rows(ledger):
    return (await ledger.find(PortalQuery(WORKSPACE), now=NOW)).rows


async def saved(folder, store, damaged: bytes) -> SqlLedger:
    """The open ledger, after a check that the damaged file was kept as it was."""
    ledger = reopened(folder, store)
    await ledger.open()
    (kept,) = folder.glob("*.broken-*Z")
    assert kept.read_bytes() == damaged
    assert kept.name in ledger.notice
    return ledger


HARM = {
    "the header": lambda folder: change(folder, 0, b"\0" * 100),
    "the whole first page": lambda folder: change(folder, 0, b"\xff" * PAGE),
    "the inner pages": lambda folder: [
        change(folder, number * PAGE, b"\0" * PAGE) for number in pages_of_type(folder, 5)
    ][-1],
    "the indexes": lambda folder: [
        change(folder, number * PAGE, b"\0" * PAGE) for number in pages_of_type(folder, 10)
    ][-1],
}


@pytest.mark.parametrize("harm", HARM)
async def test_all_rows_that_are_there_are_saved(folder, store, harm):
    ledger = await saved(folder, store, HARM[harm](folder))
    assert f"All {NUMBER} portals could be read" in ledger.notice
    rows = await all_rows(ledger)
    assert {row.customer_key for row in rows} == {f"hotel-{number}" for number in range(NUMBER)}
    assert {row.status(NOW) for row in rows} == {PortalStatus.ACTIVE}
    assert (await ledger.url_of("p3")).reveal() == FAKE_URL
    assert (await ledger.get("p7")).sent.note == NOTE
    assert len(await ledger.events_of("p7")) == 5
    assert await ledger.deliveries.deliveries_of("p7") == (without_message(DELIVERY),)
    assert await ledger.deliveries.message_of("d1") == LONG_MESSAGE
    assert (await ledger.get("p7")).delivered_to == ("ann@example.com",)
    assert await ledger.report_of("p7") == stored_report()
    assert await ledger.attachment_content("e1") == PICTURE
    assert await ledger.customer_details(WORKSPACE, "hotel-7") == DETAILS
    assert (await ledger.do_not_send.read(WORKSPACE)).entries == (FORBIDDEN,)
    await ledger.close()
    ledger = reopened(folder, store)
    await ledger.open()
    assert ledger.notice is None
    await ledger.close()


async def test_what_is_missing_is_said(folder, store):
    content = ledger_file(folder).read_bytes()
    at = content.index(b"hotel-50") // PAGE * PAGE
    ledger = await saved(folder, store, change(folder, at, b"\0" * PAGE))
    rows = await all_rows(ledger)
    missing = NUMBER - len(rows)
    assert missing > 0
    assert f"{len(rows)} of {NUMBER} portals could be read" in ledger.notice
    assert f"{missing} portals are missing" in ledger.notice
    await ledger.close()


async def test_a_file_that_was_cut_off(folder, store):
    content = ledger_file(folder).read_bytes()[: -len(PICTURE)]
    ledger_file(folder).write_bytes(content)
    ledger = await saved(folder, store, content)
    assert await all_rows(ledger)
    await ledger.close()


async def test_a_wrong_byte_in_a_key_that_an_index_has_too(folder, store):
    """SQLite reads such a row, but can't delete it: index and table differ."""
    content = ledger_file(folder).read_bytes()
    at = content.index(b"hotel-50", content.index(b"hotel-50") + 1)
    ledger = await saved(folder, store, change(folder, at, b"\xff"))
    rows = await all_rows(ledger)
    assert len(rows) == NUMBER
    (damaged,) = (row for row in rows if row.status(NOW) is PortalStatus.DAMAGED)
    assert "1 of those saved is incomplete" in ledger.notice
    await ledger.delete([damaged.portal_id])
    await ledger.close()


@pytest.mark.parametrize("mark", ["portals", "alembic_version", HEAD])
async def test_tables_that_are_not_ours_any_more(folder, store, mark):
    content = ledger_file(folder).read_bytes()
    if mark == HEAD:
        at = content.rindex(HEAD.encode())
    else:
        at = content.index(f"CREATE TABLE {mark}".encode()) - 2 * len(mark)
        at = content.index(mark.encode(), at)
        change(folder, at, mark.upper()[:1].encode() + b"x")
        at = content.index(mark.encode(), at + 1)
    ledger = await saved(folder, store, change(folder, at, b"\x07"))
    assert len(await all_rows(ledger)) == NUMBER
    await ledger.close()


async def test_rows_of_the_log_are_saved_too(folder, store, tmp_path):
    """The program was killed, and the file's first page is gone."""
    ledger = reopened(folder, store)
    await ledger.open()
    await ledger.record_intent(requested("late", "late-hotel"), PortalRequest())
    killed = tmp_path / "killed"
    shutil.copytree(folder, killed)
    await ledger.close()
    damaged = change(killed, 0, b"\0" * PAGE)
    assert b"late-hotel" not in damaged
    ledger = await saved(killed, store, damaged)
    assert "late-hotel" in {row.customer_key for row in await all_rows(ledger)}
    assert list(killed.glob("*.broken-*-wal")), "the log belongs to the damaged file"
    await ledger.close()


async def test_a_deleted_portal_is_not_missing(folder, store, tmp_path):
    """The program was killed while it could still be restored."""
    ledger = reopened(folder, store)
    await ledger.open()
    await ledger.delete(["p1"])
    killed = tmp_path / "killed"
    shutil.copytree(folder, killed)
    await ledger.close()
    ledger = await saved(killed, store, change(killed, 0, b"\0" * PAGE))
    assert len(await all_rows(ledger)) == NUMBER - 1
    assert f"All {NUMBER - 1} portals could be read" in ledger.notice
    assert "missing from the list" not in ledger.notice
    await ledger.close()


async def test_damage_that_sqlite_meets_while_the_program_runs(folder, store, monkeypatch):
    """A large file gets the quick check, which doesn't compare indexes. Then SQLite meets it."""
    from seam_portal_desktop.adapters.ledger.damage import file_check

    monkeypatch.setattr(file_check, "_LARGEST_WHOLE_CHECK", 0)
    content = ledger_file(folder).read_bytes()
    in_the_table = content.index(b"p50" + WORKSPACE.encode())
    damaged = change(folder, in_the_table, b"x50")
    ledger = reopened(folder, store)
    await ledger.open()
    assert ledger.notice is None
    await ledger.delete(["p50"])
    await ledger.close()  # it fails to delete them for good
    ledger = reopened(folder, store)
    await ledger.open()
    assert "damaged" in ledger.notice
    assert await all_rows(ledger)
    await ledger.close()
    assert ledger_file(folder).read_bytes() != damaged


async def notice_of(folder, store) -> str | None:
    ledger = reopened(folder, store)
    await ledger.open()
    await ledger.close()
    return ledger.notice


async def test_a_file_of_no_bytes_is_noticed(folder, store):
    ledger_file(folder).write_bytes(b"")
    notice = await notice_of(folder, store)
    assert f"It had {NUMBER} portals and has 0" in notice
    assert await notice_of(folder, store) is None, "once is enough"


async def test_a_deleted_log_is_noticed(folder, store, tmp_path):
    ledger = reopened(folder, store)
    await ledger.open()
    await ledger.record_intent(requested("late"), PortalRequest())
    await ledger.record_created("late", answer())
    killed = tmp_path / "killed"
    shutil.copytree(folder, killed)
    await ledger.close()
    log = ledger_file(killed).with_name("ledger.sqlite3-wal")
    log.unlink()
    notice = await notice_of(killed, store)
    assert "lacks the newest changes" in notice
    assert f"It had {NUMBER + 1} portals and has {NUMBER}." in notice


async def test_an_older_copy_is_noticed(folder, store, original):
    ledger = reopened(folder, store)
    await ledger.open()
    await ledger.mark_revoked("p1", NOW)
    await ledger.close()
    shutil.copy(ledger_file(original), ledger_file(folder))
    assert "The number of portals is the same" in await notice_of(folder, store)


async def test_no_false_alarm(folder, store, tmp_path):
    assert await notice_of(folder, store) is None
    ledger = reopened(folder, store)
    await ledger.open()
    await ledger.record_intent(requested("late"), PortalRequest())
    await ledger.delete(["p1"])
    shutil.copytree(folder, tmp_path / "killed")
    await ledger.close()
    assert await notice_of(tmp_path / "killed", store) is None
    assert await notice_of(folder, store) is None
    known = ledger_file(folder).with_name("ledger.sqlite3-known")
    for content in (b"", b"\xff\xff", b"one two", b"9" * 5000):
        known.write_bytes(content)
        ledger = reopened(folder, store)
        await ledger.open()
        await ledger.close()
        assert ledger.notice is None or content == b"9" * 5000
    known.unlink()
    assert await notice_of(folder, store) is None
    (tmp_path / "new").mkdir()
    ledger_file(tmp_path / "new").write_bytes(b"")
    assert await notice_of(tmp_path / "new", store) is None


async def test_a_salvage_that_fails_puts_the_file_back(folder, store, monkeypatch):
    from seam_portal_desktop.adapters.ledger import database

    damaged = change(folder, 0, b"\0" * PAGE)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(database, "salvage", full)
        ledger = reopened(folder, store)
        with pytest.raises(LedgerError, match="disk is full"):
            await ledger.open()
    assert ledger_file(folder).read_bytes() == damaged
    assert not list(folder.glob("*.broken-*"))
    ledger = await saved(folder, store, damaged)
    assert f"All {NUMBER} portals" in ledger.notice
    await ledger.close()


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The content with some bytes flipped, a part overwritten or moved, or its end cut off."""
    whole = bytearray(content or b"\0" * PAGE)
    content = bytes(whole)
    match rng.randrange(5):
        case 0:
            for _ in range(rng.choice([1, 1, 10, 300])):
                whole[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        case 1:
            del whole[rng.randrange(len(whole)) :]
        case 2:
            at, length = rng.randrange(len(whole)), rng.choice([10, 512, PAGE, 5 * PAGE])
            whole[at : at + length] = rng.choice([b"\0", b"\xff"]) * length
        case 3:
            for _ in range(rng.choice([1, 5])):
                whole[rng.randrange(100)] = rng.randrange(256)
        case 4:
            one, other = (rng.randrange(len(whole) // PAGE + 1) * PAGE for _ in range(2))
            whole[one : one + PAGE] = content[other : other + PAGE]
    return bytes(whole)


@pytest.mark.parametrize("seed", range(8))
async def test_any_damage_leaves_a_ledger_that_opens(original, store, tmp_path, seed):
    """It opens, lists, counts, adds, deletes and closes, twice. A file that isn't used is kept."""
    rng = random.Random(seed)
    content = ledger_file(original).read_bytes()
    for number in range(8):
        folder = tmp_path / str(number)
        shutil.copytree(original, folder)
        damaged = mutated(content, rng)
        ledger_file(folder).write_bytes(damaged)
        read_snapshot(ledger_file(folder), WORKSPACE)
        for _ in range(2):
            ledger = reopened(folder, store)
            await ledger.open()
            rows = await all_rows(ledger)
            await ledger.counts(WORKSPACE, text="hotel", now=NOW)
            for row in rows[:5]:
                await ledger.events_of(row.portal_id)
                await ledger.report_of(row.portal_id)
                await ledger.attachments_of(row.portal_id)
            await ledger.record_intent(requested(f"new-{len(rows)}"), PortalRequest())
            await ledger.delete([row.portal_id for row in rows[:2]])
            await ledger.close()
        kept = [path.read_bytes() for path in folder.glob("*.broken-*Z")]
        assert not kept or damaged in kept, (seed, number)
        shutil.rmtree(folder)


@pytest.mark.parametrize("seed", range(4))
def test_any_bytes_can_be_looked_through(original, tmp_path, seed):
    rng = random.Random(seed)
    content = ledger_file(original).read_bytes()
    path = tmp_path / "x.sqlite3"
    for _ in range(50):
        path.write_bytes(mutated(mutated(content, rng), rng))
        path.with_name("x.sqlite3-wal").write_bytes(rng.randbytes(rng.choice([0, 31, 9000])))
        with DamagedFile(path) as file:
            assert sum(1 for _ in file.rows()) < 10_000
