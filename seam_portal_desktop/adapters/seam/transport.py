"""HTTP to one endpoint: bounded in time and size, through the system's proxies and certificates.

Imported on first use, in a thread: the import of httpx and the opening of the system's
certificate store are slow.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.network.http_client import read_limited, system_tls, uses_proxies
from seam_portal_desktop.adapters.seam import network_errors as seam_network_errors
from seam_portal_desktop.adapters.seam.call import Answer, Call
from seam_portal_desktop.adapters.seam.errors import cut_off, seconds_to_wait, too_large
from seam_portal_desktop.domain.address import read_address
from seam_portal_desktop.domain.errors import SeamError

_BUSY_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a call: seconds, bytes, and how often a GET is repeated.

    The wait before a repeat is random. ``backoff`` is its unit in seconds, which doubles with each
    repeat. ``longest_wait`` is the longest wait in seconds.
    """

    connect: float = 10.0
    read: float = 30.0
    write: float = 15.0
    pool: float = 5.0
    overall: float = 60.0
    answer_bytes: int = 5_000_000
    repeats: int = 2
    longest_wait: float = 10.0
    backoff: float = 0.5


class UnusableProxyError(Exception):
    """The system's proxy settings name a SOCKS proxy or no address at all."""


class SeamTransport:
    """Sends requests and gives whole answers; every failure is a SeamError."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], limits: Limits) -> None:
        """Build the client; blocks on the disk. Raises UnusableProxyError."""
        self._limits = limits
        try:
            self._client = self._build_client(endpoint, headers)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise UnusableProxyError from error

    def _build_client(self, endpoint: str, headers: Mapping[str, str]) -> httpx.AsyncClient:
        limits = self._limits
        return httpx.AsyncClient(
            base_url=endpoint,
            headers={
                **headers,
                "accept": "application/json",
                "user-agent": f"seam-portal-desktop/{__version__}",
            },
            verify=system_tls(),
            timeout=httpx.Timeout(
                connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool
            ),
            follow_redirects=False,
            trust_env=uses_proxies(endpoint),
        )

    async def get(self, call: Call, query: Mapping[str, str] | None = None) -> Answer:
        """GET, repeated a few times while Seam is busy. Raises SeamError."""
        # With _strict, Seam's SDKs declare that they write arrays and nulls in the agreed way.
        params = {**query, "_strict": "true"} if query else None
        return await self._send(call, self._client.build_request("GET", call.route, params=params))

    async def post(self, call: Call, body: bytes) -> Answer:
        """POST a JSON `body`, once. Raises SeamError."""
        request = self._client.build_request(
            "POST", call.route, content=body, headers={"content-type": "application/json"}
        )
        return await self._send(call, request)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _send(self, call: Call, request: httpx.Request) -> Answer:
        progress = _Progress(request.url.raw_host.decode("ascii"))
        request.extensions["trace"] = progress.trace
        try:
            async with asyncio.timeout(self._limits.overall):
                outcome = await self._exchange(call, request, progress)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            if progress.answer is None:
                outcome = seam_network_errors.unreachable(
                    call, error, sent=progress.sent, proxy=progress.proxy
                )
            elif isinstance(error, httpx.TimeoutException | TimeoutError):
                outcome = seam_network_errors.unreachable(call, error, sent=True)
            else:
                outcome = cut_off(call, progress.answer)
        except RuntimeError:
            if not self._client.is_closed:
                raise
            outcome = seam_network_errors.closed(call)  # closed between two attempts
        # Raised here, so that httpx's error, which holds the headers, isn't its context.
        if isinstance(outcome, SeamError):
            raise outcome
        return outcome

    async def _exchange(
        self, call: Call, request: httpx.Request, progress: _Progress
    ) -> Answer | SeamError:
        response = await self._respond(call, request)
        try:
            progress.answer = _answer_of(response)
            limit = self._limits.answer_bytes
            body = await read_limited(response, response.aiter_bytes(), limit)
        finally:
            await response.aclose()
        if body is None:
            return too_large(call, progress.answer, limit)
        return replace(progress.answer, body=body)

    async def _respond(self, call: Call, request: httpx.Request) -> httpx.Response:
        """The response without its body. A GET is sent again while Seam is busy."""
        repeats = self._limits.repeats if request.method == "GET" else 0
        repeat = 0
        while True:
            response = await self._client.send(request, stream=True)
            repeat += 1
            if response.status_code not in _BUSY_STATUSES or repeat > repeats:
                return response
            wait = seconds_to_wait(response.headers.get("retry-after"), call.clock())
            if wait is not None and wait > self._limits.longest_wait:
                return response  # the user decides whether to wait that long
            await response.aclose()
            backoff = self._limits.backoff * 2**repeat * random.random()  # noqa: S311 - no secret
            await asyncio.sleep(wait or min(backoff, self._limits.longest_wait))


class _Progress:
    """How far a request got: the error depends on whether it may have taken effect."""

    def __init__(self, host: str) -> None:
        self.sent = False
        self.proxy: str | None = None
        self.answer: Answer | None = None
        self._host = host

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.started" and info["host"] != self._host:
            self.proxy = info["host"]
        # A proxy's CONNECT is traced as well; nothing of the request has left by then.
        elif event == "http11.send_request_body.started" and info["request"].method != b"CONNECT":
            self.sent = True


def _answer_of(response: httpx.Response) -> Answer:
    """The answer without its body."""
    redirect = read_address(response.headers.get("location", ""))
    return Answer(
        status=response.status_code,
        content_type=response.headers.get("content-type", ""),
        request_id=response.headers.get("seam-request-id"),
        retry_after=response.headers.get("retry-after"),
        redirect_host=redirect.host if redirect is not None else None,
    )
