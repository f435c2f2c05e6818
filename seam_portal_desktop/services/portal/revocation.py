"""Revokes links, and marks links that were revoked elsewhere.

A portal link is a client session in Seam. Revoking a wrong one would lock out another customer.
So a session is revoked only if it certainly belongs to the link.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from seam_portal_desktop.domain.clock import Clock, has_seam_time
from seam_portal_desktop.domain.errors import (
    NotFoundError,
    SeamError,
    UserFacingError,
)
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import LIVE_STATUSES, PortalRecord, PortalStatus
from seam_portal_desktop.domain.ports import ClientSession, GatewayOf, Ledger
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.records import find_all
from seam_portal_desktop.services.portal.seams_time import learn_time, maybe_live
from seam_portal_desktop.services.portal.session_match import (
    LIST_DELAY,
    SessionIndex,
    SessionMatch,
    match_session,
    token_in,
    token_of,
)
from seam_portal_desktop.texts import _, ngettext


class SessionNotIdentifiedError(UserFacingError):
    """It is not certain which session belongs to the link. Nothing was revoked."""


class StillAliveError(UserFacingError):
    """Seam accepted the revocation but still lists the session."""


class NotConfirmedError(UserFacingError):
    """Seam accepted the revocation, but its list could not be read afterwards."""


class FoundBy(Enum):
    """How the session of a link was identified."""

    TOKEN = auto()
    SESSION_ID = auto()
    CUSTOMER_AND_EXPIRY = auto()


@dataclass(frozen=True, slots=True)
class RevocationTarget:
    """A link and its session."""

    portal: PortalRecord
    session: ClientSession
    found_by: FoundBy


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The result of comparing the live links with Seam's list.

    ``checked`` is the number of links that the list contains or certainly lacks. ``unidentified``
    is the number of all others. ``revoked`` are the records that the list lacks.
    """

    checked: int
    unidentified: int
    revoked: tuple[PortalRecord, ...]


class _Candidates:
    """Whether a session may be the one of some link.

    Only these are kept in memory; the list may have 100,000. A session without a customer may be
    anybody's.
    """

    def __init__(self, portals: Sequence[PortalRecord], tokens: Sequence[Secret | None]) -> None:
        self._ids = {each.client_session_id for each in portals}
        self._customers = {each.customer_key for each in portals}
        self._tokens = set(tokens)

    def __call__(self, session: ClientSession) -> bool:
        return (
            session.client_session_id in self._ids
            or session.customer_key is None
            or session.customer_key in self._customers
            or session.token in self._tokens
        )


class RevocationService:
    def __init__(self, ledger: Ledger, gateway_of: GatewayOf, clock: Clock) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock

    async def find(
        self, connection: WorkspaceConnection, portal_id: str
    ) -> RevocationTarget | PortalRecord:
        """The session to revoke, or the updated record if the link has ended already.

        Raises SessionNotIdentifiedError, SeamError, SecretStoreError or LedgerError.
        """
        gateway = await self._gateway_of(connection)
        portal = await self._ledger.get(portal_id)
        token = await token_of(self._ledger, portal)
        if portal.client_session_id is not None:
            for session in await gateway.list_client_sessions(portal.client_session_id):
                return RevocationTarget(portal, session, FoundBy.SESSION_ID)
        sessions = await gateway.list_client_sessions(keep=_Candidates([portal], [token]))
        portal = await self._ledger.get(portal_id)
        now = self._clock()
        if not portal.is_live(now):
            return portal
        index = await asyncio.to_thread(SessionIndex, sessions)
        known = _known_session(portal, token, index)
        if known is not None:
            return known
        if self._is_certainly_gone(portal, token, index):
            return await self._ledger.mark_revoked(portal_id, now, elsewhere=True)
        alike = _alike(portal, sessions)
        if token is None and len(alike) == 1 and await self._is_only_row_like(portal):
            return RevocationTarget(portal, alike[0], FoundBy.CUSTOMER_AND_EXPIRY)
        raise _not_identified(len(alike))

    async def find_and_revoke(self, connection: WorkspaceConnection, portal_id: str) -> None:
        """Revoke a link unless it has ended. Raises as `find` and `revoke`."""
        found = await self.find(connection, portal_id)
        if isinstance(found, RevocationTarget):
            await self.revoke(connection, found)

    async def revoke(
        self, connection: WorkspaceConnection, target: RevocationTarget
    ) -> PortalRecord:
        """Revoke the session, check that Seam no longer lists it, and mark the record.

        Raises SeamError, SecretStoreError, LedgerError, StillAliveError or NotConfirmedError. The
        record is not marked then, and the call can be repeated.
        """
        gateway = await self._gateway_of(connection)
        session_id = target.session.client_session_id
        portal_id = target.portal.portal_id
        await self._ledger.record_sessions({portal_id: session_id})
        elsewhere = False
        try:
            await gateway.revoke_client_session(session_id)
        except NotFoundError:
            elsewhere = True  # or the route is missing: the list decides below
        try:
            remaining = await gateway.list_client_sessions(session_id)
        except SeamError as error:
            raise NotConfirmedError(
                _("Seam took the request, but it is not confirmed that the link is gone."),
                _(
                    "{title_sentence} Revoke the link again: that does no harm and checks it."
                ).format(title_sentence=error.title_sentence),
                seam_request_id=error.seam_request_id,
                technical=error.technical,
                can_retry=True,
            ) from None
        if remaining:
            raise StillAliveError(
                _("The link still works."),
                _(
                    "Seam took the request but still lists the link's session. Try again in a "
                    "moment; if it stays, end the session in the Seam Console."
                ),
                can_retry=True,
                technical=f"client session {session_id}",
            )
        return await self._ledger.mark_revoked(portal_id, self._clock(), elsewhere=elsewhere)

    async def reconcile(self, connection: WorkspaceConnection) -> Reconciliation:
        """Mark the live records whose links Seam no longer lists.

        Only links with a token in their URL or with a known session are checked. Asks Seam for its
        time first if it isn't known: by this computer's clock a live link may have expired. Raises
        SeamError, SecretStoreError or LedgerError; nothing is marked then.
        """
        query = PortalQuery(connection.workspace.workspace_id, statuses=maybe_live(self._clock))
        if not (await self._ledger.find(query, now=self._clock(), limit=1)).total:
            return Reconciliation(0, 0, ())
        gateway = await self._gateway_of(connection)
        await learn_time(self._clock, gateway)
        live = replace(query, statuses=LIVE_STATUSES)
        portals = await find_all(self._ledger, live, self._clock())
        if not portals:
            return Reconciliation(0, 0, ())
        tokens = [
            None if each.client_session_id else await token_of(self._ledger, each)
            for each in portals
        ]
        sessions = await gateway.list_client_sessions(keep=_Candidates(portals, tokens))
        now = self._clock()
        index = await asyncio.to_thread(SessionIndex, sessions)
        seen: dict[str, str] = {}
        gone: list[PortalRecord] = []
        unidentified = 0
        for portal, token in zip(portals, tokens, strict=True):
            await asyncio.sleep(0)  # the window answers between two links
            known = _known_session(portal, token, index)
            if known is not None:
                seen[portal.portal_id] = known.session.client_session_id
            elif self._is_certainly_gone(portal, token, index):
                gone.append(portal)
            else:
                unidentified += 1
        new = {
            portal.portal_id: seen[portal.portal_id]
            for portal in portals
            if portal.portal_id in seen and portal.client_session_id is None
        }
        if new:
            await self._ledger.record_sessions(new)
        revoked = [
            await self._ledger.mark_revoked(portal.portal_id, now, elsewhere=True)
            for portal in gone
        ]
        return Reconciliation(len(seen) + len(revoked), unidentified, tuple(revoked))

    async def revoke_unrecorded(self, connection: WorkspaceConnection, url: Secret) -> None:
        """Revoke the session with the token of this URL, which has no record, if Seam lists it.

        Raises SeamError or SecretStoreError.
        """
        token = token_in(url)
        gateway = await self._gateway_of(connection)
        for session in await gateway.list_client_sessions(keep=lambda one: one.token == token):
            await gateway.revoke_client_session(session.client_session_id)
            return

    def _is_certainly_gone(
        self, portal: PortalRecord, token: Secret | None, index: SessionIndex
    ) -> bool:
        """Whether Seam's list, in which the link was not found, shows that it was revoked.

        The list doesn't show it if it contains a session that may be this link's, because Seam may
        list tokens in another form than in its links. Without Seam's time nothing is certain.
        """
        if portal.created_at is None or portal.expires_at is None or not has_seam_time(self._clock):
            return False
        now = self._clock()
        if not portal.created_at + LIST_DELAY <= now < portal.expires_at - LIST_DELAY:
            return False
        if portal.client_session_id is None and token is None:
            return False
        return all(
            match_session(portal, token, session) is SessionMatch.NONE
            for session in index.possible(portal)
        )

    async def _is_only_row_like(self, portal: PortalRecord) -> bool:
        """Whether no other record may have a session with this customer and expiry.

        A record without an answer has no expiry. It may have the same only if Seam gives whole
        seconds.
        """
        statuses = set(LIVE_STATUSES)
        if portal.expires_at is None or not portal.expires_at.microsecond:
            statuses |= {PortalStatus.REQUESTED, PortalStatus.UNKNOWN}
        alike: list[str] = []
        for safe_previews in (False, True):
            query = PortalQuery(
                portal.workspace_id,
                text=portal.customer_key,
                statuses=frozenset(statuses),
                safe_previews=safe_previews,
            )
            alike += [
                row.portal_id
                for row in await find_all(self._ledger, query, self._clock())
                if row.customer_key == portal.customer_key
                and row.expires_at in (None, portal.expires_at)
            ]
        return alike == [portal.portal_id]


def _known_session(
    portal: PortalRecord, token: Secret | None, index: SessionIndex
) -> RevocationTarget | None:
    if token is not None and (session := index.by_token.get(token)) is not None:
        return RevocationTarget(portal, session, FoundBy.TOKEN)
    if portal.client_session_id is None:
        return None
    session = index.by_id.get(portal.client_session_id)
    return None if session is None else RevocationTarget(portal, session, FoundBy.SESSION_ID)


def _alike(portal: PortalRecord, sessions: Sequence[ClientSession]) -> list[ClientSession]:
    return [
        session
        for session in sessions
        if session.customer_key == portal.customer_key and session.expires_at == portal.expires_at
    ]


def _not_identified(candidates: int) -> SessionNotIdentifiedError:
    why = (
        _("Seam lists no session that is certainly this link's.")
        if not candidates
        else ngettext(
            "Seam lists one session of this customer that ends at the same time, but another link "
            "may be meant by it.",
            "Seam lists {count} sessions of this customer that end at the same time.",
            max(1, candidates),
        ).format(count=candidates)
    )
    return SessionNotIdentifiedError(
        _("This link can't be told apart from others."),
        _(
            "Nothing was revoked. {why} Open the Seam Console, look under Client sessions for this "
            "customer, and end the right one there; or let the link run out by itself."
        ).format(why=why),
    )
