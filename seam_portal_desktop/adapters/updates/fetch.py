"""Fetches update information and installers over HTTP, limited in time."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import httpx
from tuf.api import exceptions
from tuf.ngclient import FetcherInterface

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.network.http_client import system_tls
from seam_portal_desktop.adapters.network.system_transport import SystemTransport
from seam_portal_desktop.domain.address import is_loopback


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Seconds for a connection, for the next bytes and for one whole file; redirects."""

    connect: float = 10.0
    read: float = 20.0
    overall: float = 30 * 60.0
    redirects: int = 5


class HttpFetcher(FetcherInterface):
    """Setting `cancelled` ends a fetch within one read.

    ``on_bytes`` is called with the number of bytes of each chunk.
    """

    def __init__(self, limits: FetchLimits, cancelled: threading.Event) -> None:
        """Blocks on the disk."""
        self._limits = limits
        self._cancelled = cancelled
        self.on_bytes: Callable[[int], None] = lambda _count: None
        self._client = httpx.Client(
            transport=SystemTransport(system_tls()),
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            # httpx would read the whole body of a redirect, however long it is.
            follow_redirects=False,
            # The file itself is signed, not its packed form.
            headers={
                "user-agent": f"seam-portal-desktop/{__version__}",
                "accept-encoding": "identity",
            },
            event_hooks={"request": [_refuse_insecure]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _fetch(self, url: str) -> Iterator[bytes]:
        deadline = time.monotonic() + self._limits.overall
        try:
            with contextlib.closing(self._respond(url)) as response:
                if not response.is_success:
                    raise exceptions.DownloadHTTPError("refused", response.status_code)
                for chunk in response.iter_raw():
                    if self._cancelled.is_set():
                        raise exceptions.DownloadError("cancelled")
                    if time.monotonic() > deadline:
                        raise exceptions.SlowRetrievalError("too slow")
                    self.on_bytes(len(chunk))
                    yield chunk
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise exceptions.DownloadError(type(error).__name__) from None

    def _respond(self, url: str) -> httpx.Response:
        """The response without its body, after some redirects. Raises httpx's errors."""
        request = self._client.build_request("GET", url)
        for _ in range(self._limits.redirects + 1):
            response = self._client.send(request, stream=True)
            if response.next_request is None:
                return response
            response.close()
            request = response.next_request
        raise httpx.TooManyRedirects("redirected too often", request=request)


def _refuse_insecure(request: httpx.Request) -> None:
    """Refuse redirects to plain http, where the answer can be read and changed on its way."""
    if request.url.scheme != "https" and not is_loopback(request.url.host):
        raise httpx.UnsupportedProtocol("not https", request=request)
