"""Web addresses: their origin, whether they are local, and their masked form. No Qt in here."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from seam_portal_desktop.domain.endpoint import ascii_host, is_loopback

MASK = "••••"

_WEB_SCHEMES = {"https": "https", "http": "http", "wss": "https", "ws": "http"}
_DEFAULT_PORTS = {"https": 443, "http": 80}
_INERT_SCHEMES = frozenset({"data", "blob"})
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_LONGEST_HOST = 253  # in the DNS; an engine's address may have one of two megabytes
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
        name, port = parts.hostname or "", parts.port
        host = ascii_host(name) if len(name) <= _LONGEST_HOST else ""
    except ValueError:
        return None
    if not host:
        return None
    scheme = _WEB_SCHEMES[parts.scheme]
    return Origin(scheme, host, port or _DEFAULT_PORTS[scheme])
