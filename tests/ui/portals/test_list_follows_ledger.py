"""The list keeps up with the ledger by its change feed, without reading the rows again."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
import shiboken6
from PySide6.QtTest import QAbstractItemModelTester

from seam_portal_desktop.domain.portal.query import (
    PortalColumn,
    PortalQuery,
    PreviewOutcome,
    RecordFilters,
    TimeRange,
)
from seam_portal_desktop.domain.portal.record import Channel, FailureRecord, PortalStatus, Sent
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.ui.portals.model import PortalTableModel
from tests.support.ledger_data import NOW, WORKSPACE, answer, requested
from tests.support.portal_rows import SettableClock
from tests.support.sqlite_ledger import sqlite_ledger

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
KEYS = ["harbor-hotel", "Casa Verde", "old-mill", "ÉCLAIR", "łódź", "%_", "inn 🏨"]
QUERIES = [
    PortalQuery(WORKSPACE),
    *(PortalQuery(WORKSPACE, sort=column, descending=False) for column in PortalColumn),
    *(PortalQuery(WORKSPACE, sort=column) for column in PortalColumn),
    PortalQuery(WORKSPACE, text="o"),
    PortalQuery(WORKSPACE, statuses=frozenset({PortalStatus.ACTIVE, PortalStatus.FAILED})),
    PortalQuery(WORKSPACE, filters=RecordFilters(sent=False)),
    PortalQuery(WORKSPACE, filters=RecordFilters(sent=True), sort=PortalColumn.SENT),
    PortalQuery(WORKSPACE, filters=RecordFilters(creators=frozenset({"ADA"}))),
    PortalQuery(WORKSPACE, filters=RecordFilters(presets=frozenset({"", "Hotels"}))),
    PortalQuery(WORKSPACE, filters=RecordFilters(previews=frozenset({PreviewOutcome.UNCHECKED}))),
    PortalQuery(WORKSPACE, filters=RecordFilters(expires=TimeRange(NOW, NOW + DAY))),
    PortalQuery(WORKSPACE, filters=RecordFilters(created=TimeRange(NOW - DAY / 144, None))),
    PortalQuery(WORKSPACE, by_customer=True),
    PortalQuery(WORKSPACE, by_customer=True, filters=RecordFilters(sent=False)),
]


async def change_something(ledger, rng: random.Random, ids: list[str], number: int) -> None:
    portal_id = rng.choice(ids) if ids else ""
    match rng.randrange(7) if ids else 0:
        case 0 | 1:
            new = requested(
                f"p{number}",
                rng.choice(KEYS),
                requested_at=NOW - timedelta(minutes=number % 17),
                created_by=rng.choice(["ada", "ben"]),
                preset=rng.choice(["", "Hotels", "Flats"]),
            )
            request = PortalRequest(customer_data=CustomerData(customer_key=new.customer_key))
            await ledger.record_intent(new, request)
            ids.append(new.portal_id)
            if rng.random() < 0.7:
                lifetime = timedelta(hours=rng.randrange(-5, 60))
                await ledger.record_created(new.portal_id, answer(lifetime=lifetime))
            elif rng.random() < 0.5:
                await ledger.record_failed(new.portal_id, FailureRecord("No", "Nothing."))
        case 2:
            sent = Sent(NOW - timedelta(minutes=rng.randrange(9)), "ada", Channel.EMAIL, "o")
            await ledger.mark_sent(portal_id, rng.choice([sent, None]))
        case 3:
            await ledger.mark_revoked(portal_id, NOW)
        case 4:
            await ledger.delete([portal_id])
        case 5:
            await ledger.restore(rng.sample(ids, min(3, len(ids))))
        case 6:
            await ledger.mark_previewed(portal_id, NOW + timedelta(minutes=number))


def check_groups(model: PortalTableModel) -> None:
    """Each customer's rows are together, the newest first and named as the first."""
    keys = [model.portal(row).customer_key for row in range(model.rowCount())]
    for row, key in enumerate(keys):
        group = model.group(row)
        assert group.size == keys.count(key)
        assert group.is_first == (keys.index(key) == row)
        assert group.is_last == (key not in keys[row + 1 :])
        assert group.has_more == (key == keys[-1] and model.total > len(keys))


@pytest.mark.parametrize("query", QUERIES, ids=str)
async def test_the_rows_are_those_that_the_ledger_would_list(tmp_path, query):
    rng = random.Random(str(query))
    clock = SettableClock(NOW)
    ledger = sqlite_ledger(tmp_path, clock)
    await ledger.open()
    model = PortalTableModel(clock)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    ids: list[str] = []
    for number in range(20):
        await change_something(ledger, rng, ids, number)
    page = await ledger.find(query, now=NOW, limit=8)
    model.set_page(page, by_customer=query.by_customer)
    has_to_read = []

    def follow(change) -> None:
        if not model.apply_change(change, query):
            has_to_read.append(change)

    ledger.changes.subscribe(follow)
    for number in range(20, 70):
        await change_something(ledger, rng, ids, number)
        found = await ledger.find(query, now=NOW)
        if has_to_read:
            has_to_read.clear()
            page = await ledger.find(query, now=NOW, limit=8)
            model.set_page(page, by_customer=query.by_customer)
        rows = tuple(model.portal(row) for row in range(model.rowCount()))
        assert rows == found.rows[: len(rows)]
        model.set_total(found.total)
        if query.by_customer:
            check_groups(model)
    await ledger.close()
    for each in (tester, model):
        shiboken6.delete(each)


async def test_a_change_is_announced_before_the_call_that_made_it_returns(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    seen = []
    unsubscribe = ledger.changes.subscribe(seen.append)
    await ledger.record_intent(requested("a"), PortalRequest())
    await ledger.record_intent(replace(requested("b"), renewed_from="a"), PortalRequest())
    assert [[record.portal_id for record in change.records] for change in seen] == [["a"], ["b"]]
    created = await ledger.record_created("b", answer())
    assert {record.portal_id for record in seen[-1].records} == {"a", "b"}, "and what it renews"
    assert created in seen[-1].records
    await ledger.delete(["a"])
    assert (seen[-1].records, seen[-1].removed) == ((), {"a"})
    unsubscribe()
    await ledger.restore(["a"])
    assert seen[-1].removed == {"a"}, "nobody listens any more"
    await ledger.close()
