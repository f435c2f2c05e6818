"""HTTP to one endpoint: bounded in time and size, through the system's proxies and certificates.

Imported on first use, in a thread: the import of httpx and the opening of the system's
certificate store are slow.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.network.http_client import (
    ACCEPTED_ENCODING,
    PackedBodyError,
    read_limited,
    read_pieces,
    system_tls,
)
from seam_portal_desktop.adapters.network.system_transport import AsyncSystemTransport
from seam_portal_desktop.adapters.seam import answer_errors
from seam_portal_desktop.adapters.seam import errors as seam_errors
from seam_portal_desktop.adapters.seam import network_errors as seam_network_errors
from seam_portal_desktop.adapters.seam.call import Answer, Call
from seam_portal_desktop.adapters.seam.list_reader import ListReader, ListTooLongError
from seam_portal_desktop.adapters.seam.wire import UnreadableAnswerError
from seam_portal_desktop.domain.address import read_address
from seam_portal_desktop.domain.clock import SeamClock
from seam_portal_desktop.domain.errors import SeamError

_L = TypeVar("_L", bound=ListReader[Any, Any])

_BUSY_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a call: seconds, bytes, and how often a GET is repeated.

    The wait before a repeat is random. ``backoff`` is its unit in seconds, which doubles with each
    repeat. ``longest_wait`` is the longest wait in seconds. Of an answer that isn't 2xx, a longer
    text than ``error_bytes`` is not read. A list is read while it arrives, and
    has limits of its own: the bytes and the seconds of the whole list.
    """

    connect: float = 10.0
    read: float = 30.0
    write: float = 15.0
    pool: float = 5.0
    overall: float = 60.0
    answer_bytes: int = 5_000_000
    error_bytes: int = 250_000
    list_bytes: int = 250_000_000
    list_overall: float = 300.0
    repeats: int = 2
    longest_wait: float = 10.0
    backoff: float = 0.5


class SeamTransport:
    """Sends requests and gives whole answers; every failure is a SeamError.

    `clock` gets the time of each answer.
    """

    def __init__(
        self, endpoint: str, headers: Mapping[str, str], limits: Limits, clock: SeamClock
    ) -> None:
        """Build the client; blocks on the disk."""
        self._limits = limits
        self._clock = clock
        transport = AsyncSystemTransport(system_tls())
        self._ignored_settings = transport.ignored
        self._client = httpx.AsyncClient(
            base_url=endpoint,
            headers={
                **headers,
                "accept": "application/json",
                "accept-encoding": ACCEPTED_ENCODING,
                "user-agent": f"seam-portal-desktop/{__version__}",
            },
            transport=transport,
            timeout=httpx.Timeout(
                connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool
            ),
            follow_redirects=False,
        )

    async def get(self, call: Call) -> Answer:
        """GET, repeated a few times while Seam is busy. Raises SeamError."""
        return await self._send(call, self._client.build_request("GET", call.route))

    async def get_list(
        self, call: Call, reader: _L, query: Mapping[str, str] | None = None
    ) -> tuple[Answer, _L]:
        """GET a list, as `get` does. The reader gets the body of a 2xx answer while it arrives.

        Raises SeamError, also for a list that can't be read.
        """
        # With _strict, Seam's SDKs declare that they write arrays and nulls in the agreed way.
        params = {**query, "_strict": "true"} if query else None
        request = self._client.build_request("GET", call.route, params=params)
        return await self._send(call, request, reader), reader

    async def post(self, call: Call, body: bytes) -> Answer:
        """POST a JSON `body`, once. Raises SeamError."""
        request = self._client.build_request(
            "POST", call.route, content=body, headers={"content-type": "application/json"}
        )
        return await self._send(call, request)

    async def delete(self, call: Call, query: str) -> Answer:
        """DELETE with an encoded `query`, once. Raises SeamError."""
        url = httpx.URL(call.route, query=query.encode("ascii"))
        return await self._send(call, self._client.build_request("DELETE", url))

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _send(
        self, call: Call, request: httpx.Request, reader: ListReader[Any, Any] | None = None
    ) -> Answer:
        progress = _Progress(request.url.raw_host.decode("ascii"))
        request.extensions["trace"] = progress.trace
        limits = self._limits
        try:
            async with asyncio.timeout(limits.overall if reader is None else limits.list_overall):
                outcome = await self._exchange(call, request, progress, reader)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            if progress.answer is None:
                outcome = seam_network_errors.unreachable(
                    call, error, sent=progress.sent, proxy=progress.proxy
                )
                if self._ignored_settings and not progress.sent:
                    seam_network_errors.add_ignored_settings(outcome, self._ignored_settings)
            elif isinstance(error, httpx.TimeoutException | TimeoutError):
                outcome = seam_network_errors.incomplete(call)
            else:
                outcome = answer_errors.cut_off(call, progress.answer)
        except RuntimeError:
            if not self._client.is_closed:
                raise
            outcome = seam_network_errors.closed(call)  # closed between two attempts
        # Raised here, so that httpx's error, which holds the headers, isn't its context.
        if isinstance(outcome, SeamError):
            raise outcome
        return outcome

    async def _exchange(
        self,
        call: Call,
        request: httpx.Request,
        progress: _Progress,
        reader: ListReader[Any, Any] | None,
    ) -> Answer | SeamError:
        limits = self._limits
        response = await self._respond(call, request)
        try:
            answer = progress.answer = _answer_of(response)
            try:
                if reader is not None and answer.is_success:
                    return await self._read_list(call, response, answer, reader)
                limit = limits.answer_bytes if answer.is_success else limits.error_bytes
                body = await read_limited(response, limit)
            except PackedBodyError:
                return answer_errors.unreadable(call, answer, UnreadableAnswerError())
        finally:
            await response.aclose()
        if body is None and answer.is_success:
            return answer_errors.too_large(call, answer, limits.answer_bytes)
        # The status tells enough where the text of an error is too long.
        return replace(answer, body=body or b"")

    async def _read_list(
        self, call: Call, response: httpx.Response, answer: Answer, reader: ListReader[Any, Any]
    ) -> Answer | SeamError:
        read = 0
        first = b""

        def take(piece: bytes) -> bool:
            nonlocal read, first
            read += len(piece)
            first = first or piece
            reader.feed(piece)
            return read <= self._limits.list_bytes

        try:
            is_whole = await read_pieces(response, take)
            if is_whole:
                reader.end()
        except UnreadableAnswerError as error:
            return answer_errors.unreadable(call, replace(answer, body=first), error)
        except ListTooLongError:
            is_whole = False
        return answer if is_whole else answer_errors.list_too_long(call, answer, read)

    async def _respond(self, call: Call, request: httpx.Request) -> httpx.Response:
        """The response without its body. A GET is sent again while Seam is busy."""
        repeats = self._limits.repeats if request.method == "GET" else 0
        repeat = 0
        while True:
            sent_at = self._clock.steady()
            response = await self._client.send(request, stream=True)
            self._observe_time(response, sent_at)
            repeat += 1
            if response.status_code not in _BUSY_STATUSES or repeat > repeats:
                return response
            wait = seam_errors.seconds_to_wait(response.headers.get("retry-after"), call.clock())
            if wait is not None and wait > self._limits.longest_wait:
                return response  # the user decides whether to wait that long
            await response.aclose()
            backoff = self._limits.backoff * 2**repeat * random.random()  # noqa: S311 - no secret
            await asyncio.sleep(wait or min(backoff, self._limits.longest_wait))

    def _observe_time(self, response: httpx.Response, sent_at: float) -> None:
        """Take the time from an answer of Seam itself. Its request id shows that it is one: the
        sign-in page of a guest network has another server's time. A cached answer has an age."""
        received_at = self._clock.steady()
        headers = response.headers
        if "seam-request-id" not in headers or headers.get("age", "0").strip() != "0":
            return
        try:
            date = parsedate_to_datetime(headers.get("date", ""))
            self._clock.observe(date.replace(tzinfo=UTC), sent_at, received_at)
        except (TypeError, ValueError, OverflowError):
            return  # without a date, or with one that nobody can read


class _Progress:
    """How far a request got: the error depends on whether it may have taken effect."""

    def __init__(self, host: str) -> None:
        self.sent = False
        self.proxy: str | None = None
        self.answer: Answer | None = None
        self._host = host

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        # "connection.…", and "socks.…" to a SOCKS proxy.
        if event.endswith(".connect_tcp.started") and info["host"] != self._host:
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
