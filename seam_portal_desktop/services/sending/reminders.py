"""Finds what the user should be reminded of, each thing once."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordFilters, TimeRange
from seam_portal_desktop.domain.portal.record import LIVE_STATUSES, PortalRecord, PortalStatus
from seam_portal_desktop.domain.portal.reminders import (
    SOON,
    TROUBLED,
    ReminderKind,
    reminder_of,
)
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.preferences import MOST_REMINDED, PreferencesData
from seam_portal_desktop.services.portal.records import find_all

_OPTION = "reminders"
_BY_TIME = frozenset({ReminderKind.TODAY, ReminderKind.SOON, ReminderKind.OVER})


class ReminderService:
    """What was shown before is in `data`'s options, by workspace; `save_preferences` writes them.

    A reminder that follows from the time is new if it wasn't due at the last look. So only the time
    of that look is kept for them, and the portal_ids of the others.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        data: PreferencesData,
        save_preferences: Callable[[], Awaitable[None]],
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._data = data
        self._save_preferences = save_preferences

    async def look(self, workspace_id: str) -> Mapping[ReminderKind, int]:
        """How many portals there are of each kind, without those of an earlier look.

        They count as shown from now on. Raises LedgerError.
        """
        now = self._clock()
        before = self._data.options.get(_OPTION, {}).get(workspace_id, {})
        last = datetime.fromisoformat(before["at"]).astimezone(UTC) if "at" in before else None
        known = set(before.get("portal_ids", ()))
        found: dict[ReminderKind, int] = dict.fromkeys(ReminderKind, 0)
        troubled: list[str] = []
        for portal in await self._candidates(workspace_id, now):
            kind = reminder_of(portal, now)
            if kind is None:
                continue
            if kind in _BY_TIME:
                is_new = last is None or not _was_due(portal, kind, last)
            else:
                is_new = portal.portal_id not in known
                troubled.append(portal.portal_id)
            found[kind] += is_new
        await self._remember(workspace_id, {"at": now.isoformat(), "portal_ids": troubled})
        return {kind: count for kind, count in found.items() if count}

    async def _candidates(self, workspace_id: str, now: datetime) -> list[PortalRecord]:
        def query(statuses: frozenset[PortalStatus], filters: RecordFilters) -> PortalQuery:
            return PortalQuery(workspace_id, statuses=statuses, filters=filters)

        expired = frozenset({PortalStatus.EXPIRED})
        found: dict[str, PortalRecord] = {}
        for each in (
            query(LIVE_STATUSES, RecordFilters(deliveries=TROUBLED)),
            query(LIVE_STATUSES, RecordFilters(expires=TimeRange(now, now + SOON))),
            query(expired, RecordFilters(sent=True, expires=TimeRange(now - SOON, now))),
        ):
            for portal in await find_all(self._ledger, each, now):
                found[portal.portal_id] = portal
        return list(found.values())

    async def _remember(self, workspace_id: str, shown: dict[str, Any]) -> None:
        shown["portal_ids"] = shown["portal_ids"][:MOST_REMINDED]
        options = self._data.options
        options[_OPTION] = {**options.get(_OPTION, {}), workspace_id: shown}
        with contextlib.suppress(UserFacingError):  # they are shown once more in the next run
            await self._save_preferences()


def _was_due(portal: PortalRecord, kind: ReminderKind, at: datetime) -> bool:
    return portal.requested_at <= at and reminder_of(portal, at) is kind
