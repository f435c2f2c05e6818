"""Why the previews' proxy gave no connection, in the web engine's own error numbers.

The engine learns from a proxy only that there is no connection. So the proxy remembers the number
that the engine itself would have given without a proxy.
"""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from seam_portal_desktop.texts import _

# net/base/net_error_list.h
ADDRESS_UNREACHABLE = -109
CONNECTION_FAILED = -104
CONNECTION_REFUSED = -102
CONNECTION_RESET = -101
INTERNET_DISCONNECTED = -106
LOCAL_NETWORK = -384
NAME_NOT_RESOLVED = -105
PROXY_CONNECTION_FAILED = -130
PROXY_SIGN_IN = -127
TIMED_OUT = -118
TUNNEL_CONNECTION_FAILED = -111

_UNREACHABLE = frozenset(
    getattr(errno, name)
    for name in ("ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EHOSTDOWN", "EADDRNOTAVAIL")
    if hasattr(errno, name)
)
# TEST-NET-1 and the IPv6 addresses for documentation. Nothing is sent to them.
_FAR_ADDRESSES = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


@dataclass(frozen=True, slots=True)
class ConnectFailure:
    """`detail` is a sentence fit for showing, or empty."""

    code: int
    detail: str = ""


class ConnectError(Exception):
    """There is no connection. ``failure`` says why."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(_("Network error {code}").format(code=-code))
        self.failure = ConnectFailure(code, detail)


def connect_error(error: OSError) -> ConnectError:
    """The ConnectError for an error of a socket."""
    if isinstance(error, ConnectionRefusedError):
        return ConnectError(CONNECTION_REFUSED)
    if isinstance(error, TimeoutError):
        return ConnectError(TIMED_OUT)
    if isinstance(error, ConnectionError):
        return ConnectError(CONNECTION_RESET)
    if error.errno in _UNREACHABLE:
        return ConnectError(ADDRESS_UNREACHABLE if has_network() else INTERNET_DISCONNECTED)
    return ConnectError(CONNECTION_FAILED)


def name_error() -> ConnectError:
    """The ConnectError for a name without an address."""
    return ConnectError(NAME_NOT_RESOLVED if has_network() else INTERNET_DISCONNECTED)


def has_network() -> bool:
    """Whether this machine has a route out of its own network. Sends nothing."""
    for family, address in _FAR_ADDRESSES:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
        except OSError:
            continue
        return True
    return False
