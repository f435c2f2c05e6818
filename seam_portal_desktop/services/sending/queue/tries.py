"""What a delivery becomes after a try, and when the next one is. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from seam_portal_desktop.domain.message.answer_words import explain_answer
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    RecipientResult,
    RecipientState,
)
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble, TransportAnswer
from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.texts import _

TRIED_FOR = timedelta(hours=24)
"""How long a message is tried, unless its link ends before."""

_NETWORK_FIRST, _NETWORK_LONGEST = timedelta(seconds=30), timedelta(minutes=15)
_LATER_FIRST, _LATER_LONGEST = timedelta(minutes=5), timedelta(hours=1)
"""Servers that delay unknown senders want a second try after minutes."""

_DOUBLINGS = 10


def network_delay(failures: int) -> timedelta:
    """How long to wait after so many failures of the network in a row, from 1."""
    return _delay(_NETWORK_FIRST, _NETWORK_LONGEST, failures)


def later_delay(attempts: int, retry_after: float | None = None) -> timedelta:
    """How long to wait after so many refusals for now, from 1. `retry_after` is in seconds."""
    if retry_after is not None:
        return timedelta(seconds=max(1.0, retry_after))
    return _delay(_LATER_FIRST, _LATER_LONGEST, attempts)


def _delay(first: timedelta, longest: timedelta, number: int) -> timedelta:
    doublings = min(max(0, number - 1), _DOUBLINGS)
    return min(longest, first * (1 << doublings))


def after_answer(delivery: Delivery, answer: TransportAnswer, now: datetime) -> Delivery:
    """The server answered for each of the recipients that were tried."""
    content = delivery.content or DeliveryContent()
    found = {each.address: each for each in content.results}
    found |= {each.address: each for each in answer.results}
    content = replace(
        content, results=tuple(found.values()), answer=answer.answer, problem="", message=b""
    )
    attempts = delivery.attempts + 1
    tried = replace(delivery, content=content, attempts=attempts)
    if content.open_recipients:
        return postponed(tried, _ASKED_TO_WAIT, now + later_delay(attempts))
    if content.reached == len(content.recipients.everyone):
        return replace(tried, state=DeliveryState.SENT, due_at=None, finished_at=now)
    problem = _SOME_REFUSED if content.reached else _ALL_REFUSED
    reasons = (
        explain_answer(each.answer) or each.answer
        for each in content.results
        if each.state is RecipientState.REFUSED
    )
    return given_up(tried, problem.format(reason=next(reasons, "")).strip(), now)


def after_error(delivery: Delivery, error: MailError, now: datetime, failures: int) -> Delivery:
    """The server certainly doesn't have the message. `failures` of the network in a row."""
    tried = replace(delivery, attempts=delivery.attempts + 1)
    content = tried.content or DeliveryContent()
    tried = replace(tried, content=replace(content, answer=error.answer, message=b""))
    match error.trouble:
        case MailTrouble.MESSAGE:
            return given_up(tried, str(error), now)
        case MailTrouble.LATER:
            return postponed(
                tried, str(error), now + later_delay(tried.attempts, error.retry_after)
            )
        case MailTrouble.NETWORK:
            return postponed(tried, str(error), now + network_delay(failures))
        case MailTrouble.ACCOUNT:
            return postponed(tried, str(error), now)


def postponed(delivery: Delivery, problem: str, due_at: datetime) -> Delivery:
    """It is tried again at `due_at`, for the recipients that are left."""
    content = replace(delivery.content or DeliveryContent(), problem=problem)
    state = DeliveryState.PARTLY_SENT if content.reached else DeliveryState.WAITING
    return replace(delivery, state=state, due_at=due_at, content=content)


def given_up(delivery: Delivery, problem: str, now: datetime) -> Delivery:
    """It isn't tried again by itself."""
    content = delivery.content
    if content is None:
        return replace(delivery, state=DeliveryState.FAILED, due_at=None, finished_at=now)
    state = DeliveryState.PARTLY_SENT if content.reached else DeliveryState.FAILED
    content = replace(content, problem=problem)
    return replace(delivery, state=state, due_at=None, finished_at=now, content=content)


def maybe_sent(delivery: Delivery, problem: str, now: datetime, answer: str = "") -> Delivery:
    """Nobody knows whether it is out."""
    content = delivery.content
    if content is not None:
        open_ones = content.open_recipients
        settled = tuple(each for each in content.results if each.address not in open_ones)
        unknown = tuple(RecipientResult(each, RecipientState.UNKNOWN) for each in open_ones)
        content = replace(
            content, results=settled + unknown, problem=problem, answer=answer, message=b""
        )
    return replace(
        delivery,
        state=DeliveryState.MAYBE_SENT,
        attempts=delivery.attempts + 1,
        due_at=None,
        finished_at=now,
        content=content,
    )


def too_late(delivery: Delivery, portal: PortalRecord, now: datetime) -> str:
    """Why it isn't tried again, in words; empty if it is."""
    status = portal.status(now)
    if status in _DEAD_LINKS:
        return _DEAD_LINKS[status]
    if now - delivery.at < TRIED_FOR:
        return ""
    problem = "" if delivery.content is None else delivery.content.problem
    return _("It could not be sent for 24 hours. {problem}").format(problem=problem).strip()


_DEAD_LINKS = {
    PortalStatus.EXPIRED: _("The link expired before it could be sent. Renew it."),
    PortalStatus.REVOKED: _("The link was revoked before it could be sent."),
    PortalStatus.DAMAGED: _("The portal’s entry in the ledger is damaged."),
    PortalStatus.REQUESTED: _("There is no link to send."),
    PortalStatus.FAILED: _("There is no link to send."),
    PortalStatus.UNKNOWN: _("There is no link to send."),
}
LINK_ENDED = _("The link doesn’t open any more.")
PORTAL_DELETED = _("The portal was deleted before its link could be sent.")
ANSWER_LOST = _(
    "The server got the message, or a part of it, and its answer was lost. Ask the customer before "
    "you send it again."
)
PROGRAM_ENDED = _(
    "The program ended while the message was being sent. Ask the customer before you send it again."
)
_ASKED_TO_WAIT = _("The mail server asks to try again later.")
_ALL_REFUSED = _("The mail server refused every recipient. {reason}")
_SOME_REFUSED = _("The mail server refused some of the recipients. {reason}")
