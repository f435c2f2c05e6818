"""Which addresses a credential may be sent to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

DEFAULT_ENDPOINT = "https://connect.getseam.com"

# Browsers and HTTP libraries disagree on where a host ends that has one of these in it.
_NO_ADDRESS = re.compile(r'[\s\\<>"{}|^`]')


class InvalidEndpointError(ValueError):
    """The address can't be used; the text says why, for the user."""


def parse_endpoint(text: str) -> str:
    """Return `text` as an origin without a trailing slash, such as the default one.

    Raises InvalidEndpointError unless it is https, or http on this machine's loopback.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidEndpointError("This is not a web address.") from error
    if _NO_ADDRESS.search(text) or not text.isprintable() or "%" in (host or "") or port == 0:
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


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, without brackets) is this machine."""
    if host == "localhost":
        return True
    import ipaddress  # not worth its time at start, when the endpoints are https

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
