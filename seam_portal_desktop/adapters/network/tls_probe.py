"""Reads the issuer and the end of a server's certificate.

The browser engine gives facts of a certificate only when it refuses one. So the server gets one
more request: a HEAD of its root, without the link's path or token, with the same proxies and the
same trusted authorities as every other call of this program.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from seam_portal_desktop.adapters.network.http_client import find_cause, system_tls
from seam_portal_desktop.domain.preview.page_facts import TlsFacts, TlsFault

if TYPE_CHECKING:
    import httpx

OVERALL_SECONDS = 8.0
"""The report waits for it, so it is shorter than the limit of a page."""

# OpenSSL's X509_V_ERR_... numbers.
_FAULTS = {
    9: TlsFault.NOT_YET_VALID,
    10: TlsFault.EXPIRED,
    18: TlsFault.UNTRUSTED,  # self-signed
    19: TlsFault.UNTRUSTED,
    20: TlsFault.UNTRUSTED,  # no issuer found
    21: TlsFault.UNTRUSTED,
    62: TlsFault.WRONG_HOST,
    64: TlsFault.WRONG_HOST,
}


class HttpTlsProbe:
    """The program's ProbeTls. Imports the HTTP library on first use, in a thread."""

    def __init__(
        self,
        create_context: Callable[[], ssl.SSLContext] | None = None,
        *,
        overall: float = OVERALL_SECONDS,
    ) -> None:
        """`create_context` makes the TLS context, by default the system's; `overall` is seconds."""
        self._create_context = create_context or system_tls
        self._overall = overall
        self._context: ssl.SSLContext | None = None

    async def __call__(self, origin: str) -> TlsFacts:
        """The certificate at `origin` (https://host[:port]).

        The facts are empty if the connection failed for another reason than the certificate.
        """
        try:
            async with asyncio.timeout(self._overall):
                client = await asyncio.to_thread(self._build_client)
                async with client:
                    return await self._probe(client, origin)
        except (OSError, ValueError):  # no answer in time, no address
            return TlsFacts()

    def _build_client(self) -> httpx.AsyncClient:
        import httpx

        from seam_portal_desktop.adapters.network.system_transport import AsyncSystemTransport

        if self._context is None:
            self._context = self._create_context()
        return httpx.AsyncClient(
            transport=AsyncSystemTransport(self._context),
            # Shorter than the overall limit: httpcore leaves the connection open when it is
            # cancelled during a handshake, and closes it after a timeout of its own.
            timeout=self._overall / 2,
            follow_redirects=False,
        )

    async def _probe(self, client: httpx.AsyncClient, origin: str) -> TlsFacts:
        import httpx

        try:
            response = await client.send(client.build_request("HEAD", origin), stream=True)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            refusal = find_cause(error, ssl.SSLCertVerificationError)
            if refusal is None:
                return TlsFacts()
            return TlsFacts(fault=_FAULTS.get(refusal.verify_code, TlsFault.OTHER))
        try:
            stream = response.extensions.get("network_stream")
            tls = stream.get_extra_info("ssl_object") if stream is not None else None
            # In binary: Python parses no certificate where the system verifies it.
            certificate = tls.getpeercert(binary_form=True) if tls is not None else None
        finally:
            await response.aclose()
        return _facts_of(certificate) if certificate else TlsFacts()


def _facts_of(certificate: bytes) -> TlsFacts:
    """Raises ValueError for bytes that are no certificate."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    parsed = x509.load_der_x509_certificate(certificate)
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for name in parsed.issuer.get_attributes_for_oid(oid):
            issuer = " ".join(str(name.value).split())
            if issuer.isprintable() and issuer:
                return TlsFacts(issuer[:80], parsed.not_valid_after_utc)
    return TlsFacts(None, parsed.not_valid_after_utc)
