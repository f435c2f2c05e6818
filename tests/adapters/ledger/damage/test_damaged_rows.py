"""A row with a value that can't be read is shown as damaged, and the others as ever."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import psycopg
import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.adapters.tables.writer import write_table
from seam_portal_desktop.domain.errors import LinkUnreadableError, RequestUnreadableError
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.portal.export import ExportFormat, ExportService
from seam_portal_desktop.services.portal.timeline import build_timeline
from tests.support.exported_tables import unpacked
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE, answer, requested
from tests.support.preview_records import an_attachment, stored_report
from tests.support.sqlite_ledger import ledger_file, sqlite_ledger
from tests.support.until import until

pytestmark = pytest.mark.anyio

ALL = PortalQuery(WORKSPACE)
DAMAGED = PortalQuery(WORKSPACE, statuses=frozenset({PortalStatus.DAMAGED}))
BOTH = {PortalStatus.ACTIVE: 1, PortalStatus.DAMAGED: 1}
WRONG_BYTES = "CAST(X'68FF' AS TEXT)"
BLOB = "X'0102'"


@pytest.fixture
async def filled(tmp_path):
    """The folder of a closed ledger with the portals ``bad`` and ``good``."""
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    for portal_id in ("bad", "good"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    await ledger.record_report("bad", stored_report())
    await ledger.attach(an_attachment(portal_id="bad"), b"picture")
    await ledger.close()
    return tmp_path


@pytest.fixture
async def reopened(filled):
    ledger = SqlLedger(ledger_file(filled), UrlCipher(SessionSecretStore()), lambda: NOW)
    yield ledger
    await ledger.close()


async def all_looked_at(ledger) -> None:
    await until(lambda: not ledger._background, "all rows are looked at")


def execute(folder, statement: str) -> None:
    with closing(sqlite3.connect(ledger_file(folder))) as connection, connection:
        # A value that a column doesn't take is written as a damaged disk would.
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(replace(replace(sql, ' NOT NULL', ''), "
            "'TEXT', ''), 'BIGINT', '') WHERE type = 'table' AND name LIKE 'p%'"
        )
        connection.execute("PRAGMA writable_schema = RESET")
        assert connection.execute(statement).rowcount == 1


VALUES = [
    *(("workspace_kind", value) for value in ("'moon'", WRONG_BYTES, BLOB, "7", "NULL")),
    *(("customer_key", value) for value in (WRONG_BYTES, BLOB, "7", "NULL")),
    *(("outcome", value) for value in ("'moon'", WRONG_BYTES, BLOB, "NULL")),
    *(("requested_at", value) for value in ("'soon'", BLOB, "1.5", "NULL", str(2**62))),
    *(("expires_at", value) for value in ("'soon'", BLOB, str(-(2**62)))),
    *(("url_host", value) for value in (WRONG_BYTES, BLOB, "7")),
    *(("sent_channel", value) for value in ("'pigeon'", "7")),
    *(("kind", value) for value in ("'moon'", "NULL")),
    ("preview_verdict", "'moon'"),
    ("preview_concerns", BLOB),
    ("failure_message", WRONG_BYTES),
    ("portal_id", BLOB),
    ("portal_id", "NULL"),
    ("portal_id", WRONG_BYTES),
    ("workspace_id", BLOB),
    ("workspace_id", "NULL"),
    ("damaged", "'x'"),
]


@pytest.mark.parametrize(("column", "value"), VALUES)
async def test_one_value_damages_its_row_only(filled, reopened, column, value, caplog):
    execute(filled, f"UPDATE portals SET {column} = {value} WHERE portal_id = 'bad'")
    await reopened.open()
    assert reopened.notice is None
    for sort in PortalColumn:
        found = await reopened.find(PortalQuery(WORKSPACE, sort=sort), now=NOW)
        statuses = sorted(row.status(NOW) for row in found.rows)
        assert statuses == [PortalStatus.ACTIVE, PortalStatus.DAMAGED]
    (bad,) = (row for row in found.rows if row.portal_id != "good")
    await all_looked_at(reopened)
    assert await reopened.counts(WORKSPACE, now=NOW) == BOTH
    assert [row.portal_id for row in (await reopened.find(DAMAGED, now=NOW)).rows] == [
        bad.portal_id
    ]
    assert column in caplog.text
    assert "harbor-hotel" not in caplog.text
    shown = read_snapshot(ledger_file(filled), WORKSPACE)
    assert shown is None or {row.status(NOW) for row in shown} == set(BOTH)

    await reopened.delete([bad.portal_id])
    assert await reopened.counts(WORKSPACE, now=NOW) == {PortalStatus.ACTIVE: 1}
    await reopened.restore([bad.portal_id])
    assert await reopened.counts(WORKSPACE, now=NOW) == BOTH
    await reopened.delete([bad.portal_id])
    await reopened.close()
    await reopened.open()
    assert [row.portal_id for row in (await reopened.find(ALL, now=NOW)).rows] == ["good"]


async def test_what_can_be_read_is_shown(filled, reopened):
    execute(filled, "UPDATE portals SET preview_verdict = 'moon' WHERE portal_id = 'bad'")
    await reopened.open()
    bad, good = await reopened.get("bad"), await reopened.get("good")
    assert (bad.customer_key, bad.expires_at) == (good.customer_key, good.expires_at)
    assert bad.has_url
    assert not bad.is_live(NOW)


async def test_a_damaged_row_is_exported_with_its_status(filled, reopened):
    execute(filled, "UPDATE portals SET outcome = 'moon' WHERE portal_id = 'bad'")
    execute(filled, "UPDATE portal_events SET detail = '{' WHERE event_id = 1")
    await reopened.open()
    written = []

    async def write_file(_path, content: bytes) -> None:
        written.append(content)

    export = ExportService(reopened, lambda: NOW, write_file, write_table)
    for file_format in ExportFormat:
        target = filled / f"x.{file_format.value}"
        result = await export.export(ALL, target, file_format, with_links=True)
        assert (result.portals, result.unreadable_links) == (2, 2)
        content = target.read_bytes() if target.exists() else written[-1]
        assert b"damaged" in unpacked(content)
        assert b"can\xe2\x80\x99t be read" in unpacked(content)


async def test_a_row_that_can_be_read_again_is_no_longer_damaged(filled, reopened):
    execute(filled, "UPDATE portals SET outcome = 'moon' WHERE portal_id = 'bad'")
    await reopened.open()
    await all_looked_at(reopened)
    await reopened.close()
    execute(filled, "UPDATE portals SET outcome = 'created' WHERE portal_id = 'bad'")
    await reopened.open()
    await all_looked_at(reopened)
    assert await reopened.counts(WORKSPACE, now=NOW) == {PortalStatus.ACTIVE: 2}


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'moon'",
        "kind = 'expired'",
        f"kind = {BLOB}",
        "detail = '{'",
        "detail = '[1]'",
        """detail = '{"note": 7}'""",
        f"detail = {BLOB}",
        """detail = CAST(X'7B226122203A2022FF227D' AS TEXT)""",
        "at = 'soon'",
        f"at = {2**62}",
        "by = NULL",
    ],
)
async def test_an_event_that_cannot_be_read_is_an_entry(filled, reopened, change):
    execute(filled, f"UPDATE portal_events SET {change} WHERE event_id = 2")
    await reopened.open()
    events = await reopened.events_of("bad")
    kinds = [event.kind for event in events]
    assert sorted(kinds) == sorted([EventKind.REQUESTED, EventKind.DAMAGED, EventKind.CHECKED])
    texts = [entry.text for entry in build_timeline(await reopened.get("bad"), events, NOW)]
    assert "This entry is damaged and can’t be read" in texts
    await reopened.record_event("bad", EventKind.COPIED, NOW)


@pytest.mark.parametrize(
    "change", ["findings = '{'", "findings = '[[1]]'", f"mode = {BLOB}", "at = 'soon'"]
)
async def test_a_report_that_cannot_be_read_is_none(filled, reopened, change):
    execute(filled, f"UPDATE preview_reports SET {change}")
    await reopened.open()
    assert await reopened.report_of("bad") is None
    await reopened.record_report("bad", stored_report())
    assert await reopened.report_of("bad") is not None


@pytest.mark.parametrize(
    "change", ["kind = 'moon'", "at = 'soon'", f"title = {BLOB}", "size = 'x'"]
)
async def test_an_attachment_that_cannot_be_read_is_named_so(filled, reopened, change):
    execute(filled, f"UPDATE preview_evidence SET {change}")
    await reopened.open()
    (attachment,) = await reopened.attachments_of("bad")
    assert attachment.title == "damaged"
    await reopened.detach(attachment.attachment_id)
    assert not await reopened.attachments_of("bad")


@pytest.mark.parametrize("value", ["'text'", "7", f"{10**15}", "X'00'"])
async def test_a_link_or_request_of_a_wrong_type_is_damaged(filled, reopened, value):
    execute(
        filled,
        f"UPDATE portals SET url_sealed = {value}, request = {value} WHERE portal_id = 'bad'",
    )
    await reopened.open()
    with pytest.raises(LinkUnreadableError, match="damaged"):
        await reopened.url_of("bad")
    with pytest.raises(RequestUnreadableError):
        await reopened.request_of("bad")


async def test_rows_of_many_pages_are_looked_at(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    for number in range(3):
        await ledger.record_intent(requested(f"p{number}"), PortalRequest())
    await ledger.close()
    with closing(sqlite3.connect(ledger_file(tmp_path))) as connection, connection:
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(portals)")]
        columns[columns.index("portal_id")] = "'x' || value"
        names = ", ".join(columns)
        connection.execute(
            f"WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s LIMIT 5000) "
            f"INSERT INTO portals SELECT {names} FROM portals, s WHERE portal_id = 'p0'"
        )
        connection.execute(
            f"UPDATE portals SET url_host = {WRONG_BYTES} WHERE portal_id IN ('x1', 'x4999')"
        )
    await ledger.open()
    await all_looked_at(ledger)
    assert (await ledger.counts(WORKSPACE, now=NOW))[PortalStatus.DAMAGED] == 2
    await ledger.close()


async def test_on_postgresql_too(postgresql):
    url = postgresql.new_database()
    ledger = SqlLedger(url, UrlCipher(SessionSecretStore()), lambda: NOW)
    await ledger.open()
    for portal_id in ("bad", "good"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    await ledger.close()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE portals SET outcome = 'moon' WHERE portal_id = 'bad'")
    await ledger.open()
    await all_looked_at(ledger)
    assert await ledger.counts(WORKSPACE, now=NOW) == BOTH
    assert (await ledger.url_of("good")).reveal() == FAKE_URL
    await ledger.close()
