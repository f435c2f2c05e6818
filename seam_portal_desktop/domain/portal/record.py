"""A generated Customer Portal as the ledger knows it, and what can be said of it at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seam_portal_desktop.domain.preview.report import CheckLevel
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceKind

LINK_LIFETIME = timedelta(days=7)
"""How long Seam keeps a portal link alive."""

EXPIRING_WITHIN = timedelta(hours=24)
"""How close to its end a link counts as expiring."""


class Outcome(StrEnum):
    """What is known of the call that was to create the portal."""

    REQUESTED = "requested"
    CREATED = "created"
    FAILED = "failed"
    UNKNOWN = "unknown"


class PortalKind(StrEnum):
    """What the link opens: a customer's portal, one reservation in it, or a portal's read-only
    twin, which was made to be looked at and is never sent."""

    PORTAL = "portal"
    RESERVATION_DEEP_LINK = "reservation_deep_link"
    SAFE_PREVIEW = "preview_twin"


class PortalStatus(StrEnum):
    """What the table shows; derived from the row and the clock, never stored."""

    REQUESTED = "requested"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REVOKED = "revoked"


LIVE_STATUSES = frozenset({PortalStatus.ACTIVE, PortalStatus.EXPIRING})
"""The link opens the customer's portal, as far as is known here."""


class Channel(StrEnum):
    """How a link reached the customer."""

    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CustomerPortal:
    """The service's answer to create_portal (source: contract schema ``customer_portal``)."""

    url: Secret
    customer_key: str
    workspace_id: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """That a link was handed to the customer: when, by which OS user, how, with what note."""

    at: datetime
    by: str
    channel: Channel | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """Why a row failed or is unknown; all of it fit for showing and for a log."""

    title: str
    message: str
    seam_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class PortalRecord:
    """One row of the ledger, without its URL (ask the ledger for that) and its request.

    Times are aware, in UTC. ``created_at`` and ``expires_at`` are the service's own and None
    until it answered. ``has_url`` says that an encrypted URL is kept. ``renewed_from`` and
    ``renewed_to`` are the portal_ids of the link that this one follows and of the one that follows
    it; such a row may have been deleted since. ``client_session_id`` is the link's session in
    Seam, once it was seen there. ``preview_of`` is the portal_id of the portal
    whose safe preview this row is.
    ``preview_verdict`` is the newest preview's, once there was one that ran its checks, and
    ``preview_concerns`` are the sentences of that report's concerns, each one line.
    """

    portal_id: str
    workspace_id: str
    workspace_kind: WorkspaceKind
    customer_key: str
    outcome: Outcome
    requested_at: datetime
    created_at: datetime | None = None
    expires_at: datetime | None = None
    has_url: bool = False
    url_host: str | None = None
    seam_request_id: str | None = None
    failure: FailureRecord | None = None
    previewed_at: datetime | None = None
    sent: Sent | None = None
    revoked_at: datetime | None = None
    kind: PortalKind = PortalKind.PORTAL
    renewed_from: str | None = None
    renewed_to: str | None = None
    client_session_id: str | None = None
    preview_of: str | None = None
    preview_verdict: CheckLevel | None = None
    preview_concerns: tuple[str, ...] = ()

    def status(self, now: datetime) -> PortalStatus:
        if self.outcome is not Outcome.CREATED:
            return PortalStatus(self.outcome.value)
        if self.revoked_at is not None:
            return PortalStatus.REVOKED
        if self.expires_at is None or now >= self.expires_at:
            return PortalStatus.EXPIRED
        if now >= self.expires_at - EXPIRING_WITHIN:
            return PortalStatus.EXPIRING
        return PortalStatus.ACTIVE

    def is_live(self, now: datetime) -> bool:
        """Whether the link opens the customer's portal at `now`, as far as is known here."""
        return self.status(now) in LIVE_STATUSES

    def next_change(self, now: datetime) -> datetime | None:
        """When the status will next change by time alone; None when it will not."""
        if not self.is_live(now) or self.expires_at is None:
            return None
        soon = self.expires_at - EXPIRING_WITHIN
        return soon if now < soon else self.expires_at
