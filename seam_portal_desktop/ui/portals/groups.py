"""Where rows are in their customer's group, while the list is grouped by customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from seam_portal_desktop.domain.portal.record import PortalRecord


class GroupPlace(NamedTuple):
    """``size`` is how many rows the group has. ``has_more``: more of them aren't loaded."""

    is_first: bool
    is_last: bool
    size: int
    has_more: bool


class CustomerGroups:
    """The groups of `rows`, which are grouped. `are_all`: there are no more rows to load."""

    def __init__(self, rows: Sequence[PortalRecord], *, are_all: bool) -> None:
        self._are_all = are_all
        self._first: list[int] = []
        self._counts: dict[int, int] = {}
        for row, record in enumerate(rows):
            is_same = row > 0 and rows[row - 1].customer_key == record.customer_key
            first = self._first[-1] if is_same else row
            self._first.append(first)
            self._counts[first] = row - first + 1

    def place(self, row: int) -> GroupPlace:
        first = self._first[row]
        count = self._counts[first]
        ends_list = first + count == len(self._first)
        return GroupPlace(
            row == first, row == first + count - 1, count, ends_list and not self._are_all
        )


def place_in_group(record: PortalRecord) -> tuple[object, ...]:
    """What decides where a record is: while it is equal, no row moves."""
    return record.customer_key, record.created_at or record.requested_at, record.requested_at
