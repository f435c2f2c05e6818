"""The Ledger port in memory, held to the same contract tests as the real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from seam_portal_desktop.adapters.ledger.rows import fold, search_text
from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError
from seam_portal_desktop.domain.portal.event import (
    PREVIEWS_COUNT_ONCE_WITHIN,
    EventKind,
    PortalEvent,
)
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery, RecordPage
from seam_portal_desktop.domain.portal.record import (
    FailureRecord,
    Outcome,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.preview.report import (
    Attachment,
    CheckLevel,
    PreviewMode,
    StoredReport,
)
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.secret import Secret

_STATUSES = list(PortalStatus)
_LEVELS = list(CheckLevel)


class MemoryLedger:
    """Ledger for tests of services and presenters: no thread, no file, no keyring.

    ``failure``, when a test sets it, is what every call but open and close then raises.
    """

    def __init__(self, clock: Clock = system_clock, *, os_user: str = "") -> None:
        self._clock = clock
        self._os_user = os_user
        self._events: dict[str, list[PortalEvent]] = {}
        self._portals: dict[str, PortalRecord] = {}
        self._requests: dict[str, PortalRequest] = {}
        self._urls: dict[str, Secret] = {}
        self._reports: dict[str, StoredReport] = {}
        self._evidence: dict[str, tuple[Attachment, bytes]] = {}
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
                    self._erase(portal_id)
            now = self._clock()
            for portal in list(self._portals.values()):
                over = (PortalStatus.FAILED, PortalStatus.REVOKED, PortalStatus.EXPIRED)
                is_orphan = portal.preview_of is not None and portal.preview_of not in self._portals
                if is_orphan and portal.status(now) in over:
                    self._erase(portal.portal_id)
            self._is_open = False

    async def find(
        self, query: PortalQuery, *, now: datetime, offset: int = 0, limit: int = 1000
    ) -> RecordPage:
        self._check()
        rows = [
            portal
            for portal in self._visible(
                query.workspace_id, query.text, safe_previews=query.safe_previews
            )
            if not query.statuses or portal.status(now) in query.statuses
        ]
        rows.sort(key=lambda portal: portal.portal_id)
        rows.sort(key=lambda portal: portal.requested_at, reverse=True)
        for key in reversed(_sort_keys(query.sort, now)):
            keyed = [(key(portal), portal) for portal in rows]
            valued = [pair for pair in keyed if pair[0] is not None]
            valued.sort(key=lambda pair: pair[0], reverse=query.descending)
            rows = [portal for _, portal in valued]
            rows += [portal for value, portal in keyed if value is None]
        return RecordPage(tuple(rows[offset : offset + limit]), offset, len(rows))

    async def counts(
        self, workspace_id: str, *, text: str = "", now: datetime
    ) -> Mapping[PortalStatus, int]:
        self._check()
        return dict(Counter(row.status(now) for row in self._visible(workspace_id, text)))

    async def get(self, portal_id: str) -> PortalRecord:
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

    async def record_intent(self, portal: PortalRecord, request: PortalRequest) -> None:
        self._check()
        if portal.portal_id in self._portals:
            raise LedgerError("The ledger could not be written", "The id is taken.")
        self._portals[portal.portal_id] = replace(portal, has_url=False)
        self._requests[portal.portal_id] = request
        origin = {"renewed_from": portal.renewed_from} if portal.renewed_from else {}
        self._note(portal.portal_id, portal.requested_at, EventKind.REQUESTED, origin)

    async def record_created(self, portal_id: str, created: CreatedPortal) -> PortalRecord:
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
    ) -> PortalRecord:
        return self._fail(portal_id, Outcome.FAILED, failure, at)

    async def record_unknown(
        self, portal_id: str, failure: FailureRecord, *, at: datetime | None = None
    ) -> PortalRecord:
        return self._fail(portal_id, Outcome.UNKNOWN, failure, at)

    async def mark_previewed(
        self, portal_id: str, at: datetime, mode: PreviewMode = PreviewMode.LIVE
    ) -> PortalRecord:
        before = self._row(portal_id).previewed_at
        portal = self._change(portal_id, previewed_at=at)
        told = [each for each in self._events[portal_id] if each.kind is EventKind.PREVIEWED]
        detail = {"mode": mode.value}
        again = before is not None and at - before < PREVIEWS_COUNT_ONCE_WITHIN
        if not (again and told and max(told, key=lambda each: each.at).detail == detail):
            self._note(portal_id, at, EventKind.PREVIEWED, detail)
        return portal

    async def mark_sent(self, portal_id: str, sent: Sent | None) -> PortalRecord:
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
    ) -> PortalRecord:
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

    async def record_report(self, portal_id: str, stored: StoredReport) -> PortalRecord:
        report = stored.report
        concerns = tuple(finding.sentence for finding in report.concerns)
        portal = self._change(portal_id, preview_verdict=report.verdict, preview_concerns=concerns)
        self._reports[portal_id] = stored
        found = [each for each in self._events[portal_id] if each.kind is EventKind.CHECKED][-1:]
        detail = {"found": report.headline}
        known = [each for each in found if each.detail == detail]
        if not known or report.at - known[0].at >= PREVIEWS_COUNT_ONCE_WITHIN:
            self._note(portal_id, report.at, EventKind.CHECKED, detail)
        return portal

    async def report_of(self, portal_id: str) -> StoredReport | None:
        await self.get(portal_id)
        return self._reports.get(portal_id)

    async def attach(self, evidence: Attachment, content: bytes) -> None:
        self._row(evidence.portal_id)
        if evidence.attachment_id in self._evidence:
            raise LedgerError("The ledger could not be written", "The id is taken.")
        self._evidence[evidence.attachment_id] = (evidence, content)

    async def attachments_of(self, portal_id: str) -> Sequence[Attachment]:
        await self.get(portal_id)
        pieces = [piece for piece, _ in self._evidence.values() if piece.portal_id == portal_id]
        return tuple(sorted(pieces, key=lambda piece: (piece.at, piece.attachment_id)))

    async def attachment_content(self, attachment_id: str) -> bytes:
        self._check()
        piece, content = self._evidence.get(attachment_id, (None, b""))
        if piece is None or piece.portal_id in self._hidden:
            raise LedgerError("This isn't attached any more", "It, or its portal, was deleted.")
        return content

    async def detach(self, attachment_id: str) -> None:
        self._check()
        self._evidence.pop(attachment_id, None)

    async def delete(self, portal_ids: Sequence[str]) -> None:
        self._hidden |= {self._row(portal_id).portal_id for portal_id in portal_ids}

    async def restore(self, portal_ids: Sequence[str]) -> None:
        self._hidden -= {self._row(portal_id).portal_id for portal_id in portal_ids}

    def _check(self) -> None:
        if not self._is_open:
            raise LedgerError("The ledger isn't open", "It is closed.")
        if self.failure is not None:
            raise self.failure

    def _row(self, portal_id: str) -> PortalRecord:
        self._check()
        if portal_id not in self._portals:
            raise _missing()
        return self._portals[portal_id]

    def _erase(self, portal_id: str) -> None:
        for kept in (self._portals, self._requests, self._urls, self._events, self._reports):
            kept.pop(portal_id, None)
        for attachment_id, (piece, _) in list(self._evidence.items()):
            if piece.portal_id == portal_id:
                del self._evidence[attachment_id]

    def _visible(
        self, workspace_id: str, text: str, *, safe_previews: bool = False
    ) -> list[PortalRecord]:
        return [
            portal
            for portal in self._portals.values()
            if portal.workspace_id == workspace_id
            and portal.portal_id not in self._hidden
            and (portal.preview_of is not None) is safe_previews
            and fold(text)
            in search_text(portal.customer_key, portal.sent.note if portal.sent else "")
        ]

    def _change(self, portal_id: str, **fields: Any) -> PortalRecord:
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
    ) -> PortalRecord:
        self._refuse_created(portal_id)
        self._note(portal_id, at or self._clock(), EventKind(outcome.value), _of(failure))
        return self._change(
            portal_id, outcome=outcome, failure=failure, seam_request_id=failure.seam_request_id
        )


def _of(failure: FailureRecord) -> Mapping[str, str]:
    return {"title": failure.title, "message": failure.message}


def _missing() -> LedgerError:
    return LedgerError("This portal isn't in the ledger", "It may have been deleted.")


def _sort_keys(column: PortalColumn, now: datetime) -> Sequence[Callable[[PortalRecord], Any]]:
    keys: dict[PortalColumn, list[Callable[[PortalRecord], Any]]] = {
        PortalColumn.CUSTOMER_KEY: [lambda portal: fold(portal.customer_key)],
        PortalColumn.STATUS: [lambda portal: _STATUSES.index(portal.status(now))],
        PortalColumn.CREATED: [lambda portal: portal.created_at or portal.requested_at],
        PortalColumn.EXPIRES: [lambda portal: portal.expires_at],
        PortalColumn.PREVIEW: [
            lambda portal: portal.preview_verdict and _LEVELS.index(portal.preview_verdict),
            lambda portal: portal.previewed_at,
        ],
        PortalColumn.SENT: [lambda portal: portal.sent.at if portal.sent else None],
        PortalColumn.WORKSPACE_KIND: [lambda portal: portal.workspace_kind.value],
    }
    return keys[column]
