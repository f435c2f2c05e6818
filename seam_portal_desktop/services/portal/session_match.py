"""Decides whether a client session in Seam's list belongs to a link in the ledger."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import chain
from urllib.parse import parse_qs

from seam_portal_desktop.domain.address import read_address
from seam_portal_desktop.domain.errors import LinkUnreadableError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import ClientSession, Ledger
from seam_portal_desktop.domain.secret import Secret

LIST_DELAY = timedelta(minutes=5)
"""A live link may be missing in Seam's list for this long after its creation and before its expiry,
because the list may be updated late."""

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


class SessionIndex:
    """Finds the sessions that may be a link's without a comparison of all links and sessions.

    Make it in a thread: 100,000 sessions take up to a second.
    """

    def __init__(self, sessions: Sequence[ClientSession]) -> None:
        self.by_id: dict[str, ClientSession] = {}
        self.by_token: dict[Secret, ClientSession] = {}
        self._by_start: defaultdict[int, list[ClientSession]] = defaultdict(list)
        self._by_end: defaultdict[int, list[ClientSession]] = defaultdict(list)
        for session in sessions:
            self.by_id[session.client_session_id] = session
            self.by_token[session.token] = session
            self._by_start[_slot(session.created_at)].append(session)
            self._by_end[_slot(session.expires_at)].append(session)

    def possible(self, portal: PortalRecord) -> list[ClientSession]:
        """All sessions for which `match_session` doesn't give NONE, and perhaps others."""
        if portal.client_session_id is not None:
            known = self.by_id.get(portal.client_session_id)
            return [] if known is None else [known]
        found: dict[str, ClientSession] = {}
        for moment, slots in (portal.created_at, self._by_start), (portal.expires_at, self._by_end):
            if moment is None:
                continue
            slot = _slot(moment)
            for session in chain(*(slots.get(slot + step, ()) for step in (-1, 0, 1))):
                found[session.client_session_id] = session
        return list(found.values())


def match_session(
    portal: PortalRecord, token: Secret | None, session: ClientSession
) -> SessionMatch:
    """Whether the session is that of `portal`, which has a link. `token` is as of `token_of`."""
    if portal.client_session_id is not None:
        is_same = portal.client_session_id == session.client_session_id
        return SessionMatch.SURE if is_same else SessionMatch.NONE
    if session.customer_key not in (None, portal.customer_key) or not _is_near(portal, session):
        return SessionMatch.NONE
    if token == session.token or _has_same_end(portal, session):
        return SessionMatch.SURE
    return SessionMatch.NONE if _are_comparable(token, session.token) else SessionMatch.POSSIBLE


def _slot(moment: datetime) -> int:
    """Moments that are near have the same slot or neighbouring ones."""
    return int(moment.timestamp() // _NEAR.total_seconds())


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
