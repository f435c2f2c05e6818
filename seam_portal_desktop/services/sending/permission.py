"""What must not be sent: by the organisation's policy, and by the do-not-send list."""

from __future__ import annotations

from collections.abc import Iterable

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.address import NOBODY, Recipients
from seam_portal_desktop.domain.message.delivery import Delivery, SendChannel
from seam_portal_desktop.domain.message.do_not_send import DoNotSendList
from seam_portal_desktop.domain.message.recipients.addresses import check_address
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.portal.record import Channel
from seam_portal_desktop.services.sending.do_not_send import DoNotSendService
from seam_portal_desktop.texts import _


class SendingForbiddenError(UserFacingError):
    """The policy or the do-not-send list forbids it. Nothing was sent."""


class SendingPermission:
    """Asked before a message is queued or handed over, and again when a waiting one is due."""

    def __init__(self, policy: Policy, do_not_send: DoNotSendService) -> None:
        self._policy = policy
        self._do_not_send = do_not_send

    async def check(self, deliveries: Iterable[Delivery]) -> None:
        """Raises SendingForbiddenError for the first that is forbidden, and LedgerError."""
        lists: dict[str, DoNotSendList] = {}
        for each in deliveries:
            if each.workspace_id not in lists:
                lists[each.workspace_id] = await self._do_not_send.read(each.workspace_id)
            recipients = each.content.recipients if each.content is not None else NOBODY
            self._refuse(lists[each.workspace_id], each.channel, recipients)

    async def check_test(self, sender: SenderIdentity) -> None:
        """Whether a test may go to the sender itself. Raises as `check` does."""
        listed = await self._do_not_send.read(sender.workspace_id)
        self._refuse(listed, SendChannel.SMTP, Recipients(to=(sender.mail,)))

    async def obstacle(self, delivery: Delivery) -> str:
        """Why a delivery that waited must not leave now; empty if it may.

        The list is at most a minute old. Raises LedgerError.
        """
        if delivery.content is None:
            return ""
        listed = await self._do_not_send.read_lately(delivery.workspace_id)
        return self._obstacle(listed, delivery.channel, delivery.content.open_recipients)

    def _refuse(self, listed: DoNotSendList, channel: SendChannel, recipients: Recipients) -> None:
        sentence = self._obstacle(listed, channel, [each.address for each in recipients.everyone])
        if sentence:
            raise SendingForbiddenError(_("This must not be sent"), sentence)

    def _obstacle(
        self, listed: DoNotSendList, channel: SendChannel, addresses: Iterable[str]
    ) -> str:
        note = self._policy.channel_note(channel)
        if note:
            return note
        if channel.reaches_by is not Channel.EMAIL:
            return ""  # recipients are phone numbers, or nobody
        rules = self._policy.recipient_rules
        for address in addresses:
            entry = listed.entry_of(address)
            if entry is not None:
                return _("{address} is on the do-not-send list: {reason}").format(
                    address=address, reason=entry.reason
                )
            if rules.allowed is not None:
                findings = check_address(address, rules).findings
                forbidden = next((each for each in findings if each.kind.is_error), None)
                if forbidden is not None:
                    return forbidden.sentence
        return ""
