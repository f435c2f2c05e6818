"""A real TUF repository, made by the command that publishes releases, behind a real HTTP server."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata

from seam_portal_desktop.adapters.updates.tuf_updates import UpdatePlace
from tests.support.http_server import Exchange, Reply, ScriptedServer, answer

ROOT = Path(__file__).parents[2]
COMMAND = ROOT / "packaging" / "common" / "release_metadata.py"
KIND = "linux-x86_64-tarball"
INSTALLER = "seam-portal-desktop-0.1.0-linux-x86_64.tar.xz"
CONTENT = b"what would be installed\n" * 1000


class UpdateRepository:
    """One release of version 0.1.0, published in `folder`.

    `instead` maps a path to the answer that `server` gives instead of the file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "repository"
        self.keys = folder / "keys"
        self.shipped = folder / "shipped"
        self.instead: dict[str, Reply] = {}
        self.server = ScriptedServer(default=self._serve)
        dist = folder / "dist"
        dist.mkdir(parents=True)
        (dist / INSTALLER).write_bytes(CONTENT)
        (dist / "SHA256SUMS").write_text("not an installer")
        self.run("init", "--url", self.server.url, "--keys", self.keys, "--out", self.shipped)
        self.publish()

    @property
    def place(self) -> UpdatePlace:
        place = UpdatePlace.shipped(self.shipped)
        assert place is not None
        return place

    def publish(self) -> None:
        root = ("--root", self.shipped / "root.json")
        self.run("publish", *self._where(), "--channel", "stable", *root, self.folder / "dist")

    def refresh(self) -> None:
        self.run("refresh", *self._where())

    def renew_root(self) -> None:
        """Replace the root, so that a client with the first root has an old one."""
        out = self.folder / "newer"
        out.mkdir(exist_ok=True)
        self.run("renew-root", *self._where(), "--keys", self.keys, "--out", out)

    def run(self, *arguments: object) -> None:
        keys = {
            f"UPDATE_{role.upper()}_KEY": (self.keys / f"{role}.pem").read_text()
            for role in ("targets", "snapshot", "timestamp")
            if self.keys.exists()
        }
        done = subprocess.run(
            [sys.executable, str(COMMAND), *map(str, arguments)],
            env=os.environ | keys,
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr

    def sign_again(
        self, name: str, *, expires: datetime | None = None, key: Ed25519PrivateKey | None = None
    ) -> None:
        """Sign `name` (such as 1.targets or timestamp) once more, with its own key or another."""
        path = self.repository / "metadata" / f"{name}.json"
        role = name.rpartition(".")[2]
        metadata = Metadata.from_file(str(path))
        if expires is not None:
            metadata.signed.expires = expires
        pem = (self.keys / f"{role}.pem").read_bytes()
        metadata.sign(CryptoSigner(key or load_pem_private_key(pem, None)))
        metadata.to_file(str(path))

    def target(self, name: str) -> Path:
        """The published file."""
        (path,) = (self.repository / "targets").rglob(f"*.{name}")
        return path

    def address_of(self, path: Path) -> str:
        return f"/{path.relative_to(self.repository).as_posix()}"

    def _where(self) -> tuple[object, ...]:
        return ("--repository", self.repository)

    def _serve(self, exchange: Exchange) -> None:
        path = exchange.request.path
        if path in self.instead:
            self.instead[path](exchange)
            return
        file = self.repository / path.lstrip("/")
        if file.is_file():
            answer(file.read_bytes(), content_type="application/octet-stream")(exchange)
        else:
            answer(b"<html>not found</html>", status=404, content_type="text/html")(exchange)
