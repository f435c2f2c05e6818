"""What was sent to whom: the deliveries of a portal's link."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from seam_portal_desktop.domain.message.address import NOBODY, Recipients
from seam_portal_desktop.domain.portal.record import Channel


class SendChannel(StrEnum):
    """The ways in which the program brings a link to its customer. The values are stored."""

    SMTP = "smtp"
    EML = "eml"
    MAILTO = "mailto"
    SMS = "sms"
    COPY_TEXT = "copy_text"
    COPY_HTML = "copy_html"
    COPY_MARKDOWN = "copy_markdown"
    QR_CODE = "qr_code"
    IFRAME = "iframe"
    MAIL_MERGE = "mail_merge"

    @property
    def reaches_by(self) -> Channel:
        """How the customer gets it."""
        if self in (SendChannel.SMTP, SendChannel.EML, SendChannel.MAILTO, SendChannel.MAIL_MERGE):
            return Channel.EMAIL
        return Channel.SMS if self is SendChannel.SMS else Channel.OTHER


class DeliveryState(StrEnum):
    """The values are stored.

    WAITING: in the outbox, nothing has left; it is tried at ``due_at``. SENDING: the server may
    have the message from now on. SENT: the server took it for every recipient, or the user said
    that it was sent. PARTLY_SENT: for some, and not, or not yet, for the others. MAYBE_SENT: nobody
    knows; it is never repeated by itself. FAILED: it reached nobody, and isn't tried again.
    HANDED_OVER: another program has it, which may or may not have sent it. UNDONE: the user took it
    back before anything left. RETURNED: it was sent and came back.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    PARTLY_SENT = "partly_sent"
    MAYBE_SENT = "maybe_sent"
    FAILED = "failed"
    HANDED_OVER = "handed_over"
    UNDONE = "undone"
    RETURNED = "returned"


class RecipientState(StrEnum):
    """The values are stored. DEFERRED: refused for now, and tried again. UNKNOWN: the server's
    answer was lost."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    RETURNED = "returned"


_TO_TRY = frozenset({RecipientState.WAITING, RecipientState.DEFERRED})
_TAKEN = frozenset({RecipientState.ACCEPTED, RecipientState.RETURNED})


@dataclass(frozen=True, slots=True, repr=False)
class RecipientResult:
    """What became of a message for one address. `answer` is the server's own line, or empty."""

    address: str
    state: RecipientState = RecipientState.WAITING
    answer: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryContent:
    """What of a delivery is encrypted at rest. None of it is in the repr.

    `message` is the finished MIME message without Bcc, as it goes over the wire (CRLF), or what
    was handed over; the ledger gives it only when it is asked for it. `problem` says why it isn't
    sent yet or at all, in words. `override_reason` is why the user sent it in spite of warnings.
    """

    recipients: Recipients = field(default=NOBODY, repr=False)
    results: tuple[RecipientResult, ...] = field(default=(), repr=False)
    subject: str = field(default="", repr=False)
    message: bytes = field(default=b"", repr=False)
    answer: str = field(default="", repr=False)
    problem: str = field(default="", repr=False)
    override_reason: str = field(default="", repr=False)

    @property
    def reached(self) -> int:
        """How many recipients the mail server has taken the message for."""
        return sum(each.state in _TAKEN for each in self.results)

    @property
    def open_recipients(self) -> tuple[str, ...]:
        """The addresses that the next try is for: those that no earlier try has settled."""
        settled = {each.address for each in self.results if each.state not in _TO_TRY}
        return tuple(
            each.address for each in self.recipients.everyone if each.address not in settled
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sending of one portal's link. Times are aware, in UTC.

    `at` is when the user asked for it, `finished_at` when its state became final. `due_at` is the
    next try of a WAITING one, or of a PARTLY_SENT one for those that it hasn't reached; None:
    there is none. `message_id` is the header's value. `sender_id` names the sender identity, or is
    empty for channels without one. `template` is a name. `content` is None if it can't be decrypted
    now.
    """

    delivery_id: str
    portal_id: str
    workspace_id: str
    channel: SendChannel
    state: DeliveryState
    at: datetime
    by: str
    sender_id: str = ""
    template: str = ""
    template_version: int = 0
    message_id: str = ""
    attempts: int = 0
    due_at: datetime | None = None
    finished_at: datetime | None = None
    content: DeliveryContent | None = None

    @property
    def is_open(self) -> bool:
        """Whether the outbox has still something to do for it."""
        return self.state in (DeliveryState.WAITING, DeliveryState.SENDING) or (
            self.state is DeliveryState.PARTLY_SENT and self.due_at is not None
        )
