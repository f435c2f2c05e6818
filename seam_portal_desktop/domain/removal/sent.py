"""What this program sent for a customer: offered for removal, with names and dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from seam_portal_desktop.domain.removal.keys import RemovalKey, removable_kinds
from seam_portal_desktop.domain.removal.words import RemovalGroup
from seam_portal_desktop.domain.request import CustomerData, resource_keys


@dataclass(frozen=True, slots=True)
class SentResource:
    """``name`` is its own, for a stay else its person's; it may be empty. ``starts_at`` and
    ``ends_at`` are a stay's, as they were sent, or empty. ``stays`` are those that were sent with
    this person or place."""

    removal: RemovalKey
    name: str = ""
    starts_at: str = ""
    ends_at: str = ""
    stays: tuple[RemovalKey, ...] = ()


def sent_resources(requests: Iterable[CustomerData]) -> Sequence[SentResource]:
    """All that can be removed of `requests`, the newest first. Of what was sent several times the
    newest values count. Stays come first, the latest first, then people and places by name."""
    latest: dict[RemovalKey, dict[str, Any]] = {}
    for data in requests:
        for removal, fields in _resources(data):
            # An earlier value counts where the newer ones have none, as Seam merges them.
            latest[removal] = fields | latest.get(removal, {})
    stays_of: dict[RemovalKey, list[RemovalKey]] = {}
    names = {removal: str(fields.get("name", "")) for removal, fields in latest.items()}
    for removal, fields in latest.items():
        if removal.group is RemovalGroup.STAY:
            for other in _references(fields):
                stays_of.setdefault(other, []).append(removal)
                if other.group is RemovalGroup.PERSON and not names[removal]:
                    names[removal] = names.get(other) or other.key
    found = [
        SentResource(
            removal,
            names[removal],
            str(fields.get("starts_at", "")),
            str(fields.get("ends_at", "")),
            tuple(stays_of.get(removal, ())),
        )
        for removal, fields in latest.items()
    ]
    groups = list(RemovalGroup)
    by_name = sorted(found, key=lambda each: (each.name.casefold(), each.removal.key))
    by_start = sorted(by_name, key=lambda each: each.starts_at, reverse=True)
    return sorted(by_start, key=lambda each: groups.index(each.removal.group))


def stays_left(
    removed: Collection[RemovalKey], sent: Mapping[RemovalKey, SentResource]
) -> Mapping[RemovalKey, tuple[RemovalKey, ...]]:
    """The stays of each removed person and place that are not removed themselves."""
    found = {
        removal: tuple(stay for stay in sent[removal].stays if stay not in removed)
        for removal in removed
        if removal in sent
    }
    return {removal: stays for removal, stays in found.items() if stays}


def _resources(data: CustomerData) -> Iterable[tuple[RemovalKey, dict[str, Any]]]:
    for kind in removable_kinds():
        resources = getattr(data, kind)
        for resource in () if resources is UNSET else resources:
            values = {name: getattr(resource, name) for name in resource.__struct_fields__}
            fields = {name: value for name, value in values.items() if value is not UNSET}
            yield RemovalKey(kind, fields[resource_keys()[kind]]), fields


def _references(stay: Mapping[str, Any]) -> Iterable[RemovalKey]:
    """The people and places that a stay names."""
    for kind, group in removable_kinds().items():
        key_name = resource_keys()[kind]
        if group is RemovalGroup.PERSON and key_name in stay:
            yield RemovalKey(kind, stay[key_name])
        elif group is RemovalGroup.PLACE:
            yield from (RemovalKey(kind, key) for key in stay.get(f"{key_name}s", ()))
