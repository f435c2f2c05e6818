"""What is said about a delivery, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import isolate, one_line

_TRIED_FOR = timedelta(hours=24)
"""The outbox tries nothing that is older."""

CHANNEL_WORDS: Mapping[SendChannel, str] = MappingProxyType(
    {
        SendChannel.SMTP: _("Email"),
        SendChannel.EML: _("Draft for the mail program"),
        SendChannel.MAILTO: _("Mail program"),
        SendChannel.SMS: _("Text message"),
        SendChannel.COPY_TEXT: _("Copied as text"),
        SendChannel.COPY_HTML: _("Copied with its layout"),
        SendChannel.COPY_MARKDOWN: _("Copied as Markdown"),
        SendChannel.QR_CODE: _("QR code"),
        SendChannel.IFRAME: _("Code for a web page"),
        SendChannel.MAIL_MERGE: _("Mail merge"),
    }
)

_RESULT_WORDS: Mapping[RecipientState, str] = MappingProxyType(
    {
        RecipientState.WAITING: _("{address}: waits"),
        RecipientState.ACCEPTED: _("{address}: accepted. {answer}"),
        RecipientState.DEFERRED: _("{address}: asked to wait. {answer}"),
        RecipientState.REFUSED: _("{address}: refused. {answer}"),
        RecipientState.UNKNOWN: _("{address}: not certain. {answer}"),
        RecipientState.RETURNED: _("{address}: came back. {answer}"),
    }
)


class DeliveryAction(StrEnum):
    """What the user can do, in the order of the buttons."""

    UNDO = "undo"
    TRY_NOW = "try_now"
    RESUME = "resume"
    WAS_SENT = "was_sent"
    WAS_NOT_SENT = "was_not_sent"
    TRY_AGAIN = "try_again"
    SEND_AGAIN = "send_again"
    SHOW = "show"

    @property
    def words(self) -> str:
        return _ACTIONS[self]


_ACTIONS: Mapping[DeliveryAction, str] = MappingProxyType(
    {
        DeliveryAction.UNDO: _("Undo"),
        DeliveryAction.TRY_NOW: _("Try now"),
        DeliveryAction.RESUME: _("Resume"),
        DeliveryAction.WAS_SENT: _("It was sent"),
        DeliveryAction.WAS_NOT_SENT: _("It wasn’t sent"),
        DeliveryAction.TRY_AGAIN: _("Try again"),
        DeliveryAction.SEND_AGAIN: _("Send again…"),
        DeliveryAction.SHOW: _("Show the message"),
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class OutboxFacts:
    """What the outbox of this program knows about deliveries, beside the ledger.

    `is_waiting` says of a delivery_id whether it waits here for its next try. `paused` gives the
    reason why nothing of a sender_id is sent, or an empty text.
    """

    is_waiting: Callable[[str], bool] = field(default=lambda _id: False)
    paused: Callable[[str], str] = field(default=lambda _id: "")


def actions_of(delivery: Delivery, now: datetime, outbox: OutboxFacts) -> list[DeliveryAction]:
    actions = []
    state, has_content = delivery.state, delivery.content is not None
    if state is DeliveryState.WAITING or (delivery.is_open and delivery.due_at is not None):
        actions.append(DeliveryAction.UNDO)
        if outbox.paused(delivery.sender_id):
            actions.append(DeliveryAction.RESUME)
        elif outbox.is_waiting(delivery.delivery_id):
            actions.append(DeliveryAction.TRY_NOW)
    if state in (DeliveryState.HANDED_OVER, DeliveryState.MAYBE_SENT):
        actions += [DeliveryAction.WAS_SENT, DeliveryAction.WAS_NOT_SENT]
    was_refused = state in (DeliveryState.FAILED, DeliveryState.PARTLY_SENT)
    can_be_tried = delivery.channel is SendChannel.SMTP and now - delivery.at < _TRIED_FOR
    if was_refused and can_be_tried and has_content and not delivery.is_open:
        actions.append(DeliveryAction.TRY_AGAIN)
    if not delivery.is_open and has_content:
        actions.append(DeliveryAction.SEND_AGAIN)
    actions.append(DeliveryAction.SHOW)
    return actions


def people_lines(delivery: Delivery) -> list[str]:
    """Whom it is for, a line for each of To, Cc and Bcc."""
    content = delivery.content
    if content is None:
        return [_("Its recipients can’t be decrypted now.")]
    lines = (
        (_("To: {recipients}"), content.recipients.to),
        (_("Cc: {recipients}"), content.recipients.cc),
        (_("Bcc: {recipients}"), content.recipients.bcc),
    )
    return [text.format(recipients=_people(mails)) for text, mails in lines if mails]


def detail_lines(delivery: Delivery, outbox: OutboxFacts) -> list[str]:
    """Template, what is wrong, and the server's answers."""
    lines = []
    if delivery.template:
        lines.append(
            _("Template “{template}”, version {version}").format(
                template=one_line(delivery.template), version=delivery.template_version
            )
        )
    content = delivery.content
    if content is None:
        return lines
    paused = outbox.paused(delivery.sender_id) if delivery.is_open else ""
    lines += [sentence for sentence in dict.fromkeys((content.problem, paused)) if sentence]
    if content.answer:
        lines.append(
            _("The mail server answered: {answer}").format(answer=isolate(one_line(content.answer)))
        )
    return [*lines, *_results(content)]


def _results(content: DeliveryContent) -> list[str]:
    """The result for each recipient, unless the line above says all of it."""
    is_plain = len(content.recipients.everyone) == 1 and all(
        each.state is RecipientState.ACCEPTED for each in content.results
    )
    if is_plain:
        return []
    return [
        _RESULT_WORDS[each.state]
        .format(address=isolate(each.address), answer=isolate(one_line(each.answer)))
        .strip()
        for each in content.results
    ]


def _people(mails: tuple[MailAddress, ...]) -> str:
    return ", ".join(
        isolate(one_line(f"{each.name} <{each.address}>" if each.name else each.address))
        for each in mails
    )
