"""A returned mail, which the user gives as a file, and the delivery that it is about."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.bounce import (
    LARGEST_BOUNCE,
    Bounce,
    BouncedAddress,
    read_bounce,
)
from seam_portal_desktop.domain.message.delivery import Delivery
from seam_portal_desktop.domain.message.ports import DeliveryStore
from seam_portal_desktop.domain.message.recipients.addresses import address_key
from seam_portal_desktop.domain.ports import ReadFile
from seam_portal_desktop.services.sending.outbox import Outbox
from seam_portal_desktop.texts import _

_MOST_IDS = 20


class UnknownMailError(UserFacingError):
    """A mail came back that this ledger doesn't know, or it doesn't say for whom."""


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """`delivery` is as the ledger has it now.

    If `is_permanent` is False, the mail server goes on trying, and nothing was recorded.
    """

    delivery: Delivery
    recipients: tuple[BouncedAddress, ...]
    is_permanent: bool


class ReturnedMailService:
    def __init__(self, deliveries: DeliveryStore, outbox: Outbox, read_file: ReadFile) -> None:
        self._deliveries = deliveries
        self._outbox = outbox
        self._read_file = read_file

    async def record_file(self, path: Path) -> ReturnedMail:
        """As `record` does. Raises UserFacingError if the file can't be read."""
        return await self.record(await self._read_file(path, LARGEST_BOUNCE))

    async def record(self, content: bytes) -> ReturnedMail:
        """Find the delivery of a returned mail and record whom it didn't reach.

        `content` is a file of at most LARGEST_BOUNCE. Raises NotABounceError, UnknownMailError and
        LedgerError.
        """
        bounce = await asyncio.to_thread(read_bounce, content)
        delivery = await self._delivery_of(bounce)
        if not bounce.is_permanent:
            return ReturnedMail(delivery, bounce.recipients, is_permanent=False)
        recipients = _known_recipients(bounce, delivery)
        for each in recipients:
            answer = f"{each.status} {each.reason}".strip()
            back = await self._outbox.returned(delivery.message_id, each.address, answer)
            delivery = back or delivery
        return ReturnedMail(delivery, tuple(recipients), is_permanent=True)

    async def _delivery_of(self, bounce: Bounce) -> Delivery:
        for message_id in bounce.message_ids[:_MOST_IDS]:
            delivery = await self._deliveries.delivery_of_message(message_id)
            if delivery is not None:
                return delivery
        raise UnknownMailError(
            _("This returned mail belongs to none of your links"),
            _(
                "The program recognises the mails that it sent itself. Another program may have "
                "sent this one, or its link was deleted."
            ),
        )


def _known_recipients(bounce: Bounce, delivery: Delivery) -> Sequence[BouncedAddress]:
    """Those of the delivery, written as there. Whom a mailbox forwards to isn't one of them."""
    if delivery.content is None:
        return bounce.recipients
    everyone = delivery.content.recipients.everyone
    known = {address_key(each.address): each.address for each in everyone}
    found = [
        BouncedAddress(known[address_key(each.address)], each.status, each.reason)
        for each in bounce.recipients
        if address_key(each.address) in known
    ]
    if not found and len(everyone) == 1:
        why = bounce.recipients[0] if bounce.recipients else BouncedAddress("")
        found = [BouncedAddress(everyone[0].address, why.status, why.reason)]
    if not found:
        raise UnknownMailError(
            _("This returned mail doesn’t say whom it didn’t reach"),
            _("The message had several recipients. Read the mail, and write to the right one."),
        )
    return found
