"""Checks that a packaged program has its keyring backends, late imports and trusted authorities."""

from __future__ import annotations

import importlib.util
import ssl
import sys
from importlib import metadata
from pathlib import Path

from seam_portal_desktop.adapters.network.http_client import system_tls

_LIBRARIES = {
    "keyring.backends.SecretService": "secretstorage",
    "keyring.backends.Windows": "win32ctypes",
}
# psycopg must come before its compiled module, which can't be imported without it.
_LATE_LIBRARIES = (
    "can_ada",
    "charset_normalizer",
    "email_validator",
    "phonenumbers",
    "psycopg",
    "psycopg_binary._psycopg",
    "python_calamine",
    "sqlalchemy.dialects.postgresql.psycopg",
    "tuf.ngclient",
    "tzdata",
    "xlsxwriter",
)


def keyring_backends() -> set[str]:
    """The modules of all keyring backends that can be loaded, usable here or not. Blocking.

    Source: the entry points in the packages' metadata.
    """
    found = set()
    for entry_point in metadata.entry_points(group="keyring.backends"):
        module = importlib.import_module(entry_point.module)
        # A backend can be imported although its library can't.
        library = _LIBRARIES.get(module.__name__)
        if library is None or importlib.util.find_spec(library) is not None:
            found.add(module.__name__)
    return found


def missing_libraries() -> list[str]:
    """The libraries that can't be imported, of those that most runs don't need. Blocking."""
    missing = []
    for name in _LATE_LIBRARIES:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    return missing


def has_trusted_authorities() -> bool:
    """Whether the system's certificate store is found and not empty. Blocking.

    On Windows and macOS the system checks certificates, so only a handshake is prepared there.
    """
    context = system_tls()
    # The store is opened when a connection is about to be made.
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    if sys.platform in {"win32", "darwin"}:
        return True
    folder = ssl.get_default_verify_paths().capath
    has_files = folder is not None and any(Path(folder).iterdir())
    return has_files or context.cert_store_stats()["x509_ca"] > 0
