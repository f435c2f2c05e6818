"""A temporary keychain for the build, with the certificate from the environment.

MACOS_CERTIFICATE is a "Developer ID Application" certificate with its key: a PKCS#12 file in
base64, its passphrase in MACOS_CERTIFICATE_PASSWORD.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from common.project import BuildError
from common.run import run

CERTIFICATE = "MACOS_CERTIFICATE"
PASSWORD = "MACOS_CERTIFICATE_PASSWORD"  # noqa: S105 - the variable's name


@dataclass(frozen=True, slots=True)
class Signer:
    """The certificate's fingerprint, by which codesign finds it, and its keychain."""

    identity: str
    keychain: Path


def has_certificate() -> bool:
    return bool(os.environ.get(CERTIFICATE))


@contextmanager
def signer() -> Iterator[Signer]:
    """A keychain that exists in this context. BuildError if the certificate can't be used."""
    with tempfile.TemporaryDirectory(prefix="signing-") as folder:
        keychain = Path(folder) / "build.keychain-db"
        passphrase = secrets.token_urlsafe(32)
        before = _search_list()
        run(["security", "create-keychain", "-p", passphrase, keychain])
        try:
            run(["security", "set-keychain-settings", "-lut", "21600", keychain])
            run(["security", "unlock-keychain", "-p", passphrase, keychain])
            _import(keychain, Path(folder) / "certificate.p12")
            # Without this, codesign asks on the screen for permission to use the key.
            partitions = ["-S", "apple-tool:,apple:,codesign:", "-s", "-k", passphrase]
            run(["security", "set-key-partition-list", *partitions, keychain])
            run(["security", "list-keychains", "-d", "user", "-s", keychain, *before])
            yield Signer(_identity(keychain), keychain)
        finally:
            run(["security", "list-keychains", "-d", "user", "-s", *before])
            run(["security", "delete-keychain", keychain])


def _import(keychain: Path, certificate: Path) -> None:
    certificate.write_bytes(base64.b64decode(os.environ[CERTIFICATE]))
    password = os.environ.get(PASSWORD, "")
    options = ["-f", "pkcs12", "-P", password, "-T", "/usr/bin/codesign"]
    run(["security", "import", certificate, "-k", keychain, *options])
    certificate.unlink()


def _identity(keychain: Path) -> str:
    found = run(["security", "find-identity", "-v", "-p", "codesigning", keychain])
    match = re.search(r"\b[0-9A-F]{40}\b", found)
    if match is None:
        raise BuildError(f"{CERTIFICATE} has no certificate that can sign programs.")
    return match[0]


def _search_list() -> list[str]:
    listed = run(["security", "list-keychains", "-d", "user"])
    return re.findall(r'^ *"(.+)"$', listed, re.MULTILINE)
