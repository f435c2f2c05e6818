"""Reminders: which links they are about, and each only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.message.delivery import DeliveryState
from seam_portal_desktop.domain.portal.record import PortalKind, Sent
from seam_portal_desktop.domain.portal.reminders import ReminderKind, reminder_of
from seam_portal_desktop.domain.preferences import PreferencesData, check_options
from seam_portal_desktop.services.sending.reminders import ReminderService
from tests.support.deliveries import delivery
from tests.support.fake_gateway import FAKE_WORKSPACE
from tests.support.portal_rows import NOW, created
from tests.support.services import CONNECTION, REQUEST

pytestmark = pytest.mark.anyio

WORKSPACE = FAKE_WORKSPACE.workspace_id
SENT = Sent(NOW, "dana")


def ending(in_hours: float, **fields):
    return created("p1", left=timedelta(hours=in_hours), **fields)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (ending(73), None),
        (ending(72), ReminderKind.SOON),
        (ending(24), ReminderKind.TODAY),
        (ending(1, renewed_to="p2"), None),
        (ending(1, revoked_at=NOW), None),
        (ending(1, kind=PortalKind.SAFE_PREVIEW, preview_of="p0"), None),
        (ending(-1), None),
        (ending(-1, sent=SENT), ReminderKind.OVER),
        (ending(-73, sent=SENT), None),
        (ending(-1, sent=SENT, renewed_to="p2"), None),
        (ending(100, delivery_state=DeliveryState.FAILED), ReminderKind.NOT_SENT),
        (ending(100, delivery_state=DeliveryState.RETURNED), ReminderKind.RETURNED),
        (ending(100, delivery_state=DeliveryState.MAYBE_SENT), ReminderKind.UNCONFIRMED),
        (ending(100, delivery_state=DeliveryState.HANDED_OVER), ReminderKind.UNCONFIRMED),
        (ending(100, delivery_state=DeliveryState.SENT), None),
        (ending(-1, delivery_state=DeliveryState.FAILED), None),
    ],
)
def test_what_an_operator_is_reminded_of(record, kind):
    assert reminder_of(record, NOW) is kind


@pytest.fixture
def data():
    return PreferencesData()


@pytest.fixture
def reminders(ledger, clock, data):
    async def save() -> None:
        pass

    return ReminderService(ledger, clock, data, save)


async def test_each_is_shown_once_and_again_when_it_gets_worse(
    reminders, creation, clock, ledger, data
):
    record = await creation.create(CONNECTION, REQUEST)
    assert await reminders.look(WORKSPACE) == {}
    clock.now = record.expires_at - timedelta(hours=71)
    assert await reminders.look(WORKSPACE) == {ReminderKind.SOON: 1}
    assert await reminders.look(WORKSPACE) == {}
    clock.now = record.expires_at - timedelta(hours=23)
    assert await reminders.look("another") == {}
    assert await reminders.look(WORKSPACE) == {ReminderKind.TODAY: 1}
    assert await reminders.look(WORKSPACE) == {}
    await ledger.mark_sent(record.portal_id, replace(SENT, at=clock.now))
    clock.now = record.expires_at + timedelta(hours=1)
    assert await reminders.look(WORKSPACE) == {ReminderKind.OVER: 1}
    assert await reminders.look(WORKSPACE) == {}
    assert check_options(data.options) == (data.options, [])


async def test_a_link_that_was_made_since_is_new(reminders, creation, clock):
    await reminders.look(WORKSPACE)
    record = await creation.create(CONNECTION, REQUEST)
    clock.now = record.expires_at - timedelta(hours=1)
    assert await reminders.look(WORKSPACE) == {ReminderKind.TODAY: 1}


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {"w": []},
        {"w": {"at": "yesterday", "portal_ids": []}},
        {"w": {"at": None, "portal_ids": []}},
        {"w": {"at": "2026-12-01T10:00:00+00:00", "portal_ids": "p1"}},
        {"w": {"at": "2026-12-01T10:00:00+00:00", "portal_ids": ["p"] * 1001}},
        {"w": {"at": "2026-12-01T10:00:00+00:00"}},
    ],
)
def test_damaged_reminders_are_dropped(stored):
    assert check_options({"reminders": stored}) == ({}, ["what you were reminded of"])


async def test_a_time_without_a_zone_is_no_failure(reminders, data):
    data.options["reminders"] = {WORKSPACE: {"at": "2026-12-01T10:00:00", "portal_ids": []}}
    assert await reminders.look(WORKSPACE) == {}


async def test_a_message_that_was_not_sent_is_shown_once(reminders, creation, ledger, clock):
    record = await creation.create(CONNECTION, REQUEST)
    message = delivery("d1", record.portal_id, workspace_id=record.workspace_id, at=clock())
    await ledger.deliveries.record_deliveries([message])
    assert await reminders.look(WORKSPACE) == {}
    failed = replace(message, state=DeliveryState.FAILED, finished_at=clock())
    await ledger.deliveries.change_deliveries([failed])
    assert await reminders.look(WORKSPACE) == {ReminderKind.NOT_SENT: 1}
    assert await reminders.look(WORKSPACE) == {}
