"""What is wrong with sending the links of several portals: one line for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from seam_portal_desktop.domain.message.gate.checks import GateFacts, gate
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem, GateKind, GateLevel
from seam_portal_desktop.texts import ngettext


@dataclass(frozen=True, slots=True, repr=False)
class GateGroup:
    """Items of one kind. `fix` is the way to put them right, for each of `portal_ids`."""

    kind: GateKind
    level: GateLevel
    sentence: str
    fix: GateFix | None
    portal_ids: tuple[str, ...]


def gate_many(facts: Iterable[GateFacts]) -> tuple[GateGroup, ...]:
    """What is wrong, first what blocks, then what concerns most portals."""
    found: dict[tuple[GateKind, GateFix | None, str], dict[str, GateItem]] = {}
    for each in facts:
        for item in gate(each):
            own = "" if item.kind in _SENTENCES else item.sentence
            group = found.setdefault((item.kind, item.fix, own), {})
            group.setdefault(each.portal.portal_id, item)
    groups = (_group(items) for items in found.values())
    return tuple(
        sorted(groups, key=lambda each: (each.level is not GateLevel.BLOCK, -len(each.portal_ids)))
    )


def _group(items: dict[str, GateItem]) -> GateGroup:
    first, count = next(iter(items.values())), len(items)
    sentence = first.sentence
    if count > 1 and first.kind in _SENTENCES:
        sentence = _SENTENCES[first.kind](count).format(count=count)
    return GateGroup(first.kind, first.level, sentence, first.fix, tuple(items))


# The other kinds have one sentence for all portals.
_SENTENCES: dict[GateKind, Callable[[int], str]] = {
    GateKind.SAFE_PREVIEW: lambda count: ngettext(
        "{count} link is the read-only link of a preview.",
        "{count} links are read-only links of previews.",
        count,
    ),
    GateKind.NOT_CREATED: lambda count: ngettext(
        "{count} portal has no link.", "{count} portals have no link.", count
    ),
    GateKind.OUTCOME_UNKNOWN: lambda count: ngettext(
        "It isn’t known whether Seam created {count} link.",
        "It isn’t known whether Seam created {count} links.",
        count,
    ),
    GateKind.DAMAGED: lambda count: ngettext(
        "{count} entry of the ledger is damaged.",
        "{count} entries of the ledger are damaged.",
        count,
    ),
    GateKind.REVOKED: lambda count: ngettext(
        "{count} link is revoked.", "{count} links are revoked.", count
    ),
    GateKind.EXPIRED: lambda count: ngettext(
        "{count} link has expired.", "{count} links have expired.", count
    ),
    GateKind.UNREADABLE: lambda count: ngettext(
        "The program can’t read its copy of {count} link.",
        "The program can’t read its copies of {count} links.",
        count,
    ),
    GateKind.NO_RECIPIENT: lambda count: ngettext(
        "{count} link has no recipient yet.", "{count} links have no recipient yet.", count
    ),
    GateKind.RECIPIENT_ERROR: lambda count: ngettext(
        "{count} link has a recipient that is no address.",
        "{count} links have a recipient that is no address.",
        count,
    ),
    GateKind.NOT_ALLOWED: lambda count: ngettext(
        "{count} link has a recipient that your organisation doesn’t allow.",
        "{count} links have a recipient that your organisation doesn’t allow.",
        count,
    ),
    GateKind.DO_NOT_SEND: lambda count: ngettext(
        "{count} link has a recipient on the do-not-send list.",
        "{count} links have a recipient on the do-not-send list.",
        count,
    ),
    GateKind.ENDS_SOON: lambda count: ngettext(
        "{count} link ends within 24 hours.", "{count} links end within 24 hours.", count
    ),
    GateKind.NEVER_PREVIEWED: lambda count: ngettext(
        "Nobody has looked at {count} portal yet.",
        "Nobody has looked at {count} portals yet.",
        count,
    ),
    GateKind.PREVIEW_FAILED: lambda count: ngettext(
        "The last preview of {count} portal found a problem.",
        "The last previews of {count} portals found problems.",
        count,
    ),
    GateKind.PREVIEW_WARNED: lambda count: ngettext(
        "The last preview of {count} portal found something doubtful.",
        "The last previews of {count} portals found something doubtful.",
        count,
    ),
    GateKind.MAYBE_SENT: lambda count: ngettext(
        "{count} link may have been sent to the same person already.",
        "{count} links may have been sent to the same people already.",
        count,
    ),
    GateKind.WAITING: lambda count: ngettext(
        "{count} link is on its way to the same person already.",
        "{count} links are on their way to the same people already.",
        count,
    ),
    GateKind.ALREADY_SENT: lambda count: ngettext(
        "{count} link was sent to the same person already.",
        "{count} links were sent to the same people already.",
        count,
    ),
    GateKind.RETURNED: lambda count: ngettext(
        "An earlier message with {count} link came back.",
        "Earlier messages with {count} links came back.",
        count,
    ),
    GateKind.RECIPIENT_QUESTION: lambda count: ngettext(
        "{count} link has a recipient who may be mistyped.",
        "{count} links have a recipient who may be mistyped.",
        count,
    ),
    GateKind.NEW_RECIPIENT: lambda count: ngettext(
        "{count} link has a recipient who was never used for its customer.",
        "{count} links have a recipient who was never used for their customer.",
        count,
    ),
    GateKind.MANY_VISIBLE: lambda count: ngettext(
        "The recipients of {count} link see each other’s addresses.",
        "The recipients of {count} links see each other’s addresses.",
        count,
    ),
}
