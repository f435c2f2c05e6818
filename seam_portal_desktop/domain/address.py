"""Web addresses, as browsers read them.

`can_ada` is Ada, an implementation of the WHATWG URL Standard. Chromium follows the same standard;
tests/ui/preview/test_preview_addresses.py compares the two. Host names are mapped by UTS 46,
non-transitional: a browser opens xn--strae-oqa.example for straße.example.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    import can_ada

_DEFAULT_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_LONGEST_HOST_NAME = 254
"""With a dot at its end."""


class InvalidLinkError(ValueError):
    """The address can't be used as a link. The text is the reason, for people.

    It never quotes the address, which may be a portal's.
    """


class PlainHttpError(InvalidLinkError):
    """The address isn't encrypted, and leads to another computer."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A web or web socket address in the parts that a browser sees.

    ``host`` is a name in ASCII or an IP address without brackets, ``port`` also the scheme's own.
    ``path`` begins with a slash, ``query`` has no question mark. ``text`` is the whole address as
    a browser writes it, in ASCII.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str
    has_fragment: bool
    text: str

    @property
    def site(self) -> str:
        """The host with brackets where needed, and the port unless it is the scheme's own."""
        host = bracketed(self.host)
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.site}"


def scheme_of(text: str) -> str:
    """The scheme in lower case, without a colon; empty if a browser can't read the address."""
    url = _parse(text)
    return "" if url is None else url.protocol.removesuffix(":")


def read_address(text: str) -> WebAddress | None:
    """What a browser reads in `text`, or None unless that is a web or web socket address."""
    url = _parse(text)
    scheme = "" if url is None else url.protocol.removesuffix(":")
    if url is None or scheme not in _DEFAULT_PORTS or not url.hostname:
        return None
    return WebAddress(
        scheme,
        url.hostname.removeprefix("[").removesuffix("]"),
        int(url.port or _DEFAULT_PORTS[scheme]),
        url.pathname,
        url.search.removeprefix("?"),
        bool(url.hash),
        url.href,
    )


def parse_link(text: str) -> WebAddress:
    """The address of a link that may be opened or given away.

    Every program must read the same host in `text`: mail programs, messengers and HTTP libraries
    don't follow the browsers' standard. Raises InvalidLinkError for an address that programs read
    in different ways, that holds a user name, or that is neither https nor http on this computer.
    PlainHttpError is for http on another computer.
    """
    address = read_address(text)
    if address is None or address.scheme not in ("https", "http"):
        raise InvalidLinkError(_("It is no web address."))
    if not _reads_alike(text, address):
        raise InvalidLinkError(
            _(
                "Its host is written in a way that programs read differently: some would open "
                "another."
            )
        )
    if "@" in urlsplit(text).netloc:
        raise InvalidLinkError(_("It has a user name or a password before its host."))
    if address.scheme == "http" and not is_loopback(address.host):
        raise PlainHttpError(
            _("It isn’t encrypted (http://): others on its way through the network could read it.")
        )
    return address


def ascii_host(host: str) -> str:
    """`host` (a name or an IP address, without a port) as a browser connects to it.

    Raises ValueError for what is no host.
    """
    is_one = not re.search(r"[\s/\\?#@%]", host)
    address = read_address(f"https://{bracketed(host)}/") if is_one else None
    if address is None or not _is_plain_host(address.host):
        raise ValueError("This is no host name.")
    return address.host


def bracketed(host: str) -> str:
    """`host` as it is written before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, without brackets) is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parse(text: str) -> can_ada.URL | None:
    import can_ada  # takes 2 ms, and the program's window is painted without it

    try:
        return can_ada.parse(text)
    except (ValueError, TypeError):  # the latter for half of a surrogate pair
        return None


def _reads_alike(text: str, address: WebAddress) -> bool:
    """Whether older programs find the same host and port in `text` as a browser.

    They follow RFC 3986, as `urlsplit` does. Qt agrees with both on everything that passes here.
    """
    if not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        same_host = _same_host(host, address.host)
    except ValueError:
        return False
    same_port = (_DEFAULT_PORTS[address.scheme] if port is None else port) == address.port
    return same_host and same_port and address.port > 0 and parts.scheme == address.scheme


def _same_host(written: str, host: str) -> bool:
    if not _is_plain_host(host):
        return False
    if ":" in host:
        return "%" not in written and ipaddress.ip_address(written) == ipaddress.ip_address(host)
    return written == host if written.isascii() else ascii_host(written) == host


def _is_plain_host(host: str) -> bool:
    """Whether it is an IPv6 address, or a name as the DNS has them (an IPv4 address is one)."""
    if ":" in host:
        return True
    if len(host) > _LONGEST_HOST_NAME or not _HOST_NAME.fullmatch(host):
        return False
    # Qt refuses a hyphen at either end of a name's part, also in Unicode.
    encoded = (label[4:] for label in host.split(".") if label.startswith("xn--"))
    parts = [each.encode().decode("punycode") for each in encoded]
    return not any(part.startswith("-") or part.endswith("-") for part in parts)
