"""Preferences survive damage, and the last save wins."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "data" / "preferences.json"


def connection(number: int = 1) -> WorkspaceConnection:
    return WorkspaceConnection(
        connection_id=f"connection-{number}",
        label="فندق 🏨",
        endpoint="https://connect.getseam.com",
        credential_kind=CredentialKind.API_KEY,
        workspace=Workspace(f"workspace-{number}", "Acme Stays", "Acme", is_sandbox=number == 1),
    )


def data() -> PreferencesData:
    return PreferencesData(
        connections=[connection(1), connection(2)],
        current_connection_id="connection-2",
        window={"geometry": "AAEC"},
        options={"software_rendering": True, "nested": {"a": [1, None]}},
    )


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("preferences.json.broken-*"))


async def test_what_is_saved_comes_back(path):
    preferences = JsonPreferences(path)
    assert preferences.load() == PreferencesData()
    await preferences.save(data())
    assert JsonPreferences(path).load() == data()
    assert preferences.notice is None
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
async def test_only_the_owner_can_read_it(path):
    before = os.umask(0)
    try:
        await JsonPreferences(path).save(data())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"version": 2}',
        b'{"version": "1"}',
        b"[" * 100_000,
    ],
)
async def test_an_unreadable_file_is_set_aside(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    preferences = JsonPreferences(path)
    assert preferences.load() == PreferencesData()
    (kept,) = set_aside(path)
    assert kept.read_bytes() == content
    assert kept.name in preferences.notice
    await preferences.save(data())
    assert preferences.load() == data()
    assert preferences.notice is None


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.pop("label"),
        lambda entry: entry.update(label=7),
        lambda entry: entry.update(workspace="x"),
        lambda entry: entry.update(credential_kind="password"),
        lambda entry: entry.update(endpoint="http://elsewhere.example"),
        lambda entry: entry["workspace"].update(is_sandbox="yes"),
        lambda entry: entry["workspace"].pop("name"),
    ],
)
async def test_one_bad_connection_does_not_lose_the_others(path, change):
    await JsonPreferences(path).save(data())
    root = json.loads(path.read_text("utf-8"))
    change(root["connections"][1])
    content = json.dumps(root)
    path.write_text(content, "utf-8")

    preferences = JsonPreferences(path)
    loaded = preferences.load()
    assert loaded.connections == [connection(1)]
    assert loaded.current_connection_id is None, "the current one was the bad one"
    assert loaded.window == data().window
    assert "1 of the connected workspaces" in preferences.notice
    (kept,) = set_aside(path)
    assert kept.read_text("utf-8") == content
    assert path.read_text("utf-8") == content, "and the file stays until the next save"


async def test_odd_parts_fall_back_to_defaults(path):
    path.parent.mkdir()
    odd = {"version": 1, "connections": {}, "window": {"a": 1, "b": "x"}, "options": []}
    path.write_text(json.dumps(odd), "utf-8")
    assert JsonPreferences(path).load() == PreferencesData(window={"b": "x"})


async def test_the_last_save_wins_also_when_earlier_ones_are_cancelled(path):
    preferences = JsonPreferences(path)
    tasks = [
        asyncio.ensure_future(preferences.save(PreferencesData(options={"number": number})))
        for number in range(20)
    ]
    await asyncio.sleep(0)
    for task in tasks[:-1:2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert preferences.load().options == {"number": 19}


async def test_changing_the_data_while_it_is_saved_changes_nothing(path):
    changing = data()
    task = asyncio.ensure_future(JsonPreferences(path).save(changing))
    await asyncio.sleep(0)
    changing.options.clear()
    await task
    assert JsonPreferences(path).load() == data()


async def test_a_failed_save_leaves_the_old_file(path, monkeypatch):
    preferences = JsonPreferences(path)
    await preferences.save(data())

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserFacingError, match="disk is full") as caught:
        await preferences.save(PreferencesData())
    assert caught.value.can_retry
    assert caught.value.__context__ is None
    monkeypatch.undo()
    assert preferences.load() == data()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_a_file_instead_of_the_folder(tmp_path):
    (tmp_path / "data").write_text("in the way")
    preferences = JsonPreferences(tmp_path / "data" / "preferences.json")
    assert preferences.load() == PreferencesData()
    with pytest.raises(UserFacingError, match="could not be saved"):
        await preferences.save(data())
