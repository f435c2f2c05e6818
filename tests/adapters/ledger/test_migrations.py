"""The migrations make the tables of the schema, on both databases."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect
from sqlalchemy.dialects import postgresql

from seam_portal_desktop.adapters.ledger import customers, queries, rows, schema
from seam_portal_desktop.adapters.ledger.database import Database
from seam_portal_desktop.adapters.ledger.rows import portal_values
from seam_portal_desktop.domain.portal.query import (
    PortalColumn,
    PortalQuery,
    PreviewOutcome,
    RecordFilters,
    TimeRange,
)
from seam_portal_desktop.domain.portal.record import Outcome, PortalStatus
from tests.support.ledger_data import NOW, WORKSPACE, requested

MIGRATIONS = Path(schema.__file__).with_name("migrations")


def test_the_constants_are_those_of_the_migrations():
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [rows.HEAD]
    assert {revision.revision for revision in script.walk_revisions()} == rows.KNOWN_REVISIONS


def test_migrations_make_the_tables_of_the_schema(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with engine.begin() as connection:
        assert schema.needs_upgrade(connection)
        schema.upgrade(connection)
        assert not schema.needs_upgrade(connection)
        found = inspect(connection)
        assert set(found.get_table_names()) == {"alembic_version", *schema.metadata.tables}
        for name, table in schema.metadata.tables.items():
            columns = {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in found.get_columns(name)
            }
            assert columns == {
                column.name: (column.type.compile(engine.dialect), column.nullable)
                for column in table.columns
            }
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path):
    database = Database(tmp_path / "x.sqlite3", busy_timeout=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "upgrade", failing_upgrade(schema.upgrade))
        with pytest.raises(ZeroDivisionError):
            database.open(NOW)
    assert not database.is_open
    with sqlite3.connect(tmp_path / "x.sqlite3") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()
    assert database.open(NOW) is None
    database.close()


def failing_upgrade(upgrade):
    def wrapped(connection) -> None:
        upgrade(connection)
        raise ZeroDivisionError

    return wrapped


def test_the_default_order_rests_on_an_index(tmp_path):
    path = tmp_path / "x.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        schema.upgrade(connection)
    query = queries.find(PortalQuery(WORKSPACE), NOW, offset=0, limit=100)
    sql = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    engine.dispose()
    with sqlite3.connect(path) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    connection.close()
    assert plan == [
        "SEARCH portals USING INDEX ix_portals_created (workspace_id=?)",
        "CORRELATED SCALAR SUBQUERY 1",
        (
            "SEARCH customer_details USING INDEX sqlite_autoindex_customer_details_1 "
            "(workspace_id=? AND customer_key=?)"
        ),
    ]


def test_opening_a_current_ledger_imports_no_alembic(tmp_path):
    code = """
import asyncio, sys
from pathlib import Path
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.domain.clock import system_clock

async def main():
    ledger = SqlLedger(Path(sys.argv[1]), UrlCipher(SessionSecretStore()), system_clock)
    await ledger.open()
    await ledger.close()
    print("alembic" in sys.modules)

asyncio.run(main())
"""
    path = str(tmp_path / "ledger.sqlite3")
    output = [
        subprocess.run(
            [sys.executable, "-c", code, path], check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert output == ["True", "False"]


OLD_ROW = """
INSERT INTO portals (portal_id, workspace_id, workspace_kind, customer_key, customer_key_folded,
    search_text, outcome, request, requested_at, sent_at, sent_by, sent_channel, sent_note)
VALUES ('old', 'another-workspace', 'sandbox', 'k', 'k', 'k', 'unknown', '{}', 1, 2, 'ada',
    'email', 'a "note"');
"""


FILTERS = RecordFilters(
    sent=False,
    created=TimeRange(NOW, NOW),
    expires=TimeRange(NOW, None),
    creators=frozenset({"Straße"}),
    presets=frozenset({"O'Hara, 50%", ""}),
    previews=frozenset(PreviewOutcome),
)


def postgresql_script() -> str:
    """The migrations and every kind of query as PostgreSQL's SQL."""
    output = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": output}
    )
    with Operations.context(context):
        for revision in reversed([*ScriptDirectory(str(MIGRATIONS)).walk_revisions()]):
            revision.module.upgrade()
            if revision.revision == "0001":
                output.write(OLD_ROW)
    values = portal_values(requested(customer_key="Straße 100%"))
    safe_preview = portal_values(
        requested("copy", "Straße 100%", preview_of="gone", outcome=Outcome.FAILED)
    )
    statements = [
        insert(schema.portals).values(values | {"request": b"{}"}),
        insert(schema.portals).values(safe_preview | {"request": b"{}"}),
        insert(schema.preview_reports).values(
            portal_id="p1", at=1, mode="safe", findings="[]", thumbnail_sealed=b"x"
        ),
        insert(schema.attachments).values(
            evidence_id="e1",
            portal_id="p1",
            kind="png",
            at=1,
            mode="safe",
            title="Phone",
            size=2**40,
            content_sealed=b"x",
        ),
        *(
            queries.find(
                PortalQuery(WORKSPACE, "50%", frozenset(PortalStatus), column, descending),
                NOW,
                offset=5,
                limit=10,
            )
            for column in PortalColumn
            for descending in (True, False)
        ),
        queries.find(
            PortalQuery(WORKSPACE, filters=FILTERS, by_customer=True), NOW, offset=0, limit=9
        ),
        queries.counts(WORKSPACE, "", NOW, filters=FILTERS),
        queries.used_names(WORKSPACE),
        customers.customer_keys(WORKSPACE),
        customers.live_links(WORKSPACE, NOW),
        customers.last_sent(WORKSPACE),
        queries.total(PortalQuery(WORKSPACE, "STRASSE 100%"), NOW),
        queries.counts(WORKSPACE, "", NOW),
        queries.sealed_details(WORKSPACE),
        queries.erase_orphaned_safe_previews(NOW),
        queries.total(PortalQuery(WORKSPACE, safe_previews=True), NOW),
    ]
    dialect = postgresql.dialect(paramstyle="named")
    compiled = [
        str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        for statement in statements
    ]
    timeline = (
        "SELECT kind, at, \"by\", detail::json->>'note' FROM portal_events ORDER BY event_id;\n"
    )
    return output.getvalue() + ";\n".join(compiled) + ";\n" + timeline


def test_postgresql_takes_the_migrations_and_the_queries():
    """A real server runs them through its own client, psql."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL isn't installed")
    programs_dir = programs[-1]
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        if not shutil.which("runuser"):
            pytest.skip("no runuser to leave root with")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *arguments: str, text: str | None = None) -> str:
        command = [*as_user, str(programs_dir / program), *arguments]
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if as_user:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        run("initdb", "-D", data, "-U", "ledger", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        # A log file of its own: this test would wait for a server that keeps the pipes open.
        run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            client = ("-h", folder, "-U", "ledger", "-d", "postgres", "-v", "ON_ERROR_STOP=1")
            output = run("psql", *client, "-qtA", "-f", "-", text=postgresql_script())
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    assert output.splitlines()[-7:] == [
        "Straße 100%",
        "1",
        "requested|1",
        "0",
        "requested|1||",
        "unknown|1||",
        'sent|2|ada|a "note"',
    ]
