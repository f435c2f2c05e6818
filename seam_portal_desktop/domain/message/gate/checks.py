"""Collects what is wrong with sending the link of one portal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from seam_portal_desktop.domain.message.address import NOBODY, MailAddress, Recipients
from seam_portal_desktop.domain.message.delivery import Delivery, SendChannel
from seam_portal_desktop.domain.message.do_not_send import NOTHING_FORBIDDEN, DoNotSendList
from seam_portal_desktop.domain.message.gate.earlier import earlier_items
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem, GateKind, GateLevel
from seam_portal_desktop.domain.message.recipients.addresses import address_key
from seam_portal_desktop.domain.message.recipients.problems import (
    RecipientProblem,
    RecipientProblemKind,
)
from seam_portal_desktop.domain.message.template import MessageWarning
from seam_portal_desktop.domain.portal.record import (
    Outcome,
    PortalKind,
    PortalRecord,
    PortalStatus,
)
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.texts import _, ngettext

_MOST_VISIBLE = 5
"""More people in To and Cc than these rarely know each other."""

_MOST_NAMED = 3
_HOUR = timedelta(hours=1)

MAIL_CHANNELS = frozenset({SendChannel.SMTP, SendChannel.EML, SendChannel.MAILTO})
"""The channels that have recipients' fields."""


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that the gate looks at.

    `problems` are those of the three recipients' fields. `known` are the keys (`address_key`) of
    the addresses that were used for this customer before. `earlier` are the deliveries of this
    portal. `channel_note` says why the policy forbids the channel, `sender_problem` why sending
    with the sender pauses; both are empty if nothing is wrong.
    """

    portal: PortalRecord
    now: datetime
    channel: SendChannel = SendChannel.SMTP
    recipients: Recipients = field(default=NOBODY, repr=False)
    problems: tuple[RecipientProblem, ...] = field(default=(), repr=False)
    known: Collection[str] = field(default=frozenset(), repr=False)
    do_not_send: DoNotSendList = field(default=NOTHING_FORBIDDEN, repr=False)
    warnings: tuple[MessageWarning, ...] = ()
    earlier: Sequence[Delivery] = field(default=(), repr=False)
    has_sender: bool = True
    sender_problem: str = field(default="", repr=False)
    channel_note: str = ""


def gate(facts: GateFacts) -> tuple[GateItem, ...]:
    """What is wrong, first what blocks; empty if all is well."""
    items = [*_link_items(facts.portal, facts.now)]
    if not items:
        items += _preview_items(facts)
    items += _way_items(facts)
    if facts.channel in MAIL_CHANNELS:
        items += _recipient_items(facts)
    items += earlier_items(facts.earlier, facts.recipients, facts.channel)
    items += map(_warning_item, facts.warnings)
    return tuple(sorted(items, key=lambda item: item.level is not GateLevel.BLOCK))


def _link_items(portal: PortalRecord, now: datetime) -> Iterator[GateItem]:
    """At most one: without a link that works, nothing else about it matters."""
    found = _link_problem(portal, now)
    if found is not None:
        kind, sentence, fix = found
        yield GateItem(kind, GateLevel.BLOCK, sentence, fix, portal.preview_of or portal.portal_id)


def _link_problem(
    portal: PortalRecord, now: datetime
) -> tuple[GateKind, str, GateFix | None] | None:
    if portal.kind is PortalKind.SAFE_PREVIEW:
        return (
            GateKind.SAFE_PREVIEW,
            _("This is the read-only link of a preview. It is never sent."),
            GateFix.SHOW_PORTAL,
        )
    if portal.outcome is not Outcome.CREATED:
        return _outcome_problem(portal.outcome)
    status = portal.status(now)
    if status is PortalStatus.REVOKED:
        return GateKind.REVOKED, _("The link is revoked. It opens nothing."), GateFix.RENEW
    if status is PortalStatus.EXPIRED:
        return GateKind.EXPIRED, _("The link has expired. It opens nothing."), GateFix.RENEW
    if not portal.has_readable_url:
        return (
            GateKind.UNREADABLE,
            _("The program can’t read its copy of this link, so it can’t send it."),
            GateFix.RENEW,
        )
    return None


def _outcome_problem(outcome: Outcome) -> tuple[GateKind, str, GateFix | None]:
    match outcome:
        case Outcome.UNKNOWN:
            return (
                GateKind.OUTCOME_UNKNOWN,
                _("It isn’t known whether Seam created this link."),
                GateFix.CHECK_OUTCOME,
            )
        case Outcome.DAMAGED:
            return (
                GateKind.DAMAGED,
                _("This entry of the ledger is damaged, so nothing is done with its link."),
                GateFix.CREATE_AGAIN,
            )
        case Outcome.REQUESTED:
            return GateKind.NOT_CREATED, _("Seam hasn’t answered yet."), None
        case _:
            return (
                GateKind.NOT_CREATED,
                _("Seam didn’t create this link."),
                GateFix.CREATE_AGAIN,
            )


def _preview_items(facts: GateFacts) -> Iterator[GateItem]:
    portal = facts.portal
    if portal.status(facts.now) is PortalStatus.EXPIRING and portal.expires_at is not None:
        hours = max(0, (portal.expires_at - facts.now) // _HOUR)
        sentence = ngettext(
            "The link ends in {hours} hour.", "The link ends in {hours} hours.", hours
        ).format(hours=hours)
        if not hours:
            sentence = _("The link ends within the hour.")
        yield GateItem(GateKind.ENDS_SOON, GateLevel.ASK, sentence, GateFix.RENEW)
    if portal.previewed_at is None:
        yield GateItem(
            GateKind.NEVER_PREVIEWED,
            GateLevel.ASK,
            _("Nobody has looked at this portal yet."),
            GateFix.PREVIEW,
        )
    elif portal.preview_verdict in (CheckLevel.PROBLEM, CheckLevel.WARNING):
        is_problem = portal.preview_verdict is CheckLevel.PROBLEM
        concern = next(iter(portal.preview_concerns), "")
        sentence = (
            _("The last preview found a problem. {concern}")
            if is_problem
            else _("The last preview found something doubtful. {concern}")
        )
        yield GateItem(
            GateKind.PREVIEW_FAILED if is_problem else GateKind.PREVIEW_WARNED,
            GateLevel.ASK,
            sentence.format(concern=concern).strip(),
            GateFix.PREVIEW_AGAIN,
        )


def _way_items(facts: GateFacts) -> Iterator[GateItem]:
    if facts.channel_note:
        yield GateItem(
            GateKind.CHANNEL_FORBIDDEN,
            GateLevel.BLOCK,
            facts.channel_note,
            GateFix.OTHER_CHANNEL,
        )
    elif facts.channel is SendChannel.SMTP and not facts.has_sender:
        yield GateItem(
            GateKind.NO_SENDER,
            GateLevel.BLOCK,
            _("There is no sender for this workspace yet."),
            GateFix.ADD_SENDER,
        )
    elif facts.channel is SendChannel.SMTP and facts.sender_problem:
        yield GateItem(
            GateKind.SENDER_PAUSED,
            GateLevel.BLOCK,
            facts.sender_problem,
            GateFix.RESUME_SENDER,
        )


def _recipient_items(facts: GateFacts) -> Iterator[GateItem]:
    everyone = facts.recipients.everyone
    errors = [each for each in facts.problems if each.kind.is_error]
    if not everyone and not errors and facts.channel is SendChannel.SMTP:
        yield _recipients(
            GateKind.NO_RECIPIENT, GateLevel.BLOCK, _("There is no recipient yet."), ()
        )
    forbidden = [each for each in errors if each.kind is RecipientProblemKind.NOT_ALLOWED]
    yield from _problem_item(
        GateKind.RECIPIENT_ERROR,
        GateLevel.BLOCK,
        [each for each in errors if each not in forbidden],
    )
    yield from _problem_item(GateKind.NOT_ALLOWED, GateLevel.BLOCK, forbidden)
    for mail in everyone:
        entry = facts.do_not_send.entry_of(mail.address)
        if entry is not None:
            yield _recipients(
                GateKind.DO_NOT_SEND,
                GateLevel.BLOCK,
                _("{address} is on the do-not-send list: {reason}").format(
                    address=mail.address, reason=entry.reason
                ),
                (mail,),
            )
    if everyone and facts.do_not_send.unreadable:
        yield GateItem(
            GateKind.LIST_UNREADABLE,
            GateLevel.ASK,
            ngettext(
                "{count} entry of the do-not-send list can’t be read now, and may forbid this.",
                "{count} entries of the do-not-send list can’t be read now, and may forbid this.",
                facts.do_not_send.unreadable,
            ).format(count=facts.do_not_send.unreadable),
            GateFix.SHOW_LIST,
        )
    yield from _problem_item(
        GateKind.RECIPIENT_QUESTION,
        GateLevel.ASK,
        [each for each in facts.problems if each.kind.is_question],
    )
    yield from _new_item(
        [each for each in everyone if address_key(each.address) not in facts.known]
    )
    visible = (*facts.recipients.to, *facts.recipients.cc)
    if len(visible) > _MOST_VISIBLE:
        yield GateItem(
            GateKind.MANY_VISIBLE,
            GateLevel.ASK,
            _("{count} recipients in To and Cc see each other’s addresses.").format(
                count=len(visible)
            ),
            GateFix.USE_BCC,
        )


def _problem_item(
    kind: GateKind, level: GateLevel, problems: Sequence[RecipientProblem]
) -> Iterator[GateItem]:
    if not problems:
        return
    sentence = problems[0].sentence
    if len(problems) > 1:
        more = len(problems) - 1
        sentence = ngettext(
            "{sentence} There is {count} more like this.",
            "{sentence} There are {count} more like this.",
            more,
        ).format(sentence=sentence, count=more)
    about = ", ".join(each.address for each in problems if each.address)
    yield GateItem(kind, level, sentence, GateFix.EDIT_RECIPIENTS, about)


def _new_item(new: Sequence[MailAddress]) -> Iterator[GateItem]:
    if not new:
        return
    shown = ", ".join(each.address for each in new[:_MOST_NAMED])
    count = len(new)
    sentence = ngettext(
        "{addresses} was never used for this customer.",
        "{addresses} were never used for this customer.",
        count,
    )
    if count > _MOST_NAMED:
        count -= _MOST_NAMED
        sentence = ngettext(
            "{addresses} and {count} other were never used for this customer.",
            "{addresses} and {count} others were never used for this customer.",
            count,
        )
    yield _recipients(
        GateKind.NEW_RECIPIENT,
        GateLevel.ASK,
        sentence.format(addresses=shown, count=count),
        new,
    )


def _recipients(
    kind: GateKind, level: GateLevel, sentence: str, mails: Sequence[MailAddress]
) -> GateItem:
    about = ", ".join(each.address for each in mails)
    return GateItem(kind, level, sentence, GateFix.EDIT_RECIPIENTS, about)


def _warning_item(warning: MessageWarning) -> GateItem:
    return GateItem(
        GateKind.MESSAGE_WARNING, GateLevel.ASK, WARNINGS[warning], GateFix.EDIT_TEMPLATE
    )


WARNINGS = {
    MessageWarning.NO_LINK: _("The message has no link."),
    MessageWarning.NO_EXPIRY: _("The message doesn’t say when the link expires."),
    MessageWarning.LINK_IN_SUBJECT: _(
        "The subject has a web address in it, which mail filters distrust."
    ),
    MessageWarning.LINK_NOT_ALONE: _(
        "The template has signs or words beside the link. The link was moved to its own line."
    ),
    MessageWarning.TOO_LARGE: _("The message is so large that Gmail cuts off its end."),
    MessageWarning.REMOTE_IMAGE: _(
        "The template has a picture from the internet, which was left out."
    ),
}
