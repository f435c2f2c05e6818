"""The cards of a portal's messages: what they say, and what they offer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from seam_portal_desktop.domain.message.delivery import (
    DeliveryState,
    RecipientResult,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.ui.portal.deliveries.delivery_list import DeliveryList
from seam_portal_desktop.ui.portal.deliveries.words import (
    DeliveryAction,
    OutboxFacts,
    actions_of,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.deliveries import content, delivery
from tests.support.ledger_data import NOW

HERE = OutboxFacts(lambda _id: True)
PAUSED = OutboxFacts(lambda _id: False, lambda _id: "The password is wrong.")
A = DeliveryAction


@pytest.fixture
def messages(theme, qtbot):
    messages = DeliveryList(Icons(theme))
    qtbot.addWidget(messages)
    messages.resize(500, 400)
    messages.show()
    return messages


def texts(messages) -> str:
    found = (label.text() for label in messages.findChildren(QLabel) if label.isVisible())
    return "\n".join(found).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("state", "outbox", "actions"),
    [
        (DeliveryState.WAITING, HERE, [A.UNDO, A.TRY_NOW, A.SHOW]),
        (DeliveryState.WAITING, PAUSED, [A.UNDO, A.RESUME, A.SHOW]),
        (DeliveryState.WAITING, OutboxFacts(), [A.UNDO, A.SHOW]),
        (DeliveryState.SENDING, HERE, [A.SHOW]),
        (DeliveryState.SENT, HERE, [A.SEND_AGAIN, A.SHOW]),
        (DeliveryState.HANDED_OVER, HERE, [A.WAS_SENT, A.WAS_NOT_SENT, A.SEND_AGAIN, A.SHOW]),
        (DeliveryState.MAYBE_SENT, HERE, [A.WAS_SENT, A.WAS_NOT_SENT, A.SEND_AGAIN, A.SHOW]),
        (DeliveryState.FAILED, HERE, [A.TRY_AGAIN, A.SEND_AGAIN, A.SHOW]),
        (DeliveryState.RETURNED, HERE, [A.SEND_AGAIN, A.SHOW]),
        (DeliveryState.UNDONE, HERE, [A.SEND_AGAIN, A.SHOW]),
    ],
)
def test_what_each_state_offers(state, outbox, actions):
    due_at = NOW if state is DeliveryState.WAITING else None
    assert actions_of(delivery(state=state, due_at=due_at), NOW, outbox) == actions


def test_nothing_is_tried_again_that_the_outbox_would_give_up():
    failed = delivery(state=DeliveryState.FAILED, due_at=None)
    assert A.TRY_AGAIN not in actions_of(failed, NOW + timedelta(hours=24), HERE)
    handed_over = replace(failed, channel=SendChannel.EML)
    assert A.TRY_AGAIN not in actions_of(handed_over, NOW, HERE)


def test_a_card_names_recipients_template_answer_and_operator(messages):
    results = (
        RecipientResult("ann@example.com", RecipientState.ACCEPTED, "250 OK"),
        RecipientResult("bo@example.com", RecipientState.REFUSED, "550 5.1.1 No such user"),
    )
    sent = content(
        "ann@example.com",
        "bo@example.com",
        results=results,
        answer="250 queued as 42",
        problem="The mail server refused some of the recipients.",
    )
    partly = delivery(state=DeliveryState.PARTLY_SENT, due_at=None, content=sent)
    messages.set_deliveries([partly], NOW + timedelta(hours=2), HERE)
    shown = texts(messages)
    for part in (
        "Not to all · Email",
        "To: ann@example.com, bo@example.com",
        "Template “Welcome”, version 2",
        "The mail server refused some of the recipients.",
        "The mail server answered: 250 queued as 42",
        "bo@example.com: refused. 550 5.1.1 No such user",
        "2 h ago, ada",
    ):
        assert part in shown


def test_the_newest_is_first_and_the_focus_stays_with_its_message(messages):
    first = delivery("d1", state=DeliveryState.MAYBE_SENT, due_at=None)
    second = delivery("d2", state=DeliveryState.SENT, due_at=None, at=NOW + timedelta(minutes=5))
    messages.set_deliveries([first, second], NOW, HERE)
    assert [card.delivery.delivery_id for card in messages._cards] == ["d2", "d1"]
    messages.activateWindow()
    messages._cards[1].buttons[A.WAS_SENT].setFocus()
    settled = replace(first, state=DeliveryState.SENT)
    messages.set_deliveries([settled, second], NOW, HERE)
    assert [each.isVisible() for each in messages._cards] == [True, True]
    assert messages._cards[1].has_focus


def test_a_press_says_what_and_which(messages):
    asked = []
    messages.requested.connect(lambda action, each: asked.append((action, each.delivery_id)))
    messages.set_deliveries([delivery(state=DeliveryState.SENT, due_at=None)], NOW, HERE)
    messages._cards[0].buttons[A.SEND_AGAIN].click()
    assert asked == [(A.SEND_AGAIN, "d1")]


def test_a_message_without_its_key_says_so(messages):
    unreadable = delivery(state=DeliveryState.SENT, due_at=None, content=None)
    messages.set_deliveries([unreadable], NOW, HERE)
    assert "Its recipients can’t be decrypted now." in texts(messages)
    assert list(messages._cards[0].buttons) == [A.SHOW]


def test_addresses_are_never_read_as_markup(messages):
    hostile = delivery(
        state=DeliveryState.SENT, due_at=None, content=content("<b>x</b>@example.com")
    )
    messages.set_deliveries([hostile], NOW, HERE)
    assert "To: <b>x</b>@example.com" in texts(messages)


def test_the_tab_key_goes_through_the_buttons_in_reading_order(messages):
    first = delivery("d1", state=DeliveryState.SENT, due_at=None)
    second = delivery("d2", state=DeliveryState.MAYBE_SENT, due_at=None)
    messages.set_deliveries([first], NOW, HERE)
    messages.set_deliveries([first, second], NOW, HERE)
    expected = [button for card in messages._cards for button in card.buttons.values()]
    order = [expected[0]]
    while len(order) < len(expected):
        following = order[-1].nextInFocusChain()
        while following not in expected:
            following = following.nextInFocusChain()
        order.append(following)
    assert order == expected
