"""What a previewed page may go to and fetch, and how its address is shown. No Qt in here."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from seam_portal_desktop.domain.endpoint import ascii_host, is_loopback
from seam_portal_desktop.domain.secret import Secret

MASK = "••••"

_WEB_SCHEMES = {"https": "https", "http": "http", "wss": "https", "ws": "http"}
_DEFAULT_PORTS = {"https": 443, "http": 80}
_INERT_SCHEMES = frozenset({"data", "blob"})
_EMPTY_ADDRESSES = frozenset({"", "about:blank"})
_FRAME_ADDRESSES = frozenset({"about:blank", "about:srcdoc"})
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_PLAIN_WORD = re.compile(r"[a-z][a-z_-]{1,23}")


class Verdict(StrEnum):
    """What to do with a navigation."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class Security(StrEnum):
    """How the connection to a shown address is protected."""

    ENCRYPTED = "encrypted"
    THIS_MACHINE = "this_machine"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme (https or http), host in ASCII lower case without brackets, and port."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class MaskedAddress:
    """An address fit for showing and copying: host, then a path without anything secret."""

    host: str
    path: str
    security: Security

    @property
    def text(self) -> str:
        return f"{self.host}{self.path}"


class InvalidPortalUrlError(ValueError):
    """The link is neither https nor http on this machine. The text never holds the link."""


class PortalRules:
    """The rules for one previewed link.

    ``home`` is the origin that counts as the portal's own. It starts as the link's origin. A
    short link (https://se.am/…) has its redirects followed while it opens, and the origin where
    it lands becomes home; every other link must stay where it points.
    """

    def __init__(self, url: Secret | None = None) -> None:
        """Without `url` no origin is home until `set_link`. Raises what that raises."""
        self.home = Origin("", "", 0)
        self._may_redirect = False
        if url is not None:
            self.set_link(url)

    def set_link(self, url: Secret) -> None:
        """Raises InvalidPortalUrlError for a link that must not be opened here at all."""
        parts = _split(url.reveal())
        home = _origin(parts)
        if home is None or (home.scheme == "http" and not is_loopback(home.host)):
            raise InvalidPortalUrlError("A portal link must start with https://.")
        self.home = home
        self._may_redirect = (
            home.scheme == "https"
            and parts is not None
            and not parts.query
            and not parts.path.startswith("/portals/")
        )

    def landed(self, url: str) -> None:
        """The opening ended at `url`: from now on its origin is home and redirects must ask."""
        landed = _origin(_split(url))
        if landed is not None and self._may_redirect:
            self.home = landed
        self._may_redirect = False

    def is_home(self, url: str) -> bool:
        return _origin(_split(url)) == self.home

    def judge(self, url: str, *, main_frame: bool, redirect: bool = False) -> Verdict:
        """Whether the page may go to `url`. `redirect` means by the server, not by the page."""
        if not main_frame:
            allowed = url in _FRAME_ADDRESSES or self.may_fetch(url)
            return Verdict.ALLOW if allowed else Verdict.REFUSE
        parts = _split(url)
        target = _origin(parts) if parts is not None and parts.scheme in _DEFAULT_PORTS else None
        if target == self.home:
            return Verdict.ALLOW
        if target is None or is_local_host(target.host):
            return Verdict.REFUSE
        followed = redirect and self._may_redirect and target.scheme == "https"
        return Verdict.ALLOW if followed else Verdict.ASK

    def may_fetch_for(self, asker: str, url: str) -> bool:
        """Whether `url`, which may be fetched, may be so on behalf of `asker`, an origin.

        A portal inside the user's own network (the sandbox) is the only local address that may be
        fetched, and it may only be fetched by itself: not by a public page in a pop-up or frame.
        """
        if not is_local_host(self.home.host) or _origin(_split(url)) != self.home:
            return True
        return self.is_home(asker)

    def may_fetch(self, url: str) -> bool:
        """Whether the page may load `url` as a part of itself (script, image, frame, socket…).

        Public hosts only over TLS; addresses inside the user's own network only if they are the
        portal's own origin, so that a page can't reach devices that only this machine can see.
        """
        parts = _split(url)
        if parts is None:
            return False
        if parts.scheme in _INERT_SCHEMES:
            return True
        target = _origin(parts)
        if target is None:
            return False
        return target == self.home or (target.scheme == "https" and not is_local_host(target.host))


class PopUpRules:
    """The rules inside of a pop-up: any public host over TLS, since signing in leads over several.

    Each of them is shown in the pop-up's address line. The portal's own origin is allowed too,
    where such a journey ends.
    """

    def __init__(self, portal: PortalRules) -> None:
        self._portal = portal

    def judge(self, url: str, *, main_frame: bool, redirect: bool = False) -> Verdict:
        """Whether the pop-up may go to `url`; it never asks."""
        if not main_frame:
            return self._portal.judge(url, main_frame=False, redirect=redirect)
        parts = _split(url)
        target = _origin(parts) if parts is not None and parts.scheme in _DEFAULT_PORTS else None
        if target is None:
            return Verdict.REFUSE
        public = target.scheme == "https" and not is_local_host(target.host)
        return Verdict.ALLOW if public or target == self._portal.home else Verdict.REFUSE

    def is_public(self, url: str) -> bool:
        """Whether `url` is a page of somebody else, to be had over TLS by everybody."""
        target = _origin(_split(url))
        if target is None or target == self._portal.home:
            return False
        return target.scheme == "https" and not is_local_host(target.host)

    def judge_opening(self, url: str) -> Verdict:
        """Whether a pop-up may open with `url`. Empty ones are filled by the page afterwards."""
        if url in _EMPTY_ADDRESSES:
            return Verdict.ALLOW
        return self.judge(url, main_frame=True)


def is_local_host(host: str) -> bool:
    """Whether `host` names this machine or something only a private network can reach."""
    host = host.rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_SUFFIXES)
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


def is_local_address(url: str) -> bool:
    """Whether `url` is a web address that names this machine or a private network."""
    origin = _origin(_split(url))
    return origin is not None and is_local_host(origin.host)


def mask_address(url: str) -> MaskedAddress | None:
    """The showable form of a web address, or None when it is not one.

    A host that isn't plain ASCII comes in punycode, so that look-alike letters can't pass for
    others. Only a first path segment that is an ordinary word stays readable; the rest of the
    path and the query can hold the token, or be the short link's whole secret.
    """
    parts = _split(url)
    origin = _origin(parts)
    if parts is None or origin is None:
        return None
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    if origin.port != _DEFAULT_PORTS[origin.scheme]:
        host = f"{host}:{origin.port}"
    segments = [segment for segment in parts.path.split("/") if segment]
    path = ""
    if len(segments) > 1 and _PLAIN_WORD.fullmatch(segments[0]):
        path = f"/{segments[0]}/… {MASK}"
    elif segments:
        path = f"/{MASK}"
    elif parts.query:
        path = f"/ {MASK}"
    return MaskedAddress(host, path, _security(origin))


def readable_target(url: str) -> str:
    """What to call the place that `url` leads to: a host, or the kind of link it is."""
    masked = mask_address(url)
    if masked is not None:
        return masked.host
    parts = _split(url)
    scheme = parts.scheme if parts is not None else ""
    return f"a “{scheme}:” address" if _PLAIN_WORD.fullmatch(scheme) else "an unusual address"


def _security(origin: Origin) -> Security:
    if origin.scheme == "https":
        return Security.ENCRYPTED
    return Security.THIS_MACHINE if is_loopback(origin.host) else Security.NONE


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _origin(parts: SplitResult | None) -> Origin | None:
    if parts is None or parts.scheme not in _WEB_SCHEMES:
        return None
    try:
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if not host:
        return None
    scheme = _WEB_SCHEMES[parts.scheme]
    return Origin(scheme, host, port or _DEFAULT_PORTS[scheme])
