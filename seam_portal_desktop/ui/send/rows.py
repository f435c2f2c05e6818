"""The portals of one Send… sheet: what each is sent to, its message, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.address import NOBODY, Recipients
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.gate.items import (
    GateFix,
    GateItem,
    GateKind,
    GateLevel,
    is_blocked,
    override_text,
)
from seam_portal_desktop.domain.message.gate.many import gate_many
from seam_portal_desktop.domain.message.handover.sms_text import foreign_characters, sms_length
from seam_portal_desktop.domain.message.recipients.parsing import format_recipients
from seam_portal_desktop.domain.message.recipients.problems import RecipientProblem
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import MessageTemplate, RenderedMessage
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.sending.outgoing.handover import text_for
from seam_portal_desktop.services.sending.outgoing.sending import (
    OutgoingMessage,
    SendingChoice,
    SendingFacts,
    SendingService,
)
from seam_portal_desktop.services.sending.recipients import RecipientSource
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.send.channels import COPY_CHANNELS
from seam_portal_desktop.ui.send.customer_table import CustomerRow
from seam_portal_desktop.ui.send.fields import RecipientTexts, SendFields
from seam_portal_desktop.ui.send.message_pane import MessageForm, ShownMessage
from seam_portal_desktop.ui.toolkit.form_parts import number
from seam_portal_desktop.ui.toolkit.theme import Tone

_MAIL = frozenset({SendChannel.SMTP, SendChannel.EML, SendChannel.MAILTO})

_SHOWN_CHARACTERS = 20


@dataclass(eq=False, repr=False)
class SendRow:
    """One portal. `items` are what is wrong with it, of its own."""

    portal: PortalRecord
    facts: SendingFacts | None = None
    texts: RecipientTexts = field(default_factory=RecipientTexts)
    recipients: Recipients = NOBODY
    problems: tuple[RecipientProblem, ...] = ()
    template: MessageTemplate | None = None
    rendered: RenderedMessage | None = None
    url: Secret | None = None
    qr_code: bytes = b""
    error: UserFacingError | None = None
    items: tuple[GateItem, ...] = ()

    @property
    def is_written(self) -> bool:
        return self.rendered is not None or self.error is not None

    @property
    def is_ready(self) -> bool:
        """Whether its message can be sent, perhaps with a reason."""
        return self.rendered is not None and self.facts is not None and not is_blocked(self.items)

    @property
    def problems_shown(self) -> frozenset[tuple[GateKind, str]]:
        """What is wrong, without the hours and other numbers of its words."""
        return frozenset((item.kind, item.about) for item in self.items)

    def forget_message(self) -> None:
        """It has to be written again."""
        self.rendered = self.error = None

    def change(self, portal: PortalRecord, facts: SendingFacts) -> None:
        """The portal is another one now. A message that names what changed is forgotten."""
        before, self.portal, self.facts = self.portal, portal, facts
        named = (portal.expires_at, portal.customer_name)
        if self.error is not None or named != (before.expires_at, before.customer_name):
            self.forget_message()

    def outgoing(self, sender: SenderIdentity | None, reason: str) -> OutgoingMessage | None:
        """What is sent; None without a message."""
        if self.rendered is None or self.template is None:
            return None
        override = ""
        if self.items:
            override = override_text(self.items, reason or _("Confirmed when it was sent."))
        return OutgoingMessage(
            self.portal, self.rendered, self.template, sender, self.recipients, override
        )

    def has(self, item: GateItem) -> bool:
        return any(each.kind is item.kind for each in self.items)

    def take_texts(self, kept: RecipientTexts | None, sending: SendingService) -> None:
        """Use what was entered before, else the recipients that are offered."""
        if self.facts is None:
            return
        self.texts = kept or RecipientTexts(to=_offered(self.facts), phone=_phone(self.facts))
        lines = (self.texts.to, self.texts.cc, self.texts.bcc)
        parsed = [sending.parse(text, self.facts) for text in lines]
        self.recipients = Recipients(*(each.addresses for each in parsed))
        self.problems = tuple(problem for each in parsed for problem in each.problems)

    def line(self) -> CustomerRow:
        """The row of the table."""
        customer = self.portal.customer_name or self.portal.customer_key
        people = format_recipients(self.recipients.everyone)
        icon, tone, state, hover = self._state()
        return CustomerRow(customer, people or "–", icon, tone, state, hover)

    def _state(self) -> tuple[str, Tone, str, str]:
        hover = "\n".join(item.sentence for item in self.items)
        if self.error is not None:
            return "circle-x", Tone.DANGER, _("No message"), str(self.error)
        if self.facts is None or self.rendered is None:
            return "hourglass", Tone.INFO, _("Writing…"), ""
        if any(item.kind is GateKind.NO_RECIPIENT for item in self.items):
            return "user-plus", Tone.INFO, _("Needs a recipient"), hover
        if is_blocked(self.items):
            return "circle-x", Tone.DANGER, _("Blocked"), hover
        if self.items:
            return "triangle-alert", Tone.WARNING, _("Check it"), hover
        return "circle-check", Tone.SUCCESS, _("Ready"), ""


@dataclass(frozen=True, slots=True, repr=False)
class SheetEntries:
    """What was entered in a sheet, for when it is opened again. `texts` are by portal_id."""

    channel: SendChannel
    sender_id: str
    template_id: str
    reason: str
    texts: Mapping[str, RecipientTexts] = field(default_factory=dict)


def gate_of(
    rows: Sequence[SendRow],
    choice_of: Callable[[SendRow], SendingChoice],
    sending: SendingService,
) -> tuple[GateItem, ...]:
    """What is wrong with the rows, after each row has its own items."""
    for row in rows:
        if row.facts is not None:
            choice = choice_of(row)
            row.items = (
                *_wrong_numbers(choice),
                *sending.check(row.facts, choice, row.rendered),
            )
    if len(rows) == 1:
        return rows[0].items
    blocked = [row for row in rows if is_blocked(row.items)]
    others = [row for row in rows if not is_blocked(row.items)]
    return (*_grouped(blocked, choice_of, sending), *_grouped(others, choice_of, sending))


def _wrong_numbers(choice: SendingChoice) -> Iterator[GateItem]:
    """The gate looks at addresses only."""
    if choice.channel is SendChannel.SMS:
        for problem in choice.problems[:1]:
            yield GateItem(
                GateKind.RECIPIENT_ERROR,
                GateLevel.BLOCK,
                problem.sentence,
                GateFix.EDIT_RECIPIENTS,
                problem.address,
            )


def _grouped(
    rows: Sequence[SendRow],
    choice_of: Callable[[SendRow], SendingChoice],
    sending: SendingService,
) -> Iterator[GateItem]:
    """One item a kind. Of rows that aren't sent, only what blocks them."""
    groups = gate_many(
        sending.gate_facts(row.facts, choice_of(row), row.rendered)
        for row in rows
        if row.facts is not None
    )
    for group in groups:
        item = GateItem(group.kind, group.level, group.sentence, group.fix, group.portal_ids[0])
        if is_blocked([item]) or not any(is_blocked(row.items) for row in rows):
            yield item


def shown_message(row: SendRow, fields: SendFields) -> ShownMessage | None:
    """What the pane shows of the row's message for the chosen channel; None if it isn't written."""
    rendered, url, recipients = row.rendered, row.url, row.recipients
    if rendered is None or url is None:
        return None
    chosen, sender = fields.chosen_channel, fields.identity
    has_subject = chosen in _MAIL or chosen is SendChannel.COPY_HTML
    shows_sender = chosen in (SendChannel.SMTP, SendChannel.EML) and sender is not None
    return ShownMessage(
        rendered if has_subject else replace(rendered, subject="", html=""),
        format_recipients([sender.mail]) if shows_sender and sender is not None else "",
        format_recipients(recipients.to) if chosen in _MAIL else "",
        tuple(_forms(chosen, rendered, url)),
        row.qr_code if chosen is SendChannel.QR_CODE else b"",
        _parts(text_for(chosen, rendered, url)) if chosen is SendChannel.SMS else "",
    )


def _parts(text: str) -> str:
    """How many text messages it is, which the sender pays for, and what makes them more."""
    length = sms_length(text)
    said = ngettext(
        "Sent as 1 text message; {left} more characters fit.",
        "Sent as {count} text messages; {left} more characters fit.",
        length.parts,
    ).format(count=number(length.parts), left=number(length.characters_left))
    dear = foreign_characters(text)[:_SHOWN_CHARACTERS]
    if length.parts == 1 or not dear:
        return said
    return said + " " + _("These characters make it more: {characters}").format(characters=dear)


def _forms(
    channel: SendChannel, rendered: RenderedMessage, url: Secret
) -> Iterator[tuple[MessageForm, str]]:
    """The forms of the message that the channel can carry, the best first."""
    with_html = channel in (SendChannel.SMTP, SendChannel.EML, SendChannel.COPY_HTML)
    if with_html and rendered.html:
        yield MessageForm.HTML, ""
    yield MessageForm.TEXT, text_for(channel, rendered, url)
    if channel is SendChannel.COPY_HTML:
        markdown = COPY_CHANNELS[MessageForm.MARKDOWN]
        yield MessageForm.MARKDOWN, text_for(markdown, rendered, url)


def _offered(facts: SendingFacts) -> str:
    """The recipient that is filled in: the one that was used last, or the request's only person.

    One that another program named is offered, but never filled in.
    """
    if not facts.suggestions:
        return ""
    best = facts.suggestions[0]
    if best.source is RecipientSource.OUTSIDE:
        return ""
    if best.source is RecipientSource.USED or len(facts.suggestions) == 1:
        return format_recipients([best.mail])
    return ""


def _phone(facts: SendingFacts) -> str:
    return format_recipients(facts.phones) if len(facts.phones) == 1 else ""
