"""Sends the links of portals: what is known before, what is wrong, and the finished messages."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.address import NOBODY, MailAddress, Recipients
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    SendChannel,
)
from seam_portal_desktop.domain.message.do_not_send import NOTHING_FORBIDDEN, DoNotSendList
from seam_portal_desktop.domain.message.gate.checks import GateFacts, gate
from seam_portal_desktop.domain.message.gate.items import GateItem
from seam_portal_desktop.domain.message.mime.writing import build_message, new_message_id
from seam_portal_desktop.domain.message.ports import Envelope, MailTransport
from seam_portal_desktop.domain.message.qr_code import qr_image, with_qr_code
from seam_portal_desktop.domain.message.qr_page import QrPage, qr_page
from seam_portal_desktop.domain.message.recipients.addresses import address_key
from seam_portal_desktop.domain.message.recipients.parsing import parse_recipients
from seam_portal_desktop.domain.message.recipients.problems import (
    ParsedRecipients,
    RecipientProblem,
)
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import MessageTemplate, RenderedMessage
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import Ledger, WriteFile
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portal.records import PortalService
from seam_portal_desktop.services.sending.composer import Composer
from seam_portal_desktop.services.sending.do_not_send import DoNotSendService
from seam_portal_desktop.services.sending.outbox import Outbox
from seam_portal_desktop.services.sending.outgoing.handover import HandedOver, hand_over
from seam_portal_desktop.services.sending.permission import SendingPermission
from seam_portal_desktop.services.sending.recipients import (
    KnownRecipients,
    RecipientService,
    SuggestedRecipient,
)
from seam_portal_desktop.services.sending.senders import SenderService
from seam_portal_desktop.services.sending.templates import TemplateService
from seam_portal_desktop.texts import _


@dataclass(frozen=True, slots=True)
class SendingFacts:
    """What is known about a portal before its link is sent.

    `suggestions` are the addresses that are offered, the best first, and `phones` phone numbers.
    `earlier` are its deliveries, the oldest first. `template` is the one for the portal's language.
    """

    portal: PortalRecord
    template: MessageTemplate
    suggestions: Sequence[SuggestedRecipient] = field(default=(), repr=False)
    phones: Sequence[MailAddress] = field(default=(), repr=False)
    known: KnownRecipients = field(default_factory=KnownRecipients)
    earlier: Sequence[Delivery] = field(default=(), repr=False)
    do_not_send: DoNotSendList = NOTHING_FORBIDDEN


@dataclass(frozen=True, slots=True)
class SendingChoice:
    """How the user wants to send a link, and to whom. `problems` are those of the recipients."""

    channel: SendChannel
    sender: SenderIdentity | None = None
    recipients: Recipients = NOBODY
    problems: tuple[RecipientProblem, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What the user has looked at, and what is sent exactly so.

    `override` is what is recorded when it is sent in spite of warnings. Without a `sender` it can
    only be handed over.
    """

    portal: PortalRecord
    rendered: RenderedMessage
    template: MessageTemplate
    sender: SenderIdentity | None = None
    recipients: Recipients = NOBODY
    override: str = field(default="", repr=False)


class SendingService:
    """One way from a portal to a message that is sent, for the sheet and for reminders.

    Methods raise UserFacingError and nothing else.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        *,
        portals: PortalService,
        composer: Composer,
        templates: TemplateService,
        senders: SenderService,
        recipients: RecipientService,
        do_not_send: DoNotSendService,
        permission: SendingPermission,
        outbox: Outbox,
        transport: MailTransport,
        write_file: WriteFile,
        os_user: str,
        policy: Policy,
    ) -> None:
        self._ledger = ledger
        self._portals = portals
        self._composer = composer
        self._recipients = recipients
        self._transport = transport
        self._clock = clock
        self._os_user = os_user
        self._write_file = write_file
        self._policy = policy
        self._permission = permission
        self.do_not_send = do_not_send
        self.templates = templates
        self.senders = senders
        self.outbox = outbox

    async def facts_of(self, portal: PortalRecord) -> SendingFacts:
        locale = await self._composer.locale_of(portal)
        return SendingFacts(
            portal,
            await self.templates.for_locale(portal.workspace_id, locale),
            await self._recipients.suggestions(portal),
            [
                MailAddress(each.number, each.name)
                for each in await self._recipients.phone_suggestions(portal)
            ],
            await self._recipients.known(portal),
            await self._ledger.deliveries.deliveries_of(portal.portal_id),
            await self.do_not_send.read(portal.workspace_id),
        )

    async def look_again(self, known: Sequence[SendingFacts]) -> list[SendingFacts]:
        """The same, with what another program or the time may have changed since."""
        workspaces = {each.portal.workspace_id for each in known}
        lists = {each: await self.do_not_send.read(each) for each in workspaces}
        return [
            replace(
                each,
                portal=await self._ledger.get(each.portal.portal_id),
                earlier=await self._ledger.deliveries.deliveries_of(each.portal.portal_id),
                do_not_send=lists[each.portal.workspace_id],
            )
            for each in known
        ]

    def parse(self, text: str, facts: SendingFacts | None = None) -> ParsedRecipients:
        """The recipients in a field's text, by the policy's rules."""
        domains = facts.known.domains if facts is not None else ()
        return parse_recipients(text, self._policy.recipient_rules, domains)

    def channel_note(self, channel: SendChannel) -> str:
        """Why the policy forbids the channel; empty if it doesn't."""
        return self._policy.channel_note(channel)

    def check(
        self,
        facts: SendingFacts,
        choice: SendingChoice,
        rendered: RenderedMessage | None,
    ) -> tuple[GateItem, ...]:
        """What is wrong with sending it now."""
        return gate(self.gate_facts(facts, choice, rendered))

    def gate_facts(
        self, facts: SendingFacts, choice: SendingChoice, rendered: RenderedMessage | None
    ) -> GateFacts:
        """What the gate looks at, for `gate_many`."""
        sender = choice.sender
        paused = self.outbox.paused(sender.sender_id) if sender is not None else None
        return GateFacts(
            portal=facts.portal,
            now=self._clock(),
            channel=choice.channel,
            recipients=choice.recipients,
            problems=choice.problems,
            known=facts.known.keys,
            do_not_send=facts.do_not_send,
            warnings=rendered.warnings if rendered is not None else (),
            earlier=facts.earlier,
            has_sender=sender is not None,
            sender_problem=str(paused) if paused is not None else "",
            channel_note=self.channel_note(choice.channel),
        )

    async def compose(
        self,
        portal: PortalRecord,
        template: MessageTemplate,
        sender: SenderIdentity | None,
        *,
        with_qr: bool = False,
    ) -> RenderedMessage:
        """The finished message; `with_qr`: with the link's QR code at the end of its HTML."""
        rendered = await self._composer.compose(portal, template, sender)
        if not with_qr or not rendered.html:
            return rendered
        url = await self.url_of(portal)
        image = await asyncio.to_thread(qr_image, url.reveal(), template.locale)
        return with_qr_code(rendered, image)

    async def url_of(self, portal: PortalRecord) -> Secret:
        return await self._portals.url_of(portal.portal_id)

    async def hand_over(
        self, message: OutgoingMessage, channel: SendChannel, url: Secret
    ) -> tuple[HandedOver, Delivery]:
        """Record that another program gets the message, and return what it gets.

        If it doesn't get it after all, call `take_back`. Raises as `send` does.
        """
        handed_over = await asyncio.to_thread(
            hand_over,
            channel,
            message.rendered,
            url,
            sender=message.sender,
            recipients=message.recipients,
            now=self._clock(),
        )
        content = handed_over.file or handed_over.text.reveal().encode()
        delivery = self._delivery_of(message, channel, content)
        await self.outbox.hand_over(delivery)
        return handed_over, replace(delivery, state=DeliveryState.HANDED_OVER)

    async def qr_page_of(self, portal_id: str) -> QrPage:
        """The page with the portal's QR code, for printers."""
        portal = await self._ledger.get(portal_id)
        sender = self.senders.default(portal.workspace_id)
        return await asyncio.to_thread(qr_page, await self._composer.facts(portal, sender))

    async def save_file(self, path: Path, content: bytes) -> None:
        await self._write_file(path, content)

    async def take_back(self, delivery: Delivery) -> None:
        """The other program didn't get it."""
        await self.outbox.confirm(delivery, was_sent=False)

    async def send(
        self, messages: Sequence[OutgoingMessage], undo_for: timedelta = timedelta()
    ) -> Sequence[Delivery]:
        """Put all of them into the outbox, or none. When it returns, the ledger knows them.

        Raises SendingForbiddenError for what the policy or the do-not-send list forbids.
        """
        deliveries = await asyncio.to_thread(lambda: [self._mail_of(each) for each in messages])
        await self.outbox.send(deliveries, undo_for)
        return deliveries

    async def send_test(self, message: OutgoingMessage) -> MailAddress:
        """Send exactly this message to its sender only. Returns the address."""
        if message.sender is None:
            raise UserFacingError(_("There is no sender."), _("Add one, then send the test."))
        if note := self.channel_note(SendChannel.SMTP):
            raise UserFacingError(_("The test was not sent."), note)
        await self._permission.check_test(message.sender)
        sender, secret = await self.senders.sender_of(message.sender.sender_id)
        to = Recipients(to=(sender.mail,))
        content = await asyncio.to_thread(
            build_message,
            message.rendered,
            sender,
            to,
            message_id=new_message_id(sender),
            date=self._clock(),
        )
        envelope = Envelope(sender.mail.address, (sender.mail.address,), content)
        await self._transport.send(sender.account, secret, envelope, before_body=_nothing)
        return sender.mail

    async def remember(self, portal: PortalRecord, recipients: Recipients) -> None:
        """Offer these recipients next time. Call it when a message has left."""
        await self._recipients.remember(portal, recipients)

    def _mail_of(self, message: OutgoingMessage) -> Delivery:
        sender = message.sender
        if sender is None:
            raise UserFacingError(_("There is no sender."), _("Add one, then send the message."))
        message_id = new_message_id(sender)
        if sender.keep_copy:
            message = replace(message, recipients=_with_copy(message.recipients, sender.mail))
        content = build_message(
            message.rendered,
            sender,
            message.recipients,
            message_id=message_id,
            date=self._clock(),
        )
        delivery = self._delivery_of(message, SendChannel.SMTP, content)
        return replace(delivery, sender_id=sender.sender_id, message_id=message_id)

    def _delivery_of(
        self, message: OutgoingMessage, channel: SendChannel, content: bytes
    ) -> Delivery:
        return Delivery(
            delivery_id=str(uuid.uuid4()),
            portal_id=message.portal.portal_id,
            workspace_id=message.portal.workspace_id,
            channel=channel,
            state=DeliveryState.WAITING,
            at=self._clock(),
            by=self._os_user,
            template=message.template.name,
            template_version=message.template.version,
            content=DeliveryContent(
                recipients=message.recipients,
                subject=message.rendered.subject,
                message=content,
                override_reason=message.override,
            ),
        )


def _with_copy(recipients: Recipients, own: MailAddress) -> Recipients:
    """Also to the sender, which nobody else is told. A rule of the mailbox can file it."""
    keys = {address_key(each.address) for each in recipients.everyone}
    if address_key(own.address) in keys:
        return recipients
    return replace(recipients, bcc=(*recipients.bcc, own))


async def _nothing() -> None:
    """A test isn't in the ledger."""
