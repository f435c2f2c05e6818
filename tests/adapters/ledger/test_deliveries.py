"""Deliveries in the ledger, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError
from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryState,
    RecipientResult,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.record import Channel, Sent
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.deliveries import MESSAGE, content, delivery, without_message
from tests.support.ledger_data import NOW, answer, requested
from tests.support.sqlite_ledger import ledger_file, sqlite_ledger

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
DETAIL = {
    "delivery_id": "d1",
    "send_channel": "smtp",
    "template": "Welcome",
    "template_version": "2",
}


@pytest.fixture(params=["sqlite", "postgresql"])
async def ledger(request, tmp_path):
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").new_database()
        ledger = SqlLedger(url, UrlCipher(SessionSecretStore()), lambda: NOW, os_user="ada")
    else:
        ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    for portal_id in ("p1", "p2"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    yield ledger
    await ledger.close()


def settled(
    before: Delivery, state: DeliveryState, *results: RecipientState, minutes: int = 1
) -> Delivery:
    """`before` after a try, with a result for each of its recipients."""
    everyone = before.content.recipients.everyone
    found = tuple(
        RecipientResult(each.address, result, "250 OK")
        for each, result in zip(everyone, results, strict=False)
    )
    return replace(
        before,
        state=state,
        attempts=1,
        due_at=None,
        finished_at=NOW + minutes * MINUTE,
        content=replace(before.content, results=found, answer="250 queued"),
    )


async def kinds(ledger, portal_id: str = "p1") -> list[EventKind]:
    return [event.kind for event in await ledger.events_of(portal_id)][2:]


async def test_every_field_comes_back(ledger):
    asked = delivery(
        content=content(
            recipients=Recipients(
                (MailAddress("ann@example.com", "Ann Ödström"),),
                (MailAddress("cc@example.com"),),
                (MailAddress("bcc@example.com"),),
            ),
            results=(RecipientResult("ann@example.com", RecipientState.DEFERRED, "450 later"),),
            subject="Ihr Zugang 🔑",
            answer="450 later",
            problem="Later.",
            override_reason="She waits at the door.",
        ),
        attempts=3,
        due_at=NOW + MINUTE,
    )
    await ledger.deliveries.record_deliveries([asked])
    assert list(await ledger.deliveries.deliveries_of("p1")) == [without_message(asked)]
    assert await ledger.deliveries.message_of("d1") == MESSAGE


async def test_the_portal_shows_what_was_sent(ledger):
    asked = delivery("d1", "p1", "ann@example.com", "ben@example.com")
    await ledger.deliveries.record_deliveries([asked])
    portal = await ledger.get("p1")
    assert portal.delivery_state is DeliveryState.WAITING
    assert portal.delivery_channel is SendChannel.SMTP
    assert portal.delivered_to == ("ann@example.com", "ben@example.com")
    assert portal.sent is None

    assert await ledger.deliveries.mark_sending(["d1", "other"]) == {"d1"}
    assert (await ledger.get("p1")).delivery_state is DeliveryState.SENDING
    accepted = [RecipientState.ACCEPTED] * 2
    await ledger.deliveries.change_deliveries([settled(asked, DeliveryState.SENT, *accepted)])

    portal = await ledger.get("p1")
    assert portal.delivery_state is DeliveryState.SENT
    assert portal.sent == Sent(NOW + MINUTE, "ada", Channel.EMAIL)
    assert await kinds(ledger) == [EventKind.SEND_ASKED, EventKind.SENT]
    *_, last = await ledger.events_of("p1")
    assert last.detail == {"channel": "email", **DETAIL}
    assert last.by == "ada"


async def test_when_a_sender_sent_is_known_for_its_limit_of_a_day(ledger):
    both = Recipients(to=(MailAddress("ann@example.com"), MailAddress("bob@example.com")))
    first = replace(delivery("d1"), sender_id="s1", channel=SendChannel.SMTP)
    first = replace(first, content=replace(first.content, recipients=both))
    others = [
        replace(first, delivery_id="d2"),
        replace(first, delivery_id="d3"),
        replace(first, delivery_id="d4", sender_id="s2"),
        replace(first, delivery_id="d5", channel=SendChannel.EML),
        replace(first, delivery_id="d6"),
    ]
    await ledger.deliveries.record_deliveries([first, *others])
    accepted, refused = RecipientState.ACCEPTED, RecipientState.REFUSED
    await ledger.deliveries.change_deliveries(
        [
            settled(first, DeliveryState.SENT, accepted, accepted, minutes=1),
            settled(others[0], DeliveryState.PARTLY_SENT, accepted, refused, minutes=2),
            settled(others[1], DeliveryState.MAYBE_SENT, minutes=3),
            settled(others[2], DeliveryState.SENT, accepted, accepted, minutes=4),
            settled(others[3], DeliveryState.HANDED_OVER, minutes=5),
            settled(others[4], DeliveryState.FAILED, refused, refused, minutes=6),
        ]
    )
    found = await ledger.deliveries.sent_times(["s1"], NOW)
    assert sorted(found) == [NOW + minutes * MINUTE for minutes in (1, 1, 2, 3)]
    later = await ledger.deliveries.sent_times(["s1", "s2"], NOW + 2 * MINUTE)
    assert sorted(later) == [NOW + minutes * MINUTE for minutes in (2, 3, 4, 4)]
    assert await ledger.deliveries.sent_times([], NOW) == []


async def test_only_one_program_gets_a_delivery(ledger):
    await ledger.deliveries.record_deliveries([delivery("d1"), delivery("d2", "p2")])
    assert await ledger.deliveries.mark_sending(["d1"]) == {"d1"}
    assert await ledger.deliveries.mark_sending(["d1", "d2"]) == {"d2"}
    assert await ledger.deliveries.undo_deliveries(["d1", "d2"]) == set()


async def test_what_is_undone_never_leaves(ledger):
    asked = delivery()
    await ledger.deliveries.record_deliveries([asked])
    assert await ledger.deliveries.undo_deliveries(["d1"]) == {"d1"}
    assert await ledger.deliveries.mark_sending(["d1"]) == set()
    await ledger.deliveries.change_deliveries([replace(asked, attempts=1)])
    (found,) = await ledger.deliveries.deliveries_of("p1")
    assert (found.state, found.attempts) == (DeliveryState.UNDONE, 0)
    portal = await ledger.get("p1")
    assert (portal.delivery_state, portal.delivered_to, portal.sent) == (None, (), None)
    assert await kinds(ledger) == [EventKind.SEND_ASKED, EventKind.SEND_UNDONE]


async def test_after_an_undo_the_portal_shows_what_was_sent_before(ledger):
    first = delivery("d1")
    await ledger.deliveries.record_deliveries([first])
    await ledger.deliveries.change_deliveries(
        [settled(first, DeliveryState.SENT, RecipientState.ACCEPTED)]
    )
    await ledger.deliveries.record_deliveries(
        [delivery("d2", "p1", "ben@example.com", at=NOW + MINUTE)]
    )
    assert (await ledger.get("p1")).delivered_to == ("ben@example.com",)
    await ledger.deliveries.undo_deliveries(["d2"])
    portal = await ledger.get("p1")
    assert portal.delivery_state is DeliveryState.SENT
    assert portal.delivered_to == ("ann@example.com",)


async def test_an_older_delivery_changes_its_row_only(ledger):
    first, second = delivery("d1"), delivery("d2", at=NOW + MINUTE)
    await ledger.deliveries.record_deliveries([first, second])
    await ledger.deliveries.change_deliveries(
        [settled(first, DeliveryState.FAILED, RecipientState.REFUSED)]
    )
    assert (await ledger.get("p1")).delivery_state is DeliveryState.WAITING
    found = await ledger.deliveries.deliveries_of("p1")
    assert [each.state for each in found] == [DeliveryState.FAILED, DeliveryState.WAITING]


async def test_the_newest_sending_is_the_sent_state(ledger):
    """A mark that the user set by hand is replaced, with its note."""
    await ledger.mark_sent("p1", Sent(NOW, "eve", Channel.SMS, "at the desk"))
    asked = delivery()
    await ledger.deliveries.record_deliveries([asked])
    await ledger.deliveries.change_deliveries(
        [settled(asked, DeliveryState.SENT, RecipientState.ACCEPTED)]
    )
    assert (await ledger.get("p1")).sent == Sent(NOW + MINUTE, "ada", Channel.EMAIL)
    await ledger.mark_sent("p1", None)
    portal = await ledger.get("p1")
    assert (portal.sent, portal.delivery_state) == (None, DeliveryState.SENT)


async def test_why_it_was_sent_in_spite_of_warnings_is_a_note(ledger):
    asked = delivery(content=content(override_reason="She waits at the door."))
    await ledger.deliveries.record_deliveries([asked])
    *_, event = await ledger.events_of("p1")
    assert event.kind is EventKind.SENT_ANYWAY
    assert event.detail == {"note": "She waits at the door.", **DETAIL}


@pytest.mark.parametrize("change", ["revoke", "delete", "fail", "expire"])
async def test_a_link_that_does_not_open_is_not_marked(ledger, change):
    portal_id = "p1"
    if change in ("fail", "expire"):
        portal_id = "p3"
        await ledger.record_intent(requested("p3"), PortalRequest())
    if change == "expire":
        await ledger.record_created("p3", answer(lifetime=timedelta()))
    await ledger.deliveries.record_deliveries([delivery("d1", portal_id)])
    if change == "revoke":
        await ledger.mark_revoked("p1", NOW)
    elif change == "delete":
        await ledger.delete(["p1"])
    assert await ledger.deliveries.mark_sending(["d1"]) == set()


async def test_ids_are_used_once_and_portals_are_needed(ledger):
    await ledger.deliveries.record_deliveries([delivery()])
    for wrong in (delivery(), delivery("d2", "nope")):
        with pytest.raises(LedgerError):
            await ledger.deliveries.record_deliveries([delivery("d3"), wrong])
    assert len(await ledger.deliveries.deliveries_of("p1")) == 1
    await ledger.deliveries.change_deliveries([delivery("unknown")])
    with pytest.raises(LedgerError):
        await ledger.deliveries.deliveries_of("nope")
    with pytest.raises(LedgerError):
        await ledger.deliveries.message_of("nope")


async def test_many_at_once(ledger):
    many = [delivery(f"d{number:04}") for number in range(1200)]
    await ledger.deliveries.record_deliveries(many)
    ids = [each.delivery_id for each in many]
    assert await ledger.deliveries.mark_sending(ids) == set(ids)
    await ledger.deliveries.change_deliveries(
        [settled(each, DeliveryState.SENT, RecipientState.ACCEPTED) for each in many]
    )
    assert len(await ledger.deliveries.deliveries_in({DeliveryState.SENT})) == 1200


async def test_deliveries_go_with_their_portal(ledger):
    await ledger.deliveries.record_deliveries([delivery("d1"), delivery("d2", "p2")])
    await ledger.delete(["p1"])
    waiting = {DeliveryState.WAITING}
    assert [each.delivery_id for each in await ledger.deliveries.deliveries_in(waiting)] == ["d2"]
    with pytest.raises(LedgerError):
        await ledger.deliveries.message_of("d1")
    await ledger.close()
    await ledger.open()
    await ledger.record_intent(requested("p1"), PortalRequest())
    assert await ledger.deliveries.deliveries_of("p1") == ()
    assert await ledger.deliveries.delivery_of_message("<d1@example.com>") is None
    found = await ledger.deliveries.delivery_of_message("<d2@example.com>")
    assert found.delivery_id == "d2"


SECRETS = (b"ann@example.com", b"Your link", b"seam_cst_fake", b"at the door", b"no such user")


async def test_nothing_personal_is_in_the_files_and_nothing_is_left_after_a_deletion(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    await ledger.record_created("p1", answer())
    asked = delivery(content=content(override_reason="at the door", answer="no such user"))
    await ledger.deliveries.record_deliveries([asked])
    await ledger.deliveries.change_deliveries(
        [settled(asked, DeliveryState.SENT, RecipientState.ACCEPTED)]
    )
    assert contents(tmp_path).count(b"<d1@example.com>") > 0
    for secret in SECRETS:
        assert secret not in contents(tmp_path)
    sealed = sealed_columns(tmp_path)
    assert len(sealed) == 4
    await ledger.delete(["p1"])
    await ledger.close()
    ledger = sqlite_ledger_again(tmp_path)
    await ledger.open()
    for each in sealed:
        assert each not in contents(tmp_path)
    assert b"<d1@example.com>" not in contents(tmp_path)
    await ledger.close()


def contents(folder) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def sealed_columns(folder) -> list[bytes]:
    with closing(sqlite3.connect(ledger_file(folder))) as connection:
        (row,) = connection.execute(
            "SELECT content_sealed, message_sealed, addresses_sealed, portals.delivered_to_sealed "
            "FROM deliveries JOIN portals USING (portal_id)"
        ).fetchall()
        return list(row)


def sqlite_ledger_again(folder) -> SqlLedger:
    return SqlLedger(ledger_file(folder), UrlCipher(SessionSecretStore()), lambda: NOW)


async def test_without_the_key_the_state_is_shown(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    await ledger.deliveries.record_deliveries([delivery()])
    await ledger.close()
    ledger = sqlite_ledger_again(tmp_path)
    await ledger.open()
    (found,) = await ledger.deliveries.deliveries_of("p1")
    assert found == replace(delivery(), content=None)
    portal = await ledger.get("p1")
    assert (portal.delivery_state, portal.delivered_to) == (DeliveryState.WAITING, ())
    with pytest.raises(LinkUnreadableError, match="key to this message"):
        await ledger.deliveries.message_of("d1")
    await ledger.deliveries.change_deliveries([replace(found, state=DeliveryState.FAILED)])
    (found,) = await ledger.deliveries.deliveries_of("p1")
    assert (found.state, found.content) == (DeliveryState.FAILED, None)
    await ledger.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "beamed"),
        ("state", 7),
        ("channel", "pigeon"),
        ("at", "noon"),
        ("by", b"\xff"),
        ("attempts", "many"),
        ("due_at", 10**18 * 5),
        ("content_sealed", b"\1" * 60),
        ("content_sealed", "text"),
        ("message_sealed", b"\0"),
    ],
)
async def test_a_damaged_row_is_shown(tmp_path, column, value):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    await ledger.record_intent(requested(), PortalRequest())
    await ledger.deliveries.record_deliveries([delivery()])
    with closing(sqlite3.connect(ledger_file(tmp_path))) as connection, connection:
        connection.execute(f"UPDATE deliveries SET {column} = ?", (value,))
    (found,) = await ledger.deliveries.deliveries_of("p1")
    assert found.delivery_id == "d1"
    if column == "state":
        assert found.state is DeliveryState.MAYBE_SENT
    if column == "content_sealed":
        assert found.content is None
    if column == "message_sealed":
        with pytest.raises(LedgerError):
            await ledger.deliveries.message_of("d1")
    await ledger.close()


async def test_what_is_sent_can_only_come_back(ledger):
    asked = delivery()
    await ledger.deliveries.record_deliveries([asked])
    done = settled(asked, DeliveryState.SENT, RecipientState.ACCEPTED)
    await ledger.deliveries.change_deliveries([done])
    for state in (DeliveryState.FAILED, DeliveryState.WAITING, DeliveryState.MAYBE_SENT):
        await ledger.deliveries.change_deliveries([replace(done, state=state)])
        assert (await ledger.get("p1")).delivery_state is DeliveryState.SENT
    back = settled(asked, DeliveryState.RETURNED, RecipientState.RETURNED)
    await ledger.deliveries.change_deliveries([back])
    portal = await ledger.get("p1")
    assert (portal.delivery_state, portal.sent) == (
        DeliveryState.RETURNED,
        Sent(NOW + MINUTE, "ada", Channel.EMAIL),
    )
