"""The ledger's record of a Customer Portal, with its status at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from seam_portal_desktop.domain.message.delivery import DeliveryState, SendChannel

LINK_LIFETIME = timedelta(days=7)
"""How long Seam keeps a portal link alive."""

EXPIRING_WITHIN = timedelta(hours=24)
"""A link that ends within this time has the status expiring."""


class SafePreviewNotSendableError(UserFacingError):
    """The link of a safe preview was to be copied, opened, sent, renewed or exported."""


class Outcome(StrEnum):
    """The result of the call that asked Seam for the portal. DAMAGED: the ledger's row has a value
    that can't be read, so nothing is done with its link. The record has what could be read."""

    REQUESTED = "requested"
    CREATED = "created"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DAMAGED = "damaged"


class PortalKind(StrEnum):
    """What the link opens: a customer's portal, one reservation in it, or a read-only copy of a
    portal, which is only previewed and never sent."""

    PORTAL = "portal"
    RESERVATION_DEEP_LINK = "reservation_deep_link"
    SAFE_PREVIEW = "preview_twin"


class PortalStatus(StrEnum):
    """The status that the table shows. It follows from the record and the clock."""

    REQUESTED = "requested"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    DAMAGED = "damaged"


LIVE_STATUSES = frozenset({PortalStatus.ACTIVE, PortalStatus.EXPIRING})
"""The statuses of links that open the customer's portal, as far as the ledger knows."""


class LinkState(StrEnum):
    """Whether the program can read its copy of a link. The link itself works in any case.

    UNTIL_QUIT: in this run only, because the keyring doesn't have the key. NOT_KEPT: that run is
    over. KEY_GONE: the keyring no longer has the key. While that isn't known, the state is KEPT.
    """

    KEPT = "kept"
    UNTIL_QUIT = "until_quit"
    NOT_KEPT = "not_kept"
    KEY_GONE = "key_gone"


class Channel(StrEnum):
    """How a link reached the customer."""

    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CustomerPortal:
    """Seam's answer to create_portal (source: contract schema ``customer_portal``).

    ``customer_key`` and ``workspace_id`` are None if the answer doesn't name them.
    """

    url: Secret
    customer_key: str | None
    workspace_id: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The link was sent to the customer: when, by which OS user, how, and a note.

    ``note`` is None if there is a note that can't be decrypted now.
    """

    at: datetime
    by: str
    channel: Channel | None = None
    note: str | None = ""


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """Why a record failed or is unknown. It holds no secret."""

    title: str
    message: str
    seam_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class PortalRecord:
    """One row of the ledger, without its URL and its request, which the ledger returns itself.

    Times are aware, in UTC. ``created_at`` and ``expires_at`` are Seam's, and None until Seam
    answered. ``has_url``: the ledger has an encrypted URL, and ``link_state`` says whether it can
    be read. ``renewed_from`` and ``renewed_to`` are the portal_ids of the record before and after
    a renewal, which may be deleted.
    ``client_session_id`` is the link's session in Seam, if it is known. ``preview_of`` is the
    portal_id of the portal whose safe preview this record is. ``preview_verdict`` and
    ``preview_concerns`` (one line each) are from the newest report of the preview's checks.
    ``customer_name`` and ``tags`` are our own for the customer (see CustomerDetails). They are
    empty if there are none, or none that can be decrypted now.
    ``created_by`` is the OS user who asked for the link, and ``preset`` the name that the preset of
    its form had then. Both are empty if there is none, or if it isn't known.
    ``delivery_state`` and ``delivery_channel`` are those of the newest delivery that wasn't undone.
    ``delivered_to`` has its recipients' addresses, if they can be decrypted now.
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
    link_state: LinkState = LinkState.KEPT
    customer_name: str = ""
    tags: tuple[str, ...] = ()
    created_by: str = ""
    preset: str = ""
    delivery_state: DeliveryState | None = None
    delivery_channel: SendChannel | None = None
    delivered_to: tuple[str, ...] = field(default=(), repr=False)

    @property
    def has_readable_url(self) -> bool:
        """Whether the link can be copied and shown, as far as it is known."""
        return self.has_url and self.link_state in (LinkState.KEPT, LinkState.UNTIL_QUIT)

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

    def check_sendable(self) -> None:
        """Raises SafePreviewNotSendableError for a safe preview."""
        if self.kind is PortalKind.SAFE_PREVIEW:
            raise SafePreviewNotSendableError(
                _("This link is only for a safe preview."),
                _(
                    "It is read-only and ends with the preview, so it is never copied, opened, "
                    "sent, renewed or exported. Use the portal’s own link."
                ),
            )

    def is_live(self, now: datetime) -> bool:
        """Whether the link opens the customer's portal at `now`, as far as the ledger knows."""
        return self.status(now) in LIVE_STATUSES

    def next_change(self, now: datetime) -> datetime | None:
        """When the status changes next by time alone, or None."""
        if not self.is_live(now) or self.expires_at is None:
            return None
        soon = self.expires_at - EXPIRING_WITHIN
        return soon if now < soon else self.expires_at


_PAIR = 2


def can_be_compared(portals: Sequence[PortalRecord], now: datetime) -> bool:
    """Whether the previews of these portals are shown beside each other."""
    return len(portals) == _PAIR and all(portal.is_live(now) for portal in portals)
