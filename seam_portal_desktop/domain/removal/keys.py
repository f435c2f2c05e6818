"""Which resources are removed, and in which calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import quote_plus

from msgspec import convert
from msgspec import inspect as shape

from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.removal.words import RemovalGroup
from seam_portal_desktop.domain.request import CustomerData, resource_keys
from seam_portal_desktop.domain.request.customer_data import PersonData, StaffMember, StayData

_MOST_IN_QUERY = 4000
"""Characters of one call's query. The keys are in its address, and servers and proxies refuse
addresses of more than some 8,000 characters."""


@dataclass(frozen=True, slots=True)
class RemovalKey:
    """One resource to remove. ``kind`` is a field of customer_data, such as ``reservations``."""

    kind: str
    key: str

    @property
    def group(self) -> RemovalGroup:
        return removable_kinds()[self.kind]


@cache
def removable_kinds() -> dict[str, RemovalGroup]:
    """The kinds of customer data that Seam removes by key: stays, then people, then places.
    Reservations are first, which is what is removed most."""
    groups: dict[RemovalGroup, list[str]] = {group: [] for group in RemovalGroup}
    for kind in cast(shape.StructType, shape.type_info(CustomerData)).fields:
        name = kind.encode_name
        if name in resource_keys() and _field(name) in DeletedKeys.__struct_fields__:
            item = cast(shape.VarTupleType, kind.type).item_type
            groups[_group(cast(shape.StructType, item).cls)].append(name)
    groups[RemovalGroup.STAY].sort(key=lambda name: name != "reservations")
    return {name: group for group, names in groups.items() for name in names}


def is_too_long(key: str) -> bool:
    """Whether no address can hold the key."""
    return len(quote_plus(key)) > _MOST_IN_QUERY // 2


def deleted_keys(removals: Iterable[RemovalKey]) -> DeletedKeys:
    """The request for these, each key once."""
    fields: dict[str, dict[str, None]] = {}
    for removal in removals:
        fields.setdefault(_field(removal.kind), {})[removal.key] = None
    wire: dict[str, Any] = {name: tuple(keys) for name, keys in fields.items()}
    return convert(wire, DeletedKeys)


def batches(removals: Iterable[RemovalKey]) -> Sequence[tuple[RemovalKey, ...]]:
    """The removals of each call, in the order of removal. A call's address isn't too long."""
    order = list(RemovalGroup)
    found: list[list[RemovalKey]] = []
    length = 0
    for removal in sorted(dict.fromkeys(removals), key=lambda each: order.index(each.group)):
        own = len(_field(removal.kind)) + len(quote_plus(removal.key)) + 2  # = and &
        if not found or length + own > _MOST_IN_QUERY:
            found.append([])
            length = 0
        found[-1].append(removal)
        length += own
    return [tuple(batch) for batch in found]


def _field(kind: str) -> str:
    return f"{resource_keys()[kind]}s"


def _group(resource: type[Any]) -> RemovalGroup:
    if issubclass(resource, StayData):
        return RemovalGroup.STAY
    if issubclass(resource, PersonData | StaffMember):
        return RemovalGroup.PERSON
    return RemovalGroup.PLACE
