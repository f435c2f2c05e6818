"""What the HTTP clients share: certificates, limited bodies, causes of an error."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import httpx

_O = TypeVar("_O", bound=BaseException)

PIECE_BYTES = 64 * 1024
ACCEPTED_ENCODING = "gzip"
"""The Accept-Encoding of calls whose answers `read_pieces` reads."""


def system_tls() -> ssl.SSLContext:
    """A context that trusts what the system trusts, a company's own authority included.

    Blocks on the disk.
    """
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class PackedBodyError(Exception):
    """A body's Content-Encoding is another than was asked for, or its packing is damaged."""


async def read_pieces(response: httpx.Response, take: Callable[[bytes], bool]) -> bool:
    """Give the unpacked body of `response` to `take`, in pieces of at most PIECE_BYTES.

    A body may be packed once, with gzip. So no piece is larger than that, however little of it
    came. False from `take` ends it and closes the connection; then this is False too. Other work
    of the event loop is done between pieces. Raises PackedBodyError, httpx's errors and those of
    `take`.
    """
    import httpx

    failure: BaseException | None = None
    is_wanted = True
    try:
        unpack = _unpacking(response.headers.get("content-encoding", ""))
        async for chunk in response.aiter_raw():
            if not is_wanted:
                continue
            try:
                for piece in unpack(chunk):
                    is_wanted = take(piece)
                    if not is_wanted:
                        break
                    await asyncio.sleep(0)
            except BaseException as error:  # noqa: BLE001 - raised below, a cancellation too
                failure, is_wanted = error, False
            if not is_wanted:
                # Not a break: Qt's event loop doesn't finish generators that aren't read to their
                # end. The next read of the closed connection fails and ends them.
                await response.aclose()
    except (httpx.HTTPError, httpx.StreamError):
        if is_wanted:
            raise
    if failure is not None:
        raise failure
    return is_wanted


async def read_limited(response: httpx.Response, limit: int) -> bytes | None:
    """The unpacked body, or None as soon as it is known to exceed `limit` bytes.

    Raises PackedBodyError and httpx's errors.
    """
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        return None
    body = bytearray()

    def take(piece: bytes) -> bool:
        body.extend(piece)
        return len(body) <= limit

    return bytes(body) if await read_pieces(response, take) else None


def _unpacking(encoding: str) -> Callable[[bytes], Iterator[bytes]]:
    """Unpacks one chunk after the other. Raises PackedBodyError, now or then."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return lambda chunk: iter((chunk,))
    # httpx would unpack any number of layers, each as a whole: 822 bytes became 800 MB.
    if encoding not in ("gzip", "x-gzip"):
        raise PackedBodyError
    gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def unpack(chunk: bytes) -> Iterator[bytes]:
        while not gzip.eof:
            try:
                piece = gzip.decompress(chunk, PIECE_BYTES)
            except zlib.error:
                raise PackedBodyError from None
            if not piece:
                return
            chunk = gzip.unconsumed_tail
            yield piece

    return unpack


def find_cause(error: BaseException, kind: type[_O]) -> _O | None:
    """The first error of `kind` among `causes`."""
    return next((each for each in causes(error) if isinstance(each, kind)), None)


def causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and all that led to it; anyio collects failed connections in groups."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting.extend(each.exceptions)
        waiting.extend(cause for cause in (each.__cause__, each.__context__) if cause is not None)
