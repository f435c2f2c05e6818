"""Asking Seam what became of a portal whose outcome is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import LIVE_STATUSES, FailureRecord, PortalRecord
from seam_portal_desktop.domain.ports import ClientSession, GatewayOf, Ledger
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portals import find_all

_CLOCK_SKEW = timedelta(minutes=5)
"""How far Seam's clock and this machine's may be apart when sessions are matched by time."""


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    """What Seam knows of a portal whose outcome was unknown; `portal` is the row afterwards."""

    portal: PortalRecord
    session: ClientSession | None


class OutcomeService:
    def __init__(self, ledger: Ledger, gateway_of: GatewayOf, clock: Clock) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock

    async def check(self, connection: WorkspaceConnection, portal_id: str) -> OutcomeCheck:
        """Look among Seam's client sessions for the link of a row whose outcome is unknown.

        No session but those of links that are in the ledger means that no link was made: the row
        becomes failed. Another one means that a link is alive, whose address can't be had any
        more; the row then says so.
        """
        portal = await self._ledger.get(portal_id)
        gateway = await self._gateway_of(connection)
        sessions = _sessions_of(portal, await gateway.list_client_sessions())
        for known in await self._live_links_beside(portal):
            if sessions:
                sessions.remove(min(sessions, key=lambda one: abs(one.created_at - known)))
        session = sessions[0] if sessions else None
        if session is None:
            failure = FailureRecord(
                "No link was made.",
                "Seam has no session for this customer from that time. Create the portal again.",
            )
            return OutcomeCheck(await self._ledger.record_failed(portal_id, failure), None)
        failure = FailureRecord(
            "A link exists, but its address never arrived here.",
            "Nobody has it, and it ends by itself. Create the portal again to get a link to send.",
        )
        return OutcomeCheck(await self._ledger.record_unknown(portal_id, failure), session)

    async def _live_links_beside(self, portal: PortalRecord) -> list[datetime]:
        """When the links were made that this customer has from about the same time."""
        rows: list[PortalRecord] = []
        for safe_previews in (False, True):
            query = PortalQuery(
                portal.workspace_id,
                text=portal.customer_key,
                statuses=LIVE_STATUSES,
                safe_previews=safe_previews,
            )
            rows += await find_all(self._ledger, query, self._clock())
        return [
            row.created_at
            for row in rows
            if row.customer_key == portal.customer_key
            and row.created_at is not None
            and _is_near(row.created_at, portal)
        ]


def _sessions_of(portal: PortalRecord, sessions: Sequence[ClientSession]) -> list[ClientSession]:
    """Those that the call for `portal` may have made."""
    return [
        session
        for session in sessions
        if session.customer_key == portal.customer_key and _is_near(session.created_at, portal)
    ]


def _is_near(moment: datetime, portal: PortalRecord) -> bool:
    return abs(moment - portal.requested_at) <= _CLOCK_SKEW
