"""What every Ledger does: the real one on SQLite, and the fake that other tests use."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher
from seam_portal_desktop.adapters.session_secret_store import SessionSecretStore
from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError
from seam_portal_desktop.domain.portal import (
    Channel,
    FailureRecord,
    Outcome,
    Portal,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.portal_query import PortalColumn, PortalQuery
from seam_portal_desktop.domain.portal_request import Locale, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceKind
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE, answer, requested
from tests.support.memory_ledger import MemoryLedger

pytestmark = pytest.mark.anyio

ALL = PortalQuery(WORKSPACE)
REQUEST = PortalRequest(locale=Locale.PT_PT)
FAILURE = FailureRecord("Seam refused the request", "The key is unknown.", "request-9")


def sql_ledger(folder: Path) -> SqlLedger:
    return SqlLedger(folder / "ledger.sqlite3", UrlCipher(SessionSecretStore()), lambda: NOW)


@pytest.fixture(params=["sqlite", "memory"])
async def ledger(request, tmp_path):
    ledger = sql_ledger(tmp_path) if request.param == "sqlite" else MemoryLedger(lambda: NOW)
    await ledger.open()
    yield ledger
    await ledger.close()


async def add(ledger, *portals: Portal) -> None:
    for portal in portals:
        await ledger.record_intent(portal, REQUEST)


async def keys(ledger, query: PortalQuery = ALL, **page) -> list[str]:
    found = await ledger.find(query, now=NOW, **page)
    return [portal.customer_key for portal in found.rows]


async def test_intent_then_answer(ledger):
    await add(ledger, requested())
    assert (await ledger.get("p1")).status(NOW) is PortalStatus.REQUESTED
    with pytest.raises(LinkUnreadableError):
        await ledger.url_of("p1")

    portal = await ledger.record_created("p1", answer())

    assert portal == await ledger.get("p1")
    assert portal.outcome is Outcome.CREATED
    assert portal.has_url
    assert portal.url_host == "portal.example"
    assert (portal.created_at, portal.expires_at) == (NOW, NOW + timedelta(days=7))
    assert portal.seam_request_id == "request-1"
    assert await ledger.url_of("p1") == Secret(FAKE_URL)
    assert await ledger.request_of("p1") == REQUEST


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN])
async def test_a_failure_is_kept_with_its_reason(ledger, outcome):
    await add(ledger, requested())
    record = ledger.record_failed if outcome is Outcome.FAILED else ledger.record_unknown
    portal = await record("p1", FAILURE)
    assert portal.outcome is outcome
    assert portal.failure == FAILURE
    assert portal.seam_request_id == "request-9"


async def test_a_late_answer_replaces_unknown_but_nothing_replaces_an_answer(ledger):
    await add(ledger, requested())
    await ledger.record_unknown("p1", FAILURE)
    portal = await ledger.record_created("p1", answer())
    assert portal.failure is None

    for late in (
        ledger.record_unknown("p1", FAILURE),
        ledger.record_failed("p1", FAILURE),
        ledger.record_created("p1", answer("https://other.example/")),
    ):
        with pytest.raises(LedgerError):
            await late
    assert await ledger.get("p1") == portal
    assert await ledger.url_of("p1") == Secret(FAKE_URL)


async def test_an_id_is_used_once(ledger):
    await add(ledger, requested())
    with pytest.raises(LedgerError):
        await add(ledger, requested(customer_key="other"))
    assert (await ledger.get("p1")).customer_key == "harbor-hotel"


async def test_sent_and_undone(ledger):
    await add(ledger, requested())
    sent = Sent(NOW, "ada", Channel.SMS, "Told at the desk")
    assert (await ledger.mark_sent("p1", sent)).sent == sent
    assert await keys(ledger, PortalQuery(WORKSPACE, text="the DESK")) == ["harbor-hotel"]
    assert (await ledger.mark_sent("p1", None)).sent is None
    assert await keys(ledger, PortalQuery(WORKSPACE, text="the DESK")) == []
    assert (await ledger.mark_previewed("p1", NOW)).previewed_at == NOW


async def test_deleted_rows_are_hidden_and_come_back(ledger):
    await add(ledger, requested("p1", "one"), requested("p2", "two"))
    await ledger.delete(["p1"])

    assert await keys(ledger) == ["two"]
    assert await ledger.counts(WORKSPACE, now=NOW) == {PortalStatus.REQUESTED: 1}
    assert list(await ledger.customer_keys(WORKSPACE)) == ["two"]
    for read in (ledger.get, ledger.url_of, ledger.request_of):
        with pytest.raises(LedgerError):
            await read("p1")

    await ledger.restore(["p1"])
    assert sorted(await keys(ledger)) == ["one", "two"]


async def test_deleted_rows_are_erased_at_close_but_for_those_that_may_become_links(ledger):
    await add(ledger, requested("failed"), requested("waiting"), requested("kept"))
    await ledger.record_failed("failed", FAILURE)
    await ledger.delete(["failed", "waiting"])
    await ledger.close()
    await ledger.open()
    found = await ledger.find(ALL, now=NOW)
    assert {portal.portal_id for portal in found.rows} == {"waiting", "kept"}


async def test_a_link_that_arrives_for_a_deleted_row_brings_it_back(ledger):
    await add(ledger, requested())
    await ledger.delete(["p1"])
    await ledger.record_created("p1", answer())
    assert await keys(ledger) == ["harbor-hotel"]


async def test_waiting_rows_become_unknown_at_the_next_open(ledger):
    await add(ledger, requested())
    await ledger.close()
    await ledger.open()
    portal = await ledger.get("p1")
    assert portal.outcome is Outcome.UNKNOWN
    assert "link" in portal.failure.message


async def test_missing_ids_are_errors_and_change_nothing(ledger):
    await add(ledger, requested())
    for call in (
        ledger.get("nope"),
        ledger.url_of("nope"),
        ledger.request_of("nope"),
        ledger.record_created("nope", answer()),
        ledger.record_failed("nope", FAILURE),
        ledger.mark_sent("nope", None),
        ledger.mark_previewed("nope", NOW),
        ledger.delete(["p1", "nope"]),
        ledger.restore(["nope"]),
    ):
        with pytest.raises(LedgerError):
            await call
    assert await keys(ledger) == ["harbor-hotel"]


async def test_a_closed_ledger_says_so(ledger):
    await ledger.close()
    await ledger.close()
    with pytest.raises(LedgerError, match="open"):
        await ledger.find(ALL, now=NOW)


@pytest.mark.parametrize(
    ("customer_key", "text", "matches"),
    [
        ("Hôtel du Lac", "HÔTEL", True),
        ("Hôtel du Lac", "ho\u0302tel", True),
        ("STRASSE", "straße", True),
        ("ΟΔΟΣ", "οδος", True),
        ("cabin 🏡🔑", "🔑", True),
        ("cabin 🏡", "🔑", False),
        ("فندق الميناء", "الميناء", True),
        ("100% full", "0%", True),
        ("1000 full", "0%", False),
        ("room_12", "m_1", True),
        ("room12x", "m_1", False),
        ("back\\slash", "k\\s", True),
        ("slash/ed", "h/e", True),
        ("x" * 300, "x" * 300, True),
        ("x" * 300, "x" * 301, False),
        ("any", "a\ud800", False),
        ("any", "", True),
    ],
)
async def test_search(ledger, customer_key, text, matches):
    await add(ledger, requested(customer_key=customer_key))
    query = PortalQuery(WORKSPACE, text=text)
    assert await keys(ledger, query) == ([customer_key] if matches else [])
    assert await ledger.counts(WORKSPACE, text=text, now=NOW) == (
        {PortalStatus.REQUESTED: 1} if matches else {}
    )


async def test_workspaces_don_t_mix(ledger):
    await add(ledger, requested(), requested("p2", "other", workspace_id="elsewhere"))
    assert await keys(ledger) == ["harbor-hotel"]
    assert list(await ledger.customer_keys(WORKSPACE)) == ["harbor-hotel"]
    assert await ledger.counts(WORKSPACE, now=NOW) == {PortalStatus.REQUESTED: 1}


async def test_customer_keys_come_most_recent_first_and_once(ledger):
    for number, key in enumerate(["a", "b", "a", "c"]):
        time = NOW + timedelta(minutes=number)
        await add(ledger, requested(str(number), key, requested_at=time))
    assert list(await ledger.customer_keys(WORKSPACE)) == ["c", "a", "b"]
    assert list(await ledger.customer_keys(WORKSPACE, limit=2)) == ["c", "a"]


async def test_a_time_survives_to_the_microsecond_and_from_any_zone(ledger):
    time = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    elsewhere = time.astimezone(datetime.fromisoformat("2000-01-01T00:00+05:30").tzinfo)
    await add(ledger, requested(requested_at=elsewhere))
    assert (await ledger.get("p1")).requested_at == time


async def test_concurrent_calls_each_get_their_own_answer(ledger):
    await add(ledger, *(requested(str(number), f"key {number:02}") for number in range(20)))
    found = await asyncio.gather(
        *(keys(ledger, PortalQuery(WORKSPACE, text=f"y {number:02}")) for number in range(20))
    )
    assert found == [[f"key {number:02}"] for number in range(20)]


MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("left", "status"),
    [
        (timedelta(hours=24) + MICROSECOND, PortalStatus.ACTIVE),
        (timedelta(hours=24), PortalStatus.EXPIRING),
        (timedelta(hours=24) - MICROSECOND, PortalStatus.EXPIRING),
        (MICROSECOND, PortalStatus.EXPIRING),
        (timedelta(0), PortalStatus.EXPIRED),
        (-MICROSECOND, PortalStatus.EXPIRED),
    ],
)
async def test_status_turns_at_the_same_microsecond(ledger, left, status):
    await add(ledger, requested())
    portal = await ledger.record_created("p1", answer(created_at=NOW, lifetime=left))
    assert portal.status(NOW) is status
    assert await ledger.counts(WORKSPACE, now=NOW) == {status: 1}
    for wanted in PortalStatus:
        query = PortalQuery(WORKSPACE, statuses=frozenset({wanted}))
        assert (await ledger.find(query, now=NOW)).total == (wanted is status)


times = st.integers(-10, 10).map(lambda steps: NOW + timedelta(hours=8 * steps))
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
portals = st.builds(
    requested,
    portal_id=st.uuids().map(str),
    customer_key=texts,
    workspace_kind=st.sampled_from(WorkspaceKind),
    outcome=st.sampled_from(Outcome),
    requested_at=times,
    created_at=st.none() | times,
    expires_at=st.none() | times,
    url_host=st.none() | texts,
    seam_request_id=st.none() | texts,
    failure=st.none() | st.builds(FailureRecord, texts, texts, st.none() | texts),
    previewed_at=st.none() | times,
    sent=st.none() | st.builds(Sent, times, texts, st.none() | st.sampled_from(Channel), texts),
    revoked_at=st.none() | times,
)
query_strategy = st.builds(
    PortalQuery,
    workspace_id=st.just(WORKSPACE),
    text=texts | st.just(""),
    statuses=st.frozensets(st.sampled_from(PortalStatus), max_size=3),
    sort=st.sampled_from(PortalColumn),
    descending=st.booleans(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(portals, max_size=12, unique_by=lambda portal: portal.portal_id),
    queries=st.lists(query_strategy, min_size=1, max_size=8),
    now=times,
)
def test_sql_agrees_with_the_domain(rows, queries, now):
    """Status, filters, sorts, counts and every field: SQL against Portal.status and Python."""

    async def compare() -> None:
        with TemporaryDirectory() as folder:
            real, fake = sql_ledger(Path(folder)), MemoryLedger()
            await real.open()
            await fake.open()
            await add(real, *rows)
            await add(fake, *rows)
            assert await real.counts(WORKSPACE, now=now) == await fake.counts(WORKSPACE, now=now)
            for query in queries:
                assert await real.find(query, now=now) == await fake.find(query, now=now)
                text = query.text
                assert await real.counts(WORKSPACE, text=text, now=now) == await fake.counts(
                    WORKSPACE, text=text, now=now
                )
            await real.close()

    asyncio.run(compare())
