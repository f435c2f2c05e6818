"""Sends the requests of an httpx client through the system's proxies.

Give it to a client as its ``transport``; httpx itself then reads no proxy settings. Imports httpx.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, Generic, TypeVar

import httpx
from socksio.exceptions import SOCKSError

from seam_portal_desktop.adapters.network.proxy_settings import read_proxy_settings
from seam_portal_desktop.domain.proxy import Proxy, ProxyKind

_T = TypeVar("_T", httpx.HTTPTransport, httpx.AsyncHTTPTransport)


class _Routes(Generic[_T]):
    """One transport for direct connections and one for each proxy.

    The first imports httpcore, so this is made in a thread.
    """

    def __init__(self, tls: ssl.SSLContext, create: Callable[..., _T]) -> None:
        self.settings = read_proxy_settings()
        self.made: dict[Proxy | None, _T] = {None: create(verify=tls)}
        self._tls = tls
        self._create: Callable[..., _T] = create

    def route_of(self, request: httpx.Request) -> tuple[_T, bool]:
        """The transport of a request, and whether it goes through a SOCKS proxy."""
        proxy = self.settings.proxy_for(str(request.url))
        if proxy not in self.made:
            self.made[proxy] = self._create(verify=self._tls, proxy=self._httpx_proxy(proxy))
        return self.made[proxy], proxy is not None and proxy.kind is ProxyKind.SOCKS5

    def _httpx_proxy(self, proxy: Proxy | None) -> httpx.Proxy | None:
        if proxy is None:
            return None
        return httpx.Proxy(
            httpx.URL(scheme=proxy.kind, host=proxy.host, port=proxy.port),
            auth=None if proxy.password is None else (proxy.user, proxy.password.reveal()),
            ssl_context=self._tls if proxy.kind is ProxyKind.HTTPS else None,
        )


class SystemTransport(httpx.BaseTransport):
    def __init__(self, tls: ssl.SSLContext) -> None:
        self._routes = _Routes(tls, httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        transport, is_socks = self._routes.route_of(request)
        opened = _Opened(request)
        request.extensions["trace"] = opened.trace
        try:
            with _socks_errors(request) if is_socks else nullcontext():
                return transport.handle_request(request)
        except BaseException:
            if opened.stream is not None:
                opened.stream.close()
            raise

    def close(self) -> None:
        for each in self._routes.made.values():
            each.close()


class AsyncSystemTransport(httpx.AsyncBaseTransport):
    """``ignored`` names the proxy settings that can't be read and are not used."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._routes = _Routes(tls, httpx.AsyncHTTPTransport)
        self.ignored = self._routes.settings.ignored

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport, is_socks = self._routes.route_of(request)
        opened = _Opened(request)
        request.extensions["trace"] = opened.async_trace
        try:
            with _socks_errors(request) if is_socks else nullcontext():
                return await transport.handle_async_request(request)
        except BaseException:
            if opened.stream is not None:
                await opened.stream.aclose()
            raise

    async def aclose(self) -> None:
        for each in self._routes.made.values():
            await each.aclose()


class _Opened:
    """The connection that a request opened.

    httpcore leaves it open after a failure at a SOCKS proxy, and if the request is cancelled during
    a handshake.
    """

    def __init__(self, request: httpx.Request) -> None:
        self.stream: Any = None
        self._next = request.extensions.get("trace")

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        self._note(event, info)
        if self._next is not None:
            self._next(event, info)

    async def async_trace(self, event: str, info: Mapping[str, Any]) -> None:
        self._note(event, info)
        if self._next is not None:
            await self._next(event, info)

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(".connect_tcp.complete"):
            self.stream = info["return_value"]


@contextmanager
def _socks_errors(request: httpx.Request) -> Iterator[None]:
    """httpcore lets the errors of its SOCKS library through, such as for an HTTP proxy's answer."""
    failure: httpx.ProxyError | None = None
    try:
        yield
    except (SOCKSError, AssertionError, LookupError, ValueError) as error:
        failure = httpx.ProxyError(f"No SOCKS: {type(error).__name__}", request=request)
    if failure is not None:
        raise failure
