"""Faults on request: slow, failing, limited, broken and missing answers."""

from __future__ import annotations

import asyncio
import json
import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from seam_portal_desktop.sandbox.errors import ApiError

AnswerMaker = Callable[[Response], Response]


class DroppableConnection(H11Protocol):
    """One HTTP connection, which :meth:`drop` can close. An ASGI application can't do that."""

    _transports: ClassVar[dict[tuple[object, object], asyncio.Transport]] = {}
    """The open connections of all servers, by (server, client) as an ASGI scope has them."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._ends = (transport.get_extra_info("sockname"), transport.get_extra_info("peername"))
        self._transports[self._ends] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transports.pop(self._ends, None)
        super().connection_lost(exc)

    @classmethod
    def drop(cls, scope: Scope) -> None:
        """Close the connection of a request at once, without an answer."""
        cls._transports[tuple(scope["server"]), tuple(scope["client"])].abort()


class _DroppedConnection(Response):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        DroppableConnection.drop(scope)
        while (await receive())["type"] != "http.disconnect":
            pass


@dataclass(frozen=True, slots=True)
class _Scripted:
    """An answer to give once. ``make`` gets the real answer, if ``after_effect``."""

    path: str | None
    after_effect: bool
    make: AnswerMaker


class Faults:
    """The present faults; none at first. Every thread may change them while the server runs.

    ``latency`` is in seconds and delays every answer. ``fail_rate`` (0 to 1) is the share of
    calls answered with 500. ``rate_limit`` is in calls per second; the rest get 429.
    """

    def __init__(
        self,
        *,
        latency: float = 0.0,
        fail_rate: float = 0.0,
        rate_limit: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.latency = latency
        self.fail_rate = fail_rate
        self.rate_limit = rate_limit
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._scripted: list[_Scripted] = []
        self._hold: Future[None] | None = None
        self._hold_path: str | None = None
        self._allowance: float | None = None
        self._counted_at = 0.0

    # Each of the next_… methods is for one call: the next to `path`, or to any path.

    def next_answer(
        self,
        *,
        status: int = 500,
        body: Mapping[str, Any] | str | None = None,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        path: str | None = None,
        after_effect: bool = False,
    ) -> None:
        """Answer the next call with these values. A mapping is sent as JSON; without a body an
        error in Seam's shape is sent. With ``after_effect`` the call has its effect first."""
        if body is None:
            error = {"type": "scripted", "message": "The sandbox was told to answer so."}
            body = {"error": error, "ok": False}
        text = body if isinstance(body, str) else json.dumps(body)
        self._script(
            lambda _: Response(text, status, headers, media_type=content_type), path, after_effect
        )

    def next_html(self, *, status: int = 502, path: str | None = None) -> None:
        """Answer the next call with a proxy's error page."""
        page = f"<!doctype html><title>{status}</title><h1>{status} Bad gateway</h1>"
        self.next_answer(status=status, body=page, content_type="text/html", path=path)

    def next_truncated(self, *, path: str | None = None) -> None:
        """Give the next call its effect, but send only the first half of the JSON."""

        def cut(answer: Response) -> Response:
            body = bytes(answer.body)
            return Response(body[: len(body) // 2], 200, media_type="application/json")

        self._script(cut, path, after_effect=True)

    def next_drop(self, *, path: str | None = None, after_effect: bool = False) -> None:
        """Close the connection of the next call without an answer."""
        self._script(lambda _: _DroppedConnection(), path, after_effect)

    def _script(self, make: AnswerMaker, path: str | None, after_effect: bool) -> None:  # noqa: FBT001
        with self._lock:
            self._scripted.append(_Scripted(path, after_effect, make))

    def hold(self, *, path: str | None = None) -> None:
        """Let calls (to `path`, or all) wait from now on, before they have an effect."""
        with self._lock:
            if self._hold is None:
                self._hold = Future()
                self._hold_path = path

    def release(self) -> None:
        """Continue the calls that :meth:`hold` stopped."""
        with self._lock:
            held, self._hold = self._hold, None
        if held is not None:
            held.set_result(None)

    def clear(self) -> None:
        """Remove all faults and continue the held calls."""
        self.latency, self.fail_rate, self.rate_limit = 0.0, 0.0, None
        with self._lock:
            self._scripted.clear()
        self.release()

    async def answer(self, path: str, effect: Callable[[], Response]) -> Response:
        """Return the answer to a call to `path`: that of `effect`, changed by the present faults.

        Raises ApiError for a call over the rate limit, and for one that fails by chance.
        """
        self._check_rate_limit()
        if self.latency:
            await asyncio.sleep(self.latency)
        with self._lock:
            held = self._hold if self._hold_path in (None, path) else None
        if held is not None:
            await asyncio.shield(asyncio.wrap_future(held))
        if (scripted := self._pop_scripted(path)) is not None:
            return scripted.make(effect() if scripted.after_effect else Response())
        if random.random() < self.fail_rate:  # noqa: S311 - chance, not a secret
            raise ApiError(500, "internal_server_error", "The sandbox failed, as it was told to.")
        return effect()

    def _pop_scripted(self, path: str) -> _Scripted | None:
        with self._lock:
            for index, scripted in enumerate(self._scripted):
                if scripted.path in (None, path):
                    return self._scripted.pop(index)
        return None

    def _check_rate_limit(self) -> None:
        """Count one call. The allowance refills with time, up to one second's calls."""
        rate = self.rate_limit
        if rate is None:
            self._allowance = None
            return
        now, full = self._monotonic(), max(rate, 1.0)
        if self._allowance is None:
            self._allowance, self._counted_at = full, now
        self._allowance = min(full, self._allowance + (now - self._counted_at) * rate)
        self._counted_at = now
        if self._allowance < 1:
            wait = math.ceil((1 - self._allowance) / rate)
            raise ApiError(
                429,
                "too_many_requests",
                "Too many requests. Wait and try again.",
                headers={"Retry-After": str(wait)},
            )
        self._allowance -= 1
