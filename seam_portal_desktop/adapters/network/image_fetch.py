"""Fetches small images. Seam gives their addresses, which may lead to any host: a request has no
credential or cookie, and time and size are limited."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from seam_portal_desktop.adapters.network.http_client import (
    PackedBodyError,
    read_limited,
    system_tls,
)
from seam_portal_desktop.domain.endpoint import is_loopback

if TYPE_CHECKING:
    import httpx

_CONTENT_TYPES = frozenset({"image/png", "image/jpeg", "image/svg+xml", "image/webp"})


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Seconds for all requests together, bytes of one image, redirects that are followed."""

    overall: float = 5.0
    image_bytes: int = 256 * 1024
    redirects: int = 3


class HttpImageFetch:
    """The program's FetchImage. Imports the HTTP library on first use, in a thread."""

    def __init__(self, limits: ImageLimits | None = None) -> None:
        self._limits = limits or ImageLimits()
        self._tls: ssl.SSLContext | None = None

    async def __call__(self, url: str) -> bytes | None:
        """A PNG, JPEG, SVG or WebP over https, or over http from this machine; else None."""
        try:
            parts = _allowed(url)
            if parts is None:
                return None
            async with asyncio.timeout(self._limits.overall):
                client = await asyncio.to_thread(self._build_client)
                async with client:
                    return await self._get(client, parts)
        except (OSError, ValueError):  # no such host, no address
            return None

    def _build_client(self) -> httpx.AsyncClient:
        import httpx

        from seam_portal_desktop.adapters.network.system_transport import AsyncSystemTransport

        if self._tls is None:
            self._tls = system_tls()
        return httpx.AsyncClient(
            headers={"accept": ", ".join(sorted(_CONTENT_TYPES)), "accept-encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            transport=AsyncSystemTransport(self._tls),
            timeout=self._limits.overall,
            follow_redirects=False,
        )

    async def _get(self, client: httpx.AsyncClient, parts: SplitResult) -> bytes | None:
        import httpx

        try:
            for _ in range(self._limits.redirects + 1):
                request = client.build_request("GET", parts.geturl())
                response = await client.send(request, stream=True)
                try:
                    if not response.has_redirect_location:
                        return await self._image_of(response)
                    target = _allowed(urljoin(parts.geturl(), response.headers["location"]))
                finally:
                    await response.aclose()
                if target is None or not _may_redirect(parts, target):
                    return None
                parts = target
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, PackedBodyError):
            pass
        return None

    async def _image_of(self, response: httpx.Response) -> bytes | None:
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not response.is_success or content_type not in _CONTENT_TYPES:
            return None
        return await read_limited(response, self._limits.image_bytes) or None


def _allowed(url: str) -> SplitResult | None:
    """The address in parts, or None if it must not be fetched.

    Raises ValueError if `url` can't be parsed.
    """
    parts = urlsplit(url)
    _ = parts.port  # raises for a number that is no port; asyncio would raise another error
    if not parts.hostname or parts.username is not None or parts.password is not None:
        return None
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    return parts._replace(fragment="") if secure else None


def _may_redirect(source: SplitResult, target: SplitResult) -> bool:
    """No redirect changes the scheme, or leads between this machine and another."""
    loopback = (is_loopback(source.hostname or ""), is_loopback(target.hostname or ""))
    return source.scheme == target.scheme and loopback[0] == loopback[1]
