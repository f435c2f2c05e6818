"""Names and tags of customers: sealed at rest, shown in rows, found by searches."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal import notes
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.details import decode_details
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import LinkUnreadableError, SecretStoreLockedError
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
from seam_portal_desktop.domain.portal.customers import KnownCustomer
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import PortalStatus, Sent
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.ledger_data import NOW, WORKSPACE, answer, requested
from tests.support.until import until

pytestmark = pytest.mark.anyio

HARBOR = CustomerDetails("Hôtel du Port 🏡", ("VIP", "long stay"))


@pytest.fixture
def store():
    return SessionSecretStore()


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request, tmp_path):
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite3"
    return request.getfixturevalue("postgresql").new_database()


def make(place, store) -> SqlLedger:
    return SqlLedger(place, UrlCipher(store), lambda: NOW, os_user="ada")


async def fill(ledger: SqlLedger) -> None:
    """Two portals of harbor-hotel, which gets a name, and one of old-mill, which has none."""
    await ledger.open()
    for portal_id, key in (("p1", "harbor-hotel"), ("p2", "harbor-hotel"), ("p3", "old-mill")):
        await ledger.record_intent(requested(portal_id, key), PortalRequest())
        await ledger.record_created(portal_id, answer())
    await ledger.set_customer_details(WORKSPACE, "harbor-hotel", HARBOR)


@pytest.fixture
async def ledger(place, store):
    ledger = make(place, store)
    await fill(ledger)
    yield ledger
    await ledger.close()


async def ids(ledger, text: str = "", *tags: str) -> list[str]:
    """The rows that are found, which the other ways to ask have to agree with."""
    query = PortalQuery(WORKSPACE, text=text, tags=frozenset(tags))
    found = await ledger.find(query, now=NOW)
    everything = await ledger.find(PortalQuery(WORKSPACE), now=NOW)
    assert found.rows == tuple(row for row in everything.rows if query.matches(row, NOW))
    assert found.total == len(found.rows)
    counts = await ledger.counts(WORKSPACE, text=text, tags=query.tags, now=NOW)
    assert sum(counts.values()) == found.total
    return [row.portal_id for row in found.rows]


async def test_each_row_of_the_customer_has_name_and_tags_in_a_later_run_too(ledger, place, store):
    await ledger.close()
    ledger = make(place, store)
    await ledger.open()
    rows = {
        row.portal_id: CustomerDetails(row.customer_name, row.tags)
        for row in (await ledger.find(PortalQuery(WORKSPACE), now=NOW)).rows
    }
    assert rows == {"p1": HARBOR, "p2": HARBOR, "p3": NO_DETAILS}
    assert (await ledger.get("p1")).tags == HARBOR.tags
    assert await ledger.customer_details(WORKSPACE, "harbor-hotel") == HARBOR
    assert await ledger.customer_details(WORKSPACE, "old-mill") == NO_DETAILS
    assert await ledger.customer_details("other", "harbor-hotel") == NO_DETAILS
    await ledger.close()


async def test_searches_find_name_and_tags_beside_keys_and_notes(ledger):
    await ledger.mark_sent("p3", Sent(NOW, "ada", None, "at the port"))
    assert sorted(await ids(ledger, "PORT")) == ["p1", "p2", "p3"]
    assert sorted(await ids(ledger, "hôtel du")) == ["p1", "p2"]
    assert sorted(await ids(ledger, "long st")) == ["p1", "p2"]
    assert await ids(ledger, "mill") == ["p3"]
    assert await ids(ledger, "port 🏡 vip") == []


async def test_a_tag_is_found_by_its_start_in_capitals_or_not(ledger):
    assert sorted(await ids(ledger, "", "vi")) == ["p1", "p2"]
    assert sorted(await ids(ledger, "", "vip", "long stay")) == ["p1", "p2"]
    assert await ids(ledger, "", "ip") == []
    assert await ids(ledger, "", "vip", "other") == []
    assert await ids(ledger, "mill", "vip") == []


async def test_a_change_is_published_with_every_row_that_shows_it(ledger):
    changes = []
    ledger.changes.subscribe(changes.append)
    await ledger.set_customer_details(WORKSPACE, "harbor-hotel", CustomerDetails("Harbor"))
    await until(lambda: changes, "the change is published")
    (change,) = changes
    assert {(row.portal_id, row.customer_name, row.tags) for row in change.records} == {
        ("p1", "Harbor", ()),
        ("p2", "Harbor", ()),
    }
    assert not change.removed


async def test_a_new_portal_of_the_customer_is_published_with_the_name(ledger):
    changes = []
    ledger.changes.subscribe(changes.append)
    await ledger.record_intent(requested("p4"), PortalRequest())
    assert (await ledger.record_created("p4", answer())).customer_name == HARBOR.name
    assert {change.records[0].customer_name for change in changes} == {HARBOR.name}


async def test_the_customers_have_them(ledger):
    known = {each.customer_key: each for each in await ledger.customers(WORKSPACE, now=NOW)}
    assert known["harbor-hotel"].details == HARBOR
    assert replace(known["old-mill"], links=()) == KnownCustomer("old-mill")


async def test_recipients_are_kept_with_them(ledger, place, store):
    ann = MailAddress("ann@bücher.example", "Ann “Annie” Müller")
    details = CustomerDetails("", (), (ann, MailAddress("bob@harbor.example")))
    await ledger.set_customer_details(WORKSPACE, "old-mill", details)
    await ledger.close()
    ledger = make(place, store)
    await ledger.open()
    assert await ledger.customer_details(WORKSPACE, "old-mill") == details
    assert await ids(ledger, "bücher") == []
    await ledger.close()


@pytest.mark.parametrize(
    ("recipients", "found"),
    [
        ("", ()),  # as an earlier version wrote it
        (', "recipients": []', ()),
        (', "recipients": [["ann@harbor.example", ""]]', (MailAddress("ann@harbor.example"),)),
    ],
)
async def test_what_earlier_versions_wrote_is_read(recipients, found):
    text = f'{{"name": "Harbor", "tags": ["vip"]{recipients}}}'
    assert decode_details(text) == CustomerDetails("Harbor", ("vip",), found)


@pytest.mark.parametrize("recipients", ["5", '"text"', "[1]", '[["a"]]', '[["a", "b", "c"]]', "{"])
async def test_damaged_recipients_give_no_details(recipients):
    assert decode_details(f'{{"name": "", "tags": [], "recipients": {recipients}}}') == NO_DETAILS


async def test_empty_details_leave_nothing(ledger, place):
    await ledger.set_customer_details(WORKSPACE, "harbor-hotel", NO_DETAILS)
    assert await ids(ledger, "port") == []
    assert (await ledger.get("p1")).customer_name == ""
    assert await ledger.customer_details(WORKSPACE, "harbor-hotel") == NO_DETAILS


async def test_the_name_stays_when_the_last_portal_is_deleted(ledger, place, store):
    await ledger.delete(["p1", "p2"])
    await ledger.close()
    ledger = make(place, store)
    await ledger.open()
    assert [each.customer_key for each in await ledger.customers(WORKSPACE, now=NOW)] == [
        "old-mill"
    ]
    await ledger.record_intent(requested("p4"), PortalRequest())
    assert (await ledger.get("p4")).customer_name == HARBOR.name
    await ledger.close()


class LockedStore(SessionSecretStore):
    """A keyring that is locked after it was used."""

    async def get(self, name):
        raise SecretStoreLockedError("The keyring is locked", "Unlock it.")


async def test_without_the_key_the_list_is_there_and_the_name_is_not_taken_as_empty(ledger, place):
    await ledger.close()
    ledger = make(place, LockedStore())
    await ledger.open()
    assert (await ledger.get("p1")).customer_name == ""
    assert await ids(ledger, "port") == []
    assert sorted(await ids(ledger, "harbor")) == ["p1", "p2"]
    with pytest.raises(LinkUnreadableError, match="This name can't be read now"):
        await ledger.customer_details(WORKSPACE, "harbor-hotel")
    await ledger.close()


class SlowStore(SessionSecretStore):
    """A keyring that asks the user for its password first."""

    def __init__(self, store: SessionSecretStore) -> None:
        self._store = store
        self.unlocked = asyncio.Event()

    async def get(self, name):
        await self.unlocked.wait()
        return await self._store.get(name)


async def test_a_list_does_not_wait_for_a_prompt_and_gets_the_names_after_it(
    ledger, place, store, monkeypatch
):
    monkeypatch.setattr(notes, "_PATIENCE", 0.01)
    await ledger.close()
    slow = SlowStore(store)
    ledger = make(place, slow)
    await ledger.open()
    published = []
    ledger.changes.subscribe(published.append)
    assert (await ledger.get("p1")).customer_name == ""
    slow.unlocked.set()
    await until(lambda: published, "the records are published again")
    assert {row.customer_name for row in published[-1].records} == {HARBOR.name}
    await ledger.close()


async def test_a_name_opens_for_its_own_customer_only(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    ledger = make(path, store)
    await fill(ledger)
    await ledger.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO customer_details SELECT workspace_id, 'old-mill', details_sealed "
            "FROM customer_details"
        )
    ledger = make(path, store)
    await ledger.open()
    assert (await ledger.get("p1")).customer_name == HARBOR.name
    assert (await ledger.get("p3")).customer_name == ""
    with pytest.raises(LinkUnreadableError):
        await ledger.customer_details(WORKSPACE, "old-mill")
    await ledger.close()


@pytest.mark.parametrize("content", ["'text'", "7", "x'0102'", "x''"])
async def test_damaged_details_harm_no_row(tmp_path, store, content):
    path = tmp_path / "ledger.sqlite3"
    ledger = make(path, store)
    await fill(ledger)
    await ledger.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE customer_details SET details_sealed = {content}")
    ledger = make(path, store)
    await ledger.open()
    assert await ledger.counts(WORKSPACE, now=NOW) == {PortalStatus.ACTIVE: 3}
    assert await ids(ledger, "port", "vip") == []
    assert len(await ledger.customers(WORKSPACE, now=NOW)) == 2
    with pytest.raises(LinkUnreadableError):
        await ledger.customer_details(WORKSPACE, "harbor-hotel")
    await ledger.set_customer_details(WORKSPACE, "harbor-hotel", HARBOR)
    assert (await ledger.get("p1")).customer_name == HARBOR.name
    await ledger.close()


async def test_no_file_has_a_name_or_a_tag(tmp_path, store):
    ledger = make(tmp_path / "ledger.sqlite3", store)
    await fill(ledger)
    await ledger.set_customer_details(WORKSPACE, "old-mill", CustomerDetails("Old Mill Inn"))
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"old-mill" in content
    for secret in ("du Port", "Old Mill", "long stay"):
        assert secret.encode() not in content
    await ledger.close()
