"""The certificate authorities that a company adds to its computers, for the embedded browser.

Calls from Python trust the system's store (truststore), on Linux also SSL_CERT_FILE. Chromium
trusts the system's store on Windows and macOS. On Linux it trusts its own list and the user's NSS
database only (measured with Qt 6.11.3: neither SSL_CERT_FILE nor /etc/ssl/certs changed that), so
every preview would fail in a company that inspects TLS connections.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

# The folders for authorities that an administrator adds, on Debian, Red Hat, Arch and SUSE. The
# distribution's own authorities are elsewhere, and Chromium has those.
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
    """PEM texts of the authorities to trust besides the browser's own. Blocks on the disk.

    `anchors` are directories: by default the system's on Linux, and none elsewhere. Files that
    can't be read or hold no certificate are left out.
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
