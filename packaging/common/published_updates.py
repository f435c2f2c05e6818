"""Download the updates' metadata that was published last.

The next release builds on this metadata and signs it again, so a file that an attacker put on the
server must not pass. It is checked like in the program, with the shipped root key, but it may be
older than the program accepts.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from common.project import BuildError
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Timestamp

_SECONDS = 30


def fetch(url: str, shipped_root: Path, repository: Path) -> None:
    """Write it to `repository`/metadata; nothing if none was published yet.

    BuildError if our keys didn't sign it, or if it can't be downloaded.
    """
    address = f"{url}/metadata"
    try:
        found = dict(_newest(address, shipped_root.read_bytes()))
    except RepositoryError as error:
        raise BuildError(f"{address} is not what we published: {error}") from None
    folder = repository / "metadata"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        (folder / name).write_bytes(content)


def _newest(address: str, shipped_root: bytes) -> Iterator[tuple[str, bytes]]:
    """The name and content of the roots since the shipped one and of the newest other files."""
    timestamp_file = _get(f"{address}/timestamp.json")
    if timestamp_file is None:
        return
    root = Metadata[Root].from_bytes(shipped_root).signed
    yield f"{root.version}.root.json", shipped_root
    while content := _get(f"{address}/{root.version + 1}.root.json"):
        newer = Metadata[Root].from_bytes(content)
        for signer in (root, newer.signed):
            signer.verify_delegate("root", newer.signed_bytes, newer.signatures)
        root = newer.signed
        yield f"{root.version}.root.json", content
    timestamp = Metadata[Timestamp].from_bytes(timestamp_file)
    root.verify_delegate("timestamp", timestamp.signed_bytes, timestamp.signatures)
    yield "timestamp.json", timestamp_file
    name = f"{timestamp.signed.snapshot_meta.version}.snapshot.json"
    snapshot = Metadata[Snapshot].from_bytes(content := _needed(f"{address}/{name}"))
    root.verify_delegate("snapshot", snapshot.signed_bytes, snapshot.signatures)
    yield name, content
    name = f"{snapshot.signed.meta['targets.json'].version}.targets.json"
    targets = Metadata.from_bytes(content := _needed(f"{address}/{name}"))
    root.verify_delegate("targets", targets.signed_bytes, targets.signatures)
    yield name, content


def _needed(address: str) -> bytes:
    content = _get(address)
    if content is None:
        raise BuildError(f"There is no {address}.")
    return content


def _get(address: str) -> bytes | None:
    """None if the server has no such file."""
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as reply:  # noqa: S310 - our own URL
            content: bytes = reply.read()
            return content
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == HTTPStatus.NOT_FOUND:
            return None
        raise BuildError(f"{address} answers {error.code}.") from None
    except OSError as error:
        raise BuildError(f"{address} can't be reached: {error}") from None
