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
from seam_portal_desktop.domain.portal_query import PortalColumn, PortalPage, PortalQuery
from seam_portal_desktop.domain.portal_request import PortalRequest
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.secret import Secret

_STATUSES = list(PortalStatus)


class MemoryLedger:
    """Ledger for tests of services and presenters: no thread, no file, no keyring.

    ``failure``, when a test sets it, is what every call but open and close then raises.
    """

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
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
        self._is_open = True

    async def close(self) -> None:
        if self._is_open:
            for portal_id in self._hidden:
                if self._portals[portal_id].outcome is not Outcome.REQUESTED:
                    for kept in (self._portals, self._requests, self._urls):
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

    async def record_intent(self, portal: Portal, request: PortalRequest) -> None:
        self._check()
        if portal.portal_id in self._portals:
            raise LedgerError("The ledger could not be written", "The id is taken.")
        self._portals[portal.portal_id] = replace(portal, has_url=False)
        self._requests[portal.portal_id] = request

    async def record_created(self, portal_id: str, created: CreatedPortal) -> Portal:
        self._refuse_created(portal_id)
        answer = created.customer_portal
        self._urls[portal_id] = answer.url
        self._hidden.discard(portal_id)
        return self._change(
            portal_id,
            outcome=Outcome.CREATED,
            created_at=answer.created_at,
            expires_at=answer.expires_at,
            has_url=True,
            url_host=urlsplit(answer.url.reveal()).hostname,
            seam_request_id=created.seam_request_id,
            failure=None,
        )

    async def record_failed(self, portal_id: str, failure: FailureRecord) -> Portal:
        return self._fail(portal_id, Outcome.FAILED, failure)

    async def record_unknown(self, portal_id: str, failure: FailureRecord) -> Portal:
        return self._fail(portal_id, Outcome.UNKNOWN, failure)

    async def mark_previewed(self, portal_id: str, at: datetime) -> Portal:
        return self._change(portal_id, previewed_at=at)

    async def mark_sent(self, portal_id: str, sent: Sent | None) -> Portal:
        return self._change(portal_id, sent=sent)

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

    def _fail(self, portal_id: str, outcome: Outcome, failure: FailureRecord) -> Portal:
        self._refuse_created(portal_id)
        return self._change(
            portal_id, outcome=outcome, failure=failure, seam_request_id=failure.seam_request_id
        )


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
