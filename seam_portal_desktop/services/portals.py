"""The life of a portal link: created, looked at, sent, deleted."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, SeamError
from seam_portal_desktop.domain.portal import (
    Channel,
    FailureRecord,
    Outcome,
    Portal,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.portal_request import PortalRequest
from seam_portal_desktop.domain.ports import (
    ClientSession,
    CreatedPortal,
    Ledger,
    PortalPage,
    PortalQuery,
    SeamGateway,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection

_T = TypeVar("_T")

GatewayOf = Callable[[WorkspaceConnection], Awaitable[SeamGateway]]

CANCELLED = FailureRecord(
    "Cancelled before Seam answered.",
    "Seam may have made the link all the same. Check with Seam, or create the portal again.",
)

PAGE_ROWS = 1000
"""How many rows the table asks for at a time."""

_CLOCK_SKEW = timedelta(minutes=5)
"""How far Seam's clock and this machine's may be apart when sessions are matched by time."""


class LinkNotSavedError(LedgerError):
    """Seam made the link but the ledger couldn't be written; the link is kept in memory."""


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    """What Seam knows of a portal whose outcome was unknown; `portal` is the row afterwards."""

    portal: Portal
    session: ClientSession | None


class PortalService:
    """Every use case that changes a portal. Written for one ledger and many workspaces."""

    def __init__(self, ledger: Ledger, gateway_of: GatewayOf, clock: Clock, os_user: str) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock
        self._os_user = os_user
        self._unsaved: dict[str, CreatedPortal] = {}

    async def create(self, connection: WorkspaceConnection, request: PortalRequest) -> Portal:
        """Record the intent, ask Seam for a portal and record what came of it.

        Raises SecretStoreError or SeamError (the row then says failed or unknown), LedgerError
        (before the call: nothing was asked of Seam) or LinkNotSavedError (after it). When the
        caller is cancelled the row says that the outcome is unknown.
        """
        if not request.customer_key:
            raise ValueError("A portal is created for a customer_key.")
        gateway = await self._gateway_of(connection)
        portal = Portal(
            portal_id=str(uuid.uuid4()),
            workspace_id=connection.workspace.workspace_id,
            workspace_kind=connection.workspace.kind,
            customer_key=request.customer_key,
            outcome=Outcome.REQUESTED,
            requested_at=self._clock(),
        )
        try:
            await self._ledger.record_intent(portal, request)
            created = await gateway.create_portal(request)
        except asyncio.CancelledError:
            await _uninterrupted(self._ledger.record_unknown(portal.portal_id, CANCELLED))
            raise
        except SeamError as error:
            record = (
                self._ledger.record_unknown if error.outcome_unknown else self._ledger.record_failed
            )
            failure = FailureRecord(error.title, error.message, error.seam_request_id)
            await _uninterrupted(record(portal.portal_id, failure))
            raise
        self._unsaved[portal.portal_id] = created
        return await _uninterrupted(self._save(portal, created))

    async def find(
        self, query: PortalQuery, *, offset: int = 0, limit: int = PAGE_ROWS
    ) -> PortalPage:
        """A page of rows as of now. Raises LedgerError."""
        page = await self._ledger.find(query, now=self._clock(), offset=offset, limit=limit)
        return replace(page, rows=tuple(map(self._with_unsaved, page.rows)))

    async def counts(self, workspace_id: str, text: str = "") -> Mapping[PortalStatus, int]:
        """How many rows have each status now, among those that match `text`."""
        return await self._ledger.counts(workspace_id, text=text, now=self._clock())

    async def customer_keys(self, workspace_id: str) -> Sequence[str]:
        """Keys used before, the most recent first."""
        return await self._ledger.customer_keys(workspace_id)

    async def portal(self, portal_id: str) -> Portal:
        """The row with this id, whichever workspace it belongs to. Raises LedgerError."""
        return self._with_unsaved(await self._ledger.get(portal_id))

    async def request_of(self, portal_id: str) -> PortalRequest:
        """What was asked for when the portal was created."""
        return await self._ledger.request_of(portal_id)

    async def delete(self, portal_ids: Sequence[str]) -> None:
        """Take rows off the list; `restore` brings them back until the program ends."""
        await self._ledger.delete(portal_ids)

    async def restore(self, portal_ids: Sequence[str]) -> None:
        await self._ledger.restore(portal_ids)

    async def save_unsaved(self) -> Sequence[Portal]:
        """Try again to write links that the ledger couldn't take. Raises LinkNotSavedError."""
        return [
            await self._save(await self._ledger.get(portal_id), created)
            for portal_id, created in list(self._unsaved.items())
        ]

    async def url_of(self, portal_id: str) -> Secret:
        """Raises LinkUnreadableError when the row has no URL, or none that can be read here."""
        if portal_id in self._unsaved:
            return self._unsaved[portal_id].customer_portal.url
        return await self._ledger.url_of(portal_id)

    async def mark_previewed(self, portal_id: str) -> Portal:
        return await self._ledger.mark_previewed(portal_id, self._clock())

    async def mark_sent(self, portal_id: str, channel: Channel | None, note: str) -> Portal:
        sent = Sent(self._clock(), self._os_user, channel, note.strip())
        return await self._ledger.mark_sent(portal_id, sent)

    async def undo_sent(self, portal_id: str) -> Portal:
        return await self._ledger.mark_sent(portal_id, None)

    async def check_outcome(self, connection: WorkspaceConnection, portal_id: str) -> OutcomeCheck:
        """Look among Seam's client sessions for the link of a row whose outcome is unknown.

        No session means that no link was made: the row becomes failed. A session means that one
        is alive, whose address can't be had any more; the row then says so.
        """
        portal = await self._ledger.get(portal_id)
        gateway = await self._gateway_of(connection)
        session = _session_of(portal, await gateway.list_client_sessions())
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

    async def _save(self, portal: Portal, created: CreatedPortal) -> Portal:
        try:
            saved = await self._ledger.record_created(portal.portal_id, created)
        except LedgerError as error:
            raise LinkNotSavedError(
                "The link was made but could not be saved.",
                f"It is kept until the program ends: copy it now, or try again. {error.message}",
                technical=error.technical,
                can_retry=True,
            ) from None
        del self._unsaved[portal.portal_id]
        return saved

    def _with_unsaved(self, portal: Portal) -> Portal:
        created = self._unsaved.get(portal.portal_id)
        if created is None:
            return portal
        return replace(
            portal,
            outcome=Outcome.CREATED,
            created_at=created.customer_portal.created_at,
            expires_at=created.customer_portal.expires_at,
            has_url=True,
        )


def _session_of(portal: Portal, sessions: Sequence[ClientSession]) -> ClientSession | None:
    earliest = portal.requested_at - _CLOCK_SKEW
    latest = portal.requested_at + _CLOCK_SKEW
    for session in sessions:
        if session.customer_key == portal.customer_key and earliest <= session.created_at <= latest:
            return session
    return None


async def _uninterrupted(work: Awaitable[_T]) -> _T:
    """Wait for `work` to end even when the waiting task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        raise
