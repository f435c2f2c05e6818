"""What the HTTP clients share: certificates, proxies, limited bodies, causes of an error."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from seam_portal_desktop.domain.address import is_loopback

if TYPE_CHECKING:
    import httpx

_O = TypeVar("_O", bound=BaseException)


def system_tls() -> ssl.SSLContext:
    """A context that trusts what the system trusts, a company's own authority included.

    Blocks on the disk.
    """
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def uses_proxies(url: str) -> bool:
    """Whether the system's proxies apply: not to a server on this machine, such as the sandbox.

    Raises ValueError if `url` can't be parsed.
    """
    return not is_loopback(urlsplit(url).hostname or "")


async def read_limited(
    response: httpx.Response, chunks: AsyncIterator[bytes], limit: int
) -> bytes | None:
    """The body in `chunks` of `response`, or None as soon as it is known to exceed `limit` bytes.

    Raises httpx's errors.
    """
    import httpx

    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        return None
    body = bytearray()
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) > limit:
                # Not a break: Qt's event loop doesn't finish generators that aren't read to their
                # end. The next read of the closed connection fails and ends them.
                await response.aclose()
    except (httpx.HTTPError, httpx.StreamError):
        if len(body) <= limit:
            raise
    return bytes(body) if len(body) <= limit else None


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
