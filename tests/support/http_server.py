"""A small HTTP server on loopback with scripted answers, valid or not.

It runs in threads, so that it serves sync clients, asyncio and Qt's event loop alike::

    with ScriptedServer() as server:
        server.reply(json_answer({"ok": True}))
        ...
        assert server.requests[0].path == "/workspaces/get"
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

TIMEOUT_S = 20.0
"""Seconds after which a stall ends, so that a broken test ends."""


@dataclass(frozen=True)
class ReceivedRequest:
    """One request; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Exchange:
    """One request whose answer is being written."""

    def __init__(self, request: ReceivedRequest, stream: socket.socket, server: ScriptedServer):
        self.request = request
        self._stream = stream
        self._server = server

    def send(self, data: bytes) -> None:
        self._stream.sendall(data)

    def wait_for_release(self, seconds: float = TIMEOUT_S) -> bool:
        """Stall until `server.release()` or the timeout. Returns whether it was released."""
        return self._server.released.wait(seconds)

    def wait_for_disconnect(self) -> None:
        """Stall until the client closes the connection, then set `server.disconnected`."""
        self._stream.settimeout(TIMEOUT_S)
        with contextlib.suppress(OSError):
            while self._stream.recv(65536):
                pass
            self._server.disconnected.set()

    def reset(self) -> None:
        """Break the connection with a TCP reset instead of an orderly end."""
        self._stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._stream.close()


Reply = Callable[[Exchange], None]
"""Writes one answer. The connection is kept for the next request unless it raises Hangup."""


class Hangup(Exception):  # noqa: N818 - ends a connection, is no error
    """Close the connection after this answer."""


class ScriptedServer:
    """Answers with the queued replies in order, then always with `default`.

    ``received`` is set at the first request, ``disconnected`` by `stall_until_disconnect`. A
    `greeting` is sent at once, as other protocols do.
    """

    def __init__(
        self,
        *,
        default: Reply | None = None,
        tls: ssl.SSLContext | None = None,
        greeting: bytes = b"",
    ) -> None:
        self._greeting = greeting
        self.default = default or json_answer({"ok": True})
        self.requests: list[ReceivedRequest] = []
        self.received = threading.Event()
        self.released = threading.Event()
        self.disconnected = threading.Event()
        self._tls = tls
        self._replies: deque[Reply] = deque()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._streams: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._stopping = False

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def reply(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    def release(self) -> None:
        self.released.set()

    def start(self) -> None:
        self._spawn(self._accept)

    def stop(self) -> None:
        self._stopping = True
        self.released.set()
        # Closing alone doesn't wake a thread that is inside accept() or recv().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for stream in list(self._streams):
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(TIMEOUT_S)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            self._spawn(self._serve, stream)

    def _serve(self, stream: socket.socket) -> None:
        self._streams.add(stream)
        with contextlib.suppress(OSError, Hangup), contextlib.closing(stream):
            if self._tls is not None:
                stream = self._tls.wrap_socket(stream, server_side=True)
            with contextlib.closing(stream):
                stream.sendall(self._greeting)
                for request in _requests(stream):
                    self.requests.append(request)
                    self.received.set()
                    reply = self._replies.popleft() if self._replies else self.default
                    reply(Exchange(request, stream, self))
        self._streams.discard(stream)


def _requests(stream: socket.socket) -> Iterator[ReceivedRequest]:
    waiting = b""
    while True:
        while b"\r\n\r\n" not in waiting:
            chunk = stream.recv(65536)
            if not chunk:
                return
            waiting += chunk
        head, _, waiting = waiting.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = (line.split(":", 1) for line in lines)
        headers = {name.lower(): value.strip() for name, value in pairs}
        length = int(headers.get("content-length", "0"))
        while len(waiting) < length:
            chunk = stream.recv(65536)
            if not chunk:
                return
            waiting += chunk
        body, waiting = waiting[:length], waiting[length:]
        yield ReceivedRequest(method, path, headers, body)


def answer(
    body: bytes = b"",
    *,
    status: int = 200,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """A well-formed HTTP answer."""
    lines = [f"HTTP/1.1 {status} Scripted", f"content-length: {len(body)}"]
    if content_type:
        lines.append(f"content-type: {content_type}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def json_answer(
    payload: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Reply:
    return answer(json.dumps(payload).encode(), status=status, headers=headers)


def raw(data: bytes) -> Reply:
    """These bytes as they are; the connection stays open."""

    def reply(exchange: Exchange) -> None:
        exchange.send(data)

    return reply


def raw_then_close(data: bytes) -> Reply:
    """These bytes, then the end of the connection."""

    def reply(exchange: Exchange) -> None:
        exchange.send(data)
        raise Hangup

    return reply


def reset(exchange: Exchange) -> None:
    """A TCP reset after the whole request was read."""
    exchange.reset()
    raise Hangup


def stall(exchange: Exchange) -> None:
    """No answer until `server.release()`."""
    exchange.wait_for_release()
    raise Hangup


def stall_until_disconnect(exchange: Exchange) -> None:
    """No answer; sets `server.disconnected` when the client has closed the connection."""
    exchange.wait_for_disconnect()
    raise Hangup


def endless(*, content_length: int | None = None, chunk: bytes = b" " * 65536) -> Reply:
    """A body that goes on until the client closes the connection."""
    length = f"content-length: {content_length}\r\n" if content_length is not None else ""

    def reply(exchange: Exchange) -> None:
        exchange.send(f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{length}\r\n".encode())
        sent = 0
        while content_length is None or sent < content_length:
            exchange.send(chunk)
            sent += len(chunk)
        raise Hangup

    return reply


def held(then: Reply) -> Reply:
    """`then`, but not before `server.release()`."""

    def reply(exchange: Exchange) -> None:
        exchange.wait_for_release()
        then(exchange)

    return reply
