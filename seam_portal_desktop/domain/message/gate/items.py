"""What a gate says: kinds, levels, and the one way to put each right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.texts import _


class GateLevel(StrEnum):
    """BLOCK: nothing is sent. ASK: the user may send all the same, with a reason."""

    BLOCK = "block"
    ASK = "ask"


class GateKind(StrEnum):
    """What is wrong. The values are stored with an override."""

    SAFE_PREVIEW = "safe_preview"
    NOT_CREATED = "not_created"
    OUTCOME_UNKNOWN = "outcome_unknown"
    DAMAGED = "damaged"
    REVOKED = "revoked"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    CHANNEL_FORBIDDEN = "channel_forbidden"
    NO_SENDER = "no_sender"
    SENDER_PAUSED = "sender_paused"
    NO_RECIPIENT = "no_recipient"
    RECIPIENT_ERROR = "recipient_error"
    NOT_ALLOWED = "not_allowed"
    DO_NOT_SEND = "do_not_send"
    LIST_UNREADABLE = "list_unreadable"
    ENDS_SOON = "ends_soon"
    NEVER_PREVIEWED = "never_previewed"
    PREVIEW_FAILED = "preview_failed"
    PREVIEW_WARNED = "preview_warned"
    MAYBE_SENT = "maybe_sent"
    WAITING = "waiting"
    ALREADY_SENT = "already_sent"
    RETURNED = "returned"
    RECIPIENT_QUESTION = "recipient_question"
    NEW_RECIPIENT = "new_recipient"
    MANY_VISIBLE = "many_visible"
    MESSAGE_WARNING = "message_warning"


class GateFix(StrEnum):
    """The one way to put something right."""

    PREVIEW = "preview"
    PREVIEW_AGAIN = "preview_again"
    RENEW = "renew"
    CREATE_AGAIN = "create_again"
    CHECK_OUTCOME = "check_outcome"
    SHOW_PORTAL = "show_portal"
    EDIT_RECIPIENTS = "edit_recipients"
    USE_BCC = "use_bcc"
    EDIT_TEMPLATE = "edit_template"
    ADD_SENDER = "add_sender"
    RESUME_SENDER = "resume_sender"
    SHOW_DELIVERY = "show_delivery"
    OTHER_CHANNEL = "other_channel"
    SHOW_LIST = "show_list"

    @property
    def button_text(self) -> str:
        return _BUTTONS[self]


_BUTTONS = {
    GateFix.PREVIEW: _("Preview"),
    GateFix.PREVIEW_AGAIN: _("Preview again"),
    GateFix.RENEW: _("Renew…"),
    GateFix.CREATE_AGAIN: _("Create again…"),
    GateFix.CHECK_OUTCOME: _("Find out"),
    GateFix.SHOW_PORTAL: _("Show the portal"),
    GateFix.EDIT_RECIPIENTS: _("Change recipients"),
    GateFix.USE_BCC: _("Move to Bcc"),
    GateFix.EDIT_TEMPLATE: _("Edit the template…"),
    GateFix.ADD_SENDER: _("Add a sender…"),
    GateFix.RESUME_SENDER: _("Go on with this sender"),
    GateFix.SHOW_DELIVERY: _("Show what was sent"),
    GateFix.OTHER_CHANNEL: _("Choose another way"),
    GateFix.SHOW_LIST: _("Show the list…"),
}


@dataclass(frozen=True, slots=True, repr=False)
class GateItem:
    """One thing that is wrong. `fix` is None if only time helps.

    `about` is what `fix` is for: a delivery_id, a portal_id, a template_id, or the addresses with
    commas.
    """

    kind: GateKind
    level: GateLevel
    sentence: str
    fix: GateFix | None = None
    about: str = ""

    def __repr__(self) -> str:
        return f"GateItem({self.kind.value}, {self.level.value})"


def is_blocked(items: Iterable[GateItem]) -> bool:
    return any(item.level is GateLevel.BLOCK for item in items)


def override_text(items: Iterable[GateItem], reason: str) -> str:
    """What is recorded when the user sends in spite of `items`: the reason, then what was said."""
    return "\n".join((" ".join(reason.split()), *(f"– {item.sentence}" for item in items)))
