"""What every HTTP client of the program shares: certificates, proxies, the causes of an error."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlsplit

from seam_portal_desktop.domain.endpoint import is_loopback

_O = TypeVar("_O", bound=BaseException)


def system_tls() -> ssl.SSLContext:
    """A context that trusts what the system trusts, a company's own authority included.

    Blocks on the disk.
    """
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def uses_proxies(url: str) -> bool:
    """Whether the system's proxies apply: not to a server on this machine, such as the sandbox.

    Raises ValueError for what is no address.
    """
    return not is_loopback(urlsplit(url).hostname or "")


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
