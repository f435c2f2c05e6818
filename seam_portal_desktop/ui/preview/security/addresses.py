"""Web addresses: their origin, whether they are local, and their masked form. No Qt in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from seam_portal_desktop.domain.endpoint import ascii_host, is_loopback
from seam_portal_desktop.ui.preview.network.local_addresses import is_local_host

MASK = "••••"

_WEB_SCHEMES = {"https": "https", "http": "http", "wss": "https", "ws": "http"}
_DEFAULT_PORTS = {"https": 443, "http": 80}
_INERT_SCHEMES = frozenset({"data", "blob"})
_PLAIN_WORD = re.compile(r"[a-z][a-z_-]{1,23}")


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


def origin_of(url: str) -> Origin | None:
    """The origin of a web or web socket address, or None for any other address."""
    return _origin(_split(url))


def page_origin(url: str) -> Origin | None:
    """The origin of a web address, which a page can have; None for any other address."""
    parts = _split(url)
    return _origin(parts) if parts is not None and parts.scheme in _DEFAULT_PORTS else None


def is_inert(url: str) -> bool:
    """Whether `url` holds its content itself (data:, blob:), so that nothing is requested."""
    parts = _split(url)
    return parts is not None and parts.scheme in _INERT_SCHEMES


def is_short_link(url: str) -> bool:
    """Whether a portal link is short (https://se.am/…): it only redirects to the portal."""
    parts = _split(url)
    return (
        parts is not None
        and parts.scheme == "https"
        and not parts.query
        and not parts.path.startswith("/portals/")
    )


def is_local_address(url: str) -> bool:
    """Whether `url` is a web address that names this machine or a private network."""
    origin = origin_of(url)
    return origin is not None and is_local_host(origin.host)


def mask_address(url: str) -> MaskedAddress | None:
    """The form of a web address that may be shown, or None for any other address.

    A host that isn't plain ASCII comes in punycode, so that look-alike letters can't pass for
    others. The first path segment stays readable if it is an ordinary word. The rest of the path
    and the query are masked: they can hold the token or a short link's whole secret.
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


def address_of(host: str, port: int) -> str:
    """The web address of a host and port."""
    shown = f"[{host}]" if ":" in host else host
    scheme = "http" if port == _DEFAULT_PORTS["http"] else "https"
    return f"{scheme}://{shown}:{port}/"


def readable_target(url: str) -> str:
    """The name of the target of `url` in a sentence: its host, or the kind of its address."""
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
