"""Connects to a host for a page, directly or through the network's proxies.

A public name that leads to this machine or its network is refused. The connection goes to the
addresses that were checked, so a name can't change its address in between.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from seam_portal_desktop.domain.proxy import FindProxies, Proxy, ProxyKind
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.network import connect_failure as failure
from seam_portal_desktop.ui.preview.network.connect_failure import (
    ConnectError,
    connect_error,
    name_error,
)
from seam_portal_desktop.ui.preview.network.local_addresses import (
    IpAddress,
    IpNetwork,
    is_local_ip,
    own_networks,
    parse_address,
)
from seam_portal_desktop.ui.preview.network.upstream import request_tunnel

_T = TypeVar("_T")

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_LOOKUP_S = 20.0
# A company's DNS may know no public names. Then its proxy looks them up.
_LOOKUP_BEHIND_PROXY_S = 1.0
_CONNECT_S = 20.0
_TUNNEL_S = 20.0
_NEXT_ADDRESS_S = 0.25  # RFC 8305
_ROUTE_LIVES_S = 30.0
_NETWORKS_LIVE_S = 10.0
_MOST_ROUTES = 500
_MOST_LOOKUPS = 64


@dataclass(frozen=True, slots=True)
class _Route:
    """How a host is reached. `addresses` are empty if only a proxy knows them."""

    proxies: tuple[Proxy | None, ...]
    addresses: tuple[IpAddress, ...]
    problem: ConnectError | None
    made_at: float


class Connector:
    """Use it on one event loop. `find_proxies` may be set at any time, from any thread."""

    def __init__(self) -> None:
        self.find_proxies: FindProxies = lambda _host, _port: ()
        self._routes: dict[tuple[str, int], asyncio.Task[_Route]] = {}
        self._lookups = asyncio.Semaphore(_MOST_LOOKUPS)
        self._networks: Sequence[IpNetwork] = ()
        self._networks_read_at = float("-inf")

    async def open(
        self, host: str, port: int, *, may_be_local: bool, may_sign_in: Callable[[], bool]
    ) -> Streams:
        """A connection to `host`, a name or an address in lower case.

        `may_sign_in` tells whether the user's password for a proxy may be used. Raises
        ConnectError, with `LOCAL_NETWORK` if the host is local and may not be.
        """
        route = await self._route(host, port)
        if not may_be_local and any(map(self._is_local, route.addresses)):
            raise ConnectError(failure.LOCAL_NETWORK)
        choices = route.proxies or (None,)
        for choice in choices:
            try:
                if choice is None:
                    return await self._open_directly(route, port)
                return await self._open_through(choice, host, port, may_sign_in)
            except ConnectError as error:
                is_gone = error.failure.code == failure.PROXY_CONNECTION_FAILED
                if not is_gone or choice is choices[-1]:
                    self._routes.pop((host, port), None)  # the network may have changed
                    raise
        raise name_error()  # not reached: there is a choice

    async def connect(self, address: str, port: int) -> Streams:
        """Connect to an IP address, or to a proxy by its name. Raises OSError."""
        return await asyncio.open_connection(address, port)

    def resolve(self, host: str) -> tuple[IpAddress, ...]:
        """Look a name up. Blocks. Raises OSError, or ValueError for what is no name."""
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        texts = (str(each[4][0]).partition("%")[0] for each in found)
        addresses = dict.fromkeys(parse_address(text) for text in texts)
        return tuple(address for address in addresses if address is not None)

    # Routes -------------------------------------------------------------------------------

    async def _route(self, host: str, port: int) -> _Route:
        """All connections to a host share one look-up, for some seconds."""
        task = self._routes.get((host, port))
        if task is None or (
            task.done() and (task.exception() or _age(task.result()) > _ROUTE_LIVES_S)
        ):
            if len(self._routes) >= _MOST_ROUTES:
                self._routes.clear()
            task = self._routes[host, port] = asyncio.ensure_future(self._find_route(host, port))
        return await asyncio.shield(task)

    async def _find_route(self, host: str, port: int) -> _Route:
        address = parse_address(host)
        proxies: tuple[Proxy | None, ...] = ()
        if host != "localhost" and not (address and address.is_loopback):
            with suppress(TimeoutError, OSError, ValueError):
                search = partial(self.find_proxies, host, port)
                proxies = tuple(await self._in_thread(search, _LOOKUP_S))
        addresses: tuple[IpAddress, ...] = (address,) if address else ()
        problem = None
        if address is None:
            limit = _LOOKUP_BEHIND_PROXY_S if proxies and proxies[0] else _LOOKUP_S
            try:
                addresses = await self._in_thread(partial(self.resolve, host), limit)
            except TimeoutError:
                problem = ConnectError(failure.TIMED_OUT)
            except (OSError, ValueError):
                pass
            if not addresses and problem is None:
                problem = name_error()
        return _Route(proxies, addresses, problem, time.monotonic())

    async def _in_thread(self, call: Callable[[], _T], seconds: float) -> _T:
        """Run `call` in a thread that doesn't keep the process alive.

        Raises its errors, TimeoutError, and OSError if no thread can be started.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_T] = loop.create_future()

        def settle(set_outcome: Callable[[], None]) -> None:
            self._lookups.release()
            if not future.done():
                set_outcome()

        def run() -> None:
            try:
                set_outcome = partial(future.set_result, call())
            except Exception as error:  # noqa: BLE001 - it is raised where the result is awaited
                set_outcome = partial(future.set_exception, error)
            with suppress(RuntimeError):  # the loop was closed
                loop.call_soon_threadsafe(settle, set_outcome)

        async with asyncio.timeout(seconds):
            await self._lookups.acquire()
            try:
                threading.Thread(target=run, name="preview-lookup", daemon=True).start()
            except RuntimeError as error:
                self._lookups.release()
                raise OSError("No thread could be started.") from error
            return await future

    # Connections --------------------------------------------------------------------------

    def _is_local(self, address: IpAddress) -> bool:
        if is_local_ip(address):
            return True
        if time.monotonic() - self._networks_read_at > _NETWORKS_LIVE_S:
            self._networks = own_networks()
            self._networks_read_at = time.monotonic()
        return any(address in network for network in self._networks)

    async def _open_directly(self, route: _Route, port: int) -> Streams:
        if route.problem is not None:
            raise ConnectError(route.problem.failure.code)
        return await self._open_any(route.addresses, port)

    async def _open_through(
        self, proxy: Proxy, host: str, port: int, may_sign_in: Callable[[], bool]
    ) -> Streams:
        if proxy.user and not may_sign_in():
            raise ConnectError(failure.PROXY_SIGN_IN)
        try:
            async with asyncio.timeout(_CONNECT_S):
                reader, writer = await self._connect_proxy(proxy)
        except OSError as error:
            detail = _("The proxy {host} can’t be reached.").format(host=proxy.host)
            raise ConnectError(failure.PROXY_CONNECTION_FAILED, detail) from error
        try:
            async with asyncio.timeout(_TUNNEL_S):
                await request_tunnel(reader, writer, proxy, host, port)
        except BaseException as error:
            writer.close()
            if isinstance(error, OSError):
                raise connect_error(error) from error
            if isinstance(error, (EOFError, ValueError)):
                raise ConnectError(failure.TUNNEL_CONNECTION_FAILED) from error
            raise
        return reader, writer

    async def _connect_proxy(self, proxy: Proxy) -> Streams:
        if proxy.kind is not ProxyKind.HTTPS:
            return await self.connect(proxy.host, proxy.port)
        import ssl

        context = ssl.create_default_context()
        return await asyncio.open_connection(proxy.host, proxy.port, ssl=context)

    async def _open_any(self, addresses: Sequence[IpAddress], port: int) -> Streams:
        """Connect to the first address that answers. Each starts a moment after the one before."""
        waiting = list(addresses)
        running: set[asyncio.Task[Streams]] = set()
        errors: list[OSError] = []
        try:
            async with asyncio.timeout(_CONNECT_S):
                while waiting or running:
                    if waiting:
                        attempt = self.connect(str(waiting.pop(0)), port)
                        running.add(asyncio.ensure_future(attempt))
                    done, running = await asyncio.wait(
                        running,
                        timeout=_NEXT_ADDRESS_S if waiting else None,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    for task in done:
                        raised = task.exception()
                        if raised is None:
                            running |= done - {task}
                            return task.result()
                        errors.append(raised if isinstance(raised, OSError) else OSError())
        except TimeoutError as error:
            raise connect_error(error) from error
        finally:
            for task in running:
                task.add_done_callback(_close_unused)
                task.cancel()
        failures = [connect_error(error) for error in errors]
        reachable = [each for each in failures if each.failure.code != failure.ADDRESS_UNREACHABLE]
        raise (reachable or failures)[0]


def _close_unused(task: asyncio.Task[Streams]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result()[1].close()


def _age(route: _Route) -> float:
    return time.monotonic() - route.made_at
