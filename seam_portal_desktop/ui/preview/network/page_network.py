"""The one way of all previewed pages to the network.

The web engine reads its proxy once in a process, when it starts. So there is one PageNetwork in a
process, and every engine object is made after its `start`.

Measured with Qt 6.11.3 (Chromium 140): with these flags each connection of a page goes through the
proxy, whatever context asks for it (document, frame, worker, SharedWorker, service worker) and for
whatever purpose (fetch, web socket, preconnect, call by TCP), also to loopback addresses.
WebTransport and calls by UDP, which can't use a proxy, fail. A proxy that is set by QNetworkProxy
doesn't get connections to loopback addresses, and replaces the one of the flags.
"""

from __future__ import annotations

import atexit
import os
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.network.local_addresses import normal_host

if TYPE_CHECKING:
    from seam_portal_desktop.domain.proxy import FindProxies
    from seam_portal_desktop.ui.preview.network.connect_failure import ConnectFailure
    from seam_portal_desktop.ui.preview.network.connector import Connector
    from seam_portal_desktop.ui.preview.network.page_proxy import PageProxy

_FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
_OWN_FLAGS = (
    "--proxy-server=socks5://127.0.0.1:{port}",
    # Otherwise connections to this machine don't use the proxy.
    "--proxy-bypass-list=<-loopback>",
    # Otherwise calls send packets to any address.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_FOREIGN_FLAGS = ("--proxy-", "--no-proxy-server", "--force-webrtc-ip-handling-policy")

# A page can be refused a thousand times a second. The window needs to know once.
_REPEAT_AFTER_S = 0.2
_MOST_REMEMBERED = 50


class PageNetworkError(Exception):
    """The proxy can't run, so no page may be shown. The text is a sentence for the user."""


class PageNetwork(QObject):
    """Starts the previews' proxy and keeps the list of allowed local portals.

    `refused` has the host and port of a connection into this machine or its network that a page
    wanted. Nobody knows which page it was.
    """

    refused = Signal(str, int)

    def __init__(self, create_connector: Callable[[], Connector] | None = None) -> None:
        super().__init__()
        self._create_connector = create_connector
        self._find_proxies: FindProxies | None = None
        self._proxy: PageProxy | None = None
        self._allowed: Counter[tuple[str, int]] = Counter()
        self._emitted_at: dict[tuple[str, int], float] = {}

    def start(self) -> None:
        """Start the proxy and point the engine to it. Call it before anything of the engine.

        Only the first call does something. Raises PageNetworkError.
        """
        if self._proxy is not None:
            if not self._proxy.is_running:
                raise PageNetworkError(
                    _(
                        "The part of this program that keeps pages off your network has stopped, "
                        "so no page is shown. Start the program again."
                    )
                )
            return
        from seam_portal_desktop.ui.preview.network.connector import Connector
        from seam_portal_desktop.ui.preview.network.page_proxy import PageProxy

        create_connector = self._create_connector or Connector
        proxy = PageProxy(create_connector, self._may_be_local, self._on_refused)
        try:
            port = proxy.start()
        except (OSError, RuntimeError) as error:  # no socket, or no thread
            raise PageNetworkError(
                _(
                    "The part of this program that keeps pages off your network can’t start, so no "
                    "page is shown. Close other programs, then start this one again."
                )
            ) from error
        atexit.register(proxy.end)
        if self._find_proxies is not None:
            proxy.connector.find_proxies = self._find_proxies
        kept = [
            flag
            for flag in os.environ.get(_FLAGS, "").split()
            if not flag.startswith(_FOREIGN_FLAGS)
        ]
        os.environ[_FLAGS] = " ".join([*kept, *(flag.format(port=port) for flag in _OWN_FLAGS)])
        self._proxy = proxy

    def set_find_proxies(self, find_proxies: FindProxies) -> None:
        """Set where the network's own proxies come from. Without it there are none."""
        self._find_proxies = find_proxies
        if self._proxy is not None:
            self._proxy.connector.find_proxies = find_proxies

    def allow(self, host: str, port: int) -> None:
        """Let pages reach this local host and port until `disallow`: a portal there is shown."""
        self._allowed[normal_host(host), port] += 1

    def disallow(self, host: str, port: int) -> None:
        """Take one `allow` back."""
        self._allowed[normal_host(host), port] -= 1

    def failure_of(self, host: str, port: int) -> ConnectFailure | None:
        """Why the newest connection to it failed; None if it didn't."""
        if self._proxy is None:
            return None
        return self._proxy.failures.get((normal_host(host), port))

    # On the proxy's thread ----------------------------------------------------------------

    def _may_be_local(self, host: str, port: int) -> bool:
        return self._allowed[host, port] > 0

    def _on_refused(self, host: str, port: int) -> None:
        now = time.monotonic()
        self._emitted_at = {
            place: at for place, at in self._emitted_at.items() if now - at < _REPEAT_AFTER_S
        }
        if (host, port) not in self._emitted_at and len(self._emitted_at) < _MOST_REMEMBERED:
            self._emitted_at[host, port] = now
            self.refused.emit(host, port)


@cache
def engine_network() -> PageNetwork:
    """The PageNetwork of this process."""
    return PageNetwork()
