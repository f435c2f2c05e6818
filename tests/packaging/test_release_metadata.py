"""The command that publishes updates, where it has to refuse. What it makes is tried by clients in
tests/adapters/test_tuf_updates.py."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.update_repository import COMMAND, INSTALLER, UpdateRepository


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
def test_keys_are_their_owners_alone_and_never_replaced(repository):
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
    ("name", "says"),
    [("SHA256SUMS", "There is no installer"), ("program-1.0.exe", "names no machine")],
)
def test_what_is_no_installer_is_not_published(repository, tmp_path, name, says):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / name).write_text("x")
    where = ("--repository", repository.repository, "--root", repository.shipped / "root.json")
    done = run("publish", *where, "--channel", "stable", folder, **keys_of(repository))
    assert done.returncode == 1
    assert says in done.stderr


def test_another_root_key_is_refused(repository, tmp_path):
    other = tmp_path / "other keys"
    run("init", "--url", "https://a.example", "--keys", other, "--out", tmp_path / "unused")
    done = run("renew-root", "--repository", repository.repository, "--keys", other)
    assert done.returncode == 1
    assert "No program would believe this root key" in done.stderr
    assert not list(Path(repository.repository).rglob("2.root.json"))


def test_an_empty_repository_has_nothing_to_refresh(repository, tmp_path):
    done = run("refresh", "--repository", tmp_path / "empty", **keys_of(repository))
    assert done.returncode == 1
    assert "publish something first" in done.stderr


def test_versions_are_counted_on(repository):
    repository.publish()
    repository.refresh()
    names = {file.name for file in (repository.repository / "metadata").iterdir()}
    assert {"2.targets.json", "3.snapshot.json", "timestamp.json", "1.root.json"} <= names
    assert repository.target(INSTALLER).exists()
