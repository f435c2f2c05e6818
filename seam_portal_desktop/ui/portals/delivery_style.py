"""How the newest sending of a portal's link looks: icon, word, tone, and to whom it went."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from seam_portal_desktop.domain.message.delivery import DeliveryState
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portals.status_style import StatusStyle
from seam_portal_desktop.ui.toolkit.form_parts import isolate, one_line
from seam_portal_desktop.ui.toolkit.theme import Tone

_STYLES: Mapping[DeliveryState, StatusStyle] = MappingProxyType(
    {
        DeliveryState.WAITING: StatusStyle("hourglass", _("Waiting"), Tone.INFO),
        DeliveryState.SENDING: StatusStyle("hourglass", _("Sending"), Tone.INFO),
        DeliveryState.PARTLY_SENT: StatusStyle("triangle-alert", _("Not to all"), Tone.WARNING),
        DeliveryState.MAYBE_SENT: StatusStyle("circle-help", _("Not certain"), Tone.VIOLET),
        DeliveryState.FAILED: StatusStyle("circle-x", _("Not sent"), Tone.DANGER),
        DeliveryState.HANDED_OVER: StatusStyle("send", _("Handed over"), Tone.NEUTRAL),
        DeliveryState.RETURNED: StatusStyle("circle-x", _("Came back"), Tone.DANGER),
    }
)
_SETTLED: Mapping[DeliveryState, StatusStyle] = MappingProxyType(
    {
        DeliveryState.SENT: StatusStyle("circle-check", _("Sent"), Tone.SUCCESS),
        DeliveryState.UNDONE: StatusStyle("undo-2", _("Undone"), Tone.NEUTRAL),
    }
)
_SENTENCES: Mapping[DeliveryState, str] = MappingProxyType(
    {
        DeliveryState.WAITING: _("The message waits in the outbox."),
        DeliveryState.SENDING: _("The message is being sent."),
        DeliveryState.PARTLY_SENT: _("The message didn’t reach every recipient."),
        DeliveryState.MAYBE_SENT: _("The message may have been sent. Nobody knows for certain."),
        DeliveryState.FAILED: _("The message could not be sent."),
        DeliveryState.HANDED_OVER: _(
            "Another program has the message. It may or may not have sent it."
        ),
        DeliveryState.RETURNED: _("The message came back as undeliverable."),
    }
)


def delivery_style(portal: PortalRecord) -> StatusStyle | None:
    """None if nothing is to be said beside when the link was sent."""
    state = portal.delivery_state
    if state is None or (state is DeliveryState.HANDED_OVER and portal.sent is not None):
        return None
    return _STYLES.get(state)


def state_style(state: DeliveryState) -> StatusStyle:
    """How a delivery in a list of them looks."""
    return _STYLES.get(state) or _SETTLED[state]


def delivery_lines(portal: PortalRecord) -> list[str]:
    """Sentences about the newest sending and its recipients; empty without any."""
    lines = []
    if delivery_style(portal) is not None and portal.delivery_state is not None:
        lines.append(_SENTENCES[portal.delivery_state])
    recipients = recipients_text(portal)
    if recipients:
        lines.append(_("To: {recipients}").format(recipients=recipients))
    return lines


def recipients_text(portal: PortalRecord) -> str:
    """'ann@example.com and 2 more'; empty without any that can be decrypted."""
    if not portal.delivered_to:
        return ""
    first, more = isolate(one_line(portal.delivered_to[0])), len(portal.delivered_to) - 1
    if not more:
        return first
    return ngettext("{first} and {count} more", "{first} and {count} more", more).format(
        first=first, count=more
    )
