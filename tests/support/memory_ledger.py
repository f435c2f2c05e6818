"""The Ledger port in memory, held to the same contract tests as the real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from seam_portal_desktop.adapters.ledger.rows import fold, search_text
from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError
from seam_portal_desktop.domain.portal import FailureRecord, Outcome, Portal, PortalStatus, Sent
from seam_portal_desktop.domain.portal_event import (
    PREVIEWS_COUNT_ONCE_WITHIN,
    EventKind,
    PortalEvent,
)
from seam_portal_desktop.domain.portal_query import PortalColumn, PortalPage, PortalQuery
from seam_portal_desktop.domain.portal_request import PortalRequest
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.secret import Secret

_STATUSES = list(PortalStatus)


class MemoryLedger:
    """Ledger for tests of services and presenters: no thread, no file, no keyring.

    ``failure``, when a test sets it, is what every call but open and close then raises.
    """

    def __init__(self, clock: Clock = system_clock, *, os_user: str = "") -> None:
        self._clock = clock
        self._os_user = os_user
        self._events: dict[str, list[PortalEvent]] = {}
        self._portals: dict[str, Portal] = {}
        self._requests: dict[str, PortalRequest] = {}
        self._urls: dict[str, Secret] = {}
        self._hidden: set[str] = set()
        self._is_open = False
        self.failure: LedgerError | None = None
        self.notice: str | None = None

    async def open(self) -> None:
        self._hidden.clear()
        for portal_id, portal in self._portals.items():
            if portal.outcome is Outcome.REQUESTED:
                failure = FailureRecord(
                    "The program ended before Seam answered", "A working link may exist."
                )
                self._portals[portal_id] = replace(portal, outcome=Outcome.UNKNOWN, failure=failure)
                self._note(portal_id, self._clock(), EventKind.UNKNOWN, _of(failure), by="")
        self._is_open = True

    async def close(self) -> None:
        if self._is_open:
            for portal_id in self._hidden:
                if self._portals[portal_id].outcome is not Outcome.REQUESTED:
                    for kept in (self._portals, self._requests, self._urls, self._events):
                        kept.pop(portal_id, None)
            self._is_open = False

    async def find(
        self, query: PortalQuery, *, now: datetime, offset: int = 0, limit: int = 1000
    ) -> PortalPage:
        self._check()
        rows = [
            portal
            for portal in self._visible(query.workspace_id, query.text)
            if not query.statuses or portal.status(now) in query.statuses
        ]
        rows.sort(key=lambda portal: portal.portal_id)
        rows.sort(key=lambda portal: portal.requested_at, reverse=True)
        keyed = [(_sort_key(portal, query.sort, now), portal) for portal in rows]
        valued = [pair for pair in keyed if pair[0] is not None]
        valued.sort(key=lambda pair: pair[0], reverse=query.descending)
        ordered = valued + [pair for pair in keyed if pair[0] is None]
        page = tuple(portal for _, portal in ordered[offset : offset + limit])
        return PortalPage(page, offset, len(rows))

    async def counts(
        self, workspace_id: str, *, text: str = "", now: datetime
    ) -> Mapping[PortalStatus, int]:
        self._check()
        return dict(Counter(row.status(now) for row in self._visible(workspace_id, text)))

    async def get(self, portal_id: str) -> Portal:
        portal = self._row(portal_id)
        if portal_id in self._hidden:
            raise _missing()
        return portal

    async def request_of(self, portal_id: str) -> PortalRequest:
        await self.get(portal_id)
        return self._requests[portal_id]

    async def url_of(self, portal_id: str) -> Secret:
        await self.get(portal_id)
        if portal_id not in self._urls:
            raise LinkUnreadableError("There is no link", "Seam has not answered.")
        return self._urls[portal_id]

    async def customer_keys(self, workspace_id: str, *, limit: int = 500) -> Sequence[str]:
        self._check()
        latest: dict[str, datetime] = {}
        for portal in self._visible(workspace_id, ""):
            known = latest.get(portal.customer_key, portal.requested_at)
            latest[portal.customer_key] = max(known, portal.requested_at)
        by_name = sorted(latest)
        return sorted(by_name, key=lambda key: latest[key], reverse=True)[:limit]

    async def events_of(self, portal_id: str) -> Sequence[PortalEvent]:
        await self.get(portal_id)
        return tuple(sorted(self._events[portal_id], key=lambda event: event.at))

    async def events_by_portal(
        self, portal_ids: Sequence[str]
    ) -> Mapping[str, Sequence[PortalEvent]]:
        self._check()
        visible = [each for each in portal_ids if each in self._portals.keys() - self._hidden]
        return {portal_id: await self.events_of(portal_id) for portal_id in visible}

    async def record_intent(self, portal: Portal, request: PortalRequest) -> None:
        self._check()
        if portal.portal_id in self._portals:
            raise LedgerError("The ledger could not be written", "The id is taken.")
        self._portals[portal.portal_id] = replace(portal, has_url=False)
        self._requests[portal.portal_id] = request
        origin = {"renewed_from": portal.renewed_from} if portal.renewed_from else {}
        self._note(portal.portal_id, portal.requested_at, EventKind.REQUESTED, origin)

    async def record_created(self, portal_id: str, created: CreatedPortal) -> Portal:
        self._refuse_created(portal_id)
        answer = created.customer_portal
        self._urls[portal_id] = answer.url
        self._hidden.discard(portal_id)
        portal = self._change(
            portal_id,
            outcome=Outcome.CREATED,
            created_at=answer.created_at,
            expires_at=answer.expires_at,
            has_url=True,
            url_host=urlsplit(answer.url.reveal()).hostname,
            seam_request_id=created.seam_request_id,
            failure=None,
        )
        at = max(portal.requested_at, answer.created_at)
        self._note(portal_id, at, EventKind.CREATED)
        if portal.renewed_from in self._portals:
            self._change(portal.renewed_from, renewed_to=portal_id)
            link = {"renewed_to": portal_id}
            self._note(portal.renewed_from, self._clock(), EventKind.RENEWED, link)
        return portal

    async def record_failed(
        self, portal_id: str, failure: FailureRecord, *, at: datetime | None = None
    ) -> Portal:
        return self._fail(portal_id, Outcome.FAILED, failure, at)

    async def record_unknown(
        self, portal_id: str, failure: FailureRecord, *, at: datetime | None = None
    ) -> Portal:
        return self._fail(portal_id, Outcome.UNKNOWN, failure, at)

    async def mark_previewed(self, portal_id: str, at: datetime) -> Portal:
        before = self._row(portal_id).previewed_at
        portal = self._change(portal_id, previewed_at=at)
        if before is None or at - before >= PREVIEWS_COUNT_ONCE_WITHIN:
            self._note(portal_id, at, EventKind.PREVIEWED)
        return portal

    async def mark_sent(self, portal_id: str, sent: Sent | None) -> Portal:
        before = self._row(portal_id).sent
        portal = self._change(portal_id, sent=sent)
        if sent is not None:
            detail = {"note": sent.note, "channel": sent.channel.value if sent.channel else ""}
            self._note(portal_id, sent.at, EventKind.SENT, detail, by=sent.by)
        elif before is not None:
            self._note(portal_id, self._clock(), EventKind.SENT_UNDONE)
        return portal

    async def mark_revoked(
        self, portal_id: str, at: datetime, *, elsewhere: bool = False
    ) -> Portal:
        portal = self._row(portal_id)
        if portal.revoked_at is not None:
            return portal
        if elsewhere:
            self._note(portal_id, at, EventKind.REVOKED_ELSEWHERE, by="")
        else:
            self._note(portal_id, at, EventKind.REVOKED)
        return self._change(portal_id, revoked_at=at)

    async def record_sessions(self, sessions: Mapping[str, str]) -> None:
        self._check()
        for portal_id, session_id in sessions.items():
            if portal_id in self._portals:
                self._change(portal_id, client_session_id=session_id)

    async def record_event(
        self, portal_id: str, kind: EventKind, at: datetime, detail: Mapping[str, str] | None = None
    ) -> None:
        self._row(portal_id)
        self._note(portal_id, at, kind, detail)

    async def delete(self, portal_ids: Sequence[str]) -> None:
        self._hidden |= {self._row(portal_id).portal_id for portal_id in portal_ids}

    async def restore(self, portal_ids: Sequence[str]) -> None:
        self._hidden -= {self._row(portal_id).portal_id for portal_id in portal_ids}

    def _check(self) -> None:
        if not self._is_open:
            raise LedgerError("The ledger isn't open", "It is closed.")
        if self.failure is not None:
            raise self.failure

    def _row(self, portal_id: str) -> Portal:
        self._check()
        if portal_id not in self._portals:
            raise _missing()
        return self._portals[portal_id]

    def _visible(self, workspace_id: str, text: str) -> list[Portal]:
        return [
            portal
            for portal in self._portals.values()
            if portal.workspace_id == workspace_id
            and portal.portal_id not in self._hidden
            and fold(text)
            in search_text(portal.customer_key, portal.sent.note if portal.sent else "")
        ]

    def _change(self, portal_id: str, **fields: Any) -> Portal:
        changed = replace(self._row(portal_id), **fields)
        self._portals[portal_id] = changed
        return changed

    def _refuse_created(self, portal_id: str) -> None:
        if self._row(portal_id).outcome is Outcome.CREATED:
            raise LedgerError("This portal has its link already", "The first answer is kept.")

    def _note(
        self,
        portal_id: str,
        at: datetime,
        kind: EventKind,
        detail: Mapping[str, str] | None = None,
        *,
        by: str | None = None,
    ) -> None:
        kept = {name: value for name, value in (detail or {}).items() if value}
        event = PortalEvent(at, kind, self._os_user if by is None else by, kept)
        self._events.setdefault(portal_id, []).append(event)

    def _fail(
        self, portal_id: str, outcome: Outcome, failure: FailureRecord, at: datetime | None
    ) -> Portal:
        self._refuse_created(portal_id)
        self._note(portal_id, at or self._clock(), EventKind(outcome.value), _of(failure))
        return self._change(
            portal_id, outcome=outcome, failure=failure, seam_request_id=failure.seam_request_id
        )


def _of(failure: FailureRecord) -> Mapping[str, str]:
    return {"title": failure.title, "message": failure.message}


def _missing() -> LedgerError:
    return LedgerError("This portal isn't in the ledger", "It may have been deleted.")


def _sort_key(portal: Portal, column: PortalColumn, now: datetime) -> Any:
    match column:
        case PortalColumn.CUSTOMER_KEY:
            return fold(portal.customer_key)
        case PortalColumn.STATUS:
            return _STATUSES.index(portal.status(now))
        case PortalColumn.CREATED:
            return portal.created_at or portal.requested_at
        case PortalColumn.EXPIRES:
            return portal.expires_at
        case PortalColumn.SENT:
            return portal.sent.at if portal.sent else None
        case PortalColumn.WORKSPACE_KIND:
            return portal.workspace_kind.value
