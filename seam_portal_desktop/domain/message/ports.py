"""The interfaces that sending needs. Adapters and test fakes implement them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryState, RecipientResult
from seam_portal_desktop.domain.message.do_not_send import DoNotSend, DoNotSendList
from seam_portal_desktop.domain.message.sender import MailAccount
from seam_portal_desktop.domain.message.template import (
    MessageFacts,
    MessageTemplate,
    RenderedMessage,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _


class TemplateRenderer(Protocol):
    """Renders templates in a process of its own, with limits of time and memory."""

    async def render(self, template: MessageTemplate, facts: MessageFacts) -> RenderedMessage:
        """Raises TemplateError and nothing else."""

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredTemplates:
    """The shipped templates, one a locale, then the user's own. ``unreadable`` are the names of
    files that are no templates, which are not changed."""

    templates: tuple[MessageTemplate, ...]
    unreadable: tuple[str, ...] = ()


class TemplateStore(Protocol):
    """Templates as files. Methods raise UserFacingError and nothing else."""

    async def load(self) -> StoredTemplates: ...

    async def save(self, template: MessageTemplate) -> None:
        """Write or replace the user's template with this id."""

    async def delete(self, template_id: str) -> None:
        """Delete the user's template. No error if there is none."""

    async def read_file(self, path: Path) -> MessageTemplate:
        """The template in any file, with a new id. It is not saved."""

    async def write_file(self, template: MessageTemplate, path: Path) -> None:
        """Write the template to any file."""


class MailTrouble(StrEnum):
    """Whose trouble a MailError is.

    ACCOUNT: the account's or the server's; every message would fail, so sending pauses until the
    user does something. LATER: the server asks to come back. NETWORK: no connection. MESSAGE: this
    message is refused for everybody.
    """

    ACCOUNT = "account"
    LATER = "later"
    NETWORK = "network"
    MESSAGE = "message"


@dataclass(eq=False)
class MailError(UserFacingError):
    """A message could not be delivered.

    `is_maybe_out` is True if the server may have the message: its body was on the way and no
    answer came. `retry_after` is in seconds, or None if the server named no time. `answer` is the
    server's own line; it may name people and isn't logged.
    """

    trouble: MailTrouble = MailTrouble.NETWORK
    is_maybe_out: bool = False
    retry_after: float | None = None
    answer: str = field(default="", repr=False)

    def details(self) -> str:
        """With the server's line, which only the user sees."""
        if not self.answer:
            return super().details()
        line = _("The server’s answer: {answer}").format(answer=self.answer)
        return f"{super().details()}\n{line}"


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """What a mail server gets. `message` is MIME with CRLF. Addresses are as the user reads them;
    the transport writes them as the server needs them."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes


@dataclass(frozen=True, slots=True, repr=False)
class TransportAnswer:
    """The result for each recipient, and the server's last line."""

    results: tuple[RecipientResult, ...]
    answer: str


class MailTransport(Protocol):
    """Sends by SMTP with the pace of the account. Connections are kept open and reused."""

    async def send(
        self,
        account: MailAccount,
        secret: Secret | None,
        envelope: Envelope,
        *,
        before_body: Callable[[], Awaitable[None]],
    ) -> TransportAnswer:
        """`before_body` is awaited when the server took a recipient, before the message's first
        byte leaves; if it raises, nothing is sent. Raises MailError, or what `before_body` raised.

        No recipient accepted is an answer, not an error, and `before_body` isn't called then.
        """

    async def test(self, account: MailAccount, secret: Secret | None) -> None:
        """Connect and sign in, once. Raises MailError."""

    async def aclose(self) -> None: ...


class DeliveryStore(Protocol):
    """The deliveries in the ledger. Methods raise LedgerError and nothing else, and return when
    the change is durable. Each change is written in one transaction with the event and the record
    of its portal, which is published as after other changes."""

    async def record_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Insert all of them or none. A delivery_id is used once."""

    async def change_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Replace the state, the tries, the times and the content of these rows, but for the
        message. Rows that are undone or gone stay as they are, and SENT ones unless they are
        RETURNED.

        The first recipient that is reached sets the sent state of the portal's record. A change
        to FAILED, MAYBE_SENT, UNDONE or RETURNED adds an event.
        """

    async def mark_sending(self, delivery_ids: Sequence[str]) -> Collection[str]:
        """Set rows that are still to be sent to SENDING, in one commit. Returns their ids.

        Left out are rows that another program or an Undo was faster with, and rows whose link
        doesn't open now.
        """

    async def undo_deliveries(self, delivery_ids: Sequence[str]) -> Collection[str]:
        """Set rows that are WAITING to UNDONE, and don't try the rest of a PARTLY_SENT one again.
        Returns the ids of both."""

    async def deliveries_of(self, portal_id: str) -> Sequence[Delivery]:
        """Oldest first, with their contents, but without the messages."""

    async def deliveries_in(self, states: Collection[DeliveryState]) -> Sequence[Delivery]:
        """Of all workspaces, oldest first, with their contents, but without the messages. Those of
        deleted portals are left out."""

    async def sent_times(self, sender_ids: Collection[str], since: datetime) -> Sequence[datetime]:
        """When these senders sent by SMTP: one time for each recipient that a server took, or may
        have taken."""

    async def delivery_of_message(self, message_id: str) -> Delivery | None:
        """The delivery whose message has this id in its header, or None."""

    async def message_of(self, delivery_id: str) -> bytes:
        """The sealed copy of the message. Raises LinkUnreadableError if there is no key for it."""


class DoNotSendStore(Protocol):
    """The do-not-send lists in the ledger. Methods raise LedgerError and nothing else.

    They wait for the keyring, because a list without some of its entries forbids too little.
    """

    async def read(self, workspace_id: str) -> DoNotSendList: ...

    async def add(self, workspace_id: str, entry: DoNotSend) -> None:
        """Add it, in place of an entry with the same target."""

    async def remove(self, workspace_id: str, target: str) -> None:
        """No error if there is none."""

    async def remove_unreadable(self, workspace_id: str) -> None:
        """Remove the entries that can't be decrypted."""
