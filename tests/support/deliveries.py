"""Deliveries, senders and a mail transport for tests. The addresses belong to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    RecipientResult,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.message.ports import Envelope, TransportAnswer
from seam_portal_desktop.domain.message.sender import MailAccount, Pace, SenderIdentity
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.sending.do_not_send import DoNotSendService
from seam_portal_desktop.services.sending.permission import SendingPermission
from tests.support.ledger_data import NOW, WORKSPACE

SENDER = SenderIdentity(
    "desk",
    WORKSPACE,
    MailAddress("desk@example.com", "Harbor desk"),
    MailAccount("smtp.example.com", 587, pace=Pace(connections=3)),
)
MESSAGE = b"Subject: Your link\r\n\r\nhttps://portal.example/portals/0?token=seam_cst_fake\r\n"


def content(*to: str, **fields) -> DeliveryContent:
    addresses = tuple(map(MailAddress, to or ("ann@example.com",)))
    return DeliveryContent(
        **{
            "recipients": Recipients(to=addresses),
            "subject": "Your link",
            "message": MESSAGE,
            **fields,
        }
    )


def delivery(delivery_id: str = "d1", portal_id: str = "p1", *to: str, **fields) -> Delivery:
    """A WAITING delivery; `fields` replace its values."""
    return Delivery(
        **{
            "delivery_id": delivery_id,
            "portal_id": portal_id,
            "workspace_id": WORKSPACE,
            "channel": SendChannel.SMTP,
            "state": DeliveryState.WAITING,
            "at": NOW,
            "by": "ada",
            "sender_id": SENDER.sender_id,
            "template": "Welcome",
            "template_version": 2,
            "message_id": f"<{delivery_id}@example.com>",
            "due_at": NOW,
            "content": content(*to),
            **fields,
        }
    )


def without_message(delivery: Delivery) -> Delivery:
    """The delivery as the ledger lists it."""
    assert delivery.content is not None
    return replace(delivery, content=replace(delivery.content, message=b""))


async def sender_of(_sender_id: str) -> tuple[SenderIdentity, Secret | None]:
    return SENDER, Secret("not a real password")


def permission_of(ledger: Ledger, policy: Policy = UNMANAGED) -> SendingPermission:
    """By the policy and the ledger's do-not-send lists."""
    listed = DoNotSendService(ledger, lambda: NOW, "ada", rules=policy.recipient_rules)
    return SendingPermission(policy, listed)


Behaviour = Callable[[Envelope, Callable[[], Awaitable[None]]], Awaitable[TransportAnswer]]


async def takes_all(
    envelope: Envelope, before_body: Callable[[], Awaitable[None]]
) -> TransportAnswer:
    await before_body()
    results = (RecipientResult(each, RecipientState.ACCEPTED) for each in envelope.recipients)
    return TransportAnswer(tuple(results), "250 queued")


@dataclass
class ScriptedTransport:
    """A MailTransport. `script` has what happens at the next tries, then `usual`.

    `received` are the envelopes whose body left; `most` is how many tries there were at once.
    """

    usual: Behaviour = takes_all
    script: list[Behaviour | Exception] = field(default_factory=list)
    tries: list[Envelope] = field(default_factory=list)
    received: list[Envelope] = field(default_factory=list)
    running: int = 0
    most: int = 0

    async def send(
        self,
        account: MailAccount,
        secret: Secret | None,
        envelope: Envelope,
        *,
        before_body: Callable[[], Awaitable[None]],
    ) -> TransportAnswer:
        self.tries.append(envelope)
        self.running += 1
        self.most = max(self.most, self.running)

        async def on_body() -> None:
            await before_body()
            self.received.append(envelope)

        try:
            await asyncio.sleep(0)
            behaviour = self.script.pop(0) if self.script else self.usual
            if isinstance(behaviour, Exception):
                raise behaviour
            return await behaviour(envelope, on_body)
        finally:
            self.running -= 1

    async def test(self, account: MailAccount, secret: Secret | None) -> None:
        raise AssertionError

    async def aclose(self) -> None:
        pass
