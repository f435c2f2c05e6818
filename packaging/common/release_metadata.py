"""Publish installers as signed updates (a TUF repository). Runs in the build's environment.

Once, on a machine that stays offline afterwards:

    release_metadata.py init --url https://updates.example/ --keys DIR

creates the four keys in DIR, and resources/updates/ (root.json, source.json). Commit the latter: a
program that is built with them looks for its updates there. Keep the root key offline. The other
three are the secrets UPDATE_TARGETS_KEY, UPDATE_SNAPSHOT_KEY and UPDATE_TIMESTAMP_KEY.

For each release, with these secrets in the environment:

    release_metadata.py publish --repository DIR --channel stable dist/

adds the installers of dist/ to the repository in DIR, which the server then has to serve at the
URL. DIR must have the metadata that was published last, because its versions are continued:

    release_metadata.py fetch --repository DIR --url https://updates.example

downloads it (ci/publish_updates.py does both for a release).

Every two weeks at least, because programs refuse older information:

    release_metadata.py refresh --repository DIR

Every year, and after a key other than root's was lost and replaced in the folder of keys:

    release_metadata.py renew-root --repository DIR --keys DIR

and then `publish` or `refresh`, with the new keys in the environment.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from common import project, published_updates
from common.project import BuildError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

ROLES = ("root", "targets", "snapshot", "timestamp")
SHIPPED = project.ROOT / "resources" / "updates"
CHANNELS = ("stable", "beta")
# How many days programs accept a signature.
_VALID = {"root": 3 * 365, "targets": 365, "snapshot": 14, "timestamp": 14}
# The end of an installer's name -> its system and its kind (Installation in domain/release.py).
_KINDS = {
    ".tar.xz": ("linux", "tarball"),
    ".AppImage": ("linux", "appimage"),
    ".exe": ("windows", "installer"),
    ".dmg": ("macos", "dmg"),
}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def init(url: str, keys: Path, out: Path) -> None:
    """Create the keys, and the files that are shipped with the program."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for role in ROLES:
        descriptor = os.open(keys / f"{role}.pem", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            key = Ed25519PrivateKey.generate()
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    root = Metadata(Root(consistent_snapshot=True))
    _sign_root(root, keys)
    out.mkdir(parents=True, exist_ok=True)
    root.to_file(str(out / "root.json"))
    _write_json(out / "source.json", {"url": url.rstrip("/")})


def publish(repository: Path, channel: str, dist: Path, root: Path) -> None:
    """Add a release to a channel."""
    signers = _signers()
    metadata = repository / "metadata"
    metadata.mkdir(parents=True, exist_ok=True)
    if not list(metadata.glob("*.root.json")):
        shutil.copyfile(root, metadata / "1.root.json")
    targets = _newest(repository, "targets", Targets())
    files = {}
    for installer in sorted(dist.iterdir()):
        kind = _kind(installer.name)
        if kind is not None:
            files[kind] = installer.name
            _add(repository, targets.signed, installer.name, installer.read_bytes())
    if not files:
        raise BuildError(f"There is no installer in {dist}.")
    release = project.releases()[0]
    offer = {
        "version": release.version,
        "released_at": str(release.date or project.build_date().date()),
        "notes": list(release.points),
        "files": files,
    }
    content = json.dumps(offer, indent=1, ensure_ascii=False).encode()
    _add(repository, targets.signed, f"channels/{channel}.json", content)
    _save(repository, targets, "targets", signers)
    _write_snapshot(repository, targets.signed.version, signers)


def refresh(repository: Path) -> None:
    """Sign again what was published last."""
    signers = _signers()
    targets = _newest(repository, "targets", None)
    _write_snapshot(repository, targets.signed.version, signers)


def renew_root(repository: Path, keys: Path, out: Path) -> None:
    """Sign the keys of the files in `keys` again, and add the new root to the repository."""
    root: Metadata[Root] = _newest(repository, "root", None)
    before = Metadata[Root].from_bytes(root.to_bytes())
    for role in ROLES:
        for keyid in list(root.signed.roles[role].keyids):
            root.signed.revoke_key(keyid, role)
    root.signed.version += 1
    _sign_root(root, keys)
    try:
        before.signed.verify_delegate("root", root.signed_bytes, root.signatures)
    except UnsignedMetadataError:
        raise BuildError("No program would accept this root key: it isn't the old one.") from None
    path = repository / "metadata" / f"{root.signed.version}.root.json"
    root.to_file(str(path))
    shutil.copyfile(path, out / "root.json")


def _sign_root(root: Metadata[Root], keys: Path) -> None:
    signers = {role: _signer((keys / f"{role}.pem").read_bytes()) for role in ROLES}
    for role, signer in signers.items():
        root.signed.add_key(signer.public_key, role)
    root.signed.expires = _expiry("root")
    root.sign(signers["root"])


def _signers() -> dict[str, CryptoSigner]:
    signers = {}
    for role in ROLES[1:]:
        name = f"UPDATE_{role.upper()}_KEY"
        if not os.environ.get(name):
            raise BuildError(f"Set {name} to the text of {role}.pem.")
        signers[role] = _signer(os.environ[name].encode())
    return signers


def _signer(pem: bytes) -> CryptoSigner:
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, Ed25519PrivateKey), "the keys are Ed25519"
    return CryptoSigner(key)


def _newest(repository: Path, role: str, first: Targets | Snapshot | None) -> Metadata:
    """The role's metadata that was published last, or `first` with version 0."""
    found = {
        int(path.name.partition(".")[0]): path
        for path in (repository / "metadata").glob(f"*.{role}.json")
    }
    if found:
        return Metadata.from_file(str(found[max(found)]))
    if first is None:
        raise BuildError(f"{repository} holds no {role}: publish something first.")
    return _unpublished(first)


def _unpublished(first: Targets | Snapshot | Timestamp) -> Metadata:
    first.version = 0  # `_save` adds 1
    return Metadata(first)


def _add(repository: Path, targets: Targets, path: str, content: bytes) -> None:
    """Add a file under the name that programs ask for: its hash and its own name."""
    target = TargetFile.from_data(path, content, ["sha256"])
    folder, _, name = path.rpartition("/")
    file = repository / "targets" / folder / f"{target.hashes['sha256']}.{name}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    targets.targets[path] = target


def _write_snapshot(repository: Path, targets: int, signers: dict[str, CryptoSigner]) -> None:
    snapshot = _newest(repository, "snapshot", Snapshot())
    snapshot.signed.meta["targets.json"] = MetaFile(targets)
    _save(repository, snapshot, "snapshot", signers)
    known = repository / "metadata" / "timestamp.json"
    timestamp = Metadata.from_file(str(known)) if known.exists() else _unpublished(Timestamp())
    timestamp.signed.snapshot_meta = MetaFile(snapshot.signed.version)
    _save(repository, timestamp, "timestamp", signers)


def _save(
    repository: Path, metadata: Metadata, role: str, signers: dict[str, CryptoSigner]
) -> None:
    metadata.signed.version += 1
    metadata.signed.expires = _expiry(role)
    metadata.sign(signers[role])
    name = "timestamp.json" if role == "timestamp" else f"{metadata.signed.version}.{role}.json"
    metadata.to_file(str(repository / "metadata" / name))


def _expiry(role: str) -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=_VALID[role])


def _kind(name: str) -> str | None:
    """The key by which a program finds its installer; None if the file isn't an installer."""
    for suffix, (system, kind) in _KINDS.items():
        if name.endswith(suffix):
            match = re.search(r"x86_64|amd64|aarch64|arm64", name)
            if match is None:
                raise BuildError(f"{name} has no processor such as x86_64 in its name.")
            return f"{system}-{_MACHINES.get(match[0], match[0])}-{kind}"
    return None


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Publish signed updates.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("init", help="create the keys and the shipped files")
    command.add_argument("--url", required=True)
    command.add_argument("--keys", type=Path, required=True)
    command.add_argument("--out", type=Path, default=SHIPPED)
    command = commands.add_parser("publish", help="add a release to a channel")
    command.add_argument("--repository", type=Path, required=True)
    command.add_argument("--channel", choices=CHANNELS, required=True)
    command.add_argument("--root", type=Path, default=SHIPPED / "root.json")
    command.add_argument("dist", type=Path)
    command = commands.add_parser("fetch", help="download what was published last")
    command.add_argument("--repository", type=Path, required=True)
    command.add_argument("--url", required=True)
    command.add_argument("--root", type=Path, default=SHIPPED / "root.json")
    command = commands.add_parser("refresh", help="sign again what was published last")
    command.add_argument("--repository", type=Path, required=True)
    command = commands.add_parser("renew-root", help="sign the keys again")
    command.add_argument("--repository", type=Path, required=True)
    command.add_argument("--keys", type=Path, required=True)
    command.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    try:
        match options.command:
            case "init":
                init(options.url, options.keys, options.out)
            case "publish":
                publish(options.repository, options.channel, options.dist, options.root)
            case "fetch":
                published_updates.fetch(options.url, options.root, options.repository)
            case "refresh":
                refresh(options.repository)
            case "renew-root":
                renew_root(options.repository, options.keys, options.out)
    except (BuildError, OSError) as error:
        print(f"release_metadata.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
