"""Checksums of the built files and, if the environment has a key, signatures."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from common.run import need, run

CHECKSUMS = "SHA256SUMS"
_SIGNATURE = ".asc"
KEY = "GPG_PRIVATE_KEY"
PASSPHRASE = "GPG_PASSPHRASE"  # noqa: S105 - the variable's name


def write_all(out: Path) -> list[Path]:
    """Write checksums of all files in `out` and, with a key, signatures. Old ones are removed."""
    for path in [*out.glob(f"*{_SIGNATURE}"), out / CHECKSUMS]:
        path.unlink(missing_ok=True)
    files = sorted(path for path in out.iterdir() if path.is_file())
    checksums = write_checksums(files)
    return [checksums, *sign([*files, checksums])]


def write_checksums(files: Sequence[Path]) -> Path:
    """Write SHA256SUMS beside the files, in the form that `sha256sum --check` reads."""
    lines = []
    for path in sorted(files):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    target = files[0].parent / CHECKSUMS
    target.write_text("".join(lines), "utf-8", newline="\n")
    return target


def sign(files: Sequence[Path]) -> list[Path]:
    """Write a detached, ASCII-armoured signature beside each file; none without a key.

    The key is the armoured text in GPG_PRIVATE_KEY, its passphrase is in GPG_PASSPHRASE. It is
    imported into a temporary keyring.
    """
    key = os.environ.get(KEY)
    if not key:
        return []
    need({"gpg": "gnupg"})
    with tempfile.TemporaryDirectory(prefix="signing-") as home:
        Path(home).chmod(0o700)
        environment = {"GNUPGHOME": home}
        gpg = ["gpg", "--batch", "--yes", "--quiet", "--pinentry-mode", "loopback"]
        run([*gpg, "--import"], env=environment, stdin=key.encode())
        signatures = []
        for path in files:
            signature = path.with_name(f"{path.name}{_SIGNATURE}")
            command = [*gpg, "--passphrase-fd", "0", "--armor", "--detach-sign"]
            run(
                [*command, "--output", signature, path],
                env=environment,
                stdin=os.environ.get(PASSPHRASE, "").encode(),
            )
            signatures.append(signature)
        run(["gpgconf", "--kill", "all"], env=environment)
    return signatures
