"""What the ledger does on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.rows import fold, search_text
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError
from seam_portal_desktop.domain.message.delivery import DeliveryState, SendChannel
from seam_portal_desktop.domain.portal.customers import ActiveLink, KnownCustomer
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import (
    PortalColumn,
    PortalQuery,
    PreviewOutcome,
    RecordFilters,
    RecordPage,
    TimeRange,
    UsedNames,
    grouped,
)
from seam_portal_desktop.domain.portal.record import (
    Channel,
    FailureRecord,
    Outcome,
    PortalKind,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.preview.kinds import CheckLevel, PreviewMode
from seam_portal_desktop.domain.request import Locale, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceKind
from tests.support.deliveries import delivery
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE, answer, requested
from tests.support.preview_records import an_attachment, stored_report
from tests.support.sqlite_ledger import sqlite_ledger

pytestmark = pytest.mark.anyio

ALL = PortalQuery(WORKSPACE)
REQUEST = PortalRequest(locale=Locale.PT_PT)
FAILURE = FailureRecord("Seam refused the request", "The key is unknown.", "request-9")


@pytest.fixture(params=["sqlite", "postgresql"])
async def ledger(request, tmp_path):
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").new_database()
        cipher = UrlCipher(SessionSecretStore())
        ledger = SqlLedger(url, cipher, lambda: NOW, os_user="ada")
    else:
        ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    yield ledger
    await ledger.close()


async def add(ledger, *portals: PortalRecord) -> None:
    for portal in portals:
        await ledger.record_intent(replace(portal, sent=None), REQUEST)
        if portal.delivery_state is not None:
            asked = delivery(
                f"of {portal.portal_id}",
                portal.portal_id,
                *portal.delivered_to,
                state=portal.delivery_state,
                channel=portal.delivery_channel,
            )
            await ledger.deliveries.record_deliveries([asked])
        if portal.sent is not None:
            await ledger.mark_sent(portal.portal_id, portal.sent)


async def customer_keys(ledger) -> list[str]:
    return [each.customer_key for each in await ledger.customers(WORKSPACE, now=NOW)]


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


HOUR = timedelta(hours=1)


async def timeline(ledger, portal_id: str = "p1") -> list[tuple[EventKind, str]]:
    return [(event.kind, event.by) for event in await ledger.events_of(portal_id)]


async def test_every_change_leaves_its_event(ledger):
    await add(ledger, requested())
    created_at = NOW + timedelta(seconds=1)
    await ledger.record_created("p1", answer(created_at=created_at))
    await ledger.mark_previewed("p1", NOW + HOUR, PreviewMode.SAFE)
    await ledger.record_event("p1", EventKind.COPIED, NOW + 2 * HOUR)
    await ledger.mark_sent("p1", Sent(NOW + 3 * HOUR, "ben", Channel.SMS, "At the desk"))
    await ledger.mark_revoked("p1", NOW + 4 * HOUR)

    assert list(await ledger.events_of("p1")) == [
        PortalEvent(NOW, EventKind.REQUESTED, "ada"),
        PortalEvent(created_at, EventKind.CREATED, "ada"),
        PortalEvent(NOW + HOUR, EventKind.PREVIEWED, "ada", {"mode": "safe"}),
        PortalEvent(NOW + 2 * HOUR, EventKind.COPIED, "ada"),
        PortalEvent(
            NOW + 3 * HOUR, EventKind.SENT, "ben", {"note": "At the desk", "channel": "sms"}
        ),
        PortalEvent(NOW + 4 * HOUR, EventKind.REVOKED, "ada"),
    ]


async def test_a_refused_change_leaves_no_event(ledger):
    await add(ledger, requested())
    await ledger.record_created("p1", answer())
    before = await ledger.events_of("p1")
    with pytest.raises(LedgerError):
        await ledger.record_failed("p1", FAILURE)
    await ledger.mark_sent("p1", None)
    assert await ledger.events_of("p1") == before


async def test_undoing_sent_is_an_event(ledger):
    await add(ledger, requested())
    await ledger.mark_sent("p1", Sent(NOW, "ben"))
    await ledger.mark_sent("p1", None)
    assert await timeline(ledger) == [
        (EventKind.REQUESTED, "ada"),
        (EventKind.SENT, "ben"),
        (EventKind.SENT_UNDONE, "ada"),
    ]


async def test_previews_in_a_row_are_one_event(ledger):
    await add(ledger, requested())
    for minutes in (0, 20, 70, 131):
        await ledger.mark_previewed("p1", NOW + timedelta(minutes=minutes))
    seen = [event.at for event in (await ledger.events_of("p1"))[1:]]
    assert seen == [NOW, NOW + timedelta(minutes=131)]
    assert (await ledger.get("p1")).previewed_at == NOW + timedelta(minutes=131)


async def test_a_preview_in_the_other_mode_is_an_event_of_its_own(ledger):
    await add(ledger, requested())
    for minutes, mode in enumerate(["safe", "safe", "live", "live", "safe"]):
        await ledger.mark_previewed("p1", NOW + timedelta(minutes=minutes), PreviewMode(mode))
    details = [event.detail for event in (await ledger.events_of("p1"))[1:]]
    assert details == [{"mode": "safe"}, {"mode": "live"}, {"mode": "safe"}]


async def test_a_failure_keeps_its_time_and_reason(ledger):
    await add(ledger, requested())
    await ledger.record_failed("p1", FAILURE, at=NOW + HOUR)
    (_, event) = await ledger.events_of("p1")
    reason = {"title": FAILURE.title, "message": FAILURE.message}
    assert event == PortalEvent(NOW + HOUR, EventKind.FAILED, "ada", reason)


async def test_an_interrupted_row_gets_one_event(ledger):
    await add(ledger, requested())
    for _ in range(2):
        await ledger.close()
        await ledger.open()
    assert await timeline(ledger) == [(EventKind.REQUESTED, "ada"), (EventKind.UNKNOWN, "")]


async def test_revoked_once_and_by_whom(ledger):
    await add(ledger, requested("here"), requested("elsewhere"))
    assert (await ledger.mark_revoked("here", NOW)).revoked_at == NOW
    again = await ledger.mark_revoked("here", NOW + HOUR, elsewhere=True)
    assert again.revoked_at == NOW
    await ledger.mark_revoked("elsewhere", NOW, elsewhere=True)
    assert (await timeline(ledger, "here"))[1:] == [(EventKind.REVOKED, "ada")]
    assert (await timeline(ledger, "elsewhere"))[1:] == [(EventKind.REVOKED_ELSEWHERE, "")]


async def test_a_renewed_link_is_linked_once_it_is_there(ledger):
    await add(ledger, requested("old"))
    await ledger.record_created("old", answer())
    await add(ledger, requested("new", renewed_from="old"))
    assert (await ledger.get("old")).renewed_to is None

    await ledger.record_created("new", answer())

    assert (await ledger.get("new")).renewed_from == "old"
    assert (await ledger.get("old")).renewed_to == "new"
    first, *_ = await ledger.events_of("new")
    assert first.detail == {"renewed_from": "old"}
    *_, last = await ledger.events_of("old")
    assert (last.kind, last.detail) == (EventKind.RENEWED, {"renewed_to": "new"})


async def test_a_link_outlives_the_one_that_it_renews(ledger):
    await add(ledger, requested("old"))
    await ledger.record_failed("old", FAILURE)
    await add(ledger, requested("new", renewed_from="old"))
    await ledger.delete(["old"])
    await ledger.close()
    await ledger.open()
    assert (await ledger.record_created("new", answer())).has_url


async def test_sessions_are_kept_and_missing_rows_ignored(ledger):
    await add(ledger, requested("p1"), requested("p2"))
    await ledger.record_sessions({"p1": "session-1", "gone": "session-2"})
    assert (await ledger.get("p1")).client_session_id == "session-1"
    assert (await ledger.get("p2")).client_session_id is None


async def test_events_of_many_and_of_none_that_are_hidden(ledger):
    await add(ledger, *(requested(str(number)) for number in range(1200)))
    await ledger.delete(["7"])
    found = await ledger.events_by_portal([*(str(number) for number in range(1200)), "nope"])
    assert len(found) == 1199
    assert "7" not in found
    assert [event.kind for event in found["1199"]] == [EventKind.REQUESTED]
    with pytest.raises(LedgerError):
        await ledger.events_of("7")


async def test_events_are_erased_with_their_row(ledger):
    await add(ledger, requested())
    await ledger.record_failed("p1", FAILURE)
    await ledger.delete(["p1"])
    await ledger.close()
    await ledger.open()
    await add(ledger, requested())
    assert await timeline(ledger) == [(EventKind.REQUESTED, "ada")]


async def test_deleted_rows_are_hidden_and_come_back(ledger):
    await add(ledger, requested("p1", "one"), requested("p2", "two"))
    await ledger.delete(["p1"])

    assert await keys(ledger) == ["two"]
    assert await ledger.counts(WORKSPACE, now=NOW) == {PortalStatus.REQUESTED: 1}
    assert await customer_keys(ledger) == ["two"]
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
        ledger.mark_revoked("nope", NOW),
        ledger.events_of("nope"),
        ledger.record_event("nope", EventKind.COPIED, NOW),
        ledger.delete(["p1", "nope"]),
        ledger.restore(["nope"]),
        ledger.record_report("nope", stored_report()),
        ledger.report_of("nope"),
        ledger.attach(an_attachment(portal_id="nope"), b"picture"),
        ledger.attachments_of("nope"),
        ledger.attachment_content("nope"),
    ):
        with pytest.raises(LedgerError):
            await call
    assert await keys(ledger) == ["harbor-hotel"]


async def test_a_closed_ledger_is_an_error(ledger):
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


async def test_rows_of_another_workspace_are_not_listed(ledger):
    await add(ledger, requested(), requested("p2", "other", workspace_id="elsewhere"))
    assert await keys(ledger) == ["harbor-hotel"]
    assert await customer_keys(ledger) == ["harbor-hotel"]
    assert await ledger.counts(WORKSPACE, now=NOW) == {PortalStatus.REQUESTED: 1}


async def test_customer_keys_come_most_recent_first_and_once(ledger):
    for number, key in enumerate(["a", "b", "a", "c"]):
        time = NOW + timedelta(minutes=number)
        await add(ledger, requested(str(number), key, requested_at=time))
    assert await customer_keys(ledger) == ["c", "a", "b"]


async def test_customers_have_their_live_links_and_when_one_was_sent_last(ledger):
    def at(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    async def link(portal_id: str, key: str, minutes: int = 0, **fields) -> None:
        await add(ledger, requested(portal_id, key, requested_at=at(minutes), **fields))
        days = timedelta(days=-1) if portal_id == "expired" else timedelta(days=3)
        await ledger.record_created(portal_id, answer(created_at=at(minutes), lifetime=days))

    await link("older", "hotel", 1)
    await link("newer", "hotel", 2)
    await link("revoked", "hotel", 3)
    await ledger.mark_revoked("revoked", NOW)
    await link("deleted", "hotel", 4)
    await ledger.delete(["deleted"])
    await link("copy", "hotel", 5, kind=PortalKind.SAFE_PREVIEW, preview_of="newer")
    await link("stay", "hotel", 6, kind=PortalKind.RESERVATION_DEEP_LINK)
    await link("expired", "mill")
    await add(ledger, requested("asked", "inn"))
    await link("elsewhere", "hotel", workspace_id="other")
    await ledger.mark_sent("older", Sent(at(20), "ada", Channel.EMAIL, "note"))
    await ledger.mark_sent("newer", Sent(at(10), "ada", Channel.SMS))
    await ledger.mark_sent("expired", Sent(at(-9), "ada"))

    assert list(await ledger.customers(WORKSPACE, now=NOW)) == [
        KnownCustomer(
            "hotel",
            (
                ActiveLink("newer", at(2) + timedelta(days=3)),
                ActiveLink("older", at(1) + timedelta(days=3)),
            ),
            at(20),
            Channel.EMAIL,
        ),
        KnownCustomer("inn"),
        KnownCustomer("mill", (), at(-9), None),
    ]


async def test_the_names_that_were_used_are_known(ledger):
    await add(
        ledger,
        requested("one", created_by="ada", preset="Hotels"),
        requested("two", created_by="ada", preset="apartments"),
        requested("three"),
        requested("four", created_by="ben", workspace_id="other"),
        requested("deleted", created_by="carl"),
        requested("copy", created_by="dora", preview_of="one"),
    )
    await ledger.delete(["deleted"])
    assert await ledger.used_names(WORKSPACE) == UsedNames(("ada",), ("apartments", "Hotels"))


async def test_a_customers_portals_are_together_and_the_newest_customer_is_first(ledger):
    def at(minutes: int, customer_key: str) -> PortalRecord:
        time = NOW + timedelta(minutes=minutes)
        return requested(str(minutes), customer_key, requested_at=time)

    keys_by_time = ["inn", "mill", "inn", "hotel", "mill", "Inn"]
    await add(ledger, *(at(minutes, key) for minutes, key in enumerate(keys_by_time)))
    query = PortalQuery(WORKSPACE, by_customer=True)
    found = (await ledger.find(query, now=NOW)).rows
    assert [row.portal_id for row in found] == ["5", "4", "1", "3", "2", "0"]
    first = (await ledger.find(query, now=NOW, limit=3)).rows
    second = (await ledger.find(query, now=NOW, offset=3, limit=3)).rows
    assert (*first, *second) == found
    assert grouped((await ledger.find(ALL, now=NOW)).rows) == list(found)
    without = PortalQuery(WORKSPACE, text="i", by_customer=True)
    assert await keys(ledger, without) == ["Inn", "mill", "mill", "inn", "inn"]


async def test_a_time_is_kept_to_the_microsecond_from_any_zone(ledger):
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
async def test_status_changes_at_the_same_microsecond(ledger, left, status):
    await add(ledger, requested())
    portal = await ledger.record_created("p1", answer(created_at=NOW, lifetime=left))
    assert portal.status(NOW) is status
    assert await ledger.counts(WORKSPACE, now=NOW) == {status: 1}
    for wanted in PortalStatus:
        query = PortalQuery(WORKSPACE, statuses=frozenset({wanted}))
        assert (await ledger.find(query, now=NOW)).total == (wanted is status)


times = st.integers(-10, 10).map(lambda steps: NOW + timedelta(hours=8 * steps))
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
addresses = st.sampled_from(["ann@example.com", "Ben@Example.com", "çağ@example.com"])
names = st.sampled_from(["", "ada", "ADA", "Hôtel Straße", "HO\u0302TEL STRASSE", "O'Hara, 50%"])
ranges = st.builds(TimeRange, st.none() | times, st.none() | times)
SHOWN_STATES = [state for state in DeliveryState if state is not DeliveryState.UNDONE]
never_sent = st.just({})
delivered = st.fixed_dictionaries(
    {
        "delivery_state": st.sampled_from(SHOWN_STATES),
        "delivery_channel": st.sampled_from(SendChannel),
        "delivered_to": st.lists(addresses, min_size=1, unique=True).map(tuple),
    }
)
portals = st.builds(
    lambda newest, **fields: requested(**fields, **newest),
    newest=never_sent | delivered,
    portal_id=st.uuids().map(str),
    customer_key=texts | st.sampled_from(["inn", "Inn"]),
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
    kind=st.sampled_from(PortalKind),
    renewed_from=st.none() | texts,
    renewed_to=st.none() | texts,
    client_session_id=st.none() | texts,
    preview_of=st.none() | texts,
    preview_verdict=st.none() | st.sampled_from(CheckLevel),
    preview_concerns=st.lists(st.sampled_from(["One.", "Two ½."])).map(tuple),
    created_by=names,
    preset=names,
)
filters_strategy = st.builds(
    RecordFilters,
    sent=st.none() | st.booleans(),
    created=st.none() | ranges,
    expires=st.none() | ranges,
    creators=st.frozensets(names, max_size=2),
    presets=st.frozensets(names, max_size=2),
    previews=st.frozensets(st.sampled_from(PreviewOutcome), max_size=3),
    deliveries=st.frozensets(st.sampled_from(DeliveryState), max_size=3),
    channels=st.frozensets(st.sampled_from(SendChannel), max_size=3),
    recipients=st.frozensets(addresses | st.sampled_from(["ANN", "b", "ÇA\u011e"]), max_size=2),
)
query_strategy = st.builds(
    PortalQuery,
    workspace_id=st.just(WORKSPACE),
    text=texts | st.just(""),
    statuses=st.frozensets(st.sampled_from(PortalStatus), max_size=3),
    sort=st.sampled_from(PortalColumn),
    descending=st.booleans(),
    safe_previews=st.booleans(),
    filters=st.just(RecordFilters()) | filters_strategy,
    by_customer=st.booleans(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(portals, max_size=12, unique_by=lambda portal: portal.portal_id),
    queries=st.lists(query_strategy, min_size=1, max_size=8),
    now=times,
)
def test_sql_agrees_with_the_domain(rows, queries, now):
    """Status, filters, sorts, counts and every field: SQL against PortalRecord and Python."""

    async def compare() -> None:
        with TemporaryDirectory() as folder:
            ledger = sqlite_ledger(Path(folder))
            await ledger.open()
            await add(ledger, *rows)
            for query in (ALL, *queries):
                found = expected_rows(rows, query, now)
                assert await ledger.find(query, now=now) == RecordPage(tuple(found), 0, len(found))
                assert [row for row in rows if query.matches(row, now)] == [
                    row for row in rows if row in found
                ]
                text, filters = query.text, query.filters
                everything = PortalQuery(WORKSPACE, text=text, filters=filters)
                counted = expected_rows(rows, everything, now)
                assert await ledger.counts(
                    WORKSPACE, text=text, filters=filters, now=now
                ) == Counter(row.status(now) for row in counted)
            await ledger.close()

    asyncio.run(compare())


def expected_rows(rows: list[PortalRecord], query: PortalQuery, now: datetime) -> list:
    """The rows that `query` finds, in order."""
    found = [
        row
        for row in rows
        if (row.preview_of is not None) is query.safe_previews
        and fold(query.text) in search_text(row.customer_key, row.sent.note if row.sent else "")
        and (not query.statuses or row.status(now) in query.statuses)
        and passes(row, query.filters)
    ]
    found.sort(key=lambda row: row.portal_id)
    found.sort(key=lambda row: row.requested_at, reverse=True)
    if query.by_customer:
        found.sort(key=created, reverse=True)
        newest = {row.customer_key: created(row) for row in reversed(found)}
        found.sort(key=lambda row: row.customer_key)
        found.sort(key=lambda row: newest[row.customer_key], reverse=True)
        return found
    for key in reversed(sort_keys(query.sort, now)):
        valued = [row for row in found if key(row) is not None]
        valued.sort(key=key, reverse=query.descending)
        found = valued + [row for row in found if key(row) is None]
    return found


def created(row: PortalRecord) -> datetime:
    return row.created_at or row.requested_at


def passes(row: PortalRecord, filters: RecordFilters) -> bool:
    """RecordFilters in other words than the program's."""
    levels = {
        CheckLevel.OK: "good",
        CheckLevel.UNKNOWN: "unchecked",
        CheckLevel.WARNING: "warnings",
        CheckLevel.PROBLEM: "problems",
        None: "unchecked" if row.previewed_at else "none",
    }
    tests = [
        filters.sent is None or filters.sent is bool(row.sent),
        not filters.previews or levels[row.preview_verdict] in filters.previews,
        not filters.deliveries or row.delivery_state in filters.deliveries,
        not filters.channels or row.delivery_channel in filters.channels,
        not filters.recipients
        or any(fold(part) in fold(to) for part in filters.recipients for to in row.delivered_to),
    ]
    for names, name in ((filters.creators, row.created_by), (filters.presets, row.preset)):
        tests.append(not names or fold(name) in {fold(each) for each in names})
    for times, time in ((filters.created, created(row)), (filters.expires, row.expires_at)):
        if times is not None:
            tests += [
                time is not None,
                times.start is None or (time is not None and time >= times.start),
                times.end is None or (time is not None and time < times.end),
            ]
    return all(tests)


def sort_keys(column: PortalColumn, now: datetime) -> list:
    statuses, levels = list(PortalStatus), list(CheckLevel)
    return {
        PortalColumn.CUSTOMER_KEY: [lambda row: fold(row.customer_key)],
        PortalColumn.STATUS: [lambda row: statuses.index(row.status(now))],
        PortalColumn.CREATED: [lambda row: row.created_at or row.requested_at],
        PortalColumn.EXPIRES: [lambda row: row.expires_at],
        PortalColumn.PREVIEW: [
            lambda row: row.preview_verdict and levels.index(row.preview_verdict),
            lambda row: row.previewed_at,
        ],
        PortalColumn.SENT: [lambda row: row.sent.at if row.sent else None],
        PortalColumn.WORKSPACE_KIND: [lambda row: row.workspace_kind.value],
    }[column]
