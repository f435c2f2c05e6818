"""Checks with Seam whether a link with an unknown outcome exists.

Seam's list of client sessions names no request. So a session can be told to be a record's only by
its token, its id, or because no other one comes into question. What can't be told stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seam_portal_desktop.domain.clock import Clock, has_seam_time
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import (
    LINK_LIFETIME,
    FailureRecord,
    Outcome,
    PortalRecord,
)
from seam_portal_desktop.domain.ports import ClientSession, GatewayOf, Ledger
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.records import find_all
from seam_portal_desktop.services.portal.session_match import SessionMatch, match_session

_ERROR = timedelta(seconds=5)
"""The greatest error of Seam's time as the program measures it."""

_CALL = timedelta(seconds=75)
"""A call to Seam is given up after 60 s; the rest is for what happens before it is sent."""

_LATE = timedelta(minutes=2)
"""Seam may still make a link for this long after the program stopped waiting for it."""

_LATE_BY_OTHER_CLOCK = timedelta(hours=1)
"""The same, if the time of the request was not Seam's."""

_WAITING = (Outcome.REQUESTED, Outcome.UNKNOWN)

NO_LINK = FailureRecord(
    "No link was made.",
    "Seam lists no session that this request can have made. Create the portal again.",
)
ENDED = FailureRecord(
    "If a link was made, it has ended by now.",
    "Links work for 7 days, and that time has passed. Create the portal again if the customer "
    "still needs a link.",
)
LINK_EXISTS = FailureRecord(
    "A link exists, but its address never arrived here.",
    "Nobody has it, and it ends by itself. Create the portal again to get a link to send.",
)
CANNOT_TELL = "It can’t be told whether a link was made."
_NOT_YET = FailureRecord(
    "Seam has no link of this request yet.",
    "It may still be making one. Check again in a few minutes.",
)
_ENDING = (
    "If there is a link, nobody has its address, and it ends by itself after 7 days. Create the "
    "portal again to get a link to send."
)


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    """The updated record, and the session of its link if it is known.

    ``is_too_early``: a check in a few minutes can tell more.
    """

    portal: PortalRecord
    session: ClientSession | None = None
    is_too_early: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """When, by Seam's time, the request can have made its session. None: at any time.

    ``expected_by`` is the latest usual time. The session of a request that was sent much later,
    after the computer slept, is later. ``settled_at``: after it Seam makes no link any more.
    """

    since: datetime | None
    until: datetime | None
    expected_by: datetime | None
    settled_at: datetime

    def covers(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (
            self.until is None or moment <= self.until
        )


class OutcomeService:
    def __init__(self, ledger: Ledger, gateway_of: GatewayOf, clock: Clock) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._clock = clock

    async def check(self, connection: WorkspaceConnection, portal_id: str) -> OutcomeCheck:
        """Search Seam's client sessions for the link of a record whose outcome is unknown.

        If certainly none is this link's, the record becomes failed. If one is, a link exists whose
        URL is lost; the record stays unknown and says so. Else it stays unknown and says why that
        can't be told. Raises SeamError, SecretStoreError or LedgerError.
        """
        gateway = await self._gateway_of(connection)
        customer_key = (await self._ledger.get(portal_id)).customer_key
        sessions = await gateway.list_client_sessions(
            keep=lambda session: session.customer_key in (None, customer_key)
        )
        # The ledger is read after Seam's list: it knows each link that the list has from here.
        portal = await self._ledger.get(portal_id)
        if portal.outcome not in _WAITING:
            return OutcomeCheck(portal)
        events = await self._ledger.events_of(portal_id)
        span = _span(portal, events)
        if span.until is not None and self._is_past(span.until + LINK_LIFETIME):
            return OutcomeCheck(await self._ledger.record_failed(portal_id, ENDED))
        possible = _sessions_in_time(portal, events, sessions)
        unclaimed, has_rival = await self._without_claimed(portal, possible)
        if not unclaimed:
            return await self._without_session(portal, span)
        session = unclaimed[0]
        if len(unclaimed) == 1 and not has_rival and _is_expected(session, portal, span):
            return OutcomeCheck(await self._keep_unknown(portal, LINK_EXISTS), session)
        failure = _not_told(unclaimed, span, has_rival=has_rival)
        return OutcomeCheck(await self._keep_unknown(portal, failure))

    async def _without_session(self, portal: PortalRecord, span: _Span) -> OutcomeCheck:
        """None of Seam's sessions can be the record's."""
        if not has_seam_time(self._clock):
            failure = FailureRecord(
                CANNOT_TELL,
                "Seam’s answer has no time, so the program can’t tell how long ago the request "
                f"was. {_ENDING}",
            )
            return OutcomeCheck(await self._keep_unknown(portal, failure))
        if not self._is_past(span.settled_at):
            return OutcomeCheck(await self._keep_unknown(portal, _NOT_YET), is_too_early=True)
        has_ended = self._is_past(portal.requested_at + LINK_LIFETIME - _LATE)
        failure = ENDED if has_ended else NO_LINK
        return OutcomeCheck(await self._ledger.record_failed(portal.portal_id, failure))

    def _is_past(self, moment: datetime) -> bool:
        """Whether `moment` has passed for certain: by Seam's time."""
        return has_seam_time(self._clock) and self._clock() >= moment

    async def _keep_unknown(self, portal: PortalRecord, failure: FailureRecord) -> PortalRecord:
        if portal.outcome is Outcome.UNKNOWN and portal.failure == failure:
            return portal  # a second check with the same result adds nothing to the timeline
        return await self._ledger.record_unknown(portal.portal_id, failure)

    async def _without_claimed(
        self, portal: PortalRecord, sessions: Sequence[ClientSession]
    ) -> tuple[list[ClientSession], bool]:
        """The sessions that no other record has, and whether another record may have one of them.

        Other records: all of the workspace, whatever the ledger thinks of them, because it may not
        know that a link has ended.
        """
        records = await self._other_records(portal, sessions)
        waiting = [each.portal_id for each in records if each.outcome in _WAITING]
        events = await self._ledger.events_by_portal(waiting)
        unclaimed = list(sessions)
        contested: list[ClientSession] = []
        for record in records:
            if record.outcome in _WAITING:
                contested += _sessions_in_time(record, events.get(record.portal_id, ()), sessions)
                continue
            for session in tuple(unclaimed):
                match = await match_session(self._ledger, record, session)
                if match is SessionMatch.SURE:
                    unclaimed.remove(session)
                elif match is SessionMatch.POSSIBLE and record.revoked_at is None:
                    contested.append(session)
        return unclaimed, any(session in contested for session in unclaimed)

    async def _other_records(
        self, portal: PortalRecord, sessions: Sequence[ClientSession]
    ) -> list[PortalRecord]:
        if not sessions:
            return []
        # A session without a customer may be anybody's.
        any_customer = any(session.customer_key is None for session in sessions)
        text = "" if any_customer else portal.customer_key
        found: list[PortalRecord] = []
        for safe_previews in (False, True):
            query = PortalQuery(portal.workspace_id, text=text, safe_previews=safe_previews)
            found += await find_all(self._ledger, query, self._clock())
        return [
            record
            for record in found
            if record.portal_id != portal.portal_id and record.outcome is not Outcome.FAILED
        ]


def _sessions_in_time(
    portal: PortalRecord, events: Sequence[PortalEvent], sessions: Sequence[ClientSession]
) -> list[ClientSession]:
    """The sessions that the request of `portal`, which has no answer, can have made."""
    span = _span(portal, events)
    return [
        session
        for session in sessions
        if session.customer_key in (None, portal.customer_key) and span.covers(session.created_at)
    ]


def _span(portal: PortalRecord, events: Sequence[PortalEvent]) -> _Span:
    requested = [event for event in events if event.kind is EventKind.REQUESTED]
    given_up = [event for event in events if event.kind is EventKind.UNKNOWN]
    known = [event for event in given_up if event.is_at_seams_time]
    if not any(event.is_at_seams_time for event in requested):
        settled = [portal.requested_at + _LATE_BY_OTHER_CLOCK]
        return _Span(None, None, None, min([*settled, *(event.at + _LATE for event in known)]))
    since = portal.requested_at - _ERROR
    if known != given_up or not known:
        # The program ended meanwhile. Perhaps the computer slept before the request was sent.
        return _Span(since, None, portal.requested_at + _CALL, portal.requested_at + _LATE)
    until = known[0].at + _LATE
    return _Span(since, until, until, until)


def _is_expected(session: ClientSession, portal: PortalRecord, span: _Span) -> bool:
    return (
        session.customer_key == portal.customer_key
        and span.expected_by is not None
        and session.created_at <= span.expected_by
    )


def _not_told(sessions: Sequence[ClientSession], span: _Span, *, has_rival: bool) -> FailureRecord:
    keyless = sum(session.customer_key is None for session in sessions)
    if keyless:
        why = "Seam lists sessions that name no customer, and one of them may be this link’s."
    elif len(sessions) > 1:
        why = f"Seam lists {len(sessions)} sessions of this customer that may be this link’s."
    elif has_rival:
        why = "Seam lists one session of this customer, and another link here may have it."
    elif span.since is None:
        why = (
            "Seam lists a session of this customer. Seam’s time wasn’t known when the link was "
            "asked for, so it may be of another time."
        )
    else:
        why = (
            "Seam lists a session of this customer that is later than expected. It may be another "
            "link’s."
        )
    return FailureRecord(CANNOT_TELL, f"{why} {_ENDING}")
