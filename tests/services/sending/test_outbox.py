"""The outbox on a real ledger: what is sent once, tried again, asked about, and never repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.errors import LedgerError, SecretStoreLockedError
from seam_portal_desktop.domain.message.delivery import (
    DeliveryState,
    RecipientResult,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble, TransportAnswer
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.record import Channel
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.sending.outbox import Outbox, PendingMessages
from seam_portal_desktop.services.sending.queue import tries
from tests.support.deliveries import (
    MESSAGE,
    ScriptedTransport,
    delivery,
    permission_of,
    sender_of,
    takes_all,
)
from tests.support.ledger_data import NOW, answer, requested
from tests.support.sqlite_ledger import sqlite_ledger
from tests.support.tiny_disk import fill, mounted
from tests.support.until import until

pytestmark = pytest.mark.anyio


class SetClock:
    """A clock and a steady time that a test moves together."""

    def __init__(self) -> None:
        self.now = NOW
        self.seconds = 0.0

    def __call__(self):
        return self.now

    def steady(self) -> float:
        return self.seconds

    def move(self, **time: float) -> None:
        self.now += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
async def ledger(tmp_path, clock):
    ledger = sqlite_ledger(tmp_path, clock)
    await ledger.open()
    for portal_id in ("p1", "p2", "p3"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    yield ledger
    await ledger.close()


@pytest.fixture
def transport():
    return ScriptedTransport()


@pytest.fixture
async def outbox(ledger, transport, clock):
    outbox = make(ledger, transport, clock)
    yield outbox
    await outbox.aclose()


def make(ledger, transport, clock, senders=sender_of) -> Outbox:
    return Outbox(
        ledger,
        transport,
        senders,
        permission_of(ledger),
        clock,
        os_user="ada",
        steady=clock.steady,
        longest_nap=0.01,
    )


async def states(ledger, portal_id: str = "p1") -> list[DeliveryState]:
    return [each.state for each in await ledger.deliveries.deliveries_of(portal_id)]


async def reaches(ledger, state: DeliveryState, portal_id: str = "p1") -> None:
    """Wait until the portal is published with this state of its newest delivery."""
    published: dict[str, DeliveryState | None] = {}

    def on_change(change: LedgerChange) -> None:
        published.update({each.portal_id: each.delivery_state for each in change.records})

    stop = ledger.changes.subscribe(on_change)  # first: a change may come while it is read
    published.setdefault(portal_id, (await ledger.get(portal_id)).delivery_state)
    await until(lambda: published[portal_id] is state, f"it is {state}")
    stop()


def trouble(kind: MailTrouble, **fields) -> MailError:
    return MailError("It failed", "For a test.", trouble=kind, **fields)


async def test_a_message_is_sent_once_and_its_portal_knows(ledger, outbox, transport):
    await outbox.send([delivery()])
    await reaches(ledger, DeliveryState.SENT)
    portal = await ledger.get("p1")
    assert portal.sent is not None
    assert portal.delivered_to == ("ann@example.com",)
    (found,) = await ledger.deliveries.deliveries_of("p1")
    assert found.content.results == (RecipientResult("ann@example.com", RecipientState.ACCEPTED),)
    assert found.content.answer == "250 queued"
    (envelope,) = transport.received
    assert (envelope.sender, envelope.recipients) == ("desk@example.com", ("ann@example.com",))
    assert outbox.pending.total == 0


async def newest(ledger, portal_id: str = "p1"):
    return (await ledger.deliveries.deliveries_of(portal_id))[-1]


async def kinds(ledger, portal_id: str = "p1") -> list[EventKind]:
    return [event.kind for event in await ledger.events_of(portal_id)][2:]


async def tries_of(transport, number: int) -> None:
    await until(lambda: len(transport.tries) >= number, f"there are {number} tries")


async def postponed(outbox, transport, number: int) -> None:
    """Wait until the try with this number has failed and the only message waits again."""
    await tries_of(transport, number)
    await until(lambda: outbox.pending == PendingMessages(waiting=1))


async def test_what_is_undone_never_leaves(ledger, outbox, transport):
    await outbox.send([delivery(), delivery("d2", "p2")], timedelta(seconds=30))
    assert (outbox.pending.counting_down, outbox.pending.total) == (2, 2)
    assert timedelta() < outbox.undo_left("d1") <= timedelta(seconds=30)
    assert await outbox.undo(["d1"]) == {"d1"}
    assert outbox.undo_left("d1") == timedelta()
    assert outbox.pending.total == 1
    assert await states(ledger) == [DeliveryState.UNDONE]
    assert transport.tries == []


async def test_after_the_countdown_it_is_sent_and_cannot_be_undone(ledger, outbox, transport):
    await outbox.send([delivery()], timedelta(milliseconds=30))
    await reaches(ledger, DeliveryState.SENT)
    assert await outbox.undo(["d1"]) == set()
    assert len(transport.received) == 1


async def test_an_undo_before_the_body_wins(ledger, outbox, transport):
    """It is pressed while the server is asked about the recipients."""

    async def slow(envelope, before_body):
        assert await outbox.undo(["d1"]) == {"d1"}
        return await takes_all(envelope, before_body)

    transport.script = [slow]
    await outbox.send([delivery()])
    await until(lambda: transport.tries and not outbox.pending.total)
    assert await states(ledger) == [DeliveryState.UNDONE]
    assert transport.received == []


async def test_nothing_is_sent_without_the_ledger(ledger, outbox, transport):
    full = LedgerError("The disk is full", "Free some space.")

    async def refuse(*_: object) -> None:
        raise full

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.deliveries, "record_deliveries", refuse)
        with pytest.raises(LedgerError):
            await outbox.send([delivery()])
    assert outbox.pending.total == 0
    assert transport.tries == []


async def test_a_mark_that_cannot_be_written_lets_nothing_leave(ledger, transport, clock):
    outbox = make(ledger, transport, clock)
    mark = ledger.deliveries.mark_sending

    async def lost(ids: Sequence[str]):
        """The commit arrives, and its answer doesn't."""
        await mark(ids)
        raise LedgerError("The server doesn't answer", "Try again.")

    seen: list[DeliveryState | None] = []
    # From the start: it may be SENDING for a moment only.
    stop = ledger.changes.subscribe(
        lambda change: seen.extend(each.delivery_state for each in change.records)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.deliveries, "mark_sending", lost)
        outbox = make(ledger, transport, clock)
        await outbox.send([delivery()])
        await tries_of(transport, 1)
        await until(lambda: DeliveryState.SENDING in seen, "it is marked")
    stop()
    await reaches(ledger, DeliveryState.WAITING)
    assert transport.received == []
    await outbox.aclose()
    outbox = make(ledger, transport, clock)
    await outbox.recover()
    await reaches(ledger, DeliveryState.SENT)
    assert len(transport.received) == 1
    await outbox.aclose()


async def test_a_result_that_cannot_be_written_is_not_sent_again(ledger, transport, clock):
    outbox = make(ledger, transport, clock)

    async def refuse(_: object) -> None:
        raise LedgerError("The disk is full", "Free some space.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.deliveries, "change_deliveries", refuse)
        await outbox.send([delivery()])
        await until(lambda: outbox.pending.unsaved)
        await outbox.aclose()
    assert await states(ledger) == [DeliveryState.SENDING]
    outbox = make(ledger, transport, clock)
    await outbox.recover()
    assert await states(ledger) == [DeliveryState.MAYBE_SENT]
    assert len(transport.tries) == 1
    assert (await ledger.get("p1")).sent is None
    await outbox.aclose()


async def test_the_result_is_written_once_the_ledger_works_again(ledger, outbox):
    change = ledger.deliveries.change_deliveries
    is_full = True

    async def sometimes(deliveries) -> None:
        if is_full:
            raise LedgerError("The disk is full", "Free some space.")
        await change(deliveries)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.deliveries, "change_deliveries", sometimes)
        await outbox.send([delivery()])
        await until(lambda: outbox.pending.unsaved)
        is_full = False
        await reaches(ledger, DeliveryState.SENT)


@pytest.mark.parametrize("marks", [True, False])
async def test_a_lost_answer_is_never_repeated(ledger, outbox, transport, clock, marks):
    async def lose(_envelope, before_body):
        await before_body()
        raise trouble(MailTrouble.NETWORK, is_maybe_out=True)

    async def crash(_envelope, before_body):
        await before_body()
        raise ZeroDivisionError

    transport.script = [lose if marks else crash]
    await outbox.send([delivery()])
    await reaches(ledger, DeliveryState.MAYBE_SENT)
    clock.move(days=2)
    await outbox.recover()
    assert len(transport.tries) == 1
    found = await newest(ledger)
    assert found.content.results[0].state is RecipientState.UNKNOWN
    assert found.content.problem
    assert await kinds(ledger) == [EventKind.SEND_ASKED, EventKind.MAYBE_SENT]
    assert (await ledger.get("p1")).sent is None


async def test_without_a_network_it_is_tried_again_and_again(ledger, outbox, transport, clock):
    transport.script = [trouble(MailTrouble.NETWORK)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tries, "network_delay", lambda _: timedelta(milliseconds=50))
        await outbox.send([delivery()])
        await postponed(outbox, transport, 1)
        assert "It failed" in (await newest(ledger)).content.problem
        clock.move(seconds=1)
        await reaches(ledger, DeliveryState.SENT)
    assert len(transport.tries) == 2
    assert (await newest(ledger)).content.problem == ""


async def test_the_whole_account_waits_for_the_network(ledger, outbox, transport):
    transport.script = [trouble(MailTrouble.NETWORK)]
    await outbox.send([delivery(), delivery("d2", "p2"), delivery("d3", "p3")])
    await reaches(ledger, DeliveryState.WAITING)
    await until(lambda: outbox.pending.waiting == 3)
    assert len(transport.tries) == 1


async def test_a_wrong_password_is_tried_once_for_all(ledger, outbox, transport):
    transport.script = [trouble(MailTrouble.ACCOUNT)]
    await outbox.send([delivery(), delivery("d2", "p2"), delivery("d3", "p3")])
    await until(lambda: outbox.paused("desk"))
    await until(lambda: outbox.pending.waiting == 3)
    assert len(transport.tries) == 1
    assert "It failed" in (await newest(ledger)).content.problem
    outbox.resume("desk")
    for portal_id in ("p1", "p2", "p3"):
        await reaches(ledger, DeliveryState.SENT, portal_id)
    assert outbox.paused("desk") is None
    assert len(transport.received) == 3


async def test_a_locked_keyring_pauses(ledger, transport, clock):
    is_locked = True

    async def senders(sender_id: str):
        if is_locked:
            raise SecretStoreLockedError("The keyring is locked", "Unlock it.")
        return await sender_of(sender_id)

    outbox = make(ledger, transport, clock, senders)
    await outbox.send([delivery()])
    await until(lambda: outbox.paused("desk"))
    is_locked = False
    await until(lambda: outbox.pending.waiting == 1)
    outbox.resume("desk")
    await reaches(ledger, DeliveryState.SENT)
    await outbox.aclose()


async def test_a_second_try_goes_only_to_whom_the_first_did_not_reach(
    ledger, outbox, transport, clock
):
    async def some(_envelope, before_body):
        await before_body()
        return TransportAnswer(
            (
                RecipientResult("ann@example.com", RecipientState.ACCEPTED),
                RecipientResult("ben@example.com", RecipientState.DEFERRED, "450 later"),
                RecipientResult("eve@example.com", RecipientState.REFUSED, "550 unknown"),
            ),
            "250 queued",
        )

    transport.script = [some]
    await outbox.send(
        [delivery("d1", "p1", "ann@example.com", "ben@example.com", "eve@example.com")]
    )
    await reaches(ledger, DeliveryState.PARTLY_SENT)
    assert (await ledger.get("p1")).sent is not None
    assert (await newest(ledger)).due_at == NOW + timedelta(minutes=5)
    clock.move(minutes=6)
    await tries_of(transport, 2)
    await until(lambda: not outbox.pending.total)
    assert transport.tries[1].recipients == ("ben@example.com",)
    found = await newest(ledger)
    assert found.state is DeliveryState.PARTLY_SENT
    assert found.due_at is None
    assert found.content.reached == 2
    assert await kinds(ledger) == [EventKind.SEND_ASKED, EventKind.SENT, EventKind.SENT]


async def test_greylisting_is_waited_out(ledger, outbox, transport, clock):
    transport.script = [
        trouble(MailTrouble.LATER, retry_after=None),
        trouble(MailTrouble.LATER, retry_after=90.0),
    ]
    await outbox.send([delivery()])
    await postponed(outbox, transport, 1)
    clock.move(minutes=4)
    assert len(transport.tries) == 1
    clock.move(minutes=2)
    await postponed(outbox, transport, 2)
    clock.move(seconds=91)
    await reaches(ledger, DeliveryState.SENT)


async def test_a_refused_message_is_not_tried_again(ledger, outbox, transport):
    transport.script = [trouble(MailTrouble.MESSAGE, answer="552 too large")]
    await outbox.send([delivery()])
    await reaches(ledger, DeliveryState.FAILED)
    found = await newest(ledger)
    assert (found.content.answer, found.due_at) == ("552 too large", None)
    assert await kinds(ledger) == [EventKind.SEND_ASKED, EventKind.SEND_FAILED]

    await outbox.try_again(found)
    await reaches(ledger, DeliveryState.SENT)
    assert len(transport.tries) == 2


async def test_after_a_day_it_is_given_up(ledger, outbox, transport, clock):
    transport.usual = fails
    await outbox.send([delivery()])
    await postponed(outbox, transport, 1)
    clock.move(hours=25)
    outbox.resume("desk")
    await reaches(ledger, DeliveryState.FAILED)
    assert "24 hours" in (await newest(ledger)).content.problem


async def fails(_envelope, _before_body):
    raise trouble(MailTrouble.NETWORK)


@pytest.mark.parametrize("what", ["expired", "revoked", "deleted"])
async def test_a_link_that_ended_meanwhile_is_not_sent(ledger, transport, clock, what):
    await ledger.deliveries.record_deliveries([delivery()])
    if what == "expired":
        clock.move(days=8)
    elif what == "revoked":
        await ledger.mark_revoked("p1", NOW)
    outbox = make(ledger, transport, clock)
    if what == "deleted":
        await outbox.send([delivery("d2", "p1")], timedelta(milliseconds=1))
        await ledger.delete(["p1"])
        await until(lambda: transport.tries)
        await until(lambda: not outbox.pending.total)
        await ledger.restore(["p1"])
    else:
        await outbox.recover()
    await reaches(ledger, DeliveryState.FAILED)
    assert transport.received == []
    assert (await newest(ledger)).content.problem
    await outbox.aclose()


async def test_what_a_run_left_is_settled(ledger, transport, clock):
    await ledger.deliveries.record_deliveries(
        [delivery("d1"), delivery("d2", "p2"), delivery("d3", "p3", by="ben")]
    )
    await ledger.deliveries.mark_sending(["d1"])
    outbox = make(ledger, transport, clock)
    await outbox.recover()
    await reaches(ledger, DeliveryState.MAYBE_SENT)
    await reaches(ledger, DeliveryState.SENT, "p2")
    assert await states(ledger, "p3") == [DeliveryState.WAITING]
    assert len(transport.tries) == 1
    await outbox.aclose()


async def test_a_message_is_continued_with_its_sealed_copy(ledger, transport, clock):
    await ledger.deliveries.record_deliveries([delivery()])
    outbox = make(ledger, transport, clock)
    await outbox.recover()
    await reaches(ledger, DeliveryState.SENT)
    assert transport.received[0].message == MESSAGE
    await outbox.aclose()


async def test_closing_waits_for_a_body_and_leaves_the_rest(ledger, transport, clock):
    goes_on = asyncio.Event()

    async def slow(envelope, before_body):
        found = await takes_all(envelope, before_body)
        await goes_on.wait()
        return found

    transport.script = [slow]
    outbox = make(ledger, transport, clock)
    await outbox.send([delivery(), delivery("d2", "p2")])
    await reaches(ledger, DeliveryState.SENDING)
    closing = asyncio.create_task(outbox.aclose())
    await asyncio.sleep(0)
    goes_on.set()
    await closing
    assert await states(ledger) == [DeliveryState.SENT]
    assert await states(ledger, "p2") == [DeliveryState.WAITING]
    assert len(transport.tries) == 1


async def test_connections_of_the_account_are_used_once_it_works(ledger, outbox, transport):
    async def waits(envelope, before_body):
        found = await takes_all(envelope, before_body)
        await asyncio.sleep(0.01)
        return found

    transport.usual = waits
    for number in range(20):
        await ledger.record_intent(requested(f"x{number}"), PortalRequest())
        await ledger.record_created(f"x{number}", answer())
    await outbox.send([delivery(f"d{number}", f"x{number}") for number in range(20)])
    await until(lambda: not outbox.pending.total)
    assert sorted(each.message_id for each in await sent_ones(ledger)) == sorted(
        f"<d{number}@example.com>" for number in range(20)
    )
    assert len(transport.received) == 20
    assert transport.most == 3


async def sent_ones(ledger):
    return await ledger.deliveries.deliveries_in({DeliveryState.SENT})


async def test_marks_that_were_made_ahead_are_taken_back(ledger, transport, clock):
    """A quick server goes away while the next messages are marked already."""
    for number in range(40):
        await ledger.record_intent(requested(f"x{number}"), PortalRequest())
        await ledger.record_created(f"x{number}", answer())
    marked = []
    mark = ledger.deliveries.mark_sending

    async def count(ids: Sequence[str]):
        marked.extend(ids)
        return await mark(ids)

    transport.script = [takes_all] * 15 + [trouble(MailTrouble.NETWORK)] * 25
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.deliveries, "mark_sending", count)
        outbox = make(ledger, transport, clock)
        await outbox.send([delivery(f"d{number}", f"x{number}") for number in range(40)])
        await until(lambda: len(transport.tries) > 15 and not outbox.pending.sending)
        await outbox.aclose()
    assert len(marked) > len(transport.tries), "some were marked ahead"
    found = {
        state: {each.delivery_id for each in await ledger.deliveries.deliveries_in({state})}
        for state in (DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.SENDING)
    }
    assert len(found[DeliveryState.SENT]) == len(transport.received) == 15
    assert found[DeliveryState.SENDING] == set()
    assert len(found[DeliveryState.WAITING]) == 25


async def test_two_outboxes_on_one_ledger_send_once(ledger, transport, clock):
    await ledger.deliveries.record_deliveries([delivery(), delivery("d2", "p2")])
    outboxes = [make(ledger, transport, clock) for _ in range(2)]
    await asyncio.gather(*(each.recover() for each in outboxes))
    await reaches(ledger, DeliveryState.SENT)
    await reaches(ledger, DeliveryState.SENT, "p2")
    await until(lambda: not any(each.pending.total for each in outboxes))
    assert len(transport.received) == 2
    for each in outboxes:
        await each.aclose()


async def test_handed_over_is_not_sent_until_the_user_says_so(ledger, outbox):
    await outbox.hand_over(delivery(channel=SendChannel.EML))
    await outbox.hand_over(delivery("d2", "p2", channel=SendChannel.SMS))
    portal = await ledger.get("p1")
    assert (portal.sent, portal.delivery_state) == (None, DeliveryState.HANDED_OVER)
    await outbox.confirm(await newest(ledger), was_sent=True)
    await outbox.confirm(await newest(ledger, "p2"), was_sent=False)
    assert (await ledger.get("p1")).sent.channel is Channel.EMAIL
    assert await kinds(ledger) == [EventKind.HANDED_OVER, EventKind.SENT]
    assert (await ledger.get("p2")).delivery_state is None
    assert await kinds(ledger, "p2") == [EventKind.HANDED_OVER, EventKind.SEND_UNDONE]


async def test_a_returned_mail_finds_its_row(ledger, outbox):
    await outbox.send([delivery()])
    await reaches(ledger, DeliveryState.SENT)
    assert await outbox.returned("<other@example.com>", "ann@example.com", "") is None
    await outbox.returned("<d1@example.com>", "Ann@Example.com", "550 no such user")
    await reaches(ledger, DeliveryState.RETURNED)
    (result,) = (await newest(ledger)).content.results
    assert result == RecipientResult("ann@example.com", RecipientState.RETURNED, "550 no such user")
    assert (await kinds(ledger))[-1] is EventKind.RETURNED


async def test_the_same_link_to_the_same_person_is_known(ledger, outbox, transport):
    assert await outbox.already_sent("p1", "ann@example.com") is None
    await outbox.send([delivery(template="Welcome")])
    await reaches(ledger, DeliveryState.SENT)
    assert (await outbox.already_sent("p1", "ANN@Example.COM")).delivery_id == "d1"
    assert await outbox.already_sent("p1", "ben@example.com") is None
    assert await outbox.already_sent("p2", "ann@example.com") is None
    transport.script = [trouble(MailTrouble.MESSAGE)]
    await outbox.send([delivery("d2", "p2")])
    await reaches(ledger, DeliveryState.FAILED, "p2")
    assert await outbox.already_sent("p2", "ann@example.com") is None


@pytest.mark.parametrize("before_mark", [True, False])
async def test_a_full_disk_lets_nothing_go_twice(tmp_path, transport, clock, before_mark):
    """It is full before the body leaves, or after the server took it."""
    with mounted(tmp_path / "disk", kilobytes=1024) as disk:
        ledger = sqlite_ledger(disk, clock)
        await ledger.open()
        await ledger.record_intent(requested(), PortalRequest())
        await ledger.record_created("p1", answer())

        async def fills(envelope, before_body):
            if before_mark:
                fill(disk)
            found = await takes_all(envelope, before_body)
            fill(disk)
            return found

        transport.script = [fills]
        outbox = make(ledger, transport, clock)
        await outbox.send([delivery()])
        await until(lambda: outbox.pending.unsaved)
        await outbox.aclose()
        assert len(transport.received) == (0 if before_mark else 1)
        for path in disk.glob("fill-*"):
            path.unlink()
        outbox = make(ledger, transport, clock)
        await outbox.recover()
        await reaches(ledger, DeliveryState.SENT if before_mark else DeliveryState.MAYBE_SENT)
        assert len(transport.received) == 1
        await outbox.aclose()
        await ledger.close()


async def test_what_waits_is_tried_now_if_the_user_wants(ledger, outbox, transport):
    transport.script = [trouble(MailTrouble.LATER, answer="451 4.7.1 Come back later")]
    await outbox.send([delivery()])
    await postponed(outbox, transport, 1)
    assert outbox.is_waiting("d1")
    outbox.try_now("d1")
    outbox.try_now("d1")
    await reaches(ledger, DeliveryState.SENT)
    await until(lambda: outbox.pending.total == 0, "the outbox knows that it is written")
    assert len(transport.received) == 1
    assert not outbox.is_waiting("d1")
    outbox.try_now("d1")
    assert outbox.pending.total == 0


async def test_a_countdown_can_be_cut_short(ledger, outbox, transport):
    await outbox.send([delivery()], timedelta(hours=1))
    outbox.try_now("d1")
    await reaches(ledger, DeliveryState.SENT)
    assert len(transport.received) == 1


async def test_after_no_connection_trying_now_ends_the_pause_of_the_account(
    ledger, outbox, transport
):
    transport.script = [trouble(MailTrouble.NETWORK)]
    await outbox.send([delivery()])
    await postponed(outbox, transport, 1)
    outbox.try_now("d1")
    await reaches(ledger, DeliveryState.SENT)
