"""How many stays, people and places are removed, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from seam_portal_desktop.texts import _, ngettext


class RemovalGroup(StrEnum):
    """In the order of removal: what opens doors goes first. The values are stored."""

    STAY = "stay"
    PERSON = "person"
    PLACE = "place"


def things_text(groups: Iterable[RemovalGroup]) -> str:
    """'2 stays and 1 person'; empty without any."""
    return counted_text(Counter(groups))


def counted_text(counts: Mapping[RemovalGroup, int]) -> str:
    """The same for numbers."""
    parts = [_counted(group, counts[group]) for group in RemovalGroup if counts.get(group)]
    *first, last = parts or [""]
    return _("{first} and {last}").format(first=", ".join(first), last=last) if first else last


def action_text(groups: Iterable[RemovalGroup], *, is_production: bool) -> str:
    """'Cancel 2 stays and remove 1 person in PRODUCTION'."""
    counts = Counter(groups)
    stays = counted_text({RemovalGroup.STAY: counts.pop(RemovalGroup.STAY, 0)})
    things = counted_text(counts)
    if not things:
        text = _("Cancel {stays} in PRODUCTION") if is_production else _("Cancel {stays}")
    elif not stays:
        text = _("Remove {things} in PRODUCTION") if is_production else _("Remove {things}")
    else:
        text = (
            _("Cancel {stays} and remove {things} in PRODUCTION")
            if is_production
            else _("Cancel {stays} and remove {things}")
        )
    return text.format(stays=stays, things=things)


def _counted(group: RemovalGroup, count: int) -> str:
    match group:
        case RemovalGroup.STAY:
            text = ngettext("1 stay", "{count} stays", count)
        case RemovalGroup.PERSON:
            text = ngettext("1 person", "{count} people", count)
        case RemovalGroup.PLACE:
            text = ngettext("1 place", "{count} places", count)
    return text.format(count=count)
