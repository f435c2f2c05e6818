"""What is said before a link is sent: each thing that can be wrong, and the one way out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    RecipientResult,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.message.do_not_send import DoNotSend, DoNotSendList
from seam_portal_desktop.domain.message.gate.checks import GateFacts, gate
from seam_portal_desktop.domain.message.gate.items import (
    GateFix,
    GateKind,
    GateLevel,
    is_blocked,
    override_text,
)
from seam_portal_desktop.domain.message.gate.many import gate_many
from seam_portal_desktop.domain.message.recipients.addresses import address_key
from seam_portal_desktop.domain.message.recipients.parsing import parse_recipients
from seam_portal_desktop.domain.message.recipients.rules import RecipientRules
from seam_portal_desktop.domain.message.template import MessageWarning
from seam_portal_desktop.domain.portal.record import LinkState, Outcome, PortalKind
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from tests.support.ledger_data import NOW, requested

ANN = MailAddress("ann@harbor.example", "Ann Miller")
TO_ANN = Recipients(to=(ANN,))
KNOWN = frozenset({"ann@harbor.example"})
GOOD_PORTAL = replace(
    requested("p1"),
    outcome=Outcome.CREATED,
    expires_at=NOW + timedelta(days=6),
    has_url=True,
    previewed_at=NOW,
    preview_verdict=CheckLevel.OK,
)
GOOD = GateFacts(GOOD_PORTAL, NOW, recipients=TO_ANN, known=KNOWN)


def with_portal(**changes) -> GateFacts:
    return replace(GOOD, portal=replace(GOOD_PORTAL, **changes))


def with_text(text: str, rules: RecipientRules = RecipientRules()) -> GateFacts:  # noqa: B008
    parsed = parse_recipients(text, rules)
    known = frozenset(address_key(each.address) for each in parsed.addresses)
    recipients = Recipients(parsed.addresses)
    return replace(GOOD, recipients=recipients, problems=parsed.problems, known=known)


def delivered(state: DeliveryState, *to: MailAddress, **changes) -> Delivery:
    delivery = Delivery(
        "d1",
        "p1",
        "w1",
        SendChannel.SMTP,
        state,
        NOW,
        "ada",
        content=DeliveryContent(Recipients(to or (ANN,))),
    )
    return replace(delivery, **changes)


def after(state: DeliveryState, *to: MailAddress, **changes) -> GateFacts:
    return replace(GOOD, earlier=(delivered(state, *to, **changes),))


FORBIDDEN = DoNotSendList(
    [
        DoNotSend("ANN@harbor.example", "Asked us not to write.", "bob", NOW),
        DoNotSend("mill.example", "Contract ended.", "bob", NOW),
    ]
)
MANY = Recipients(tuple(MailAddress(f"guest{number}@harbor.example") for number in range(6)))
BLOCK, ASK = GateLevel.BLOCK, GateLevel.ASK

ONE_THING = {
    "all is well": (GOOD, None),
    "safe preview": (
        with_portal(kind=PortalKind.SAFE_PREVIEW, preview_of="p0"),
        (GateKind.SAFE_PREVIEW, BLOCK, GateFix.SHOW_PORTAL),
    ),
    "outcome unknown": (
        with_portal(outcome=Outcome.UNKNOWN, expires_at=None),
        (GateKind.OUTCOME_UNKNOWN, BLOCK, GateFix.CHECK_OUTCOME),
    ),
    "failed": (
        with_portal(outcome=Outcome.FAILED),
        (GateKind.NOT_CREATED, BLOCK, GateFix.CREATE_AGAIN),
    ),
    "requested": (with_portal(outcome=Outcome.REQUESTED), (GateKind.NOT_CREATED, BLOCK, None)),
    "damaged": (
        with_portal(outcome=Outcome.DAMAGED),
        (GateKind.DAMAGED, BLOCK, GateFix.CREATE_AGAIN),
    ),
    "revoked": (with_portal(revoked_at=NOW), (GateKind.REVOKED, BLOCK, GateFix.RENEW)),
    "expired": (with_portal(expires_at=NOW), (GateKind.EXPIRED, BLOCK, GateFix.RENEW)),
    "expired, and never previewed": (
        with_portal(expires_at=NOW, previewed_at=None),
        (GateKind.EXPIRED, BLOCK, GateFix.RENEW),
    ),
    "no link": (with_portal(has_url=False), (GateKind.UNREADABLE, BLOCK, GateFix.RENEW)),
    "key gone": (
        with_portal(link_state=LinkState.KEY_GONE),
        (GateKind.UNREADABLE, BLOCK, GateFix.RENEW),
    ),
    "ends soon": (
        with_portal(expires_at=NOW + timedelta(hours=23)),
        (GateKind.ENDS_SOON, ASK, GateFix.RENEW),
    ),
    "never previewed": (
        with_portal(previewed_at=None),
        (GateKind.NEVER_PREVIEWED, ASK, GateFix.PREVIEW),
    ),
    "preview with a problem": (
        with_portal(preview_verdict=CheckLevel.PROBLEM),
        (GateKind.PREVIEW_FAILED, ASK, GateFix.PREVIEW_AGAIN),
    ),
    "preview with a warning": (
        with_portal(preview_verdict=CheckLevel.WARNING),
        (GateKind.PREVIEW_WARNED, ASK, GateFix.PREVIEW_AGAIN),
    ),
    "way forbidden": (
        replace(GOOD, channel_note="Your organisation doesn’t allow it."),
        (GateKind.CHANNEL_FORBIDDEN, BLOCK, GateFix.OTHER_CHANNEL),
    ),
    "no sender": (
        replace(GOOD, has_sender=False),
        (GateKind.NO_SENDER, BLOCK, GateFix.ADD_SENDER),
    ),
    "sender paused": (
        replace(GOOD, sender_problem="The password is refused."),
        (GateKind.SENDER_PAUSED, BLOCK, GateFix.RESUME_SENDER),
    ),
    "no recipient": (
        replace(GOOD, recipients=Recipients()),
        (GateKind.NO_RECIPIENT, BLOCK, GateFix.EDIT_RECIPIENTS),
    ),
    "no address": (
        with_text("ann@"),
        (GateKind.RECIPIENT_ERROR, BLOCK, GateFix.EDIT_RECIPIENTS),
    ),
    "not allowed": (
        with_text("ann@harbor.example", RecipientRules(("mill.example",))),
        (GateKind.NOT_ALLOWED, BLOCK, GateFix.EDIT_RECIPIENTS),
    ),
    "on the list": (
        replace(GOOD, do_not_send=FORBIDDEN),
        (GateKind.DO_NOT_SEND, BLOCK, GateFix.EDIT_RECIPIENTS),
    ),
    "list unreadable": (
        replace(GOOD, do_not_send=DoNotSendList(unreadable=2)),
        (GateKind.LIST_UNREADABLE, ASK, GateFix.SHOW_LIST),
    ),
    "typo": (
        with_text("ann@gmial.com"),
        (GateKind.RECIPIENT_QUESTION, ASK, GateFix.EDIT_RECIPIENTS),
    ),
    "look-alike": (
        with_text("ann@pаypal.com"),
        (GateKind.RECIPIENT_QUESTION, ASK, GateFix.EDIT_RECIPIENTS),
    ),
    "only a notice": (with_text("ann@harbor.example, Ann@harbor.example"), None),
    "new": (
        replace(GOOD, known=frozenset()),
        (GateKind.NEW_RECIPIENT, ASK, GateFix.EDIT_RECIPIENTS),
    ),
    "many see each other": (
        replace(GOOD, recipients=MANY, known={each.address for each in MANY.to}),
        (GateKind.MANY_VISIBLE, ASK, GateFix.USE_BCC),
    ),
    "many in Bcc": (
        replace(GOOD, recipients=Recipients(bcc=MANY.to), known={x.address for x in MANY.to}),
        None,
    ),
    "sent": (
        after(DeliveryState.SENT),
        (GateKind.ALREADY_SENT, ASK, GateFix.SHOW_DELIVERY),
    ),
    "sent, in other capitals": (
        after(DeliveryState.SENT, MailAddress("ANN@Harbor.Example")),
        (GateKind.ALREADY_SENT, ASK, GateFix.SHOW_DELIVERY),
    ),
    "sent to somebody else": (after(DeliveryState.SENT, MailAddress("bob@harbor.example")), None),
    "handed over": (
        after(DeliveryState.HANDED_OVER, channel=SendChannel.EML),
        (GateKind.ALREADY_SENT, ASK, GateFix.SHOW_DELIVERY),
    ),
    "maybe sent": (
        after(DeliveryState.MAYBE_SENT),
        (GateKind.MAYBE_SENT, ASK, GateFix.SHOW_DELIVERY),
    ),
    "waiting": (after(DeliveryState.WAITING), (GateKind.WAITING, ASK, GateFix.SHOW_DELIVERY)),
    "sending": (after(DeliveryState.SENDING), (GateKind.WAITING, ASK, GateFix.SHOW_DELIVERY)),
    "came back": (after(DeliveryState.RETURNED), (GateKind.RETURNED, ASK, GateFix.SHOW_DELIVERY)),
    "failed before": (after(DeliveryState.FAILED), None),
    "undone before": (after(DeliveryState.UNDONE), None),
    "sent to whom nobody can read": (
        after(DeliveryState.SENT, content=None),
        (GateKind.ALREADY_SENT, ASK, GateFix.SHOW_DELIVERY),
    ),
    "texted to whom nobody can read": (
        after(DeliveryState.HANDED_OVER, content=None, channel=SendChannel.SMS),
        None,
    ),
} | {
    f"message: {warning}": (
        replace(GOOD, warnings=(warning,)),
        (GateKind.MESSAGE_WARNING, ASK, GateFix.EDIT_TEMPLATE),
    )
    for warning in MessageWarning
}


@pytest.mark.parametrize("name", ONE_THING)
def test_one_thing_is_wrong_and_has_one_way_out(name):
    facts, expected = ONE_THING[name]
    items = gate(facts)
    found = [(item.kind, item.level, item.fix) for item in items]
    assert found == ([] if expected is None else [expected])
    assert is_blocked(items) is (expected is not None and expected[1] is BLOCK)
    for item in items:
        assert item.sentence.endswith((".", "?"))
        assert "{" not in item.sentence


def test_every_kind_and_every_fix_is_tested_and_has_a_text():
    wanted = [expected for _facts, expected in ONE_THING.values() if expected]
    assert {kind for kind, _level, _fix in wanted} == set(GateKind)
    assert {fix for _kind, _level, fix in wanted} - {None} == set(GateFix)
    assert all(fix.button_text for fix in GateFix)


@pytest.mark.parametrize(
    ("state", "result", "kind"),
    [
        (DeliveryState.PARTLY_SENT, RecipientState.ACCEPTED, GateKind.ALREADY_SENT),
        (DeliveryState.PARTLY_SENT, RecipientState.DEFERRED, GateKind.WAITING),
        (DeliveryState.PARTLY_SENT, RecipientState.RETURNED, GateKind.RETURNED),
        (DeliveryState.PARTLY_SENT, RecipientState.REFUSED, None),
        (DeliveryState.MAYBE_SENT, RecipientState.ACCEPTED, GateKind.ALREADY_SENT),
        (DeliveryState.MAYBE_SENT, RecipientState.UNKNOWN, GateKind.MAYBE_SENT),
        (DeliveryState.MAYBE_SENT, RecipientState.WAITING, GateKind.MAYBE_SENT),
        (DeliveryState.MAYBE_SENT, RecipientState.REFUSED, None),
        (DeliveryState.RETURNED, RecipientState.RETURNED, GateKind.RETURNED),
        (DeliveryState.RETURNED, RecipientState.ACCEPTED, GateKind.ALREADY_SENT),
        (DeliveryState.SENT, RecipientState.UNKNOWN, GateKind.ALREADY_SENT),
        (DeliveryState.FAILED, RecipientState.REFUSED, None),
    ],
)
def test_each_recipient_of_a_message_counts_for_itself(state, result, kind):
    content = DeliveryContent(TO_ANN, (RecipientResult(ANN.address.upper(), result),))
    due_at = NOW if result is RecipientState.DEFERRED else None
    items = gate(after(state, content=content, due_at=due_at))
    assert [item.kind for item in items] == ([] if kind is None else [kind])


def test_the_newest_delivery_is_shown_and_several_kinds_are_all_named():
    earlier = (
        delivered(DeliveryState.SENT, delivery_id="d1"),
        delivered(DeliveryState.MAYBE_SENT, delivery_id="d2"),
        delivered(DeliveryState.SENT, delivery_id="d3"),
    )
    items = gate(replace(GOOD, earlier=earlier))
    assert [(item.kind, item.about) for item in items] == [
        (GateKind.MAYBE_SENT, "d2"),
        (GateKind.ALREADY_SENT, "d3"),
    ]
    assert items[1].sentence == "This link was sent to ann@harbor.example already."


def test_what_blocks_comes_first():
    facts = replace(
        with_portal(previewed_at=None), has_sender=False, recipients=Recipients(), known=()
    )
    assert [item.kind for item in gate(facts)] == [
        GateKind.NO_SENDER,
        GateKind.NO_RECIPIENT,
        GateKind.NEVER_PREVIEWED,
    ]


@pytest.mark.parametrize("channel", [each for each in SendChannel if each is not SendChannel.SMTP])
def test_other_ways_need_no_sender_and_no_recipient(channel):
    facts = replace(GOOD, channel=channel, recipients=Recipients(), has_sender=False)
    assert gate(facts) == ()


@pytest.mark.parametrize("channel", [SendChannel.EML, SendChannel.MAILTO])
def test_the_list_counts_for_the_mail_program_too(channel):
    assert is_blocked(gate(replace(GOOD, channel=channel, do_not_send=FORBIDDEN)))


def test_sentences_name_reason_people_and_time():
    facts = replace(
        with_portal(expires_at=NOW + timedelta(hours=5, minutes=59)), do_not_send=FORBIDDEN
    )
    assert [item.sentence for item in gate(facts)] == [
        "ann@harbor.example is on the do-not-send list: Asked us not to write.",
        "The link ends in 5 hours.",
    ]
    (item,) = gate(with_portal(expires_at=NOW + timedelta(minutes=59)))
    assert item.sentence == "The link ends within the hour."
    (item,) = gate(
        with_portal(preview_verdict=CheckLevel.PROBLEM, preview_concerns=("It is empty.", "b"))
    )
    assert item.sentence == "The last preview found a problem. It is empty."
    (item,) = gate(replace(GOOD, recipients=Recipients(MANY.to[:5]), known=()))
    assert item.sentence == (
        "guest0@harbor.example, guest1@harbor.example, guest2@harbor.example and 2 others were "
        "never used for this customer."
    )
    (item,) = gate(with_text("ann@, bob@, eve@"))
    assert item.sentence == "“ann@” has nothing after the @. There are 2 more like this."


def test_a_domain_on_the_list_counts_for_all_below_it():
    assert FORBIDDEN.entry_of("x@mail.MILL.example").reason == "Contract ended."
    assert FORBIDDEN.entry_of("x@mill.example").target == "mill.example"
    assert FORBIDDEN.entry_of("x@windmill.example") is None
    assert FORBIDDEN.entry_of("bob@harbor.example") is None


def test_an_override_records_the_reason_and_what_was_said():
    items = gate(replace(with_portal(previewed_at=None), known=()))
    assert override_text(items, "  She called,\nand wrote it down. ") == (
        "She called, and wrote it down.\n"
        "– Nobody has looked at this portal yet.\n"
        "– ann@harbor.example was never used for this customer."
    )
    assert "ann" not in repr(items)


def test_several_portals_have_one_line_for_each_kind():
    def facts(portal_id: str, **changes) -> GateFacts:
        return replace(GOOD, portal=replace(GOOD_PORTAL, portal_id=portal_id, **changes))

    groups = gate_many(
        [
            facts("p1", previewed_at=None),
            facts("p2", previewed_at=None, expires_at=NOW + timedelta(hours=2)),
            facts("p3", revoked_at=NOW),
            facts("p4"),
            replace(facts("p5"), warnings=(MessageWarning.NO_EXPIRY,)),
            replace(facts("p6"), warnings=(MessageWarning.NO_EXPIRY, MessageWarning.NO_LINK)),
        ]
    )
    assert [(each.sentence, each.level, each.portal_ids) for each in groups] == [
        ("The link is revoked. It opens nothing.", BLOCK, ("p3",)),
        ("Nobody has looked at 2 portals yet.", ASK, ("p1", "p2")),
        ("The message doesn’t say when the link expires.", ASK, ("p5", "p6")),
        ("The link ends in 2 hours.", ASK, ("p2",)),
        ("The message has no link.", ASK, ("p6",)),
    ]
    assert [each.fix for each in groups[:2]] == [GateFix.RENEW, GateFix.PREVIEW]
    assert gate_many([GOOD]) == ()


@pytest.mark.parametrize("name", [name for name, (_facts, found) in ONE_THING.items() if found])
def test_each_kind_has_a_sentence_for_several_portals(name):
    facts, (kind, level, fix) = ONE_THING[name]
    portals = (replace(facts.portal, portal_id=portal_id) for portal_id in ("p1", "p2"))
    (group,) = gate_many(replace(facts, portal=portal) for portal in portals)
    assert (group.kind, group.level, group.fix) == (kind, level, fix)
    assert group.portal_ids == ("p1", "p2")
    assert "{" not in group.sentence
