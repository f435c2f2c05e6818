"""The proxies for the preview: the environment's, else the system's with automatic ones (PAC)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from seam_portal_desktop.adapters.network.proxy_settings import read_proxy_environment
from seam_portal_desktop.domain.address import bracketed
from seam_portal_desktop.domain.proxy import FindProxies, Proxy, ProxyKind
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.network.local_addresses import own_networks

_LIVES_S = 600.0
_MOST_HOSTS = 500


def find_proxies(host: str, port: int) -> Sequence[Proxy | None]:
    """A FindProxies. The system may need seconds for each call."""
    environment = read_proxy_environment()
    if environment.names_any:
        return [environment.proxy_for(f"https://{bracketed(host)}:{port}/")]
    return _ask_system(host, port)


class KeptProxies:
    """Keeps the answers of `find_proxies` for some minutes, or until the network changes.

    Qt runs a PAC script, or looks for one, while it has Python's lock (PySide 6.11 doesn't release
    it). Then the window and all other threads wait.
    """

    def __init__(
        self,
        find_proxies: FindProxies,
        now: Callable[[], float] = time.monotonic,
        networks: Callable[[], object] = own_networks,
    ) -> None:
        self._find_proxies = find_proxies
        self._now = now
        self._networks = networks
        self._known: dict[tuple[str, int], tuple[float, object, Sequence[Proxy | None]]] = {}

    def find(self, host: str, port: int) -> Sequence[Proxy | None]:
        """A FindProxies."""
        networks = self._networks()
        known = self._known.get((host, port))
        if known is not None and self._now() - known[0] < _LIVES_S and known[1] == networks:
            return known[2]
        if len(self._known) >= _MOST_HOSTS:
            self._known.clear()
        found = self._find_proxies(host, port)
        self._known[host, port] = self._now(), networks, found
        return found


def _ask_system(host: str, port: int) -> Sequence[Proxy | None]:
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxyFactory, QNetworkProxyQuery

    url = QUrl()
    url.setScheme("https")
    url.setHost(host)
    url.setPort(port)
    found = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(url))
    proxies: list[Proxy | None] = []
    for each in found:
        kind = _kind(each.type())
        if kind is not None:
            password = Secret(each.password()) if each.user() else None
            proxies.append(Proxy(kind, each.hostName(), each.port(), each.user(), password))
        elif each.type() is each.ProxyType.NoProxy:
            proxies.append(None)
    return proxies


def _kind(qt_type: object) -> ProxyKind | None:
    from PySide6.QtNetwork import QNetworkProxy

    kinds = {
        QNetworkProxy.ProxyType.HttpProxy: ProxyKind.HTTP,
        QNetworkProxy.ProxyType.HttpCachingProxy: ProxyKind.HTTP,
        QNetworkProxy.ProxyType.Socks5Proxy: ProxyKind.SOCKS5,
    }
    return kinds.get(qt_type)  # type: ignore[call-overload, no-any-return]
