"""A proxy server of the user's network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.address import bracketed
from seam_portal_desktop.domain.secret import Secret


class ProxyKind(StrEnum):
    """How a connection is requested from it. `https` is the same as `http`, inside TLS."""

    HTTP = "http"
    HTTPS = "https"
    SOCKS5 = "socks5"


@dataclass(frozen=True, slots=True)
class Proxy:
    """`host` has no brackets. `user` is empty if there is no sign-in; then there is no password."""

    kind: ProxyKind
    host: str
    port: int
    user: str = ""
    password: Secret | None = None

    def __str__(self) -> str:
        """For people, without user and password."""
        return f"{self.kind}://{bracketed(self.host)}:{self.port}"


FindProxies = Callable[[str, int], Sequence[Proxy | None]]
"""The proxies for a host and port, in the order in which to try them. None means no proxy, and so
does an empty sequence. It may block, and any thread may call it."""
