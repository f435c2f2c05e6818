"""What became of a message, in words for the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.texts import _

DELIVERY_EVENTS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.SEND_ASKED: _("Waiting to be sent"),
        EventKind.SENT_ANYWAY: _("Sent in spite of warnings"),
        EventKind.SEND_FAILED: _("Not sent"),
        EventKind.MAYBE_SENT: _("May have been sent"),
        EventKind.SEND_UNDONE: _("Sending was undone"),
        EventKind.HANDED_OVER: _("Handed over to another program"),
        EventKind.RETURNED: _("Came back as undeliverable"),
    }
)
_WITH_RECIPIENTS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.SEND_ASKED: _("Waiting to be sent to {recipients}"),
        EventKind.SEND_FAILED: _("Not sent to {recipients}"),
        EventKind.MAYBE_SENT: _("May have been sent to {recipients}"),
        EventKind.SEND_UNDONE: _("Sending to {recipients} was undone"),
        EventKind.RETURNED: _("Came back from {recipients} as undeliverable"),
    }
)
_SENT: Mapping[SendChannel, str] = MappingProxyType(
    {
        SendChannel.SMTP: _("Sent by email"),
        SendChannel.EML: _("Sent with the mail program"),
        SendChannel.MAILTO: _("Sent with the mail program"),
        SendChannel.SMS: _("Sent by SMS"),
        SendChannel.MAIL_MERGE: _("Sent by mail merge"),
    }
)
_SENT_TO: Mapping[SendChannel, str] = MappingProxyType(
    {
        SendChannel.SMTP: _("Sent by email to {recipients}"),
        SendChannel.EML: _("Sent with the mail program to {recipients}"),
        SendChannel.MAILTO: _("Sent with the mail program to {recipients}"),
        SendChannel.SMS: _("Sent by SMS to {recipients}"),
        SendChannel.MAIL_MERGE: _("Sent by mail merge to {recipients}"),
    }
)
_HANDED_OVER: Mapping[SendChannel, str] = MappingProxyType(
    {
        SendChannel.EML: _("Handed over to the mail program"),
        SendChannel.MAILTO: _("Handed over to the mail program"),
        SendChannel.SMS: _("Handed over to the program for SMS"),
        SendChannel.COPY_TEXT: _("Message copied as text"),
        SendChannel.COPY_HTML: _("Message copied with its layout"),
        SendChannel.COPY_MARKDOWN: _("Message copied as Markdown"),
        SendChannel.QR_CODE: _("QR code made"),
        SendChannel.IFRAME: _("Snippet for a web page copied"),
        SendChannel.MAIL_MERGE: _("Written into a file for mail merge"),
    }
)
_REACHED = frozenset({RecipientState.ACCEPTED})
_FAILED = frozenset({RecipientState.REFUSED, RecipientState.DEFERRED})
_BACK = frozenset({RecipientState.RETURNED})


def delivery_text(event: PortalEvent, delivery: Delivery | None) -> str:
    """What `event` says. Without `delivery`, or without its content, it names no recipient."""
    content = None if delivery is None else delivery.content
    words = _with_recipients(event, content)
    template = event.detail.get("template")
    if template and event.kind in (EventKind.SENT, EventKind.HANDED_OVER):
        words = _("{words}, with the template “{template}” (version {version})").format(
            words=words, template=template, version=event.detail.get("template_version", "")
        )
    if content is None:
        return words
    if event.kind is EventKind.SENT:
        return _with_answer(words, content)
    if event.kind in (EventKind.SEND_FAILED, EventKind.MAYBE_SENT, EventKind.SEND_ASKED):
        return _with_problem(words, content)
    return words


def _with_recipients(event: PortalEvent, content: DeliveryContent | None) -> str:
    channel = _CHANNELS.get(event.detail.get("send_channel", ""))
    if event.kind is EventKind.HANDED_OVER:
        words = _HANDED_OVER.get(channel) if channel else None
        return words or DELIVERY_EVENTS[event.kind]
    everyone = () if content is None else content.recipients.everyone
    addresses = [each.address for each in everyone]
    if content is not None and event.kind in (EventKind.SENT, EventKind.RETURNED):
        wanted = _BACK if event.kind is EventKind.RETURNED else _REACHED | _BACK
        addresses = _addresses(content, wanted) or addresses
    recipients = ", ".join(addresses)
    if event.kind is EventKind.SENT:
        words = (_SENT_TO if recipients else _SENT).get(channel) if channel else None
        return (words or _("Sent another way")).format(recipients=recipients)
    if recipients and event.kind in _WITH_RECIPIENTS:
        return _WITH_RECIPIENTS[event.kind].format(recipients=recipients)
    return DELIVERY_EVENTS[event.kind]


def _with_answer(words: str, content: DeliveryContent) -> str:
    left = ", ".join(_addresses(content, _FAILED))
    if left:
        words = _("{words}. Not reached: {addresses}").format(words=words, addresses=left)
    if not content.answer:
        return words
    return _("{words}. The mail server answered: {answer}").format(
        words=words, answer=content.answer
    )


def _with_problem(words: str, content: DeliveryContent) -> str:
    if content.problem:
        words = f"{words}: {content.problem}"
    answers = [each.answer for each in content.results if each.state in _FAILED and each.answer]
    answer = content.answer or (answers[0] if answers else "")
    if not answer:
        return words
    return _("{words} The mail server answered: {answer}").format(words=words, answer=answer)


def _addresses(content: DeliveryContent, states: frozenset[RecipientState]) -> list[str]:
    return [each.address for each in content.results if each.state in states]


_CHANNELS = {each.value: each for each in SendChannel}
