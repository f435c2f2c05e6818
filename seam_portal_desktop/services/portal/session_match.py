"""Decides whether a client session in Seam's list belongs to a link in the ledger."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum, auto
from urllib.parse import parse_qs

from seam_portal_desktop.domain.address import read_address
from seam_portal_desktop.domain.errors import LinkUnreadableError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import ClientSession, Ledger
from seam_portal_desktop.domain.secret import Secret

_NEAR = timedelta(minutes=2)
"""Two of Seam's own times that differ by more than this belong to different links."""

_SAME_MOMENT = timedelta(seconds=5)
"""Seam makes a link and its session within this time."""

_WHOLE_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
"""A token without the characters that hide a part of it."""


class SessionMatch(Enum):
    """Whether a session is a link's. POSSIBLE: it can't be told."""

    SURE = auto()
    POSSIBLE = auto()
    NONE = auto()


def token_in(url: Secret) -> Secret | None:
    """The token of a link. A short link has none."""
    address = read_address(url.reveal())
    tokens = parse_qs(address.query).get("token", []) if address is not None else []
    return Secret(tokens[0]) if len(tokens) == 1 else None


async def token_of(ledger: Ledger, portal: PortalRecord) -> Secret | None:
    """The token in the link's URL; None if it has none or can't be read."""
    try:
        return token_in(await ledger.url_of(portal.portal_id))
    except LinkUnreadableError:
        return None


async def match_session(
    ledger: Ledger, portal: PortalRecord, session: ClientSession
) -> SessionMatch:
    """Whether the session is that of `portal`, which has a link. Raises LedgerError."""
    if portal.client_session_id is not None:
        is_same = portal.client_session_id == session.client_session_id
        return SessionMatch.SURE if is_same else SessionMatch.NONE
    if session.customer_key not in (None, portal.customer_key) or not _is_near(portal, session):
        return SessionMatch.NONE
    token = await token_of(ledger, portal)
    if token == session.token or _has_same_end(portal, session):
        return SessionMatch.SURE
    return SessionMatch.NONE if _are_comparable(token, session.token) else SessionMatch.POSSIBLE


def _is_near(portal: PortalRecord, session: ClientSession) -> bool:
    """Whether Seam's times allow it. A link to a reservation has only its end from Seam."""
    pairs = (portal.created_at, session.created_at), (portal.expires_at, session.expires_at)
    return any(ours is not None and abs(ours - theirs) <= _NEAR for ours, theirs in pairs)


def _has_same_end(portal: PortalRecord, session: ClientSession) -> bool:
    """Whether customer and end are equal, the end to the fraction of a second."""
    return (
        session.customer_key == portal.customer_key
        and session.expires_at == portal.expires_at
        and session.expires_at.microsecond != 0
        and portal.created_at is not None
        and abs(session.created_at - portal.created_at) <= _SAME_MOMENT
    )


def _are_comparable(ours: Secret | None, listed: Secret) -> bool:
    """Whether both have one form. Seam's list may hide tokens or a part of them."""
    if ours is None or len(ours.reveal()) != len(listed.reveal()):
        return False
    return _WHOLE_TOKEN.fullmatch(listed.reveal()) is not None
