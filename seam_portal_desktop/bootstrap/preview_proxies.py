"""The proxies for the preview: the environment's, else the system's with automatic ones (PAC)."""

from __future__ import annotations

from collections.abc import Sequence

from seam_portal_desktop.adapters.network.proxy_settings import read_proxy_environment
from seam_portal_desktop.domain.proxy import Proxy, ProxyKind
from seam_portal_desktop.domain.secret import Secret


def find_proxies(host: str, port: int) -> Sequence[Proxy | None]:
    """A FindProxies. Qt may run a PAC script for it, which may take seconds."""
    environment = read_proxy_environment()
    if environment.names_any:
        shown = f"[{host}]" if ":" in host else host
        return [environment.proxy_for(f"https://{shown}:{port}/")]
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
