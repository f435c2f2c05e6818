"""Where a previewed page may go and what it may fetch. No Qt in here."""

from __future__ import annotations

from enum import StrEnum

from seam_portal_desktop.domain.address import parse_link
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.network.local_addresses import is_local_host
from seam_portal_desktop.ui.preview.security.addresses import (
    Origin,
    is_inert,
    is_short_link,
    origin_of,
    page_origin,
)

_EMPTY_ADDRESSES = frozenset({"", "about:blank"})
_FRAME_ADDRESSES = frozenset({"about:blank", "about:srcdoc"})


class Verdict(StrEnum):
    """What to do with a navigation."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class PortalRules:
    """The rules for one previewed link.

    ``home`` is the portal's own origin: at first the link's. The redirects of a short link
    (https://se.am/…) are followed while it opens, and the last origin becomes ``home``. Every
    other link must stay at its own origin.
    """

    def __init__(self, url: Secret | None = None) -> None:
        """Without `url` no origin is home until `set_link`. Raises InvalidLinkError."""
        self.home = Origin("", "", 0)
        self._may_redirect = False
        if url is not None:
            self.set_link(url)

    def set_link(self, url: Secret) -> Secret:
        """The link as browsers write it: load that one.

        Raises InvalidLinkError for a link that must not be opened here at all (see `parse_link`).
        """
        link = parse_link(url.reveal())
        self.home = Origin(link.scheme, link.host, link.port)
        self._may_redirect = is_short_link(link.text)
        return Secret(link.text)

    def landed(self, url: str) -> None:
        """The opening ended at `url`. Its origin becomes home; further redirects must ask."""
        landed = origin_of(url)
        if landed is not None and self._may_redirect:
            self.home = landed
        self._may_redirect = False

    def is_home(self, url: str) -> bool:
        return origin_of(url) == self.home

    def judge(self, url: str, *, main_frame: bool, redirect: bool = False) -> Verdict:
        """Whether the page may go to `url`. `redirect` means that the server sent it there."""
        if not main_frame:
            allowed = url in _FRAME_ADDRESSES or self.may_fetch(url)
            return Verdict.ALLOW if allowed else Verdict.REFUSE
        target = page_origin(url)
        if target == self.home:
            return Verdict.ALLOW
        if not _is_public(target):
            return Verdict.REFUSE
        followed = redirect and self._may_redirect
        return Verdict.ALLOW if followed else Verdict.ASK

    def may_fetch_for(self, initiator: str, url: str) -> bool:
        """Whether `initiator`, an origin, may fetch `url`, given that `may_fetch` allows it.

        A portal inside the user's own network (the sandbox) is the only local address that may be
        fetched. Only the portal itself may fetch it: no public page in a pop-up or frame.
        """
        if not is_local_host(self.home.host) or not self.is_home(url):
            return True
        return self.is_home(initiator)

    def may_fetch(self, url: str) -> bool:
        """Whether the page may load `url` as a part of itself (script, image, frame, socket…).

        A public host is allowed only over TLS. An address inside the user's own network is allowed
        only at the portal's own origin. So a page can't reach devices that only this machine can
        reach.
        """
        target = origin_of(url)
        return is_inert(url) or target == self.home or _is_public(target)


class PopupRules:
    """The rules inside of a pop-up: any public host over TLS, since a sign-in uses several.

    The pop-up's address bar shows each of them. The portal's own origin, where a sign-in ends, is
    allowed too.
    """

    def __init__(self, portal: PortalRules) -> None:
        self._portal = portal

    def judge(self, url: str, *, main_frame: bool, redirect: bool = False) -> Verdict:
        """Whether the pop-up may go to `url`; it never asks."""
        if not main_frame:
            return self._portal.judge(url, main_frame=False, redirect=redirect)
        target = page_origin(url)
        allowed = target is not None and (_is_public(target) or target == self._portal.home)
        return Verdict.ALLOW if allowed else Verdict.REFUSE

    def is_public(self, url: str) -> bool:
        """Whether `url` is a public page over TLS and not the portal's own."""
        return _is_public(origin_of(url)) and not self._portal.is_home(url)

    def judge_opening(self, url: str) -> Verdict:
        """Whether a pop-up may open with `url`. The page fills an empty pop-up afterwards."""
        if url in _EMPTY_ADDRESSES:
            return Verdict.ALLOW
        return self.judge(url, main_frame=True)


def _is_public(origin: Origin | None) -> bool:
    return origin is not None and origin.scheme == "https" and not is_local_host(origin.host)
