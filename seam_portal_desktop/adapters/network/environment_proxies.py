"""The proxies that the environment names, for the preview.

The same variables as httpx reads for the calls: ``https_proxy``, ``all_proxy``, ``no_proxy``.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from seam_portal_desktop.domain.proxy import Proxy, ProxyKind
from seam_portal_desktop.domain.secret import Secret

_KINDS = {
    "http": ProxyKind.HTTP,
    "https": ProxyKind.HTTPS,
    "socks": ProxyKind.SOCKS5,
    "socks5": ProxyKind.SOCKS5,
    "socks5h": ProxyKind.SOCKS5,
}
_PORTS = {ProxyKind.HTTP: 80, ProxyKind.HTTPS: 443, ProxyKind.SOCKS5: 1080}


def environment_proxies(
    host: str, port: int, environment: Mapping[str, str] = os.environ
) -> tuple[Proxy, ...] | None:
    """The proxy for TLS connections to `host`; empty for none.

    None if the environment names no proxy at all: then the system's settings count. A value that
    can't be read is ignored.
    """
    names = ("https_proxy", "all_proxy", "http_proxy")
    values = {name: environment.get(name) or environment.get(name.upper(), "") for name in names}
    if not any(values.values()):
        return None
    excepted = environment.get("no_proxy") or environment.get("NO_PROXY", "")
    if any(_matches(entry, host, port) for entry in excepted.replace(",", " ").split()):
        return ()
    proxies = (parse_proxy(values[name]) for name in ("https_proxy", "all_proxy"))
    return tuple(proxy for proxy in proxies if proxy is not None)[:1]


def parse_proxy(text: str) -> Proxy | None:
    """The proxy of a URL such as http://user:password@host:port, or None."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        kind, host, port = _KINDS.get(parts.scheme), parts.hostname, parts.port
    except ValueError:
        return None
    if kind is None or not host:
        return None
    password = Secret(unquote(parts.password or "")) if parts.username else None
    return Proxy(kind, host, port or _PORTS[kind], unquote(parts.username or ""), password)


def _matches(entry: str, host: str, port: int) -> bool:
    """Whether an entry of ``no_proxy`` names the host: *, a name, an address or a network.

    A name also stands for all names below it. A port may follow, after brackets for IPv6.
    """
    entry = entry.lower()
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal():
        return int(number) == port and _matches(name, host, port)
    name = entry.strip("[]").lstrip("*.")
    return bool(name) and (host == name or host.endswith(f".{name}"))
