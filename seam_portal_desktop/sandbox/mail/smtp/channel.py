"""Bytes and lines of one connection, with and without encryption."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import cast

_HIGH_WATER = 256 * 1024
"""How many unread bytes are kept before the client has to wait."""

_END_OF_DATA = b"\r\n.\r\n"


class LineTooLongError(Exception):
    """The line was read to its end, and isn't kept."""


class SmtpChannel(asyncio.Protocol):
    """``on_open`` gets the channel when the client has connected, ``on_close`` when either side
    has closed the connection, also if a session is still at work.

    The reading methods raise ConnectionError when the client has left.
    """

    def __init__(
        self,
        on_open: Callable[[SmtpChannel], None],
        on_close: Callable[[], None],
    ) -> None:
        self._on_open = on_open
        self._on_close = on_close
        self._is_closed = False
        self._buffer = bytearray()
        self._arrived = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._is_lost = False
        self._transport: asyncio.Transport | None = None

    @property
    def transport(self) -> asyncio.Transport:
        assert self._transport is not None  # noqa: S101 - on_open is called after it is set
        return self._transport

    @property
    def is_encrypted(self) -> bool:
        return self.transport.get_extra_info("ssl_object") is not None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._on_open(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > _HIGH_WATER:
            self.transport.pause_reading()
        self._arrived.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self._is_lost = True
        self._arrived.set()
        self._may_write.set()
        self._closed()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    # What the session calls.

    def close(self) -> None:
        """Close when what was written is out."""
        self.transport.close()
        # asyncio doesn't tell of the end of a connection whose encryption has failed.
        self._closed()

    def _closed(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._on_close()

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Encrypt from now on. Raises OSError if the client can't or won't.

        What the client sent too early is thrown away: anybody in between could have added it.
        """
        self._buffer.clear()
        loop = asyncio.get_running_loop()
        encrypted = await loop.start_tls(
            self.transport, self, context, server_side=True, ssl_handshake_timeout=30
        )
        if encrypted is None:
            raise ConnectionResetError
        self._transport = encrypted

    async def read_line(self, limit: int) -> bytes:
        """A line without its CRLF. Raises LineTooLongError for one of more than `limit` bytes."""
        is_too_long = False
        while (end := self._buffer.find(b"\r\n")) < 0:
            if len(self._buffer) > limit:
                is_too_long = True
                del self._buffer[:-1]
            await self._read_more()
        line = bytes(self._buffer[:end])
        self._consume(end + 2)
        if is_too_long or len(line) > limit:
            raise LineTooLongError
        return line

    async def read_data(self, limit: int) -> bytes | None:
        """A message up to the line with a single dot, which isn't part of it, still with the
        additional dots. None if it has more than `limit` bytes; then it was read to its end."""
        message = bytearray(b"\r\n")  # so that a dot in the first line is found as well
        is_too_large = False
        while True:
            searched_from = max(0, len(message) - len(_END_OF_DATA) + 1)
            message += self._buffer
            end = message.find(_END_OF_DATA, searched_from)
            if end >= 0:
                rest = message[end + len(_END_OF_DATA) :]
                self._buffer[:] = rest
                return None if is_too_large or end > limit else bytes(message[2 : end + 2])
            self._consume(len(self._buffer))
            if len(message) > limit + len(_END_OF_DATA) * 2:
                is_too_large = True
                del message[: -len(_END_OF_DATA)]
            await self._read_more()

    async def write(self, data: bytes) -> None:
        if self._is_lost or self.transport.is_closing():
            raise ConnectionResetError
        self.transport.write(data)
        await self._may_write.wait()

    def _consume(self, size: int) -> None:
        del self._buffer[:size]
        if len(self._buffer) <= _HIGH_WATER:
            self.transport.resume_reading()

    async def _read_more(self) -> None:
        if self._is_lost:
            raise ConnectionResetError
        self._arrived.clear()
        self.transport.resume_reading()
        await self._arrived.wait()
