"""Addresses of hosts: which may get a credential, and their one form."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

DEFAULT_ENDPOINT = "https://connect.getseam.com"

# Browsers and HTTP libraries disagree on where a host ends that has one of these in it.
_NO_ADDRESS = re.compile(r'[\s\\<>"{}|^`]')

_LONGEST_LABEL = 63


class InvalidEndpointError(ValueError):
    """The address can't be used; the text is the reason, for the user."""


def parse_endpoint(text: str) -> str:
    """Return `text` without a trailing slash, the host as `ascii_host` gives it.

    Raises InvalidEndpointError unless it is https, or http on this machine's loopback.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise InvalidEndpointError("This is not a web address.") from error
    if _NO_ADDRESS.search(text) or not text.isprintable() or "%" in host or port == 0:
        raise InvalidEndpointError("This is not a web address.")
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidEndpointError(f"An endpoint looks like {DEFAULT_ENDPOINT}.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidEndpointError("An endpoint carries no user, query or fragment.")
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidEndpointError(
            "An endpoint must start with https://, or the API key could be read on the way."
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def ascii_host(host: str) -> str:
    """`host` in lower case and Punycode, as a browser connects to it.

    That is UTS 46, non-transitional. `idna.encode` is not used: it also refuses symbols and
    underscores, which browsers open (measured with Qt 6.11.3: ☃.example). Raises ValueError for
    a name that has no such form.
    """
    if host.isascii():
        return host.lower()
    import idna  # takes 8 ms, and few hosts need it

    try:
        labels = idna.uts46_remap(host, std3_rules=False).split(".")
    except idna.IDNAError:
        labels = [""]
    labels = [
        each if each.isascii() else f"xn--{each.encode('punycode').decode()}" for each in labels
    ]
    if "" in labels[:-1] or labels == [""] or max(map(len, labels)) > _LONGEST_LABEL:
        raise ValueError("This is no host name.")
    return ".".join(labels)


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, without brackets) is this machine."""
    if host == "localhost":
        return True
    import ipaddress  # not worth its time at start, when the endpoints are https

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
