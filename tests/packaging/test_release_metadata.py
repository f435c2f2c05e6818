"""The command that publishes updates, and what it refuses. tests/adapters/updates/
test_tuf_updates.py checks what it publishes."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.http_server import answer
from tests.support.update_repository import COMMAND, CONTENT, INSTALLER, UpdateRepository

from ci import publish_updates  # isort: skip
from common import signing  # isort: skip


def run(*arguments: object, **keys: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UPDATE_")}
    return subprocess.run(
        [sys.executable, str(COMMAND), *map(str, arguments)],
        env=kept | keys,
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def repository(tmp_path):
    repository = UpdateRepository(tmp_path)
    repository.server.stop()
    return repository


def keys_of(repository: UpdateRepository) -> dict[str, str]:
    return {
        f"UPDATE_{role.upper()}_KEY": (repository.keys / f"{role}.pem").read_text()
        for role in ("targets", "snapshot", "timestamp")
    }


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_only_the_owner_can_read_the_keys_and_nothing_replaces_them(repository):
    for file in repository.keys.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = (repository.keys / "root.pem").read_bytes()
    again = run(
        "init", "--url", "https://a.example", "--keys", repository.keys, "--out", "/nowhere"
    )
    assert again.returncode == 1
    assert "File exists" in again.stderr
    assert (repository.keys / "root.pem").read_bytes() == before


def test_nothing_is_signed_without_keys(repository):
    done = run("refresh", "--repository", repository.repository)
    assert done.returncode == 1
    assert "Set UPDATE_TARGETS_KEY" in done.stderr


@pytest.mark.parametrize(
    ("name", "error"),
    [("SHA256SUMS", "There is no installer"), ("program-1.0.exe", "has no processor")],
)
def test_a_file_that_is_no_installer_is_not_published(repository, tmp_path, name, error):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / name).write_text("x")
    where = ("--repository", repository.repository, "--root", repository.shipped / "root.json")
    done = run("publish", *where, "--channel", "stable", folder, **keys_of(repository))
    assert done.returncode == 1
    assert error in done.stderr


def test_another_root_key_is_refused(repository, tmp_path):
    other = tmp_path / "other keys"
    run("init", "--url", "https://a.example", "--keys", other, "--out", tmp_path / "unused")
    done = run("renew-root", "--repository", repository.repository, "--keys", other)
    assert done.returncode == 1
    assert "No program would accept this root key" in done.stderr
    assert not list(Path(repository.repository).rglob("2.root.json"))


def test_an_empty_repository_has_nothing_to_refresh(repository, tmp_path):
    done = run("refresh", "--repository", tmp_path / "empty", **keys_of(repository))
    assert done.returncode == 1
    assert "publish something first" in done.stderr


def test_versions_are_continued(repository):
    repository.publish()
    repository.refresh()
    names = {file.name for file in (repository.repository / "metadata").iterdir()}
    assert {"2.targets.json", "3.snapshot.json", "timestamp.json", "1.root.json"} <= names
    assert repository.target(INSTALLER).exists()


@pytest.fixture
def served(tmp_path):
    """A published repository, with its server."""
    repository = UpdateRepository(tmp_path)
    with repository.server:
        yield repository


def fetch(served: UpdateRepository, target: Path) -> subprocess.CompletedProcess[str]:
    where = ("--repository", target, "--url", served.server.url)
    return run("fetch", *where, "--root", served.shipped / "root.json")


def metadata_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "metadata").iterdir()}


def test_what_was_published_last_is_continued(served, tmp_path):
    served.refresh()
    served.renew_root()
    served.sign_again("timestamp", expires=datetime(2020, 1, 1, tzinfo=UTC))
    target = tmp_path / "fetched"
    done = fetch(served, target)
    assert done.returncode == 0, done.stderr
    published = metadata_of(served.repository)
    newest = {"1.root.json", "2.root.json", "timestamp.json", "2.snapshot.json", "1.targets.json"}
    assert metadata_of(target) == {name: published[name] for name in newest}
    where = ("--repository", target, "--root", served.shipped / "root.json")
    done = run("publish", *where, "--channel", "beta", served.folder / "dist", **keys_of(served))
    assert done.returncode == 0, done.stderr
    signed = json.loads(metadata_of(target)["2.targets.json"])["signed"]
    assert {"channels/stable.json", "channels/beta.json"} <= set(signed["targets"])


@pytest.mark.parametrize("name", ["1.targets", "1.snapshot", "timestamp"])
def test_what_someone_else_signed_is_not_signed_again(served, tmp_path, name):
    served.sign_again(name, key=Ed25519PrivateKey.generate())
    done = fetch(served, tmp_path / "fetched")
    assert done.returncode == 1
    assert "is not what we published" in done.stderr
    assert not (tmp_path / "fetched").exists()


def test_before_the_first_release_nothing_is_fetched(served, tmp_path):
    shutil.rmtree(served.repository / "metadata")
    done = fetch(served, tmp_path / "fetched")
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "fetched").rglob("*.json"))


def test_a_failing_server_is_not_an_empty_one(served, tmp_path):
    served.instead["/metadata/timestamp.json"] = answer(b"", status=503)
    done = fetch(served, tmp_path / "fetched")
    assert done.returncode == 1
    assert "answers 503" in done.stderr


def test_a_release_is_published_in_both_channels(served, tmp_path, monkeypatch):
    """Like the workflow does it, from the files of the build machines."""
    machine = tmp_path / "machines" / "linux-x86_64"
    machine.mkdir(parents=True)
    (machine / INSTALLER).write_bytes(CONTENT)
    signing.write_checksums([machine / INSTALLER])
    monkeypatch.setattr(publish_updates, "SHIPPED", served.shipped)
    monkeypatch.setattr(publish_updates, "make_environment", lambda: Path(sys.executable))
    for name, key in keys_of(served).items():
        monkeypatch.setenv(name, key)
    publish_updates.main(machine.parent)
    updates = tmp_path / "updates"
    signed = json.loads(metadata_of(updates)["3.targets.json"])["signed"]
    assert set(signed["targets"]) == {INSTALLER, "channels/stable.json", "channels/beta.json"}
    assert [path.read_bytes() for path in updates.rglob(f"*.{INSTALLER}")] == [CONTENT]
