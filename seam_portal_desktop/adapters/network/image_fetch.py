"""Fetches small images. Seam gives their addresses, which may lead to any host: a request has no
credential or cookie, and time and size are limited."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from seam_portal_desktop.adapters.network.http_client import (
    PackedBodyError,
    read_limited,
    system_tls,
)
from seam_portal_desktop.domain.address import WebAddress, is_loopback, parse_link

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
            address = parse_link(url)
            async with asyncio.timeout(self._limits.overall):
                client = await asyncio.to_thread(self._build_client)
                async with client:
                    return await self._get(client, address)
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

    async def _get(self, client: httpx.AsyncClient, address: WebAddress) -> bytes | None:
        import httpx

        try:
            for _ in range(self._limits.redirects + 1):
                request = client.build_request("GET", address.text)
                response = await client.send(request, stream=True)
                try:
                    if not response.has_redirect_location:
                        return await self._image_of(response)
                    target = parse_link(urljoin(address.text, response.headers["location"]))
                finally:
                    await response.aclose()
                if not _may_redirect(address, target):
                    return None
                address = target
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, PackedBodyError):
            pass
        return None

    async def _image_of(self, response: httpx.Response) -> bytes | None:
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not response.is_success or content_type not in _CONTENT_TYPES:
            return None
        return await read_limited(response, self._limits.image_bytes) or None


def _may_redirect(source: WebAddress, target: WebAddress) -> bool:
    """No redirect changes the scheme, or leads between this machine and another."""
    loopback = (is_loopback(source.host), is_loopback(target.host))
    return source.scheme == target.scheme and loopback[0] == loopback[1]
