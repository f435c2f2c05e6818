"""Checks with Seam whether a link with an unknown outcome exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import LIVE_STATUSES, FailureRecord, PortalRecord
from seam_portal_desktop.domain.ports import ClientSession, GatewayOf, Ledger
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.records import find_all

_CLOCK_SKEW = timedelta(minutes=5)
"""The greatest difference of Seam's clock and this machine's when sessions are found by time."""


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    """The updated record, and the session of its link if Seam has one."""

    portal: PortalRecord
    session: ClientSession | None


class OutcomeService:
    def __init__(self, ledger: Ledger, gateway_of: GatewayOf, clock: Clock) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock

    async def check(self, connection: WorkspaceConnection, portal_id: str) -> OutcomeCheck:
        """Search Seam's client sessions for the link of a record whose outcome is unknown.

        Sessions of other links in the ledger don't count. Without a session the record becomes
        failed. With one, a link exists whose URL is lost; the record stays unknown and says so.
        Raises SeamError, SecretStoreError or LedgerError.
        """
        portal = await self._ledger.get(portal_id)
        gateway = await self._gateway_of(connection)
        listed = await gateway.list_client_sessions(
            keep=lambda session: session.customer_key in (None, portal.customer_key)
        )
        sessions = _sessions_of(portal, listed)
        for created_at in await self._other_links(portal):
            if sessions:
                sessions.remove(min(sessions, key=lambda one: abs(one.created_at - created_at)))
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

    async def _other_links(self, portal: PortalRecord) -> list[datetime]:
        """The created_at of this customer's live links from about the same time."""
        records: list[PortalRecord] = []
        for safe_previews in (False, True):
            query = PortalQuery(
                portal.workspace_id,
                text=portal.customer_key,
                statuses=LIVE_STATUSES,
                safe_previews=safe_previews,
            )
            records += await find_all(self._ledger, query, self._clock())
        return [
            record.created_at
            for record in records
            if record.customer_key == portal.customer_key
            and record.created_at is not None
            and _is_near(record.created_at, portal)
        ]


def _sessions_of(portal: PortalRecord, sessions: Sequence[ClientSession]) -> list[ClientSession]:
    """The sessions that the call for `portal` may have made."""
    return [
        session
        for session in sessions
        if session.customer_key == portal.customer_key and _is_near(session.created_at, portal)
    ]


def _is_near(moment: datetime, portal: PortalRecord) -> bool:
    return abs(moment - portal.requested_at) <= _CLOCK_SKEW
