"""Failures of the PostgreSQL server of a ledger."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.ledger_data import NOW, WORKSPACE, requested

pytestmark = pytest.mark.anyio
UNREACHABLE = "The ledger’s server can’t be used"


def make(url: str) -> SqlLedger:
    return SqlLedger(url, UrlCipher(SessionSecretStore()), lambda: NOW)


async def refused(work) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        await work
    assert "not-real" not in caught.value.details()
    assert caught.value.__context__ is None, "the driver's error quotes the address"
    return caught.value


async def test_rows_last_until_the_next_run(postgresql):
    url = postgresql.new_database()
    for expected in ([], ["p1"]):
        ledger = make(url)
        await ledger.open()
        found = await ledger.find(PortalQuery(WORKSPACE), now=NOW)
        assert [row.portal_id for row in found.rows] == expected
        if not expected:
            await ledger.record_intent(requested(), PortalRequest())
        await ledger.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:not-real@127.0.0.1:9/links?connect_timeout=5",
        "postgresql://ada:not-real@nobody.invalid/links?connect_timeout=5",
    ],
)
async def test_no_server(url):
    ledger = make(url)
    error = await refused(ledger.open())
    assert error.title == UNREACHABLE
    assert error.can_retry
    await ledger.close()


async def test_no_such_user_or_database(postgresql):
    for url in (postgresql.url("nothing"), postgresql.url().replace("ledger@", "nobody@")):
        ledger = make(url)
        assert (await refused(ledger.open())).title == UNREACHABLE
        await ledger.close()


async def test_a_server_that_is_started_again_is_used_again(postgresql):
    ledger = make(postgresql.new_database())
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    postgresql.stop()
    assert (await refused(ledger.get("p1"))).title == UNREACHABLE
    postgresql.start()
    assert (await ledger.get("p1")).portal_id == "p1"
    await ledger.close()


async def test_a_user_without_rights(postgresql):
    url = postgresql.new_database()
    ledger = make(url)
    await ledger.open()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE ROLE reader LOGIN"))
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"))
    engine.dispose()
    await ledger.close()
    reader = make(url.replace("ledger@", "reader@"))
    error = await refused(reader.open())
    assert error.title == "The ledger’s server doesn’t allow it"
    await reader.close()


async def test_another_programs_database_is_left_alone(postgresql):
    url = postgresql.new_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE orders (id int)"))
    engine.dispose()
    ledger = make(url)
    assert (await refused(ledger.open())).title == "This database isn't a ledger"
    await ledger.close()


async def test_a_database_without_a_driver():
    ledger = make("mysql+nothing://ada:not-real@127.0.0.1/links")
    assert (await refused(ledger.open())).title == "There is no driver for the ledger’s database"
    await ledger.close()
