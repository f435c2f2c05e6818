"""Web addresses: their origin, whether they are local, and their masked form. No Qt in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.address import (
    WebAddress,
    bracketed,
    is_loopback,
    read_address,
    scheme_of,
)
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.network.local_addresses import is_local_host

MASK = "••••"

_WEB_SCHEMES = {"https": "https", "http": "http", "wss": "https", "ws": "http"}
_HTTP_PORT = 80
_INERT_SCHEMES = frozenset({"data", "blob"})
_PLAIN_WORD = re.compile(r"[a-z][a-z_-]{1,23}")


class PageSecurity(StrEnum):
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
    security: PageSecurity

    @property
    def text(self) -> str:
        return f"{self.host}{self.path}"


def origin_of(url: str) -> Origin | None:
    """The origin of a web or web socket address, or None for any other address."""
    return _origin(read_address(url))


def page_origin(url: str) -> Origin | None:
    """The origin of a web address, which a page can have; None for any other address."""
    address = read_address(url)
    return _origin(address) if address is not None and address.scheme in ("https", "http") else None


def is_inert(url: str) -> bool:
    """Whether `url` holds its content itself (data:, blob:), so that nothing is requested."""
    return scheme_of(url) in _INERT_SCHEMES


def is_short_link(url: str) -> bool:
    """Whether a portal link is short (https://se.am/…): it only redirects to the portal."""
    address = read_address(url)
    return (
        address is not None
        and address.scheme == "https"
        and not address.query
        and not address.path.startswith("/portals/")
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
    address = read_address(url)
    if address is None:
        return None
    segments = [segment for segment in address.path.split("/") if segment]
    path = ""
    if len(segments) > 1 and _PLAIN_WORD.fullmatch(segments[0]):
        path = f"/{segments[0]}/… {MASK}"
    elif segments:
        path = f"/{MASK}"
    elif address.query:
        path = f"/ {MASK}"
    return MaskedAddress(address.site, path, _security(address))


def address_of(host: str, port: int) -> str:
    """The web address of a host and port."""
    scheme = "http" if port == _HTTP_PORT else "https"
    return f"{scheme}://{bracketed(host)}:{port}/"


def readable_target(url: str) -> str:
    """The name of the target of `url` in a sentence: its host, or the kind of its address."""
    masked = mask_address(url)
    if masked is not None:
        return masked.host
    scheme = scheme_of(url)
    return (
        _("a “{scheme}:” address").format(scheme=scheme)
        if _PLAIN_WORD.fullmatch(scheme)
        else _("an unusual address")
    )


def _security(address: WebAddress) -> PageSecurity:
    if address.scheme in ("https", "wss"):
        return PageSecurity.ENCRYPTED
    return PageSecurity.THIS_MACHINE if is_loopback(address.host) else PageSecurity.NONE


def _origin(address: WebAddress | None) -> Origin | None:
    if address is None:
        return None
    return Origin(_WEB_SCHEMES[address.scheme], address.host, address.port)
