"""Whether the system's certificate store vouches for a server.

For the preview's engine: on Linux Chromium trusts its own list and the user's NSS database, and
knows nothing of an authority that the administrator added to the system. (An off-the-record
profile takes no further certificates, measured with Qt 6.11: QWebEngineProfileBuilder's are for
profiles on disk alone.)
"""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

_LONGEST_CHAIN = 10
# Where distributions keep the whole store in one file.
_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class SystemTrust:
    """The store is read at the first question, and once: it takes some ten milliseconds."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self._is_read = False

    def vouches_for(self, chain: Sequence[bytes], host: str) -> bool:
        """Whether `chain` (DER, the server's own certificate first) makes `host` what it says.

        Checked by the rules of the web: names, dates, key usage, and every signature up to an
        authority of the system's store. Blocking.
        """
        if not chain or len(chain) > _LONGEST_CHAIN:
            return False
        if not self._is_read:
            self._store, self._is_read = _system_store(), True
        if self._store is None:
            return False
        try:
            certificates = [x509.load_der_x509_certificate(der) for der in chain]
            verifier = PolicyBuilder().store(self._store).build_server_verifier(_subject(host))
            verifier.verify(certificates[0], certificates[1:])
        except (VerificationError, ValueError, TypeError, x509.UnsupportedGeneralNameType):
            return False
        return True


def _subject(host: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)


def _system_store() -> Store | None:
    authorities = list(_authorities())
    return Store(authorities) if authorities else None


def _authorities() -> Iterator[x509.Certificate]:
    paths = ssl.get_default_verify_paths()
    named = os.environ.get(paths.openssl_cafile_env)
    for place in [named] if named else [*_FILES, paths.openssl_cafile]:
        try:
            content = Path(place).read_bytes()
        except OSError:
            continue
        for pem in _PEM.findall(content):
            try:
                yield x509.load_pem_x509_certificate(pem)
            except ValueError:
                continue  # one that this library can't read vouches for nobody
        return
