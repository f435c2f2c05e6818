"""What is said about earlier deliveries of the same link to the same people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from seam_portal_desktop.domain.message.address import Recipients
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryState,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem, GateKind, GateLevel
from seam_portal_desktop.domain.message.recipients.addresses import address_key
from seam_portal_desktop.texts import _

_KINDS = {
    DeliveryState.WAITING: GateKind.WAITING,
    DeliveryState.SENDING: GateKind.WAITING,
    DeliveryState.MAYBE_SENT: GateKind.MAYBE_SENT,
    DeliveryState.SENT: GateKind.ALREADY_SENT,
    DeliveryState.PARTLY_SENT: GateKind.ALREADY_SENT,
    DeliveryState.HANDED_OVER: GateKind.ALREADY_SENT,
    DeliveryState.RETURNED: GateKind.RETURNED,
}
"""FAILED and UNDONE ones reached nobody."""

_RESULT_KINDS = {
    RecipientState.ACCEPTED: GateKind.ALREADY_SENT,
    RecipientState.UNKNOWN: GateKind.MAYBE_SENT,
    RecipientState.RETURNED: GateKind.RETURNED,
    RecipientState.REFUSED: None,
}

_EACH_FOR_ITSELF = frozenset(
    {DeliveryState.PARTLY_SENT, DeliveryState.MAYBE_SENT, DeliveryState.RETURNED}
)
"""The states in which recipients of one message may differ."""

_ORDER = (GateKind.MAYBE_SENT, GateKind.WAITING, GateKind.ALREADY_SENT, GateKind.RETURNED)


def earlier_items(
    earlier: Sequence[Delivery], recipients: Recipients, channel: SendChannel
) -> Iterator[GateItem]:
    """One item of each kind at most, about the newest delivery. `earlier` are the oldest first."""
    wanted = {address_key(each.address): each.address for each in recipients.everyone}
    found: dict[GateKind, tuple[Delivery, str]] = {}
    for delivery in earlier:
        kind, person = _kind_and_person(delivery, wanted, channel)
        if kind is not None:
            found[kind] = (delivery, person)
    for kind in _ORDER:
        if kind in found:
            delivery, person = found[kind]
            yield GateItem(
                kind,
                GateLevel.ASK,
                _sentence(kind, delivery, person),
                GateFix.SHOW_DELIVERY,
                delivery.delivery_id,
            )


def _kind_and_person(
    delivery: Delivery, wanted: dict[str, str], channel: SendChannel
) -> tuple[GateKind | None, str]:
    kind = _KINDS.get(delivery.state)
    if kind is None:
        return None, ""
    content = delivery.content
    if content is None:  # nobody knows whom it went to
        return (kind, "") if delivery.channel.reaches_by is channel.reaches_by else (None, "")
    results = {address_key(each.address): each.state for each in content.results}
    for mail in content.recipients.everyone:
        key = address_key(mail.address)
        if key not in wanted:
            continue
        own: GateKind | None = kind
        if delivery.state in _EACH_FOR_ITSELF and key in results:
            own = _kind_of_result(delivery, results[key])
        if own is not None:
            return own, wanted[key]
    return None, ""


def _kind_of_result(delivery: Delivery, result: RecipientState) -> GateKind | None:
    if result in _RESULT_KINDS:
        return _RESULT_KINDS[result]
    if delivery.state is DeliveryState.MAYBE_SENT:
        return GateKind.MAYBE_SENT
    return GateKind.WAITING if delivery.is_open else None


def _sentence(kind: GateKind, delivery: Delivery, person: str) -> str:
    who = person or _("an address that can’t be read now")
    return _SENTENCES[kind](delivery).format(who=who)


_SENTENCES: dict[GateKind, Callable[[Delivery], str]] = {
    GateKind.MAYBE_SENT: lambda _delivery: _("This link may have been sent to {who} already."),
    GateKind.WAITING: lambda _delivery: _("This link is on its way to {who} already."),
    GateKind.ALREADY_SENT: lambda delivery: (
        _("This link was handed over for {who} already.")
        if delivery.state is DeliveryState.HANDED_OVER
        else _("This link was sent to {who} already.")
    ),
    GateKind.RETURNED: lambda _delivery: _("An earlier message to {who} came back."),
}
