"""Checks with Seam whether a link with an unknown outcome exists.

Seam's list of client sessions names no request, and other programs make links too. So it is never
certain that a session is the link of a record without an answer. It can only be certain that none
is.
"""

from __future__ import annotations

import asyncio
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
from seam_portal_desktop.services.portal.answer_check import names_other_portal
from seam_portal_desktop.services.portal.records import find_all
from seam_portal_desktop.services.portal.session_match import (
    LIST_DELAY,
    SessionIndex,
    SessionMatch,
    match_session,
    token_of,
)
from seam_portal_desktop.texts import _

_ERROR = timedelta(seconds=5)
"""The greatest error of Seam's time as the program measures it."""

_CALL = timedelta(seconds=75)
"""A call to Seam is given up after 60 s; the rest is for what happens before it is sent."""

_LATE = timedelta(minutes=2)
"""Seam may still make a link for this long after the program stopped waiting for it."""

_WAITING = (Outcome.REQUESTED, Outcome.UNKNOWN)

NO_LINK = FailureRecord(
    _("Seam has no link of this request."),
    _("It lists no session that this request can have made. Create the portal again."),
)
ENDED = FailureRecord(
    _("If a link was made, it has ended by now."),
    _(
        "Links work for 7 days, and that time has passed. Create the portal again if the customer "
        "still needs a link."
    ),
)
CANNOT_TELL = _("It can’t be told whether a link was made.")
_NOT_YET = FailureRecord(
    _("Seam has no link of this request yet."),
    _("It may still be making one. Check again in a few minutes."),
)
_ENDING = _(
    "If there is a link, nobody has its address, and it ends by itself after 7 days. Create the "
    "portal again to get a link to send."
)
PROBABLY_MADE = FailureRecord(
    _("A link was probably made, but its address never arrived here."),
    _("Seam lists one session that this request can have made. {ending}").format(ending=_ENDING),
)


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    """The updated record. ``is_too_early``: a check in a few minutes can tell more."""

    portal: PortalRecord
    is_too_early: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """When, by Seam's time, the request can have made its session. None: at any time.

    ``expected_by`` is the latest usual time. The session of a request that was sent much later,
    after the computer slept, is later.
    """

    since: datetime | None
    until: datetime | None
    expected_by: datetime | None

    @property
    def settled_at(self) -> datetime | None:
        """After it the list has the link, if Seam made one that still works. None: not known."""
        return None if self.until is None else self.until + LIST_DELAY

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

        If certainly none is this link's, the record becomes failed. Else it stays unknown, and
        says that a link was probably made or why that can't be told. After OtherPortalAnsweredError
        it keeps saying what Seam answered. Raises SeamError, SecretStoreError or LedgerError.
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
        if portal.failure is not None and names_other_portal(portal.failure):
            return OutcomeCheck(await self._keep_unknown(portal, portal.failure, span))
        possible = _sessions_in_time(portal, events, sessions)
        unclaimed, has_rival = await self._without_claimed(portal, possible)
        if not unclaimed:
            return await self._without_session(portal, span)
        is_only_one = len(unclaimed) == 1 and not has_rival
        if is_only_one and _is_expected(unclaimed[0], portal, span):
            failure = PROBABLY_MADE
        else:
            failure = _not_told(unclaimed, span, has_rival=has_rival)
        return OutcomeCheck(await self._keep_unknown(portal, failure, span))

    async def _without_session(self, portal: PortalRecord, span: _Span) -> OutcomeCheck:
        """None of Seam's sessions can be the record's."""
        if not has_seam_time(self._clock):
            failure = FailureRecord(
                CANNOT_TELL,
                _(
                    "Seam’s answer has no time, so the program can’t tell how long ago the request "
                    "was. {ending}"
                ).format(ending=_ENDING),
            )
            return OutcomeCheck(await self._keep_unknown(portal, failure, span))
        if span.settled_at is None or not self._is_past(span.settled_at):
            portal = await self._keep_unknown(portal, _NOT_YET, span)
            return OutcomeCheck(portal, is_too_early=True)
        return OutcomeCheck(await self._ledger.record_failed(portal.portal_id, NO_LINK))

    def _is_past(self, moment: datetime) -> bool:
        """Whether `moment` has passed for certain: by Seam's time."""
        return has_seam_time(self._clock) and self._clock() >= moment

    async def _keep_unknown(
        self, portal: PortalRecord, failure: FailureRecord, span: _Span
    ) -> PortalRecord:
        """Record the failure, unless that adds nothing.

        The first time that is Seam's is always recorded: later checks count from it.
        """
        is_new_time = span.until is None and has_seam_time(self._clock)
        if portal.failure == failure and portal.outcome is Outcome.UNKNOWN and not is_new_time:
            return portal
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
        index = await asyncio.to_thread(SessionIndex, sessions)
        unclaimed = dict(index.by_id)
        contested: set[str] = set()
        for record in records:
            await asyncio.sleep(0)  # the window answers between two records
            if record.outcome in _WAITING:
                rivals = _sessions_in_time(record, events.get(record.portal_id, ()), sessions)
                contested.update(session.client_session_id for session in rivals)
                continue
            possible = index.possible(record)
            token = await token_of(self._ledger, record) if possible else None
            for session in possible:
                match = match_session(record, token, session)
                if match is SessionMatch.SURE:
                    unclaimed.pop(session.client_session_id, None)
                elif match is SessionMatch.POSSIBLE and record.revoked_at is None:
                    contested.add(session.client_session_id)
        return list(unclaimed.values()), not contested.isdisjoint(unclaimed)

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
    """A record becomes unknown after its request has ended, or by a check after the crash."""
    requested = [event for event in events if event.kind is EventKind.REQUESTED]
    given_up = [event for event in events if event.kind is EventKind.UNKNOWN]
    known = [event.at for event in given_up if event.is_at_seams_time]
    until = min(known) + _LATE if known else None
    if not any(event.is_at_seams_time for event in requested):
        return _Span(None, until, None)
    # After a crash, an event of the next start is there that isn't at Seam's time.
    has_crashed = len(known) != len(given_up)
    expected_by = portal.requested_at + _CALL if until is None or has_crashed else until
    return _Span(portal.requested_at - _ERROR, until, expected_by)


def _is_expected(session: ClientSession, portal: PortalRecord, span: _Span) -> bool:
    return (
        session.customer_key == portal.customer_key
        and span.expected_by is not None
        and session.created_at <= span.expected_by
    )


def _not_told(sessions: Sequence[ClientSession], span: _Span, *, has_rival: bool) -> FailureRecord:
    keyless = sum(session.customer_key is None for session in sessions)
    if keyless:
        why = _("Seam lists sessions that name no customer, and one of them may be this link’s.")
    elif len(sessions) > 1:
        why = _("Seam lists {count} sessions of this customer that may be this link’s.").format(
            count=len(sessions)
        )
    elif has_rival:
        why = _("Seam lists one session of this customer, and another link here may have it.")
    elif span.since is None:
        why = _(
            "Seam lists a session of this customer. Seam’s time wasn’t known when the link was "
            "asked for, so it may be of another time."
        )
    else:
        why = _(
            "Seam lists a session of this customer that is later than expected. It may be another "
            "link’s."
        )
    return FailureRecord(CANNOT_TELL, f"{why} {_ENDING}")
