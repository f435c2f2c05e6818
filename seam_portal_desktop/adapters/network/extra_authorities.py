"""The certificate authorities that a company adds to its computers, for the embedded browser.

Python's side goes by the system's store (truststore) and SSL_CERT_FILE. Chromium does too on
Windows and macOS. On Linux it knows its own authorities and those of the user's NSS database only
(measured with Qt 6.11.3: neither SSL_CERT_FILE nor /etc/ssl/certs changed what it trusts), so a
company that looks into TLS connections would see every preview fail.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

# Where an administrator puts an authority so that the system trusts it too: Debian, Red Hat, Arch
# and SUSE. What the distribution ships is elsewhere, and Chromium has that anyway.
_LOCAL_ANCHORS = (
    "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust/source/anchors",
    "/etc/ca-certificates/trust-source/anchors",
    "/etc/pki/trust/anchors",
)
_SUFFIXES = frozenset({".crt", ".pem", ".cer"})
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_LARGEST = 4_000_000


def extra_authorities(
    environ: Mapping[str, str] = os.environ, anchors: Sequence[str] | None = None
) -> tuple[bytes, ...]:
    """PEM texts of the authorities to trust besides the browser's own; blocks on the disk.

    `anchors` are directories, by default the system's, which is none but on Linux. What can't be
    read, or holds no certificate, is left out.
    """
    if anchors is None:
        anchors = _LOCAL_ANCHORS if sys.platform.startswith("linux") else ()
    named = environ.get("SSL_CERT_FILE")
    files = [Path(named)] if named else []
    for anchor in anchors:
        files.extend(sorted(_certificates_in(Path(anchor))))
    texts = (_read(file) for file in files)
    return tuple(dict.fromkeys(text for text in texts if text is not None and _BEGIN in text))


def _certificates_in(directory: Path) -> Iterable[Path]:
    try:
        return [path for path in directory.rglob("*") if path.suffix in _SUFFIXES]
    except OSError:
        return []


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.stat().st_size <= _LARGEST else None
    except (OSError, ValueError):  # a name with a null in it is a ValueError
        return None
